"""What an operator does with a single command: end it, or let it be tried again now."""

from streams.domain import events as e
from streams.domain.inputs import CancelCommand, RetryCommand
from streams.domain.state import Life, OpenCommand, TaskState
from streams.domain.values import DecisionOutcome
from streams.phases.decision import Decision
from streams.rules import people, routing


def cancel_command(d: Decision, wanted: CancelCommand) -> None:
    """End one command as if its last attempt had failed; of a one-step task, end the task."""
    command = d.state.commands.get(wanted.command_id)
    if command is None:
        ended = d.state.finished.get(wanted.command_id)
        if ended is None or ended.attempt:  # else it was cancelled already
            _refuse(d, wanted, "there is no such open command")
    elif command.has_effect:
        _refuse(d, wanted, _in_doubt(command))
    elif d.state.dispatched is not None:
        people.stop(d, wanted.reason)
    else:
        reason = f"cancelled by {d.by}" + (f": {wanted.reason}" if wanted.reason else "")
        d.emit(e.CommandCancelled(command_id=wanted.command_id, reason=reason))
        routing.go(d, routing.module(d.state, command.issued.phase).failed(d, command, reason))


def retry_command(d: Decision, wanted: RetryCommand) -> None:
    """Begin the next attempt without a pause, or try a task again that this command ended."""
    command = d.state.commands.get(wanted.command_id)
    if command is not None and command.retry_at is not None:
        d.issue_again(command)
    elif command is not None:
        _refuse(d, wanted, _why_not_now(command))
    elif _has_ended_task(d.state, wanted.command_id):
        people.try_again(d)
    else:
        reason = "it is not waiting for another attempt, and no failed task ended with it"
        _refuse(d, wanted, reason)


def _has_ended_task(state: TaskState, command_id: str) -> bool:
    """Whether it has no result in the phase in which its task has failed."""
    ended = state.finished.get(command_id)
    has_failed = state.life is Life.CLOSED and state.outcome is DecisionOutcome.FAILED
    lost = ended.lost if ended else None
    return has_failed and lost is not None and lost.issued.phase is state.failed_phase


def _why_not_now(command: OpenCommand) -> str:
    if command.has_effect:
        return _in_doubt(command)
    if command.is_parked:
        return "it waits for a human's yes to its cost: answer the question about it"
    if command.runner is not None:
        return f"{command.runner!r} works on attempt {command.issued.attempt}"
    return f"attempt {command.issued.attempt} waits for a runner already"


def _in_doubt(command: OpenCommand) -> str:
    if command.grant is not None:
        return f"its effect is under way: {command.grant.runner!r} was let through"
    if command.is_doubtful and not command.is_uncertain:
        return "an earlier attempt may have done it: the next one will show"
    return "nobody knows whether its effect has happened: answer the question about it"


def _refuse(d: Decision, wanted: CancelCommand | RetryCommand, reason: str) -> None:
    is_over = d.state.life is Life.CLOSED
    d.refuse(wanted.type, "closed" if is_over else "conflict", reason, subject=wanted.command_id)

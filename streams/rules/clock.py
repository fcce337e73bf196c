"""What happens when a moment has come that the task waited for."""

from typing import assert_never

from streams.domain import events as e
from streams.domain.inputs import ReportFailure, TimerFired
from streams.domain.state import OpenCommand
from streams.domain.values import ExecutionPhase, Permission
from streams.domain.waiting import Wait, WaitKind, waits
from streams.phases import costs, one_step
from streams.phases.decision import Decision
from streams.rules import ledger, queue, routing

CLOCK = "clock"


def timer_fired(d: Decision, timer: TimerFired) -> None:
    """End the wait that the timer belongs to; a timer of something already over changes nothing."""
    wait = next((w for w in waits(d.state) if w.timer_id == timer.timer_id), None)
    if wait is None or wait.until > d.at:
        return
    match wait.kind:
        case WaitKind.RETRY:
            d.issue_again(d.state.commands[wait.subject])
        case WaitKind.CLAIM:
            _attempt_failed(d, timer, wait, f"nobody of {wait.whom} took it in time")
        case WaitKind.LEASE:
            _attempt_failed(d, timer, wait, f"the lease of {wait.whom!r} ended without a result")
        case WaitKind.GRANT:
            _grant_ended(d, timer, wait, d.state.commands[wait.subject])
        case WaitKind.QUESTION:
            _question_ended(d, timer, wait)
        case WaitKind.APPROVAL:
            _cancel(d, "nobody decided in time")
        case WaitKind.DEADLINE:
            _deadline_passed(d)
        case WaitKind.LEDGER:
            ledger.timer_fired(d)
        case _:  # pragma: no cover - a type error when a kind is forgotten
            assert_never(wait.kind)


def _attempt_failed(
    d: Decision, timer: TimerFired, wait: Wait, reason: str, *, is_uncertain: bool = False
) -> None:
    failure = ReportFailure(
        input_id=timer.input_id,
        task_id=timer.task_id,
        at=timer.at,
        salt=timer.salt,
        command_id=wait.subject,
        runner=CLOCK,
        reason=reason,
        is_uncertain=is_uncertain,
    )
    routing.attempt_failed(d, d.state.commands[wait.subject], failure)


def _grant_ended(d: Decision, timer: TimerFired, wait: Wait, command: OpenCommand) -> None:
    if routing.may_repeat_effect(d.state, command):
        reason = f"{wait.whom!r} did not answer; the platform refuses a second one by its key"
        _attempt_failed(d, timer, wait, reason, is_uncertain=True)
    else:
        reason = f"{wait.whom!r} was let through at the door and did not report back"
        d.doubt(command, reason)


def _question_ended(d: Decision, timer: TimerFired, wait: Wait) -> None:
    asked = d.state.questions[wait.subject]
    if asked.cost_of is not None:
        late = costs.not_allowed(d.state, asked.estimate)
        d.emit(e.QuestionAnswered(question_id=wait.subject, answer=Permission.DENY, by=CLOCK))
        queue.give_up(d, timer, asked.cost_of, late, runner=CLOCK)
        return
    if asked.command_id is None:
        _cancel(d, "nobody answered in time")
        return
    d.emit(e.QuestionAnswered(question_id=wait.subject, answer="unknown", by=CLOCK))
    command = d.state.commands[asked.command_id]
    reason = "it stays uncertain whether it went out: nobody answered in time"
    d.emit(
        e.CommandFailed(
            command_id=asked.command_id, attempt=command.issued.attempt, runner=CLOCK, reason=reason
        )
    )
    if d.state.is_stopping:
        routing.wind_down(d)
    else:
        routing.go(d, routing.module(d.state, command.issued.phase).failed(d, command, reason))


def _deadline_passed(d: Decision) -> None:
    reason = "the deadline has passed"
    if d.state.dispatched is not None:
        d.cancel_commands(reason)
        one_step.give_up(d, reason)
    else:
        routing.go(d, d.fail(d.state.phase or ExecutionPhase.PLANNING, reason))


def _cancel(d: Decision, reason: str) -> None:
    d.emit(e.CancellationRequested(by=CLOCK, reason=reason))
    d.cancel_commands(reason)
    routing.wind_down(d)

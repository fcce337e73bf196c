"""The command queue: results, failures, claims, and the door before effects that cannot be taken
back.
"""

from typing import Literal

from pydantic_core import to_json

from streams.domain import events as e
from streams.domain.budget import BudgetNeed
from streams.domain.inputs import (
    AnswerQuestion,
    ClaimCommand,
    ReportFailure,
    ReportResult,
    RequestEffect,
    TimerFired,
)
from streams.domain.state import Finished, OpenCommand
from streams.phases import costs
from streams.phases.decision import Decision
from streams.phases.results import InvalidResult, read
from streams.rules import routing

MAX_PROGRESS = 64 * 1024  # bytes of JSON


def report_result(d: Decision, report: ReportResult) -> None:
    """Accept a result once; a repeat changes nothing, a result of a lost lease is refused and
    remembered.
    """
    command = _acceptable(d, report)
    if command is None:
        return
    try:
        result = read(command.issued.kind, report.output)
    except InvalidResult as error:
        _unreadable(d, command, report, str(error))
        return
    if command.is_uncertain:
        _resolve_doubt(d, command, "done", report.runner)
    routing.complete(d, command, report, result)


def report_failure(d: Decision, report: ReportFailure) -> None:
    """Count a failed attempt; where an effect may have happened, ask a human."""
    command = _acceptable(d, report)
    if command is None:
        return
    if report.progress and len(to_json(report.progress)) > MAX_PROGRESS:
        # Without it nobody knows what a second attempt would do again.
        reason = f"{report.reason} (what was done is longer than {MAX_PROGRESS} bytes and not kept)"
        unread = {"reason": reason, "progress": {}, "is_uncertain": True}
        report = report.model_copy(update=unread)
    _count_failure(d, command, report)


def claim(d: Decision, wanted: ClaimCommand) -> None:
    """Give the command to one runner for a time, or give the same runner more time."""
    command = d.state.commands.get(wanted.command_id)
    if (
        command is None
        or command.retry_at is not None
        or command.is_uncertain
        or command.is_parked
        or d.state.is_stopping
    ):
        _refuse_claim(d, wanted, "the command is not waiting for a runner")
    elif command.runner is None:
        until = d.at + wanted.lease
        d.emit(
            e.CommandClaimed(
                command_id=wanted.command_id,
                attempt=command.issued.attempt,
                runner=wanted.runner,
                lease_until=until,
            )
        )
    elif command.runner == wanted.runner and command.grant is None:
        until = d.at + wanted.lease
        if command.lease_until is None or until > command.lease_until:
            d.emit(
                e.LeaseExtended(
                    command_id=wanted.command_id, runner=wanted.runner, lease_until=until
                )
            )
    elif command.runner != wanted.runner:
        _refuse_claim(d, wanted, f"the command is held by {command.runner!r}")


def request_effect(d: Decision, wanted: RequestEffect) -> None:
    """Let exactly one runner act, once in an attempt, before a moment."""
    command = d.state.commands.get(wanted.command_id)
    if command is None or command.is_uncertain or command.retry_at is not None:
        reason = "the command is not open"
    elif command.is_parked:
        reason = "the command waits for a human's yes to its cost"
    elif command.issued.is_repeatable:
        reason = "the command may be repeated: it can be done without asking"
    elif wanted.attempt != command.issued.attempt:
        reason = f"attempt {command.issued.attempt} is the current one"
    elif command.grant is not None:
        if command.grant.runner == wanted.runner:
            return  # asked again by the runner that may act already
        reason = f"{command.grant.runner!r} was let through"
    elif command.runner not in (None, wanted.runner):
        reason = f"the command is held by {command.runner!r}"
    else:
        d.emit(
            e.EffectGranted(
                command_id=wanted.command_id,
                attempt=wanted.attempt,
                runner=wanted.runner,
                key=wanted.command_id,
                is_key_enforced=wanted.is_key_enforced,
                expires_at=d.at + d.state.settings.grant_time,
            )
        )
        return
    subject = f"{wanted.command_id} attempt {wanted.attempt}"
    d.refuse(wanted.type, "conflict", reason, subject=subject, by=wanted.runner)


def _acceptable(d: Decision, report: ReportResult | ReportFailure) -> OpenCommand | None:
    """The open command that the report is about, if it counts; else the refusal is recorded."""
    command = d.state.commands.get(report.command_id)
    subject = f"{report.command_id} attempt {report.attempt}"
    if command is None:
        if not _is_repeat(d.state.finished.get(report.command_id), report):
            reason = "there is no such open command"
            d.refuse(report.type, "lost_lease", reason, subject=subject, by=report.runner)
        return None
    issued, is_result = command.issued, isinstance(report, ReportResult)
    attempt = issued.attempt if report.attempt is None else report.attempt
    if is_result and command.granted and command.was_let_through(report.runner, report.attempt):
        return command  # a receipt says what has happened, however late it is
    if attempt > issued.attempt:
        reason = f"attempt {issued.attempt} is the current one"
    elif command.runner is not None and (
        command.runner != report.runner or attempt != issued.attempt
    ):
        reason = f"the lease was lost: {command.runner!r} holds attempt {issued.attempt}"
    elif not is_result and attempt != issued.attempt:
        return None  # that attempt is known to have failed
    elif is_result and not issued.is_repeatable:
        reason = "nobody was let through the door: ask with RequestEffect before acting"
    else:
        return command
    d.refuse(report.type, "lost_lease", reason, subject=subject, by=report.runner)
    return None


def _is_repeat(ended: Finished | None, report: ReportResult | ReportFailure) -> bool:
    """Whether it is the report, once more, that the command ended with."""
    if ended is None or ended.runner != report.runner:
        return False
    return report.attempt in (None, ended.attempt)


def _unreadable(d: Decision, command: OpenCommand, report: ReportResult, reason: str) -> None:
    """An answer of the wrong shape is a failed attempt; after the door, something has happened."""
    is_held = command.runner not in (None, report.runner)
    if is_held or report.attempt not in (None, command.issued.attempt):
        return  # that attempt is known to have failed
    failure = report.model_dump(exclude={"type", "output"}) | {"reason": reason}
    _count_failure(d, command, ReportFailure(**failure, is_uncertain=True))


def _count_failure(d: Decision, command: OpenCommand, failure: ReportFailure) -> None:
    if command.retry_at is not None or command.is_parked:
        return  # it has been counted
    if command.is_uncertain:
        if _is_sure(command, failure):
            _resolve_doubt(d, command, "not done", failure.runner)
            routing.attempt_failed(d, d.state.commands[failure.command_id], failure)
        return
    need = failure.budget
    if need is not None and need.action == "ask" and not d.state.is_stopping:
        _ask_for_money(d, command, failure, need)
        return
    is_in_doubt = command.grant is not None and failure.is_uncertain
    if is_in_doubt and not routing.may_repeat_effect(d.state, command):
        d.doubt(command, failure.reason, failure.progress)
    else:
        routing.attempt_failed(d, command, failure)


def _ask_for_money(
    d: Decision, command: OpenCommand, failure: ReportFailure, need: BudgetNeed
) -> None:
    """The command waits until a human has said yes or no to what it may cost."""
    issued = command.issued
    d.emit(
        e.CostQuestioned(
            command_id=issued.command_id,
            attempt=issued.attempt,
            runner=failure.runner,
            question_id=f"cost-{issued.command_id}-{issued.attempt}",
            question=costs.question(d.state, issued, need),
            need=need,
            expires_at=d.at + d.state.settings.question_timeout,
            progress=failure.progress,
            cost=failure.cost,
            duration=failure.duration,
            usage=failure.usage,
        )
    )


def give_up(
    d: Decision, given: AnswerQuestion | TimerFired, command_id: str, reason: str, runner: str
) -> None:
    """End a command for good that is open and with nobody."""
    failure = ReportFailure(
        input_id=given.input_id,
        task_id=given.task_id,
        at=given.at,
        salt=given.salt,
        command_id=command_id,
        runner=runner,
        reason=reason,
        is_retryable=False,
    )
    routing.attempt_failed(d, d.state.commands[command_id], failure)


def _is_sure(command: OpenCommand, failure: ReportFailure) -> bool:
    """Whether the runner that was let through in this attempt, and had not been heard since, says
    late but surely that nothing happened. "Not found" by anybody else proves nothing, and of an
    earlier attempt it knows nothing.
    """
    if not command.is_unheard or command.is_doubtful or failure.is_uncertain:
        return False
    return (failure.attempt, failure.runner) == command.granted[-1]


def _resolve_doubt(
    d: Decision, command: OpenCommand, answer: Literal["done", "not done"], by: str
) -> None:
    """Its runner was heard after all: that answers the question to the human."""
    for question_id, asked in list(d.state.questions.items()):
        if asked.command_id == command.issued.command_id:
            d.emit(e.QuestionAnswered(question_id=question_id, answer=answer, by=by))


def _refuse_claim(d: Decision, wanted: ClaimCommand, reason: str) -> None:
    d.refuse(wanted.type, "conflict", reason, subject=wanted.command_id, by=wanted.runner)

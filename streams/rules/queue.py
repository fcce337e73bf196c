"""The command queue: results, failures, claims, and the door before effects that cannot be taken
back.
"""

from streams.domain import events as e
from streams.domain.inputs import ClaimCommand, ReportFailure, ReportResult, RequestEffect
from streams.domain.state import OpenCommand
from streams.phases.decision import Decision
from streams.phases.results import InvalidResult, read
from streams.rules import routing


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
        _resolve_doubt(d, command, report.runner)
    routing.complete(d, command, report, result)


def report_failure(d: Decision, report: ReportFailure) -> None:
    """Count a failed attempt; where an effect may have happened, ask a human."""
    command = _acceptable(d, report)
    if command is not None:
        _count_failure(d, command, report)


def claim(d: Decision, wanted: ClaimCommand) -> None:
    """Give the command to one runner for a time, or give the same runner more time."""
    command = d.state.commands.get(wanted.command_id)
    if (
        command is None
        or command.retry_at is not None
        or command.is_uncertain
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
        attempt, runner = d.state.finished.get(report.command_id, (0, None))
        is_repeat = runner == report.runner and report.attempt in (None, attempt)
        if not is_repeat:
            reason = "there is no such open command"
            d.refuse(report.type, "lost_lease", reason, subject=subject, by=report.runner)
        return None
    issued = command.issued
    attempt = issued.attempt if report.attempt is None else report.attempt
    if attempt > issued.attempt:
        reason = f"attempt {issued.attempt} is the current one"
    elif command.runner is not None and (
        command.runner != report.runner or attempt != issued.attempt
    ):
        reason = f"the lease was lost: {command.runner!r} holds attempt {issued.attempt}"
    elif isinstance(report, ReportFailure) and attempt != issued.attempt:
        return None  # that attempt is known to have failed
    elif isinstance(report, ReportResult) and not issued.is_repeatable and command.grant is None:
        if command.is_uncertain:
            return command
        reason = "nobody was let through the door: ask with RequestEffect before acting"
    else:
        return command
    d.refuse(report.type, "lost_lease", reason, subject=subject, by=report.runner)
    return None


def _unreadable(d: Decision, command: OpenCommand, report: ReportResult, reason: str) -> None:
    """An answer of the wrong shape is a failed attempt; after the door, something has happened."""
    if report.attempt not in (None, command.issued.attempt):
        return  # that attempt is known to have failed
    failure = report.model_dump(exclude={"type", "output"}) | {"reason": reason}
    _count_failure(d, command, ReportFailure(**failure, is_uncertain=True))


def _count_failure(d: Decision, command: OpenCommand, failure: ReportFailure) -> None:
    if command.is_uncertain or command.retry_at is not None:
        return  # it has been counted
    is_in_doubt = command.grant is not None and failure.is_uncertain
    if is_in_doubt and not routing.may_repeat_effect(d.state, command):
        routing.uncertain(d, command, failure.reason)
    else:
        routing.attempt_failed(d, command, failure)


def _resolve_doubt(d: Decision, command: OpenCommand, by: str) -> None:
    """The receipt came after all: the question to the human is answered by it."""
    for question_id, asked in list(d.state.questions.items()):
        if asked.command_id == command.issued.command_id:
            d.emit(e.QuestionAnswered(question_id=question_id, answer="done", by=by))


def _refuse_claim(d: Decision, wanted: ClaimCommand, reason: str) -> None:
    d.refuse(wanted.type, "conflict", reason, subject=wanted.command_id, by=wanted.runner)

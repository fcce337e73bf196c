"""From a phase to its module, and on to the next phase."""

from collections.abc import Mapping
from typing import Any, Protocol, cast

from streams.domain import events as e
from streams.domain.deliverable import Receipt
from streams.domain.inputs import ReportFailure, ReportResult
from streams.domain.state import OpenCommand, TaskState
from streams.domain.values import DecisionOutcome, ExecutionPhase, Json
from streams.phases import (
    approval,
    delegation,
    execution,
    formatting,
    learning,
    one_step,
    planning,
    quality_check,
    refinement,
    tool_discovery,
)
from streams.phases.decision import Decision, backoff
from streams.phases.results import InvalidResult, read


class Phase(Protocol):
    """What every phase module offers."""

    def enter(self, d: Decision) -> ExecutionPhase | None: ...
    def completed(
        self, d: Decision, command: OpenCommand, result: Any
    ) -> ExecutionPhase | None: ...
    def failed(self, d: Decision, command: OpenCommand, reason: str) -> ExecutionPhase | None: ...
    def payload(self, state: TaskState, issued: e.CommandIssued) -> Json: ...


PHASES: Mapping[ExecutionPhase, Phase] = {
    ExecutionPhase.PLANNING: cast(Phase, planning),
    ExecutionPhase.TOOL_DISCOVERY: cast(Phase, tool_discovery),
    ExecutionPhase.DELEGATION: cast(Phase, delegation),
    ExecutionPhase.EXECUTION: cast(Phase, execution),
    ExecutionPhase.QUALITY_CHECK: cast(Phase, quality_check),
    ExecutionPhase.REFINEMENT: cast(Phase, refinement),
    ExecutionPhase.FORMATTING: cast(Phase, formatting),
    ExecutionPhase.APPROVAL: cast(Phase, approval),
    ExecutionPhase.LEARNING: cast(Phase, learning),
}
ONE_STEP = cast(Phase, one_step)


def module(state: TaskState, phase: ExecutionPhase) -> Phase:
    """The module that handles a phase of this task."""
    return ONE_STEP if state.dispatched is not None else PHASES[phase]


def go(d: Decision, phase: ExecutionPhase | None) -> None:
    """Enter the phase, and those that follow at once."""
    while phase is not None:
        phase = module(d.state, phase).enter(d)


def complete(d: Decision, command: OpenCommand, report: ReportResult) -> None:
    """Accept a result, and go on with what it means; an answer of the wrong shape is a failed
    attempt.
    """
    issued = command.issued
    try:
        result = read(issued.kind, report.output)
    except InvalidResult as error:
        spent = {"cost": report.cost, "duration": report.duration, "usage": report.usage}
        failure = ReportFailure.model_validate(
            report.model_dump(exclude={"type", "output"}) | spent | {"reason": str(error)}
        )
        attempt_failed(d, command, failure)
        return
    d.emit(
        e.CommandCompleted(
            command_id=issued.command_id,
            attempt=issued.attempt,
            runner=report.runner,
            cost=report.cost,
            duration=report.duration,
            usage=report.usage,
        )
    )
    succeed(d, command, result)


def succeed(d: Decision, command: OpenCommand, result: Any) -> None:
    """Go on with a result that was accepted."""
    issued = command.issued
    if d.state.is_cancelling:
        if isinstance(result, Receipt) and issued.channel is not None:
            d.emit(
                e.PublicationCompleted(
                    channel=issued.channel, command_id=issued.command_id, receipt=result
                )
            )
        wind_down(d)
        return
    go(d, module(d.state, issued.phase).completed(d, command, result))


def attempt_failed(d: Decision, command: OpenCommand, failure: ReportFailure) -> None:
    """Try again after a pause, or give the command up."""
    issued, settings = command.issued, d.state.settings
    may_retry = (
        failure.is_retryable and issued.attempt < issued.max_attempts and not d.state.is_cancelling
    )
    pause = failure.retry_after
    if pause is None:
        pause = backoff(settings.retry_base, settings.retry_cap, issued.command_id, issued.attempt)
    d.emit(
        e.CommandFailed(
            command_id=issued.command_id,
            attempt=issued.attempt,
            runner=failure.runner,
            reason=failure.reason,
            retry_at=d.at + pause if may_retry else None,
            cost=failure.cost,
            duration=failure.duration,
            usage=failure.usage,
        )
    )
    if may_retry:
        return
    if d.state.is_cancelling:
        wind_down(d)
        return
    go(d, module(d.state, issued.phase).failed(d, command, failure.reason))


def uncertain(d: Decision, command: OpenCommand, reason: str) -> None:
    """An effect may have happened: only a human may say whether, or whether it is tried again."""
    issued = command.issued
    d.emit(
        e.EffectUncertain(
            channel=issued.channel,
            command_id=issued.command_id,
            reason=reason,
            question_id=f"effect-{issued.command_id}-{issued.attempt}",
            expires_at=d.at + d.state.settings.question_timeout,
        )
    )


def wind_down(d: Decision) -> None:
    """Close a cancelled task as soon as nothing is under way any more."""
    if d.state.is_settled:
        d.close(DecisionOutcome.CANCELLED, d.state.decided_by)

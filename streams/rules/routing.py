"""From a phase to its module, and on to the next phase."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol, cast

from streams.domain import events as e
from streams.domain.attempts import after
from streams.domain.inputs import ReportFailure, ReportResult
from streams.domain.state import OpenCommand, TaskState
from streams.domain.values import DecisionOutcome, ExecutionPhase, Json
from streams.phases import (
    approval,
    delegation,
    effects,
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


def complete(d: Decision, command: OpenCommand, report: ReportResult, result: Any) -> None:
    """Accept a result, and go on with what it means."""
    issued = command.issued
    # Work that may be repeated counts for the attempt that is open, an effect for its own.
    own = None if issued.is_repeatable else report.attempt
    d.emit(
        e.CommandCompleted(
            command_id=issued.command_id,
            attempt=own or issued.attempt,
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
    if not d.state.is_stopping:
        go(d, module(d.state, issued.phase).completed(d, command, result))
        return
    # What happened is kept, so that nothing is done twice when the task is tried again.
    effects.happened(d, issued, result)
    wind_down(d)


def attempt_failed(d: Decision, command: OpenCommand, failure: ReportFailure) -> None:
    """Try again after a pause, or give the command up."""
    issued, settings = command.issued, d.state.settings
    may_retry = failure.is_retryable and _has_attempts(d.state, command)
    if command.is_doubtful and not may_retry:
        d.doubt(command, f"an earlier attempt may have done it; then: {failure.reason}")
        return
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
            progress=failure.progress,
            is_uncertain=failure.is_uncertain and command.grant is not None,
            is_unpaid=failure.budget is not None or command.is_parked,
            cost=failure.cost,
            duration=failure.duration,
            usage=failure.usage,
        )
    )
    if may_retry:
        return
    if d.state.is_stopping:
        wind_down(d)
        return
    progress = failure.progress or command.progress
    ended = replace(command, progress=progress)
    reason = failure.reason + after(progress)
    go(d, module(d.state, issued.phase).failed(d, ended, reason))


def may_repeat_effect(state: TaskState, command: OpenCommand) -> bool:
    """Whether an effect of unknown end can be tried again: the platform refuses a second one by its
    key, and there is an attempt left.
    """
    is_safe = command.grant is not None and command.grant.is_key_enforced
    return is_safe and _has_attempts(state, command)


def wind_down(d: Decision) -> None:
    """End a cancelled task, or learn from a failed one, as soon as nothing is under way."""
    if not d.state.is_settled:
        return
    if d.state.is_cancelling:
        d.close(DecisionOutcome.CANCELLED, d.state.decided_by)
    else:
        go(d, ExecutionPhase.LEARNING)


def _has_attempts(state: TaskState, command: OpenCommand) -> bool:
    return command.issued.attempt < command.issued.max_attempts and not state.is_stopping

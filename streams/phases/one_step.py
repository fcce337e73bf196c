"""A one-step task: a command or a publication that was asked for by itself, with the same history
as any other.
"""

from streams.domain import events as e
from streams.domain.commands import CommandKind
from streams.domain.deliverable import Receipt
from streams.domain.state import ONE_STEP, Dispatched, OpenCommand, TaskState
from streams.domain.values import DecisionOutcome, ExecutionPhase, Json
from streams.phases import effects
from streams.phases.decision import Decision

PHASE = ExecutionPhase.EXECUTION


def enter(d: Decision) -> ExecutionPhase | None:
    wanted = _dispatched(d.state)
    d.emit(e.PhaseStarted(phase=PHASE))
    d.issue(
        CommandKind.PUBLISH if wanted.channel else CommandKind.RUN_STEP,
        PHASE,
        agent_type=wanted.agent_type,
        action=wanted.action,
        tool_id=wanted.tool_id,
        step_id=ONE_STEP,
        channel=wanted.channel,
        timeout=wanted.timeout,
        max_attempts=wanted.max_attempts,
        priority=wanted.priority,
        is_repeatable=wanted.is_repeatable and wanted.channel is None,
    )
    return None


def completed(d: Decision, command: OpenCommand, result: Json | Receipt) -> ExecutionPhase | None:
    effects.happened(d, command.issued, result)
    d.close(DecisionOutcome.APPROVED, "policy")
    return None


def failed(d: Decision, command: OpenCommand, reason: str) -> ExecutionPhase | None:
    give_up(d, reason)
    return None


def give_up(d: Decision, reason: str) -> None:
    """End the task without a result."""
    for asked in d.state.publications.values():
        effects.not_published(d, asked.command_id, reason)
    d.emit(e.TaskFailed(phase=PHASE, reason=reason))
    d.close(DecisionOutcome.FAILED, "policy")


def payload(state: TaskState, issued: e.CommandIssued) -> Json:
    return _dispatched(state).payload | (
        {"channel": issued.channel.value, "key": issued.command_id} if issued.channel else {}
    )


def _dispatched(state: TaskState) -> Dispatched:
    if state.dispatched is None:
        raise ValueError("nothing was dispatched")
    return state.dispatched

"""A one-step task: a command or a publication that was asked for by itself, with the same history
as any other.
"""

from streams.domain import events as e
from streams.domain.commands import CommandKind
from streams.domain.deliverable import Receipt
from streams.domain.state import ONE_STEP, Dispatched, OpenCommand, TaskState
from streams.domain.values import DecisionOutcome, ExecutionPhase, Json
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
        priority=wanted.priority,
        is_repeatable=wanted.is_repeatable and wanted.channel is None,
    )
    return None


def completed(d: Decision, command: OpenCommand, result: Json | Receipt) -> ExecutionPhase | None:
    issued = command.issued
    if isinstance(result, Receipt):
        if issued.channel is not None:
            d.emit(
                e.PublicationCompleted(
                    channel=issued.channel, command_id=issued.command_id, receipt=result
                )
            )
    else:
        d.emit(e.StepCompleted(step_id=ONE_STEP, output=result))
    d.close(DecisionOutcome.APPROVED, "policy")
    return None


def failed(d: Decision, command: OpenCommand, reason: str) -> ExecutionPhase | None:
    issued = command.issued
    if issued.channel is not None:
        d.emit(
            e.PublicationFailed(channel=issued.channel, command_id=issued.command_id, reason=reason)
        )
    d.emit(e.TaskFailed(phase=PHASE, reason=reason))
    d.close(DecisionOutcome.FAILED, "policy")
    return None


def payload(state: TaskState, issued: e.CommandIssued) -> Json:
    return _dispatched(state).payload | (
        {"channel": issued.channel.value, "key": issued.command_id} if issued.channel else {}
    )


def _dispatched(state: TaskState) -> Dispatched:
    if state.dispatched is None:
        raise ValueError("nothing was dispatched")
    return state.dispatched

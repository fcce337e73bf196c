"""REFINEMENT: make a better version from the findings, or from what a human asked to change."""

from streams.domain import events as e
from streams.domain.commands import CommandKind
from streams.domain.state import DELIVERABLE, OpenCommand, TaskState
from streams.domain.values import ExecutionPhase, Json
from streams.phases import scoring
from streams.phases.decision import Decision

PHASE = ExecutionPhase.REFINEMENT


def enter(d: Decision) -> ExecutionPhase | None:
    d.emit(e.PhaseStarted(phase=PHASE))
    d.issue(CommandKind.REFINE, PHASE)
    return None


def completed(d: Decision, command: OpenCommand, output: Json) -> ExecutionPhase | None:
    scoring.refine(d, DELIVERABLE, output)
    return ExecutionPhase.QUALITY_CHECK


def failed(d: Decision, command: OpenCommand, reason: str) -> ExecutionPhase | None:
    if scoring.settle(d, DELIVERABLE):
        return ExecutionPhase.FORMATTING
    return d.fail(PHASE, reason)


def payload(state: TaskState, issued: e.CommandIssued) -> Json:
    return scoring.context(state, DELIVERABLE)

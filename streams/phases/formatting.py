"""FORMATTING: the deliverable as each channel takes it, with alternatives and a preview."""

from streams.domain import events as e
from streams.domain.commands import CommandKind
from streams.domain.deliverable import Deliverable
from streams.domain.state import DELIVERABLE, OpenCommand, TaskState
from streams.domain.values import ExecutionPhase, Json
from streams.phases.decision import Decision

PHASE = ExecutionPhase.FORMATTING


def enter(d: Decision) -> ExecutionPhase | None:
    d.emit(e.PhaseStarted(phase=PHASE))
    d.issue(CommandKind.FORMAT, PHASE)
    return None


def completed(d: Decision, command: OpenCommand, deliverable: Deliverable) -> ExecutionPhase | None:
    d.emit(e.DeliverableFormatted(deliverable=deliverable))
    return ExecutionPhase.APPROVAL


def failed(d: Decision, command: OpenCommand, reason: str) -> ExecutionPhase | None:
    return d.fail(PHASE, reason)


def payload(state: TaskState, issued: e.CommandIssued) -> Json:
    work = state.work(DELIVERABLE)
    scores = work.accepted_assessment if work else None
    return {
        "draft": work.accepted if work else {},
        "intent": state.intent.as_json if state.intent else {},
        "business_metrics": state.business_metrics,
        "preferences": state.preferences,
        "context": state.context,
        "materials": {s: w.accepted for s, w in state.works.items() if s != DELIVERABLE},
        "quality_score": scores.overall if scores else None,
        "scores": {dimension.name: dimension.score for dimension in scores.dimensions}
        if scores
        else {},
    }

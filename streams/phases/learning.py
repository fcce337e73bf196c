"""LEARNING: what this task teaches, and its end."""

from streams.domain import events as e
from streams.domain.commands import CommandKind
from streams.domain.state import DELIVERABLE, OpenCommand, TaskState
from streams.domain.values import DecisionOutcome, ExecutionPhase, Json
from streams.phases.decision import Decision

PHASE = ExecutionPhase.LEARNING


def enter(d: Decision) -> ExecutionPhase | None:
    d.emit(e.PhaseStarted(phase=PHASE))
    d.issue(CommandKind.EXTRACT_LEARNING, PHASE)
    return None


def completed(d: Decision, command: OpenCommand, record: Json) -> ExecutionPhase | None:
    d.emit(e.LearningExtracted(record=record))
    _end(d)
    return None


def failed(d: Decision, command: OpenCommand, reason: str) -> ExecutionPhase | None:
    # What was made and decided stands, whether or not a training record could be written about it.
    _end(d)
    return None


def payload(state: TaskState, issued: e.CommandIssued) -> Json:
    work = state.work(DELIVERABLE)
    scores = work.accepted_assessment if work else None
    return {
        "task_id": state.task_id,
        "request": state.request,
        "intent": state.intent.as_json if state.intent else None,
        "business_metrics": state.business_metrics,
        "preferences": state.preferences,
        "plan": state.plan.as_json if state.plan else None,
        "workflow_source": state.source.value,
        "quality_score": scores.overall if scores else None,
        "quality_dimensions": {d.name: d.score for d in scores.dimensions} if scores else {},
        "refinements": sum(w.refinements for w in state.works.values()),
        "outcome": state.outcome.value if state.outcome else None,
        "decided_by": state.decided_by,
        "feedback": [
            *state.feedback,
            *([state.approval.feedback] if state.approval and state.approval.feedback else []),
        ],
        "error": state.error,
        "cost": state.cost,
        "duration": issued.issued_at - state.submitted_at,
        "publications": {c.value: p.status.value for c, p in state.publications.items()},
        "catalogue_version": state.catalogue_version,
    }


def _end(d: Decision) -> None:
    d.close(d.state.outcome or DecisionOutcome.APPROVED, d.state.decided_by or "policy")

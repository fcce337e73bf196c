"""QUALITY_CHECK: is the deliverable good enough to be shown to a human?"""

from streams.domain import events as e
from streams.domain.commands import CommandKind
from streams.domain.quality import QualityAssessment, Verdict
from streams.domain.state import DELIVERABLE, OpenCommand, TaskState
from streams.domain.values import ExecutionPhase, Json
from streams.phases import scoring
from streams.phases.decision import Decision

PHASE = ExecutionPhase.QUALITY_CHECK


def enter(d: Decision) -> ExecutionPhase | None:
    d.emit(e.PhaseStarted(phase=PHASE))
    d.issue(CommandKind.ASSESS_QUALITY, PHASE)
    return None


def completed(
    d: Decision, command: OpenCommand, assessment: QualityAssessment
) -> ExecutionPhase | None:
    follows = scoring.assess(d, DELIVERABLE, assessment, threshold(d.state))
    if follows is Verdict.REFINE:
        return ExecutionPhase.REFINEMENT
    if ExecutionPhase.REFINEMENT not in d.state.phases:
        reason = "good enough" if follows is Verdict.PASS else "no refinements allowed"
        d.emit(e.PhaseSkipped(phase=ExecutionPhase.REFINEMENT, reason=reason))
    return ExecutionPhase.FORMATTING


def failed(d: Decision, command: OpenCommand, reason: str) -> ExecutionPhase | None:
    return d.fail(PHASE, reason)


def payload(state: TaskState, issued: e.CommandIssued) -> Json:
    return scoring.context(state, DELIVERABLE) | {"threshold": threshold(state)}


def threshold(state: TaskState) -> float:
    """What the final output must reach: the plan's own threshold, else the task's."""
    own = state.plan.quality_threshold if state.plan else None
    return state.settings.quality_threshold if own is None else own

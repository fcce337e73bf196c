"""What scoring and refining have in common, for one step's output and for the final deliverable."""

from streams.domain import events as e
from streams.domain.quality import QualityAssessment, Verdict, verdict
from streams.domain.state import DELIVERABLE, TaskState
from streams.domain.values import Json
from streams.phases.decision import Decision


def assess(d: Decision, subject: str, assessment: QualityAssessment, threshold: float) -> Verdict:
    """Record the scores of the current version and say what follows."""
    work = d.state.work(subject)
    follows = verdict(
        assessment,
        work.best_assessment if work else None,
        threshold=threshold,
        refinements=work.refinements if work else 0,
        max_retries=d.state.settings.max_retries,
    )
    d.emit(
        e.QualityAssessed(
            subject=subject, assessment=assessment, threshold=threshold, verdict=follows
        )
    )
    return follows


def refine(d: Decision, subject: str, output: Json) -> None:
    """Record a new version."""
    work = d.state.work(subject)
    d.emit(
        e.OutputRefined(
            subject=subject, output=output, refinement=1 + (work.refinements if work else 0)
        )
    )


def settle(d: Decision, subject: str) -> bool:
    """Go on with the best version there is, for a human to look at; False if none was ever
    scored.
    """
    work = d.state.work(subject)
    scored = work.assessment or work.best_assessment if work else None
    if scored is None:
        return False
    d.emit(
        e.QualityAssessed(
            subject=subject,
            assessment=scored,
            threshold=d.state.settings.quality_threshold,
            verdict=Verdict.ASK_HUMAN,
        )
    )
    return True


def context(state: TaskState, subject: str) -> Json:
    """What an evaluator or a refiner needs: the output, what was asked, and all facts that may
    stand in it.
    """
    work = state.work(subject)
    latest = work.assessment or work.best_assessment if work else None
    return {
        "subject": subject,
        "output": work.output if work else {},
        "request": state.request,
        "intent": state.intent.as_json if state.intent else {},
        "business_metrics": state.business_metrics,
        "materials": {
            s: w.accepted for s, w in state.works.items() if s not in (subject, DELIVERABLE)
        },
        "issues": [issue.as_json for issue in latest.issues] if latest else [],
        "scores": {dimension.name: dimension.score for dimension in latest.dimensions}
        if latest
        else {},
        "feedback": list(state.feedback),
        "refinements": work.refinements if work else 0,
    }

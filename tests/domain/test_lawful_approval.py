"""APPROVAL and the law: what blocks is named, and only a human passes it."""

import pytest

from streams.domain import events as e
from streams.domain.commands import CommandKind
from streams.domain.inputs import DecideApproval
from streams.domain.quality import DimensionScore, QualityAssessment, QualityIssue
from streams.domain.values import DecisionOutcome, ExecutionPhase
from tests.domain.samples import scores
from tests.domain.story import Story

ASSESS, FORMAT = CommandKind.ASSESS_QUALITY, CommandKind.FORMAT
PROMISE = QualityIssue(code="guarantee", message="Promised return (X)", severity="critical")
NUMBER = QualityIssue(code="personal_data", message="Card number (Y)", severity="critical")
HINT = QualityIssue(code="pressure", message="Pressure", severity="info")


def judged(*issues: QualityIssue, name: str = "compliance") -> QualityAssessment:
    gate = DimensionScore(name=name, score=0.1, is_gate=True, has_passed=False, issues=issues)
    good = DimensionScore(name="clarity", score=1.0, weight=9)
    return QualityAssessment(dimensions=(good, gate), evaluator="test")


def decided_about(assessment: QualityAssessment) -> Story:
    story = Story(channels=("linkedin",)).reached(
        ExecutionPhase.QUALITY_CHECK, max_retries=0, is_auto_approved=True
    )
    return story.done(ASSESS, assessment.as_json).done(FORMAT)


@pytest.mark.parametrize(
    ("assessment", "reason"),
    [
        (judged(PROMISE, HINT), "compliance: Promised return (X)"),
        (judged(PROMISE, NUMBER), "compliance: Promised return (X) (and 1 more)"),
        (judged(HINT), "below the quality threshold: please look closely"),
        (judged(PROMISE, name="accuracy"), "below the quality threshold: please look closely"),
    ],
)
def test_no_policy_approves_what_the_law_stops_and_the_reason_is_told(
    assessment: QualityAssessment, reason: str
) -> None:
    story = decided_about(assessment)

    asked = story.events[-1]
    assert isinstance(asked, e.ApprovalRequested)
    assert asked.reason == reason
    assert not story.all(e.ApprovalDecided)


def test_a_human_may_still_decide() -> None:
    story = decided_about(judged(PROMISE))

    story.when(DecideApproval, round=1, is_approved=True, channels=())

    (decided,) = story.all(e.ApprovalDecided)
    assert decided.decision is DecisionOutcome.APPROVED
    assert decided.by == "ann"


def test_what_passes_is_approved_by_the_policy() -> None:
    story = decided_about(scores(0.9))

    (decided,) = story.all(e.ApprovalDecided)
    assert decided.by == "policy"

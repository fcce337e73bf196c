"""Scores: the weighted mean, hard gates, which version is better, and what follows."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.quality import (
    IMPROVEMENT,
    DimensionScore,
    QualityAssessment,
    QualityIssue,
    Verdict,
    verdict,
)
from tests.domain.samples import scores


def weighted(*pairs: tuple[float, float]) -> QualityAssessment:
    dimensions = [DimensionScore(name=f"d{n}", score=s, weight=w) for n, (s, w) in enumerate(pairs)]
    return QualityAssessment(dimensions=dimensions, evaluator="rules 1")


def test_the_overall_score_is_the_weighted_mean() -> None:
    assert weighted((0.9, 3), (0.5, 1)).overall == 0.8
    assert weighted((1, 1), (0, 2)).overall == 0.3333


def test_scores_without_any_weight_are_worth_nothing() -> None:
    assert weighted((0.9, 0)).overall == 0.0


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 100)), min_size=1, max_size=4))
@settings(max_examples=30, deadline=None, database=None)
def test_a_mean_lies_between_the_lowest_and_the_highest_score(
    pairs: list[tuple[float, float]],
) -> None:
    overall = weighted(*pairs).overall

    assert 0 <= overall <= 1
    if sum(weight for _, weight in pairs) > 0.001:
        counted = [score for score, weight in pairs if weight]
        assert min(counted) - 0.0001 <= overall <= max(counted) + 0.0001


def test_a_failed_gate_fails_the_whole_whatever_the_mean() -> None:
    assert scores(1.0).passes(0.85)
    assert not scores(1.0, "accuracy").passes(0.85)
    assert scores(1.0, "accuracy", "safety").failed_gates == ("accuracy", "safety")


def test_a_low_score_that_is_no_gate_fails_nothing_by_itself() -> None:
    low = DimensionScore(name="tone", score=0.1, weight=0, has_passed=False)
    assessment = QualityAssessment(dimensions=(*scores(0.9).dimensions, low), evaluator="rules 1")

    assert assessment.failed_gates == ()
    assert assessment.passes(0.85)


def test_all_findings_are_listed_in_the_order_of_the_dimensions() -> None:
    found = [QualityIssue(code=code, message=code) for code in ("a", "b", "c")]
    assessment = QualityAssessment(
        dimensions=(
            DimensionScore(name="one", score=1, issues=(found[0],)),
            DimensionScore(name="two", score=1, issues=(found[1], found[2])),
        ),
        evaluator="rules 1",
    )

    assert [issue.code for issue in assessment.issues] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("one", "other", "is_better"),
    [
        (scores(0.9), scores(0.8), True),
        (scores(0.8), scores(0.9), False),
        (scores(0.8), scores(0.8), False),
        (scores(0.8 + IMPROVEMENT / 2), scores(0.8), False),
        (scores(0.5), scores(0.9, "accuracy"), True),
        (scores(0.9, "accuracy"), scores(0.5), False),
        (scores(0.9, "accuracy"), scores(0.5, "safety"), True),
        (scores(0.9, "accuracy", "safety"), scores(0.5, "safety"), False),
    ],
)
def test_fewer_failed_gates_come_first_then_a_clearly_higher_mean(
    one: QualityAssessment, other: QualityAssessment, is_better: bool
) -> None:
    assert one.is_better_than(other) is is_better
    assert not (is_better and other.is_better_than(one))


@pytest.mark.parametrize(
    ("score", "best", "refinements", "expected"),
    [
        (0.85, None, 0, Verdict.PASS),
        (0.85, 0.99, 9, Verdict.PASS),
        (0.84, None, 0, Verdict.REFINE),
        (0.84, 0.7, 1, Verdict.REFINE),
        (0.84, 0.7, 2, Verdict.ASK_HUMAN),
        (0.84, 0.84, 1, Verdict.ASK_HUMAN),
        (0.5, 0.7, 1, Verdict.ASK_HUMAN),
    ],
)
def test_it_is_refined_while_that_helps_and_tries_are_left(
    score: float, best: float | None, refinements: int, expected: Verdict
) -> None:
    follows = verdict(
        scores(score),
        None if best is None else scores(best),
        threshold=0.85,
        refinements=refinements,
        max_retries=2,
    )

    assert follows is expected

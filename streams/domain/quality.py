"""Scores with evidence: dimensions, hard gates, the weighted mean, and what follows from an
assessment.
"""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from streams.domain.values import Score, Value

IMPROVEMENT = 0.005  # a refinement that gains less than this has stopped to help


class Evidence(Value):
    """The span of the output a finding rests on, and where the matching fact comes from."""

    quote: str = ""
    start: int | None = None
    end: int | None = None
    source: str = ""  # path of a fact ("metrics.revenue_monthly") or id of a rule
    note: str = ""


class QualityIssue(Value):
    """One finding that a refinement can act on."""

    code: str
    message: str
    severity: Literal["info", "warning", "error", "critical"] = "warning"
    suggestion: str = ""
    evidence: Evidence | None = None


class DimensionScore(Value):
    """One dimension's score. A dimension with `is_gate` fails the whole assessment when it does not
    pass.
    """

    name: str
    score: Score
    weight: float = Field(default=1.0, ge=0, allow_inf_nan=False)
    is_gate: bool = False
    has_passed: bool = True
    evidence: tuple[Evidence, ...] = ()
    issues: tuple[QualityIssue, ...] = ()
    is_calibrated: bool = False


class QualityAssessment(Value):
    """An output judged on at least seven dimensions by one version of the evaluator."""

    dimensions: tuple[DimensionScore, ...] = Field(min_length=1)
    evaluator: str
    summary: str = ""

    @property
    def overall(self) -> float:
        """The weighted mean of the scores, 0 to 1, rounded to four decimals."""
        weight = sum(d.weight for d in self.dimensions)
        total = sum(d.weight * d.score for d in self.dimensions)
        return round(min(1.0, total / weight), 4) if weight else 0.0

    @property
    def failed_gates(self) -> tuple[str, ...]:
        """The names of the hard gates that did not pass."""
        return tuple(d.name for d in self.dimensions if d.is_gate and not d.has_passed)

    @property
    def issues(self) -> tuple[QualityIssue, ...]:
        """All findings, in the order of the dimensions."""
        return tuple(issue for d in self.dimensions for issue in d.issues)

    def passes(self, threshold: float) -> bool:
        """Whether the mean reaches the threshold and no hard gate fails."""
        return self.overall >= threshold and not self.failed_gates

    def is_better_than(self, other: "QualityAssessment") -> bool:
        """Fewer failed gates first, then a mean that is higher by more than noise."""
        gates, others = len(self.failed_gates), len(other.failed_gates)
        return gates < others or (gates == others and self.overall >= other.overall + IMPROVEMENT)


class Verdict(StrEnum):
    """What follows from an assessment."""

    PASS = "pass"  # noqa: S105
    REFINE = "refine"
    ASK_HUMAN = "ask_human"


def verdict(
    assessment: QualityAssessment,
    best: QualityAssessment | None,
    *,
    threshold: float,
    refinements: int,
    max_retries: int,
) -> Verdict:
    """Pass at the threshold; refine while it helps and tries are left; then a human decides."""
    if assessment.passes(threshold):
        return Verdict.PASS
    has_stalled = best is not None and not assessment.is_better_than(best)
    if refinements >= max_retries or has_stalled:
        return Verdict.ASK_HUMAN
    return Verdict.REFINE

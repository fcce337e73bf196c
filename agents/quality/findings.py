"""Makes issues with their evidence, and the scores that follow from them."""

from collections.abc import Iterable, Mapping
from typing import Literal

from streams.domain.quality import DimensionScore, Evidence, QualityIssue

Severity = Literal["info", "warning", "error", "critical"]
LONGEST_QUOTE = 160
MOST_ISSUES = 12  # of one dimension: more would bury what matters


def evidence(text: str, start: int, end: int, source: str = "", note: str = "") -> Evidence:
    """A span of the text; `source` is the path of a fact or the id of a rule."""
    quote = text[start:end]
    if len(quote) > LONGEST_QUOTE:
        quote = quote[: LONGEST_QUOTE - 1] + "\u2026"
    return Evidence(quote=quote, start=start, end=end, source=source, note=note)


def issue(
    code: str,
    message: str,
    severity: Severity = "warning",
    *,
    suggestion: str = "",
    at: Evidence | None = None,
) -> QualityIssue:
    """One finding."""
    return QualityIssue(
        code=code, message=message, severity=severity, suggestion=suggestion, evidence=at
    )


def dimension(
    name: str,
    score: float,
    weight: float,
    *,
    issues: Iterable[QualityIssue] = (),
    evidence: Iterable[Evidence] = (),
    is_gate: bool = False,
    has_passed: bool = True,
) -> DimensionScore:
    """A dimension's score, held between 0 and 1 and rounded to three decimals."""
    found = tuple(issues)[:MOST_ISSUES]
    return DimensionScore(
        name=name,
        score=round(min(1.0, max(0.0, score)), 3),
        weight=weight,
        is_gate=is_gate,
        has_passed=has_passed,
        evidence=tuple(evidence),
        issues=found,
    )


def penalised(issues: Iterable[QualityIssue], cost: Mapping[str, float]) -> float:
    """1 less the cost of each issue by its code; a repeated code costs half as much each time."""
    score = 1.0
    seen: dict[str, int] = {}
    for one in issues:
        times = seen.get(one.code, 0)
        score -= cost.get(one.code, 0.0) * 0.5**times
        seen[one.code] = times + 1
    return max(0.0, score)

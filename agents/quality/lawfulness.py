"""Compliance: what the rule packs object to, with the rule and its citation."""

from collections.abc import Mapping

from agents.compliance import confidential_names
from agents.compliance_rules.scan import Finding, Texts, scan
from agents.quality.draft import Examined
from agents.quality.findings import Severity, dimension, issue
from streams.domain.quality import DimensionScore, Evidence, QualityIssue

NAME = "compliance"
WEIGHT = 1.0
_SEVERITY: Mapping[str, Severity] = {
    "low": "info",
    "medium": "warning",
    "high": "error",
    "critical": "critical",
}
_COST = {"low": 0.1, "medium": 0.25, "high": 0.5, "critical": 0.9}


def compliance(examined: Examined) -> DimensionScore:
    """A gate at critical findings: a promised return or a card number must not go out."""
    draft, asked = examined.draft, examined.asked
    texts = Texts(
        content=draft.text,
        title=draft.title,
        subject=draft.subject or "",
        confidential=confidential_names(asked.constraints),
        is_check=draft.kind == "check",
    )
    found = scan(texts, asked.language)
    issues = [_issue(finding, asked.language) for finding in found]
    score = 1.0
    for rank, finding in enumerate(found):
        score -= _COST[finding.rule.severity] * 0.6**rank
    return dimension(
        NAME,
        score,
        WEIGHT,
        issues=issues,
        is_gate=True,
        has_passed=not any(f.rule.severity == "critical" for f in found),
    )


def _issue(finding: Finding, language: str) -> QualityIssue:
    row, rule = finding.as_json(language), finding.rule
    return issue(
        rule.category,
        f"{row['title']}: {finding.message} ({rule.citation})",
        _SEVERITY[rule.severity],
        suggestion=finding.suggestion,
        at=Evidence(
            quote=finding.quote,
            start=row["start"],
            end=row["end"],
            source=rule.rule,
            note=f"{rule.jurisdiction}; in the {finding.place}",
        ),
    )

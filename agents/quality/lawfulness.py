"""Compliance: what the rule packs object to, with the rule and its citation."""

from collections.abc import Mapping

from agents.compliance import confidential_names
from agents.compliance_rules.rulebook import Rulebook, builtin
from agents.compliance_rules.scan import Finding, Texts, scan
from agents.compliance_rules.scope import scope_of
from agents.quality import codes
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


def compliance(
    examined: Examined, rulebook: Rulebook | None = None, day: str = ""
) -> DimensionScore:
    """A gate at findings of rules that block: a promised return or a card number must not go out.

    Rules of the company that cannot be read close the gate as well.
    """
    rulebook = rulebook or builtin()
    draft, asked = examined.draft, examined.asked
    texts = Texts(
        content=draft.text,
        title=draft.title,
        subject=draft.subject or "",
        confidential=confidential_names(asked.constraints),
        is_check=draft.kind == "check",
    )
    scope = scope_of((asked.constraints,), asked.language, day)
    found = scan(texts, asked.language, scope, rulebook)
    issues = [_issue(finding, asked.language) for finding in found]
    score = 1.0
    for rank, finding in enumerate(found):
        score -= _COST[finding.rule.severity] * 0.6**rank
    issues += [_unreadable(problem) for problem in rulebook.problems]
    return dimension(
        NAME,
        score,
        WEIGHT,
        issues=issues,
        is_gate=True,
        has_passed=not rulebook.problems and not any(finding.blocks for finding in found),
    )


def _issue(finding: Finding, language: str) -> QualityIssue:
    row, rule = finding.as_json(language), finding.rule
    return issue(
        rule.category,
        f"{row['title']}: {finding.message} ({finding.citation})",
        "critical" if finding.blocks else _SEVERITY[rule.severity],
        suggestion=finding.suggestion,
        at=Evidence(
            quote=finding.quote,
            start=row["start"],
            end=row["end"],
            source=rule.rule,
            note=f"{finding.jurisdiction}; in the {finding.place}",
        ),
    )


def _unreadable(problem: str) -> QualityIssue:
    return issue(
        codes.NOT_JUDGED,
        f"a rule pack of the company could not be used: {problem}",
        "critical",
        suggestion="mend the pack, or decide yourself",
    )

"""Transparency of reports and checks: what is given, what is derived, and what limits it."""

import re
from collections.abc import Callable, Iterator

from agents.quality import codes
from agents.quality.draft import Examined
from agents.quality.findings import dimension, issue
from agents.quality.prose import content_words
from streams.domain.quality import DimensionScore, QualityIssue

NAME = "transparency"
WEIGHT = 2.5
ENOUGH_OF_A_NOTE = 0.5  # share of its words

_GIVEN = re.compile(
    r"\b(?:given|provided|reported|supplied|stated|your (?:data|figures|metrics)|angegeben\w*|"
    r"gegeben\w*|vorliegend\w*|mitgeteilt\w*|ihre (?:daten|zahlen|angaben))\b",
    re.IGNORECASE,
)
_DERIVED = re.compile(
    r"\b(?:derived|computed|calculated|follows? from|works out|divided|per (?:customer|visit)|"
    r"at an annual rate|annualised|annualized|abgeleitet\w*|berechnet\w*|errechnet\w*|ergibt|"
    r"ergeben|geteilt|aufs jahr gerechnet|je (?:kunde|besuch))\b|[\u00d7÷=]",
    re.IGNORECASE,
)
_NO_ADVICE = re.compile(
    r"\b(?:no|not) (?:\w+ ){0,3}(?:legal|tax) advice\b|\bkeine rechtsberatung\b"
    r"|\bersetz\w+ keine (?:\w+ )?(?:rechtsberatung|beratung)\b",
    re.IGNORECASE,
)
_RISK = re.compile(r"\b(?:risk|risiko)\w*\b", re.IGNORECASE)
_FORECAST = re.compile(r"\b(?:forecast|predict\w+|projection|prognose\w*|vorhersage)\b", re.I)
_INTERVAL = re.compile(
    r"\b(?:interval|between|range|from [^.\n]{1,30} to|intervall|zwischen|spanne|bis)\b|\u00b1",
    re.IGNORECASE,
)


def transparency(examined: Examined) -> DimensionScore:
    """The share of what an honest report says about its own grounds."""
    checks = _CHECK if examined.draft.kind == "check" else _REPORT
    results = [(weight, list(check(examined))) for weight, check in checks]
    total = sum(weight for weight, _ in results)
    missed = sum(weight for weight, found in results if found)
    issues = [one for _, found in results for one in found]
    return dimension(NAME, 1 - missed / total, WEIGHT, issues=issues)


def _grounds(examined: Examined) -> Iterator[QualityIssue]:
    if not examined.facts:
        return
    text = examined.draft.text
    has_derived = any(fact.kind == "derived" for fact in examined.facts)
    if not _GIVEN.search(text) or (has_derived and not _DERIVED.search(text)):
        yield issue(
            codes.NO_PROVENANCE,
            "the report does not say which figures were given and which were derived",
            suggestion="tell given and derived figures apart, with the formula of the latter",
        )


def _summary(examined: Examined) -> Iterator[QualityIssue]:
    """The result comes first: a sentence, not a heading alone and not a table."""
    first = examined.prose.paragraphs[:3]
    if not any(p.text.rstrip().endswith((".", "!", "?")) and len(p.text) > 30 for p in first):
        yield issue(
            codes.NO_SUMMARY,
            "the report does not begin with its result",
            suggestion="put the result in two sentences on top",
        )


def _structure(examined: Examined) -> Iterator[QualityIssue]:
    if len(examined.draft.text) > 600 and len(examined.prose.paragraphs) < 4:
        yield issue(
            codes.NO_STRUCTURE,
            "a long report in one piece",
            suggestion="make sections: given, derived, changes, limits",
        )


def _limits(examined: Examined) -> Iterator[QualityIssue]:
    """What the analysis remarked must be in the report as well."""
    words = set(content_words(examined.draft.text))
    for note in examined.report_notes:
        own = set(content_words(note))
        if own and len(own & words) < ENOUGH_OF_A_NOTE * len(own):
            yield issue(
                codes.MISSING_NOTE,
                f"the analysis remarks, and the report does not: {note[:160]}",
                suggestion="say it among the limits",
            )


def _forecasts(examined: Examined) -> Iterator[QualityIssue]:
    text = examined.draft.text
    if _FORECAST.search(text) and examined.numbers and not _INTERVAL.search(text):
        yield issue(
            codes.NO_PROVENANCE,
            "a forecast without an interval",
            suggestion="give the range in which it may lie",
        )


def _advice(examined: Examined) -> Iterator[QualityIssue]:
    if not _NO_ADVICE.search(examined.draft.text):
        yield issue(
            codes.NO_DISCLAIMER,
            "the check does not say that it is no legal advice",
            suggestion="say that it is no legal advice",
        )


def _level(examined: Examined) -> Iterator[QualityIssue]:
    if not _RISK.search(examined.draft.text):
        yield issue(
            codes.MISSING_REQUIREMENT,
            "the check does not name the level of risk",
            suggestion="name it in the first sentence",
        )


def _findings(examined: Examined) -> Iterator[QualityIssue]:
    text = examined.draft.text.lower()
    for finding in examined.findings:
        names = [str(finding.get(key) or "").lower() for key in ("title", "quote", "rule")]
        if not any(name and name in text for name in names):
            yield issue(
                codes.MISSING_FINDING,
                f"a finding is left out: {str(finding.get('title') or finding.get('rule'))[:120]}",
                "error",
                suggestion="name every finding with its place",
            )


_Check = Callable[[Examined], Iterator[QualityIssue]]
_REPORT: tuple[tuple[float, _Check], ...] = (
    (3.0, _grounds), (2.0, _summary), (1.5, _structure), (2.0, _limits), (1.0, _forecasts),
)  # fmt: skip
_CHECK: tuple[tuple[float, _Check], ...] = (
    (3.0, _findings), (2.0, _advice), (2.0, _level), (1.5, _summary), (1.0, _structure),
)  # fmt: skip

"""Which of the metrics asked for a text tells; those that the request names must all be there."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.figures.numbers import matches
from agents.quality import codes
from agents.quality.draft import Examined
from agents.quality.findings import Severity, issue
from agents.quality.metric_words import named_in, words_for
from streams.domain.quality import QualityIssue

ENOUGH_SHARE = 0.6  # of metrics that the request means without naming them, a post tells some,
ENOUGH_METRICS = 3  # but of many no more than this
BY_NAME = 0.4  # what a metric is worth that is named without its figure, where there is one
SHORTEST_NAME = 4  # letters of a name that is looked for in the request
_LETTERS = re.compile(r"[^a-zäöüß]+")
_AUDIENCE = re.compile(  # before a name that is of readers or of a team, and of no metric
    r"\b(?:to|for|with|ask|tell|an|für|mit) (?:all |our |the |new |alle )?(?:of our )?"
    r"(?:unsere[nr]? |die |den )?$|\bunseren $",
    re.IGNORECASE,
)
_REACH = 20
_PARTS_OF_NAMES = ("_previous", "_change", "_change_percent")


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of the metrics that is told, and an issue for each that should have been."""

    share: float
    issues: tuple[QualityIssue, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A metric, and how far the text tells it."""

    metric: str
    share: float


def coverage(examined: Examined) -> Coverage | None:
    """How far the metrics are told; None where no metric is asked for."""
    named = {c: _allowed(examined, m) for c, m in named_metrics(examined).items()}
    every = {metric for metrics in named.values() for metric in metrics}
    wanted = [_best(examined, concept, metrics) for concept, metrics in named.items()]
    meant = [m for m in _allowed(examined, examined.asked.metrics) if m not in every]
    beside = sorted((Told(m, how_told(m, examined)) for m in meant), key=lambda t: -t.share)
    if not examined.is_report:
        least = min(math.ceil(ENOUGH_SHARE * len(meant)), ENOUGH_METRICS)
        beside = beside[: 0 if wanted else least]
    asked = [*wanted, *beside]
    if not asked:
        return None
    lacking = [one for one in asked if one.share < 1]
    is_nothing_told = not any(one.share for one in asked)
    severity: Severity = "error" if is_nothing_told else "warning"
    return Coverage(
        sum(one.share for one in asked) / len(asked),
        tuple(_missing(one, examined, severity) for one in lacking),
    )


def _best(examined: Examined, concept: str, metrics: Sequence[str]) -> Told:
    """The best told of the metrics that go by one name; the bare name where none is given."""
    if not metrics:
        is_there = concept in {found for _, _, found in examined.names}
        return Told(concept, 1.0 if is_there else 0.0)
    return max((Told(m, how_told(m, examined)) for m in metrics), key=lambda told: told.share)


def named_metrics(examined: Examined) -> dict[str, list[str]]:
    """The metrics that the request names: by concept, or by themselves where they have none."""
    request = examined.asked.request.replace(str(examined.asked.constraints.get("source_text")), "")
    squeezed = _LETTERS.sub("", request.lower())
    found: dict[str, list[str]] = {
        concept: []
        for start, _, concept in named_in(request)
        if not _AUDIENCE.search(request, max(0, start - _REACH), start)
    }
    given = (f.fact_id for f in examined.facts if f.kind == "given" and _is_level(f.fact_id))
    for metric in dict.fromkeys((*examined.asked.metrics, *given)):
        concepts, label = words_for(metric, examined.asked.language)
        for concept in concepts & found.keys():
            found[concept].append(metric)
        if not concepts and any(name in squeezed for name in _spellings(metric, label)):
            found[metric] = [metric]
    return found


def _is_level(fact_id: str) -> bool:
    return not fact_id.endswith(_PARTS_OF_NAMES) and not re.search(r"[\[.#]", fact_id)


def _spellings(metric: str, label: str) -> list[str]:
    names = (_LETTERS.sub("", name.lower()).removesuffix("s") for name in (metric, label))
    return [name for name in names if len(name) >= SHORTEST_NAME]


def _allowed(examined: Examined, metrics: Sequence[str]) -> list[str]:
    forbidden = " ".join(map(str, examined.asked.constraints.get("must_avoid") or ())).lower()
    language = examined.asked.language
    return [m for m in metrics if words_for(m, language)[1].lower() not in forbidden]


def how_told(metric: str, examined: Examined) -> float:
    """1 for the metric with a figure of it; less by name alone, where a figure is to be had."""
    own = [f for f in examined.facts if f.fact_id == metric or f.fact_id.startswith(f"{metric}_")]
    if any(matches(number, fact) for number in examined.numbers for fact in own):
        return 1.0
    concepts, label = words_for(metric, examined.asked.language)
    is_named = label.lower() in examined.draft.text.lower() or bool(
        concepts & {concept for _, _, concept in examined.names}
    )
    if not is_named:
        return 0.0
    return BY_NAME if own and examined.allows("no_numbers") else 1.0


def _missing(one: Told, examined: Examined, severity: Severity) -> QualityIssue:
    label = words_for(one.metric, examined.asked.language)[1]
    how = "named without its figure" if one.share else "not mentioned"
    return issue(
        codes.MISSING_METRIC,
        f"{label} is asked for and {how}",
        "warning" if one.share else severity,
        suggestion=_hint(one.metric, label, examined),
    )


def _hint(metric: str, label: str, examined: Examined) -> str:
    fact = next((f for f in examined.facts if f.fact_id == metric), None)
    if fact is None or not examined.allows("no_numbers"):
        return f"mention {label}"
    return f"mention {fact.label}: {fact.text}"

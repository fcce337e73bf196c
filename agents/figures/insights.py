"""Sentences about facts, each with its weight: changes first, then given growth, then levels.

Every number in a sentence is a fact: who looks it up finds it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from agents.figures.economics import told_of
from agents.figures.facts import Fact
from agents.figures.formulas import is_growth, pairs
from agents.figures.metric_names import is_german
from agents.figures.metric_notes import Phrase, is_about, say
from agents.figures.numbers import write

LONGEST_NARRATIVE = 4  # sentences
MILLION = 999_500  # from here on a short text says "million"


@dataclass(frozen=True, slots=True)
class Insight:
    """A sentence, how much it matters, and the facts it rests on."""

    weight: float
    text: str
    fact_ids: tuple[str, ...]


_ROSE: Phrase = (
    "{Label} grew {percent}, from {before} to {now}.",
    "{Label} {verb} um {percent} von {before} auf {now}.",
)
_FELL: Phrase = (
    "{Label} fell {percent}, from {before} to {now}.",
    "{Label} {verb} um {percent} von {before} auf {now}.",
)
_POINTS: Phrase = (
    "{Label} {verb} by {points}, from {before} to {now}.",
    "{Label} {verb} um {points} von {before} auf {now}.",
)
_WENT: Phrase = ("{Label} went from {before} to {now}.", "{Label}: von {before} auf {now}.")
_SAME: Phrase = ("{Label} stayed at {now}.", "{Label}: unverändert {now}.")
_GROWTH: Phrase = (
    "The {label} given is {now}.",
    "Als {label} sind {now} angegeben.",
)
_IMPLIED: Phrase = (
    "Taken at face value, {growth} {label} implies an earlier level of about {before}.",
    "{growth} {label} bedeuten, so genommen, einen früheren Stand von etwa {before}.",
)
_REVENUE: Phrase = (
    "{Label} is {now}, or {year} at an annual rate.",
    "{Label}: {now}, aufs Jahr gerechnet {year}.",
)
_FUNNEL: Phrase = (
    "Of {visits} {label}, {rate} convert, which makes {conversions} conversions a month.",
    "Von {visits} Besuchen im Monat konvertieren {rate}, das sind {conversions} Konversionen.",
)
_PER_CUSTOMER: Phrase = (
    "With {customers} customers, {label} is {now}.",
    "Bei {customers} Kunden beträgt der {label} {now}.",
)
_COUNT: Phrase = ("There are {now} {label}.", "Gezählt sind {now} {label}.")
_LEVEL: Phrase = ("{Label} is {now}.", "{Label}: {now}.")
_LEVELS: Phrase = ("{Label} are {now}.", "{Label}: {now}.")
_PLURAL = re.compile(
    r"^(?!.*\bminus\b).*\b(?:costs|expenses|sales|revenues|profits)$", re.IGNORECASE
)
_NUMBER: Phrase = ("{Label}: {now}.", "{Label}: {now}.")
_COMPOUND: Phrase = (
    "{Label} is {now} over the values given.",
    "{Label}: {now} (über die angegebenen Werte).",
)

_WHOLE: Phrase = (
    "{Label} {verb} by {size} over the values given, from {before} to {now}{steadily}.",
    "{Label} {verb} über die angegebenen Werte um {size} von {before} auf {now}{steadily}.",
)

_FIRST = ("revenue_monthly", "monthly_revenue", "mrr", "revenue")
_NO_LEVELS = (
    "]", "_previous", "_change", "_change_percent", "_total", "_ytd", "_ytd_previous_year",
)  # fmt: skip
_HELD_BACK = ("revenue_per_visit", "visits_per_customer")  # true, but nobody's first question


def insights(
    facts: Sequence[Fact],
    wanted: Sequence[str],
    language: str,
    *,
    is_about_span: bool = False,
    request: str = "",
) -> list[Insight]:
    """What the facts say, the most important first; what was asked for by name weighs more.

    What `is_about_span` of time tells the movement over all values before the last step; earlier
    years come first where the `request` asks for them.
    """
    by_id = {fact.fact_id: fact for fact in facts}
    found = [
        *_whole_spans(facts, by_id, language, 4.6 if is_about_span else 2.8),
        *_changes(facts, by_id, language),
        *_growth(facts, by_id, language),
        *_combined(by_id, language),
        *(Insight(t.weight, t.text, _ids(t.facts)) for t in told_of(by_id, language, request)),
    ]
    told = {fact_id for insight in found for fact_id in insight.fact_ids}
    found += _levels([fact for fact in facts if fact.fact_id not in told], language)
    return rank(found, by_id, wanted)


def _ids(facts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(fact.fact_id for fact in facts)


def rank(found: Sequence[Insight], by_id: dict[str, Fact], wanted: Sequence[str]) -> list[Insight]:
    """The insights by weight; equal ones keep their order."""

    def weight(insight: Insight) -> float:
        told = [by_id[fact_id] for fact_id in insight.fact_ids if fact_id in by_id]
        is_wanted = any(is_about(fact, name) for fact in told for name in wanted)
        return insight.weight + is_wanted

    return sorted(found, key=weight, reverse=True)


def narrative(found: Sequence[Insight]) -> str:
    """The most important sentences as plain prose: two to four, fewer only if there are no more."""
    return " ".join(insight.text for insight in found[:LONGEST_NARRATIVE])


def write_alike(facts: Sequence[Fact], language: str) -> list[str]:
    """The values of "from … to …": in millions only if all of them reach a million."""
    are_large = {abs(fact.value) >= MILLION for fact in facts}
    if len(are_large) == 1:
        return [fact.text for fact in facts]
    return [write(fact.value, fact.unit, language, "exact") for fact in facts]


def points_text(percent: str, language: str) -> str:
    """A share written in percent as percentage points, of which one is a point."""
    number = percent.rstrip("%").rstrip("\u00a0 ")
    one, many = (("percentage point", "percentage points"), ("Prozentpunkt", "Prozentpunkte"))[
        int(is_german(language))
    ]
    return f"{number} {one if number.lstrip('-') == '1' else many}"


def fill(
    phrase: Phrase, fact: Fact, language: str, weight: float, *more: Fact, **texts: str
) -> Insight:
    """One sentence about a fact and those it is told with."""
    label = fact.label
    text = say(
        language,
        phrase,
        **{"now": fact.text, "label": label, "Label": label[:1].upper() + label[1:]} | texts,
    )
    return Insight(weight, text, (fact.fact_id, *(other.fact_id for other in more)))


def _verb(fact: Fact, change: float, language: str) -> str:
    if not is_german(language):
        return "rose" if change > 0 else "fell"
    return ("stiegen" if change > 0 else "sanken") if fact.unit == "count" else (
        "stieg" if change > 0 else "sank"
    )  # fmt: skip


def _changes(
    facts: Sequence[Fact], by_id: dict[str, Fact], language: str
) -> Iterator[Insight]:  # fmt: skip
    for now, before in pairs(facts):
        change = by_id.get(f"{now.fact_id}_change")
        percent = by_id.get(f"{now.fact_id}_change_percent")
        if change is None:
            continue
        used = [before, change, *([percent] if percent else [])]
        start, end = write_alike((before, now), language)
        texts = {"before": start, "now": end, "verb": _verb(now, change.value, language)}
        weight = 3.0 + (0.3 if now.fact_id in _FIRST else 0.0)
        if change.value == 0:
            yield fill(_SAME, now, language, weight - 0.5, *used)
        elif now.unit == "percent":
            points = points_text(write(abs(change.value), "percent", language), language)
            yield fill(_POINTS, now, language, weight, *used, **texts, points=points)
        elif percent is not None:
            texts["percent"] = write(abs(percent.value), "percent", language)
            weight += min(abs(percent.value), 1.0)
            phrase = _ROSE if percent.value > 0 else _FELL
            yield fill(phrase, now, language, weight, *used, **texts)
        else:
            yield fill(_WENT, now, language, weight, *used, **texts)


def _whole_spans(
    facts: Sequence[Fact], by_id: dict[str, Fact], language: str, weight: float
) -> Iterator[Insight]:
    """How each list moved from its first value to its last, and whether it did so all the time."""
    for change in facts:
        last = by_id.get(change.fact_id.removesuffix("_total_change"))
        if last is None or last is change or change.kind != "derived" or not change.value:
            continue
        values = _values_of(facts, last)
        first = by_id.get(change.source.rsplit(" \u2212 ", 1)[-1])
        if first is None or len(values) < 3:
            continue
        texts = {"verb": _verb(last, change.value, language)}
        texts["before"], texts["now"] = write_alike((first, last), language)
        texts["steadily"] = _steadily(values, language)
        percent = by_id.get(f"{change.fact_id}_percent")
        size = write(abs(change.value), change.unit, language)
        if change.unit == "percent":
            size = points_text(size, language)
        elif percent is not None:
            size = write(abs(percent.value), "percent", language)
        more = [first, change, *([percent] if percent else [])]
        yield fill(_WHOLE, last, language, weight, *more, **texts, size=size)


def _values_of(facts: Sequence[Fact], last: Fact) -> list[float]:
    """All given values of a list, oldest first."""
    points = [f for f in facts if f.fact_id.startswith(f"{last.fact_id}[")]
    before = [f for f in facts if f.fact_id == f"{last.fact_id}_previous"]
    return [fact.value for fact in (*points, *before, last)]


def _steadily(values: Sequence[float], language: str) -> str:
    """Whether every value went further the same way; nothing where it went up and down."""
    steps = [later - earlier for earlier, later in pairwise(values)]
    if all(step > 0 for step in steps):
        return say(language, (", higher every time", ", jedes Mal höher"))
    if all(step < 0 for step in steps):
        return say(language, (", lower every time", ", jedes Mal niedriger"))
    return ""


def _growth(facts: Sequence[Fact], by_id: dict[str, Fact], language: str) -> Iterator[Insight]:
    for fact in facts:
        if is_growth(fact):
            yield fill(_GROWTH, fact, language, 2.9)
        if fact.fact_id.endswith("_previous_implied"):
            growth = next((f for f in facts if is_growth(f) and f.fact_id in fact.source), None)
            if growth is not None:
                texts = {"growth": growth.text, "before": fact.text, "label": growth.label}
                yield fill(_IMPLIED, fact, language, 1.5, **texts)
        if fact.fact_id.endswith("_compound_growth"):
            yield fill(_COMPOUND, fact, language, 2.7)


def _combined(by_id: dict[str, Fact], language: str) -> Iterator[Insight]:
    """Levels that are better told together with what follows from them."""
    revenue = next((by_id[name] for name in _FIRST[:2] if name in by_id), None)
    if revenue is None and "mrr" in by_id:
        revenue = by_id["mrr"]
    year = by_id.get("revenue_annualised") or by_id.get("mrr_annualised")
    if revenue is not None and year is not None and year.source.startswith(revenue.fact_id):
        yield fill(_REVENUE, revenue, language, 2.5, year, year=year.text)
    conversions = by_id.get("conversions_monthly")
    if conversions is not None:
        visits, rate = (by_id[name] for name in conversions.source.split(" \u00d7 "))
        texts = {"visits": visits.text, "rate": rate.text, "conversions": conversions.text}
        yield fill(_FUNNEL, visits, language, 2.2, rate, conversions, **texts)
    each = by_id.get("revenue_per_customer")
    if each is not None:
        customers = by_id[each.source.split(" ÷ ")[1]]
        yield fill(_PER_CUSTOMER, each, language, 2.1, customers, customers=customers.text)


def _levels(facts: Sequence[Fact], language: str) -> Iterator[Insight]:
    for fact in facts:
        is_point = fact.fact_id.endswith(_NO_LEVELS)
        if is_point or fact.fact_id.endswith("_previous_implied"):
            continue
        weight = 1.0 if fact.kind == "given" else 0.8
        if fact.fact_id in _HELD_BACK:
            weight = 0.4
        if fact.fact_id.endswith("_share"):
            yield fill(_LEVEL, fact, language, 1.2 + fact.value)
        elif fact.unit == "count" and "." not in fact.fact_id:
            yield fill(_COUNT, fact, language, weight)
        elif fact.unit in ("count", "number"):
            yield fill(_NUMBER, fact, language, weight)
        else:
            phrase = _LEVELS if _PLURAL.search(fact.label) else _LEVEL
            yield fill(phrase, fact, language, weight)

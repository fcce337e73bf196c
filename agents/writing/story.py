"""Which story the facts tell: its points by weight, the strongest one, and the kind of story."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agents.figures.facts import Fact
from agents.figures.formulas import is_growth, pairs
from agents.figures.merit import merit_of
from agents.figures.metric_names import MONEY, words_of
from agents.figures.metric_notes import is_about
from agents.figures.number_patterns import WORD_VALUES
from agents.figures.numbers import find_numbers, matches, write
from agents.writing.brief import Brief, fact_map
from agents.writing.periods import over_span

Kind = Literal[
    "growth", "decline", "mixed", "efficiency", "milestone", "steady", "change", "level", "none"
]
FEWEST_VALUES = 3  # of a list, to be told as a way from the first to the last
FIRST = ("revenue_monthly", "monthly_revenue", "mrr", "revenue", "arr")
CLEAR_CHANGE = 0.005  # a change smaller than this is told as none that matters
_CHANGES = ("up", "down", "points_up", "points_down", "span_up", "span_down", "went")
_SEPARATOR = re.compile(r"[-.,:;!?]")
_DIGIT = re.compile(r"\d")
_NUMBER_WORDS = frozenset(word for values in WORD_VALUES.values() for word in values)
_ROUND = re.compile(r"^[125]0*$")
_MILESTONE = re.compile(r"\b(?:milestones?|meilensteine?n?|reached|hit|crossed|erreicht)\b", re.I)
_GROWTH_WORDS = re.compile(
    r"\b(?:growth|grow(?:n|ing|s)?|grew|increase\w*|wachstum\w*|gewachsen|wachsen|wuchs)\b|"
    r"\w+wachstum\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to say. `facts` begin with the one it is about; `merit` is 1 for good news, -1 for
    bad news. `texts` fill the placeholders of its phrasings.
    """

    kind: str
    facts: tuple[Fact, ...]
    weight: float
    merit: int = 0
    texts: tuple[tuple[str, str], ...] = ()

    @property
    def about(self) -> Fact:
        """The fact that the point is about."""
        return self.facts[0]


@dataclass(frozen=True, slots=True)
class Story:
    """The points by weight, what kind of story they make, and the facts that cannot be told."""

    kind: Kind
    points: tuple[Point, ...]
    untold: tuple[str, ...] = ()


def asks_for_growth(brief: Brief) -> bool:
    """Whether the request speaks of growth."""
    return bool(_GROWTH_WORDS.search(f"{brief.request} {brief.topic}"))


def story_of(brief: Brief) -> Story:
    """The story of the facts that may be told."""
    tellable, untold = _tellable(brief)
    by_id = fact_map(tellable)
    spans = list(_spans(tellable, brief))
    spanned = {point.about.fact_id for point in spans}
    changes = (p for p in _changes(tellable, by_id, brief) if p.about.fact_id not in spanned)
    points = [*spans, *changes, *_growth(tellable, brief)]
    changed = {point.about.fact_id for point in points}
    points += [p for p in _combined(by_id) if p.about.fact_id not in changed or len(p.facts) > 1]
    points += _shares(tellable)
    used = {fact.fact_id for point in points for fact in point.facts}
    points += _levels([fact for fact in tellable if fact.fact_id not in used])
    told = _wanted(points, brief)
    return Story(_kind(told, brief), tuple(told), tuple(untold))


def _tellable(brief: Brief) -> tuple[list[Fact], list[str]]:
    """The facts that may be told, and the labels of those that may not."""
    barred = (*brief.demands.must_avoid, *brief.demands.confidential)
    kept, left_out = [], []
    for fact in brief.facts:
        if any(_is_named(fact, phrase) for phrase in barred):
            left_out.append(fact.label)
        elif _can_be_named(fact, brief.language):
            kept.append(fact)
    return kept, list(dict.fromkeys(left_out))


def _is_named(fact: Fact, phrase: str) -> bool:
    names = (fact.label, fact.fact_id.replace("_", " "), fact.source.replace("_", " "))
    return is_about(fact, phrase) or any(phrase.casefold() in name.casefold() for name in names)


def _can_be_named(fact: Fact, language: str) -> bool:
    """Whether its name holds no number that a reader would take for a claim, and its own text
    is read back as this fact.
    """
    words = {word.casefold() for word in fact.label.split()}
    if not _DIGIT.search(fact.label) and not words & _NUMBER_WORDS:
        return True  # its text is written so that it is read back as its value
    read = find_numbers(f"{fact.label}: {fact.text}", language)
    return bool(read) and all(matches(mention, fact) for mention in read)


# ---------------------------------------------------------------------------------- points


def _spans(facts: Sequence[Fact], brief: Brief) -> Iterator[Point]:
    """Metrics given as lists over the time that the text is about, from the first value to now."""
    if brief.period and not over_span(brief.period, brief.is_german):
        return  # one period is asked for, not the way there
    for now in facts:
        values = values_of(now, brief.facts)
        if len(values) < FEWEST_VALUES or values[0].value == now.value:
            continue
        change = now.value - values[0].value
        size = min(abs(change / values[0].value), 1.0) if values[0].value else 1.0
        kind = "span_up" if change > 0 else "span_down"
        merit = merit_of(now) * (1 if change > 0 else -1)
        ends = (("first", values[0].text), ("now", now.text))
        yield Point(kind, (now, *values[:-1]), 3.4 + size, merit, ends)


def values_of(now: Fact, facts: Sequence[Fact]) -> list[Fact]:
    """The values of a metric over time, the first one first; empty for a metric without a list."""
    listed = [f for f in facts if f.kind == "given" and f.fact_id.startswith(f"{now.fact_id}[")]
    before = [f for f in facts if f.fact_id == f"{now.fact_id}_previous"]
    return [*listed, *before, now] if listed else []


def _changes(facts: Sequence[Fact], by_id: Mapping[str, Fact], brief: Brief) -> Iterator[Point]:
    for now, before in pairs(facts):
        percent = by_id.get(f"{now.fact_id}_change_percent")
        change = now.value - before.value
        size = abs(change / before.value) if before.value else 1.0
        weight = 3.0 + (0.3 if now.fact_id in FIRST else 0.0) + min(size, 1.0)
        merit = merit_of(now) * ((change > 0) - (change < 0))
        texts = _before_and_now(before, now, brief)
        if change == 0 or size < CLEAR_CHANGE:
            yield Point("same", (now, before), weight - 1.0)
        elif now.unit == "percent":
            points = write(abs(change), "percent", brief.language).rstrip("%").rstrip("\u00a0")
            kind = "points_up" if change > 0 else "points_down"
            yield Point(kind, (now, before), weight, merit, (*texts, ("points", points)))
        elif percent is not None:
            share = write(abs(percent.value), "percent", brief.language)
            kind = "up" if change > 0 else "down"
            yield Point(kind, (now, before), weight, merit, (*texts, ("percent", share)))
        else:
            yield Point("went", (now, before), weight, merit, texts)


def _before_and_now(before: Fact, now: Fact, brief: Brief) -> tuple[tuple[str, str], ...]:
    """Both values as they are written, with all digits where rounding would make them one."""
    if before.text != now.text:
        return ("before", before.text), ("now", now.text)
    old, new = (write(f.value, f.unit, brief.language, "exact") for f in (before, now))
    return ("before", old), ("now", new)


def _growth(facts: Sequence[Fact], brief: Brief) -> Iterator[Point]:
    for fact in facts:
        if is_growth(fact):
            weight = 3.2 if asks_for_growth(brief) else 2.9
            kind = "growth" if fact.value > 0 else "shrinking" if fact.value < 0 else "level"
            yield Point(kind, (fact,), weight, (fact.value > 0) - (fact.value < 0))
        elif fact.fact_id.endswith("_compound_growth"):
            yield Point("compound", (fact,), 1.6, merit_of(fact) * (1 if fact.value > 0 else -1))


_PAIRED = (
    # point, id of the derived fact, weight
    ("conversions", "conversions_monthly", 2.3),
    ("per_customer", "revenue_per_customer", 2.1),
    ("margin", "profit_margin", 2.0),
    ("margin", "profit_margin_monthly", 2.0),
    ("surplus", "monthly_surplus", 1.9),
    ("lifetime_ratio", "ltv_cac_ratio", 2.0),
    ("payback", "cac_payback_months", 1.8),
    ("per_visit", "revenue_per_visit", 1.3),
)
_ID = re.compile("[^\\s\u00d7÷\u2212+()]+")


def _combined(by_id: Mapping[str, Fact]) -> Iterator[Point]:
    """What follows from several facts, told together with them."""
    for name in ("revenue_annualised", "mrr_annualised"):
        year = by_id.get(name)
        level = by_id.get(year.source.split(" ")[0]) if year else None
        if year is not None and level is not None:
            yield Point("revenue", (level, year), 2.5)
    for kind, fact_id, weight in _PAIRED:
        derived = by_id.get(fact_id)
        if derived is None:
            continue
        parts = [by_id.get(name) for name in _ID.findall(derived.source)]
        if parts and all(part is not None for part in parts):
            yield Point(kind, (derived, *(part for part in parts if part is not None)), weight)


def _shares(facts: Sequence[Fact]) -> Iterator[Point]:
    """The largest part of each whole."""
    largest: dict[str, Fact] = {}
    for fact in facts:
        if fact.fact_id.endswith("_share") and fact.kind == "derived":
            group = fact.source.rsplit(" ÷ ", 1)[-1]
            if group not in largest or fact.value > largest[group].value:
                largest[group] = fact
    for fact in largest.values():
        yield Point("share", (fact,), 1.5 + fact.value)


_NO_LEVELS = (
    "_previous",
    "_change",
    "_change_percent",
    "_total_change_percent",
    "_total_change",
    "_runway_months",
    "_implied",
    "_share",
    "_forecast",
    "_forecast_low",
    "_forecast_high",
    "_confidence",
    "_trend",
    "_rank",
    "_ranked",
    "_change_to_best",
    "revenue_per_visit",
    "visits_per_customer",
    "revenue_per_customer_lifetime",
    "mrr_per_customer",
    "customer_lifetime_months",
    "_cagr",
    "_yoy_change",
    "_ytd",
    "_ytd_previous_year",
    "_ttm",
    "_payback_on_margin_months",
    "_target",
    "_needed_growth",
    "_needed_step",
    "_target_periods",
    "_target_later",
    "]",
)


def _levels(facts: Sequence[Fact]) -> Iterator[Point]:
    for fact in facts:
        if not fact.fact_id.endswith(_NO_LEVELS):
            is_given = fact.kind == "given"
            weight = (1.4 if is_given else 0.9) + (0.6 if fact.fact_id in FIRST else 0.0)
            yield Point("level", (fact,), weight - (0.3 if "." in fact.fact_id else 0.0))


# ------------------------------------------------------------------------------- the story


def _wanted(points: Sequence[Point], brief: Brief) -> list[Point]:
    """The points about what was asked for, by weight; all of them if none is about it."""
    included = " ".join(brief.demands.must_include)
    wanted = (*brief.wanted, *_named_in_request(points, brief))
    about = [replace(p, weight=p.weight + _named_first(p, brief)) for p in points]
    if brief.wanted and not all("growth" in words_of(name) for name in brief.wanted):
        kept = [p for p in about if any(_is_about(p, name) for name in wanted)]
        kept += [p for p in about if p not in kept and included and _is_about(p, included)]
        about = kept or about
    return sorted(about, key=lambda point: point.weight, reverse=True)


def _named_in_request(points: Sequence[Point], brief: Brief) -> Iterator[str]:
    """Metrics that the request names in another spelling: "sign-ups" for signups."""
    said = set(_SEPARATOR.sub("", brief.request.casefold()).split())
    for point in points:
        if point.about.label.casefold() in said:
            yield point.about.fact_id


def _is_about(point: Point, name: str) -> bool:
    return any(is_about(fact, name) or name in _ID.findall(fact.source) for fact in point.facts)


def _named_first(point: Point, brief: Brief) -> float:
    """A metric that the topic spells out leads."""
    topic = {word.strip(".,:").casefold() for word in brief.topic.split()}
    label = [word.casefold() for word in point.about.label.split() if len(word) > 2]
    is_one_thing = len(point.facts) == 1 or point.kind in ("up", "down", "points_up", "points_down")
    return 1.0 if is_one_thing and label and set(label) <= topic else 0.0


def _kind(points: Sequence[Point], brief: Brief) -> Kind:
    if not points:
        return "none"
    judged = [p for p in points if p.merit]
    if not judged:
        has_changed = any(point.kind in _CHANGES for point in points)
        return "change" if has_changed else "steady" if points[0].kind == "same" else "level"
    good, bad = (any(p.merit == side for p in judged) for side in (1, -1))
    if good and bad:
        return "mixed"
    if bad:
        return "decline"
    lead = judged[0]
    if _is_milestone(lead, brief):
        return "milestone"
    return "efficiency" if merit_of(lead.about) < 0 else "growth"


def _is_milestone(point: Point, brief: Brief) -> bool:
    """A round number that was reached from below, or that the request calls one."""
    if point.kind != "up" or point.about.unit not in MONEY | {"count"}:
        return False
    is_round = bool(_ROUND.match(f"{point.about.value:.0f}")) and point.about.value >= 100
    return is_round or bool(_MILESTONE.search(f"{brief.topic} {brief.request}"))

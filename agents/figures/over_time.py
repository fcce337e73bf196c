"""What follows from a metric's values over time: growth since the first, against the same period
last year, the year so far, the last twelve months, and growth a year."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.figures.derived import Derived
from agents.figures.metric_names import MONEY, word_set, words_of
from agents.figures.period_keys import PER_YEAR, key_of, period_number

if TYPE_CHECKING:
    from agents.figures.facts import Fact

_POINT = re.compile(r"^(?P<name>.+)\[(?P<key>[^\]]+)\]$")
_FLOWS = word_set(
    "revenue revenues sales orders signups sign-ups visits traffic sessions leads downloads costs "
    "cost profit profits spend spending expenses income purchases conversions impressions clicks "
    "turnover deals bookings shipments"
)
_STOCKS = word_set("mrr arr recurring per price average rate count budget cumulative total")


LEAST_YEARS = 2
_EACH = {
    "day": ("day", "Tag"), "week": ("week", "Woche"), "month": ("month", "Monat"),
    "quarter": ("quarter", "Quartal"), "half": ("half-year", "Halbjahr"), "year": ("year", "Jahr"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Points:
    """All values of one metric by the number of their period, and its latest."""

    kind: str
    latest: int
    facts: "Mapping[int, Fact]"

    @property
    def now(self) -> "Fact":
        return self.facts[self.latest]

    @property
    def is_flow(self) -> bool:
        """Whether its values may be added up: revenue can, a number of customers cannot."""
        words = set(words_of(self.now.fact_id))
        is_amount = self.now.unit in MONEY or self.now.unit in ("count", "number")
        return is_amount and bool(words & _FLOWS) and not words & _STOCKS


def over_time(given: "Mapping[str, Fact]", tongue: int) -> Iterator[Derived]:
    """What follows for every metric that has several values."""
    yield from _since_the_first(given, tongue)
    for points in _by_period(given):
        yield from _against_last_year(points, tongue)
        yield from _annual_growth(points, tongue)
        if points.is_flow:
            yield from _year_so_far(points, tongue)
            yield from _last_twelve_months(points, tongue)


def _by_period(given: "Mapping[str, Fact]") -> "Iterator[_Points]":
    groups: dict[str, list[Fact]] = {}
    for fact in given.values():
        match = _POINT.match(fact.fact_id)
        if match and match["name"] in given:
            groups.setdefault(match["name"], []).append(fact)
    for name, earlier in groups.items():
        before = given.get(f"{name}_previous")
        every = [*earlier, *([before] if before else ()), given[name]]
        numbers = [period_number(fact.period) for fact in every]
        kinds = {number[0] for number in numbers if number}
        if all(numbers) and len(kinds) == 1 and kinds <= set(PER_YEAR):
            known = {n[1]: fact for n, fact in zip(numbers, every, strict=True) if n}
            yield _Points(kinds.pop(), max(known), known)


def _against_last_year(points: _Points, tongue: int) -> Iterator[Derived]:
    then = points.facts.get(points.latest - PER_YEAR[points.kind])
    now = points.now
    if then is None or points.kind == "year":
        return
    ids = f"{now.fact_id} \u2212 {then.fact_id}"
    label = ("change in {} against the same period last year",
             "Änderung zum Vorjahreszeitraum: {}")[tongue].format(now.label)  # fmt: skip
    if now.unit == "percent":
        points_label = f"{label} {('(percentage points)', '(Prozentpunkte)')[tongue]}"
        value = now.value - then.value
        yield Derived(f"{now.fact_id}_yoy_change", points_label, value, now.unit, ids, now.period)
    elif then.value > 0:
        value = (now.value - then.value) / then.value
        source = f"({ids}) ÷ {then.fact_id}"
        name = f"{now.fact_id}_yoy_change_percent"
        yield Derived(name, label, value, "percent", source, now.period)


def _year_so_far(points: _Points, tongue: int) -> Iterator[Derived]:
    """The sum from the year's first period to the latest, where all of them are there."""
    parts = PER_YEAR[points.kind]
    first = points.latest - points.latest % parts
    this = _sum(points, range(first, points.latest + 1))
    if this is None or points.kind == "year" or points.latest == first:
        return
    now, year = points.now, points.latest // parts
    label = ("{} in {} so far", "{} im Jahr {} bisher")[tongue].format(now.label, year)
    yield _total(f"{now.fact_id}_ytd", label, this, now)
    before = _sum(points, range(first - parts, points.latest - parts + 1))
    if before is None or before[0] <= 0:
        return
    label = ("{} in the same part of {}", "{} im selben Teil von {}")[tongue]
    yield _total(f"{now.fact_id}_ytd_previous_year", label.format(now.label, year - 1), before, now)
    label = ("change in {} for the year so far", "Änderung im Jahr bisher: {}")[tongue]
    yield Derived(
        f"{now.fact_id}_ytd_change_percent", label.format(now.label), this[0] / before[0] - 1,
        "percent", f"{now.fact_id}_ytd ÷ {now.fact_id}_ytd_previous_year \u2212 1", now.period,
    )  # fmt: skip


def _last_twelve_months(points: _Points, tongue: int) -> Iterator[Derived]:
    parts = PER_YEAR[points.kind]
    is_calendar_year = points.latest % parts == parts - 1  # then the year so far says the same
    whole = _sum(points, range(points.latest - parts + 1, points.latest + 1))
    if whole is not None and not is_calendar_year and points.kind in ("month", "quarter"):
        label = ("{} over the last twelve months", "{} der letzten zwölf Monate")[tongue]
        yield _total(f"{points.now.fact_id}_ttm", label.format(points.now.label), whole, points.now)


def _sum(points: _Points, numbers: range) -> tuple[float, str] | None:
    facts = [points.facts.get(number) for number in numbers]
    known = [fact for fact in facts if fact is not None]
    if len(known) < len(facts):
        return None
    first, last = key_of(points.kind, numbers[0]), key_of(points.kind, numbers[-1])
    name = points.now.fact_id
    return sum(fact.value for fact in known), f"sum of {name} from {first} to {last}"


def _total(fact_id: str, label: str, found: tuple[float, str], like: "Fact") -> Derived:
    return Derived(fact_id, label, found[0], like.unit, found[1], like.period)


def _annual_growth(points: _Points, tongue: int) -> Iterator[Derived]:
    """The compound annual growth rate over whole years, so that no season looks like growth."""
    parts = PER_YEAR[points.kind]
    years = (points.latest - min(points.facts)) // parts
    first, now = points.facts.get(points.latest - years * parts), points.now
    if years < LEAST_YEARS or first is None or now.unit == "percent":
        return
    if first.value <= 0 or now.value <= 0:
        return
    value = (now.value / first.value) ** (1 / years) - 1
    label = ("compound annual growth of {}", "mittleres Jahreswachstum: {}")[tongue]
    source = f"({now.fact_id} ÷ {first.fact_id})^(1/{years}) \u2212 1"
    fact_id = f"{now.fact_id}_cagr"
    yield Derived(fact_id, label.format(now.label), value, "percent", source, now.period)


def _since_the_first(given: "Mapping[str, Fact]", tongue: int) -> Iterator[Derived]:
    seen: set[str] = set()
    for fact in given.values():
        match = _POINT.match(fact.fact_id)
        if not match or match["name"] in seen or match["name"] not in given:
            continue
        name, last = match["name"], given[match["name"]]
        seen.add(name)  # the first point is the oldest
        steps = _steps(match["key"], last)
        if steps < 2:
            continue
        yield _total_change(name, fact, last, tongue)
        if fact.value <= 0 or last.value <= 0 or last.unit == "percent":
            continue
        yield Derived(
            f"{name}_total_change_percent",
            ("change in {} since the first value", "Änderung seit dem ersten Wert: {}")[
                tongue
            ].format(last.label),
            last.value / fact.value - 1,
            "percent",
            f"{name} ÷ {fact.fact_id} \u2212 1",
        )
        yield Derived(
            f"{name}_compound_growth",
            _per_period(last)[tongue].format(last.label),
            (last.value / fact.value) ** (1 / steps) - 1,
            "percent",
            f"({name} ÷ {fact.fact_id})^(1/{steps}) \u2212 1",
        )


def _per_period(last: "Fact") -> tuple[str, str]:
    number = None if last.source.endswith("]") else period_number(last.period)
    each = _EACH.get(number[0] if number else "", ("period", "Periode"))
    return f"compound growth of {{}} per {each[0]}", f"mittleres Wachstum je {each[1]}: {{}}"


def _total_change(name: str, first: "Fact", last: "Fact", tongue: int) -> Derived:
    label = ("change in {} since the first value", "Änderung seit dem ersten Wert: {}")[tongue]
    label = label.format(last.label)
    if last.unit == "percent":
        label = f"{label} {('(percentage points)', '(Prozentpunkte)')[tongue]}"
    source = f"{name} \u2212 {first.fact_id}"
    return Derived(
        f"{name}_total_change", label, last.value - first.value, last.unit, source, last.period
    )


def _steps(first_key: str, last: "Fact") -> int:
    """How many periods lie between the first value and the last."""
    if last.source.endswith("]"):
        return int(last.source.rsplit("[", 1)[1][:-1]) - int(first_key)
    begin, end = period_number(first_key), period_number(last.period)
    return end[1] - begin[1] if begin and end else 0

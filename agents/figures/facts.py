"""Facts: the numbers that may stand in a text, each given or derived by a named formula."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from agents.figures.formulas import LARGEST, derive
from agents.figures.metric_names import Unit, is_german, label_of, scale_of, unit_of
from agents.figures.metric_reading import Metrics, read_metrics
from agents.figures.numbers import find_numbers, write
from agents.figures.period_keys import coarser, key_of, period_number
from streams.domain.values import Json, Value

__all__ = ["Fact", "Series", "Unit", "derived_facts", "given_facts", "series"]

MOST_POINTS = 36  # of a list, the latest values that become facts by themselves, besides the first


class Fact(Value):
    """One number with where it comes from.

    `value` is in base units: dollars, a share for percent (0.045 is 4.5 %), pieces for counts, a
    multiple for ratios.
    """

    fact_id: str  # "revenue_monthly", "revenue_annualised", "customers_from_traffic"
    label: str  # "monthly revenue"
    value: float
    unit: Unit = "number"
    period: str = ""  # "Q4 2024"
    kind: Literal["given", "derived"] = "given"
    source: str = ""  # "business_metrics.customer_count" | a formula of fact ids
    text: str = ""  # as it is written in a sentence: "$150,000", "4.5%"


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one metric over time, oldest first; a key is an index or a period."""

    name: str
    keys: tuple[str, ...]
    values: tuple[float, ...]
    is_by_period: bool
    given_keys: tuple[str, ...] = ()  # as they were written, where days stand for longer periods

    def path(self, position: int) -> str:
        """Where a value stands in the metrics."""
        key = (self.given_keys or self.keys)[position]
        return f"business_metrics.{self.name}" + (f".{key}" if self.is_by_period else f"[{key}]")


def is_number(value: Any) -> bool:
    """Whether it is a finite number, and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and _is_finite(value)


def _is_finite(value: float) -> bool:
    return abs(value) <= LARGEST  # an integer can lie beyond all floats; a NaN is never less


def series(business_metrics: Json, period: str = "", language: str = "en") -> dict[str, Series]:
    """The metrics given as lists or as numbers by period; values after `period` are left out."""
    return _series(read_metrics(business_metrics, language), period)


def _series(metrics: Metrics, period: str) -> dict[str, Series]:
    found: dict[str, Series] = {}
    for name, value in metrics.values.items():
        if name == "previous":
            continue
        if isinstance(value, list | tuple):
            one = _from_list(name, value)
        elif isinstance(value, dict):
            one = _from_periods(name, value, period)
        else:
            continue
        if one is not None:
            found[name] = one
    return found


def _from_list(name: str, values: Sequence[Any]) -> Series | None:
    scale = scale_of(name)
    kept = [(str(i), float(v) * scale) for i, v in enumerate(values) if is_number(v)]
    if not kept or len(kept) < len(values):  # with holes in it, nobody knows how long the steps are
        return None
    return Series(name, tuple(k for k, _ in kept), tuple(v for _, v in kept), is_by_period=False)


def _from_periods(name: str, values: Json, period: str) -> Series | None:
    numbered = [(period_number(str(k)), str(k), v) for k, v in values.items() if is_number(v)]
    kinds = {number[0] for number, _, _ in numbered if number}
    if not numbered or len(kinds) != 1 or any(number is None for number, _, _ in numbered):
        return None
    ordered = sorted((number, key, v) for number, key, v in numbered if number)
    wanted = period_number(period)
    if wanted and any(number == wanted for number, _, _ in ordered):
        ordered = [row for row in ordered if row[0] <= wanted]
    keys = given = tuple(key for _, key, _ in ordered)
    if kinds == {"day"}:
        keys = tuple(key_of(*number) for number in coarser([n[1] for n, _, _ in ordered]))
    elif any(find_numbers(key) for key in keys):  # in a label, its digits would read as a claim
        keys = tuple(key_of(*number) for number, _, _ in ordered)
    scale = scale_of(name)
    numbers = tuple(float(v) * scale for _, _, v in ordered)
    return Series(name, keys, numbers, True, given if given != keys else ())


# ------------------------------------------------------------------------------------------ given


def given_facts(business_metrics: Json, period: str = "", language: str = "en") -> list[Fact]:
    """The facts that the metrics state; what is no finite number is left out.

    A list or numbers by period give the latest value under the metric's name, the one before as
    `…_previous` and the others as `…[key]`; other dicts give their parts; `previous` is last
    period's values by metric.
    """
    metrics = read_metrics(business_metrics, language)
    found = list(_given(metrics, period, language))
    return list({fact.fact_id: fact for fact in reversed(found)}.values())[::-1]


def _given(metrics: Metrics, period: str, language: str) -> Iterator[Fact]:
    over_time, values = _series(metrics, period), metrics.values
    for name, value in values.items():
        if name in over_time:
            yield from _points(over_time[name], metrics, period, language)
        elif name == "previous":
            continue  # last, so that the values of a list come first
        elif isinstance(value, dict):
            yield from _parts(name, value, metrics, period, language)
        elif is_number(value):
            yield _single(name, value, metrics, period, language)
    previous = values.get("previous")
    for name, value in previous.items() if isinstance(previous, dict) else ():
        if is_number(value):
            source = f"business_metrics.previous.{name}"
            yield _given_fact(f"{name}_previous", name, value, source, metrics, "", language)


def _single(name: str, value: float, metrics: Metrics, period: str, language: str) -> Fact:
    stem, source = _stem_of_previous(name), f"business_metrics.{name}"
    if stem in metrics.values and stem != name:
        return _given_fact(f"{stem}_previous", stem, value, source, metrics, "", language)
    return _given_fact(name, name, value, source, metrics, period, language)


def _unit(name: str, value: float, metrics: Metrics) -> Unit:
    """The unit that was written, else the one that the name implies, in the currency given."""
    written = metrics.units.get(name)
    if written is not None:
        return written
    unit = unit_of(name, value)
    is_named = unit != "usd" or name.lower().endswith("_usd")
    return unit if is_named else metrics.money


def _given_fact(
    fact_id: str,
    name: str,
    value: float,
    source: str,
    metrics: Metrics,
    period: str,
    language: str,
) -> Fact:
    label = label_of(name, language)
    if fact_id.endswith("_previous"):
        label = ("{} der Vorperiode" if is_german(language) else "previous {}").format(label)
    unit = _unit(name, value, metrics)
    return _fact(fact_id, label, value * scale_of(name), unit, source, language, period)


def _fact(
    fact_id: str,
    label: str,
    value: float,
    unit: Unit,
    source: str,
    language: str,
    period: str = "",
    kind: Literal["given", "derived"] = "given",
) -> Fact:
    return Fact(
        fact_id=fact_id,
        label=label,
        value=float(value),
        unit=unit,
        period=period,
        kind=kind,
        source=source,
        text=write(float(value), unit, language),
    )


def _stem_of_previous(name: str) -> str:
    for mark in ("previous_", "prev_", "last_"):
        name = name.removeprefix(mark)
    for mark in ("_previous", "_prev", "_last_month", "_last_quarter", "_last_year"):
        name = name.removesuffix(mark)
    return name


def _points(one: Series, metrics: Metrics, period: str, language: str) -> Iterator[Fact]:
    """The latest value by the metric's name, the one before as previous, others by their key."""
    latest = len(one.values) - 1
    for i, (key, value) in enumerate(zip(one.keys, one.values, strict=True)):
        if 0 < i < latest - MOST_POINTS:
            continue
        fact_id = {latest: one.name, latest - 1: f"{one.name}_previous"}.get(
            i, f"{one.name}[{key}]"
        )
        label = label_of(one.name, language)
        when = key if one.is_by_period else period if i == latest else ""
        if i < latest:
            label = f"{label} ({key})" if one.is_by_period else f"{label} (#{i + 1})"
        unit = _unit(one.name, max(one.values, key=abs), metrics)
        yield _fact(fact_id, label, value, unit, one.path(i), language, when)


def _parts(name: str, parts: Json, metrics: Metrics, period: str, language: str) -> Iterator[Fact]:
    for key, value in parts.items():
        if is_number(value):
            source = f"business_metrics.{name}.{key}"
            label = f"{label_of(name, language)} ({key})"
            unit = _unit(name, value, metrics)
            yield _fact(
                f"{name}.{key}", label, value * scale_of(name), unit, source, language, period
            )


# ---------------------------------------------------------------------------------------- derived


def derived_facts(facts: Sequence[Fact], language: str = "en") -> list[Fact]:
    """What follows from the given facts by the named formulas of `agents.figures.formulas`."""
    return [
        _fact(d.fact_id, d.label, d.value, d.unit, d.source, language, d.period, "derived")
        for d in derive(facts, language)
    ]

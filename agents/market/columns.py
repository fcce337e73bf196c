"""Says what the columns of a table are: who, when, and which figures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agents.figures.metric_names import Unit, is_german, label_of, unit_of, words_of
from agents.figures.period_keys import period_number
from agents.market.cells import Numbers, header_words, is_missing, read_numbers
from agents.market.table import Table, plain_name

MOST_METRICS = 12
_WHO = (
    "company", "competitor", "vendor", "provider", "brand", "firm", "supplier", "player", "peer",
    "anbieter", "firma", "unternehmen", "wettbewerber", "marke", "hersteller", "konkurrent",
    "name", "product", "produkt", "region", "segment", "country", "land", "channel", "kanal",
    "category", "kategorie", "market", "markt", "händler", "retailer", "entity",
)  # fmt: skip
_WHEN = (
    "period", "date", "month", "quarter", "year", "week", "day", "zeitraum", "datum", "monat",
    "quartal", "jahr", "woche", "tag", "periode", "time", "zeit",
)  # fmt: skip
_WHICH = ("metric", "kennzahl", "measure", "indicator", "merkmal", "kpi")
_VALUE = ("value", "wert", "amount", "betrag")
_CANONICAL = {
    "umsatz": "revenue", "erlös": "revenue", "erlöse": "revenue", "sales": "revenue",
    "turnover": "revenue", "preis": "price", "kunden": "customers", "kundenzahl": "customers",
    "marktanteil": "market_share", "gewinn": "profit", "kosten": "costs", "besucher": "traffic",
    "visits": "traffic", "besuche": "traffic", "mitarbeiter": "employees", "abwanderung": "churn",
    "monatsumsatz": "revenue_monthly", "konversionsrate": "conversion_rate",
}  # fmt: skip
_LABELS = {  # beside those of figures.metric_names
    "market_share": ("market share", "Marktanteil"), "price": ("price", "Preis"),
    "employees": ("employees", "Mitarbeitende"), "rating": ("rating", "Bewertung"),
    "units": ("units", "Stück"), "market_size": ("market size", "Marktgröße"),
}  # fmt: skip
_KNOWN_GERMAN = ("revenue", "customers", "profit", "costs", "traffic", "churn", "conversion_rate",
                 "revenue_monthly", "customer_count", "traffic_monthly", "cac", "ltv", "arpu",
                 "mrr", "arr", "aov", "growth_rate", "churn_rate")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure that a table holds: how it is named, called and measured, and in which column."""

    name: str
    label: str
    unit: Unit
    column: int
    period: str  # of a column that is a period itself
    numbers: Numbers
    is_named_unit: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """The roles of the columns. `which` and `value` are those of a table with a figure a row."""

    who: int | None
    when: int | None
    metrics: tuple[Metric, ...]
    which: int | None = None
    value: int | None = None


def shape_of(table: Table, language: str) -> Shape:
    """What the columns are, by their names and by what stands in them."""
    when = _column(table, _WHEN, _are_periods)
    which = _column(table, _WHICH, _are_texts)
    value = _column(table, _VALUE, None) if which is not None else None
    if value is None:
        which = None
    taken = {when, which}
    who = _column(table, _WHO, _are_texts, taken)
    if who is None:
        who = _first_of_names(table, taken)
    if when is None:
        when = _first_of_periods(table, {who, which})
    taken = {who, when, which}
    is_comma = table.is_semicolon or is_german(language)
    metrics: list[Metric] = []
    for i, header in enumerate(table.columns):
        found = None if i in taken else read_numbers(header, _cells(table, i), is_german=is_comma)
        if found is not None:
            metrics.append(_metric(header, i, found, table, language))
    return Shape(who, when, tuple(metrics[:MOST_METRICS]), which, value)


def canonical(name: str) -> str:
    """The one name of a figure, so that "Umsatz" and "revenue" are the same."""
    plain = "_".join(words_of(header_words(name)))
    return _CANONICAL.get(plain, plain) or plain_name(name)


def called(name: str, given: str, language: str) -> str:
    """How a figure is called in a sentence: in the reader's language where that is known."""
    german = is_german(language)
    if name in _LABELS:
        return _LABELS[name][int(german)]
    if name in _KNOWN_GERMAN or not german:
        return label_of(name, language)
    return header_words(given)


def _metric(header: str, column: int, numbers: Numbers, table: Table, language: str) -> Metric:
    is_period = period_number(header) is not None
    name = "value" if is_period else canonical(header)
    label = called(name, header, language)
    if is_period:
        label = ("value", "Wert")[int(is_german(language))]
    unit, is_named = unit_for(name, numbers, table)
    return Metric(name, label, unit, column, header if is_period else "", numbers, is_named)


def unit_for(name: str, numbers: Numbers, table: Table) -> tuple[Unit, bool]:
    """The unit of a figure, and whether it was named rather than guessed from the name.

    Money without a named currency has no unit: nobody said that it is dollars.
    """
    if numbers.unit is not None:
        return numbers.unit, True
    largest = max((abs(v) for v in numbers.values if v is not None), default=0.0)
    guess = unit_of(name, largest)
    if guess == "percent" and largest > 1:
        return "number", False
    if guess != "usd":
        return guess, False
    named = read_numbers(f"({table.currency})", [1], is_german=False) if table.currency else None
    return (named.unit, True) if named is not None and named.unit else ("number", False)


def _cells(table: Table, column: int) -> list[Any]:
    return [row[column] for row in table.rows]


def _column(
    table: Table, names: Sequence[str], fits: Any, taken: set[int | None] | None = None
) -> int | None:
    """The first column that is named so and holds what fits, names in the order of the list."""
    for name in names:
        for i, header in enumerate(table.columns):
            words = re.split(r"[\W_]+", header.lower())
            is_named = name in words or header.lower().rstrip("s") == name
            if is_named and i not in (taken or ()) and (fits is None or fits(_cells(table, i))):
                return i
    return None


def _are_periods(cells: Sequence[Any]) -> bool:
    there = [str(cell) for cell in cells if not is_missing(cell)]
    return (
        bool(there) and sum(period_number(cell) is not None for cell in there) >= len(there) * 0.8
    )


def _are_texts(cells: Sequence[Any]) -> bool:
    there = [cell for cell in cells if not is_missing(cell)]
    texts = [
        c for c in there if isinstance(c, str) and read_numbers("", [c], is_german=False) is None
    ]
    return bool(there) and len(texts) >= len(there) * 0.8


def _first_of_names(table: Table, taken: set[int | None]) -> int | None:
    free = (i for i in range(len(table.columns)) if i not in taken)
    return next(
        (i for i in free if _are_texts(_cells(table, i)) and not _are_periods(_cells(table, i))),
        None,
    )


def _first_of_periods(table: Table, taken: set[int | None]) -> int | None:
    """A column of periods under another name. Plain numbers such as 2019 are figures there."""
    free = (i for i in range(len(table.columns)) if i not in taken)
    return next(
        (
            i
            for i in free
            if _are_periods(_cells(table, i))
            and any(isinstance(c, str) and not c.strip().isdigit() for c in _cells(table, i))
        ),
        None,
    )

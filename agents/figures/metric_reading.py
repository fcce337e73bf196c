"""Reads metrics as people write them: numbers as text, currencies, rows with dates."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from agents.figures.metric_names import CURRENCIES, Unit
from agents.figures.number_patterns import SCALES
from agents.figures.number_reading import read_digits
from agents.figures.period_keys import period_number
from streams.domain.values import Json

MOST_CHARACTERS = 40  # of a number written as text; what is longer is a sentence
CURRENCY = "currency"  # a metric of this name says which money all others are in
_PERIOD_KEYS = ("period", "date", "month", "quarter", "week", "day", "year", "monat", "datum")
_VALUE_KEYS = ("value", "amount", "total", "wert", "betrag")
_MONEY = r"US\$|\$|€|£|[A-Za-z]{3}"
_WRITTEN = re.compile(
    rf"""\s*(?P<sign>[+\-\u2212])?\s*(?P<lead>{_MONEY})?\s*(?P<inner>[\-\u2212])?
    (?P<digits>\d+(?:[.,'\u2019\u00a0\u202f]\d+)*)
    [\s\u00a0\u202f]*(?P<scale>thousand|millions?|billions?|tausend|millionen|milliarden?|
        tsd\.?|mio\.?|mill\.?|mrd\.?|k|mn|m|bn|b)?
    [\s\u00a0\u202f]*(?P<percent>%|percent|prozent|pct)?(?P<tail>US\$|\$|€|£|euros?|dollars?|[A-Z]{{3}})?
    (?:[\s]*/[\s]*(?:month|mo|monat))?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_GERMAN_SCALES = frozenset(("tausend", "millionen", "milliarde", "milliarden", "tsd", "mio", "mrd"))


@dataclass(frozen=True, slots=True)
class Written:
    """A number that was given as text, in base units, with the unit that it names."""

    value: float
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class Metrics:
    """The metrics as numbers, lists and numbers by period; the units that were named; and what
    was read from text, by metric."""

    values: Json
    units: Mapping[str, Unit] = field(default_factory=dict)
    money: Unit = "usd"
    as_text: Mapping[str, str] = field(default_factory=dict)
    mixed: tuple[str, ...] = ()  # given in two units, so that nobody can add or compare them


def read_metrics(business_metrics: Json, language: str = "en") -> Metrics:
    """The metrics with every number that was written as text read as one."""
    values: Json = {}
    units: dict[str, Unit] = {}
    as_text: dict[str, str] = {}
    mixed: list[str] = []
    for name, given in business_metrics.items():
        if name == CURRENCY and _currency(given):
            continue
        found: set[Unit] = set()
        if name == "previous" and isinstance(given, dict):
            values[name] = {key: _read(one, language, found) for key, one in given.items()}
            continue
        value = _read(_by_period(given), language, found)
        if len(found) > 1:
            mixed.append(name)
            continue
        values[name] = value
        units.update((name, unit) for unit in found)
        if value != given and isinstance(given, str):
            as_text[name] = given
    money = _currency(business_metrics.get(CURRENCY)) or "usd"
    return Metrics(values, units, money, as_text, tuple(mixed))


def read_number(text: str, language: str = "en") -> Written | None:
    """A number as people write it: "1.250.000 €", "$1.2m", "4,5 %"; None for anything else.

    A mark that could be decimal or group thousands is read as in the language; behind a number,
    a euro sign or a German word of scale says that it was written the German way.
    """
    match = _WRITTEN.fullmatch(text) if len(text) <= MOST_CHARACTERS else None
    if match is None:
        return None
    scale = (match["scale"] or "").lower().rstrip(".")
    is_german = scale in _GERMAN_SCALES or (match["tail"] or "").lower() in ("€", "eur", "euro")
    digits = read_digits(match["digits"], "de" if is_german else language)
    named = match["lead"] or match["tail"]
    unit = _currency(named)
    if digits is None or (named and unit is None) or (unit and match["percent"]):
        return None
    sign = -1.0 if (match["sign"] or "+") != "+" or match["inner"] else 1.0
    factor = 0.01 if match["percent"] else _scale(scale)
    return Written(sign * digits[0] * factor, "percent" if match["percent"] else unit)


def _scale(word: str) -> float:
    return SCALES.get(word) or SCALES.get(word.removesuffix("s"), 1.0)


def _currency(given: Any) -> Unit | None:
    return CURRENCIES.get(given.strip().lower()) if isinstance(given, str) else None


def _read(given: Any, language: str, units: set[Unit]) -> Any:
    """The value with its texts read; the units that they name are added to `units`."""
    if isinstance(given, dict):
        return {key: _read(value, language, units) for key, value in given.items()}
    if isinstance(given, list | tuple):
        return [_read(value, language, units) for value in given]
    written = read_number(given, language) if isinstance(given, str) else None
    if written is None:
        return given
    if written.unit is not None:
        units.add(written.unit)
    return written.value


def _by_period(given: Any) -> Any:
    """Rows such as {"month": "2024-01", "value": 5} as numbers by period; else what was given."""
    if not isinstance(given, list | tuple) or not given:
        return given
    rows = [_row(one) for one in given]
    found = dict(_known(rows))
    return found if len(found) == len(given) else given


def _row(one: Any) -> tuple[str, Any] | None:
    if isinstance(one, list | tuple) and len(one) == 2 and isinstance(one[0], str):
        return (one[0], one[1]) if period_number(one[0]) else None
    if not isinstance(one, dict):
        return None
    named = {str(key).lower(): value for key, value in one.items()}
    key = next((named[name] for name in _PERIOD_KEYS if name in named), None)
    value = next((named[name] for name in _VALUE_KEYS if name in named), None)
    if value is None and len(named) == 2:
        value = next(v for name, v in named.items() if name not in _PERIOD_KEYS)
    return (str(key), value) if key is not None and period_number(str(key)) else None


def _known(rows: Iterable[tuple[str, Any] | None]) -> Iterator[tuple[str, Any]]:
    return (row for row in rows if row is not None)

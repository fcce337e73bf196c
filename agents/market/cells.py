"""Reads a column of cells as numbers: German or English marks, currencies, shares, gaps."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agents.figures.facts import is_number
from agents.figures.metric_names import CURRENCIES, Unit
from agents.figures.metric_reading import read_number

MISSING = frozenset(
    ("", "-", "\u2013", "\u2014", "n/a", "na", "n.a.", "null", "none", "nan", "#n/a", "k.a.", "?")
)  # fmt: skip
_COMMA_DECIMAL = re.compile(r"\d,\d{1,2}(?!\d)|\d\.\d{3},|\d\.\d{3}\.\d{3}")
_POINT_DECIMAL = re.compile(r"\d\.\d{1,2}(?!\d)|\d,\d{3}\.|\d,\d{3},\d{3}")
_HEADER_SCALE = (
    (re.compile(r"\b(?:in\s)?(?:mio\.?|millionen|millions?|mn)\b|[\s(]m\)", re.I), 1e6),
    (re.compile(r"\b(?:in\s)?(?:mrd\.?|milliarden|billions?|bn)\b", re.I), 1e9),
    (re.compile(r"\b(?:in\s)?(?:tsd\.?|tausend|thousands?|000s?)\b|\(k\)|\bk€", re.I), 1e3),
)
_HEADER_CURRENCY = re.compile(
    r"US\$|[$€£]|(?<![^\W_])(?:USD|EUR|GBP|CHF|euros?|dollars?)(?![^\W_])", re.I
)
_HEADER_PERCENT = re.compile(r"%|\b(?:percent|prozent|pct)\b", re.I)
_HEADER_SHARE = re.compile(
    r"(?:share|anteil|rate|quote|margin|marge|growth|wachstum|churn|retention)(?![a-z])", re.I
)
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")
_NUMBER = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column read as numbers in base units; None where there is a gap."""

    values: tuple[float | None, ...]
    unit: Unit | None  # what the header or the cells name
    unread: tuple[int, ...]  # rows with something that is no number
    as_percent: bool = False  # read as percent because of the header's words alone


def is_missing(cell: Any) -> bool:
    """Whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and cell.strip().lower() in MISSING)


def read_numbers(header: str, cells: Sequence[Any], *, is_german: bool) -> Numbers | None:
    """The column as numbers; None if it is none of numbers.

    Most of what is there must be a number. Marks are read the way that the cells show; where they
    do not, as in German if `is_german`.
    """
    texts = [cell for cell in cells if isinstance(cell, str) and not is_missing(cell)]
    language = _marks(texts, is_german=is_german)
    units: set[Unit] = set()
    values: list[float | None] = []
    unread: list[int] = []
    for i, cell in enumerate(cells):
        value = None if is_missing(cell) else _number(cell, language, units)
        if value is None and not is_missing(cell):
            unread.append(i)
        values.append(value)
    there = sum(value is not None for value in values)
    if there == 0 or len(unread) > there / 4:
        return None
    return _in_base_units(header, values, units, tuple(unread))


def header_words(header: str) -> str:
    """The name of a column without its unit: "Umsatz (Mio. €)" is "Umsatz"."""
    name = _HEADER_CURRENCY.sub(" ", _HEADER_PERCENT.sub(" ", _BRACKETS.sub(" ", header)))
    for pattern, _ in _HEADER_SCALE:
        name = pattern.sub(" ", name)
    name = re.sub(r"\bin\s*$", "", " ".join(name.split())).strip(" ,:-_/")
    return name or header


def _marks(texts: Sequence[str], *, is_german: bool) -> str:
    commas = sum(bool(_COMMA_DECIMAL.search(text)) for text in texts)
    points = sum(bool(_POINT_DECIMAL.search(text)) for text in texts)
    if commas == points:
        return "de" if is_german else "en"
    return "de" if commas > points else "en"


def _number(cell: Any, language: str, units: set[Unit]) -> float | None:
    if isinstance(cell, str):
        text = cell.strip().lstrip("'")
        is_bracketed = text.startswith("(") and text.endswith(")")  # as accountants write a loss
        written = read_number(text[1:-1] if is_bracketed else text, language)
        if written is None:
            return None
        if written.unit is not None:
            units.add(written.unit)
        return -written.value if is_bracketed else written.value
    return float(cell) if is_number(cell) else None


def _in_base_units(
    header: str, values: Sequence[float | None], units: set[Unit], unread: tuple[int, ...]
) -> Numbers:
    if len(units) > 1:  # two currencies in one column: nobody can compare these
        return Numbers(tuple(values), None, unread)
    unit = next(iter(units), None) or _named_unit(header)
    scale = next((scale for pattern, scale in _HEADER_SCALE if pattern.search(header)), 1.0)
    largest = max(abs(value) for value in values if value is not None)
    is_by_words = False
    if unit == "percent" and not units:
        scale = 0.01 if largest > 1 or not _is_share(header) else 1.0
    elif unit is None and _is_share(header) and largest <= 100:
        unit, is_by_words = "percent", largest > 1
        scale = 0.01 if largest > 1 else 1.0
    scaled = tuple(None if value is None else value * scale for value in values)
    return Numbers(scaled, unit, unread, is_by_words)


def _is_share(header: str) -> bool:
    return bool(_HEADER_SHARE.search(header))


def _named_unit(header: str) -> Unit | None:
    if _HEADER_PERCENT.search(header):
        return "percent"
    found = _HEADER_CURRENCY.search(header)
    if found:
        return CURRENCIES.get(found.group().lower())
    last = re.split(r"[\s_]+", header.lower())[-1]
    return CURRENCIES.get(last) if _NUMBER.search(last) is None else None

"""The periods that a text names, and whether they are those it may be about."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from agents.quality.draft import Examined
from agents.quality.prose import small

_YEAR = r"(?P<{}>(?:19|20)\d\d)"
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4,
    "erste": 1, "zweite": 2, "dritte": 3, "vierte": 4,
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_GERMAN_MONTHS = {"mär": 3, "mai": 5, "okt": 10, "dez": 12}
_PERIOD = re.compile(
    rf"\b{_YEAR.format('y1')}[\s-]?q(?P<q1>[1-4])\b"
    rf"|\bq(?P<q2>[1-4])(?:[\s/-]*(?:of\s)?(?:{_YEAR.format('y2')}|['\u2019](?P<s2>\d\d)))?\b"
    rf"|\b(?P<q3>first|second|third|fourth)[\s-]quarter(?:\s(?:of\s)?{_YEAR.format('y3')})?\b"
    rf"|\b(?P<q4>[1-4])\.\squartal(?:\s{_YEAR.format('y4')})?\b"
    rf"|\b(?P<q5>erste|zweite|dritte|vierte)[nrms]?\squartal\w*(?:\s{_YEAR.format('y5')})?\b"
    rf"|\b(?P<month>jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zä]*\.?\s"
    rf"{_YEAR.format('y6')}\b"
    rf"|(?<![\d.,$€£%/#\w-])(?:fy\s?)?{_YEAR.format('y7')}(?![\d%/]|[.,]\d)"
)
_HAS_PERIOD = re.compile(r"(?:19|20)\d\d|(?<![^\W_])[Qq][1-4](?![^\W_])|[Qq]uart")
REACH = 16  # characters around a year or a quarter in which the rest of a period stands
LAST_QUARTER = 4


@dataclass(frozen=True, slots=True)
class Named:
    """A period in a text: a quarter, a year, or both."""

    start: int
    end: int
    quarter: int | None
    year: int | None


def named_periods(text: str) -> Iterator[Named]:
    """The quarters, months with a year, and years that a text names."""
    lowered = small(text)
    read_to = 0
    for hint in _HAS_PERIOD.finditer(lowered):
        begin = max(read_to, hint.start() - REACH)
        for match in _PERIOD.finditer(lowered, begin, hint.end() + REACH):
            read_to = match.end()
            yield _named(match)


def _named(match: re.Match[str]) -> Named:
    found = match.groupdict()
    quarter = next((found[f"q{i}"] for i in range(1, 6) if found[f"q{i}"]), None)
    year = next((found[f"y{i}"] for i in range(1, 8) if found[f"y{i}"]), None)
    if found["s2"]:
        year = f"20{found['s2']}"
    number = _quarter(quarter, found["month"])
    return Named(match.start(), match.end(), number, int(year) if year else None)


def _quarter(quarter: str | None, month: str | None) -> int | None:
    if month:
        name = month.lower()[:3]
        number = _GERMAN_MONTHS.get(name) or _MONTHS.index(name) + 1
        return (number + 2) // 3
    if not quarter:
        return None
    return int(quarter) if quarter.isdecimal() else _ORDINALS[quarter]


def strangers(examined: Examined) -> list[Named]:
    """The periods in the text that neither the request nor the facts are about."""
    named = list(named_periods(examined.draft.text))
    if not named or examined.draft.kind == "check":  # which names the years of laws
        return []
    quarters, years = _known(examined)
    return [one for one in named if not _is_known(one, quarters, years)]


def _is_known(one: Named, quarters: set[tuple[int, int | None]], years: set[int]) -> bool:
    if one.quarter is None:
        return one.year in years
    same = [year for quarter, year in quarters if quarter == one.quarter]
    return bool(same) and (one.year is None or one.year in same or None in same)


def _known(examined: Examined) -> tuple[set[tuple[int, int | None]], set[int]]:
    """The quarters with their years, and the years; an earlier one where facts compare with it."""
    asked = examined.asked
    quarters: set[tuple[int, int | None]] = set()
    for period in asked.periods:
        quarters |= set(_overlapped(str(period.get("start", "")), str(period.get("end", ""))))
    has_previous = any(f.fact_id.endswith("_previous") for f in examined.facts)
    if has_previous:
        quarters |= {_before(q, y) for q, y in quarters if y}
    years = {year for _, year in quarters if year}
    texts = [asked.request, asked.stated, *(str(p.get("label", "")) for p in asked.periods)]
    texts += {f.period for f in examined.facts}
    texts += [f.fact_id.replace("_", " ") for f in examined.facts if _HAS_PERIOD.search(f.fact_id)]
    for named in named_periods("\n".join(texts)):
        if named.quarter is not None:
            quarters.add((named.quarter, named.year))
        if named.year is not None:
            years.add(named.year)
    if years:
        years |= {max(years) + 1} | ({min(years) - 1} if has_previous else set())
    return quarters, years


def _before(quarter: int, year: int | None) -> tuple[int, int | None]:
    if quarter > 1:
        return quarter - 1, year
    return LAST_QUARTER, year - 1 if year else None


def _overlapped(start: str, end: str) -> Iterable[tuple[int, int]]:
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        return
    at = first.year * LAST_QUARTER + (first.month - 1) // 3
    until = last.year * LAST_QUARTER + (last.month - 1) // 3
    for number in range(at, min(until, at + 40) + 1):
        yield number % LAST_QUARTER + 1, number // LAST_QUARTER

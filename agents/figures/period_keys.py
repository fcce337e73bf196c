"""Which period a key names, and how many lie between two: "Q4 2024", "2024-W05", "31.01.2024"."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise

PER_YEAR = {"month": 12, "quarter": 4, "half": 2, "year": 1}
LETTERS = {"quarter": "Q", "half": "H"}
_PARTS = (
    ("quarter", re.compile(r"^(?P<year>\d{4})[\s_/-]?Q(?P<part>[1-4])$", re.I)),
    ("quarter", re.compile(r"^Q(?P<part>[1-4])[\s_/-]?(?P<year>\d{4})$", re.I)),
    ("quarter", re.compile(r"^Q(?P<part>[1-4])[\s_/-]?['\u2019]?(?P<short>\d{2})$", re.I)),
    ("quarter", re.compile(r"^(?P<part>[1-4])\.\s?Quartal\s(?P<year>\d{4})$", re.I)),
    ("half", re.compile(r"^(?P<year>\d{4})[\s_/-]?H(?P<part>[12])$", re.I)),
    ("half", re.compile(r"^H(?P<part>[12])[\s_/-]?(?P<year>\d{4})$", re.I)),
    ("month", re.compile(r"^(?P<year>\d{4})[-_/.](?P<part>0?[1-9]|1[0-2])$")),
    ("month", re.compile(r"^(?P<part>0?[1-9]|1[0-2])[/.-](?P<year>\d{4})$")),
    ("year", re.compile(r"^(?:FY\s?)?(?P<year>\d{4})$", re.I)),
)
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "mär": 3, "mae": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
_NAMED_MONTH = re.compile(
    r"^(?P<month>[A-Za-zä]{3})[a-zä]*\.?[\s-](?:(?P<year>\d{4})|['\u2019]?(?P<short>\d{2}))$"
)
_WEEK = re.compile(r"^(\d{4})[\s_-]?(?:W|KW)\s?(\d{1,2})$", re.I)
_DAYS: tuple[tuple[re.Pattern[str], Callable[..., tuple[int, int, int]]], ...] = (
    (re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+Z?)?$"), lambda y, m, d: (y, m, d)),
    (re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$"), lambda d, m, y: (y, m, d)),
    (re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$"), lambda m, d, y: (y, m, d)),
)


@lru_cache(maxsize=4096)
def period_number(text: str) -> tuple[str, int] | None:
    """The kind of a period and its number among its kind, by which periods can be ordered.

    "2024-Q4" and "Q4 2024" are the same quarter; None for what names no period. Days are read as
    2024-01-31, 31.01.2024 or, the American way, 1/31/2024.
    """
    text = text.strip()
    for kind, pattern in _PARTS:
        match = pattern.match(text)
        if match:
            found = match.groupdict()
            part = int(found.get("part") or 1)
            return kind, _year(found) * PER_YEAR[kind] + part - 1
    named = _NAMED_MONTH.match(text)
    if named and named["month"].lower() in _MONTHS:
        return "month", _year(named.groupdict()) * 12 + _MONTHS[named["month"].lower()] - 1
    return _week(text) or _day(text)


def _year(found: dict[str, str | None]) -> int:
    return int(found.get("year") or 0) or 2000 + int(found.get("short") or 0)


def _week(text: str) -> tuple[str, int] | None:
    match = _WEEK.match(text)
    try:
        day = date.fromisocalendar(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        return None
    return ("week", day.toordinal() // 7) if day else None


def _day(text: str) -> tuple[str, int] | None:
    for pattern, order in _DAYS:
        match = pattern.match(text)
        if match:
            try:
                return "day", date(*order(*map(int, match.groups()))).toordinal()
            except ValueError:
                return None
    return None


def key_of(kind: str, number: int) -> str:
    """A period by its number: 2024-03, 2024-Q1, 2024-W05, 2024-01-31."""
    if kind == "day":
        return date.fromordinal(number).isoformat()
    if kind == "week":
        year, week, _ = date.fromordinal(number * 7 + 1).isocalendar()
        return f"{year}-W{week:02}"
    year, part = divmod(number, PER_YEAR[kind])
    forms = {"month": f"-{part + 1:02}", "quarter": f"-Q{part + 1}", "half": f"-H{part + 1}"}
    return f"{year}{forms.get(kind, '')}"


def number_on(day: date, kind: str) -> int:
    """The number of the period of a kind that a day lies in."""
    if kind == "day":
        return day.toordinal()
    if kind == "week":
        return (day.toordinal() - 1) // 7
    return day.year * PER_YEAR[kind] + (day.month - 1) * PER_YEAR[kind] // 12


def coarser(numbers: Sequence[int]) -> list[tuple[str, int]]:
    """Ordered days as weeks, months, quarters or years where that is how far they are apart."""
    days = [date.fromordinal(number) for number in numbers]
    apart = {later - earlier for earlier, later in pairwise(numbers)}
    if apart == {7}:
        return [("week", number_on(day, "week")) for day in days]
    for kind in ("month", "quarter", "year"):
        found = [number_on(day, kind) for day in days]
        steps = {later - earlier for earlier, later in pairwise(found)}
        if apart and min(apart) > 7 and steps == {1}:
            return [(kind, number) for number in found]
    return [("day", number) for number in numbers]

"""Spans of time named in a request: "Q4", "last month", "im letzten Quartal", "March to May 2025".

A quarter, half or month without its year is the last one that has ended or is running on the day of
the request. Weeks begin on Monday. All days are UTC.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from streams.domain.intent import DateRange
from streams.domain.values import Milliseconds

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH_NUMBERS = {
    **{name.lower(): number for number, name in enumerate(MONTHS, 1)},
    **{name.lower()[:3]: number for number, name in enumerate(MONTHS, 1)},
    "sept": 9, "januar": 1, "februar": 2, "märz": 3, "maerz": 3, "mai": 5, "juni": 6, "juli": 7,
    "oktober": 10, "okt": 10, "dezember": 12, "dez": 12,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "1st": 1, "1.": 1, "second": 2, "2nd": 2, "2.": 2, "third": 3, "3rd": 3, "3.": 3,
    "fourth": 4, "4th": 4, "4.": 4, "final": 4,
}  # fmt: skip
_GERMAN_ORDINALS = {"erst": 1, "zweit": 2, "dritt": 3, "viert": 4}
_UNITS = {
    "day": "day", "tag": "day", "week": "week", "woche": "week", "month": "month", "monat": "month",
    "quarter": "quarter", "quartal": "quarter", "half": "half", "halbjahr": "half",
    "year": "year", "jahr": "year",
}  # fmt: skip
_SMALL = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "twelve": 12,
    "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "zwölf": 12,
}  # fmt: skip
_MONTHS_IN_UNIT = {"month": 1, "quarter": 3, "half": 6, "year": 12}

_YEAR = r"(?:20\d\d|19\d\d)"
_OF_YEAR = (
    rf"(?:[\s/,-]{{0,2}}(?:(?:of|in|des|vom|fy)\s)?\s?(?:the\s)?(?:jahres\s)?(?P<year>{_YEAR}|"
    rf"['\u2019]\d\d\b|last\syear|this\syear))?"
)
_ORDINAL = (
    r"(?:first|second|third|fourth|final|[1-3](?:st|nd|rd)|4th|[1-4]\.|(?:erst|zweit|dritt|"
    r"viert)e[nsrm]?)"
)
_MONTH = "|".join(sorted((re.escape(name) for name in _MONTH_NUMBERS), key=len, reverse=True))
_LAST = (
    r"(?:last|previous|prior|past|letzte[nsrm]?|vergangene[nsrm]?|vorige[nsrm]?|vorherige[nsrm]?)"
)
_THIS = r"(?:this|current|running|diese[nsrm]?|aktuelle[nsrm]?|laufende[nsrm]?)"
_NEXT = r"(?:next|upcoming|coming|nächste[nsrm]?|kommende[nsrm]?)"
_UNIT = (
    r"(?:week|woche|month|monats?|quarter|quartals?|half(?:[\s-]year)?|halbjahre?s?|year|jahre?s?)"
)
_UNIT_MANY = r"(?:days?|tagen?|weeks?|wochen?|months?|monaten?|quarters?|quartalen?|years?|jahren?)"

_PATTERN = re.compile(
    "|".join(
        (
            rf"(?P<iso>\b{_YEAR}-\d\d-\d\d\b(?:\s?(?:to|until|till|bis|\u2013|"
            rf"/)\s?{_YEAR}-\d\d-\d\d\b)?)",
            rf"(?P<coded>\b{_YEAR}[\s/-]?[qQhH][1-4]\b)",
            rf"(?P<part>\b(?:(?:[qQ][1-4]|[hH][12])\b|{_ORDINAL}\s(?:quarter|quartals?|half|"
            rf"halbjahre?s?)\b){_OF_YEAR})",
            rf"(?P<iso_month>\b{_YEAR}-(?:0[1-9]|1[0-2])\b(?!-))",
            rf"(?P<months>\b(?:(?:between|zwischen)\s(?:{_MONTH})\s(?:and|und)|(?:{_MONTH})\b\.?\s?"
            rf"(?:to|until|through|bis|\u2013|-))\s?(?:{_MONTH})\b(?:\s{_YEAR}\b)?)",
            rf"(?P<since>\b(?:since|seit)\s(?:{_MONTH}|{_YEAR})\b(?:\s{_YEAR}\b)?)",
            rf"(?P<month>\b(?:{_MONTH})\b\.?(?:[\s,]{{1,2}}{_YEAR}\b)?)",
            rf"(?P<rolling>\b{_LAST}\s(?:\d{{1,3}}|{'|'.join(_SMALL)})\s{_UNIT_MANY}\b)",
            rf"(?P<relative>\b(?:{_LAST}|{_THIS}|{_NEXT})\s{_UNIT}\b)",
            r"(?P<to_date>\b(?:year[\s-]to[\s-]date|ytd|month[\s-]to[\s-]date|mtd|"
            r"seit jahresbeginn)\b)",
            r"(?P<day>\b(?:yesterday|gestern|today['\u2019]s)\b)",
            r"(?P<word>\b(?:vormonats?|vorquartals?|vorjahre?s?|vorwoche)\b)",
            r"(?P<bare_year>(?<=[a-zäöüß]\s)20[1-3]\d\b(?=\s*(?:$|[.!?,;:)]|"
            r"\s(?:and|und|for|für|vs|in|im|on|auf|as|als|with|mit|by)\b)))",
            rf"(?P<years>\b{_YEAR}(?=\s?(?:and|und|vs\.?|versus|to|with|mit|-)"
            rf"\s?{_YEAR}\b))",
            rf"(?P<year_only>\b(?:and|und|mit|in|of|for|during|from|vs\.?|versus|than|im jahr|"
            rf"jahr|year|fy|für|von|aus|to|with|zu|gegenüber)\s?{_YEAR}\b)",
        )
    ),
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"(?:\b(?:vs|versus|against|than|compared (?:to|with)|comparison (?:to|with)|relative to|"
    r"gegenüber(?: dem| der)?|"
    r"verglichen mit|im vergleich (?:zu|zum|zur|mit)|vergleich (?:zu|zum|zur|mit))\b|\bvs\.)"
    r"\s?(?:the |our |dem |der |den )?$",
    re.IGNORECASE,
)
_MONTH_LEAD = re.compile(
    r"\b(?:in|for|of|during|since|from|by|until|vs\.?|to|im|für|vom|seit|bis|last|this|our)\s$",
    re.IGNORECASE,
)

_YEARS = re.compile(_YEAR)
_DAY_BEFORE = re.compile(
    r"\b(?:[12]?\d|3[01])(?:\.|st|nd|rd|th)?\s(?:of\s|day of\s)?$", re.IGNORECASE
)
_DAY_AFTER = re.compile(r"\s(?:[12]?\d|3[01])(?:st|nd|rd|th)?\b(?![\d.,]*\d|\s?%)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A span of time and where the text names it. `is_comparison` says that something is compared
    with it."""

    period: DateRange
    start: int
    end: int
    is_comparison: bool = False


def day_of(moment: Milliseconds) -> date:
    """The day (UTC) of a moment in milliseconds since the Unix epoch."""
    return datetime.fromtimestamp(moment / 1000, UTC).date()


def find_periods(text: str, today: date, known: Sequence[DateRange] = ()) -> list[NamedPeriod]:
    """All spans of time that a text names, in its order.

    A quarter, half or month without its year is the newest such one among those that are `known`
    to have data, if there is one.
    """
    found = []
    for match in _PATTERN.finditer(text):
        kind = match.lastgroup if match.lastgroup != "year" else "part"
        words = match.group().lower()
        before = text[max(0, match.start() - 24) : match.start()]
        if kind is None or (kind == "month" and not _is_month(match.group(), before)):
            continue
        if kind == "month" and _is_day(text, match, before):
            continue  # "from March 1" is a date to tell, not a month to look at
        year = match.group("year") or ""
        period = _READERS[kind](words, year, today)
        if period is not None and kind in ("part", "month") and not (year or _YEARS.search(words)):
            period = _newest_like(period, known)
        if period is not None:
            is_compared = bool(_COMPARED.search(before)) or words.startswith(
                ("vs", "versus", "than")
            )
            is_compared = is_compared or kind == "word"
            found.append(NamedPeriod(period, match.start(), match.end(), is_compared))
    return found


def period_and_comparison(
    text: str, today: date, *, is_comparing: bool = False, known: Sequence[DateRange] = ()
) -> tuple[DateRange | None, DateRange | None]:
    """The span a request is about, and the one it is compared with.

    With only a comparison named ("vs last month") the span is the one that follows it. With
    `is_comparing`, two spans side by side ("compare Q3 and Q4") are compared: the later with the
    earlier.
    """
    named = find_periods(text, today, known)
    plain = [n.period for n in named if not n.is_comparison]
    if is_comparing and len(plain) == len(named) == 2:
        earlier, later = sorted(plain, key=lambda period: (period.start, period.end))
        return later, earlier
    main = plain[0] if plain else None
    other = next((n.period for n in named if n.is_comparison), None)
    if main is None and other is not None:
        main = following(other)
    return main, other


def _newest_like(period: DateRange, known: Sequence[DateRange]) -> DateRange:
    """The newest known period that is the same part of some year; else the period itself."""
    part = period.label.split()[0]
    same = [one for one in known if one.label.split()[0] == part]
    return max(same, key=lambda one: one.start, default=period)


def calendar_period(unit: str, number: int) -> DateRange:
    """The month, quarter, half or year of a number, as `metric_names.period_number` counts."""
    months = _MONTHS_IN_UNIT[unit]
    year, part = divmod(number, 12 // months)
    return _calendar(date(year, part * months + 1, 1), unit)


def following(period: DateRange) -> DateRange:
    """The span of the same length after this one; calendar units stay calendar units."""
    start, end = date.fromisoformat(period.start), date.fromisoformat(period.end)
    begin = end + timedelta(days=1)
    months = (begin.year - start.year) * 12 + begin.month - start.month
    if start.day == 1 and begin.day == 1 and months in _MONTHS_IN_UNIT.values():
        return _calendar(begin, next(u for u, n in _MONTHS_IN_UNIT.items() if n == months))
    return _span(f"{begin} to {begin + (end - start)}", begin, begin + (end - start))


# ------------------------------------------------------------------------------- calendar units


def _calendar(day: date, unit: str, shift: int = 0) -> DateRange:
    """The week, month, quarter, half or year a day lies in, or one `shift` units later."""
    if unit in ("day", "week"):
        start = day if unit == "day" else day - timedelta(days=day.weekday())
        length = 1 if unit == "day" else 7
        start += timedelta(days=shift * length)
        label = start.isoformat() if unit == "day" else f"week of {start.isoformat()}"
        return _span(label, start, start + timedelta(days=length - 1))
    months = _MONTHS_IN_UNIT[unit]
    index = (day.month - 1) // months
    start = _plus_months(date(day.year, index * months + 1, 1), shift * months)
    number = (start.month - 1) // months + 1
    label = {
        "month": f"{MONTHS[start.month - 1]} {start.year}",
        "quarter": f"Q{number} {start.year}",
        "half": f"H{number} {start.year}",
        "year": str(start.year),
    }[unit]
    return _span(label, start, _plus_months(start, months) - timedelta(days=1))


def _span(label: str, start: date, end: date) -> DateRange:
    return DateRange(label=label, start=start.isoformat(), end=end.isoformat())


def _plus_months(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, day.day)


def _dated(unit: str, number: int, year: str, today: date) -> DateRange:
    """A numbered quarter, half or month of a year, or the last one that has begun."""
    month = (number - 1) * _MONTHS_IN_UNIT[unit] + 1
    if year:
        return _calendar(date(_year(year, today), month, 1), unit)
    this_year = date(today.year, month, 1)
    return _calendar(this_year if this_year <= today else date(today.year - 1, month, 1), unit)


def _year(words: str, today: date) -> int:
    if words.endswith("year"):
        return today.year - (1 if words.startswith("last") else 0)
    digits = words.lstrip("'\u2019")
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


# ------------------------------------------------------------------------------- how each is read


def _is_month(word: str, before: str) -> bool:
    """Whether a month's name is meant: "may" and "march" are words of their own, "Mar" may be a
    name."""
    if any(c.isdigit() for c in word):
        return True
    return word[0].isupper() and (len(word) > 5 or bool(_MONTH_LEAD.search(before)))


def _is_day(text: str, match: re.Match[str], before: str) -> bool:
    return bool(_DAY_BEFORE.search(before) or _DAY_AFTER.match(text, match.end()))


def _iso(words: str, year: str, today: date) -> DateRange | None:
    days = re.findall(r"\d{4}-\d\d-\d\d", words)
    try:
        start, end = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    except ValueError:
        return None
    return _span(words if len(days) == 1 else f"{start} to {end}", *sorted((start, end)))


def _coded(words: str, year: str, today: date) -> DateRange | None:
    number, unit = int(words[-1]), "quarter" if "q" in words else "half"
    return None if unit == "half" and number > 2 else _dated(unit, number, words[:4], today)


def _part(words: str, year: str, today: date) -> DateRange | None:
    if words[0] in "qh" and words[1:2].isdigit():
        unit, number = ("quarter" if words[0] == "q" else "half"), int(words[1])
    else:
        ordinal, noun = words.split()[:2]
        unit = "quarter" if noun.startswith("qua") else "half"
        stem = re.sub(r"e[nsrm]?$", "", ordinal)
        number = _ORDINALS.get(ordinal) or _GERMAN_ORDINALS.get(stem, 0)
        if ordinal == "final" and unit == "half":
            number = 2
    most = 4 if unit == "quarter" else 2
    return _dated(unit, number, year.lower(), today) if 1 <= number <= most else None


def _months(words: str, year: str, today: date) -> DateRange | None:
    names = [name for name in re.findall(r"[^\W\d_]+", words) if name in _MONTH_NUMBERS]
    digits = re.findall(r"\d{4}", words)
    last = _dated("month", _MONTH_NUMBERS[names[-1]], "".join(digits), today)
    end = date.fromisoformat(last.end)
    start = date(end.year, _MONTH_NUMBERS[names[0]], 1)
    if start > end:
        start = date(end.year - 1, start.month, 1)
    return _span(f"{MONTHS[start.month - 1]} to {last.label}", start, end)


def _iso_month(words: str, year: str, today: date) -> DateRange | None:
    return _calendar(date(int(words[:4]), int(words[5:]), 1), "month")


def _month(words: str, year: str, today: date) -> DateRange | None:
    name, digits = re.findall(r"[^\W\d_]+", words)[0], re.findall(r"\d{4}", words)
    return _dated("month", _MONTH_NUMBERS[name], "".join(digits), today)


def _since(words: str, year: str, today: date) -> DateRange | None:
    rest = words.split(maxsplit=1)[1]
    first = _calendar(date(int(rest), 1, 1), "year") if rest.isdigit() else _month(rest, "", today)
    if first is None or date.fromisoformat(first.start) > today:
        return None
    return _span(f"since {first.label}", date.fromisoformat(first.start), today)


def _rolling(words: str, year: str, today: date) -> DateRange | None:
    _, count, noun = words.split()
    number, unit = _SMALL.get(count) or int(count), _unit(noun)
    plural = f"last {number} {unit}{'s' if number != 1 else ''}"
    if number < 1 or (unit == "year" and number > 50):
        return None
    if unit in ("day", "week"):
        length = number * (7 if unit == "week" else 1)
        return _span(plural, today - timedelta(days=length - 1), today)
    # Whole calendar units that have ended: numbers of a running month say nothing yet.
    last = _calendar(today, unit, -1)
    return _span(
        plural,
        date.fromisoformat(_calendar(today, unit, -number).start),
        date.fromisoformat(last.end),
    )


def _relative(words: str, year: str, today: date) -> DateRange | None:
    which, noun = words.split(maxsplit=1)
    is_last = re.fullmatch(_LAST, which, re.IGNORECASE)
    is_next = re.fullmatch(_NEXT, which, re.IGNORECASE)
    return _calendar(today, _unit(noun), -1 if is_last else 1 if is_next else 0)


def _to_date(words: str, year: str, today: date) -> DateRange | None:
    is_month = words.startswith("m")
    start = date(today.year, today.month if is_month else 1, 1)
    return _span(f"{'month' if is_month else str(today.year)} to date", start, today)


def _day(words: str, year: str, today: date) -> DateRange | None:
    return _calendar(today, "day", -1 if words in ("yesterday", "gestern") else 0)


def _word(words: str, year: str, today: date) -> DateRange | None:
    return _calendar(today, _unit(words.removeprefix("vor")), -1)


def _year_only(words: str, year: str, today: date) -> DateRange | None:
    return _calendar(date(int(words[-4:]), 1, 1), "year")


def _unit(noun: str) -> str:
    return next(unit for stem, unit in _UNITS.items() if noun.startswith(stem))


_READERS: dict[str, Callable[[str, str, date], DateRange | None]] = {
    "iso": _iso, "coded": _coded, "part": _part, "months": _months, "since": _since,
    "month": _month,
    "rolling": _rolling, "relative": _relative, "to_date": _to_date, "day": _day, "word": _word,
    "iso_month": _iso_month, "bare_year": _year_only, "years": _year_only, "year_only": _year_only,
}  # fmt: skip

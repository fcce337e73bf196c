"""The period of a text as it stands in a sentence: "in Q4 2024", "im vierten Quartal"."""

import re

_QUARTER = re.compile(r"^Q([1-4])\b")
_HALF = re.compile(r"^H([12])\b")
_MONTH = re.compile(
    r"^(January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?:\s(\d{4}))?$"
)
_YEAR = re.compile(r"^(?:FY\s?)?(\d{4})$")
_GERMAN_MONTHS = {
    "January": "Januar",
    "February": "Februar",
    "March": "März",
    "April": "April",
    "May": "Mai",
    "June": "Juni",
    "July": "Juli",
    "August": "August",
    "September": "September",
    "October": "Oktober",
    "November": "November",
    "December": "Dezember",
}
MONTHS = tuple(_GERMAN_MONTHS)
_PARTS = {
    "quarter": (
        ("first", "second", "third", "fourth"),
        ("ersten", "zweiten", "dritten", "vierten"),
    ),
    "half": (("first", "second"), ("ersten", "zweiten")),
}


_SPAN = re.compile(r"^last (\d{1,2}) (days|weeks|months|quarters|years)$")
_SO_FAR = re.compile(r"^((?:Q[1-4] |H[12] )?\d{4}) so far$")
_COUNTS = {
    2: ("two", "zwei"), 3: ("three", "drei"), 4: ("four", "vier"), 5: ("five", "fünf"),
    6: ("six", "sechs"), 7: ("seven", "sieben"), 8: ("eight", "acht"), 9: ("nine", "neun"),
    10: ("ten", "zehn"), 11: ("eleven", "elf"), 12: ("twelve", "zwölf"),
}  # fmt: skip
_SPAN_UNITS = {
    "days": "Tagen",
    "weeks": "Wochen",
    "months": "Monaten",
    "quarters": "Quartalen",
    "years": "Jahren",
}
# What lies before a period, where the earlier value does not say when it was.
_BEFORE = (
    (_QUARTER, ("in the quarter before", "im Quartal davor")),
    (_HALF, ("in the half-year before", "im Halbjahr davor")),
    (_MONTH, ("in the month before", "im Monat davor")),
    (_YEAR, ("in the year before", "im Jahr davor")),
)


def over_span(label: str, is_german: bool) -> str:
    """The words for a stretch of time: "over the last six months"; empty for anything else."""
    found = _SPAN.match(label)
    count = _COUNTS.get(int(found[1])) if found else None
    if found is None or count is None:
        return ""
    if is_german:
        return f"in den letzten {count[1]} {_SPAN_UNITS[found[2]]}"
    return f"over the last {count[0]} {found[2]}"


def time_before(label: str, is_german: bool) -> str:
    """The words for the period before this one; "before" where its length is not known."""
    for pattern, words in _BEFORE:
        if pattern.match(label):
            return words[int(is_german)]
    return "zuvor" if is_german else "before"


def in_period(label: str, is_german: bool, *, has_digits: bool = True) -> str:
    """The words that place a sentence in a period; empty where there is nothing to say.

    Without digits a quarter or a month is named without its year.
    """
    if not label or _SPAN.match(label):
        return ""
    so_far = _SO_FAR.match(label)
    if so_far and has_digits:
        within = in_period(so_far[1], is_german)
        return f"bisher {within}" if is_german else f"so far {within}"
    if not has_digits:
        return _in_words(label, is_german)
    if _QUARTER.match(label) or _HALF.match(label):
        return f"{'im' if is_german else 'in'} {label}"
    month = _MONTH.match(label)
    if month:
        name = _GERMAN_MONTHS[month[1]] if is_german else month[1]
        return f"{'im' if is_german else 'in'} {name} {month[2] or ''}".strip()
    if _YEAR.match(label):
        return f"im Jahr {label[-4:]}" if is_german else f"in {label[-4:]}"
    return f"({label})"


def _in_words(label: str, is_german: bool) -> str:
    tongue = int(is_german)
    for kind, pattern, names in (
        ("quarter", _QUARTER, ("in the {} quarter", "im {} Quartal")),
        ("half", _HALF, ("in the {} half", "im {} Halbjahr")),
    ):
        found = pattern.match(label)
        if found:
            return names[tongue].format(_PARTS[kind][tongue][int(found[1]) - 1])
    month = _MONTH.match(label)
    if month:
        return f"im {_GERMAN_MONTHS[month[1]]}" if is_german else f"in {month[1]}"
    return ""

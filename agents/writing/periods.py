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
_PARTS = {
    "quarter": (
        ("first", "second", "third", "fourth"),
        ("ersten", "zweiten", "dritten", "vierten"),
    ),
    "half": (("first", "second"), ("ersten", "zweiten")),
}


def in_period(label: str, is_german: bool, *, has_digits: bool = True) -> str:
    """The words that place a sentence in a period; empty where there is nothing to say.

    Without digits a quarter or a month is named without its year.
    """
    if not label:
        return ""
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

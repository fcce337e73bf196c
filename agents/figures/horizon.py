"""How far ahead a forecast is to look: "the next three months", "bis Jahresende"."""

import re
from dataclasses import dataclass
from datetime import date
from math import ceil

from agents.figures.facts import Series
from agents.figures.metric_names import is_german, words_of
from agents.figures.period_keys import key_of, number_on, period_number
from streams.domain.values import Json

MOST_STEPS = 12
LARGEST_COUNT = 120
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_EVERY = {
    "monthly": "month", "quarterly": "quarter", "yearly": "year", "annual": "year",
    "weekly": "week", "daily": "day",
}  # fmt: skip
_ENGLISH = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
_GERMAN = (
    "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf",
    "zwölf",
)  # fmt: skip
_COUNTS = {word: n for words in (_ENGLISH, _GERMAN) for n, word in enumerate(words, 1)}
_STEMS = {
    "day": "day", "tag": "day", "week": "week", "woche": "week", "month": "month",
    "monat": "month", "quarter": "quarter", "quartal": "quarter", "half": "half",
    "halbjahr": "half", "year": "year", "jahr": "year",
}  # fmt: skip
_NOUNS = {
    "day": ("day", "days", "Tage"), "week": ("week", "weeks", "Wochen"),
    "month": ("month", "months", "Monate"), "quarter": ("quarter", "quarters", "Quartale"),
    "half": ("half-year", "half-years", "Halbjahre"), "year": ("year", "years", "Jahre"),
}  # fmt: skip
_NEXT_ONE = {
    "day": "den nächsten Tag", "week": "die nächste Woche", "month": "den nächsten Monat",
    "quarter": "das nächste Quartal", "half": "das nächste Halbjahr", "year": "das nächste Jahr",
}  # fmt: skip
_NUMBER = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(_COUNTS, key=len, reverse=True))})"
_UNIT = r"(?P<unit>days?|tagen?|weeks?|wochen?|months?|monate?n?|quarters?|quartalen?|quartale?|"
_UNIT += r"half-?years?|halbjahre?n?|years?|jahre?n?)"
_NEXT = r"(?:next|coming|upcoming|following|nächste[nrsm]?|kommende[nrsm]?|folgende[nrsm]?)"
_SEVERAL = re.compile(
    rf"\b{_NEXT}\s{_NUMBER}\s{_UNIT}\b|\b{_NUMBER.replace('count', 'ahead')}[\s-]"
    rf"{_UNIT.replace('unit', 'far')}"
    r"(?:\s(?:ahead|out|im voraus|forecast|outlook|projection)\b)"
    rf"|\b{_NUMBER.replace('count', 'german')}[\s-](?P<span>monats|quartals|wochen|jahres)-?"
    r"(?:prognose|vorhersage|ausblick|hochrechnung)",
    re.IGNORECASE,
)
_ONE = re.compile(
    rf"\b{_NEXT}\s(?P<unit>day|tag|week|woche|month|monats?|quarter|quartals?|"
    r"half(?:[\s-]year)?|halbjahre?s?|year|jahre?s?)\b",
    re.IGNORECASE,
)
_TO_YEAR_END = re.compile(
    r"\b(?:until|till|to|through|by|at)\s(?:the\s)?(?:end of (?:the|this) year|year[\s-]?end)\b|"
    r"\b(?:rest|remainder) of (?:the|this) year\b|"
    r"\b(?:bis\s(?:zum\s)?|zum\s|am\s)?(?:jahresende|ende (?:des|dieses|diesen) jahres)\b|"
    r"\b(?:den )?rest des jahres\b|\bbis ende (?:des|dieses) jahres\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Horizon:
    """So many units, or up to a last day where the calendar says it; `words` names it in a text."""

    count: int
    unit: str
    until: str = ""
    words: str = ""

    @property
    def as_json(self) -> Json:
        """The horizon as it travels in the intent."""
        return {"count": self.count, "unit": self.unit, "until": self.until, "words": self.words}


def read_horizon(value: object) -> Horizon | None:
    """The horizon of an intent's constraints; None where there is none."""
    if not isinstance(value, dict) or value.get("unit") not in _NOUNS:
        return None
    count = value.get("count")
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        return None
    until, words = str(value.get("until") or ""), str(value.get("words") or "")
    return Horizon(min(count, LARGEST_COUNT), str(value["unit"]), until, words)


def find_horizon(text: str, today: date, language: str, until: str = "") -> Horizon | None:
    """How far ahead a text asks to look; `until` is the last day of a future period it names."""
    german = is_german(language)
    if _TO_YEAR_END.search(text):
        words = "die Zeit bis Jahresende" if german else "the rest of the year"
        return Horizon(13 - today.month, "month", f"{today.year}-12-31", words)
    several = _SEVERAL.search(text)
    if several:
        count = _count(several["count"] or several["ahead"] or several["german"])
        unit = _unit(several["unit"] or several["far"] or several["span"])
        return Horizon(count, unit, "", _in_words(count, unit, german)) if count else None
    one = _ONE.search(text)
    if one:
        unit = _unit(one["unit"])
        return Horizon(1, unit, until, _in_words(1, unit, german))
    return None


def _count(word: str) -> int:
    return int(word) if word.isdecimal() else _COUNTS[word.lower()]


def _unit(noun: str) -> str:
    return next(unit for stem, unit in _STEMS.items() if noun.lower().startswith(stem))


def _in_words(count: int, unit: str, german: bool) -> str:
    if german:
        return f"die nächsten {number_word(count, 'de')} {_NOUNS[unit][2]}" if count > 1 else (
            _NEXT_ONE[unit]
        )  # fmt: skip
    return f"the next {number_word(count)} {_NOUNS[unit][1]}" if count > 1 else (
        f"the next {_NOUNS[unit][0]}"
    )  # fmt: skip


def number_word(count: int, language: str = "en") -> str:
    """A small number as a word, which in a text is no figure."""
    words = _GERMAN if is_german(language) else _ENGLISH
    return words[count - 1] if 1 <= count <= len(words) else f"{count:,}"


def step_unit(one: Series) -> tuple[str, bool]:
    """The time between two values of a list, and whether the list says so itself."""
    number = period_number(one.keys[-1]) if one.is_by_period else None
    if number:
        return number[0], True
    named = [_EVERY[word] for word in words_of(one.name) if word in _EVERY]
    return (named[0], True) if named else ("month", False)


def steps_asked(one: Series, horizon: Horizon) -> int:
    """How many values of a list lie in the horizon, at least one."""
    unit, _ = step_unit(one)
    last = period_number(one.keys[-1]) if one.is_by_period else None
    if last and horizon.until:
        reached = number_on(date.fromisoformat(horizon.until), unit) - last[1]
        if reached > 0:
            return reached
    if horizon.unit == unit:
        return horizon.count
    return max(1, ceil(horizon.count * _days(horizon.unit) / _days(unit) - 0.1))


def _days(unit: str) -> float:
    return {"day": 1.0, "week": 7.0}.get(unit) or MONTHS[unit] * 30.4375


def most_steps(values: int) -> int:
    """How far a list of so many values may be carried on: half its length, at most twelve."""
    return max(1, min(MOST_STEPS, values // 2))


def key_after(one: Series, steps: int) -> str:
    """The name of the period so many steps after the last; empty for a list without periods."""
    last = period_number(one.keys[-1]) if one.is_by_period else None
    return key_of(last[0], last[1] + steps) if last else ""

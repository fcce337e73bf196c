"""Reads the numbers that a text claims: digits, words, ranges, phrases, with their precision."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from agents.figures import number_patterns as patterns
from agents.figures.metric_names import CURRENCIES, MONEY, is_german

LOOSEST = 0.25  # a rounding never excuses more than this share of the value
ROUGH = 0.1  # what "about" excuses at most when all digits are written
PHRASE_PLACE = 0.25  # "more than doubled" reaches from 2 to 2.5
PHRASE_TOLERANCE = 0.05
LONGEST_KEPT = 20_000  # characters of a text whose numbers are remembered
NOT_A_CLAIM = 12  # number words and counted lists up to here: "three lessons"


@dataclass(frozen=True, slots=True)
class Mention:
    """A number that a text claims, in base units (35% is 0.35).

    `unit` is a guess. `tolerance` is half of the last place that was written. `bound` is "over" or
    "under" where the text says so, `place` how far such a bound reaches. `direction` is -1 where
    the words around say that something fell, 1 where it rose.
    """

    value: float
    unit: str
    start: int
    end: int
    quote: str
    tolerance: float
    bound: Literal["", "over", "under"] = ""
    place: float = 0.0
    direction: int = 0


@dataclass(frozen=True, slots=True)
class _Reading:
    """A number as found; `scale` and `factor` bring it to base units."""

    size: float
    decimals: int
    start: int
    end: int
    sign: int = 0
    scale: float = 1.0
    factor: float = 1.0
    unit: str = "number"
    is_over: bool = False
    digits: str = ""


def find_numbers(text: str, language: str = "en") -> list[Mention]:
    """The numbers that a text claims, in the order of the text.

    Years, dates, quarters, times, ordinals, list markers, hashtags, links and names such as B2B or
    GPT-4 are left out, and so are small counts of things that are no metric ("three lessons").
    """
    tongue = "de" if is_german(language) else "en"
    return list(_found(text, tongue) if len(text) <= LONGEST_KEPT else _find(text, tongue))


@lru_cache(maxsize=256)
def _found(text: str, tongue: str) -> tuple[Mention, ...]:
    """What was found in a text lately: each dimension of quality reads the same text again."""
    return _find(text, tongue)


def _find(text: str, tongue: str) -> tuple[Mention, ...]:
    phrases = list(_phrases(text))
    masked = patterns.IGNORED.sub(lambda m: "\ufffc" * len(m.group()), text)
    phrases += _fractions(masked, tongue)
    for phrase in phrases:
        masked = _mask(masked, phrase.start, phrase.end)
    masked = _without_years(masked)
    readings = sorted(
        (*_digit_readings(masked, tongue), *_word_readings(masked, tongue)), key=lambda r: r.start
    )
    mentions = [_mention(r, text) for r in _with_ranges(readings, masked)]
    return tuple(sorted((*mentions, *phrases), key=lambda m: m.start))


def _mask(text: str, start: int, end: int) -> str:
    return text[:start] + "\ufffc" * (end - start) + text[end:]


def _without_years(text: str) -> str:
    for match in patterns.YEAR.finditer(text):
        tail = patterns.TAIL.match(text, match.end())
        has_unit = bool(tail and tail.group()) or patterns.COUNTED.match(text, match.end())
        before = text[max(0, match.start() - 20) : match.start()]
        if not has_unit or patterns.YEAR_BEFORE.search(before):
            text = _mask(text, match.start(), match.end())
    return text


def _phrases(text: str) -> Iterator[Mention]:
    taken: set[int] = set()
    for pattern, value, unit in patterns.PHRASES:
        for match in pattern.finditer(text):
            if match.start() in taken:
                continue
            taken.add(match.start())
            yield Mention(
                value=value,
                unit=unit,
                start=match.start(),
                end=match.end(),
                quote=match.group(),
                tolerance=value * PHRASE_TOLERANCE,
                bound=_bound(text, match.start()),
                place=value * PHRASE_PLACE,
            )


def _fractions(text: str, language: str) -> Iterator[Mention]:
    """Shares told in small numbers, such as one in five customers."""
    for match in patterns.ONE_IN_FIVE.finditer(text):
        part, whole = (_small(match[name], language) for name in ("part", "whole"))
        if 0 < part < whole:
            value = part / whole
            yield Mention(
                value=value,
                unit="ratio",
                start=match.start(),
                end=match.end(),
                quote=match.group(),
                tolerance=value * PHRASE_TOLERANCE,
                bound=_bound(text, match.start()),
                place=value * PHRASE_PLACE,
            )


def _small(word: str, language: str) -> int:
    return int(word) if word.isdecimal() else patterns.WORD_VALUES[language].get(word.lower(), 0)


def _digit_readings(text: str, language: str) -> Iterator[_Reading]:
    read_to = 0
    for match in patterns.NUMBER.finditer(text):
        digits = match["digits"] or match["bare"]
        read = read_digits(digits, language)
        if read is None or match.start() < read_to:  # the 1 of "3:1" is read already
            continue
        sign = {"": 0, "+": 1}.get((match["sign"] or "").strip(), -1)
        sign = -1 if match["inner"] else sign
        reading = _Reading(*read, match.start(), match.end(), sign, digits=digits)
        reading = _with_tail(reading, text, language, (match["lead"] or "").strip())
        read_to = reading.end
        if not _is_glued(text, reading) and not _is_listed(text, reading):
            yield reading


def read_digits(digits: str, language: str) -> tuple[float, int] | None:
    """The value and the number of decimals of "1,234.5"; None for no number, such as 1.2.3."""
    compact = digits
    for mark in "'\u2019\u00a0\u202f":
        compact = compact.replace(mark, "")
    comma, point = compact.count(","), compact.count(".")
    if not comma and not point:
        return float(compact), 0
    if comma and point:
        decimal = max(",.", key=compact.rfind)
    else:
        decimal = "," if comma else "."
        if _is_grouped(compact, decimal, language):
            return float(compact.replace(decimal, "")), 0
    group = "." if decimal == "," else ","
    whole, _, rest = compact.rpartition(decimal)
    if decimal in whole or (group in whole and not _is_groups(whole, group)):
        return None
    return float(f"{whole.replace(group, '') or 0}.{rest}"), len(rest)


def _is_grouped(digits: str, mark: str, language: str) -> bool:
    """Whether the only kind of mark in the digits separates thousands."""
    if digits.count(mark) > 1:
        return _is_groups(digits, mark)
    return mark == ("." if language == "de" else ",") and _is_groups(digits, mark)


def _is_groups(digits: str, mark: str) -> bool:
    head, *groups = digits.split(mark)
    return 1 <= len(head) <= 3 and not head.startswith("0") and all(len(g) == 3 for g in groups)


def _with_tail(reading: _Reading, text: str, language: str, lead: str = "") -> _Reading:
    """The reading with the scale and the unit that stand behind it, or before it."""
    tail = patterns.TAIL.match(text, reading.end)
    if tail is None:  # the pattern can be empty, so it always matches
        return reading
    scale = _scale_of(tail["scale"], language)
    unit, factor = _unit_of(tail.groupdict(), lead)
    if unit == "number" and patterns.COUNTED.match(text, tail.end()):
        unit = "count"
    return replace(
        reading,
        scale=reading.scale * scale,
        unit=unit,
        factor=factor,
        end=tail.end(),
        is_over=bool(tail["plus"] or tail["more"]),
    )


def _scale_of(word: str | None, language: str) -> float:
    key = (word or "").strip(" \u00a0\u202f-.\n\t").lower()
    if key == "billion" and language == "de":
        return 1e12
    return patterns.SCALES.get(key) or patterns.SCALES.get(key.removesuffix("s"), 1.0)


_UNITS = {
    "percent": ("percent", 0.01),
    "bps": ("percent", 0.0001),
    "ratio": ("ratio", 1.0),
    "usd": ("usd", 1.0),
    "eur": ("eur", 1.0),
    "gbp": ("gbp", 1.0),
    "chf": ("chf", 1.0),
    "months": ("months", 1.0),
    "years": ("months", 12.0),
    "weeks": ("days", 7.0),
    "days": ("days", 1.0),
}


def _unit_of(tail: dict[str, str | None], lead: str) -> tuple[str, float]:
    if lead:
        return CURRENCIES[lead.lower()], 1.0
    return next((unit for group, unit in _UNITS.items() if tail[group]), ("number", 1.0))


def _is_glued(text: str, reading: _Reading) -> bool:
    """Whether a letter follows at once: then it is a name such as 3D, not a number."""
    return reading.end < len(text) and text[reading.end].isalnum()


def _is_listed(text: str, reading: _Reading) -> bool:
    if reading.unit in ("months", "days"):
        return bool(patterns.PERIOD_BEFORE.search(text[max(0, reading.start - 20) : reading.start]))
    is_small = reading.unit == "number" and reading.scale == 1 and reading.size <= NOT_A_CLAIM
    return is_small and bool(patterns.LISTED.match(text, reading.end))


def _word_readings(text: str, language: str) -> Iterator[_Reading]:
    values = patterns.WORD_VALUES[language]
    for match in patterns.WORD.finditer(text):
        value = values.get(match.group().lower())
        end = match.end()
        if value is None and "-" in match.group():  # "five-percent"
            first = match.group().split("-")[0]
            value, end = values.get(first.lower()), match.start() + len(first)
        if value is None:
            continue
        reading = _with_tail(_Reading(float(value), 0, match.start(), end), text, language)
        is_bare = reading.unit == "number" and reading.scale == 1
        is_claim = value > NOT_A_CLAIM or not is_bare
        if reading.unit in ("months", "days") and (value == 1 or _is_listed(text, reading)):
            is_claim = False
        if is_claim and not (reading.unit == "count" and value == 1):
            yield reading


def _with_ranges(readings: list[_Reading], text: str) -> list[_Reading]:
    """In "10-15%" and "$1.5 to 2 million" the ends lend each other what only one carries."""
    found = list(readings)
    for i in range(len(found) - 1):
        first, second = found[i], found[i + 1]
        if not patterns.RANGE_BETWEEN.fullmatch(text, first.end, second.start):
            continue
        # "1.5 to 2 million" begins at 1.5 million; "from 11 to 1 million" begins at 11.
        is_bare = first.scale == 1 and first.size < min(1000, second.size)
        if first.unit == "number" and second.unit != "number":
            first = replace(first, unit=second.unit, factor=second.factor)
        elif second.unit == "number" and first.unit in MONEY:
            second = replace(second, unit=first.unit, factor=first.factor)
        if is_bare and first.unit == second.unit:
            first = replace(first, scale=second.scale)
        found[i], found[i + 1] = first, second
    return found


def _mention(reading: _Reading, text: str) -> Mention:
    unit_size = reading.scale * reading.factor
    value = float(f"{reading.size * unit_size:.15g}")  # 0.35, not 0.35000000000000003
    place = _last_place(reading) * unit_size
    tolerance = 0.5 * 10**-reading.decimals * unit_size
    if patterns.ABOUT.search(text[max(0, reading.start - 20) : reading.start]):
        tolerance = max(tolerance, min(place / 2, ROUGH * value))
    return Mention(
        value=-value if reading.sign < 0 else value,
        unit=reading.unit,
        start=reading.start,
        end=reading.end,
        quote=text[reading.start : reading.end],
        tolerance=min(tolerance, LOOSEST * value) if value else tolerance,
        bound="over" if reading.is_over else _bound(text, reading.start),
        place=place,
        direction=reading.sign or _direction(text, reading.start, reading.end),
    )


def _last_place(reading: _Reading) -> float:
    """The weight of the last digit that is not zero: 100 for 300, 0.1 for 1.8."""
    if reading.decimals or not reading.size:
        return float(10**-reading.decimals)
    digits = f"{reading.size:.0f}"
    return float(10 ** (len(digits) - len(digits.rstrip("0"))))


def _bound(text: str, start: int) -> Literal["", "over", "under"]:
    before = text[max(0, start - 20) : start]
    if patterns.OVER.search(before):
        return "over"
    return "under" if patterns.UNDER.search(before) else ""


def _direction(text: str, start: int, end: int) -> int:
    """-1 if the words around say that something fell, 1 if it rose, 0 if they say neither."""
    before = text[max(0, start - 40) : start]
    for mark in ".,;:!?\n":
        before = before[before.rfind(mark) + 1 :]
    after = text[end : end + 20]
    for mark in ".,;:!?\n(":
        after = after.split(mark, 1)[0]
    adjacent = patterns.NEXT_DIRECTION.match(after)
    if adjacent:
        return -1 if adjacent["down"] else 1
    if patterns.LEVEL_BEFORE.search(before) and not patterns.GROWTH_OF.search(before):
        return 0
    found = list(patterns.DIRECTION.finditer(before))[-1:] or [
        m for m in (patterns.DIRECTION.search(after),) if m
    ]
    return 0 if not found else -1 if found[0]["down"] else 1

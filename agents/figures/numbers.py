"""Numbers in text: how a value is written, what a text claims, whether a claim is a fact."""

import math
from typing import TYPE_CHECKING, Literal

from agents.figures.metric_names import MONEY, is_german
from agents.figures.number_reading import Mention, find_numbers

if TYPE_CHECKING:  # facts are written with these functions, so facts imports this module
    from agents.figures.facts import Fact
    from agents.figures.metric_names import Unit

__all__ = ["Mention", "Style", "find_numbers", "matches", "write"]

Style = Literal["short", "exact"]


def write(value: float, unit: "Unit", language: str = "en", style: Style = "short") -> str:
    """A value as it stands in a sentence: "$150,000", "$1.8 million", "4.5%"; German "4,5 %".

    `short` names millions and rounds to what a reader keeps in mind; `exact` writes two decimals
    where there are any. Both keep enough digits for `matches` to find the value again.
    """
    in_german = is_german(language)
    size = abs(value) * 100 if unit == "percent" else abs(value)
    scale, name = _scale(size, unit, in_german) if style == "short" else (1.0, "")
    digits = _digits(size / scale, unit, style, has_scale=scale > 1)
    sign = "-" if value < 0 and float(digits.replace(",", "")) != 0 else ""
    if in_german:
        digits = digits.translate(_GERMAN)
    return sign + _with_unit(digits, name, unit, in_german)


_GERMAN = str.maketrans(",.", ".,")
_SCALE_NAMES = (
    (1e12, "trillion", "Billionen"),
    (1e9, "billion", "Milliarden"),
    (1e6, "million", "Millionen"),
)


def _scale(size: float, unit: "Unit", in_german: bool) -> tuple[float, str]:
    if unit in MONEY or unit in ("count", "number"):
        for scale, english, german in _SCALE_NAMES:
            if size >= scale * 0.9995:  # 999,600 is "1 million", not "1,000 thousand"
                if in_german and round(size / scale, 2) == 1:
                    german = german.removesuffix("en") if german != "Milliarden" else "Milliarde"
                return scale, f" {german if in_german else english}"
    return 1.0, ""


def _digits(size: float, unit: "Unit", style: Style, *, has_scale: bool) -> str:
    """English digits of a size: grouped, without needless zeros."""
    if has_scale:
        decimals = 0 if size >= 100 else 1 if size >= 10 else 2
    elif style == "exact":
        decimals = 0 if unit == "count" and size >= 100 else 2  # pieces that were estimated
    else:
        decimals = _short_decimals(size, unit)
    if 0 < size < 1:
        decimals = max(decimals, 1 - math.floor(math.log10(size)))  # two significant digits
    text = f"{size:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if unit in MONEY and not has_scale and "." in text and len(text.split(".")[1]) == 1:
        text += "0"  # $4.50
    return text


def _short_decimals(size: float, unit: "Unit") -> int:
    if unit in MONEY:
        return 0 if size >= 1000 else 2
    if unit in ("percent", "months", "days"):
        return 1
    if unit == "ratio":
        return 1 if size >= 1 else 2
    return 0 if size >= 100 else 1 if size >= 10 else 2


def _with_unit(digits: str, scale: str, unit: "Unit", in_german: bool) -> str:
    match unit:
        case "usd" | "eur" | "gbp" | "chf":
            before, after = _SIGNS[unit]
            return f"{digits}{scale} {after}" if in_german else f"{before}{digits}{scale}"
        case "percent":
            return f"{digits}\u00a0%" if in_german else f"{digits}%"
        case "ratio":
            return f"{digits}\u00d7"
        case "months" | "days":
            one, many = _SPANS[unit]["de" if in_german else "en"]
            return f"{digits} {one if digits == '1' else many}"
        case _:
            return digits + scale


_SIGNS = {
    "usd": ("$", "$"), "eur": ("€", "€"), "gbp": ("£", "£"), "chf": ("CHF\u00a0", "CHF"),
}  # fmt: skip
_SPANS = {
    "months": {"en": ("month", "months"), "de": ("Monat", "Monate")},
    "days": {"en": ("day", "days"), "de": ("Tag", "Tage")},
}


# What a claim with this unit may be about. A fact of unit "number" has no known unit: any may fit.
_ABOUT: dict[str, frozenset[str]] = {
    "usd": frozenset(("usd", "number")),
    "eur": frozenset(("eur", "number")),
    "gbp": frozenset(("gbp", "number")),
    "chf": frozenset(("chf", "number")),
    "percent": frozenset(("percent", "ratio", "number")),
    "count": frozenset(("count", "number")),
    "ratio": frozenset(("ratio", "percent", "number")),
    "months": frozenset(("months", "number")),
    "days": frozenset(("days", "number")),
    "number": MONEY | frozenset(("percent", "count", "ratio", "months", "days", "number")),
}


def matches(mention: Mention, fact: "Fact") -> bool:
    """Whether the text's number is this fact, within the rounding that its way of writing implies.

    A fall may be written as "-12%" or as "fell 12%"; a rise may not be told as a fall.
    """
    if fact.unit not in _ABOUT[mention.unit]:
        return False
    is_change = "_change" in fact.fact_id or "growth" in fact.fact_id
    if mention.unit == "ratio" and fact.unit == "percent" and is_change:
        return _agrees(mention, mention.value, 1 + fact.value)  # "doubled" is a change of 100 %
    says_fall = mention.value < 0 or mention.direction < 0
    if abs(fact.value) > mention.tolerance:
        if fact.value < 0 and not says_fall:
            return False
        if fact.value > 0 and (mention.value < 0 or (is_change and says_fall)):
            return False
    return _agrees(mention, abs(mention.value), abs(fact.value))


def _agrees(mention: Mention, written: float, true: float) -> bool:
    slack = mention.tolerance + 1e-9 * max(abs(written), abs(true))
    if mention.bound == "over":
        return written - slack <= true <= written + max(mention.place, mention.tolerance)
    if mention.bound == "under":
        return written - max(mention.place, mention.tolerance) <= true <= written + slack
    return abs(written - true) <= slack

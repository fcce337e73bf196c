"""What charts are drawn with: text that fits, axes with round steps, a document with alt text."""

from collections.abc import Sequence
from html import escape
from math import ceil, floor, isfinite, log10

from agents.figures.metric_names import is_german
from agents.figures.period_keys import PER_YEAR, period_number

WIDTH = 720
TITLE_ROOM = 52  # above the drawing, for one line of title
INK, FAINT, GRID = "#1f2937", "#4b5563", "#e2e6eb"
BLUE, RED, BAND, INNER_BAND, ORANGE = "#1f5fa8", "#b3261e", "#dbe7f5", "#b9d0ec", "#b45309"
_FONT = 'font-family="Roboto, system-ui, sans-serif" font-size="14"'
_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[] "), frozenset("mwMW@%—…")
_MONTHS = (
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
)
LARGEST = 1e300


def text_width(text: str, size: float = 14) -> float:
    """About how wide a text is in Roboto, rather a little too wide than too narrow."""
    return sum(_em(character) for character in text) * size


def _em(character: str) -> float:
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 0.9
    if character > "\u2e7f":  # East Asian letters and pictures
        return 1.0
    return 0.68 if character.isupper() else 0.57


def clipped(text: str, room: float, size: float = 14) -> str:
    """The text as far as there is room for it."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def lines_of(text: str, room: float, most: int, size: float = 14) -> list[str]:
    """The text broken at spaces into at most so many lines; the last is clipped."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = [*lines[: most - 1], " ".join(lines[most - 1 :])] if len(lines) > most else lines
    return [clipped(line, room, size) for line in kept] or [""]


def text_at(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    size: int = 14,
    colour: str = INK,
    is_bold: bool = False,
) -> str:
    """One line of text."""
    bold = ' font-weight="bold"' if is_bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'fill="{colour}"{bold}>{safe(text)}</text>'
    )


def ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Round values that enclose a range, at most so many and one."""
    low, high = max(-LARGEST, low), min(LARGEST, high)
    span = high - low
    if not isfinite(span) or span <= abs(high) * 1e-9:
        pad = abs(high) * 0.1 or 1.0
        low, high, span = low - pad, high + pad, 2 * pad
    rough = span / most
    power = 10.0 ** floor(log10(rough))
    step = next(power * n for n in (1, 2, 2.5, 5, 10) if power * n >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return tuple(step * n for n in range(int(first), int(last) + 1))


def shown_key(key: str, language: str = "en") -> str:
    """A period as people read it: Jan 2026, Q1 2026, 6 Jan 2026."""
    number = period_number(key)
    if number is None or number[0] not in (*PER_YEAR, "day"):
        return key
    names = _MONTHS[int(is_german(language))]
    kind, value = number
    if kind == "day":
        return _day(value, names, language)
    year, part = divmod(value, PER_YEAR[kind])
    forms = {"month": names[part % 12], "quarter": f"Q{part + 1}", "half": f"H{part + 1}"}
    return f"{forms[kind]} {year}" if kind in forms else str(year)


def _day(ordinal: int, names: Sequence[str], language: str) -> str:
    from datetime import date

    day = date.fromordinal(ordinal)
    dot = "." if is_german(language) else ""
    return f"{day.day}{dot} {names[day.month - 1]} {day.year}"


def document(title: str, description: str, height: float, body: str) -> str:
    """The drawing as a whole, with what it says in words for those who do not see it."""
    heading = text_at(16, 30, clipped(title, WIDTH - 40, 17), size=16, is_bold=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:g}" '
        f'viewBox="0 0 {WIDTH} {height:g}" role="img" '
        f'aria-labelledby="chart-title chart-description" {_FONT}>'
        f'<title id="chart-title">{safe(title)}</title>'
        f'<desc id="chart-description">{safe(description)}</desc>'
        f'<rect width="{WIDTH}" height="{height:g}" fill="#ffffff"/>{heading}{body}</svg>'
    )


def safe(text: str) -> str:
    """The text with what XML gives a meaning escaped, and without what XML 1.0 forbids."""
    kept = "".join(c for c in text if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff"))
    return escape(kept.replace("\ufffe", "").replace("\uffff", ""))

"""Small charts as SVG text: bars to compare, a line over time; readable without seeing them."""

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT = 640, 320
MOST_BARS = 12
MOST_POINTS = 120
_FONT = 'font-family="system-ui, sans-serif" font-size="14"'
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 40, 56, 40

Point = tuple[str, float, str]  # label, value, the value as written


def bar_chart_svg(title: str, bars: Sequence[Point], description: str = "") -> str:
    """Horizontal bars from a common zero, each with its label and its value as written."""
    shown = bars[:MOST_BARS]
    low = min((value for _, value, _ in shown), default=0.0)
    high = max((value for _, value, _ in shown), default=0.0)
    low, high = min(low, 0.0), max(high, 0.0)
    begin, end = 220.0, WIDTH - 110.0
    scale = (end - begin) / _span(low, high)
    zero = begin - low * scale
    height = _TOP + 34 * len(shown) + 16
    rows = []
    for i, (label, value, text) in enumerate(shown):
        y = _TOP + 34 * i
        x = min(zero, zero + value * scale)
        colour = "#b3261e" if value < 0 else "#1f5fa8"
        rows.append(
            f'<text x="12" y="{y + 16}">{_short(label)}</text>'
            f'<rect x="{x:.1f}" y="{y}" width="{abs(value) * scale:.1f}" height="22" '
            f'fill="{colour}"/>'
            f'<text x="{max(zero, zero + value * scale) + 6:.1f}" y="{y + 16}">{_safe(text)}</text>'
        )
    axis = (
        f'<line x1="{zero:.1f}" y1="{_TOP - 6}" x2="{zero:.1f}" y2="{height - 12}" stroke="#666"/>'
    )
    return _document(title, description or _in_words(shown), height, "".join(rows) + axis)


def line_chart_svg(title: str, points: Sequence[Point], description: str = "") -> str:
    """One line through values over time, oldest first; the first and the last are labelled."""
    shown = points[-MOST_POINTS:]
    if not shown:
        return _document(title, description, HEIGHT, "")
    values = [value for _, value, _ in shown]
    low, high = min(values), max(values)
    step = (WIDTH - _LEFT - _RIGHT) / max(1, len(shown) - 1)
    scale = (HEIGHT - _TOP - _BOTTOM - 20) / _span(low, high)
    places = [
        (_LEFT + i * step, HEIGHT - _BOTTOM - 10 - (value * scale - low * scale))
        for i, value in enumerate(values)
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marks = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#1f5fa8"/>' for x, y in places)
    line = f'<polyline points="{path}" fill="none" stroke="#1f5fa8" stroke-width="2"/>'
    labels = _label(shown[0], places[0], "start")
    if len(shown) > 1:
        labels += _label(shown[-1], places[-1], "end")
    return _document(title, description or _in_words(shown), HEIGHT, line + marks + labels)


def _label(point: Point, place: tuple[float, float], anchor: str) -> str:
    (name, _, text), (x, y) = point, place
    return (
        f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="{anchor}">{_safe(text)}</text>'
        f'<text x="{x:.1f}" y="{HEIGHT - 12}" text-anchor="{anchor}">{_short(name)}</text>'
    )


def _document(title: str, description: str, height: int, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="chart-title chart-description" {_FONT}>'
        f'<title id="chart-title">{_safe(title)}</title>'
        f'<desc id="chart-description">{_safe(description)}</desc>'
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
        f'<text x="12" y="28" font-weight="bold">{_short(title, 70)}</text>{body}</svg>'
    )


def _span(low: float, high: float) -> float:
    return (high - low) or 1.0


def _in_words(points: Sequence[Point]) -> str:
    """All values as text, for those who do not see the chart."""
    return "; ".join(f"{label}: {text}" for label, _, text in points)


def _short(text: str, length: int = 26) -> str:
    return _safe(text if len(text) <= length else f"{text[: length - 1]}…")


def _safe(text: str) -> str:
    """The text with what XML gives a meaning escaped, and without what XML 1.0 forbids."""
    kept = "".join(c for c in text if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff"))
    return escape(kept.replace("\ufffe", "").replace("\uffff", ""))

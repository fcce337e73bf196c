"""Charts as SVG text: bars to compare, and lines over time; readable without seeing them."""

from collections.abc import Collection, Sequence

from agents.figures.canvas import (
    BLUE,
    FAINT,
    RED,
    TITLE_ROOM,
    WIDTH,
    document,
    lines_of,
    text_at,
    text_width,
)
from agents.figures.line_chart import MOST_POINTS, Ahead, Point, in_words, line_chart_svg

__all__ = ["MOST_BARS", "MOST_POINTS", "Ahead", "Point", "bar_chart_svg", "line_chart_svg"]

MOST_BARS = 12
_ROW, _LABEL_ROOM, _GAP = 40, 230.0, 8.0


def bar_chart_svg(
    title: str, bars: Sequence[Point], description: str = "", *, bad: Collection[str] | None = None
) -> str:
    """Horizontal bars from a common zero, each with its label and its value as written.

    The bars whose labels are `bad` are red; unless stated, those below zero.
    """
    shown = bars[:MOST_BARS]
    values = [value for _, value, _ in shown]
    low, high = min([*values, 0.0]), max([*values, 0.0])
    written = max((text_width(text) for _, _, text in shown), default=0.0) + 2 * _GAP
    label = min(_LABEL_ROOM, max((text_width(name) for name, _, _ in shown), default=0.0)) + 28
    begin, end = label + (written if low < 0 else 0.0), WIDTH - 16 - written
    scale = max(1.0, end - begin) / ((high - low) or 1.0)
    zero = begin - low * scale
    red = {name for name, value, _ in shown if value < 0} if bad is None else bad
    rows = [
        _bar(i, bar, zero, scale, RED if bar[0] in red else BLUE) for i, bar in enumerate(shown)
    ]
    height = TITLE_ROOM + _ROW * len(shown) + 12
    axis = (
        f'<line x1="{zero:.1f}" y1="{TITLE_ROOM - 4}" x2="{zero:.1f}" y2="{height - 10}" '
        f'stroke="{FAINT}"/>'
    )
    return document(title, description or in_words(shown), height, "".join(rows) + axis)


def _bar(row: int, bar: Point, zero: float, scale: float, colour: str) -> str:
    name, value, text = bar
    top = TITLE_ROOM + _ROW * row
    length = value * scale
    lines = lines_of(name, _LABEL_ROOM, 2, 13)
    first = top + 19 - 8 * (len(lines) - 1)
    label = "".join(text_at(16, first + 16 * i, line, size=13) for i, line in enumerate(lines))
    place, anchor = (-_GAP, "end") if value < 0 else (_GAP, "start")
    return (
        f'{label}<rect x="{min(zero, zero + length):.1f}" y="{top + 2}" '
        f'width="{abs(length):.1f}" height="24" rx="2" fill="{colour}"/>'
        + text_at(zero + length + place, top + 19, text, anchor=anchor)
    )

"""A line through values over time, with its forecast, its intervals and what stands out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from agents.figures.canvas import (
    BAND,
    BLUE,
    FAINT,
    GRID,
    INNER_BAND,
    ORANGE,
    TITLE_ROOM,
    WIDTH,
    document,
    text_at,
    text_width,
    ticks,
)
from agents.figures.metric_names import is_german

MOST_POINTS = 120
MOST_IN_WORDS = 14  # values that the description names one by one
HEIGHT = 380
_RIGHT, _BOTTOM = 28, 46
_LEGEND_ROOM = 24
_LABEL_SHARE = 0.1  # of the height

Point = tuple[str, float, str]  # label, value, the value as written


@dataclass(frozen=True, slots=True)
class Ahead:
    """A coming value with its intervals of 95 % and of 80 %."""

    label: str
    value: float
    text: str
    low: float
    high: float
    inner_low: float
    inner_high: float


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where a value lies in the drawing."""

    left: float
    top: float
    step: float
    low: float
    scale: float
    count: int

    def at(self, position: int, value: float) -> tuple[float, float]:
        x = self.left + (position if self.count > 1 else 0.5) * self.step
        return x, HEIGHT - _BOTTOM - (value - self.low) * self.scale


def line_chart_svg(
    title: str,
    points: Sequence[Point],
    description: str = "",
    *,
    ahead: Sequence[Ahead] = (),
    marked: Sequence[int] = (),
    written: Callable[[float], str] = "{:,.6g}".format,
    language: str = "en",
) -> str:
    """One line through values over time, oldest first.

    `ahead` carries it on, with its intervals shaded; `marked` are positions that stand out;
    `written` says how a value on the axis is written.
    """
    skipped = max(0, len(points) - MOST_POINTS)
    shown = points[skipped:]
    if not shown:
        return document(title, description, HEIGHT, "")
    marks = [position - skipped for position in marked if position >= skipped]
    steps = _axis(shown, ahead)
    frame = _frame(len(shown) + len(ahead), steps, [written(step) for step in steps], language)
    parts = [
        *_grid(frame, steps, written),
        *_bands(frame, shown, ahead),
        *_line(frame, shown, ahead),
        *_marks(frame, shown, marks),
        *_values(frame, shown, ahead, marks),
        *_labels(frame, [point[0] for point in (*shown, *ahead_points(ahead))]),
        *_legend(ahead, marks, language),
    ]
    words = description or in_words(shown, ahead, marks, language)
    return document(title, words, HEIGHT, "".join(parts))


def ahead_points(ahead: Sequence[Ahead]) -> list[Point]:
    """The coming values as points."""
    return [(one.label, one.value, one.text) for one in ahead]


def _axis(shown: Sequence[Point], ahead: Sequence[Ahead]) -> tuple[float, ...]:
    values = [value for _, value, _ in shown]
    low = min([*values, *(one.low for one in ahead)])
    high = max([*values, *(one.high for one in ahead)])
    if 0 <= low < 0.4 * high:
        low = 0.0
    elif values[0] - low < _LABEL_SHARE * (high - low):  # room below for what is written there
        low -= _LABEL_SHARE * (high - low)
    return ticks(low, high)


def _frame(count: int, steps: Sequence[float], texts: Sequence[str], language: str) -> _Frame:
    left = max(text_width(text, 12) for text in texts) + 28
    top = TITLE_ROOM + _LEGEND_ROOM + 10
    room = WIDTH - _RIGHT - left
    span = steps[-1] - steps[0]
    height = HEIGHT - _BOTTOM - top
    return _Frame(left, top, room / max(1, count - 1), steps[0], height / span, count)


def _grid(frame: _Frame, steps: Sequence[float], written: Callable[[float], str]) -> Iterator[str]:
    for step in steps:
        _, y = frame.at(0, step)
        yield (
            f'<line x1="{frame.left - 6:.1f}" y1="{y:.1f}" x2="{WIDTH - _RIGHT + 6}" '
            f'y2="{y:.1f}" stroke="{FAINT if step == 0 else GRID}"/>'
        )
        yield text_at(frame.left - 12, y + 4, written(step), anchor="end", size=12, colour=FAINT)


def _bands(frame: _Frame, shown: Sequence[Point], ahead: Sequence[Ahead]) -> Iterator[str]:
    if not ahead:
        return
    last = len(shown) - 1
    start = frame.at(last, shown[-1][1])
    for colour, ends in (
        (BAND, [(one.low, one.high) for one in ahead]),
        (INNER_BAND, [(one.inner_low, one.inner_high) for one in ahead]),
    ):
        upper = [frame.at(last + 1 + i, high) for i, (_, high) in enumerate(ends)]
        lower = [frame.at(last + 1 + i, low) for i, (low, _) in enumerate(ends)]
        yield f'<polygon points="{_path([start, *upper, *reversed(lower)])}" fill="{colour}"/>'


def _line(frame: _Frame, shown: Sequence[Point], ahead: Sequence[Ahead]) -> Iterator[str]:
    places = [frame.at(i, value) for i, (_, value, _) in enumerate(shown)]
    yield f'<polyline points="{_path(places)}" fill="none" stroke="{BLUE}" stroke-width="2.5"/>'
    if ahead:
        coming = [frame.at(len(shown) + i, one.value) for i, one in enumerate(ahead)]
        yield (
            f'<polyline points="{_path([places[-1], *coming])}" fill="none" stroke="{BLUE}" '
            'stroke-width="2.5" stroke-dasharray="6 5"/>'
        )
        yield from (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#ffffff" stroke="{BLUE}" '
            'stroke-width="2"/>'
            for x, y in coming
        )
    radius = 3.5 if len(shown) <= 40 else 2
    yield from (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{BLUE}"/>' for x, y in places
    )


def _marks(frame: _Frame, shown: Sequence[Point], marks: Sequence[int]) -> Iterator[str]:
    for position in marks:
        x, y = frame.at(position, shown[position][1])
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="none" stroke="{ORANGE}" '
            'stroke-width="2.5"/>'
        )


def _values(
    frame: _Frame, shown: Sequence[Point], ahead: Sequence[Ahead], marks: Sequence[int]
) -> Iterator[str]:
    """The first value, the last, the last of the forecast and what stands out, as written.

    One that would lie on another is left out; the axis says about what it is.
    """
    points = [*shown, *ahead_points(ahead)]
    wanted = [*marks, len(points) - 1, len(shown) - 1, 0]
    taken: list[tuple[float, float, float, float]] = []
    for position in dict.fromkeys(wanted):
        _, value, text = points[position]
        x, y = frame.at(position, value)
        wide = text_width(text, 13)
        x = min(max(x, frame.left + wide / 2 - 4), WIDTH - 8 - wide / 2)
        y = _beside(points, position, y)
        box = (x - wide / 2 - 4, y - 13, x + wide / 2 + 4, y + 3)
        if all(box[2] < o[0] or box[0] > o[2] or box[3] < o[1] or box[1] > o[3] for o in taken):
            taken.append(box)
            yield (
                f'<rect x="{box[0]:.1f}" y="{box[1]:.1f}" width="{box[2] - box[0]:.1f}" '
                f'height="{box[3] - box[1]:.1f}" rx="3" fill="#ffffff" fill-opacity="0.85"/>'
            )
            yield text_at(x, y, text, anchor="middle", size=13, is_bold=True)


def _beside(points: Sequence[Point], position: int, y: float) -> float:
    """Above a point, or below it where the line comes from above."""
    before = points[position - 1][1] if position else points[min(1, len(points) - 1)][1]
    is_low = before > points[position][1]
    return y + 24 if is_low and y + 30 < HEIGHT - _BOTTOM else y - 13


def _labels(frame: _Frame, names: Sequence[str]) -> Iterator[str]:
    """As many names of periods as there is room for, the last one always."""
    y = HEIGHT - _BOTTOM + 24
    widest = max(text_width(name, 12) for name in names) + 16
    every = max(1, -int(-widest // frame.step) if frame.step else 1)
    chosen = range(len(names) - 1, -1, -every)
    for position in chosen:
        x, _ = frame.at(position, 0)
        wide = text_width(names[position], 12)
        x = min(max(x, wide / 2 + 8), WIDTH - 8 - wide / 2)
        yield (
            f'<line x1="{frame.at(position, 0)[0]:.1f}" y1="{HEIGHT - _BOTTOM}" '
            f'x2="{frame.at(position, 0)[0]:.1f}" y2="{HEIGHT - _BOTTOM + 5}" stroke="{FAINT}"/>'
        )
        yield text_at(x, y, names[position], anchor="middle", size=12, colour=FAINT)


def _legend(ahead: Sequence[Ahead], marks: Sequence[int], language: str) -> Iterator[str]:
    german, x, y = is_german(language), 16.0, TITLE_ROOM + 8
    if ahead:
        yield (
            f'<line x1="{x}" y1="{y - 4}" x2="{x + 26}" y2="{y - 4}" stroke="{BLUE}" '
            'stroke-width="2.5" stroke-dasharray="6 5"/>'
        )
        words = ("forecast", "Prognose")[german]
        yield text_at(x + 32, y, words, size=12, colour=FAINT)
        x += 32 + text_width(words, 12) + 18
        for colour, words in (
            (INNER_BAND, ("80% interval", "80-%-Intervall")[german]),
            (BAND, ("95% interval", "95-%-Intervall")[german]),
        ):
            yield f'<rect x="{x:.1f}" y="{y - 11}" width="18" height="13" fill="{colour}"/>'
            yield text_at(x + 24, y, words, size=12, colour=FAINT)
            x += 24 + text_width(words, 12) + 18
    if marks:
        yield (
            f'<circle cx="{x + 7:.1f}" cy="{y - 4}" r="6" fill="none" stroke="{ORANGE}" '
            'stroke-width="2.5"/>'
        )
        words = ("stands out from the trend", "fällt aus dem Trend")[german]
        yield text_at(x + 20, y, words, size=12, colour=FAINT)


def _path(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def in_words(
    points: Sequence[Point],
    ahead: Sequence[Ahead] = (),
    marks: Sequence[int] = (),
    language: str = "en",
) -> str:
    """The chart as text: few values one by one, of many the ends, the lowest and the highest."""
    german = is_german(language)
    said = [f"{label}: {text}" for label, _, text in points]
    if len(points) > MOST_IN_WORDS:
        low, high = (pick(points, key=lambda point: point[1]) for pick in (min, max))
        names = ("{n} values", "lowest", "highest") if not german else (
            "{n} Werte", "niedrigster", "höchster")  # fmt: skip
        said = [
            names[0].format(n=len(points)), said[0], said[-1],
            f"{names[1]} {low[2]} ({low[0]})", f"{names[2]} {high[2]} ({high[0]})",
        ]  # fmt: skip
    coming = ("forecast", "Prognose")[german]
    said += [f"{one.label} ({coming}): {one.text}" for one in ahead]
    out = ("stands out", "fällt heraus")[german]
    said += [f"{points[i][0]} {out}: {points[i][2]}" for i in marks]
    return "; ".join(said)

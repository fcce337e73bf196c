"""The frontier of the routing benchmark as a picture: quality against cost, a line a router."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

import numpy as np

from agents.models.frontier import Numbers, Outcomes, frontier

_WIDTH, _HEIGHT = 760, 470
_LEFT, _TOP, _RIGHT, _BOTTOM = 66, 54, 190, 56
_POINTS = np.linspace(0, 1, 101)
_COLOURS = ("#0b6e4f", "#8a4fff", "#c8553d", "#d99a00", "#7a7a7a", "#3366aa", "#222222")
_DASHES = {"oracle": "2 4", "random": "6 4"}


def curve(scores: Sequence[Numbers], outcomes: Outcomes) -> Numbers:
    """Quality at each hundredth of the strong model's cost, the mean of the cuts."""
    lines = [frontier(one, outcomes) for one in scores]
    return np.mean([np.interp(_POINTS, one.cost, one.quality) for one in lines], axis=0)


def draw(title: str, curves: Mapping[str, Numbers], weak: tuple[float, float], path: Path) -> None:
    """Write the picture as SVG; `weak` is cost and quality of the weak model alone."""
    low = np.floor(20 * min(weak[1], *(float(line.min()) for line in curves.values()))) / 20
    high = np.ceil(20 * max(float(line.max()) for line in curves.values())) / 20

    def at(cost: float, quality: float) -> tuple[float, float]:
        across, up = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
        return _LEFT + cost * across, _TOP + (high - quality) / (high - low) * up

    parts = [_frame(title), *_grid(at, low, high)]
    for index, (name, line) in enumerate(curves.items()):
        parts.append(_line(at, name, line, _COLOURS[index % len(_COLOURS)], index, weak[0]))
    parts += [_dot(at(*weak), "weak model alone"), _dot(at(1.0, 1.0), "strong model alone")]
    path.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


def _frame(title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'font-family="Roboto, Helvetica, Arial, sans-serif" font-size="13" role="img">\n'
        f"<title>{escape(title)}</title>\n"
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>\n'
        f'<text x="{_LEFT}" y="28" font-size="16" fill="#111">{escape(title)}</text>\n'
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 14}" text-anchor="middle" '
        f'fill="#444">cost, % of the strong model alone</text>\n'
        f'<text transform="translate(18 {(_TOP + _HEIGHT - _BOTTOM) / 2}) rotate(-90)" '
        f'text-anchor="middle" fill="#444">quality, % of the strong model</text>'
    )


def _grid(at, low: float, high: float) -> list[str]:  # type: ignore[no-untyped-def]
    parts = []
    for tick in np.arange(low, high + 1e-9, 0.05):
        left, y = at(0, tick)
        right, _ = at(1, tick)
        colour = "#999999" if abs(tick - 0.95) < 1e-9 or abs(tick - 1) < 1e-9 else "#e4e4e4"
        parts.append(f'<path d="M{left:.1f} {y:.1f}H{right:.1f}" stroke="{colour}" fill="none"/>')
        parts.append(f'<text x="{left - 8:.1f}" y="{y + 4:.1f}" text-anchor="end" fill="#444">'
                     f"{100 * tick:.0f}</text>")  # fmt: skip
    for tick in np.arange(0, 1.01, 0.2):
        x, y = at(tick, low)
        parts.append(f'<text x="{x:.1f}" y="{y + 20:.1f}" text-anchor="middle" fill="#444">'
                     f"{100 * tick:.0f}</text>")  # fmt: skip
    return parts


def _line(  # type: ignore[no-untyped-def]
    at, name: str, line: Numbers, colour: str, index: int, first: float
) -> str:
    drawn = [at(cost, q) for cost, q in zip(_POINTS, line, strict=True) if cost >= first]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in drawn)
    width = 2.6 if name.startswith("ours") else 1.5
    look = f'stroke="{colour}" stroke-width="{width}" fill="none"'
    dash = f' stroke-dasharray="{_DASHES[name]}"' if name in _DASHES else ""
    x, y = _WIDTH - _RIGHT + 18, _TOP + 14 + 22 * index
    return (
        f'<path d="M{path}" {look}{dash}/>\n'
        f'<path d="M{x} {y - 4}h24" {look}{dash}/>'
        f'<text x="{x + 32}" y="{y}" fill="#222">{escape(name)}</text>'
    )


def _dot(place: tuple[float, float], name: str) -> str:
    return (
        f'<circle cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="4" fill="#111">'
        f"<title>{escape(name)}</title></circle>"
    )

"""The way of a metric from its first value to the last: step by step, and as a whole."""

from collections.abc import Iterator
from itertools import pairwise

from agents.figures.numbers import write
from agents.writing.story import Point, values_of
from agents.writing.telling import Teller

MOST_STEPS = 6  # values between the first and the last that a reader takes in


def span_lines(teller: Teller, point: Point) -> Iterator[str]:
    """Sentences on the values between, on the latest step, and on the whole way."""
    values = values_of(point.about, teller.brief.facts)
    steps = [value.text for value in values[1:-1]]
    direction = "up" if point.kind == "span_up" else "down"
    if 1 < len(steps) <= MOST_STEPS:
        moves = {(b.value > a.value) - (b.value < a.value) for a, b in pairwise(values)}
        is_steady = len(moves) == 1
        kind = f"every_{direction}" if is_steady else "mixed"
        yield _said(teller, kind, steps=_listed(teller, steps))
    last = _size(teller, point, "_change")
    if last and _is_same_way(teller, point, direction):
        yield _said(teller, f"last_{direction}", size=last)
    whole = _size(teller, point, "_total_change") or _size(teller, point, "_total_change_percent")
    if whole:
        span = f" {teller.span}" if teller.span else ""
        yield _said(teller, f"whole_{direction}", whole=whole, span=span)


def _is_same_way(teller: Teller, point: Point, direction: str) -> bool:
    wanted = f"{point.about.fact_id}_change"
    found = next((f.value for f in teller.brief.facts if f.fact_id == wanted), 0.0)
    return found > 0 if direction == "up" else found < 0


def _size(teller: Teller, point: Point, end: str) -> str:
    """How large a change is, in percentage points for rates; empty where no fact says it."""
    name, language = f"{point.about.fact_id}{end}", teller.brief.language
    fact = next((f for f in teller.brief.facts if f.fact_id == name), None)
    if fact is None:
        return ""
    text = write(abs(fact.value), fact.unit, language)
    if point.about.unit == "percent" and end != "_total_change_percent":
        points = text.rstrip("%").rstrip("\u00a0")
        return str(teller.wording.POINTS).format(points=points)
    return text


def _listed(teller: Teller, steps: list[str]) -> str:
    first, *others = steps
    then = "dann" if teller.brief.is_german else "then"
    *middle, last = others
    rest = f"{', '.join(middle)}{teller.wording.AND}{last}" if middle else last
    return f"{first}, {then} {rest}"


def _said(teller: Teller, kind: str, **texts: str) -> str:
    options = teller.wording.STEPS[kind]
    return teller.pick([teller.spoken(text.format(**texts)) for text in options], kind)

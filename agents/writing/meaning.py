"""What the told points mean, as far as arithmetic goes: no causes, no feelings, no forecasts."""

import re
from collections.abc import Iterator, Sequence

from agents.figures.metric_names import words_of
from agents.writing.brief import choose
from agents.writing.prose import capital
from agents.writing.story import Point, Story, asks_for_growth
from agents.writing.subjects import subject_of
from agents.writing.telling import Teller

MOST = 2
FEW = 3  # points of a story that is soon told
_ROLES = {
    "revenue": frozenset(("revenue", "mrr", "arr", "sales", "turnover")),
    "customers": frozenset(("customer", "customers", "clients")),
    "traffic": frozenset(("traffic", "visits", "visitors", "sessions")),
    "costs": frozenset(("cost", "costs", "expenses")),
}
_COMPARED = (
    ("revenue", "customers"),
    ("revenue", "costs"),
    ("revenue", "traffic"),
    ("customers", "traffic"),
)
_TOLD_ONCE = re.compile(r"\b(?:thank|dank|picture|bild|right (?:way|direction)|richtung)", re.I)
_AFTER = re.compile(r"\b(?:after|since|following|nach|seit)\s(?!q[1-4]|last|the last).+$", re.I)
_UP, _DOWN = ("up", "points_up", "span_up"), ("down", "points_down", "span_down")


def meanings_of(
    teller: Teller, story: Story, lead: Point, told: Sequence[Point], hook: str = ""
) -> Iterator[str]:
    """At most two remarks, the one that says most first; none that the first line makes too."""
    made = {match.group().casefold() for match in _TOLD_ONCE.finditer(hook)}
    found = dict.fromkeys(
        text
        for text in (*relations(teller, story.points), *_by_points(teller, story, lead, told))
        if text and not made & {match.group().casefold() for match in _TOLD_ONCE.finditer(text)}
    )
    yield from list(found)[:MOST]


def relations(teller: Teller, points: Sequence[Point]) -> Iterator[str]:
    """What two metrics say together: which grew faster, or which went the wrong way."""
    told = list(_compared(teller, points)) or list(_side_by_side(teller, points))
    yield from told[:1]


def _compared(teller: Teller, points: Sequence[Point]) -> Iterator[str]:
    grown = {role: share for role in _ROLES for share in _growth_of(role, points)}
    for first, second in _COMPARED:
        a, b = grown.get(first), grown.get(second)
        if a is None or b is None or abs(a - b) < 0.001:
            continue
        name = f"{first}_{second}_{'more' if a > b else 'less'}"
        yield teller.pick(teller.wording.RELATIONS.get(name, ()), name)


def _growth_of(role: str, points: Sequence[Point]) -> Iterator[float]:
    """The growth of the first metric in a role, if it grew; a part or a ratio plays no role."""
    for point in points:
        words = words_of(point.about.fact_id)
        is_plain = not {"per", "rate", "cac", "acquisition"} & set(words) and len(words) <= 2
        if point.kind == "up" and is_plain and _ROLES[role] & set(words):
            yield point.facts[0].value / point.facts[1].value - 1
            return


def _side_by_side(teller: Teller, points: Sequence[Point]) -> Iterator[str]:
    """Two metrics that both rose, or one that went the right way and one that did not."""
    judged = [point for point in points if point.merit and point.kind in (*_UP, *_DOWN)][:2]
    if len(judged) < 2:
        return
    first, second = judged
    if first.merit == second.merit == 1 and first.kind == second.kind == "up":
        fast, slow = sorted(judged, key=_pace, reverse=True)
        if _pace(fast) - _pace(slow) > 0.01:
            yield _named(teller, "both_up", fast, slow)
    elif first.merit != second.merit:
        good, bad = sorted(judged, key=lambda point: -point.merit)
        yield _named(teller, "good_and_bad", good, bad)


def _pace(point: Point) -> float:
    before = point.facts[1].value
    return point.about.value / before - 1 if before > 0 else 0.0


def _named(teller: Teller, name: str, first: Point, second: Point) -> str:
    a, b = (teller.texts(point)["label"] for point in (first, second))
    values = {"a": a, "b": b, "A": capital(a), "B": capital(b)}
    options = [text.format(**values) for text in teller.wording.RELATIONS[name]]
    return teller.pick(options, name)


def _by_points(teller: Teller, story: Story, lead: Point, told: Sequence[Point]) -> Iterator[str]:
    kinds = [point.kind for point in (lead, *told)]
    if story.kind in ("milestone", "steady"):
        yield _said(teller, story.kind)
        yield _said(teller, _key(lead))
    elif lead.merit < 0 and asks_for_growth(teller.brief):
        yield teller.phrase(teller.closings.NO_GROWTH, "meaning:no growth")
    else:
        yield _said(teller, _key(lead))
        if len(story.points) < FEW:  # a short text has room for all that there is to say
            yield from _all_said(teller, _key(lead))
    if "conversions" in kinds and not teller.brief.demands.no_numbers:
        yield _said(teller, "conversions")
    if lead.merit < 0 and _key(lead) not in teller.closings.MEANINGS:
        yield _said(teller, "decline")


def _key(point: Point) -> str:
    """The name of what a movement of this metric means."""
    direction = "up" if point.kind in _UP else "down" if point.kind in _DOWN else ""
    subject = subject_of(point.about)
    if "retention" in words_of(point.about.fact_id):
        subject, direction = "churn", {"up": "down", "down": "up"}.get(direction, "")
    if subject == "costs":
        subject = "cost"
    return f"{subject}_{direction}"


def _said(teller: Teller, name: str) -> str:
    table = teller.closings.MEANINGS.get(name)
    return teller.phrase(table, f"meaning:{name}") if table else ""


def _all_said(teller: Teller, name: str) -> Iterator[str]:
    table = teller.closings.MEANINGS.get(name, {})
    yield from (teller.spoken(text) for text in table.get(teller.voice.family, ()))


def as_background(teller: Teller, topic: str) -> str:
    """A sentence on what the topic names besides metrics."""
    after = _AFTER.search(topic)
    if after is not None:
        return teller.pick([t.format(after=after.group()) for t in teller.tones.AFTER], "after")
    return str(choose(teller.tones.BACKGROUND, teller.brief, "background")).format(topic=topic)

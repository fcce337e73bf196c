"""What the told points mean, as far as arithmetic goes: no causes, no feelings, no forecasts."""

from collections.abc import Iterator, Mapping, Sequence

from agents.metric_names import words_of
from agents.writing.story import Point, Story, asks_for_growth
from agents.writing.telling import Teller

MOST = 2
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


def meanings_of(teller: Teller, story: Story, lead: Point, told: Sequence[Point]) -> Iterator[str]:
    """At most two remarks, the one that says most first."""
    found = [*_relations(teller, story.points), *_by_points(teller, story, lead, told)]
    yield from list(dict.fromkeys(text for text in found if text))[:MOST]


def _relations(teller: Teller, points: Sequence[Point]) -> Iterator[str]:
    """What follows from two metrics that both grew, one faster than the other."""
    grown = {role: share for role in _ROLES for share in _growth_of(role, points)}
    for first, second in _COMPARED:
        a, b = grown.get(first), grown.get(second)
        if a is None or b is None or abs(a - b) < 0.001:
            continue
        name = f"{first}_{second}_{'more' if a > b else 'less'}"
        yield teller.pick([teller.wording.RELATIONS.get(name, "")], name)


def _growth_of(role: str, points: Sequence[Point]) -> Iterator[float]:
    """The growth of the first metric in a role, if it grew; a part or a ratio plays no role."""
    for point in points:
        words = words_of(point.about.fact_id)
        is_plain = not {"per", "rate", "cac", "acquisition"} & set(words) and len(words) <= 2
        if point.kind == "up" and is_plain and _ROLES[role] & set(words):
            yield point.facts[0].value / point.facts[1].value - 1
            return


def _by_points(teller: Teller, story: Story, lead: Point, told: Sequence[Point]) -> Iterator[str]:
    wording: Mapping[str, Mapping[str, tuple[str, ...]]] = teller.wording.MEANINGS
    kinds = [point.kind for point in (lead, *told)]
    has_numbers = not teller.brief.demands.no_numbers
    has_levels = has_numbers and any(point.kind in ("revenue", "level") for point in told)
    for kind in ("conversions", "per_customer"):
        if kind in kinds:
            yield teller.phrase(wording[kind], f"meaning:{kind}")
            break
    if story.kind == "growth" and lead.kind == "growth":
        if has_levels:
            yield teller.phrase(wording["growth"], "meaning:growth")
    elif story.kind == "decline" and asks_for_growth(teller.brief):
        yield teller.phrase(teller.wording.NO_GROWTH, "meaning:no growth")
    elif story.kind == "level" and not told:
        yield teller.phrase(wording["story:figure"], "meaning:figure")
    elif story.kind == "change":
        yield teller.phrase(wording["story:growth"], "meaning:change")
    elif f"story:{story.kind}" in wording:
        yield teller.phrase(wording[f"story:{story.kind}"], f"meaning:{story.kind}")
    if "revenue" in kinds and has_numbers:
        yield teller.phrase(wording["revenue"], "meaning:revenue")

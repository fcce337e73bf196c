"""Which tools of others a task gets to see: those that it can use first, then those that its words
fit.

Whether a tool can be used is told by names and types alone. What it says of itself counts only
among those that no plan could use, so that no description brings a tool into a plan.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic_core import to_json

from agents.planning.foreign import made_by
from agents.planning.goals import goal_of
from streams.domain.intent import Intent
from streams.domain.plan import ToolSpecification
from streams.domain.values import Permission

MOST_FOREIGN = 40  # tools of others in one task's catalogue
MOST_BYTES = (
    128 * 1024
)  # of them as JSON: they are in the task's history, and in every plan's order
NAMED, DESCRIBED = 3, 1  # what a word counts in names and in the description
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool with what a selection looks at, found once."""

    tool: ToolSpecification
    made: frozenset[str]
    takes: frozenset[str]
    named: frozenset[str]
    described: frozenset[str]
    size: int  # bytes as JSON


@dataclass(frozen=True, slots=True)
class Selection:
    """The tools of others for one task, and how many were left out."""

    tools: tuple[ToolSpecification, ...]
    left_out: int


def offers(tools: Iterable[ToolSpecification]) -> tuple[Offer, ...]:
    """Tools to choose from."""
    return tuple(_offer(tool) for tool in tools)


def select(
    foreign: Sequence[Offer],
    builtin: Iterable[Offer],
    intent: Intent | None,
    most: int = MOST_FOREIGN,
) -> Selection:
    """The tools of others that fit an intent best.

    First those that make what the goal needs, the nearest to it and the surest first; of the
    others those that share words with the request.
    """
    if intent is None:
        return _bounded(foreign, len(foreign), most)
    needed = needs_of(intent, (*builtin, *foreign))
    useful = [offer for offer in foreign if not needed.keys().isdisjoint(offer.made)]
    useful.sort(key=lambda offer: _usefulness(offer, needed))
    ids, wanted = {offer.tool.tool_id for offer in useful}, _words_of(intent)
    scored = [(score(offer, wanted), offer) for offer in foreign if offer.tool.tool_id not in ids]
    fitting = sorted((pair for pair in scored if pair[0]), key=lambda p: (-p[0], p[1].tool.tool_id))
    return _bounded([*useful, *(offer for _, offer in fitting)], len(foreign), most)


def _bounded(ranked: Sequence[Offer], there: int, most: int) -> Selection:
    """The first of these that together are neither too many nor too large."""
    chosen: list[ToolSpecification] = []
    room = MOST_BYTES
    for offer in ranked:
        if len(chosen) < most and offer.size <= room:
            chosen.append(offer.tool)
            room -= offer.size
    return Selection(tuple(chosen), there - len(chosen))


def needs_of(intent: Intent, there: Iterable[Offer]) -> dict[str, int]:
    """All artifacts that can play a part in reaching the goal, with how many steps before the end
    they are made."""
    goal = goal_of(intent)
    if goal is None:
        return {}
    makers: dict[str, list[Offer]] = {}
    for offer in there:
        for artifact in offer.made:
            makers.setdefault(artifact, []).append(offer)
    extras = (extra.artifact for extra in goal.extras)
    needed = dict.fromkeys((goal.deliverable, *goal.through, *goal.targets, *extras), 0)
    waiting = list(needed)
    for artifact in waiting:  # grows while it is gone through
        taken = {name for maker in makers.get(artifact, ()) for name in maker.takes}
        fresh = sorted(name for name in taken if name in makers and name not in needed)
        needed |= dict.fromkeys(fresh, needed[artifact] + 1)
        waiting += fresh
    return needed


def score(offer: Offer, wanted: frozenset[str]) -> int:
    """How well a tool fits some words: three for each in its names, one for each in its
    description."""
    return NAMED * len(offer.named & wanted) + DESCRIBED * len(offer.described & wanted)


def _offer(tool: ToolSpecification) -> Offer:
    properties = _properties(tool.input_schema)
    named = _words(" ".join((tool.tool_id, tool.name, *tool.produces, *properties)))
    return Offer(
        tool=tool,
        made=frozenset(made_by(tool)),
        takes=frozenset((*tool.consumes, *properties)),
        named=named,
        described=_words(tool.description) - named,
        size=len(to_json(tool.as_json)),
    )


def _usefulness(offer: Offer, needed: Mapping[str, int]) -> tuple[object, ...]:
    tool = offer.tool
    distance = min(needed[artifact] for artifact in offer.made if artifact in needed)
    is_denied, asks = tool.permission is Permission.DENY, tool.permission is Permission.ASK
    return is_denied, distance, asks, -tool.success_rate, tool.tool_id


def _properties(schema: Mapping[str, object]) -> list[str]:
    properties = schema.get("properties")
    return [str(name) for name in properties] if isinstance(properties, Mapping) else []


def _words_of(intent: Intent) -> frozenset[str]:
    topic = str(intent.constraints.get("topic") or "")
    texts = (intent.summary, intent.domain, topic, *intent.metrics, *intent.requirements)
    return _words(" ".join(texts))


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text))

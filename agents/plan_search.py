"""The search for plans: backwards from the wanted artifacts over what tools consume and produce.

Each artifact of a plan has one maker. Of all ways to make what is wanted, the cheapest by declared cost, time and
success come first; the search is bounded, and always finds a plan if there is one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from streams.domain.plan import ToolSpecification

from agents.plan_goals import Goal

MOST_CHOICES = 24  # ways to make the same artifacts that are looked at
MOST_VISITS = 600  # steps of the search before it takes the cheapest way
STEP_PRICE = 1e-6  # dollars; of equal ways the one with fewer steps is taken
SECOND_PRICE = 1e-4  # dollars a second, to order makers; plans are judged by the planner's own price


@dataclass(frozen=True, slots=True)
class Usable:
    """A tool and which artifacts it cannot do without, and which it makes use of where they are there."""

    tool: ToolSpecification
    mandatory: frozenset[str]
    optional: tuple[str, ...]

    @property
    def price(self) -> float:
        """What one use is expected to cost, time included, in dollars."""
        own = self.tool.estimated_cost + SECOND_PRICE * self.tool.estimated_duration
        return own / max(self.tool.success_rate, 0.01) + STEP_PRICE


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to make what is wanted: the maker of each artifact, and which tools wait for which."""

    makers: Mapping[str, str]
    needs: Mapping[str, Mapping[str, str]]  # tool → {artifact: the tool that makes it}
    order: tuple[str, ...]  # the tools, each after those it needs


@dataclass(slots=True)
class _Search:
    goal: Goal
    tools: Mapping[str, Usable]
    producers: Mapping[str, Sequence[str]]
    visits: int = 0
    deliverable_tool: str = ""
    found: list[Choice] = field(default_factory=list)


def usable(tool: ToolSpecification, static: frozenset[str]) -> Usable:
    """How a tool can be used by a planner that can fill the `static` inputs by itself."""
    properties = tool.input_schema.get("properties", {})
    required = frozenset(tool.input_schema.get("required", ()))
    mandatory = {name for name in tool.consumes if name in required or name not in properties}
    mandatory |= required - static
    optional = tuple(name for name in tool.consumes if name not in mandatory)
    return Usable(tool, frozenset(mandatory), optional)


def choices(goal: Goal, extras: Sequence[str], tools: Mapping[str, Usable]) -> list[Choice]:
    """Ways to make the deliverable, its targets and these extras, cheapest makers first; none if impossible."""
    weights = reachable(goal, tools)
    wanted = (goal.deliverable, *goal.targets, *extras)
    if any(artifact not in weights for artifact in wanted):
        return []
    search = _Search(goal, tools, _ranked_producers(goal, tools, weights))
    found = list(islice(_assignments(search, {}, wanted), MOST_CHOICES))
    if not found:
        cheapest = _assignment_of(search, weights, wanted)
        found = [cheapest] if cheapest else []
    return found


# ------------------------------------------------------------------------------ what can be made


def reachable(goal: Goal, tools: Mapping[str, Usable]) -> dict[str, tuple[float, str]]:
    """The price of the cheapest way to each artifact that can be made, with its maker ("" if it is given).

    The deliverable is made once, from what can be made without it; the rest may build on it.
    """
    weights = {artifact: (0.0, "") for artifact in goal.given if artifact != goal.deliverable}
    _relax(weights, tools, without=goal.deliverable)
    through = frozenset(goal.through)
    makers = [
        (_price(use, use.mandatory | through, _with_given(weights, goal)), tool_id)
        for tool_id, use in tools.items()
        if goal.deliverable in use.tool.produces and _takes(use, through)
    ]
    makers = [(price, tool_id) for price, tool_id in makers if price is not None]
    if makers:
        weights[goal.deliverable] = min(makers)  # type: ignore[type-var, assignment]
        _relax(weights, tools, without="")
    return weights


def _with_given(weights: Mapping[str, tuple[float, str]], goal: Goal) -> dict[str, tuple[float, str]]:
    return {**weights, **{artifact: (0.0, "") for artifact in goal.given}}


def _takes(use: Usable, artifacts: frozenset[str]) -> bool:
    return artifacts <= use.mandatory | frozenset(use.optional)


def _price(
    use: Usable, inputs: Iterable[str], weights: Mapping[str, tuple[float, str]]
) -> float | None:
    total = use.price
    for artifact in inputs:
        if artifact not in weights:
            return None
        total += weights[artifact][0]
    return total


def _relax(
    weights: dict[str, tuple[float, str]], tools: Mapping[str, Usable], *, without: str
) -> None:
    """Lower the prices until none gets lower; prices are positive, so makers never run in a circle."""
    fixed = frozenset(weights)
    has_changed = True
    while has_changed:
        has_changed = False
        for tool_id, use in tools.items():
            price = _price(use, use.mandatory, weights)
            if price is None:
                continue
            for artifact in use.tool.produces:
                if artifact == without or artifact in fixed:
                    continue
                if artifact not in weights or price < weights[artifact][0]:
                    weights[artifact] = (price, tool_id)
                    has_changed = True


def explain_missing(
    artifact: str, tools: Mapping[str, Usable], weights: Mapping[str, tuple[float, str]]
) -> str:
    """Why an artifact cannot be made: what is missing at the root of it."""
    trail = [artifact]
    while True:
        makers = [use for use in tools.values() if trail[-1] in use.tool.produces]
        if not makers:
            return f"no tool produces {trail[-1]!r}" + _for(trail)
        lacking = sorted(a for use in makers for a in use.mandatory if a not in weights)
        if not lacking or lacking[0] in trail:
            return f"{trail[-1]!r} can only be made from itself or from what is not there" + _for(trail)
        trail.append(lacking[0])


def _for(trail: Sequence[str]) -> str:
    return f", which {trail[0]!r} needs" if len(trail) > 1 else ""


# ------------------------------------------------------------------------------ ways to make it


def _ranked_producers(
    goal: Goal, tools: Mapping[str, Usable], weights: Mapping[str, tuple[float, str]]
) -> dict[str, list[str]]:
    """For each artifact the tools that can make it, the cheapest way first."""
    ranked: dict[str, list[tuple[float, str]]] = {}
    through = frozenset(goal.through)
    known = _with_given(weights, goal)
    for tool_id, use in tools.items():
        for artifact in use.tool.produces:
            is_deliverable = artifact == goal.deliverable
            if is_deliverable and not _takes(use, through):
                continue
            inputs = use.mandatory | (through if is_deliverable else frozenset())
            price = _price(use, inputs, known)
            if price is not None:
                ranked.setdefault(artifact, []).append((price, tool_id))
    return {artifact: [t for _, t in sorted(pairs)] for artifact, pairs in ranked.items()}


def _assignments(
    search: _Search, makers: dict[str, str], pending: Sequence[str]
) -> Iterator[Choice]:
    """All ways to choose makers for what is pending, depth first; those in a circle are left out."""
    search.visits += 1
    goal = search.goal
    open_artifacts = [a for a in pending if a not in makers and not _is_given(goal, a)]
    if not open_artifacts:
        choice = _wired(search, makers)
        if choice is not None:
            yield choice
        return
    artifact, rest = open_artifacts[0], open_artifacts[1:]
    for tool_id in _options(search, makers, artifact):
        if search.visits > MOST_VISITS:
            return
        inputs = _inputs(search, tool_id, {**makers, artifact: tool_id})
        chosen = {**makers, artifact: tool_id}
        if not _runs_in_circle(search, chosen, tool_id):
            yield from _assignments(search, chosen, (*inputs, *rest))


def _is_given(goal: Goal, artifact: str) -> bool:
    return artifact in goal.given and artifact != goal.deliverable


def _options(search: _Search, makers: Mapping[str, str], artifact: str) -> list[str]:
    """The makers to try: first a tool that makes the deliverable too, so that the same text is checked and shown."""
    ranked = list(search.producers.get(artifact, ()))
    first = makers.get(search.goal.deliverable)
    if first in ranked:
        ranked.remove(first)
        ranked.insert(0, first)
    return ranked


def _inputs(search: _Search, tool_id: str, makers: Mapping[str, str]) -> list[str]:
    """What a tool must have in this choice of makers."""
    needed = set(search.tools[tool_id].mandatory)
    if makers.get(search.goal.deliverable) == tool_id:
        needed |= set(search.goal.through)
        needed -= set(search.goal.given)
    return sorted(needed)


def _runs_in_circle(search: _Search, makers: Mapping[str, str], start: str) -> bool:
    """Whether a tool would have to wait for itself."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for artifact in _inputs(search, waiting.pop(), makers):
            maker = None if _is_given(search.goal, artifact) else makers.get(artifact)
            if maker == start:
                return True
            if maker is not None and maker not in seen:
                seen.add(maker)
                waiting.append(maker)
    return False


def _assignment_of(
    search: _Search, weights: Mapping[str, tuple[float, str]], wanted: Sequence[str]
) -> Choice | None:
    """The choice of the cheapest maker for everything."""
    makers: dict[str, str] = {}
    pending = list(wanted)
    while pending:
        artifact = pending.pop()
        if artifact in makers or _is_given(search.goal, artifact):
            continue
        makers[artifact] = weights[artifact][1]
        pending += _inputs(search, makers[artifact], makers)
    return _wired(search, makers)


# ------------------------------------------------------------------------------ who needs whom


def _wired(search: _Search, makers: Mapping[str, str]) -> Choice | None:
    """The makers with their needs: what they must have, then what they can use, never in a circle."""
    used = list(dict.fromkeys(makers.values()))
    needs: dict[str, dict[str, str]] = {
        tool_id: {
            a: makers[a]
            for a in _inputs(search, tool_id, makers)
            if not (_is_given(search.goal, a)) and makers[a] != tool_id
        }
        for tool_id in used
    }
    if _ordered(needs) is None:
        return None
    for tool_id in used:
        for artifact in search.tools[tool_id].optional:
            maker = makers.get(artifact)
            if maker is None or maker == tool_id or artifact in needs[tool_id]:
                continue
            needs[tool_id][artifact] = maker
            if _ordered(needs) is None:
                del needs[tool_id][artifact]
    order = _ordered(needs)
    return None if order is None else Choice(makers, needs, tuple(order))


def _ordered(needs: Mapping[str, Mapping[str, str]]) -> list[str] | None:
    """The tools, each after those it needs; None if they run in a circle."""
    waiting = dict(needs)
    ordered: list[str] = []
    while waiting:
        ready = [tool for tool, wants in waiting.items() if not waiting.keys() & set(wants.values())]
        if not ready:
            return None
        for tool in ready:
            del waiting[tool]
        ordered += ready
    return ordered

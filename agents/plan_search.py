"""The search for plans: backwards from the wanted artifacts over what tools consume and produce.

Each artifact of a plan has one maker. Of all ways to make what is wanted, the cheapest by declared
cost, time and
success come first; the search is bounded, and always finds a plan if there is one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from agents.plan_goals import Goal
from streams.domain.plan import ToolSpecification

MOST_CHOICES = 24  # ways to make the same artifacts that are looked at
MOST_VISITS = 600  # steps of the search before it takes the cheapest way
MAIN = "*"  # the run that makes the deliverable; other runs go by the id of their tool
STEP_PRICE = 1e-6  # dollars; of equal ways the one with fewer steps is taken
SECOND_PRICE = (
    1e-4  # dollars a second, to order makers; plans are judged by the planner's own price
)


@dataclass(frozen=True, slots=True)
class Usable:
    """A tool and which artifacts it cannot do without, and which it makes use of where they are
    there.
    """

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
    """One way to make what is wanted: the run that makes each artifact, and which runs wait for
    which.
    """

    main_tool: str
    makers: Mapping[str, str]
    needs: Mapping[str, Mapping[str, str]]  # run → {artifact: the run that makes it}
    order: tuple[str, ...]  # the runs, each after those it needs

    def tool_of(self, run: str) -> str:
        """The tool of a run."""
        return self.main_tool if run == MAIN else run


@dataclass(slots=True)
class _Search:
    goal: Goal
    tools: Mapping[str, Usable]
    producers: Mapping[str, Sequence[str]]
    visits: int = 0
    main_tool: str = ""

    def use(self, run: str) -> Usable:
        """The tool of a run."""
        return self.tools[self.main_tool if run == MAIN else run]


def usable(tool: ToolSpecification, static: frozenset[str]) -> Usable:
    """How a tool can be used by a planner that can fill the `static` inputs by itself."""
    properties = tool.input_schema.get("properties", {})
    required = frozenset(tool.input_schema.get("required", ()))
    mandatory = {name for name in tool.consumes if name in required or name not in properties}
    mandatory |= required - static
    optional = tuple(name for name in tool.consumes if name not in mandatory)
    return Usable(tool, frozenset(mandatory), optional)


def choices(goal: Goal, extras: Sequence[str], tools: Mapping[str, Usable]) -> list[Choice]:
    """Ways to make the deliverable, its targets and these extras, cheapest makers first; none if
    impossible.
    """
    weights = reachable(goal, tools)
    wanted = (goal.deliverable, *goal.targets, *extras)
    if any(artifact not in weights for artifact in wanted):
        return []
    search = _Search(goal, tools, _ranked_producers(goal, tools, weights))
    found: list[Choice] = []
    for tool_id in search.producers[goal.deliverable]:
        search.main_tool = tool_id
        start = {goal.deliverable: MAIN}
        pending = (*_inputs(search, MAIN), *wanted)
        found += islice(_assignments(search, start, pending), MOST_CHOICES - len(found))
    return found or [_cheapest(search, weights, wanted)]


# ------------------------------------------------------------------------------ what can be made


def reachable(goal: Goal, tools: Mapping[str, Usable]) -> dict[str, tuple[float, str]]:
    """The price of the cheapest way to each artifact that can be made, with its maker ("" if it is
    given).

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


def _with_given(
    weights: Mapping[str, tuple[float, str]], goal: Goal
) -> dict[str, tuple[float, str]]:
    return {**weights, **dict.fromkeys(goal.given, (0.0, ""))}


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
    """Lower the prices until none gets lower; prices are positive, so makers never run in a
    circle.
    """
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
            return f"{trail[-1]!r} can only be made from itself or from what is not there" + _for(
                trail
            )
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
    """All ways to choose makers for what is pending, depth first; those in a circle are left
    out.
    """
    search.visits += 1
    open_artifacts = [a for a in pending if a not in makers and not _is_given(search.goal, a)]
    if not open_artifacts:
        yield _wired(search, makers)
        return
    artifact, rest = open_artifacts[0], open_artifacts[1:]
    for run in _options(search, makers, artifact):
        if search.visits > MOST_VISITS:
            return
        chosen = {**makers, artifact: run}
        if not _runs_in_circle(search, chosen, run):
            yield from _assignments(search, chosen, (*_inputs(search, run), *rest))


def _is_given(goal: Goal, artifact: str) -> bool:
    return artifact in goal.given and artifact != goal.deliverable


def _options(search: _Search, makers: Mapping[str, str], artifact: str) -> list[str]:
    """The runs to try: the one that makes the deliverable first, so that the same text is checked
    and shown.
    """
    ranked = list(search.producers.get(artifact, ()))
    if search.main_tool not in ranked:
        return ranked
    if not _runs_in_circle(search, {**makers, artifact: MAIN}, MAIN):
        ranked.remove(search.main_tool)
        ranked.insert(0, MAIN)
    return ranked


def _inputs(search: _Search, run: str) -> list[str]:
    """The artifacts a run must have and that are not given."""
    needed = search.use(run).mandatory
    if run == MAIN:
        needed = (needed | frozenset(search.goal.through)) - frozenset(search.goal.given)
    return sorted(a for a in needed if not _is_given(search.goal, a))


def _runs_in_circle(search: _Search, makers: Mapping[str, str], start: str) -> bool:
    """Whether a run would have to wait for itself."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for artifact in _inputs(search, waiting.pop()):
            maker = makers.get(artifact)
            if maker == start:
                return True
            if maker is not None and maker not in seen:
                seen.add(maker)
                waiting.append(maker)
    return False


def _cheapest(
    search: _Search, weights: Mapping[str, tuple[float, str]], wanted: Sequence[str]
) -> Choice:
    """The cheapest maker for everything: never in a circle, for what it needs is cheaper."""
    search.main_tool = weights[search.goal.deliverable][1]
    makers = {search.goal.deliverable: MAIN}
    pending = [*wanted, *_inputs(search, MAIN)]
    while pending:
        artifact = pending.pop()
        if artifact not in makers and not _is_given(search.goal, artifact):
            makers[artifact] = weights[artifact][1]
            pending += _inputs(search, makers[artifact])
    return _wired(search, makers)


# ------------------------------------------------------------------------------ who needs whom


def _wired(search: _Search, makers: Mapping[str, str]) -> Choice:
    """The runs with their needs: what they must have, then what they can use where that makes no
    circle.
    """
    runs = list(dict.fromkeys(makers.values()))
    needs: dict[str, dict[str, str]] = {
        run: {artifact: makers[artifact] for artifact in _inputs(search, run)} for run in runs
    }
    for run in runs:
        for artifact in search.use(run).optional:
            maker = makers.get(artifact, run)
            if maker != run and artifact not in needs[run] and not _waits_for(needs, maker, run):
                needs[run][artifact] = maker
    return Choice(search.main_tool, makers, needs, tuple(_ordered(needs)))


def _waits_for(needs: Mapping[str, Mapping[str, str]], run: str, other: str) -> bool:
    """Whether a run needs another, directly or through others."""
    seen, waiting = {run}, [run]
    while waiting:
        for maker in needs[waiting.pop()].values():
            if maker == other:
                return True
            if maker not in seen:
                seen.add(maker)
                waiting.append(maker)
    return False


def _ordered(needs: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The runs, each after those it needs."""
    waiting = dict(needs)
    ordered: list[str] = []
    while waiting:
        ready = [run for run, wants in waiting.items() if not waiting.keys() & set(wants.values())]
        if not ready:
            raise ValueError(f"runs wait for each other in a circle: {sorted(waiting)}")
        for run in ready:
            del waiting[run]
        ordered += ready
    return ordered

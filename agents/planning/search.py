"""The search for plans: backwards from the wanted artifacts over what tools consume and produce.

Each artifact of a plan has one maker, and one run makes the deliverable. Makers are tried in the
order of what an artifact costs by them with all that they need. Prices are positive, so the
cheapest maker of everything never waits for itself: the first descent ends in a plan if there is
one, and the search can be bounded without losing it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from agents.planning.goals import TEXTS, Goal
from agents.planning.tools import MAIN, Usable, ordered, waits_for

MOST_CHOICES = 24  # ways to make the same artifacts that are looked at
MOST_VISITS = 600  # steps of one search; a plan has fewer

Weights = dict[str, tuple[float, str]]  # artifact → price of the cheapest way to it, its maker


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to make what is wanted: the run that makes each artifact, and which runs wait for
    which."""

    main_tool: str
    makers: Mapping[str, str]
    needs: Mapping[str, Mapping[str, str]]  # run → {artifact: the run that makes it}
    waits: Mapping[str, tuple[str, ...]]  # run → the runs before it, prerequisites too
    order: tuple[str, ...]  # the runs, each after those it waits for

    def tool_of(self, run: str) -> str:
        """The tool of a run."""
        return self.main_tool if run == MAIN else run

    def made_by(self, run: str) -> tuple[str, ...]:
        """What a run makes."""
        return tuple(artifact for artifact, maker in self.makers.items() if maker == run)


@dataclass(frozen=True, slots=True)
class Space:
    """All that can be made when one tool makes the deliverable."""

    goal: Goal
    tools: Mapping[str, Usable]
    main_tool: str
    weights: Weights
    producers: Mapping[str, Sequence[str]]  # artifact → the runs that can make it, cheapest first

    def inputs(self, run: str) -> list[str]:
        """The artifacts a run must have and that somebody has to make."""
        if run == MAIN:
            needed = self.tools[self.main_tool].mandatory | frozenset(self.goal.through)
            return sorted(needed - self.goal.given.keys())
        return sorted(a for a in self.tools[run].mandatory if not self.is_given(a))

    def optional(self, run: str) -> tuple[str, ...]:
        """The artifacts a run makes use of where they are there."""
        return self.tools[self.main_tool if run == MAIN else run].optional

    def is_given(self, artifact: str) -> bool:
        """Whether an artifact is there from the beginning; what is made anew is not."""
        return artifact in self.goal.given and artifact != self.goal.deliverable


@dataclass(slots=True)
class Visits:
    """How many steps a search has taken."""

    count: int = 0


def spaces(goal: Goal, tools: Mapping[str, Usable]) -> list[Space]:
    """One space for each tool that can make the deliverable, the cheapest first."""
    found = []
    before = _without_text(goal, tools)
    for tool_id, use in tools.items():
        if goal.deliverable in use.tool.produces and use.takes(goal.through):
            weights = _with_text(goal, tools, tool_id, before)
            if weights is not None:
                producers = _ranked_producers(goal, tools, tool_id, weights)
                found.append(Space(goal, tools, tool_id, weights, producers))
    return sorted(found, key=lambda space: space.weights[goal.deliverable][0])


def choices(
    ways: Iterable[Space], extras: Sequence[str], visits: Visits | None = None
) -> list[Choice]:
    """Ways to make the deliverable, its targets and these extras; none if it is impossible."""
    visits = visits or Visits()
    able = [(space, wanted) for space in ways if (wanted := _wanted(space, extras))]
    found: list[Choice] = []
    for space, wanted in able:
        start = {space.goal.deliverable: MAIN}
        pending = (*space.inputs(MAIN), *wanted)
        found += islice(_assignments(space, start, pending, visits), MOST_CHOICES - len(found))
    return found


def reach(goal: Goal, tools: Mapping[str, Usable], ways: Iterable[Space]) -> Weights:
    """All that can be made, whichever tool makes the deliverable."""
    known = _without_text(goal, tools)
    for space in ways:
        known = {**space.weights, **known}
    return known


def _wanted(space: Space, extras: Sequence[str]) -> tuple[str, ...]:
    wanted = (space.goal.deliverable, *space.goal.targets, *extras)
    return wanted if all(a in space.weights or space.is_given(a) for a in wanted) else ()


# ------------------------------------------------------------------------------ what can be made


def _without_text(goal: Goal, tools: Mapping[str, Usable]) -> Weights:
    """What can be made before the deliverable is there."""
    weights = {a: (0.0, "") for a in goal.given if a != goal.deliverable}
    _relax(weights, tools, without=TEXTS | {goal.deliverable})
    return weights


def _with_text(
    goal: Goal, tools: Mapping[str, Usable], main_tool: str, before: Weights
) -> Weights | None:
    """What can be made when this tool makes the deliverable; None if it cannot."""
    use = tools[main_tool]
    given = {**before, **dict.fromkeys(goal.given, (0.0, ""))}
    price = _price(use, use.mandatory | frozenset(goal.through), given)
    if price is None:
        return None
    made = dict.fromkeys((goal.deliverable, *use.tool.produces), (price, MAIN))
    weights = {**made, **before}
    _relax(weights, tools, without=TEXTS | {goal.deliverable})
    return weights


def _price(use: Usable, inputs: Iterable[str], weights: Weights) -> float | None:
    total = use.price
    for artifact in inputs:
        if artifact not in weights:
            return None
        total += weights[artifact][0]
    return total


def _relax(weights: Weights, tools: Mapping[str, Usable], *, without: frozenset[str]) -> None:
    """Lower the prices until none gets lower; prices are positive, so makers never run in a
    circle. What is there already keeps its price."""
    settled = without | weights.keys()
    has_changed = True
    while has_changed:
        has_changed = False
        for artifact, price, tool_id in _offers(tools, weights, settled):
            if artifact not in weights or price < weights[artifact][0]:
                weights[artifact] = (price, tool_id)
                has_changed = True


def _offers(
    tools: Mapping[str, Usable], weights: Weights, without: frozenset[str]
) -> Iterator[tuple[str, float, str]]:
    """What the tools make of what is there: artifact, price and tool."""
    for tool_id, use in tools.items():
        made = [artifact for artifact in use.tool.produces if artifact not in without]
        price = _price(use, use.mandatory, weights) if made else None
        if price is not None:
            yield from ((artifact, price, tool_id) for artifact in made)


def _ranked_producers(
    goal: Goal, tools: Mapping[str, Usable], main_tool: str, weights: Weights
) -> dict[str, list[str]]:
    """The runs that can make each artifact: the one that makes the deliverable first, so that the
    same text is checked and shown; then the cheapest."""
    ranked: dict[str, list[tuple[float, str]]] = {}
    for artifact, price, tool_id in _offers(tools, weights, TEXTS | {goal.deliverable}):
        ranked.setdefault(artifact, []).append((price, tool_id))
    found = {artifact: [run for _, run in sorted(runs)] for artifact, runs in ranked.items()}
    for artifact in (goal.deliverable, *tools[main_tool].tool.produces):
        found[artifact] = [MAIN, *found.get(artifact, ())]
    return found


# ------------------------------------------------------------------------------ ways to make it


def _assignments(
    space: Space, makers: dict[str, str], pending: Sequence[str], visits: Visits
) -> Iterator[Choice]:
    """All ways to choose makers for what is pending, depth first; those in a circle are left
    out."""
    visits.count += 1
    waiting = [a for a in pending if a not in makers and not space.is_given(a)]
    if not waiting:
        yield _wired(space, makers)
        return
    artifact, rest = waiting[0], waiting[1:]
    for run in space.producers.get(artifact, ()):
        if visits.count > MOST_VISITS:
            return
        chosen = {**makers, artifact: run}
        if not _runs_in_circle(space, chosen, run):
            yield from _assignments(space, chosen, (*space.inputs(run), *rest), visits)


def _runs_in_circle(space: Space, makers: Mapping[str, str], start: str) -> bool:
    """Whether a run would have to wait for itself."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for artifact in space.inputs(waiting.pop()):
            maker = makers.get(artifact)
            if maker == start:
                return True
            if maker is not None and maker not in seen:
                seen.add(maker)
                waiting.append(maker)
    return False


def _wired(space: Space, makers: Mapping[str, str]) -> Choice:
    """The runs with their needs: what they must have, then what they can use where that makes no
    circle, then the tools that are to go first."""
    runs = list(dict.fromkeys(makers.values()))
    needs = {run: {artifact: makers[artifact] for artifact in space.inputs(run)} for run in runs}
    waits = {run: list(dict.fromkeys(needs[run].values())) for run in runs}
    for run in runs:
        for artifact in space.optional(run):
            maker = makers.get(artifact, run)
            if maker != run and artifact not in needs[run] and not waits_for(waits, maker, run):
                needs[run][artifact] = maker
                waits[run].append(maker)
    names = {space.main_tool if run == MAIN else run: run for run in reversed(runs)}
    for run in runs:
        for tool_id in space.tools[space.main_tool if run == MAIN else run].tool.prerequisites:
            first = names.get(tool_id, run)
            if first != run and not waits_for(waits, first, run):
                waits[run].append(first)
    befores = {run: tuple(dict.fromkeys(first)) for run, first in waits.items()}
    return Choice(space.main_tool, makers, needs, befores, tuple(ordered(befores)))

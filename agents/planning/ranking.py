"""Which of the possible workflows is best: all are compared in dollars.

A score is the expected cost, the price of waiting, of asking a person for a permission and of
failing, less the worth of extras such as a compliance check. A plan over the budget is never
chosen; one over the deadline only if no other is quicker.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from agents.planning.goals import Extra, Goal
from agents.planning.search import Choice, Space, choices
from agents.planning.tools import Usable

FAILURE_PRICE = 1.0  # dollars
SECOND_PRICE = {"low": 0.0005, "medium": 0.001, "high": 0.005, "critical": 0.02}  # dollars
MOST_CANDIDATES = 150


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plan must keep to. `seconds` is the time left, `priority` the user's."""

    budget: float | None = None  # dollars
    seconds: float | None = None
    priority: str = "medium"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible workflow with its estimates. `score` is in dollars: less is better."""

    choice: Choice
    extras: tuple[Extra, ...]
    optional_runs: frozenset[str]  # those whose failure does not fail the task
    cost: float
    duration: float  # seconds along the critical path
    success: float
    score: float


def candidates(
    goal: Goal, ways: Sequence[Space], tools: Mapping[str, Usable], priority: str
) -> list[Candidate]:
    """Workflows with every set of extras, the fullest sets first."""
    found: list[Candidate] = []
    subsets = _subsets(goal.extras)
    for number, extras in enumerate(subsets):
        # The barest set is always looked at: it may be the only one within the limits.
        if len(found) < MOST_CANDIDATES or number == len(subsets) - 1:
            wanted = [extra.artifact for extra in extras]
            found += [_estimate(goal, c, extras, tools, priority) for c in choices(ways, wanted)]
    return found


def best_of(found: Sequence[Candidate], limits: Limits) -> Candidate | None:
    """The best candidate within budget and deadline; if none is in time, the quickest; None if all
    cost too much."""
    affordable = [c for c in found if limits.budget is None or c.cost <= limits.budget]
    if not affordable:
        return None
    in_time = [c for c in affordable if limits.seconds is None or c.duration <= limits.seconds]
    if in_time:
        return min(in_time, key=by_score)
    return min(affordable, key=lambda c: (c.duration, *by_score(c)))


def by_score(candidate: Candidate) -> tuple[float, int, tuple[str, ...]]:
    """The key that puts the best first and never leaves a tie open."""
    choice = candidate.choice
    tools = tuple(choice.tool_of(run) for run in choice.order)
    return round(candidate.score, 9), len(choice.order), tools


def _subsets(extras: Sequence[Extra]) -> list[tuple[Extra, ...]]:
    sizes = range(len(extras), -1, -1)
    return [subset for size in sizes for subset in combinations(extras, size)]


def _estimate(
    goal: Goal,
    choice: Choice,
    extras: tuple[Extra, ...],
    tools: Mapping[str, Usable],
    priority: str,
) -> Candidate:
    optional = _optional_runs(goal, choice, extras, tools)
    cost = expected = duration = 0.0
    success = 1.0
    ends: dict[str, float] = {}
    for run in choice.order:
        tool = tools[choice.tool_of(run)].tool
        cost += tool.estimated_cost
        expected += tool.estimated_cost / max(tool.success_rate, 0.01)
        begin = max((ends[first] for first in choice.waits[run]), default=0.0)
        ends[run] = begin + tool.estimated_duration
        duration = max(duration, ends[run])
        success *= 1.0 if run in optional else tool.success_rate
    waiting = SECOND_PRICE.get(priority, SECOND_PRICE["medium"]) * duration
    worth = sum(extra.worth for extra in extras)
    tolls = sum(tools[choice.tool_of(run)].toll for run in choice.order)
    score = expected + waiting + tolls + FAILURE_PRICE * (1 - success) - worth
    return Candidate(choice, extras, optional, cost, duration, success, score)


def _optional_runs(
    goal: Goal, choice: Choice, extras: Iterable[Extra], tools: Mapping[str, Usable]
) -> frozenset[str]:
    """The runs that only serve extras whose failure does not matter."""
    firm = [extra.artifact for extra in extras if not extra.is_optional]
    wanted = (goal.deliverable, *goal.targets, *firm)
    loose = {extra.artifact for extra in goal.extras if extra.is_optional} - set(goal.through)
    seen: set[str] = set()
    waiting = [choice.makers[artifact] for artifact in wanted if artifact in choice.makers]
    while waiting:
        run = waiting.pop()
        if run not in seen:
            seen.add(run)
            must = tools[choice.tool_of(run)].mandatory
            needs = choice.needs[run].items()
            waiting += [maker for name, maker in needs if name in must or name not in loose]
    return frozenset(choice.order) - seen

"""The planner: understands the request, lists the tools, and plans the cheapest workflow that is
good enough.

Plans are found by search over what tools consume and produce, and compared in dollars: expected
cost, the price of
waiting, the price of failing, less the worth of extras such as a compliance check. A plan over the
budget is never
chosen; one over the deadline only if no other is quicker.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from agents import intent as intents
from agents.catalog import discover_tools
from agents.contract import Agent, Done, GiveUp, Outcome
from agents.plan_goals import Extra, Goal, goal_of
from agents.plan_search import Choice, Usable, choices, explain_missing, reachable, usable
from agents.plan_steps import STATIC_INPUTS, Limits, build_steps
from streams.domain.commands import Command
from streams.domain.intent import Intent
from streams.domain.plan import ExecutionPlan, PlanProblem, ToolSpecification, problems
from streams.domain.values import Json, WorkflowSource

FAILURE_PRICE = 1.0  # dollars
SECOND_PRICE = {"low": 0.0005, "medium": 0.001, "high": 0.005, "critical": 0.02}  # dollars
MOST_CANDIDATES = 150
MOST_ALTERNATIVES = 5
_TOOL_CODES = ("unknown_tool", "wrong_agent", "missing_input")
_QUOTED = re.compile(r"'([^']+)'")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible workflow with its estimates. `score` is in dollars: less is better."""

    choice: Choice
    extras: tuple[Extra, ...]
    optional_runs: frozenset[str]
    cost: float
    duration: float
    success: float
    score: float


def plan_workflow(command: Command) -> Outcome:
    """The handler of PlanWorkflow."""
    payload = command.payload
    intent = Intent.model_validate(payload["intent"])
    goal = goal_of(intent)
    if goal is None:
        return GiveUp(f"there is no plan for requests of the kind {intent.name!r}")
    tools = [ToolSpecification.model_validate(tool) for tool in payload["tools"]]
    limits = _limits(payload, command.issued_at)
    uses = _usable_tools(tools, payload.get("problems") or ())
    candidates = _candidates(goal, uses, limits)
    if not candidates:
        return GiveUp(_why_impossible(goal, uses))
    affordable = [c for c in candidates if limits.budget is None or c.cost <= limits.budget]
    if not affordable:
        least = min(c.cost for c in candidates)
        return GiveUp(
            f"the cheapest plan costs ${least:.4f}, over the budget of ${limits.budget:.4f}"
        )
    best = _best(affordable, limits)
    plan = _plan(intent, goal, best, candidates, uses, limits, payload)
    found = problems(plan, {tool.tool_id: tool for tool in tools}, budget=limits.budget)
    if found:
        return GiveUp("no valid plan: " + "; ".join(problem.message for problem in found[:3]))
    return Done(plan.as_json)


def _limits(payload: Json, now: int) -> Limits:
    settings: Json = payload.get("settings") or {}
    preferences: Json = payload.get("preferences") or {}
    budgets = [v for v in (settings.get("budget"), preferences.get("budget")) if v is not None]
    ends = [v for v in (settings.get("deadline"), preferences.get("deadline")) if v is not None]
    return Limits(
        budget=float(min(budgets)) if budgets else None,
        seconds=(min(ends) - now) / 1000 if ends else None,
        priority=str(preferences.get("priority") or "medium"),
        step_threshold=float(settings.get("step_threshold", 0.75)),
        max_attempts=int(settings.get("max_attempts", 3)),
        command_timeout=int(settings.get("command_timeout", 60_000)),
    )


def _usable_tools(tools: Iterable[ToolSpecification], earlier: Iterable[Json]) -> dict[str, Usable]:
    """The tools a plan may use: no effect that needs an approval, and none an earlier plan failed
    by.
    """
    failed: set[str] = set()
    for problem in (PlanProblem.model_validate(p) for p in earlier):
        if problem.code in _TOOL_CODES:
            failed |= set(_QUOTED.findall(problem.message)[:1])
    return {
        tool.tool_id: usable(tool, STATIC_INPUTS)
        for tool in tools
        if not tool.requires_approval and tool.tool_id not in failed
    }


# ---------------------------------------------------------------------------------- candidates


def _candidates(goal: Goal, tools: Mapping[str, Usable], limits: Limits) -> list[Candidate]:
    """Workflows with every set of extras, the fullest sets first."""
    found: list[Candidate] = []
    for extras in _subsets(goal.extras):
        wanted = [extra.artifact for extra in extras]
        for choice in choices(goal, wanted, tools):
            found.append(_estimate(goal, choice, extras, tools, limits))
        if len(found) >= MOST_CANDIDATES:
            break
    # The barest set is always looked at: it may be the only one within the limits.
    if found and all(candidate.extras for candidate in found):
        found += [_estimate(goal, c, (), tools, limits) for c in choices(goal, (), tools)]
    return found


def _subsets(extras: Sequence[Extra]) -> list[tuple[Extra, ...]]:
    sizes = range(len(extras), -1, -1)
    return [subset for size in sizes for subset in combinations(extras, size)]


def _estimate(
    goal: Goal,
    choice: Choice,
    extras: tuple[Extra, ...],
    tools: Mapping[str, Usable],
    limits: Limits,
) -> Candidate:
    optional = _optional_runs(goal, choice, extras)
    cost = expected = duration = 0.0
    success = 1.0
    ends: dict[str, float] = {}
    for run in choice.order:
        tool = tools[choice.tool_of(run)].tool
        cost += tool.estimated_cost
        expected += tool.estimated_cost / max(tool.success_rate, 0.01)
        begin = max((ends[maker] for maker in choice.needs[run].values()), default=0.0)
        ends[run] = begin + tool.estimated_duration
        duration = max(duration, ends[run])
        success *= 1.0 if run in optional else tool.success_rate
    waiting = SECOND_PRICE.get(limits.priority, SECOND_PRICE["medium"]) * duration
    worth = sum(extra.worth for extra in extras)
    score = expected + waiting + FAILURE_PRICE * (1 - success) - worth
    return Candidate(choice, extras, optional, cost, duration, success, score)


def _optional_runs(goal: Goal, choice: Choice, extras: Iterable[Extra]) -> frozenset[str]:
    """The runs that only serve extras whose failure does not matter."""
    firm = [e.artifact for e in extras if not e.is_optional]
    kept = _behind(
        choice, [choice.makers[a] for a in (goal.deliverable, *goal.targets, *firm)], goal
    )
    return frozenset(choice.order) - kept


def _behind(choice: Choice, runs: Iterable[str], goal: Goal) -> frozenset[str]:
    """These runs and all they cannot do without."""
    loose = {extra.artifact for extra in goal.extras if extra.is_optional} - set(goal.through)
    seen: set[str] = set()
    waiting = list(runs)
    while waiting:
        run = waiting.pop()
        if run not in seen:
            seen.add(run)
            waiting += [m for artifact, m in choice.needs[run].items() if artifact not in loose]
    return frozenset(seen)


def _best(candidates: Sequence[Candidate], limits: Limits) -> Candidate:
    """The best candidate within the deadline; if there is none, the quickest."""
    if limits.seconds is None:
        return min(candidates, key=_by_score)
    in_time = [c for c in candidates if c.duration <= limits.seconds]
    if in_time:
        return min(in_time, key=_by_score)
    return min(candidates, key=lambda c: (c.duration, *_by_score(c)))


def _by_score(candidate: Candidate) -> tuple[float, int, tuple[str, ...]]:
    return round(candidate.score, 9), len(candidate.choice.order), candidate.choice.order


def _why_impossible(goal: Goal, tools: Mapping[str, Usable]) -> str:
    weights = reachable(goal, tools)
    for artifact in (*goal.through, goal.deliverable, *goal.targets):
        if artifact not in weights and artifact not in goal.given:
            return f"no possible plan: {explain_missing(artifact, tools, weights)}"
    users = ", ".join(goal.through)
    return f"no possible plan: no tool makes {goal.deliverable!r} from {users or 'what is there'}"


# ------------------------------------------------------------------------------------ the plan


def _plan(
    intent: Intent,
    goal: Goal,
    best: Candidate,
    candidates: Sequence[Candidate],
    tools: Mapping[str, Usable],
    limits: Limits,
    payload: Json,
) -> ExecutionPlan:
    steps, main = build_steps(intent, goal, best.choice, best.optional_runs, tools, limits)
    threshold = (payload.get("preferences") or {}).get("quality_threshold")
    return ExecutionPlan(
        steps=steps,
        deliverable_step=main,
        workflow_source=WorkflowSource(payload.get("workflow_source") or "user_request"),
        estimated_cost=best.cost,
        estimated_duration=best.duration,
        success_probability=best.success,
        quality_threshold=threshold,
        agents=tuple(dict.fromkeys(step.agent_type for step in steps)),
        requires_approval=bool(intent.channels),
        reasons=_reasons(intent, goal, best, candidates, limits),
        alternatives=tuple(_summary(c, best) for c in _others(candidates, best)),
    )


def _others(candidates: Sequence[Candidate], best: Candidate) -> list[Candidate]:
    others = sorted((c for c in candidates if c is not best), key=_by_score)
    return others[:MOST_ALTERNATIVES]


def _summary(candidate: Candidate, best: Candidate) -> Json:
    """A plan that was not chosen, in short."""
    without = {e.artifact for e in best.extras} - {e.artifact for e in candidate.extras}
    runs = candidate.choice.order
    return {
        "tools": [candidate.choice.tool_of(run) for run in runs],
        "without": sorted(without),
        "estimated_cost": round(candidate.cost, 6),
        "estimated_duration": round(candidate.duration, 3),
        "success_probability": round(candidate.success, 4),
        "score": round(candidate.score, 4),
    }


_WORDS = {
    "research": "market research",
    "compliance_report": "the compliance check",
    "quality_report": "the quality check",
    "insights": "the analysis of the metrics",
}


def _reasons(
    intent: Intent,
    goal: Goal,
    best: Candidate,
    candidates: Sequence[Candidate],
    limits: Limits,
) -> tuple[str, ...]:
    choice = best.choice
    tools = " → ".join(choice.tool_of(run) for run in choice.order)
    reasons = [
        f"To make {goal.kind!r} the search went backwards from {goal.deliverable!r}: {tools}.",
        f"Expected: ${best.cost:.2f}, {best.duration:.2f} s along the critical path, "
        f"success {best.success:.0%}; best of {len(candidates)} possible plans.",
    ]
    if goal.through:
        resting = " and ".join(goal.through)
        reasons.append(f"The text rests on {resting}, so that every statement has a source.")
    reasons += [
        f"{_WORDS.get(e.artifact, e.artifact).capitalize()} is optional: the work goes on if it fails."
        for e in best.extras
        if e.is_optional
    ]
    for extra in goal.extras:
        if extra not in best.extras:
            reasons.append(_why_left_out(extra, candidates))
    if limits.seconds is not None and best.duration > limits.seconds:
        reasons.append("No plan is expected to meet the deadline: this is the quickest.")
    if not intent.channels:
        reasons.append("Nothing is to be published, so no approval is needed.")
    return tuple(reasons)


def _why_left_out(extra: Extra, candidates: Sequence[Candidate]) -> str:
    name = _WORDS.get(extra.artifact, extra.artifact).capitalize()
    if not any(extra in candidate.extras for candidate in candidates):
        return f"{name} is left out: no tool that is there makes it."
    return f"{name} is left out: it does not fit into budget, deadline or what it is worth."


PLANNER = Agent(
    "planner",
    computes={
        "ParseIntent": intents.parse,
        "DiscoverTools": discover_tools,
        "PlanWorkflow": plan_workflow,
    },
)

"""Properties of the search for plans over random catalogues of tools."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agents.contract import Done, GiveUp
from agents.planning.goals import Extra, Goal
from agents.planning.ranking import Limits, best_of, candidates
from agents.planning.search import MOST_CHOICES, MOST_VISITS, Visits, choices, spaces
from agents.planning.tools import MAIN, Usable, usable
from streams.domain.intent import Intent
from streams.domain.plan import ExecutionPlan, ToolSpecification, problems
from streams.domain.values import Channel
from tests.agents.planning import flaws, plan_outcome, tool

INTENT = Intent(
    name="create_social_content_with_metrics",
    action="create",
    domain="marketing",
    channels=(Channel.LINKEDIN,),
    metrics=("revenue_monthly",),
)
WANTED = ("draft", "variant:linkedin", "insights")
ARTIFACTS = (*WANTED, "metrics_data", "compliance_report", "quality_report", "a", "b")
LETTERS = ("goal", "through", "target", "p", "q", "r")
GOAL = Goal("goal", "make", "thing", through=("through",), targets=("target",))


def _tools(artifacts: tuple[str, ...], most: int) -> st.SearchStrategy[list[ToolSpecification]]:
    some = st.sets(st.sampled_from(artifacts), max_size=2).map(sorted)
    one = st.builds(
        lambda produces, needs, uses, cost, seconds, success, approval, first: {
            "produces": produces,
            "needs": [artifact for artifact in needs if artifact not in produces],
            "uses": [artifact for artifact in uses if artifact not in (*produces, *needs)],
            "estimated_cost": cost,
            "estimated_duration": seconds,
            "success_rate": success,
            "requires_approval": approval,
            "prerequisites": (f"t{first}",),
        },
        produces=st.sets(st.sampled_from(artifacts), min_size=1, max_size=3).map(sorted),
        needs=some,
        uses=some,
        cost=st.sampled_from([0.0, 0.01, 0.5]),
        seconds=st.sampled_from([0.0, 0.1, 30.0]),
        success=st.sampled_from([0.0, 0.5, 1.0]),
        approval=st.integers(0, 9).map(lambda n: n == 0),
        first=st.integers(0, most),
    )
    many = st.lists(one, max_size=most)
    return many.map(lambda rows: [tool(f"t{n}", **row) for n, row in enumerate(rows)])


def _with_core(
    core: tuple[ToolSpecification, ...], others: st.SearchStrategy[list[ToolSpecification]]
) -> st.SearchStrategy[list[ToolSpecification]]:
    """Random tools beside a few that make a plan possible, one of which may be lacking."""
    return st.builds(
        lambda some, lacking: [*some, *core[:lacking], *core[lacking + 1 :]],
        others,
        st.integers(0, 2 * len(core)),
    )


CORE = (
    tool("write", "draft", uses=("insights",), estimated_cost=0.01),
    tool("shape", "variant:linkedin", needs=("draft",)),
    tool("think", "insights", needs=("metrics_data",), success_rate=0.9),
    tool("count", "metrics_data", estimated_duration=2.0),
)
LETTER_CORE = (
    tool("make", ("goal", "p"), needs=("q",), uses=("through",)),
    tool("ground", "through", uses=("r",), estimated_cost=0.1),
    tool("aim", "target", needs=("p",)),
    tool("begin", "q"),
)
CATALOGUES = _with_core(CORE, _tools(ARTIFACTS, 9))
SMALL = _with_core(LETTER_CORE, _tools(LETTERS, 3))


@given(
    CATALOGUES,
    st.sampled_from([None, 0.0, 0.02, 1.0]),
    st.sampled_from(["low", "medium", "critical"]),
)
@settings(max_examples=70, deadline=None)
def test_every_plan_that_comes_out_is_valid_typed_acyclic_and_complete(
    tools: list[ToolSpecification], budget: float | None, priority: str
) -> None:
    outcome = plan_outcome(INTENT, tools, preferences={"budget": budget, "priority": priority})

    if isinstance(outcome, Done):
        plan = ExecutionPlan.model_validate(outcome.output)
        assert problems(plan, {spec.tool_id: spec for spec in tools}, budget=budget) == []
        assert flaws(plan, WANTED) == []
        assert not any(step.is_optional for step in plan.steps if step.step_id in plan_spine(plan))
    else:
        assert isinstance(outcome, GiveUp)
        assert outcome.reason


def plan_spine(plan: ExecutionPlan) -> set[str]:
    """The deliverable's step and all that it must have."""
    steps = {step.step_id: step for step in plan.steps}
    seen: set[str] = set()
    waiting = [plan.deliverable_step]
    while waiting:
        step_id = waiting.pop()
        if step_id not in seen:
            seen.add(step_id)
            waiting += [s for a, s in steps[step_id].needs.items() if a == "insights"]
    return seen


def _every_way(tools: dict[str, Usable], goal: Goal) -> Iterator[set[str]]:
    """By brute force: the tools of every assignment of makers that works."""
    made = sorted({a for use in tools.values() for a in use.tool.produces})
    for main in tools:
        makers = [
            [None, *(t for t in tools if artifact in tools[t].tool.produces), MAIN]
            for artifact in made
        ]
        for chosen in product(*makers):
            by = {a: run for a, run in zip(made, chosen, strict=True) if run is not None}
            if by.get(goal.deliverable) == MAIN and _works(by, main, tools, goal):
                yield {main if run == MAIN else run for run in by.values()}


def _works(by: dict[str, str], main: str, tools: dict[str, Usable], goal: Goal) -> bool:
    if not {goal.deliverable, *goal.targets} <= by.keys() or not tools[main].takes(goal.through):
        return False
    if any(run == MAIN and a not in tools[main].tool.produces for a, run in by.items()):
        return False
    runs = set(by.values())
    needs = {
        run: tools[main].mandatory | set(goal.through) if run == MAIN else tools[run].mandatory
        for run in runs
    }
    done: set[str] = set()
    while ready := {
        run for run in runs - done if all(a in by and by[a] in done for a in needs[run])
    }:
        done |= ready
    return done == runs


@given(SMALL)
@settings(max_examples=70, deadline=None)
def test_a_plan_is_found_if_and_only_if_there_is_one(tools: list[ToolSpecification]) -> None:
    uses = {spec.tool_id: usable(spec, frozenset()) for spec in tools}
    there_is_one = next(_every_way(uses, GOAL), None) is not None

    found = choices(spaces(GOAL, uses), ())

    assert bool(found) == there_is_one


@given(SMALL)
@settings(max_examples=40, deadline=None)
def test_within_a_small_catalogue_the_cheapest_plan_is_found(
    tools: list[ToolSpecification],
) -> None:
    uses = {spec.tool_id: usable(spec, frozenset()) for spec in tools}
    costs = [
        sum(uses[tool_id].tool.estimated_cost for tool_id in way) for way in _every_way(uses, GOAL)
    ]
    assume(costs)
    budget = min(costs)

    found = candidates(GOAL, spaces(GOAL, uses), uses, "medium")
    best = best_of(found, Limits(budget=budget + 1e-9))

    assert best is not None
    assert best.cost == pytest.approx(budget)


@given(_with_core(LETTER_CORE, _tools(LETTERS, 9)))
@settings(max_examples=40, deadline=None)
def test_the_best_of_all_candidates_is_chosen(tools: list[ToolSpecification]) -> None:
    uses = {spec.tool_id: usable(spec, frozenset()) for spec in tools}
    goal = Goal("goal", "make", "thing", extras=(Extra("p", 0.1, True), Extra("q", 0.2, False)))

    found = candidates(goal, spaces(goal, uses), uses, "medium")

    best = best_of(found, Limits())
    assert (best is None) == (not found)
    lowest = min((candidate.score for candidate in found), default=0.0)
    assert best is None or best.score == pytest.approx(lowest, abs=1e-8)


def _ladder(steps: int, makers: int) -> list[ToolSpecification]:
    """A chain in which each link can be made by several tools: makers ** steps plans."""
    rungs = [
        tool(f"m{n}.{k}", f"a{n}", needs=(f"a{n - 1}",) if n else (), estimated_cost=0.01 * k)
        for n in range(steps)
        for k in range(makers)
    ]
    return [*rungs, tool("end", "goal", needs=(f"a{steps - 1}",))]


def test_the_search_is_bounded_and_takes_the_cheapest_way_first() -> None:
    uses = {spec.tool_id: usable(spec, frozenset()) for spec in _ladder(12, 6)}
    goal, visits = Goal("goal", "make", "thing"), Visits()

    found = choices(spaces(goal, uses), (), visits)

    assert visits.count <= MOST_VISITS + 1
    assert len(found) == MOST_CHOICES
    assert found[0].order == (*(f"m{n}.0" for n in range(12)), MAIN)


def test_ways_that_never_end_do_not_hide_the_one_that_does() -> None:
    # 6 ** 12 ways come back to where they began: each needs what only the deliverable makes.
    dead = [
        tool(f"d{n}.{k}", f"a{n}", needs=(f"a{n - 1}" if n else "end",))
        for n in range(12)
        for k in range(6)
    ]
    tools = [
        *dead,
        tool("root", "a11", estimated_cost=5.0),
        tool("final", ("goal", "end"), needs=("a11",)),
    ]
    uses = {spec.tool_id: usable(spec, frozenset()) for spec in tools}
    visits = Visits()

    found = choices(spaces(Goal("goal", "make", "thing"), uses), (), visits)

    assert visits.count <= MOST_VISITS + 1
    assert [choice.order for choice in found] == [("root", MAIN)]


def test_a_plan_with_more_steps_than_may_run_is_refused() -> None:
    long = _ladder(220, 1)
    tools = [spec.model_copy(update={"produces": ("insights",)}) for spec in long[-2:-1]]

    outcome = plan_outcome(INTENT, [*long[:-2], *tools, tool("w", "draft", needs=("insights",)),
                                    tool("f", "variant:linkedin", needs=("draft",))])  # fmt: skip

    assert isinstance(outcome, GiveUp)
    assert "more than 200 steps" in outcome.reason

"""Plans: the order of steps, what may start, and everything that forbids a plan to run."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.plan import (
    MAX_STEPS,
    ExecutionPlan,
    WorkflowStep,
    critical_path,
    dependencies,
    guarded,
    order,
    problems,
)
from tests.domain.samples import TOOLS, plan, step, tool

CATALOGUE = {spec.tool_id: spec for spec in TOOLS}
FAST = settings(max_examples=40, deadline=None, database=None)


def codes(made: ExecutionPlan, *extra: Any, budget: float | None = None) -> list[str]:
    known = CATALOGUE | {spec.tool_id: spec for spec in extra}
    return [problem.code for problem in problems(made, known, budget=budget)]


def edit(one: WorkflowStep, **fields: Any) -> WorkflowStep:
    return one.model_copy(update=fields)


@st.composite
def dags(draw: st.DrawFn) -> list[WorkflowStep]:
    """Steps in any order, each of which may depend on any that come before it in a hidden one."""
    masks = draw(st.lists(st.integers(0, 127), min_size=1, max_size=7))
    made = []
    for n, mask in enumerate(masks):
        before = [f"s{k}" for k in range(n) if mask >> k & 1]
        half = len(before) // 2
        made.append(
            step(
                f"s{n}",
                "write",
                *before[:half],
                depends_on=before[half:],
                estimated_duration=1 + mask % 5,
            )
        )
    return draw(st.permutations(made))


@given(dags())
@FAST
def test_a_graph_without_circles_is_valid_and_its_order_complete(steps: list[WorkflowStep]) -> None:
    ordered = order(steps)

    assert ordered is not None
    assert sorted(s.step_id for s in ordered) == sorted(s.step_id for s in steps)
    for place, one in enumerate(ordered):
        assert dependencies(one) <= {s.step_id for s in ordered[:place]}
    assert codes(plan(*steps)) == []


@given(dags())
@FAST
def test_the_critical_path_is_the_longest_chain(steps: list[WorkflowStep]) -> None:
    known = {one.step_id: one for one in steps}

    def longest(step_id: str) -> float:
        before = [longest(other) for other in dependencies(known[step_id])]
        return known[step_id].estimated_duration + max(before, default=0)

    assert critical_path(steps) == max(longest(step_id) for step_id in known)


@given(dags(), st.data())
@FAST
def test_whatever_breaks_a_graph_is_found(steps: list[WorkflowStep], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(steps) - 1))
    one, others = steps[place], steps[:place] + steps[place + 1 :]

    assert "duplicate_step" in codes(plan(*steps, one))
    assert "unknown_step" in codes(plan(*others, edit(one, depends_on=("nowhere",))))
    assert "self_dependency" in codes(plan(*others, edit(one, depends_on=(one.step_id,))))
    there = step("there", "write", one.step_id)
    back = edit(one, depends_on=(*one.depends_on, "there"))
    assert codes(plan(*others, there, back)) == ["cycle"]
    assert order([*others, there, back]) is None
    assert critical_path([*others, there, back]) == 0


def test_steps_that_do_not_depend_on_each_other_keep_their_order() -> None:
    steps = [step("c", "write", "a"), step("b"), step("a")]

    assert [s.step_id for s in order(steps)] == ["b", "a", "c"]


def test_a_plan_without_steps_or_with_too_many_is_no_plan() -> None:
    many = [step(f"s{n}") for n in range(MAX_STEPS + 1)]

    assert codes(ExecutionPlan(steps=(), deliverable_step="post")) == ["empty"]
    assert codes(plan(*many)) == ["too_large"]
    assert codes(plan(*many[1:])) == []


NEEDY = tool("needy", input_schema={"required": ["metrics", "tone"]})


@pytest.mark.parametrize(
    ("made", "code", "pointer"),
    [
        (plan(step("post"), deliverable="draft"), "unknown_deliverable", "/deliverable_step"),
        (plan(step("deliverable")), "reserved_step", "/steps/0"),
        (plan(step("facts", "analyze"), step("post", "teleport")), "unknown_tool", "/steps/1"),
        (plan(step("post", agent_type="financial")), "wrong_agent", "/steps/0"),
        (
            plan(step("post", alternatives=[{"tool_id": "teleport", "agent_type": "content"}])),
            "unknown_tool",
            "/steps/0",
        ),
        (plan(step("post", "needy", inputs={"tone": "calm"})), "missing_input", "/steps/0/inputs"),
    ],
)
def test_a_problem_names_its_place(made: ExecutionPlan, code: str, pointer: str) -> None:
    found = problems(made, CATALOGUE | {"needy": NEEDY})

    assert [(problem.code, problem.pointer) for problem in found] == [(code, pointer)]


def test_what_a_tool_requires_may_come_from_inputs_or_from_other_steps() -> None:
    facts, post = step("facts", "analyze"), step("post", "needy", inputs={"tone": "calm"})

    assert codes(plan(facts, edit(post, needs={"metrics": "facts"})), NEEDY) == []


@pytest.mark.parametrize("required", [None, True, "metrics", {"metrics": 1}, [["metrics"]], [7]])
def test_a_schema_of_another_shape_requires_nothing(required: object) -> None:
    strange = tool("strange", input_schema={"required": required})

    assert codes(plan(step("post", "strange")), strange) == []


def test_an_estimate_may_reach_the_budget_and_not_pass_it() -> None:
    made = plan(step("post"), estimated_cost=0.5)

    assert codes(made, budget=0.5) == []
    found = problems(made, CATALOGUE, budget=0.4)
    assert [p.message for p in found] == ["the estimate of $0.5000 is over the budget of $0.4000"]


def test_a_plan_of_repeatable_tools_is_left_as_it_is() -> None:
    made = plan(step("facts", "analyze"), step("post"))

    assert guarded(made, CATALOGUE) is made

"""TOOL_DISCOVERY and DELEGATION: the catalogue, and a plan that runs only if it is valid."""

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.values import DecisionOutcome, ExecutionPhase
from tests.domain.samples import PLAN, TOOLS, plan, step
from tests.domain.story import Like, Story

DISCOVER, MAKE_PLAN = CommandKind.DISCOVER_TOOLS, CommandKind.PLAN_WORKFLOW
BROKEN = plan(step("post", "teleport"))


def delegating(**settings: object) -> Story:
    return Story().reached(ExecutionPhase.DELEGATION, **settings)


def test_the_tools_found_are_what_plans_are_made_of() -> None:
    story = Story().reached(ExecutionPhase.TOOL_DISCOVERY)
    assert story.payload(DISCOVER)["intent"]["name"] == "create_post"

    story.done(DISCOVER)

    story.then(
        Like(e.CommandCompleted),
        e.ToolsDiscovered(catalogue_version="catalogue-1", tools=TOOLS),
        e.PhaseStarted(phase=ExecutionPhase.DELEGATION),
        Like(e.CommandIssued, kind=MAKE_PLAN),
    )
    assert [spec["tool_id"] for spec in story.payload(MAKE_PLAN)["tools"]] == [
        spec.tool_id for spec in TOOLS
    ]


def test_without_a_catalogue_there_is_no_work() -> None:
    story = Story().reached(ExecutionPhase.TOOL_DISCOVERY)

    story.gave_up(DISCOVER, "no server answers")

    assert story.state.error == "no server answers"
    assert story.state.failed_phase is ExecutionPhase.TOOL_DISCOVERY


def test_a_valid_plan_runs_and_the_catalogue_is_forgotten() -> None:
    story = delegating()

    story.done(MAKE_PLAN, PLAN.as_json)

    story.then_types("command_completed", "plan_drafted", "phase_started", "command_issued")
    assert story.state.plan is not None
    assert story.state.tools == ()


def test_a_rejected_plan_is_planned_again_with_the_problems_named() -> None:
    story = delegating(max_plans=2)

    story.done(MAKE_PLAN, BROKEN.as_json)

    story.then(
        Like(e.CommandCompleted),
        Like(e.PlanRejected),
        Like(e.CommandIssued, kind=MAKE_PLAN, command_id="t.4"),
    )
    assert story.payload(MAKE_PLAN)["problems"] == [
        {"code": "unknown_tool", "message": "no tool 'teleport'", "pointer": "/steps/0"}
    ]
    assert story.done(MAKE_PLAN).state.phase is ExecutionPhase.EXECUTION
    assert story.state.plan_problems == ()


def test_a_task_fails_when_no_plan_is_valid_and_can_be_planned_anew() -> None:
    story = delegating(max_plans=2).done(MAKE_PLAN, BROKEN.as_json)

    story.done(MAKE_PLAN, BROKEN.as_json)

    assert story.events[2].reason == "no valid plan: no tool 'teleport'"
    assert story.closed().state.outcome is DecisionOutcome.FAILED
    story.when(i.RetryTask).then_types("task_reopened", "phase_started", "command_issued")
    assert story.state.rejected_plans == 0
    assert story.done(MAKE_PLAN).state.phase is ExecutionPhase.EXECUTION


def test_a_plan_over_the_budget_is_rejected() -> None:
    story = delegating(budget=0.1)

    story.done(MAKE_PLAN, plan(step("post"), estimated_cost=0.2).as_json)

    assert [problem.code for problem in story.state.plan_problems] == ["over_budget"]


def test_a_planner_that_fails_for_good_fails_the_task() -> None:
    story = delegating()

    story.gave_up(MAKE_PLAN, "no idea")

    assert story.state.failed_phase is ExecutionPhase.DELEGATION


def test_a_step_stays_behind_the_door_unless_all_its_tools_are_declared_repeatable() -> None:
    story = delegating()
    other = [{"tool_id": "send", "agent_type": "mail"}]
    made = plan(
        step("safe", "write"),
        step("risky", "send"),
        step("detour", "write", alternatives=other),
        step("said", "write", is_repeatable=False),
    )

    story.done(MAKE_PLAN, made.as_json)

    assert {s.step_id: s.is_repeatable for s in story.state.plan.steps} == {
        "safe": True,
        "risky": False,
        "detour": False,
        "said": False,
    }


def test_outputs_of_an_earlier_plan_are_not_taken_for_those_of_the_new_one() -> None:
    story = Story().reached(ExecutionPhase.EXECUTION).done("facts")

    story.given(e.PlanDrafted(plan=PLAN))

    assert not story.state.works

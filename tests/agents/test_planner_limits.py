"""Planning within limits: foreign tools, budgets, deadlines, forbidden and failing tools."""

import pytest

from agents.catalog import builtin_tools
from agents.contract import GiveUp
from streams.domain.intent import Intent
from streams.domain.plan import PlanProblem, ToolSpecification
from tests.agents.planning import SEED, plan_for, plan_outcome, step_of, tool, tools_of
from tests.agents.understanding import SATURDAY, understand


def test_a_better_foreign_tool_is_chosen_and_the_other_kept_for_failure() -> None:
    sure = tool("acme.writer", "draft", uses=("insights",), success_rate=1.0, is_repeatable=True,
                estimated_duration=0.01)  # fmt: skip

    plan = plan_for(SEED, joined=[sure])

    step = step_of(plan, "acme.writer")
    assert plan.deliverable_step == step.step_id
    assert [other.tool_id for other in step.alternatives] == ["content_generator"]
    assert any("acme.writer was chosen over content_generator" in r for r in plan.reasons)
    assert any("more reliable" in reason for reason in plan.reasons)


def test_a_dear_foreign_tool_is_only_an_alternative() -> None:
    dear = tool("acme.writer", "draft", uses=("insights",), estimated_cost=0.5)

    plan = plan_for(SEED, joined=[dear])

    assert "acme.writer" not in tools_of(plan)
    assert [a.tool_id for a in step_of(plan, "content_generator").alternatives] == ["acme.writer"]
    told = [str(other["summary"]) for other in plan.alternatives]
    assert any("acme.writer instead of content_generator" in text for text in told)
    assert any("since it costs $0.50 more" in text for text in told)


def test_a_writer_that_cannot_use_the_analysis_does_not_write_about_figures() -> None:
    blind = tool("blind.writer", "draft", success_rate=1.0, estimated_duration=0.0)

    plan = plan_for(SEED, joined=[blind])

    assert "blind.writer" not in tools_of(plan)
    assert step_of(plan, "content_generator").alternatives == ()


def test_a_tool_that_requires_what_nobody_can_fill_in_is_not_used() -> None:
    asking = tool("acme.writer", "draft", uses=("insights",), success_rate=1.0)
    schema = asking.input_schema | {"required": ["zip_code"]}

    plan = plan_for(SEED, joined=[asking.model_copy(update={"input_schema": schema})])

    assert "acme.writer" not in tools_of(plan)
    assert step_of(plan, "content_generator").alternatives == ()


def test_what_the_planner_knows_fills_the_required_inputs_of_a_foreign_tool() -> None:
    asking = tool("acme.writer", "draft", uses=("insights",), success_rate=1.0)
    schema = asking.input_schema | {"required": ["query", "tone"]}

    plan = plan_for(SEED, joined=[asking.model_copy(update={"input_schema": schema})])

    inputs = step_of(plan, "acme.writer").inputs
    assert (inputs["query"], inputs["tone"]) == ("our Q4 growth metrics", "professional")


def test_a_step_that_another_cannot_do_without_may_not_fail() -> None:
    intent = understand(SEED, context={"competitors": [{"name": "Acme", "revenue_monthly": 2}]})
    judge = tool("judge", "quality_report", needs=("draft", "research"), success_rate=1.0)

    own = plan_for(intent)
    without = {"forbidden_tools": ["quality_checker"]}
    with_judge = plan_for(intent, joined=[judge], preferences=without)

    assert step_of(own, "market_insight.research").is_optional
    assert step_of(with_judge, "judge").needs["research"] == "research"
    assert not step_of(with_judge, "market_insight.research").is_optional


def test_a_tool_with_an_effect_that_needs_approval_is_in_no_plan() -> None:
    daring = tool("acme.writer", "draft", uses=("insights",), success_rate=1.0,
                  requires_approval=True)  # fmt: skip

    plan = plan_for(SEED, joined=[daring])

    assert "acme.writer" not in tools_of(plan)


def test_a_tool_that_may_not_run_twice_is_tried_once() -> None:
    once = tool("acme.writer", "draft", uses=("insights",), success_rate=1.0)

    plan = plan_for(SEED, joined=[once])

    step = step_of(plan, "acme.writer")
    assert (step.max_attempts, step.is_repeatable) == (1, False)


def test_a_prerequisite_goes_first_where_the_plan_has_it() -> None:
    late = tool("late.format", "variant:linkedin", needs=("draft",), success_rate=1.0,
                prerequisites=("compliance_checker", "nobody"))  # fmt: skip

    plan = plan_for(SEED, joined=[late])

    assert step_of(plan, "late.format").depends_on == ("write", "check_compliance")


def priced(costs: dict[str, float]) -> list[ToolSpecification]:
    return [
        spec.model_copy(update={"estimated_cost": costs.get(spec.tool_id, 0.0)})
        for spec in builtin_tools()
    ]


def test_a_budget_leaves_out_what_can_be_left_out() -> None:
    tools = priced({"content_generator": 0.05, "compliance_checker": 0.04, "quality_checker": 0.02})

    plan = plan_for(SEED, tools, preferences={"budget": 0.08})

    assert plan.estimated_cost == pytest.approx(0.07)
    assert "compliance_checker" not in tools_of(plan)
    assert any("without the compliance check" in reason for reason in plan.reasons)
    assert any("budget of $0.08" in reason for reason in plan.reasons)


@pytest.mark.parametrize("where", ["preferences", "settings"])
def test_a_budget_that_nothing_fits_into_is_a_clear_refusal(where: str) -> None:
    tools = priced({"content_generator": 0.05})

    outcome = plan_outcome(SEED, tools, **{where: {"budget": 0.01}})

    assert isinstance(outcome, GiveUp)
    assert "$0.0500" in outcome.reason
    assert "budget of $0.0100" in outcome.reason


def test_the_smaller_of_two_budgets_counts() -> None:
    tools = priced({"content_generator": 0.05})

    outcome = plan_outcome(SEED, tools, preferences={"budget": 1}, settings={"budget": 0.01})

    assert isinstance(outcome, GiveUp)


def test_a_near_deadline_takes_the_quick_way() -> None:
    slow = [
        spec.model_copy(update={"estimated_duration": 20.0})
        if spec.tool_id == "quality_checker"
        else spec
        for spec in builtin_tools()
    ]

    in_time = plan_for(SEED, slow, preferences={"deadline": SATURDAY + 10_000})
    at_leisure = plan_for(SEED, slow, preferences={"deadline": SATURDAY + 100_000})

    assert "quality_checker" not in tools_of(in_time)
    assert "quality_checker" in tools_of(at_leisure)


def test_a_deadline_that_cannot_be_met_gives_the_quickest_plan_and_says_so() -> None:
    plan = plan_for(SEED, settings={"deadline": SATURDAY - 1})

    assert "quality_checker" not in tools_of(plan)
    assert any("by the deadline" in reason for reason in plan.reasons)


def test_urgent_work_pays_for_speed() -> None:
    fast = tool("fast.writer", "draft", uses=("insights",), estimated_cost=0.03,
                estimated_duration=0.05, success_rate=0.97, is_repeatable=True)  # fmt: skip
    slow = [
        spec.model_copy(update={"estimated_duration": 10.0})
        if spec.tool_id == "content_generator"
        else spec
        for spec in builtin_tools()
    ]

    calm = plan_for(SEED, slow, joined=[fast], preferences={"priority": "low"})
    urgent = plan_for(SEED, slow, joined=[fast], preferences={"priority": "critical"})

    assert "content_generator" in tools_of(calm)
    assert "fast.writer" in tools_of(urgent)


def test_a_forbidden_tool_is_not_used_and_it_is_said() -> None:
    plan = plan_for(SEED, preferences={"forbidden_tools": ["compliance_checker"]})

    assert "compliance_checker" not in tools_of(plan)
    assert "compliance_checker is not used: the preferences forbid it." in plan.reasons


def test_without_a_writer_there_is_no_plan_and_the_reason_names_what_is_missing() -> None:
    outcome = plan_outcome(SEED, preferences={"forbidden_tools": ["content_generator"]})

    assert isinstance(outcome, GiveUp)
    assert "'draft'" in outcome.reason
    assert "the preferences forbid it" in outcome.reason


def test_a_tool_whose_input_nobody_makes_gives_a_reason_down_to_the_root() -> None:
    stuck = [
        tool("reader", "insights", needs=("telepathy",)),
        tool("scribe", "draft", needs=("insights",)),
    ]

    outcome = plan_outcome(SEED, stuck)

    assert isinstance(outcome, GiveUp)
    assert "makes 'telepathy', which is needed for 'insights'" in outcome.reason


def test_a_circle_of_tools_is_no_way_to_make_something() -> None:
    circle = [
        tool("hen", "insights", needs=("egg",)),
        tool("nest", "egg", needs=("insights",)),
        tool("scribe", "draft", needs=("insights",)),
    ]

    outcome = plan_outcome(SEED, circle)

    assert isinstance(outcome, GiveUp)
    assert "only be made from itself" in outcome.reason


def test_no_tools_at_all_is_a_clear_refusal() -> None:
    outcome = plan_outcome(SEED, [])

    assert isinstance(outcome, GiveUp)
    assert "No plan is possible" in outcome.reason


def test_an_intent_without_a_known_plan_is_refused() -> None:
    outcome = plan_outcome(Intent(name="fly", action="fly", domain="air"))

    assert isinstance(outcome, GiveUp)
    assert "'fly'" in outcome.reason


@pytest.mark.parametrize("code", ["unknown_tool", "wrong_agent", "missing_input"])
def test_a_tool_that_an_earlier_plan_failed_by_is_left_aside(code: str) -> None:
    good = tool("acme.writer", "draft", uses=("insights",), success_rate=1.0)
    problem = PlanProblem.model_validate({"code": code, "message": "'acme.writer' is no good"})

    plan = plan_for(SEED, joined=[good], problems=[problem.as_json])

    assert "acme.writer" not in tools_of(plan)
    assert "acme.writer is not used: an earlier plan with it could not run." in plan.reasons


def test_the_limits_of_the_task_reach_the_steps() -> None:
    settings = {"max_attempts": 5, "command_timeout": 900, "step_threshold": 0.6}

    plan = plan_for(SEED, settings=settings, preferences={"quality_threshold": 0.9})

    assert {step.max_attempts for step in plan.steps} == {5}
    assert {step.timeout for step in plan.steps} == {900}
    assert step_of(plan, "content_generator").quality_threshold == 0.6
    assert plan.quality_threshold == 0.9

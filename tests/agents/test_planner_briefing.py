"""The plan of a briefing: each part as if asked for by itself, equal steps done once."""

from agents.catalog import builtin_tools
from agents.contract import Done, GiveUp, Outcome
from agents.planner import plan_workflow
from agents.understanding.intent import parse_intent
from streams.domain.commands import Command, CommandKind
from streams.domain.plan import ExecutionPlan, problems
from streams.domain.values import ExecutionPhase, Json

METRICS: Json = {"revenue_monthly": 150_000, "customer_count": 320, "cash": 900_000}


def outcome_of(request: str, metrics: Json | None = None, **more: Json) -> Outcome:
    asked: Json = {"request": request, "business_metrics": METRICS if metrics is None else metrics}
    intent = parse_intent(asked | more)
    tools = [tool.as_json for tool in builtin_tools()]
    payload = {**asked, **more, "intent": intent.as_json, "tools": tools, "settings": {}}
    return plan_workflow(
        Command(
            command_id="c1",
            task_id="t1",
            kind=CommandKind.PLAN_WORKFLOW,
            phase=ExecutionPhase.DELEGATION,
            agent_type="planner",
            timeout=1000,
            issued_at=0,
            payload=payload,
        )
    )


def plan_of(request: str, **more: Json) -> ExecutionPlan:
    outcome = outcome_of(request, **more)
    assert isinstance(outcome, Done)
    plan = ExecutionPlan.model_validate(outcome.output)
    assert problems(plan, {tool.tool_id: tool for tool in builtin_tools()}) == []
    return plan


def test_figures_are_read_once_for_all_readers() -> None:
    plan = plan_of("Prepare our Q4 update for investors and customers")

    tools = [step.tool_id for step in plan.steps]
    assert tools.count("metrics_analyzer") == 1
    assert tools.count("financial_agent.analyze_metrics") == 1
    assert tools.count("content_generator") == tools.count("compliance_checker") == 2
    assert [step.step_id for step in plan.steps[-2:]] == ["weigh", "brief"]
    assert plan.deliverable_step == "brief"


def test_each_draft_is_checked_and_reaches_the_briefing() -> None:
    plan = plan_of("Prepare our Q4 update for investors and customers")

    steps = {step.step_id: step for step in plan.steps}
    assert steps["check_investors"].needs["draft"] == "write_investors"
    assert steps["brief"].needs["draft_customers"] == "write_customers"
    assert steps["brief"].needs["check_customers"] == "check_customers"
    assert steps["brief"].needs["priorities"] == "weigh"


def test_customers_are_not_told_what_is_for_insiders() -> None:
    plan = plan_of("Prepare our Q4 update for investors and customers")

    steps = {step.step_id: step for step in plan.steps}
    customers, investors = steps["write_customers"].inputs, steps["write_investors"].inputs
    assert customers["constraints"]["confidential"] == ["cash"]
    assert "confidential" not in investors["constraints"]


def test_market_data_bring_the_market_agent_in() -> None:
    context: Json = {"market_data": "company;customers\nA;5\nB;6\n"}

    plan = plan_of("What should we focus on next month?", context=context)

    assert "market_insight" in plan.agents
    assert any("market insight agent" in reason for reason in plan.reasons)


def test_nothing_is_published_by_a_briefing() -> None:
    plan = plan_of("Prepare our Q4 update for investors and customers")

    assert plan.requires_approval is False
    assert not any(step.agent_type == "publisher" for step in plan.steps)


def test_the_budget_holds_for_the_whole() -> None:
    preferences: Json = {"budget": 0, "forbidden_tools": ["metrics_analyzer"]}

    outcome = outcome_of("What should we focus on next month?", preferences=preferences)

    assert isinstance(outcome, GiveUp)

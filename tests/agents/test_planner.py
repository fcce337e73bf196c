"""The plans for requests: the seed's workflow, its limits, its choices, and why."""

import pytest

from agents.catalog import builtin_tools
from agents.contract import Done, GiveUp
from streams.domain.commands import CommandKind
from streams.domain.intent import Intent
from streams.domain.plan import ExecutionPlan, critical_path, problems
from streams.domain.values import Channel, Json
from tests.agents.planning import (
    SEED,
    ask,
    flaws,
    plan_for,
    plan_outcome,
    step_of,
    tool,
    tools_of,
)
from tests.agents.understanding import METRICS, SATURDAY, understand

MARKET: Json = {"competitors": [{"name": "Acme", "revenue_monthly": 200_000}]}


def test_the_seed_request_has_the_seed_workflow_with_parallel_branches() -> None:
    plan = plan_for(SEED)

    assert tools_of(plan) == [
        "metrics_analyzer",
        "financial_agent.analyze_metrics",
        "content_generator",
        "linkedin_formatter",
        "compliance_checker",
        "quality_checker",
    ]
    assert step_of(plan, "linkedin_formatter").depends_on == ("write",)
    assert step_of(plan, "compliance_checker").depends_on == ("write",)
    assert step_of(plan, "content_generator").needs == {"insights": "analyze"}
    assert step_of(plan, "quality_checker").needs == {
        "draft": "write",
        "insights": "analyze",
        "variant:linkedin": "format_linkedin",
        "compliance_report": "check_compliance",
    }


def test_the_seed_plan_has_thresholds_estimates_and_agents() -> None:
    plan = plan_for(SEED)

    assert plan.deliverable_step == "write"
    assert [step.quality_threshold for step in plan.steps] == [None, None, 0.75, None, None, None]
    assert plan.quality_threshold == 0.85
    assert plan.estimated_duration == pytest.approx(critical_path(plan.steps))
    assert plan.estimated_duration < sum(step.estimated_duration for step in plan.steps)
    assert plan.agents == ("financial", "content", "publisher", "compliance", "evaluator")
    assert plan.requires_approval
    assert 0.9 < plan.success_probability < 1


def test_the_steps_know_their_inputs() -> None:
    plan = plan_for(SEED)

    quarter = {"label": "Q4 2024", "start": "2024-10-01", "end": "2024-12-31"}
    assert step_of(plan, "metrics_analyzer").inputs["date_range"] == quarter
    written = step_of(plan, "content_generator").inputs
    assert (written["action"], written["kind"], written["tone"]) == (
        "create_post",
        "post",
        "professional",
    )
    assert written["topic"] == "our Q4 growth metrics"
    assert step_of(plan, "linkedin_formatter").inputs["channel"] == "linkedin"


def test_the_planner_answers_each_of_its_kinds_of_work() -> None:
    request = {"request": SEED, "business_metrics": METRICS, "submitted_at": SATURDAY}

    intent = ask(CommandKind.PARSE_INTENT, request)
    catalogue = ask(CommandKind.DISCOVER_TOOLS, {})
    assert isinstance(intent, Done)
    assert isinstance(catalogue, Done)
    plan = ask(
        CommandKind.PLAN_WORKFLOW,
        {
            "intent": intent.output,
            "tools": catalogue.output["tools"],
            "problems": [],
            "workflow_source": "chat",
        },
    )

    assert isinstance(plan, Done)
    assert ExecutionPlan.model_validate(plan.output).workflow_source == "chat"


@pytest.mark.parametrize(
    ("request_text", "tools", "action"),
    [
        ("Write a tweet about our new office",
         ["content_generator", "twitter_formatter", "compliance_checker", "quality_checker"],
         "create_post"),
        ("Write a thread of 5 tweets about our new office",
         ["content_generator", "twitter_formatter", "compliance_checker", "quality_checker"],
         "create_thread"),
        ("Write an email to our customers about our new office",
         ["content_generator", "email_formatter", "compliance_checker", "quality_checker"],
         "create_email"),
        ("Analyze our revenue",
         ["metrics_analyzer", "financial_agent.analyze_metrics", "content_generator",
          "compliance_checker", "quality_checker"], "create_report"),
        ('Check for compliance: "We guarantee all of you 20% returns."',
         ["compliance_checker", "content_generator"], "create_report"),
        ('Shorten this: "We are very, very glad about all that."',
         ["content_generator", "quality_checker"], "edit"),
        ('Publish this on X: "We have moved to a new office."',
         ["content_generator", "twitter_formatter", "compliance_checker", "quality_checker"],
         "edit"),
    ],
)  # fmt: skip
def test_each_kind_of_request_has_its_workflow(
    request_text: str, tools: list[str], action: str
) -> None:
    plan = plan_for(request_text)

    assert tools_of(plan) == tools
    assert step_of(plan, "content_generator").action == action
    assert flaws(plan, []) == []


def test_three_channels_are_formatted_side_by_side() -> None:
    plan = plan_for("Share our Q4 revenue on LinkedIn, X and by e-mail")

    formats = [step for step in plan.steps if step.step_id.startswith("format_")]
    assert [step.depends_on for step in formats] == [("write",)] * 3
    assert {step.produces[0] for step in formats} == {
        "variant:linkedin",
        "variant:twitter",
        "variant:email",
    }


def test_without_market_data_there_is_no_research() -> None:
    with_data = plan_for(understand(SEED, context=MARKET))
    without = plan_for(SEED)

    assert "market_insight.research" not in tools_of(without)
    research = step_of(with_data, "market_insight.research")
    assert research.depends_on == ()
    assert research.is_optional
    assert research.inputs["market_data"] == {"context": ["competitors"]}
    assert step_of(with_data, "content_generator").needs["research"] == "research"


def test_a_market_report_rests_on_the_research() -> None:
    plan = plan_for(understand("How do we compare with our competitors?", context=MARKET))

    research = step_of(plan, "market_insight.research")
    assert not research.is_optional
    assert step_of(plan, "content_generator").needs["research"] == "research"


def test_a_market_report_without_market_data_is_impossible_and_says_what_to_send() -> None:
    intent = understand("How do we compare with our competitors?").model_copy(
        update={"question": None}
    )

    outcome = plan_outcome(intent)

    assert isinstance(outcome, GiveUp)
    assert "context.competitors" in outcome.reason


def test_a_foreign_research_tool_is_used_where_the_own_one_has_nothing_to_work_on() -> None:
    intent = understand("How do we compare with our competitors?").model_copy(
        update={"question": None}
    )
    search = tool("web.search", "research", estimated_cost=0.01, is_repeatable=True)

    plan = plan_for(intent, joined=[search])

    assert "web.search" in tools_of(plan)


def test_the_text_of_the_user_goes_to_the_writer_and_the_edited_one_to_all_others() -> None:
    plan = plan_for('Publish this on LinkedIn: "We have moved to a new office."')

    writer, formatter = step_of(plan, "content_generator"), step_of(plan, "linkedin_formatter")
    assert writer.inputs["draft"]["content"] == "We have moved to a new office."
    assert writer.inputs["constraints"]["verbatim"] is True
    assert "draft" not in formatter.inputs
    assert formatter.needs == {"draft": "write"}


def test_the_same_request_has_the_same_plan_whatever_the_order_of_the_tools() -> None:
    foreign = [
        tool("acme.writer", "draft", uses=("insights",)),
        tool("zeta.writer", "draft", uses=("insights",)),
    ]

    forth = plan_for(SEED, [*builtin_tools(), *foreign])
    back = plan_for(SEED, [*foreign[::-1], *reversed(builtin_tools())])

    assert tools_of(forth) == tools_of(back)
    assert forth.estimated_cost == back.estimated_cost


@pytest.mark.parametrize("channels", [(), (Channel.LINKEDIN,), tuple(Channel)])
@pytest.mark.parametrize(
    "name",
    ["create_social_content", "create_social_content_with_metrics", "create_email",
     "financial_analysis", "market_insight", "compliance_check", "edit_content",
     "publish_content"],
)  # fmt: skip
def test_every_known_intent_has_a_valid_plan(name: str, channels: tuple[Channel, ...]) -> None:
    intent = Intent(
        name=name,
        action="create",
        domain="marketing",
        channels=channels,
        metrics=("revenue_monthly",),
        constraints={"source_text": "Some text to work on.", "market_data": ["market"]},
    )

    plan = plan_for(intent)

    assert problems(plan, {spec.tool_id: spec for spec in builtin_tools()}) == []
    assert flaws(plan, []) == []

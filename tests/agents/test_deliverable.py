"""The handler of Format: from an accepted draft to the deliverable."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.contract import Done, GiveUp
from agents.platforms.deliverable import format_deliverable
from agents.platforms.formatters import FORMATTERS
from streams.domain.commands import Command, CommandKind
from streams.domain.deliverable import Deliverable
from streams.domain.values import Channel, ExecutionPhase, Json
from streams.phases.results import read

HOOK = "Our Q4 growth rate: 35%."
BODY = "Monthly revenue is $150,000. With 320 customers, that is $468.75 for each of them."
ACTION = "Learn how we did it."
DRAFT: Json = {
    "kind": "post",
    "title": "Q4 Growth Story",
    "hook": HOOK,
    "body": [BODY],
    "content": f"{HOOK}\n\n{BODY}\n\n{ACTION}\n\n#Growth #Q4Results #Revenue",
    "call_to_action": ACTION,
    "hashtags": ["#Growth", "#Q4Results", "#Revenue"],
    "alternatives": ["320 customers, one number."],
    "metrics_referenced": {"growth_rate_q4": "35%", "customer_count": "320"},
    "narrative": "Growth of 35% in Q4.",
    "notes": ["No previous period was given."],
    "is_offline": True,
}
REPORT: Json = {
    "facts": [
        {"fact_id": "customer_count", "label": "customers", "value": 320, "text": "320",
         "unit": "count", "source": "business_metrics.customer_count", "period": "Q4 2024"},
    ],
    "insights": ["With 320 customers …"],
    "narrative": "The story of the analysis.",
    "comparisons": [{"metric": "customer_count", "change": 5}],
    "chart": "<svg/>",
    "notes": ["No previous period was given.", "A remark."],
    "is_offline": True,
}  # fmt: skip


def command(draft: Any = DRAFT, channels: Any = ("linkedin",), **payload: Any) -> Command:
    intent = {"channels": list(channels), "language": "en", "tone": "professional"}
    intent |= payload.pop("intent", {})
    return Command(
        command_id="t1.9",
        task_id="t1",
        kind=CommandKind.FORMAT,
        phase=ExecutionPhase.FORMATTING,
        agent_type="content",
        timeout=1000,
        issued_at=0,
        payload={"draft": draft, "intent": intent, "materials": {}, "scores": {}} | payload,
    )


def deliver(draft: Any = DRAFT, channels: Any = ("linkedin",), **payload: Any) -> Deliverable:
    outcome = format_deliverable(command(draft, channels, **payload))
    assert isinstance(outcome, Done)
    made = read(CommandKind.FORMAT, json.loads(json.dumps(outcome.output)))
    assert isinstance(made, Deliverable)
    return made


def test_the_worked_example_becomes_its_document() -> None:
    made = deliver(scores={"accuracy": 0.95, "engagement_potential": 0.87})

    assert made.title == "Q4 Growth Story"
    assert made.content == DRAFT["content"]
    assert made.metrics_referenced == {"growth_rate_q4": "35%", "customer_count": "320"}
    assert made.engagement_score == 0.87
    assert made.hashtags == ("#Growth", "#Q4Results", "#Revenue")
    assert made.estimated_reach is None
    assert made.call_to_action == ACTION
    assert made.alternatives == ("320 customers, one number.",)
    assert made.is_offline


def test_all_three_channels_are_prepared_those_asked_for_first() -> None:
    made = deliver(channels=["email", "twitter"])

    assert [v.channel for v in made.variants] == [Channel.EMAIL, Channel.TWITTER, Channel.LINKEDIN]
    assert made.content == made.variants[0].content
    assert all(variant.preview for variant in made.variants)
    assert "Prepared besides what was asked for: LinkedIn." in made.notes


def test_variants_are_made_from_the_accepted_draft_not_from_what_a_step_made_before() -> None:
    stale = {"channel": "linkedin", "content": "An earlier version without proof."}
    written = {**DRAFT, "content": "An earlier version."}

    made = deliver(materials={"write": written, "format_linkedin": stale})

    assert made.content == DRAFT["content"]


def test_a_variant_of_another_tool_is_used_if_it_was_made_from_this_text() -> None:
    own = {"channel": "linkedin", "content": "Fitted by another tool: growth of 35%."}

    made = deliver(materials={"write": DRAFT, "format_linkedin": own})

    assert made.content == own["content"]
    assert made.variants[0].preview


def test_a_variant_of_another_tool_that_the_platform_refuses_is_made_again() -> None:
    broken = {"channel": "linkedin", "content": "x" * 4_000}

    made = deliver(materials={"write": DRAFT, "format_linkedin": broken, "odd": {"channel": 5}})

    assert made.content == DRAFT["content"]


def test_the_step_and_the_deliverable_make_the_same_of_the_same_text() -> None:
    step = command().model_copy(
        update={"payload": {"inputs": {"draft": DRAFT}, "intent": {"tone": "professional"}}}
    )
    outcome = FORMATTERS["linkedin_formatter"](step)

    assert isinstance(outcome, Done)
    assert deliver().variants[0].as_json == outcome.output


@pytest.mark.parametrize("kind", ["report", "check"])
def test_a_report_without_channels_has_no_variants(kind: str) -> None:
    text = "Summary\nAll is well.\n\nFacts\n• 320 customers"

    made = deliver({"kind": kind, "title": "Analysis", "content": text}, channels=[])

    assert (made.kind, made.content, made.variants) == (kind, text, ())


def test_a_report_for_a_channel_is_prepared_for_that_channel_alone() -> None:
    made = deliver({"kind": "report", "content": "All is well."}, channels=["email"])

    assert [variant.channel for variant in made.variants] == [Channel.EMAIL]


def test_what_reviewers_need_is_passed_on() -> None:
    materials = {
        "analyze": REPORT,
        "check_compliance": {"risk_level": "low", "findings": [{"rule": "r1"}]},
        "research": {"insights": ["i"], "sources": ["s"], "narrative": "n", "notes": ["Offline."]},
    }

    made = deliver({**DRAFT, "narrative": ""}, materials=materials)

    (fact,) = made.details["facts"]
    assert fact["text"] == "320"
    assert fact["source"] == "business_metrics.customer_count"
    assert made.details["risk_level"] == "low"
    assert made.details["findings"] == [{"rule": "r1"}]
    assert made.details["research"]["sources"] == ["s"]
    assert made.details["chart"] == "<svg/>"
    assert made.narrative == "The story of the analysis."
    assert {"A remark.", "Offline."} <= set(made.notes)


def test_a_note_is_said_once() -> None:
    made = deliver(materials={"analyze": REPORT}, intent={"warnings": ["A remark."]})

    assert made.notes.count("No previous period was given.") == 1
    assert made.notes.count("A remark.") == 1


def test_an_origin_that_was_not_stated_is_said_and_a_model_is_never_hidden() -> None:
    unsaid = deliver("Just a text.")
    by_model = deliver({**DRAFT, "is_offline": False})

    assert any("did not say whether a model" in note for note in unsaid.notes)
    assert not by_model.is_offline
    assert not deliver("Just a text.", materials={"x": {"is_offline": False}}).is_offline


def test_an_answer_of_unknown_shape_is_shown_as_it_can_be_read() -> None:
    made = deliver({"churn": {"rate": "4.5%"}, "months": [1, 2]}, channels=[])

    assert made.content == "rate: 4.5%\nmonths: 1\nmonths: 2"
    assert any("unknown form" in note for note in made.notes)


@pytest.mark.parametrize("draft", [None, {}, "", [], 7, {"content": ""}, {"a": {"b": None}}])
def test_nothing_to_read_is_given_up_with_a_reason(draft: Any) -> None:
    outcome = format_deliverable(command(draft))

    assert isinstance(outcome, GiveUp)
    assert "content" in outcome.reason


def test_a_demand_of_the_request_holds_in_all_variants() -> None:
    made = deliver(intent={"constraints": {"no_hashtags": True, "max_characters": 110}})

    assert made.hashtags == ()
    assert all(len(variant.content) <= 110 for variant in made.variants)
    assert all("#" not in variant.content for variant in made.variants)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["content", "facts", "findings", "sources", "channel", "kind", "notes",
                         "narrative", "hashtags", "constraints", "language", "channels",
                         "is_offline", "engagement_potential", "details", "text"]),
        inner,
        max_size=5,
    ),
    max_leaves=10,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(anything, anything, anything, anything)
def test_no_payload_makes_it_fail(draft: Any, intent: Any, materials: Any, scores: Any) -> None:
    payload = {"draft": draft, "intent": intent, "materials": materials, "scores": scores}
    asked = command().model_copy(update={"payload": payload})

    outcome = format_deliverable(asked)

    if isinstance(outcome, Done):
        assert read(CommandKind.FORMAT, outcome.output).content
        assert format_deliverable(asked) == outcome
    else:
        assert isinstance(outcome, GiveUp)
        assert outcome.reason

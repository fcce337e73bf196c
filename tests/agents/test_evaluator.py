"""The evaluator's handlers: every answer fits, foreign drafts are judged, nothing raises."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.contract import Done
from agents.evaluator import EVALUATOR
from agents.quality import codes
from agents.quality.assessment import EVALUATOR_VERSION, assess
from streams.domain.commands import CommandKind
from streams.domain.quality import QualityAssessment
from streams.domain.values import Json
from streams.phases.results import read
from tests.agents.quality_drafts import (
    CHECK,
    EMAIL,
    GOOD,
    GROWTH,
    REPORT,
    SEED,
    SEED_METRICS,
    Sample,
    command,
    draft_of,
    payload_of,
)

SEVEN = 7


def answer(kind: CommandKind, payload: Json, tool_id: str | None = None) -> Json:
    asked = command(kind, payload, agent="evaluator", tool_id=tool_id)
    handler = EVALUATOR.compute(asked)
    assert handler is not None
    outcome = handler(asked)
    assert isinstance(outcome, Done)
    return outcome.output


@pytest.mark.parametrize("sample", GOOD, ids=lambda s: s.name)
def test_an_answer_is_an_assessment_of_at_least_seven_dimensions(sample: Sample) -> None:
    output = answer(CommandKind.ASSESS_QUALITY, payload_of(sample))

    assessment = read(CommandKind.ASSESS_QUALITY, json.loads(json.dumps(output)))
    assert isinstance(assessment, QualityAssessment)
    assert len({d.name for d in assessment.dimensions}) >= SEVEN
    assert assessment.evaluator == EVALUATOR_VERSION
    assert not any(d.is_calibrated for d in assessment.dimensions)


def test_a_post_is_judged_on_the_names_of_the_seed_and_more() -> None:
    names = {d.name for d in assess(payload_of(SEED)).dimensions}

    assert names == {
        "accuracy", "completeness", "tone", "format", "length", "readability",
        "specificity", "engagement_potential", "compliance", "originality",
    }  # fmt: skip


@pytest.mark.parametrize("sample", [REPORT, CHECK], ids=lambda s: s.name)
def test_a_report_needs_no_hook_but_its_grounds(sample: Sample) -> None:
    names = {d.name for d in assess(payload_of(sample)).dimensions}

    assert "engagement_potential" not in names
    assert "transparency" in names


def test_demands_are_a_dimension_where_there_are_any() -> None:
    payload = payload_of(SEED)
    payload["intent"]["constraints"]["max_words"] = 500

    names = {d.name for d in assess(payload).dimensions}

    assert "constraints" in names


def test_the_same_payload_gives_the_same_answer_and_is_left_as_it_was() -> None:
    payload = payload_of(GROWTH)
    before = json.dumps(payload, sort_keys=True)

    first, second = assess(payload), assess(payload)

    assert first == second
    assert json.dumps(payload, sort_keys=True) == before


def test_the_tool_gives_the_same_scores_as_the_phase() -> None:
    payload = payload_of(EMAIL)
    inputs = {
        "draft": draft_of(EMAIL),
        "insights": payload["materials"]["analyze"],
        "tone": EMAIL.tone,
        "language": EMAIL.language,
        "channels": list(EMAIL.channels),
        "constraints": {},
    }
    step = {name: payload[name] for name in ("request", "intent", "business_metrics")}

    by_tool = answer(CommandKind.RUN_STEP, step | {"inputs": inputs}, "quality_checker")
    by_phase = answer(CommandKind.ASSESS_QUALITY, payload)

    assert by_tool["dimensions"] == by_phase["dimensions"]


def test_a_step_may_name_constraints_of_its_own() -> None:
    payload = payload_of(SEED)
    inputs = {"draft": draft_of(SEED), "constraints": {"must_avoid": ["customers"]}}
    step = {name: payload[name] for name in ("request", "intent", "business_metrics")}

    output = answer(CommandKind.RUN_STEP, step | {"inputs": inputs}, "quality_checker")

    found = [issue["code"] for d in output["dimensions"] for issue in d["issues"]]
    assert codes.FORBIDDEN_PHRASE in found


def test_facts_come_from_the_metrics_where_no_report_has_them() -> None:
    payload = payload_of(SEED) | {"materials": {}}

    accuracy = assess(payload).dimensions[0]

    assert accuracy.has_passed
    assert accuracy.evidence


@pytest.mark.parametrize(
    "output",
    [
        {"text": SEED.text},
        {"body": SEED.text.split("\n\n")},
        {"draft": draft_of(SEED)},
        {"result": {"paragraphs": SEED.text.split("\n\n"), "id": "x1"}},
        {"content": SEED.text},
    ],
    ids=["text", "body", "nested draft", "nested strings", "content alone"],
)
def test_a_draft_of_another_shape_is_judged_by_its_text(output: Json) -> None:
    assessment = assess(payload_of(SEED) | {"output": output})

    assert assessment.dimensions[0].evidence
    assert assessment.overall > 0.85


def test_it_says_what_it_cannot_judge() -> None:
    shape = assess(payload_of(SEED) | {"output": {"text": SEED.text}})
    payload = payload_of(SEED)
    french = assess(payload | {"intent": payload["intent"] | {"language": "fr"}})

    assert "another shape" in shape.summary
    assert "'fr'" in french.summary
    assert "not calibrated" in french.summary


@pytest.mark.parametrize("output", [{}, {"content": ""}, {"content": "  \n"}, {"n": 1}])
def test_no_text_passes_nothing(output: Json) -> None:
    assessment = assess(payload_of(SEED) | {"output": output})

    assert assessment.overall == 0
    assert assessment.failed_gates == ("format",)
    assert len(assessment.dimensions) >= SEVEN


def test_every_issue_has_a_known_code_and_a_span_that_is_its_quote() -> None:
    text = "WE GUARANTEE **amazing** results!!! Revenue fell 99%. [Your name] Call +49 170 1234567."

    assessment = assess(payload_of(SEED) | {"output": {"kind": "post", "content": text}})

    assert len(assessment.issues) >= SEVEN
    for issue in assessment.issues:
        assert issue.code in codes.MEANINGS, issue
        at = issue.evidence
        if at is not None and at.start is not None:
            assert text[at.start : at.end] == at.quote


def test_the_meanings_of_codes_are_complete() -> None:
    constants = {v for n, v in vars(codes).items() if n.isupper() and isinstance(v, str)}

    assert constants == codes.MEANINGS.keys()


PIECES = """revenue grew fell 25% $150,000 320 customers visits the of and we guarantee best #Tag .
! ? Q4 2024 Umsatz stieg um 4,5 % auf \u20ac10 john@example.com **x** [name] \U0001f680"""
WORDS = st.sampled_from([*PIECES.split(), "\n\n"])
JSON: Any = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["content", "body", "kind", "hashtags", "constraints", "facts", "language", "draft",
             "must_avoid", "parts", "date_range", "metrics", "channels", "tone", "findings"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=60)
@given(words=st.lists(WORDS, max_size=60), language=st.sampled_from(["en", "de"]))
def test_any_text_gets_scores_between_zero_and_one(words: list[str], language: str) -> None:
    text = " ".join(words)
    intent = {"language": language, "channels": ["linkedin"], "metrics": ["revenue_monthly"]}

    assessment = assess(
        {
            "output": {"kind": "post", "content": text},
            "intent": intent,
            "business_metrics": SEED_METRICS,
        }
    )

    assert len(assessment.dimensions) >= SEVEN
    assert 0 <= assessment.overall <= 1
    for issue in assessment.issues:
        at = issue.evidence
        assert at is None or at.start is None or 0 <= at.start <= (at.end or 0) <= len(text)


@settings(max_examples=100)
@given(output=JSON, intent=JSON, materials=JSON, metrics=JSON)
def test_no_payload_makes_it_raise(output: Any, intent: Any, materials: Any, metrics: Any) -> None:
    payload = {
        "output": output,
        "intent": intent,
        "materials": {"a": materials},
        "business_metrics": metrics,
    }

    assert len(assess(payload).dimensions) >= SEVEN

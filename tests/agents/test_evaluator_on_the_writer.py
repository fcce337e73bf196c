"""The evaluator against the writer: true texts pass, and any changed number or direction fails."""

import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agents.content import CONTENT
from agents.contract import Done
from agents.figures.facts import Fact
from agents.figures.numbers import find_numbers, matches
from agents.quality.assessment import assess
from streams.domain.commands import CommandKind
from streams.domain.quality import QualityAssessment
from streams.domain.values import Json
from tests.agents.quality_drafts import Sample, command, payload_of
from tests.agents.quality_spread import spread, texts

REQUESTS = {
    "en": "Write a LinkedIn post about our revenue and customers in Q4 2024",
    "de": "Schreibe einen LinkedIn-Beitrag über unseren Umsatz und unsere Kunden im Q4 2024",
}
TURNED = {
    "en": (
        (" grew ", " fell "), (" rose ", " fell "), (" fell ", " rose "), (" up ", " down "),
        (" down ", " up "),
    ),
    "de": (
        (" stieg ", " sank "), (" wuchs ", " sank "), (" sank ", " stieg "), (" plus ", " minus "),
        (" minus ", " plus "),
    ),
}  # fmt: skip
NUMBER = r"(?:by |um )?\$?\d[^.\n]*%"  # directly behind the word, so that it is what turns
METRICS = st.fixed_dictionaries(
    {
        "revenue_monthly": st.integers(1_000, 9_000_000),
        "customer_count": st.integers(20, 90_000),
        "previous": st.fixed_dictionaries(
            {
                "revenue_monthly": st.integers(1_000, 9_000_000),
                "customer_count": st.integers(20, 90_000),
            }
        ),
    }
)
LANGUAGES = st.sampled_from(["en", "de"])


def written(metrics: Json, language: str) -> Json:
    """The payload of AssessQuality with what the writer has made of the metrics."""
    sample = Sample("", REQUESTS[language], "", metrics=metrics, language=language)
    payload = payload_of(sample)
    intent = payload["intent"]
    inputs = {
        "action": "create_post",
        "kind": "post",
        "insights": payload["materials"]["analyze"],
        **{name: intent[name] for name in ("tone", "language", "channels", "date_range")},
        "constraints": intent["constraints"],
        "requirements": intent["requirements"],
    }
    step = {name: payload[name] for name in ("request", "intent", "business_metrics")}
    asked = command(
        CommandKind.RUN_STEP,
        step | {"inputs": inputs},
        agent="content",
        tool_id="content_generator",
    )
    handler = CONTENT.compute(asked)
    assert handler is not None
    outcome = handler(asked)
    assert isinstance(outcome, Done)
    return payload | {"output": outcome.output}


def with_content(payload: Json, text: str) -> Json:
    return payload | {"output": payload["output"] | {"content": text}}


def facts_of(payload: Json) -> list[Fact]:
    return [Fact.model_validate(row) for row in payload["materials"]["analyze"]["facts"]]


def errors(assessment: QualityAssessment) -> list[str]:
    return [i.message for i in assessment.issues if i.severity in ("error", "critical")]


@settings(max_examples=40)
@given(metrics=METRICS, language=LANGUAGES)
def test_what_the_writer_makes_of_facts_passes_every_gate(metrics: Json, language: str) -> None:
    assessment = assess(written(metrics, language))

    assert not assessment.failed_gates, errors(assessment)


@settings(max_examples=40)
@given(metrics=METRICS, language=LANGUAGES, which=st.integers(0, 50), shift=st.integers(1, 8))
def test_any_number_that_is_changed_to_no_fact_fails(
    metrics: Json, language: str, which: int, shift: int
) -> None:
    payload = written(metrics, language)
    text = payload["output"]["content"]
    numbers = [n for n in find_numbers(text, language) if re.search(r"[1-9]", n.quote)]
    assume(numbers)
    number = numbers[which % len(numbers)]
    other = re.sub("[1-9]", lambda m: str((int(m[0]) + shift - 1) % 9 + 1), number.quote, count=1)
    changed = text[: number.start] + other + text[number.end :]
    now = [n for n in find_numbers(changed, language) if n.start == number.start]
    assume(not any(matches(n, fact) for n in now for fact in facts_of(payload)))

    assessment = assess(with_content(payload, changed))

    assert "accuracy" in assessment.failed_gates, (number.quote, other)


@settings(max_examples=40)
@given(metrics=METRICS, language=LANGUAGES)
def test_a_direction_that_is_turned_round_fails(metrics: Json, language: str) -> None:
    payload = written(metrics, language)
    text = payload["output"]["content"]
    turns = [(old, new) for old, new in TURNED[language] if re.search(rf"{old}{NUMBER}", text)]
    assume(turns)
    old, new = turns[0]
    place = re.search(rf"{old}(?={NUMBER})", text)
    assert place is not None
    changed = text[: place.start()] + new + text[place.end() :]
    turned = next(n for n in find_numbers(changed, language) if n.end > place.start())
    assume(not any(matches(turned, fact) for fact in facts_of(payload)))

    assessment = assess(with_content(payload, changed))

    assert "accuracy" in assessment.failed_gates, changed


def test_the_scores_of_written_texts_differ_and_none_fails_a_gate() -> None:
    judged = [assess(payload) for payload in texts(40)]
    scores = spread(judged)

    assert not any(one.failed_gates for one in judged)
    assert max(scores["overall"]) - min(scores["overall"]) > 0.05
    for name in ("specificity", "engagement_potential", "originality", "length"):
        assert len(set(scores[name])) > 1, name

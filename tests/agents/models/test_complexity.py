"""How hard a request is: against labels given beforehand, and one rule at a time."""

import pytest

from agents.models.complexity import assess
from agents.models.tiers import LIMITS, Complexity, TaskType, Tier, bar_of
from agents.models.tokens import count_tokens, estimate
from streams.domain.intent import Intent
from streams.domain.plan import ExecutionPlan, WorkflowStep
from streams.domain.values import Channel
from tests.agents.models.labelled_requests import TUNED, UNSEEN

POST = "Create a LinkedIn post about our Q4 growth metrics"


def hits(labelled: tuple[tuple[str, Complexity], ...]) -> int:
    return sum(assess(request).complexity is label for request, label in labelled)


def plan(steps: int) -> ExecutionPlan:
    made = tuple(
        WorkflowStep(step_id=f"s{n}", name="work", tool_id="t", agent_type="a")
        for n in range(steps)
    )
    return ExecutionPlan(steps=made, deliverable_step="s0")


def intent(*channels: Channel, metrics: tuple[str, ...] = ()) -> Intent:
    return Intent(
        name="create_social_content", action="create", domain="marketing",
        channels=channels, metrics=metrics,
    )  # fmt: skip


def test_requests_that_the_rules_were_made_for_are_graded_as_labelled() -> None:
    assert len(TUNED) >= 60

    assert hits(TUNED) >= len(TUNED) - 2


def test_requests_that_the_rules_never_saw_are_graded_nearly_as_well() -> None:
    assert hits(UNSEEN) >= len(UNSEEN) - 3


def test_no_request_with_grave_consequences_is_taken_for_a_simple_one() -> None:
    grave = [text for text, label in TUNED + UNSEEN if label is Complexity.CRITICAL]

    assert all(assess(text).complexity is not Complexity.SIMPLE for text in grave)


def test_every_grade_is_given_in_both_languages() -> None:
    german = {assess(t).complexity for t, _ in TUNED if set("äöüß") & set(t.lower())}

    assert german == set(Complexity)


def test_mending_a_typo_in_a_grave_text_is_not_critical() -> None:
    found = assess("Fix the typos in this tweet about the lawsuit")

    assert found.complexity in {Complexity.SIMPLE, Complexity.MEDIUM}


def test_material_in_quotes_makes_a_request_neither_long_nor_hard() -> None:
    material = "Our revenue forecast and strategy for three scenarios is ready. " * 20

    assert assess(f'Shorten this: "{material}"').complexity is Complexity.SIMPLE


def test_what_is_at_stake_in_quoted_material_counts() -> None:
    found = assess('Post this: "We regret the data breach of last week and the recall of two lots"')

    assert found.complexity is Complexity.CRITICAL


def test_many_steps_make_the_same_request_harder() -> None:
    short, long = assess(POST, None, plan(5)), assess(POST, None, plan(12))

    assert short.complexity is Complexity.MEDIUM
    assert long.complexity is Complexity.COMPLEX
    assert "steps +3" in long.signals


def test_more_channels_and_metrics_of_the_intent_count() -> None:
    text = "Tell people how we did"
    alone = assess(text, intent(Channel.LINKEDIN))
    many = assess(text, intent(*Channel, metrics=("revenue", "traffic")))

    assert alone.effort < many.effort
    assert {"channels +2", "figures +2"} <= set(many.signals)


def test_the_signals_name_the_words_behind_the_stakes() -> None:
    found = assess("Draft a statement about the data breach")

    assert found.complexity is Complexity.CRITICAL
    assert found.signals[-1] == "stakes 3: breach"


def test_an_empty_request_is_simple() -> None:
    assert assess("").complexity is Complexity.SIMPLE


@pytest.mark.parametrize("kind", TaskType)
def test_an_estimate_keeps_to_the_limits_of_its_kind(kind: TaskType) -> None:
    limits = LIMITS[kind]
    long = estimate(kind, Complexity.CRITICAL, "word " * 100_000)

    assert long.input == limits.context
    assert long.is_cut
    assert long.output <= long.most_output == limits.output


def test_harder_work_is_expected_to_be_answered_at_greater_length() -> None:
    lengths = [estimate(TaskType.DRAFT, one, POST).output for one in Complexity]

    assert lengths == sorted(set(lengths))


def test_german_takes_more_tokens_than_english_and_digits_more_than_letters() -> None:
    assert count_tokens("a" * 100, "de") > count_tokens("a" * 100)
    assert count_tokens("1" * 100) > count_tokens("a" * 100)
    assert count_tokens("") == 0


def test_dear_mistakes_and_high_priorities_raise_the_bar() -> None:
    for complexity in Complexity:
        bars = [bar_of(complexity, one) for one in ("low", "medium", "high")]
        assert bars == sorted(bars)
    assert bar_of(Complexity.CRITICAL, "medium") > bar_of(Complexity.COMPLEX, "medium")
    assert [tier.rank for tier in Tier] == [0, 1, 2, 3, 4]

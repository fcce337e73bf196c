"""What the router learns of tiers: each text counts once, by its first verdict."""

import json
from dataclasses import replace

import pytest

from agents.models.choice import Ask, Choice
from agents.models.posterior import HALF_LIFE, Cell
from agents.models.price_table import price_table
from agents.models.router import choose
from agents.models.tiers import Complexity, TaskType, Tier
from agents.models.tokens import Tokens
from api.model_outcomes import ModelOutcomes
from streams.domain.values import Json
from streams.log import EVENTS, Commit, Record
from streams.memory import MemoryLog

DAY = 86_400_000
CELL = Cell("draft", Tier.BUDGET)


def _event(kind: str, body: Json, task: str = "task") -> Record:
    headers = {"type": kind, "time": "0"}
    return Record(EVENTS, 0, task, json.dumps(body).encode(), headers)


def _writer(command_id: str, tier: str = "BUDGET", kind: str = "draft") -> Json:
    return {"model": "m", "tier": tier, "task_type": kind, "command_id": command_id}


def _planned(task: str = "task") -> Record:
    return _event("plan_drafted.v1", {"plan": {"deliverable_step": "post"}}, task)


def _step(writer: Json, task: str = "task") -> Record:
    body = {"step_id": "post", "output": {"details": {"writer": writer}}}
    return _event("step_completed.v1", body, task)


def _refined(writer: Json) -> Record:
    body = {"subject": "deliverable", "output": {"details": {"writer": writer}}}
    return _event("output_refined.v1", body)


def _verdict(verdict: str, subject: str = "deliverable", task: str = "task") -> Record:
    return _event("quality_assessed.v1", {"subject": subject, "verdict": verdict}, task)


def _task(number: int, verdict: str) -> list[Record]:
    task = f"task-{number}"
    written = _step(_writer(f"{task}.1"), task)
    return [_planned(task), written, _verdict(verdict, task=task)]


def _counts(outcomes: ModelOutcomes) -> dict[Cell, tuple[float, float]]:
    return {cell: (seen.passed, seen.failed) for cell, seen in outcomes.tallies().items()}


@pytest.fixture
def outcomes() -> ModelOutcomes:
    return ModelOutcomes(lambda: 0)


def test_a_refinement_is_counted_for_the_tier_that_made_it(outcomes: ModelOutcomes) -> None:
    better = _writer("c2", "STANDARD", "refine")

    outcomes.told([_planned(), _step(_writer("c1")), _verdict("refine")], {})
    outcomes.told([_refined(better), _verdict("pass")], {})

    assert _counts(outcomes) == {CELL: (0, 1), Cell("refine", Tier.STANDARD): (1, 0)}


def test_a_text_that_is_assessed_twice_counts_once(outcomes: ModelOutcomes) -> None:
    mended = _refined(_writer("c1"))  # by rules, which keep the name of the writer

    outcomes.told([_planned(), _step(_writer("c1")), _verdict("refine"), _verdict("refine")], {})
    outcomes.told([mended, _verdict("pass")], {})

    assert _counts(outcomes) == {CELL: (0, 1)}


def test_words_that_were_dropped_have_failed(outcomes: ModelOutcomes) -> None:
    by_rules = _refined({"dropped": _writer("c2", "PREMIUM", "refine")})

    outcomes.told([_planned(), by_rules, _verdict("pass")], {})

    assert _counts(outcomes) == {Cell("refine", Tier.PREMIUM): (0, 1)}


def test_texts_that_no_tier_was_chosen_for_say_nothing(outcomes: ModelOutcomes) -> None:
    outcomes.told([_planned(), _step({"is_given": True}), _verdict("pass")], {})

    assert _counts(outcomes) == {}


def test_an_outcome_counts_half_after_its_half_life() -> None:
    outcomes = ModelOutcomes(lambda: int(HALF_LIFE * DAY))

    outcomes.told(_task(1, "pass"), {})

    assert _counts(outcomes) == {CELL: (0.5, 0)}


async def test_the_history_counts_as_what_was_heard(outcomes: ModelOutcomes) -> None:
    log, heard = MemoryLog(), ModelOutcomes(lambda: 0)
    records = [record for n in range(5) for record in _task(n, "pass" if n % 2 else "refine")]
    await log.commit(await log.acquire(0, "me"), Commit(records=records))

    await outcomes.read(log)
    heard.told(records, {})

    assert _counts(outcomes) == _counts(heard) == {CELL: (2, 3)}


def _chosen(outcomes: ModelOutcomes) -> Choice:
    ask = Ask(
        task_type=TaskType.DRAFT,
        complexity=Complexity.MEDIUM,
        tokens=Tokens(input=500, output=500, most_output=2_000),
        day="2026-11-24",
        available=frozenset({"openai"}),
    )
    return choose(replace(ask, outcomes=outcomes.tallies()), price_table())


def test_a_tier_that_keeps_failing_is_left_and_the_choice_says_on_what_that_rests(
    outcomes: ModelOutcomes,
) -> None:
    before = _chosen(outcomes)

    outcomes.told([record for n in range(12) for record in _task(n, "refine")], {})
    after = _chosen(outcomes)

    left = [one for one in after.candidates if one.tier is Tier.BUDGET]
    assert before.tier is Tier.BUDGET
    assert after.tier is Tier.STANDARD
    assert {one.outcomes for one in left} == {12}

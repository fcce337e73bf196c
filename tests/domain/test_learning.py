"""LEARNING: what a task teaches, and its end."""

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.values import DecisionOutcome, ExecutionPhase
from tests.domain.story import Like, Story

LEARN = CommandKind.EXTRACT_LEARNING


def learning() -> Story:
    story = Story(channels=("linkedin",)).shown().approved(feedback="Great!")
    return story.reached(ExecutionPhase.LEARNING)


def test_the_training_record_ends_the_task() -> None:
    story = learning()

    story.done(LEARN, {"is_success": True}, cost=0.5)

    story.then(
        Like(e.CommandCompleted, cost=0.5),
        e.LearningExtracted(record={"is_success": True}),
        e.TaskClosed(outcome=DecisionOutcome.APPROVED, decided_by="ann", cost=0.5),
    )
    assert story.state.record == {"is_success": True}
    assert story.state.closed_at == story.now


def test_what_was_decided_stands_even_if_nothing_could_be_learned() -> None:
    story = learning()

    story.gave_up(LEARN, "disk full")

    story.then(Like(e.CommandFailed), Like(e.TaskClosed, outcome=DecisionOutcome.APPROVED))


def test_the_evaluator_gets_all_that_happened() -> None:
    payload = learning().payload(LEARN)

    assert payload["outcome"] == "approved"
    assert payload["feedback"] == ["Great!"]
    assert payload["publications"] == {"linkedin": "published"}
    assert payload["quality_score"] == 0.9
    assert payload["quality_dimensions"] == {"clarity": 0.9}
    assert payload["catalogue_version"] == "catalogue-1"
    assert payload["plan"]["deliverable_step"] == "post"
    assert payload["duration"] > 0


def test_a_task_that_failed_early_has_less_to_teach() -> None:
    story = Story().submitted().gave_up(CommandKind.PARSE_INTENT, "no model")

    payload = story.payload(LEARN)

    assert payload["error"] == "no model"
    assert payload["outcome"] == "failed"
    assert payload["plan"] is payload["intent"] is payload["quality_score"] is None


def test_feedback_of_every_round_is_learned_from() -> None:
    story = Story().shown().when(i.ReviseRequest, feedback="shorter").shown()

    story.approved(feedback="better")

    assert story.payload(LEARN)["feedback"] == ["shorter", "better"]

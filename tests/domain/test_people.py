"""What people do besides approving: answer, cancel, try again."""

import pytest

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.state import Life, PublicationStatus
from streams.domain.values import DecisionOutcome, ExecutionPhase
from tests.domain.samples import NOW, intent
from tests.domain.story import Like, Story

ASKED = intent(question={"text": "Which quarter?"})


def test_an_answer_to_no_open_question_is_refused() -> None:
    story = Story().submitted()

    story.when(i.AnswerQuestion, question_id="question-1", answer="Q4")

    story.then(
        e.InputRefused(
            input_type="answer_question.v1",
            by="ann",
            code="conflict",
            reason="that question is not open",
            subject="question-1 Q4",
        )
    )


def test_an_answer_given_twice_counts_once() -> None:
    story = Story().submitted().done(CommandKind.PARSE_INTENT, ASKED)
    story.when(i.AnswerQuestion, question_id="question-1", answer="Q4")

    story.when(i.AnswerQuestion, question_id="question-1", answer="Q4").then_nothing()


def test_another_answer_to_the_same_question_comes_too_late() -> None:
    story = Story().submitted().done(CommandKind.PARSE_INTENT, ASKED)
    story.when(i.AnswerQuestion, question_id="question-1", answer="Q4")

    story.when(i.AnswerQuestion, question_id="question-1", answer="Q3")

    story.then(Like(e.InputRefused, reason="that question is not open"))


CANCELLABLE = [
    p for p in ExecutionPhase if p not in (ExecutionPhase.REFINEMENT, ExecutionPhase.LEARNING)
]


@pytest.mark.parametrize("phase", CANCELLABLE)
def test_a_task_can_be_cancelled_in_every_phase(phase: ExecutionPhase) -> None:
    story = Story()
    story.reached(phase)
    open_before = len(story.state.commands)

    story.when(i.CancelTask, reason="not needed")

    assert story.events[0] == e.CancellationRequested(by="ann", reason="not needed")
    assert len(story.events) == open_before + 2
    assert story.events[-1] == e.TaskClosed(
        outcome=DecisionOutcome.CANCELLED, decided_by="ann", cost=0
    )
    assert story.state.error == "not needed"


def test_what_was_decided_is_not_cancelled_while_the_task_learns() -> None:
    story = Story().shown().approved()

    story.when(i.CancelTask)

    story.then(Like(e.InputRefused, code="closed", reason="the task is approved already"))
    assert story.closed().state.outcome is DecisionOutcome.APPROVED


def test_a_publication_that_was_withdrawn_is_shown_as_cancelled() -> None:
    story = Story(channels=("linkedin",)).shown().approved()

    story.when(i.CancelTask)

    assert [p.status for p in story.state.publications.values()] == [PublicationStatus.CANCELLED]


def test_cancelling_twice_is_cancelling_once() -> None:
    story = Story().submitted().when(i.CancelTask)

    story.when(i.CancelTask).then_nothing()


def test_cancelling_again_while_an_effect_is_waited_for_changes_nothing() -> None:
    story = Story(channels=("linkedin",)).shown().approved()
    story.let_through(CommandKind.PUBLISH).when(i.CancelTask)

    story.when(i.CancelTask, by="bob").then_nothing()


def test_a_task_that_ended_otherwise_cannot_be_cancelled_any_more() -> None:
    story = Story().shown().approved().closed()

    story.when(i.CancelTask)

    story.then(
        Like(e.InputRefused, code="closed", reason="the task is approved already"),
    )
    story.when(i.CancelTask).then_nothing()


def test_a_question_to_the_user_ends_with_the_task() -> None:
    story = Story().submitted().done(CommandKind.PARSE_INTENT, ASKED)

    story.when(i.CancelTask).then_types("cancellation_requested", "task_closed")

    assert not story.state.questions


def test_only_a_failed_task_can_be_tried_again() -> None:
    story = Story().shown().approved().closed()

    story.when(i.RetryTask)

    story.then(
        Like(
            e.InputRefused,
            code="closed",
            reason="only a failed task can be retried; this one is approved",
        )
    )


def test_trying_an_open_task_again_changes_nothing() -> None:
    Story().submitted().when(i.RetryTask).then_nothing()


def test_a_task_that_missed_its_deadline_has_none_when_it_is_tried_again() -> None:
    story = Story().submitted(settings={"deadline": NOW + 50}).timer().timer()
    story.closed()
    assert story.state.error == "the deadline has passed"

    story.when(i.RetryTask)

    assert (story.state.error, story.state.decided_by, story.state.outcome) == (None, "", None)
    assert story.state.settings.deadline is None
    assert story.shown().approved().closed().state.outcome is DecisionOutcome.APPROVED


def test_a_deadline_still_ahead_is_kept_when_the_task_is_tried_again() -> None:
    story = Story().submitted(settings={"deadline": NOW + 50_000})
    story.gave_up(CommandKind.PARSE_INTENT).closed()

    story.when(i.RetryTask)

    assert story.state.settings.deadline == NOW + 50_000


def test_a_history_whose_end_names_no_outcome_says_only_that_it_ended() -> None:
    story = Story().submitted()
    closed = e.TaskClosed.model_construct(outcome=None, decided_by="old", cost=0.0)
    story.given(closed)
    assert story.state.life is Life.CLOSED

    story.when(i.CancelTask).then(Like(e.InputRefused, reason="the task is ended already"))
    story.when(i.RetryTask)

    story.then(Like(e.InputRefused, reason="only a failed task can be retried; this one is ended"))

"""An effect of which nobody has told what came of it: whose late word counts, and whose not."""

import pytest

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.values import Channel, DecisionOutcome
from streams.domain.waiting import WaitKind
from tests.domain.story import Like, Story
from tests.domain.test_publication import RECEIPT, publishing, statuses

LINKEDIN = Channel.LINKEDIN


class TestSilent:
    """The runner was let through and fell silent; its own late word still counts."""

    def silent(self, **settings: object) -> Story:
        return publishing(**settings).let_through(LINKEDIN, "r1").timer(WaitKind.GRANT)

    def sure(self, story: Story, **fields: object) -> Story:
        said = {"runner": "r1", "attempt": 1} | fields
        return story.failed(LINKEDIN, "nothing was done", **said)

    def test_that_nothing_happened_answers_the_question_and_it_is_tried_again(self) -> None:
        story = self.sure(self.silent())

        story.then(
            e.QuestionAnswered(question_id="effect-t.8-1", answer="not done", by="r1"),
            Like(e.CommandFailed, attempt=1, runner="r1", reason="nothing was done"),
        )
        assert statuses(story) == {"linkedin": "pending"}
        story.timer(WaitKind.RETRY).done(LINKEDIN, RECEIPT)
        assert statuses(story) == {"linkedin": "published"}
        assert [grant.attempt for grant in story.all(e.EffectGranted)] == [1, 2]

    def test_for_good_it_is_not_published(self) -> None:
        story = self.sure(self.silent(), is_retryable=False)

        assert statuses(story) == {"linkedin": "failed"}
        assert story.closed().state.outcome is DecisionOutcome.FAILED

    def test_a_cancelled_task_ends_with_it(self) -> None:
        story = self.sure(self.silent().when(i.CancelTask))

        story.then_types("question_answered", "command_failed", "task_closed")
        assert statuses(story) == {"linkedin": "failed"}

    @pytest.mark.parametrize(
        "fields",
        [
            {"runner": "r2"},
            {"attempt": None},
            {"is_uncertain": True},
            {"runner": "r2", "attempt": 1},
        ],
    )
    def test_nobody_else_and_nothing_vaguer_counts(self, fields: dict[str, object]) -> None:
        story = self.sure(self.silent(), **fields).then_nothing()

        assert story.status == "publication_uncertain"

    def test_its_receipt_counts(self) -> None:
        story = self.silent().done(LINKEDIN, RECEIPT, runner="r1", attempt=1)

        assert story.events[0].answer == "done"
        assert statuses(story) == {"linkedin": "published"}

    def test_its_receipt_counts_also_after_a_human_has_looked_wrongly(self) -> None:
        story = self.silent()
        story.when(i.AnswerQuestion, question_id="effect-t.8-1", answer="not done")

        story.done(LINKEDIN, RECEIPT, runner="r1", attempt=1)

        story.then(
            e.CommandCompleted(command_id="t.8", attempt=1, runner="r1"),
            Like(e.PublicationCompleted),
            Like(e.PhaseStarted),
            Like(e.CommandIssued),
        )
        report = story.inputs[-1]
        story.hear(report.model_copy(update={"input_id": "again"})).then_nothing()

    def test_its_receipt_counts_while_another_runner_is_let_through(self) -> None:
        story = self.silent()
        story.when(i.AnswerQuestion, question_id="effect-t.8-1", answer="not done")
        story.let_through(LINKEDIN, "r2")

        story.done(LINKEDIN, RECEIPT, runner="r1", attempt=1)

        assert statuses(story) == {"linkedin": "published"}
        story.when(i.ReportFailure, command_id="t.8", runner="r2", attempt=2, reason="twice")
        story.then(Like(e.InputRefused, reason="there is no such open command"))

    def test_its_receipt_of_the_wrong_shape_is_not_held_against_another_runner(self) -> None:
        story = self.silent()
        story.when(i.AnswerQuestion, question_id="effect-t.8-1", answer="not done")
        story.let_through(LINKEDIN, "r2")

        story.done(LINKEDIN, {"broken": 1}, runner="r1").then_nothing()

    def test_a_receipt_after_a_sure_failure_still_says_what_is_out(self) -> None:
        story = self.sure(self.silent())

        story.when(i.ReportResult, command_id="t.8", runner="r1", attempt=1, output=RECEIPT)

        assert statuses(story) == {"linkedin": "published"}


class TestKeyEnforced:
    """The platform refuses a second use of the idempotency key."""

    def test_it_is_tried_again_without_asking_anybody(self) -> None:
        story = publishing().let_through(LINKEDIN, is_key_enforced=True)

        story.timer(WaitKind.GRANT)

        story.then(Like(e.CommandFailed, attempt=1, runner="clock"))
        assert story.timer(WaitKind.RETRY).open(LINKEDIN).issued.attempt == 2

    def test_a_runner_in_doubt_is_followed_by_another_attempt(self) -> None:
        story = publishing().let_through(LINKEDIN, is_key_enforced=True)

        story.failed(LINKEDIN, "the line went dead", is_uncertain=True)

        story.then(Like(e.CommandFailed, attempt=1, reason="the line went dead"))
        assert story.timer(WaitKind.RETRY).open(LINKEDIN).issued.attempt == 2

    def silent_once(self, **settings: object) -> Story:
        story = publishing(**settings).let_through(LINKEDIN, is_key_enforced=True)
        return story.timer(WaitKind.GRANT)

    def test_what_may_have_happened_is_kept_in_mind(self) -> None:
        story = self.silent_once()

        story.then(Like(e.CommandFailed, is_uncertain=True, runner="clock"))
        assert story.state.has_effects
        story.timer(WaitKind.RETRY)
        assert story.state.has_effects
        assert not story.done(LINKEDIN).state.has_effects

    def test_when_the_last_attempt_fails_a_human_is_asked_about_the_earlier_one(self) -> None:
        story = self.silent_once(max_attempts=2).timer(WaitKind.RETRY)

        story.gave_up(LINKEDIN, "no credit")

        story.then(
            Like(e.EffectUncertain, reason="an earlier attempt may have done it; then: no credit")
        )
        story.when(i.AnswerQuestion, question_id="effect-t.8-2", answer="not done")
        assert not story.state.has_effects

    def test_a_later_runner_that_is_sure_knows_nothing_of_the_earlier_one(self) -> None:
        story = self.silent_once(max_attempts=2).timer(WaitKind.RETRY)
        story.let_through(LINKEDIN, is_key_enforced=True).timer(WaitKind.GRANT)

        story.failed(LINKEDIN, runner="r1", attempt=2).then_nothing()

    def test_a_cancellation_in_the_pause_asks_a_human(self) -> None:
        story = self.silent_once().when(i.CancelTask)

        story.then_types("cancellation_requested", "effect_uncertain")
        assert story.status == "publication_uncertain"

    def test_an_operator_cannot_end_it_in_the_pause_but_try_it_again(self) -> None:
        story = self.silent_once()

        story.when(i.CancelCommand, command_id="t.8")
        reason = "an earlier attempt may have done it: the next one will show"
        story.then(Like(e.InputRefused, reason=reason))
        story.when(i.RetryCommand, command_id="t.8").then(Like(e.CommandIssued, attempt=2))

    def test_a_human_is_asked_when_no_attempt_is_left(self) -> None:
        story = publishing(max_attempts=1).let_through(LINKEDIN, is_key_enforced=True)

        story.failed(LINKEDIN, "the line went dead", is_uncertain=True)

        story.then(Like(e.EffectUncertain, reason="the line went dead"))
        assert story.status == "publication_uncertain"

    @pytest.mark.parametrize("is_silent", [True, False])
    def test_a_human_is_asked_when_the_task_was_cancelled_meanwhile(self, is_silent: bool) -> None:
        story = publishing().let_through(LINKEDIN, is_key_enforced=True).when(i.CancelTask)

        if is_silent:
            story.timer(WaitKind.GRANT)
        else:
            story.failed(LINKEDIN, is_uncertain=True)

        story.then(Like(e.EffectUncertain))

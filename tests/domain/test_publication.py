"""Publication: an intent before, a receipt after, and a human where nobody knows."""

import pytest

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.deliverable import Receipt
from streams.domain.state import PublicationStatus
from streams.domain.values import Channel, DecisionOutcome, ExecutionPhase
from streams.domain.waiting import WaitKind
from tests.domain.story import Like, Story

LINKEDIN, TWITTER = Channel.LINKEDIN, Channel.TWITTER
RECEIPT = {"reference": "post-1", "url": "https://example.com/1"}


def publishing(*channels: str, **settings: object) -> Story:
    return Story(channels=channels or ("linkedin",)).shown(**settings).approved()


def statuses(story: Story) -> dict[str, str]:
    return {channel: p.status.value for channel, p in story.state.publications.items()}


def test_the_intent_is_recorded_before_and_the_receipt_after() -> None:
    story = publishing(grant_time=500)
    command_id = story.open(LINKEDIN).issued.command_id

    story.let_through(LINKEDIN, "r1")

    story.then(
        e.EffectGranted(
            command_id=command_id,
            attempt=1,
            runner="r1",
            key=command_id,
            is_key_enforced=False,
            expires_at=story.now + 500,
        )
    )
    assert statuses(story) == {"linkedin": "granted"}

    story.done(LINKEDIN, RECEIPT)
    assert story.events[1] == e.PublicationCompleted(
        channel=LINKEDIN, command_id=command_id, receipt=Receipt(**RECEIPT)
    )
    assert story.state.phase is ExecutionPhase.LEARNING


def test_one_channel_of_several_may_fail() -> None:
    story = publishing("linkedin", "twitter")
    story.let_through(TWITTER).gave_up(TWITTER, "too long")
    assert story.state.phase is ExecutionPhase.APPROVAL

    story.done(LINKEDIN)

    assert statuses(story) == {"linkedin": "published", "twitter": "failed"}
    assert story.closed().state.outcome is DecisionOutcome.APPROVED


def test_a_task_of_which_nothing_was_published_has_failed_and_is_shown_again() -> None:
    story = publishing("linkedin", "twitter").gave_up(TWITTER, "too long")

    story.gave_up(LINKEDIN, "no access")

    assert story.events[2].reason == "nothing was published: no access; too long"
    assert story.closed().state.outcome is DecisionOutcome.FAILED
    story.when(i.RetryTask)
    story.then(
        Like(e.TaskReopened, phase=ExecutionPhase.APPROVAL),
        Like(e.PhaseStarted),
        Like(e.ApprovalRequested, round=2),
    )


def test_a_refusal_by_the_platform_is_tried_again_through_the_door() -> None:
    story = publishing().let_through(LINKEDIN).failed(LINKEDIN, "too many requests")

    story.timer(WaitKind.RETRY)

    story.then(Like(e.CommandIssued, attempt=2, channel=LINKEDIN))
    story.done(LINKEDIN, RECEIPT)
    assert [grant.attempt for grant in story.all(e.EffectGranted)] == [1, 2]
    assert statuses(story) == {"linkedin": "published"}


class TestUncertain:
    """Nobody knows whether it went out."""

    def uncertain(self, **settings: object) -> Story:
        story = publishing(**settings).let_through(LINKEDIN)
        return story.failed(LINKEDIN, "the line went dead", is_uncertain=True)

    @property
    def question_id(self) -> str:
        return "effect-t.8-1"

    def answered(self, story: Story, answer: str) -> Story:
        return story.when(i.AnswerQuestion, question_id=self.question_id, answer=answer)

    def test_a_human_is_asked(self) -> None:
        story = self.uncertain()

        story.then(
            Like(
                e.EffectUncertain,
                channel=LINKEDIN,
                reason="the line went dead",
                question_id=self.question_id,
            )
        )
        assert story.status == "publication_uncertain"
        asked = story.state.questions[self.question_id].question
        assert asked.text == "Did the post on linkedin go out? the line went dead"
        assert asked.options == ("done", "not done")

    def test_done_makes_it_published_with_the_word_of_the_human(self) -> None:
        story = self.answered(self.uncertain(), " Done ")

        story.then_types(
            "question_answered",
            "command_completed",
            "publication_completed",
            "phase_started",
            "command_issued",
        )
        receipt = story.state.publications[LINKEDIN].receipt
        assert receipt == Receipt(reference="confirmed by ann")

    def test_not_done_lets_it_be_tried_again(self) -> None:
        story = self.answered(self.uncertain(), "not done")

        story.then(
            e.QuestionAnswered(question_id=self.question_id, answer="not done", by="ann"),
            Like(e.CommandIssued, command_id="t.8", attempt=2),
        )
        story.done(LINKEDIN, RECEIPT)
        assert statuses(story) == {"linkedin": "published"}

    def test_any_other_answer_is_refused(self) -> None:
        story = self.answered(self.uncertain(), "perhaps")

        story.then(Like(e.InputRefused, reason="answer one of: done, not done"))
        assert story.status == "publication_uncertain"

    def test_a_late_receipt_answers_the_question(self) -> None:
        story = self.uncertain()

        story.done(LINKEDIN, RECEIPT, runner="r1", attempt=1)

        assert story.events[0] == e.QuestionAnswered(
            question_id=self.question_id, answer="done", by="r1"
        )
        assert story.state.publications[LINKEDIN].receipt == Receipt(**RECEIPT)
        assert not story.state.questions

    def test_a_late_receipt_leaves_the_doubt_about_other_channels(self) -> None:
        story = publishing("linkedin", "twitter")
        for channel in (LINKEDIN, TWITTER):
            story.let_through(channel).failed(channel, is_uncertain=True)

        story.done(TWITTER, RECEIPT, runner="r1")

        assert list(story.state.questions) == ["effect-t.8-1"]
        assert statuses(story) == {"linkedin": "uncertain", "twitter": "published"}

    def test_a_late_receipt_that_cannot_be_read_answers_nothing(self) -> None:
        story = self.uncertain()

        story.done(LINKEDIN, {"broken": 1}, runner="r1").then_nothing()

        assert story.status == "publication_uncertain"

    def test_a_late_failure_leaves_it_to_the_human(self) -> None:
        self.uncertain().failed(LINKEDIN, runner="r1").then_nothing()

    def test_who_said_that_it_does_not_know_cannot_be_sure_later(self) -> None:
        story = self.uncertain().failed(LINKEDIN, runner="r1", attempt=1)

        story.then_nothing()

    def test_only_the_runner_that_was_let_through_can_bring_a_receipt(self) -> None:
        story = self.uncertain().done(LINKEDIN, RECEIPT, runner="r2", attempt=1)

        story.then(Like(e.InputRefused, code="lost_lease", by="r2"))
        assert story.status == "publication_uncertain"

    def test_a_late_receipt_after_a_receipt_changes_nothing(self) -> None:
        story = self.uncertain().done(LINKEDIN, RECEIPT, runner="r1", attempt=1)
        report = story.inputs[-1]

        story.hear(report.model_copy(update={"input_id": "again"})).then_nothing()

    def test_a_question_that_nobody_answers_ends_as_not_published(self) -> None:
        story = self.uncertain(question_timeout=900)

        story.timer(WaitKind.QUESTION)

        assert story.events[0] == e.QuestionAnswered(
            question_id=self.question_id, answer="unknown", by="clock"
        )
        assert statuses(story) == {"linkedin": "failed"}
        assert story.closed().state.outcome is DecisionOutcome.FAILED

    def test_a_runner_that_never_reports_back_leaves_it_uncertain(self) -> None:
        story = publishing().let_through(LINKEDIN)

        story.timer(WaitKind.GRANT)

        assert story.events[0].reason == "'r1' was let through at the door and did not report back"
        assert statuses(story) == {"linkedin": "uncertain"}

    def test_a_receipt_of_the_wrong_shape_may_mean_that_it_went_out(self) -> None:
        story = publishing().let_through(LINKEDIN)

        story.done(LINKEDIN, {"id": "post-1"})

        story.then(Like(e.EffectUncertain, command_id="t.8"))
        assert not story.open(LINKEDIN).retry_at

    def test_the_other_channels_go_on_meanwhile(self) -> None:
        story = publishing("linkedin", "twitter").let_through(LINKEDIN)
        story.failed(LINKEDIN, is_uncertain=True)

        story.done(TWITTER)

        assert statuses(story) == {"linkedin": "uncertain", "twitter": "published"}
        assert story.state.phase is ExecutionPhase.APPROVAL


class TestCancellation:
    """The task is cancelled while a publication may be out already."""

    def cancelled(self) -> Story:
        story = publishing("linkedin", "twitter").let_through(LINKEDIN)
        return story.when(i.CancelTask, reason="wrong quarter")

    def test_what_is_not_out_yet_is_withdrawn_and_the_rest_waited_for(self) -> None:
        story = self.cancelled()

        story.then(
            e.CancellationRequested(by="ann", reason="wrong quarter"),
            Like(e.CommandCancelled, command_id="t.9"),
        )
        assert story.status == "cancelling"

    def test_its_receipt_is_kept_and_ends_the_task(self) -> None:
        story = self.cancelled().done(LINKEDIN, RECEIPT)

        story.then_types("command_completed", "publication_completed", "task_closed")
        assert story.state.publications[LINKEDIN].status is PublicationStatus.PUBLISHED
        assert story.state.outcome is DecisionOutcome.CANCELLED

    def test_its_failure_ends_the_task_without_another_attempt(self) -> None:
        story = self.cancelled().failed(LINKEDIN)

        story.then(
            Like(e.CommandFailed, retry_at=None),
            Like(e.TaskClosed, outcome=DecisionOutcome.CANCELLED, decided_by="ann"),
        )

    @pytest.mark.parametrize(
        ("answer", "follows"),
        [
            ("done", ["command_completed", "publication_completed", "task_closed"]),
            ("not done", ["command_cancelled", "task_closed"]),
        ],
    )
    def test_a_human_may_end_the_doubt(self, answer: str, follows: list[str]) -> None:
        story = self.cancelled().timer(WaitKind.GRANT)

        story.when(i.AnswerQuestion, question_id="effect-t.8-1", answer=answer)

        story.then_types("question_answered", *follows)

    def test_the_doubt_ends_by_itself_in_the_end(self) -> None:
        story = self.cancelled().timer(WaitKind.GRANT).timer(WaitKind.QUESTION)

        story.then_types("question_answered", "command_failed", "task_closed")

    def test_a_question_about_an_effect_outlives_the_cancellation(self) -> None:
        story = publishing().let_through(LINKEDIN).timer(WaitKind.GRANT)

        story.when(i.CancelTask)

        assert story.status == "publication_uncertain"
        assert list(story.state.questions) == ["effect-t.8-1"]

    def test_nobody_is_let_through_any_more(self) -> None:
        story = publishing("linkedin", "twitter").let_through(LINKEDIN)
        story.timer(WaitKind.GRANT).when(i.CancelTask)

        story.let_through(LINKEDIN)

        story.then(Like(e.InputRefused, reason="the command is not open"))

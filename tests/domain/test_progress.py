"""What a failed attempt had done already reaches the next one, and is never forgotten."""

from typing import Any

import pytest

from streams.decider import outstanding
from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import Command, CommandKind
from streams.domain.state import ONE_STEP, STATE
from streams.domain.values import Channel, ExecutionPhase
from streams.domain.waiting import WaitKind
from streams.rules.queue import MAX_PROGRESS
from tests.domain.samples import PLAN, plan, step
from tests.domain.story import Like, Story

TWITTER = Channel.TWITTER
TWO, THREE = {"posts": ["1", "2"]}, {"posts": ["1", "2", "3"]}
THREAD = {"agent_type": "publisher", "action": "publish", "channel": TWITTER}


def posting(**settings: object) -> Story:
    return Story(channels=("twitter",)).shown(**settings).approved().let_through(TWITTER)


def dispatched(**fields: object) -> Story:
    return Story().when(i.DispatchCommand, **THREAD | fields).let_through(ONE_STEP)


def sent(story: Story) -> Command:
    """The newest attempt, as its agent gets it."""
    return story.sent[max(story.sent, key=lambda key: (int(key[0].split(".")[1]), key[1]))]


def test_the_next_attempt_goes_on_where_the_last_one_stopped() -> None:
    story = posting().failed(TWITTER, "slow down", progress=TWO)

    story.then(Like(e.CommandFailed, progress=TWO))
    story.timer(WaitKind.RETRY)
    assert sent(story).progress == TWO
    assert sent(story).attempt == 2


def test_an_attempt_that_says_nothing_does_not_undo_what_was_done() -> None:
    story = posting(max_attempts=4).failed(TWITTER, progress=TWO).timer(WaitKind.RETRY)

    story.failed(TWITTER, "no line").timer(WaitKind.RETRY)
    assert sent(story).progress == TWO
    story.let_through(TWITTER).failed(TWITTER, progress=THREE).timer(WaitKind.RETRY)
    assert sent(story).progress == THREE


def test_it_survives_the_doubt_of_a_human() -> None:
    story = posting().failed(TWITTER, "the line went dead", is_uncertain=True, progress=TWO)

    story.then(Like(e.EffectUncertain, progress=TWO))
    (asked,) = story.state.questions.items()
    assert asked[1].question.text == (
        "Did the post on twitter go out? the line went dead "
        '(done before that: {"posts": ["1", "2"]})'
    )
    story.when(i.AnswerQuestion, question_id=asked[0], answer="not done")
    assert sent(story).progress == TWO


def test_it_survives_a_runner_that_falls_silent() -> None:
    story = posting().failed(TWITTER, progress=TWO).timer(WaitKind.RETRY)

    story.let_through(TWITTER).timer(WaitKind.GRANT)

    (question_id,) = story.state.questions
    assert "done before that" in story.state.questions[question_id].question.text
    story.when(i.AnswerQuestion, question_id=question_id, answer="not done")
    assert sent(story).progress == TWO


def test_a_long_one_is_shown_in_short() -> None:
    story = posting().failed(TWITTER, "?", is_uncertain=True, progress={"text": "x" * 900})

    (asked,) = story.state.questions.values()
    assert len(asked.question.text) < 400
    assert asked.question.text.endswith("x…)")


def test_a_new_owner_and_a_snapshot_keep_it() -> None:
    story = posting().failed(TWITTER, progress=TWO)
    paused = story.state
    story.timer(WaitKind.RETRY)

    for state in (paused, story.state):
        assert STATE.validate_json(STATE.dump_json(state)) == state
    (again,) = outstanding(STATE.validate_json(STATE.dump_json(story.state)))
    assert again.progress == TWO


def test_repeatable_work_goes_on_too() -> None:
    story = Story().reached(ExecutionPhase.EXECUTION).failed("facts", progress={"rows": 900})

    story.timer(WaitKind.RETRY)

    assert sent(story).progress == {"rows": 900}


def test_what_is_done_is_not_done_again_by_another_tool() -> None:
    other = [{"tool_id": "write", "agent_type": "content"}]
    story = Story()
    made = plan(step("post", "send", alternatives=other))
    story.answers[CommandKind.PLAN_WORKFLOW] = made.as_json
    story.reached(ExecutionPhase.EXECUTION).let_through("post")

    story.failed("post", "no credit", progress=TWO, is_retryable=False)

    assert story.events[1] == e.StepFailed(
        step_id="post",
        reason='no credit (done before that: {"posts": ["1", "2"]})',
        is_optional=False,
    )


def test_repeatable_work_may_be_begun_anew_by_another_tool() -> None:
    other = [{"tool_id": "write_plainly", "agent_type": "content"}]
    story = Story()
    story.answers[CommandKind.PLAN_WORKFLOW] = plan(step("post", alternatives=other)).as_json
    story.reached(ExecutionPhase.EXECUTION)

    story.failed("post", progress={"rows": 9}, is_retryable=False)

    story.then_types("command_failed", "step_rerouted", "command_issued")
    assert sent(story).progress == {}


def test_a_task_that_is_tried_again_goes_on_with_the_same_work() -> None:
    story = dispatched(max_attempts=1).failed(ONE_STEP, "slow down", progress=TWO)
    assert story.state.error == 'slow down (done before that: {"posts": ["1", "2"]})'

    story.when(i.RetryTask)

    assert (sent(story).command_id, sent(story).progress) == ("t.2", TWO)


def test_other_work_begins_afresh() -> None:
    story = Story().reached(ExecutionPhase.EXECUTION)
    story.failed("facts", progress={"rows": 9}, is_retryable=False).closed()

    story.when(i.RetryTask)
    assert sent(story).progress == {"rows": 9}
    story.done("facts")

    assert sent(story).step_id == "post"
    assert sent(story).progress == {}


def test_a_publication_that_begins_anew_is_never_approved_by_a_policy() -> None:
    story = Story(channels=("twitter",))
    story.answers[CommandKind.PLAN_WORKFLOW] = PLAN.as_json
    story.reached(ExecutionPhase.APPROVAL, is_auto_approved=True).let_through(TWITTER)
    story.failed(TWITTER, "blocked", progress=TWO, is_retryable=False)
    assert story.closed().state.error == (
        'nothing was published: blocked (done before that: {"posts": ["1", "2"]})'
    )

    story.when(i.RetryTask)

    assert story.events[-1].reason == (
        "parts of an earlier try are out on twitter: look there before it begins anew"
    )


def test_nothing_done_is_nothing_to_look_for() -> None:
    story = Story(channels=("twitter",)).reached(ExecutionPhase.APPROVAL, is_auto_approved=True)
    story.let_through(TWITTER).gave_up(TWITTER, "blocked").closed()

    story.when(i.RetryTask)

    story.then_types("task_reopened", "phase_started", "approval_decided", "command_issued")


class TestTooLong:
    """More than can be kept."""

    def long(self, bytes_over: int = 1) -> dict[str, Any]:
        return {"p": "x" * (MAX_PROGRESS - len('{"p":""}') + bytes_over)}

    def test_after_the_door_a_human_is_asked_since_nobody_knows_what_is_done(self) -> None:
        story = posting().failed(TWITTER, "slow down", progress=self.long())

        story.then(
            Like(
                e.EffectUncertain,
                reason="slow down (what was done is longer than 65536 bytes and not kept)",
                progress={},
            )
        )

    def test_what_may_be_repeated_is_begun_anew(self) -> None:
        story = Story().submitted().failed(CommandKind.PARSE_INTENT, progress=self.long())

        story.then(Like(e.CommandFailed, progress={}))
        assert story.timer(WaitKind.RETRY).open(CommandKind.PARSE_INTENT).issued.attempt == 2

    def test_what_just_fits_is_kept(self) -> None:
        story = posting().failed(TWITTER, "slow down", progress=self.long(0))

        story.then(Like(e.CommandFailed, progress=self.long(0)))


@pytest.mark.parametrize(("is_repeatable", "expected"), [(True, None), (False, 500)])
def test_only_what_goes_through_the_door_is_told_how_long_it_stays_open(
    is_repeatable: bool, expected: int | None
) -> None:
    story = Story().when(
        i.DispatchCommand,
        agent_type="mail",
        action="send",
        is_repeatable=is_repeatable,
        settings={"grant_time": 500},
    )

    assert sent(story).grant_time == expected
    assert sent(story).act_before is None

"""Single commands in an operator's hands: ended, or tried again at once."""

import pytest

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.state import ONE_STEP
from streams.domain.values import Channel, DecisionOutcome, ExecutionPhase
from tests.domain.samples import plan, step
from tests.domain.story import Like, Story

LINKEDIN, TWITTER = Channel.LINKEDIN, Channel.TWITTER
OTHER = [{"tool_id": "write_plainly", "agent_type": "content"}]


def running(*steps: object, **settings: object) -> Story:
    story = Story()
    story.answers[CommandKind.PLAN_WORKFLOW] = plan(*steps or (step("post"),)).as_json
    return story.reached(ExecutionPhase.EXECUTION, **settings)


def publishing(*channels: str) -> Story:
    return Story(channels=channels or ("linkedin",)).shown().approved()


def dispatched(**fields: object) -> Story:
    return Story().when(i.DispatchCommand, agent_type="content", action="write", **fields)


def cancel(story: Story, name: str, reason: str = "", by: str = "bob") -> Story:
    known = story.state.commands.values()
    names = {c.issued.step_id or c.issued.channel or c.issued.kind: c for c in known}
    command_id = names[name].issued.command_id if name in names else name
    return story.when(i.CancelCommand, command_id=command_id, reason=reason, by=by)


def retry(story: Story, command_id: str) -> Story:
    return story.when(i.RetryCommand, command_id=command_id, by="bob")


class TestCancel:
    """A command is ended as if its last attempt had failed."""

    def test_a_step_goes_on_with_another_tool(self) -> None:
        story = cancel(running(step("post", alternatives=OTHER)), "post", "too slow")

        reason = "cancelled by bob: too slow"
        story.then(
            e.CommandCancelled(command_id="t.4", reason=reason),
            e.StepRerouted(
                step_id="post", tool_id="write_plainly", agent_type="content", reason=reason
            ),
            Like(e.CommandIssued, command_id="t.5", tool_id="write_plainly"),
        )

    def test_the_plan_goes_on_without_an_optional_step(self) -> None:
        story = running(step("news", "research", is_optional=True), step("post", "write", "news"))

        cancel(story, "news")

        story.then(
            e.CommandCancelled(command_id="t.4", reason="cancelled by bob"),
            Like(e.StepFailed, step_id="news", is_optional=True),
            Like(e.CommandIssued, step_id="post"),
        )

    def test_without_a_needed_step_the_task_fails(self) -> None:
        story = cancel(running(), "post")

        assert story.state.error == "step 'post' (post) failed: cancelled by bob"
        assert story.closed().state.outcome is DecisionOutcome.FAILED

    def test_a_command_at_work_can_be_ended_and_its_result_comes_too_late(self) -> None:
        story = cancel(running(step("post", alternatives=OTHER)).claimed("post"), "post")

        story.when(i.ReportResult, command_id="t.4", runner="r1", attempt=1, output={})

        story.then(Like(e.InputRefused, reason="there is no such open command", by="r1"))

    def test_a_command_in_its_pause_can_be_ended(self) -> None:
        story = cancel(running().failed("post"), "post")

        assert story.state.failed_phase is ExecutionPhase.EXECUTION

    def test_a_publication_that_waits_can_be_ended(self) -> None:
        story = cancel(publishing("linkedin", "twitter"), "linkedin").done(TWITTER)

        published = {channel: p.status.value for channel, p in story.state.publications.items()}
        assert published == {"linkedin": "failed", "twitter": "published"}
        assert story.closed().state.outcome is DecisionOutcome.APPROVED

    def test_a_one_step_task_is_cancelled_with_its_command(self) -> None:
        story = cancel(dispatched(), ONE_STEP, "not needed")

        story.then(
            e.CancellationRequested(by="bob", reason="not needed"),
            Like(e.CommandCancelled, command_id="t.1"),
            Like(e.TaskClosed, outcome=DecisionOutcome.CANCELLED, decided_by="bob"),
        )

    def test_the_record_of_a_task_may_be_left_out(self) -> None:
        story = publishing().done(LINKEDIN)

        cancel(story, CommandKind.EXTRACT_LEARNING)

        story.then_types("command_cancelled", "task_closed")

    def test_what_may_be_out_in_the_world_cannot_be_ended(self) -> None:
        story = publishing().let_through(LINKEDIN)

        cancel(story, "linkedin").then(
            Like(
                e.InputRefused,
                code="conflict",
                reason="its effect is under way: 'r1' was let through",
                by="bob",
                subject="t.8",
            )
        )
        story.failed(LINKEDIN, is_uncertain=True)
        cancel(story, "linkedin", by="eve").then(
            Like(
                e.InputRefused,
                reason="nobody knows whether its effect has happened: answer the question about it",
            )
        )

    def test_twice_is_once(self) -> None:
        story = cancel(running(step("post", alternatives=OTHER)), "post")

        cancel(story, "t.4").then_nothing()

    @pytest.mark.parametrize("name", ["t.1", "t.77"])
    def test_what_has_ended_or_never_was_cannot_be_ended(self, name: str) -> None:
        story = cancel(running(), name)

        story.then(Like(e.InputRefused, reason="there is no such open command", code="conflict"))

    def test_nothing_of_a_task_that_is_over_can_be_ended(self) -> None:
        story = cancel(dispatched().done(ONE_STEP), "t.1")

        story.then(Like(e.InputRefused, code="closed"))


class TestRetry:
    """The next attempt, without waiting."""

    def test_it_does_not_wait_for_the_pause(self) -> None:
        story = retry(running().failed("post", retry_after=900_000), "t.4")

        story.then(Like(e.CommandIssued, command_id="t.4", attempt=2, issued_at=story.now))

    def test_a_post_goes_through_the_door_again(self) -> None:
        story = publishing().let_through(LINKEDIN).failed(LINKEDIN, "slow down")

        retry(story, "t.8").then(Like(e.CommandIssued, attempt=2, is_repeatable=False))
        story.let_through(LINKEDIN).then(Like(e.EffectGranted, attempt=2))

    def test_a_command_that_failed_its_task_tries_the_task_again(self) -> None:
        story = running().gave_up("post").closed()

        retry(story, "t.4").then(
            e.TaskReopened(by="bob", reason="retry", phase=ExecutionPhase.EXECUTION),
            Like(e.PhaseStarted),
            Like(e.CommandIssued, step_id="post"),
        )

    def test_so_does_one_that_was_cancelled(self) -> None:
        story = cancel(running(), "post").closed()

        retry(story, "t.4").then_types("task_reopened", "phase_started", "command_issued")

    def test_of_a_one_step_task_that_failed_too(self) -> None:
        story = dispatched().gave_up(ONE_STEP)

        retry(story, "t.1").then_types("task_reopened", "phase_started", "command_issued")

    @pytest.mark.parametrize(
        ("prepare", "reason"),
        [
            (lambda story: story, "attempt 1 waits for a runner already"),
            (lambda story: story.claimed("post", "r1"), "'r1' works on attempt 1"),
        ],
    )
    def test_an_attempt_that_is_open_is_enough(self, prepare: object, reason: str) -> None:
        story = retry(prepare(running()), "t.4")

        story.then(Like(e.InputRefused, reason=reason, code="conflict", by="bob"))

    @pytest.mark.parametrize("is_in_doubt", [True, False])
    def test_an_effect_is_not_tried_twice(self, is_in_doubt: bool) -> None:
        story = publishing().let_through(LINKEDIN)
        if is_in_doubt:
            story.failed(LINKEDIN, is_uncertain=True)

        retry(story, "t.8")

        story.then(Like(e.InputRefused, code="conflict"))
        assert not story.all(e.CommandFailed)

    def test_an_optional_step_that_failed_before_is_no_reason_to_try_a_later_phase(self) -> None:
        story = running(step("news", "research", is_optional=True), step("post"))
        story.gave_up("news").done("post").gave_up(CommandKind.ASSESS_QUALITY).closed()

        retry(story, "t.4")

        assert story.state.failed_phase is ExecutionPhase.QUALITY_CHECK
        story.then(Like(e.InputRefused, code="closed"))

    @pytest.mark.parametrize("name", ["t.1", "t.77"])
    def test_what_has_a_result_or_never_was_is_not_tried_again(self, name: str) -> None:
        running_story = running().gave_up("post").closed()

        retry(running_story, name)

        reason = "it is not waiting for another attempt, and no failed task ended with it"
        running_story.then(Like(e.InputRefused, reason=reason, code="closed"))

    def test_a_task_that_is_still_ending_is_left_to_end(self) -> None:
        story = retry(running().gave_up("post"), "t.4")

        story.then(Like(e.InputRefused, code="conflict"))


class TestLimits:
    """A command dispatched by itself may say how often and how long."""

    def test_its_own_limits_stand_before_those_of_the_settings(self) -> None:
        story = dispatched(max_attempts=5, timeout=9_000)

        assert story.events[0].max_attempts == 5
        issued = story.open(ONE_STEP).issued
        assert (issued.max_attempts, issued.timeout) == (5, 9_000)

    def test_without_them_the_settings_stand(self) -> None:
        story = dispatched(settings={"max_attempts": 7, "command_timeout": 70})

        issued = story.open(ONE_STEP).issued
        assert (issued.max_attempts, issued.timeout) == (7, 70)

    @pytest.mark.parametrize(
        "limit", [{"max_attempts": 21}, {"timeout": 86_400_001}, {"timeout": 0}]
    )
    def test_they_are_bounded(self, limit: dict[str, int]) -> None:
        with pytest.raises(ValueError, match=r"(less|greater) than"):
            dispatched(**limit)

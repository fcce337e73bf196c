"""APPROVAL: a human, or a policy, decides about exactly what was shown."""

import pytest

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.deliverable import Deliverable
from streams.domain.values import Channel, DecisionOutcome, ExecutionPhase
from streams.domain.waiting import WaitKind
from tests.domain.samples import deliverable, plan, scores, step, tool
from tests.domain.story import Like, Story

LINKEDIN, TWITTER = Channel.LINKEDIN, Channel.TWITTER
BOTH = ("linkedin", "twitter")


def shown(*channels: str, **settings: object) -> Story:
    return Story(channels=channels).shown(**settings)


def test_a_human_is_asked_about_what_was_formatted() -> None:
    story = shown("linkedin", approval_timeout=900)

    story.then(
        Like(e.CommandCompleted),
        e.DeliverableFormatted(deliverable=Deliverable.model_validate(deliverable("linkedin"))),
        e.PhaseStarted(phase=ExecutionPhase.APPROVAL),
        e.ApprovalRequested(round=1, reason="ready for your decision", expires_at=story.now + 900),
    )


def test_what_was_approved_is_published_on_the_channels_asked_for() -> None:
    story = shown(*BOTH)

    story.approved(feedback="Great!")

    story.then(
        e.ApprovalDecided(
            round=1,
            decision=DecisionOutcome.APPROVED,
            by="ann",
            channels=(LINKEDIN, TWITTER),
            feedback="Great!",
        ),
        Like(
            e.CommandIssued,
            channel=LINKEDIN,
            kind=CommandKind.PUBLISH,
            agent_type="publisher",
            tool_id="linkedin_publisher",
            is_repeatable=False,
        ),
        Like(e.CommandIssued, channel=TWITTER, tool_id="twitter_publisher"),
    )
    assert story.payload(TWITTER) == {
        "channel": "twitter",
        "title": "Growth",
        "variant": story.state.deliverable.variants[1].as_json,
        "key": story.open(TWITTER).issued.command_id,
    }


def test_each_channel_is_published_to_once_however_often_it_is_named() -> None:
    story = shown(*BOTH).approved(channels=(TWITTER, TWITTER))

    assert [c.issued.channel for c in story.state.commands.values()] == [TWITTER]


def test_what_is_approved_for_no_channel_is_done_without_publishing() -> None:
    story = shown("linkedin").approved(channels=())

    story.then_types("approval_decided", "phase_started", "command_issued")
    assert story.closed().state.outcome is DecisionOutcome.APPROVED


def test_nothing_can_be_published_where_no_variant_is() -> None:
    story = shown("linkedin")

    story.approved(channels=(Channel.EMAIL, TWITTER))

    story.then(
        Like(e.InputRefused, code="conflict", reason="there is no variant for email, twitter")
    )
    assert story.status == "pending_approval"


def denied(*channels: str, **settings: object) -> Story:
    """A deliverable for LinkedIn and X, of whose publishers some must not be used."""
    story = Story(channels=BOTH)
    tools = [tool(f"{c}_publisher", "publisher", permission="deny").as_json for c in channels]
    found = story.answers[CommandKind.DISCOVER_TOOLS]
    story.answers[CommandKind.DISCOVER_TOOLS] = found | {"tools": [*found["tools"], *tools]}
    return story.shown(**settings)


def test_what_must_not_be_published_somewhere_is_not_whoever_approves_it() -> None:
    story = denied("linkedin")
    reason = (
        "denied when this was planned: linkedin_publisher; "
        "leave the channel out, or allow it and submit the request anew"
    )
    assert story.state.approval.reason == reason

    story.approved()

    story.then(Like(e.InputRefused, code="conflict", reason=reason))
    story.approved(channels=(TWITTER,))
    assert [c.issued.channel for c in story.state.commands.values()] == [TWITTER]


def test_no_policy_approves_for_a_channel_that_is_denied() -> None:
    story = denied("twitter", "linkedin", is_auto_approved=True)

    assert not story.all(e.ApprovalDecided)
    assert (
        "denied when this was planned: linkedin_publisher, twitter_publisher"
        in story.state.approval.reason
    )


def test_the_humans_own_version_is_what_goes_out() -> None:
    story = shown("linkedin")
    edited = Deliverable.model_validate(deliverable("twitter") | {"title": "Mine"})

    story.approved(edits=edited, channels=(TWITTER,))

    assert story.payload(TWITTER)["title"] == "Mine"


def test_a_rejected_version_ends_the_task_after_learning() -> None:
    story = shown("linkedin")

    story.when(i.DecideApproval, round=1, is_approved=False, feedback="off brand")

    story.then_types("approval_decided", "phase_started", "command_issued")
    assert story.payload(CommandKind.EXTRACT_LEARNING)["feedback"] == ["off brand"]
    assert story.closed().state.outcome is DecisionOutcome.REJECTED
    assert story.state.decided_by == "ann"


def test_a_decision_made_twice_counts_once() -> None:
    story = shown("linkedin").approved()

    story.approved().then_nothing()


def test_a_decision_about_an_older_version_is_refused_once_and_remembered() -> None:
    story = shown("linkedin")
    story.when(i.ReviseRequest, feedback="shorter").shown()
    assert story.round == 2

    story.when(i.DecideApproval, round=1, is_approved=True)

    story.then(
        Like(
            e.InputRefused,
            code="conflict",
            reason="round 2 is open, not round 1: look at the newest version first",
        )
    )
    story.when(i.DecideApproval, round=1, is_approved=True).then_nothing()


def test_another_decision_about_a_decided_round_is_refused() -> None:
    story = shown("linkedin").approved()

    story.when(i.DecideApproval, round=1, is_approved=False, by="bob")

    story.then(Like(e.InputRefused, reason="round 1 was approved by ann", by="bob"))


def test_a_decision_before_anything_is_shown_is_refused() -> None:
    story = Story().submitted()

    story.when(i.DecideApproval, round=1, is_approved=True)

    story.then(Like(e.InputRefused, reason="nothing is waiting for approval"))


class TestPolicy:
    """What needs no human's approval."""

    def auto(self, *channels: str) -> Story:
        story = Story(channels=channels)
        return story.reached(ExecutionPhase.FORMATTING, is_auto_approved=True)

    def test_what_passed_is_approved_and_published_at_once(self) -> None:
        story = self.auto("linkedin").done(CommandKind.FORMAT)

        story.then_types(
            "command_completed",
            "deliverable_formatted",
            "phase_started",
            "approval_decided",
            "command_issued",
        )
        assert story.closed().state.decided_by == "policy"

    def test_a_plan_may_need_no_approval(self) -> None:
        story = Story()
        made = plan(step("post"), requires_approval=False)
        story.answers[CommandKind.PLAN_WORKFLOW] = made.as_json

        story.submitted().closed()

        assert (story.state.outcome, story.state.decided_by) == ("approved", "policy")

    def test_what_did_not_pass_is_shown_to_a_human_all_the_same(self) -> None:
        story = Story()
        story.answers[CommandKind.ASSESS_QUALITY] = scores(0.5).as_json

        story.shown(is_auto_approved=True, max_retries=0)

        assert story.status == "pending_approval"

    def test_what_cannot_be_published_everywhere_is_shown_to_a_human(self) -> None:
        story = self.auto("linkedin", "twitter")

        story.done(CommandKind.FORMAT, deliverable("linkedin"))

        assert story.events[-1].reason == "there is no variant for twitter"

    def test_a_revision_gets_a_round_of_its_own(self) -> None:
        story = self.auto("linkedin").closed()
        story.when(i.ReviseRequest, feedback="shorter")

        story.reached(ExecutionPhase.APPROVAL)

        assert story.round == 2
        assert story.state.publications[LINKEDIN].status == "pending"
        assert story.closed().state.outcome is DecisionOutcome.APPROVED

    def test_a_post_of_an_earlier_round_is_not_counted_as_one_of_the_new_version(self) -> None:
        story = self.auto("linkedin").closed()
        story.when(i.ReviseRequest, feedback="shorter").reached(ExecutionPhase.APPROVAL)

        story.let_through(LINKEDIN).gave_up(LINKEDIN, "no access")

        assert story.state.error == "nothing was published: no access"


class TestRevision:
    """A human asks for another version."""

    def test_it_is_made_from_the_accepted_version_with_what_should_change(self) -> None:
        story = shown("linkedin")

        story.when(i.ReviseRequest, feedback="shorter", round=1)

        story.then(
            e.ApprovalDecided(
                round=1, decision=DecisionOutcome.REVISED, by="ann", feedback="shorter"
            ),
            e.PhaseStarted(phase=ExecutionPhase.REFINEMENT),
            Like(e.CommandIssued, kind=CommandKind.REFINE),
        )
        assert story.payload(CommandKind.REFINE)["feedback"] == ["shorter"]
        assert story.payload(CommandKind.REFINE)["refinements"] == 0

    def test_every_version_is_judged_and_shown_in_a_round_of_its_own(self) -> None:
        story = shown("linkedin")

        for feedback in ("shorter", "warmer"):
            story.when(i.ReviseRequest, feedback=feedback).shown()

        assert story.round == 3
        assert story.state.feedback == ("shorter", "warmer")
        assert len(story.all(e.QualityAssessed)) == 3
        assert story.approved().closed().state.outcome is DecisionOutcome.APPROVED

    def test_a_task_that_has_ended_is_opened_again_for_it(self) -> None:
        story = shown("linkedin").approved().closed()

        story.when(i.ReviseRequest, feedback="shorter")

        assert story.events[0] == e.TaskReopened(
            by="ann", reason="revision", phase=ExecutionPhase.REFINEMENT
        )
        assert story.shown().round == 2
        assert story.state.publications == {}

    def test_the_same_wish_again_changes_nothing_until_the_new_version_is_there(self) -> None:
        story = shown("linkedin").when(i.ReviseRequest, feedback="shorter", round=1)

        story.when(i.ReviseRequest, feedback="shorter", round=1).then_nothing()
        story.when(i.ReviseRequest, feedback="shorter").then_nothing()
        story.when(i.ReviseRequest, feedback="warmer")

        story.then(Like(e.InputRefused, reason="there is no version to revise now"))

    def test_there_must_be_a_version_to_revise(self) -> None:
        story = Story().submitted()

        story.when(i.ReviseRequest, feedback="shorter")

        story.then(Like(e.InputRefused, reason="there is no version to revise now"))

    def test_it_must_be_about_the_newest_version(self) -> None:
        story = shown("linkedin")

        story.when(i.ReviseRequest, feedback="shorter", round=7)

        story.then(Like(e.InputRefused, reason="round 1 is open", subject="shorter"))

    def test_a_deadline_that_passed_while_a_human_was_thinking_does_not_end_it(self) -> None:
        story = shown("linkedin", deadline=Story().now + 1_000)
        story.now += 5_000

        story.when(i.ReviseRequest, feedback="shorter")

        assert story.state.settings.deadline is None
        assert story.shown().status == "pending_approval"


def test_a_version_that_nobody_decides_about_is_cancelled_in_the_end() -> None:
    story = shown("linkedin")

    story.timer(WaitKind.APPROVAL)

    story.then(
        e.CancellationRequested(by="clock", reason="nobody decided in time"),
        e.TaskClosed(outcome=DecisionOutcome.CANCELLED, decided_by="clock"),
    )
    story.approved().then(Like(e.InputRefused, reason="nothing is waiting for approval"))


@pytest.mark.parametrize("is_approved", [True, False])
def test_a_late_decision_about_a_closed_task_changes_nothing(is_approved: bool) -> None:
    story = shown("linkedin").when(i.CancelTask)
    before = story.state.outcome

    story.when(i.DecideApproval, round=1, is_approved=is_approved)

    story.then_types("input_refused")
    assert story.state.outcome is before

"""One-step tasks: a command, or a publication, that was asked for by itself."""

import pytest

from streams.decider import react
from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.state import ONE_STEP, PublicationStatus, TaskState
from streams.domain.values import Channel, DecisionOutcome, ExecutionPhase
from streams.domain.waiting import WaitKind
from streams.phases import one_step
from streams.phases.decision import Decision
from tests.domain.samples import NOW
from tests.domain.story import Like, Story

COMMAND = {"agent_type": "financial", "action": "analyze", "tool_id": "analyze"}
POST = {"agent_type": "publisher", "action": "publish", "channel": Channel.LINKEDIN}


def dispatched(**fields: object) -> Story:
    return Story(channels=("linkedin",)).when(i.DispatchCommand, **fields)


def test_a_command_by_itself_is_a_task_of_one_step() -> None:
    story = dispatched(**COMMAND, payload={"quarter": "Q4"}, priority=7)

    story.then(
        Like(e.CommandDispatched, agent_type="financial", tenant="default", principal="ann"),
        e.PhaseStarted(phase=ExecutionPhase.EXECUTION),
        Like(
            e.CommandIssued,
            kind=CommandKind.RUN_STEP,
            agent_type="financial",
            tool_id="analyze",
            step_id=ONE_STEP,
            priority=7,
            is_repeatable=True,
        ),
    )
    assert story.payload(ONE_STEP) == {"quarter": "Q4"}


def test_its_result_ends_it() -> None:
    story = dispatched(**COMMAND)

    story.done(ONE_STEP, {"growth": 0.12}, cost=0.25)

    story.then(
        Like(e.CommandCompleted, command_id="t.1", cost=0.25),
        e.StepCompleted(step_id=ONE_STEP, output={"growth": 0.12}),
        e.TaskClosed(outcome=DecisionOutcome.APPROVED, decided_by="policy", cost=0.25),
    )
    assert story.state.works[ONE_STEP].accepted == {"growth": 0.12}


def test_its_failure_ends_it_and_it_can_be_tried_again() -> None:
    story = dispatched(**COMMAND)

    story.gave_up(ONE_STEP, "no data")

    story.then(
        Like(e.CommandFailed, reason="no data", retry_at=None),
        e.TaskFailed(phase=ExecutionPhase.EXECUTION, reason="no data"),
        e.TaskClosed(outcome=DecisionOutcome.FAILED, decided_by="policy"),
    )

    story.when(i.RetryTask).then_types("task_reopened", "phase_started", "command_issued")
    assert story.closed().state.outcome is DecisionOutcome.APPROVED


def test_a_publication_by_itself_goes_through_the_door_and_has_a_receipt() -> None:
    story = dispatched(**POST, payload={"content": "We grew"})
    assert story.open(Channel.LINKEDIN).issued.is_repeatable is False
    assert story.payload(Channel.LINKEDIN) == {
        "content": "We grew",
        "channel": "linkedin",
        "key": "t.1",
    }

    story.let_through(Channel.LINKEDIN).done(Channel.LINKEDIN, {"reference": "post-1"})

    story.then_types("command_completed", "publication_completed", "task_closed")
    assert story.state.publications[Channel.LINKEDIN].status is PublicationStatus.PUBLISHED


def test_a_publication_that_failed_says_so_on_its_channel() -> None:
    story = dispatched(**POST)

    story.gave_up(Channel.LINKEDIN, "no access")

    story.then_types("command_failed", "publication_failed", "task_failed", "task_closed")
    assert story.state.publications[Channel.LINKEDIN].reason == "no access"


@pytest.mark.parametrize("what", [COMMAND, POST])
def test_the_deadline_ends_a_one_step_task_for_good(what: dict) -> None:
    story = dispatched(**what, settings={"deadline": NOW + 50})

    story.timer(WaitKind.DEADLINE)

    assert story.now == NOW + 50
    assert story.events[0] == e.CommandCancelled(command_id="t.1", reason="the deadline has passed")
    assert story.events[-1] == e.TaskClosed(outcome=DecisionOutcome.FAILED, decided_by="policy")
    assert story.state.error == "the deadline has passed"


def test_the_deadline_waits_for_a_post_that_may_be_out_already() -> None:
    story = dispatched(**POST, settings={"deadline": NOW + 50})
    story.let_through(Channel.LINKEDIN)

    story.now = NOW + 60
    story.when(i.TimerFired, timer_id=f"deadline:{NOW + 50}").then_nothing()
    story.done(Channel.LINKEDIN)

    assert story.state.outcome is DecisionOutcome.APPROVED


def test_what_was_not_dispatched_is_no_one_step_task() -> None:
    issued = dispatched(**COMMAND).open(ONE_STEP).issued

    with pytest.raises(ValueError, match="nothing was dispatched"):
        one_step.enter(Decision(TaskState(), NOW, "ann"))
    with pytest.raises(ValueError, match="there is no plan"):
        react(issued, TaskState())

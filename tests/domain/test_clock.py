"""Timers: what happens when a moment has come that the task waited for."""

import pytest

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.values import DecisionOutcome, ExecutionPhase
from streams.domain.waiting import WaitKind
from tests.domain.samples import NOW, intent
from tests.domain.story import Story


def test_a_timer_before_its_time_changes_nothing() -> None:
    story = Story().submitted(settings={"queue_timeout": 300})

    story.when(i.TimerFired, timer_id="claim:t.1:1", after=100).then_nothing()
    story.when(i.TimerFired, timer_id="claim:t.1:1", after=200).then_types("command_failed")


def test_a_timer_of_something_already_over_changes_nothing() -> None:
    story = Story().submitted(settings={"queue_timeout": 300}).done(CommandKind.PARSE_INTENT)

    story.when(i.TimerFired, timer_id="claim:t.1:1", after=900).then_nothing()


def test_a_question_that_nobody_answers_cancels_the_task() -> None:
    story = Story().submitted(settings={"question_timeout": 900})
    story.done(CommandKind.PARSE_INTENT, intent(question={"text": "Which quarter?"}))

    story.timer(WaitKind.QUESTION)

    story.then(
        e.CancellationRequested(by="clock", reason="nobody answered in time"),
        e.TaskClosed(outcome=DecisionOutcome.CANCELLED, decided_by="clock"),
    )


@pytest.mark.parametrize("phase", list(ExecutionPhase)[:5])
def test_the_deadline_ends_the_work_wherever_it_is(phase: ExecutionPhase) -> None:
    story = Story().reached(phase, deadline=NOW + 5_000)
    open_now = len(story.state.commands)

    story.timer(WaitKind.DEADLINE)

    assert story.now == NOW + 5_000
    assert len(story.all(e.CommandCancelled)) == open_now
    assert story.events[open_now:][:2] == [
        e.TaskFailed(phase=phase, reason="the deadline has passed"),
        e.PhaseStarted(phase=ExecutionPhase.LEARNING),
    ]
    assert story.closed().state.outcome is DecisionOutcome.FAILED


def test_the_deadline_ends_a_question_too() -> None:
    story = Story().submitted(settings={"deadline": NOW + 5_000})
    story.done(CommandKind.PARSE_INTENT, intent(question={"text": "Which quarter?"}))

    story.timer(WaitKind.DEADLINE)

    assert not story.state.questions
    assert story.state.phase is ExecutionPhase.LEARNING


def test_the_deadline_is_for_the_work_and_not_for_the_human_who_decides() -> None:
    story = Story().shown(deadline=NOW + 5_000)

    story.when(i.TimerFired, timer_id=f"deadline:{NOW + 5_000}", after=9_000).then_nothing()


def test_a_deadline_that_was_moved_is_the_one_that_counts() -> None:
    story = Story().submitted(settings={"deadline": NOW + 5_000})
    story.when(i.ChangeSettings, values={"deadline": NOW + 9_000})

    story.when(i.TimerFired, timer_id=f"deadline:{NOW + 5_000}", after=6_000).then_nothing()
    story.when(i.TimerFired, timer_id=f"deadline:{NOW + 9_000}", after=3_000)

    assert story.state.failed_phase is ExecutionPhase.PLANNING


def test_time_alone_ends_a_task_that_everybody_has_forgotten() -> None:
    story = Story().submitted()

    story.only_timers()

    assert story.state.outcome is DecisionOutcome.FAILED
    assert {failed.attempt for failed in story.all(e.CommandFailed)} == {1, 2, 3}
    story.when(i.TimerFired, timer_id="claim:t.1:1").then_nothing()

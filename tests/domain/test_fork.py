"""Forks: a new task from another one's past, with edits."""

from typing import Any

import pytest

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.errors import Undecidable
from streams.domain.state import Life, TaskState
from streams.domain.values import DecisionOutcome, ExecutionPhase, WorkflowSource
from tests.domain.samples import NOW
from tests.domain.story import Story

Phase = ExecutionPhase


def fork(parent: Story, upto: int | None = None, task_id: str = "f", **edits: Any) -> Story:
    """A fork of a story up to one of its events, or to its newest one."""
    history = [(at, event.as_json) for at, event in parent.history[:upto]]
    twin = Story(task_id, channels=("linkedin",))
    twin.now = parent.now
    origin = {"parent_task_id": parent.state.task_id, "parent_sequence": len(history)}
    return twin.when(i.ForkTask, **origin, parent_hash="ab", history=history, **edits)


def whole() -> Story:
    """A task that was refined, revised, and published."""
    story = Story(channels=("linkedin",)).shown()
    return story.when(i.ReviseRequest, feedback="shorter").shown().approved().closed()


@pytest.mark.parametrize("phase", list(Phase))
def test_a_fork_goes_on_in_the_phase_its_parent_was_in(phase: Phase) -> None:
    parent = whole()
    begun = e.PhaseStarted(phase=phase)
    upto = next(n for n, (_, event) in enumerate(parent.history, 1) if event == begun)

    story = fork(parent, upto)

    expected = Phase.APPROVAL if phase is Phase.LEARNING else phase
    assert story.events[1] == e.PhaseStarted(phase=expected)
    assert story.state.source is WorkflowSource.FORK
    assert (story.state.parent.task_id, story.state.parent.hash) == ("t", "ab")
    assert story.shown().approved().closed().state.outcome is DecisionOutcome.APPROVED


def test_every_event_of_a_task_is_a_place_to_fork_from() -> None:
    parent = whole()

    for upto in range(1, len(parent.history) + 1):
        story = fork(parent, upto)

        assert story.state.life is Life.OPEN
        assert story.shown().approved().closed().state.outcome is DecisionOutcome.APPROVED


def test_nothing_decided_or_published_there_carries_over() -> None:
    story = fork(whole())

    assert story.state.approval.round == 1
    assert story.state.publications == {}
    assert story.state.outcome is None
    assert story.events[-1] == e.ApprovalRequested(
        round=1, reason="ready for your decision", expires_at=story.state.approval.expires_at
    )


def test_what_happened_to_the_parent_after_its_work_is_not_the_forks() -> None:
    parent = Story().reached(Phase.EXECUTION).gave_up("facts", "no data").closed()
    parent.when(i.RecordFeedback, feedback_id="f1").when(i.CancelTask)
    parent.when(i.RecordEngagement, engagement_id="e1", metrics={})

    state = fork(parent).state

    fresh = TaskState()
    for name in (
        "error",
        "decided_by",
        "closed_at",
        "failed_phase",
        "failed_steps",
        "finished",
        "refused",
        "engagement_ids",
        "feedback_ids",
    ):
        assert getattr(state, name) == getattr(fresh, name), name
        assert getattr(parent.state, name) != getattr(fresh, name), name


def test_the_request_can_be_edited() -> None:
    parent = Story().submitted(preferences={"tone": "calm"}).reached(Phase.TOOL_DISCOVERY)

    story = fork(parent, 2, request={"request": "Post our losses", "type": "task_failed.v1"})

    assert story.state.request == "Post our losses"
    assert story.state.preferences == {"tone": "calm"}
    assert story.payload(CommandKind.PARSE_INTENT)["request"] == "Post our losses"


def test_the_output_of_a_step_can_be_edited() -> None:
    parent = Story().reached(Phase.EXECUTION).done("facts", {"growth": 0.1})

    story = fork(parent, outputs={"facts": {"growth": 0.2}})

    assert story.payload("post")["inputs"] == {"facts": {"growth": 0.2}}


def test_edits_reach_through_a_parent_that_was_itself_a_fork() -> None:
    parent = fork(Story().reached(Phase.EXECUTION).done("facts", {"growth": 0.1}))
    edits = {"request": {"request": "Post our losses"}, "outputs": {"facts": {"growth": 0.3}}}

    story = fork(parent, task_id="g", **edits)

    assert story.state.request == "Post our losses"
    assert story.state.works["facts"].accepted == {"growth": 0.3}
    assert story.state.parent.task_id == "f"


def test_a_fork_of_a_plan_that_was_just_drafted_runs_it() -> None:
    parent = Story().reached(Phase.EXECUTION)
    drafted = next(n for n, (_, ev) in enumerate(parent.history, 1) if ev.type == "plan_drafted.v1")

    story = fork(parent, drafted)

    assert story.state.phase is Phase.EXECUTION


def test_a_fork_of_a_task_that_failed_without_a_deliverable_is_planned_anew() -> None:
    parent = Story().reached(Phase.EXECUTION).done("facts").gave_up("post").closed()

    story = fork(parent)

    assert story.state.phase is Phase.PLANNING
    story.reached(Phase.EXECUTION)
    assert [c.issued.step_id for c in story.state.commands.values()] == ["facts"]


def test_a_deadline_that_has_passed_does_not_bind_the_fork() -> None:
    parent = Story().submitted(settings={"deadline": NOW + 50})
    parent.now += 500

    assert fork(parent).state.settings.deadline is None


def test_a_fork_of_one_command_is_one_command() -> None:
    parent = Story().when(i.DispatchCommand, agent_type="content", action="write")

    story = fork(parent.gave_up("command"))

    assert story.closed().state.outcome is DecisionOutcome.APPROVED


def test_events_that_cannot_be_read_any_more_are_passed_over() -> None:
    parent = Story().submitted()
    strange = [{"type": "forgotten.v1"}, {"type": "step_completed.v1", "step_id": ["x"]}, {}]
    history = [(NOW, parent.history[0][1].as_json), *((NOW, body) for body in strange)]
    origin = {"parent_task_id": "t", "parent_sequence": 4, "parent_hash": ""}

    story = Story("f").when(
        i.ForkTask, **origin, history=history, outputs={"x": {}}, request={"tenant": "acme"}
    )

    assert story.state.tenant == "acme"
    assert story.state.phase is Phase.PLANNING


def test_a_fork_needs_the_beginning_of_its_parent() -> None:
    parent = Story().submitted()
    parent.history = parent.history[1:]

    with pytest.raises(Undecidable, match="from its first event on"):
        fork(parent)


def test_an_edit_that_makes_the_beginning_unreadable_cannot_be_decided() -> None:
    with pytest.raises(Undecidable, match="from its first event on"):
        fork(Story().submitted(), request={"source": "nowhere"})

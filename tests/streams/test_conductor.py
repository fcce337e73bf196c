"""The conductor decides a batch at a time: what it accepts, repeats, refuses, and hands over."""

import json
from dataclasses import replace

import pytest

from agents.contract import Agent, GiveUp
from streams.batch import Answer, Arrival, Handled, Verdict, merge
from streams.decider import Core, decide
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.errors import Fenced
from streams.domain.events import InputRefused
from streams.domain.state import Life, TaskState
from streams.envelope import input_record
from streams.log import COMMANDS, EVENTS, Commit
from streams.phases.decision import Decision
from tests.streams.driving import START, Desk, remark, submitted, told
from tests.streams.interleavings import now


def test_a_request_is_accepted_with_its_events_its_command_and_its_position() -> None:
    desk = Desk()

    handled = desk.decide(submitted("a"))

    assert handled.answers == [Answer(Verdict.ACCEPTED, "a", 3)]
    assert [r.headers["type"] for r in handled.commit.records] == [
        "request_submitted.v1",
        "phase_started.v1",
        "command_issued.v1",
        "ParseIntent",
    ]
    assert [command.command_id for command in handled.commands] == ["a.1"]
    assert handled.commit.position == 1
    assert handled.states["a"].life is Life.OPEN
    assert handled.sequences == {"a": 3}


def test_a_command_goes_to_the_topic_of_its_agent_in_the_same_commit() -> None:
    desk = Desk()

    desk.give(submitted("a"))

    (sent,) = desk.records(COMMANDS + "planner")
    assert sent.key == "a.1"
    assert json.loads(sent.value)["payload"]["request"] == "echo"


def test_a_repeat_is_answered_as_one_and_leaves_nothing() -> None:
    desk = Desk()
    desk.give(submitted("a", "first"))

    handled = desk.decide(submitted("a", "second"))

    assert handled.answers == [Answer(Verdict.REPEATED, "a", 3)]
    assert handled.commit.records == []
    assert handled.states == {}


def test_an_input_that_is_read_again_decides_nothing_again() -> None:
    desk = Desk()
    desk.give(submitted("a"), remark("a", "r"))
    stored = desk.inputs[1]

    handled = desk.conductor.handle([Arrival(stored)])

    assert handled.answers[0].verdict is Verdict.REPEATED
    assert handled.commit.records == []


def test_a_refusal_says_why_and_is_remembered() -> None:
    desk = Desk()
    desk.give(submitted("a"))

    late = told(i.DecideApproval, "a", "early", round=1, is_approved=True, principal="ann")
    (answer,) = desk.give(late)

    assert answer.verdict is Verdict.REFUSED
    assert (answer.code, answer.reason) == ("conflict", "nothing is waiting for approval")
    assert isinstance(desk.events("a")[-1], InputRefused)


def test_the_time_of_a_history_never_goes_back() -> None:
    desk = Desk()
    desk.give(submitted("a", at=START + 500))

    desk.give(told(i.RecordFeedback, "a", "earlier", START, feedback_id="f"))

    assert [stored.header.at for stored in desk.stored("a")] == [START + 500] * 4


def test_an_input_from_this_process_is_not_decoded_and_becomes_part_of_the_commit() -> None:
    desk = Desk()
    given = submitted("a")
    record = replace(input_record(given, 0, 0), value=b"not read")

    handled = desk.conductor.handle([Arrival(record, given, is_stored=False)])
    desk.keep(handled)

    assert handled.answers[0].verdict is Verdict.ACCEPTED
    assert desk.inputs == [record]


def test_a_command_that_its_own_decision_withdraws_is_not_sent() -> None:
    def hasty(given: i.Input, state: TaskState, at: int) -> Decision:
        decision = decide(given, state, at)
        if isinstance(given, i.SubmitRequest):
            decision.cancel_commands("thought better of it")
        return decision

    desk = Desk(core=Core(decide=hasty))

    handled = desk.decide(submitted("a"))

    assert [r.headers["type"] for r in handled.commit.records][-1] == "command_cancelled.v1"
    assert handled.commands == []


def test_a_core_may_react_to_a_command_with_nothing() -> None:
    desk = Desk(core=Core(react=lambda event, state: None))

    handled = desk.decide(submitted("a"))

    assert handled.commands == []
    assert handled.answers[0].verdict is Verdict.ACCEPTED


def test_an_empty_batch_keeps_the_position() -> None:
    desk = Desk()
    desk.give(submitted("a"))

    handled = desk.conductor.handle([])

    assert handled.commit == Commit([], [], 1, None)


def test_a_commit_of_a_fenced_conductor_leaves_nothing() -> None:
    desk = Desk()
    desk.give(submitted("a"))
    handled = desk.decide(remark("a", "r"))
    before = desk.records()
    former = desk.conductor
    desk.take_over()

    with pytest.raises(Fenced):
        now(desk.log.commit(former.lease, handled.commit))

    assert desk.records() == before
    assert desk.state("a").feedback_ids == ()


def test_several_batches_are_merged_into_one_commit() -> None:
    desk = Desk(snapshot_after=0)

    batches = [desk.decide(submitted("a")), desk.decide(remark("a", "r"), submitted("b"))]
    whole = merge(batches)

    assert [r.headers["id"] for r in whole.records if r.topic == EVENTS] == [
        "a/1", "a/2", "a/3", "a/4", "b/1", "b/2", "b/3",
    ]  # fmt: skip
    assert whole.position == 3
    assert whole.watermark is None
    assert [(s.task_id, s.sequence) for s in whole.snapshots] == [("a", 4), ("b", 3)]


def test_a_merged_commit_has_the_newest_watermark() -> None:
    batches = [
        Handled(Commit(watermark=watermark, position=n), (), (), {}, {})
        for n, watermark in enumerate((3, 7, None))
    ]

    assert merge(batches) == Commit([], [], 2, 7)


def test_an_agent_that_gives_up_ends_the_task_as_failed() -> None:
    desk = Desk()
    desk.agents = (Agent("planner", computes={"ParseIntent": lambda command: GiveUp("no")}),)
    desk.give(submitted("a"))
    command = desk.commands[0]

    desk.give(
        told(
            i.ReportFailure,
            "a",
            "f",
            command_id=command.command_id,
            reason="no",
            is_retryable=False,
        )
    )

    assert [event.type for event in desk.events("a")].count("task_failed.v1") == 1
    assert desk.commands[-1].kind is CommandKind.EXTRACT_LEARNING

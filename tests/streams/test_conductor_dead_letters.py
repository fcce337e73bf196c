"""What cannot be read or decided is kept as it came, its task is told, and nothing else stops."""

import json
from dataclasses import replace

import pytest

from streams.batch import Arrival, Verdict
from streams.decider import Core, decide, react
from streams.domain import inputs as i
from streams.domain.commands import Command, CommandKind
from streams.domain.events import CommandIssued, Event, InputFailed
from streams.domain.state import TaskState
from streams.envelope import input_record
from streams.log import COMMANDS, EVENTS, INPUTS, Record
from streams.phases.decision import Decision
from streams.verification import verify_log
from tests.streams.driving import START, Desk, remark, submitted, told
from tests.streams.interleavings import now


def poisoned(given: i.Input, state: TaskState, at: int) -> Decision:
    """A core with a bug: it stumbles over feedback that says so."""
    if isinstance(given, i.RecordFeedback) and given.text == "poison":
        raise ZeroDivisionError("no such rating")
    return decide(given, state, at)


def test_bytes_that_are_no_input_lie_in_the_dead_letters_as_they_came() -> None:
    desk = Desk()
    desk.give(submitted("a"))
    value = b'{"type": "cancel_task.v1", "reason": "\xff\x00"}'
    headers = {"id": "noise", "type": "cancel_task.v1", "time": "1790000000777", "mine": "kept"}

    (answer,) = desk.give(Record(INPUTS, 0, "a", value, headers))

    (letter,) = desk.letters
    assert answer.verdict is Verdict.DEAD_LETTERED
    assert letter.value == value
    assert letter.key == "a"
    assert letter.headers["origintopic"] == INPUTS
    assert (letter.headers["originpartition"], letter.headers["originoffset"]) == ("0", "1")
    assert letter.headers["time"] == "1790000000777"
    assert letter.headers["original-mine"] == "kept"
    failed = desk.events("a")[-1]
    assert isinstance(failed, InputFailed)
    assert (failed.input_type, failed.input_id) == ("cancel_task.v1", "noise")
    assert desk.state("a").failed_inputs == 1


def test_the_pointer_names_the_field_that_is_wrong() -> None:
    desk = Desk()
    body = submitted("a").as_json | {"settings": 7}
    record = replace(input_record(submitted("a"), 0), value=json.dumps(body).encode())

    (answer,) = desk.give(record)

    assert answer.code == "/settings"
    assert desk.letters[0].headers["pointer"] == "/settings"
    assert "should be an object" in desk.letters[0].headers["reason"]


def test_nobody_is_told_of_bad_bytes_for_a_task_that_does_not_exist() -> None:
    desk = Desk()

    desk.give(Record(INPUTS, 0, "nobody", b"?"))

    assert len(desk.letters) == 1
    assert desk.records(EVENTS) == []
    assert "nobody" not in desk.conductor.states()


@pytest.mark.parametrize("time", ["", "soon", "-1", "²", "9" * 5_000])
def test_a_time_that_is_none_does_not_stop_the_batch(time: str) -> None:
    desk = Desk()
    desk.give(submitted("a"))

    desk.give(Record(INPUTS, 0, "a", b"?", {"time": time}))

    assert desk.letters[0].headers["time"] == "0"
    assert desk.stored("a")[-1].header.at == START
    assert desk.stored("a")[-1].header.causation_id == "inputs-0-1"


def test_an_input_under_the_key_of_another_task_is_no_input() -> None:
    desk = Desk()
    desk.give(submitted("a"))
    astray = replace(input_record(remark("b", "r"), 0), key="a")

    (answer,) = desk.give(astray)

    assert answer.verdict is Verdict.DEAD_LETTERED
    assert (answer.task_id, answer.code) == ("a", "/task_id")
    assert "the key 'a' is not the task 'b'" in answer.reason
    assert isinstance(desk.events("a")[-1], InputFailed)


def test_a_header_that_lies_about_the_type_cannot_make_a_closed_task_forget() -> None:
    desk = Desk()
    desk.finish("a")
    desk.give(remark("a", "said"))
    desk.take_over()
    again = input_record(told(i.RecordFeedback, "a", "again", feedback_id="said"), 0)

    verdict = desk.verdict(replace(again, headers={**again.headers, "type": "submit_request.v1"}))

    assert verdict is Verdict.DEAD_LETTERED
    assert desk.letters[0].headers["pointer"] == "/type"
    assert now(verify_log(desk.log)).findings == []


def test_an_input_that_makes_no_sense_is_buried_with_the_reason_of_the_core() -> None:
    desk = Desk()

    (answer,) = desk.give(remark("nobody", "r"))

    assert answer.verdict is Verdict.DEAD_LETTERED
    assert answer.reason == "there is no task 'nobody' for record_feedback.v1"
    assert desk.letters[0].value == desk.inputs[0].value


def test_a_core_that_raises_harms_no_other_input_and_tells_the_task() -> None:
    desk = Desk(core=Core(decide=poisoned))
    desk.give(submitted("a"), submitted("b"))

    answers = desk.give(remark("a", "p", "poison"), remark("b", "x"), remark("a", "y"))

    assert [answer.verdict for answer in answers] == [
        Verdict.DEAD_LETTERED,
        Verdict.ACCEPTED,
        Verdict.ACCEPTED,
    ]
    assert answers[0].reason == "the core failed: ZeroDivisionError: no such rating"
    failed, kept = desk.events("a")[-2:]
    assert isinstance(failed, InputFailed)
    assert failed.input_type == "record_feedback.v1"
    assert desk.state("a").feedback_ids == ("y",)
    assert kept.type == "feedback_recorded.v1"
    assert now(verify_log(desk.log)).findings == []


def test_a_command_that_cannot_be_made_buries_its_input_and_leaves_the_state_alone() -> None:
    def broken(event: Event, state: TaskState) -> Command | None:
        if isinstance(event, CommandIssued) and event.kind is CommandKind.DISCOVER_TOOLS:
            raise LookupError("no such payload")
        return react(event, state)

    desk = Desk(core=Core(react=broken))
    desk.give(submitted("a"), submitted("b"))

    desk.work()

    assert len(desk.letters) == 2
    assert "LookupError" in desk.letters[0].headers["reason"]
    assert desk.state("a").open_command(desk.state("a").phase) is not None  # type: ignore[arg-type]
    assert [event.type for event in desk.events("a")][-1] == "input_failed.v1"
    assert [c.headers["type"] for c in desk.records(COMMANDS + "planner")] == ["ParseIntent"] * 2


def test_a_reason_of_any_length_is_cut_in_the_history() -> None:
    def talkative(given: i.Input, state: TaskState, at: int) -> Decision:
        if isinstance(given, i.RecordFeedback):
            raise ValueError("because " * 1_000)
        return decide(given, state, at)

    desk = Desk(core=Core(decide=talkative))
    desk.give(submitted("a"), remark("a", "r"))

    failed = desk.events("a")[-1]
    assert isinstance(failed, InputFailed)
    assert len(failed.reason) == 2_000


def test_a_buried_input_that_is_read_again_is_not_told_twice() -> None:
    desk = Desk(core=Core(decide=poisoned))
    desk.give(submitted("a"), remark("a", "p", "poison"))

    handled = desk.conductor.handle([Arrival(desk.inputs[1])])

    assert handled.answers[0].verdict is Verdict.REPEATED
    assert handled.commit.records == []

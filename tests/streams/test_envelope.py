"""What is written as a record comes back as it was; what is no message says where it is none."""

import json
import re
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streams.chain import GENESIS, Head
from streams.domain.commands import Command
from streams.domain.errors import Undecodable
from streams.domain.events import EVENT_TYPES, Event, FeedbackRecorded
from streams.domain.inputs import CancelTask, Input, RecordEngagement, SubmitRequest
from streams.domain.values import Value
from streams.envelope import (
    command_record,
    dead_letter,
    input_record,
    read_command,
    read_event,
    read_input,
    seal,
)
from streams.log import COMMANDS, DEAD_LETTERS, EVENTS, INPUTS, Record
from tests.streams.driving import START, submitted, told
from tests.streams.examples import values_of

INPUT_TYPES: tuple[type[Value], ...] = get_args(Input)
ATTRIBUTE = re.compile(r"[a-z0-9]{1,20}")  # how CloudEvents 1.0 wants attributes to be named
few = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def sealed(*events: Event, head: Head | None = None, **of_input: str) -> list[Record]:
    """The records of some events, all of one decision."""
    cause = told(CancelTask, "a", "cause", **of_input)
    _, records = seal(
        head or Head(), events, task_id="a", at=START, given=cause, input_offset=7, partition=0
    )
    return records


SAID = FeedbackRecorded(feedback_id="f", by="ann", rating=5, text="Schön, 35 %!")


@pytest.mark.parametrize("kind", EVENT_TYPES.values(), ids=EVENT_TYPES)
@few
@given(data=st.data())
def test_every_event_comes_back_as_it_was(kind: type[Value], data: st.DataObject) -> None:
    event = data.draw(values_of(kind))

    (record,) = sealed(event)  # type: ignore[arg-type]
    stored = read_event(record)

    assert stored.event == event
    assert stored.header.type == event.type  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", INPUT_TYPES, ids=lambda kind: kind.__name__)
@few
@given(data=st.data())
def test_every_input_comes_back_as_it_was(kind: type[Value], data: st.DataObject) -> None:
    given_input = data.draw(values_of(kind))

    record = input_record(given_input, 0)  # type: ignore[arg-type]

    assert read_input(record) == given_input
    assert record.key == given_input.task_id  # type: ignore[attr-defined]


@few
@given(command=values_of(Command))
def test_a_command_comes_back_as_it_was(command: Command) -> None:
    record = command_record(command, 3)

    assert read_command(record) == command
    assert record.topic == COMMANDS + command.agent_type
    assert (record.partition, record.key) == (3, command.command_id)
    assert record.headers["id"] == f"{command.command_id}/{command.attempt}"


def test_the_header_of_an_event_says_what_came_of_what() -> None:
    first, second = sealed(SAID, SAID, correlation_id="chat-1", traceparent="00-1-2-01")

    header = read_event(second).header

    assert (header.task_id, header.sequence, header.at) == ("a", 2, START)
    assert (header.causation_id, header.correlation_id) == ("cause", "chat-1")
    assert header.input_offset == 7
    assert header.event_id == second.headers["id"] == "a/2"
    assert first.headers["traceparent"] == "00-1-2-01"
    assert (first.topic, first.key) == (EVENTS, "a")


def test_without_a_correlation_the_task_stands_for_it() -> None:
    (record,) = sealed(SAID)

    assert record.headers["correlationid"] == "a"
    assert "traceparent" not in record.headers


def test_headers_are_named_as_cloudevents_wants_attributes() -> None:
    command = Command.model_validate(
        {
            "command_id": "a.1",
            "task_id": "a",
            "kind": "ParseIntent",
            "phase": "PLANNING",
            "agent_type": "planner",
            "timeout": 1,
            "issued_at": 1,
        }
    )
    records = [*sealed(SAID), input_record(submitted("a"), 0), command_record(command, 0)]

    for record in records:
        assert record.headers.keys() >= {"id", "type", "time"}
        assert [name for name in record.headers if not ATTRIBUTE.fullmatch(name)] == []


def test_events_go_on_where_the_history_stands() -> None:
    head = Head(41, b"\1" * 32, 5, 3)

    (record,) = sealed(SAID, head=head)

    assert record.headers["sequence"] == "42"
    assert record.headers["hash"] != sealed(SAID)[0].headers["hash"]


def test_each_body_has_a_salt_of_its_own() -> None:
    records = sealed(SAID, SAID)

    salts = {record.headers["salt"] for record in records}

    assert len(salts) == 2
    assert all(len(bytes.fromhex(salt)) == 16 for salt in salts)


@pytest.mark.parametrize(
    "name",
    ["sequence", "type", "time", "causationid", "correlationid", "inputoffset", "hash", "salt"],
)
def test_an_event_without_a_header_is_none(name: str) -> None:
    (record,) = sealed(SAID)
    headers = {k: v for k, v in record.headers.items() if k != name}

    with pytest.raises(Undecodable, match=f"events/0@9 is no event: '{name}'"):
        read_event(replace(record, headers=headers, offset=9))


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"5", b"{}", b'{"type": "feedback_recorded.v1"}', b"\xff", b'{"type": []}'],
)
@pytest.mark.parametrize("kind", ["feedback_recorded.v1", "feedback_recorded.v9"])
def test_a_body_that_is_no_event_says_where_it_lies(body: bytes, kind: str) -> None:
    (record,) = sealed(SAID)
    headers = {**record.headers, "type": kind}

    with pytest.raises(Undecodable, match="events/0@9 is no event"):
        read_event(replace(record, value=body, headers=headers, offset=9))


@pytest.mark.parametrize("hexed", ["salt", "hash"])
def test_a_header_that_is_not_hexadecimal_is_found(hexed: str) -> None:
    (record,) = sealed(SAID)

    with pytest.raises(Undecodable):
        read_event(replace(record, headers={**record.headers, hexed: "zz"}))


def changed(given_input: Input, **fields: object) -> Record:
    """The record of an input with other fields in its body."""
    record = input_record(given_input, 0)
    return replace(record, value=json.dumps(given_input.as_json | fields).encode())


@pytest.mark.parametrize(
    ("record", "pointer", "reason"),
    [
        (replace(input_record(submitted("a"), 0), value=b""), "", "Invalid JSON"),
        (replace(input_record(submitted("a"), 0), value=b"\xff"), "", "Invalid JSON"),
        (replace(input_record(submitted("a"), 0), value=b"[" * 5_000), "", "recursion limit"),
        (replace(input_record(submitted("a"), 0), value=b"[]"), "", "should be an object"),
        (replace(input_record(submitted("a"), 0), value=b"{}"), "/type", "discriminator"),
        (changed(submitted("a"), type="guess.v1"), "/type", "'guess.v1' found"),
        (changed(submitted("a"), at="soon"), "/at", "valid integer"),
        (changed(submitted("a"), request=""), "/request", "at least 1 character"),
        (changed(submitted("a"), salt="zz"), "/salt", "match pattern"),
        (changed(submitted("a"), settings=[]), "/settings", "object"),
        (changed(submitted("b"), task_id="a"), "/task_id", "the key 'b' is not the task 'a'"),
        (changed(told(CancelTask, "a", "c"), reason=3), "/reason", "valid string"),
    ],
)
def test_what_is_no_input_has_a_pointer_and_a_reason(
    record: Record, pointer: str, reason: str
) -> None:
    with pytest.raises(Undecodable, match=re.escape(reason)) as raised:
        read_input(record)

    assert raised.value.pointer == pointer


def test_a_pointer_escapes_what_would_read_as_a_path() -> None:
    fork = {
        "type": "fork_task.v1",
        "parent_task_id": "p",
        "parent_sequence": 1,
        "parent_hash": "",
        "history": [],
        "outputs": {"a/b~c": 5},
    }
    record = replace(changed(told(CancelTask, "a", "c"), **fork), headers={})

    with pytest.raises(Undecodable) as raised:
        read_input(record)

    assert raised.value.pointer == "/outputs/a~1b~0c"


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "-1E+400"])
def test_a_number_that_no_event_could_hold_is_refused(number: str) -> None:
    seen = told(RecordEngagement, "a", "e", engagement_id="e", metrics={"rates": [1.5, 0]})
    record = input_record(seen, 0)
    value = record.value.replace(b"[1.5,0]", f"[1.5,{number}]".encode())

    with pytest.raises(Undecodable) as raised:
        read_input(replace(record, value=value))

    assert raised.value.pointer == "/metrics/rates/1"


def test_words_that_look_like_such_a_number_are_only_words() -> None:
    request = submitted("a", context={"note": "NaN, Infinity and 1e999", "big": 1e200})

    assert read_input(input_record(request, 0)) == request


def test_an_input_without_headers_is_read_by_its_body() -> None:
    request = submitted("a")

    assert read_input(replace(input_record(request, 0), headers={})) == request


def test_what_is_no_command_says_where_it_lies() -> None:
    record = Record(COMMANDS + "planner", 0, "a.1", b'{"kind": "Guess"}', {}, 4)

    with pytest.raises(Undecodable, match=r"commands\.planner@4 is no command"):
        read_command(record)


@given(value=st.binary(max_size=40), reason=st.text(max_size=20))
@settings(max_examples=30, deadline=None)
def test_a_dead_letter_keeps_bytes_key_place_and_headers(value: bytes, reason: str) -> None:
    record = Record(INPUTS, 2, "a", value, {"id": "x", "time": "9", "mine": "ä"}, 11)

    letter = dead_letter(record, reason, pointer="/at", at=START)

    assert (letter.topic, letter.partition, letter.key) == (DEAD_LETTERS, 2, "a")
    assert letter.value == value
    assert letter.headers["reason"] == reason
    assert letter.headers["pointer"] == "/at"
    assert letter.headers["time"] == str(START)
    assert letter.headers["origintopic"] == INPUTS
    assert letter.headers["originpartition"] == "2"
    assert letter.headers["originoffset"] == "11"
    originals = {k: v for k, v in letter.headers.items() if k.startswith("original-")}
    assert originals == {f"original-{k}": v for k, v in record.headers.items()}


def test_a_reason_of_any_length_fits_into_a_header() -> None:
    letter = dead_letter(Record(INPUTS, 0, "a", b""), "because " * 1_000, at=START)

    assert len(letter.headers["reason"]) == 2_000


def test_fields_of_a_newer_writer_are_ignored() -> None:
    (record,) = sealed(SAID)
    body = json.dumps(SAID.as_json | {"mood": "good"}).encode()

    assert read_event(replace(record, value=body)).event == SAID
    assert isinstance(read_input(changed(submitted("a"), mood="good")), SubmitRequest)


def test_a_first_event_follows_a_hash_of_zeros() -> None:
    assert Head().hash == GENESIS == bytes(32)

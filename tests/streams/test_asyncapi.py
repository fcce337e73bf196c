"""What the AsyncAPI document says is what the system writes: every kind of message, arbitrary ones
among them, fits its description."""

import json
import re
from functools import cache
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from streams.asyncapi import describe
from streams.chain import Head
from streams.domain.commands import Command
from streams.domain.events import EVENT_TYPES
from streams.domain.inputs import CancelTask, Input
from streams.domain.values import Value
from streams.envelope import command_record, dead_letter, input_record, seal
from streams.kafka.connection import KafkaSettings
from streams.kafka.snapshots import Mark, mark_record, snapshot_record
from streams.kafka.wire import encode
from streams.log import COMMANDS, REQUESTS, Record
from streams.messages import draft_07
from streams.topics import TOPICS
from tests.streams.driving import START, told
from tests.streams.examples import values_of
from tests.streams.log_model import snapshot

BROKER = KafkaSettings("one:9092,two:9092", "team.", partitions=6, replication=3)
DOCUMENT = describe(BROKER, "1.2.3")
MESSAGES = DOCUMENT["components"]["messages"]
SCHEMAS = DOCUMENT["components"]["schemas"]
CHANNELS = DOCUMENT["channels"]
EXAMPLES = [
    pytest.param(name, example, id=f"{name}-{example['name']}")
    for name, message in MESSAGES.items()
    for example in message.get("examples", ())
]
few = settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@cache
def checking(name: str, part: str) -> Draft7Validator:
    """Checks the payload or the headers of a kind of message."""
    schema = MESSAGES[name].get(part, {})
    known = {reached: SCHEMAS[reached] for reached in reachable(schema)}
    return Draft7Validator({"allOf": [schema], "components": {"schemas": known}})


def reachable(schema: Any) -> set[str]:
    """The names of all schemas that one refers to, by others too."""
    found: set[str] = set()
    waiting = [schema]
    while waiting:
        named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(waiting.pop())))
        waiting += [SCHEMAS[name] for name in named - found]
        found |= named
    return found


def misfits(name: str, record: Record) -> list[str]:
    """What a record has, on the wire, that its description does not say."""
    _, value, headers = encode(record, BROKER.prefix)
    parts = {"headers": {key: content.decode() for key, content in headers}}
    if MESSAGES[name]["payload"]:
        parts["payload"] = json.loads(value)
    return [
        f"{error.json_path}: {error.message}"
        for part, found in parts.items()
        for error in checking(name, part).iter_errors(found)
    ]


@pytest.mark.parametrize("kind", EVENT_TYPES.values(), ids=EVENT_TYPES)
@few
@given(data=st.data())
def test_every_event_fits_its_description(kind: type[Value], data: st.DataObject) -> None:
    event: Any = data.draw(values_of(kind))
    cause = told(CancelTask, "a", "cause", traceparent="00-1-2-01")

    _, records = seal(
        Head(), [event], task_id="a", at=START, given=cause, input_offset=7, partition=0
    )

    assert misfits(kind.__name__, records[0]) == []


@pytest.mark.parametrize("kind", get_args(Input))
@few
@given(data=st.data())
def test_every_input_fits_its_description(kind: type[Value], data: st.DataObject) -> None:
    any_input: Any = data.draw(values_of(kind)).model_copy(update={"at": START})

    assert misfits(kind.__name__, input_record(any_input, 0)) == []


@few
@given(command=values_of(Command))
def test_every_command_fits_its_description(command: Command) -> None:
    issued = command.model_copy(update={"issued_at": START})

    assert misfits("Command", command_record(issued, 0)) == []


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("OpenTask", snapshot_record(snapshot(), 0, "1:2-3")),
        ("ClosedTask", snapshot_record(snapshot(state=None), 0, "1:2-3")),
        ("Mark", mark_record(Mark(7, 9), 0)),
        (
            "DeadLetter",
            dead_letter(Record(REQUESTS, 0, "", b"\xff", {"time": "soon"}, 4), "no JSON", at=START),
        ),
    ],
)
def test_what_has_no_model_fits_its_description(name: str, record: Record) -> None:
    assert misfits(name, record) == []


def test_what_is_wrong_does_not_fit() -> None:
    right = input_record(told(CancelTask, "a", "cause"), 0)
    named_wrongly = input_record(told(CancelTask, "a", "cause"), 0).headers | {"type": "x.v1"}

    wrong_body = misfits("CancelTask", Record(*_place(right), b'{"task_id": 1}', right.headers))
    wrong_headers = misfits("CancelTask", Record(*_place(right), right.value, named_wrongly))

    assert any("task_id" in each for each in wrong_body)
    assert wrong_headers == ["$.ce_type: 'cancel_task.v1' was expected"]


def _place(record: Record) -> tuple[str, int, str]:
    return record.topic, record.partition, record.key


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
def test_an_example_fits_the_message_that_it_is_of(name: str, example: dict[str, Any]) -> None:
    for part in ("payload", "headers"):
        if part in example:
            checking(name, part).validate(example[part])


def test_the_schemas_are_of_the_draft_that_asyncapi_reads() -> None:
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft7Validator.check_schema(schema)

    text = json.dumps(DOCUMENT["components"]["schemas"])
    assert not re.search(r'"(prefixItems|discriminator|\$defs|unevaluated\w+)":', text)


def test_a_pair_keeps_its_parts_in_the_words_of_draft_07() -> None:
    pair = {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]}

    known = Draft7Validator(draft_07(pair))

    assert known.is_valid([1, "a"])
    assert not known.is_valid(["a", 1])
    assert not known.is_valid([1, "a", 2])


def test_every_topic_of_the_table_is_a_channel_with_what_the_broker_is_told() -> None:
    named = {channel["address"]: channel["bindings"]["kafka"] for channel in CHANNELS.values()}

    assert {BROKER.named(row.name) for row in TOPICS} == named.keys() - {"team.commands.{agent}"}
    assert CHANNELS["commands"]["address"] == f"team.{COMMANDS}{{agent}}"
    for row in TOPICS:
        told_to_the_broker = named[BROKER.named(row.name)]["topicConfiguration"]
        assert told_to_the_broker["retention.ms"] == row.retention
        assert told_to_the_broker["cleanup.policy"] == [row.cleanup]
    assert (named["team.events"]["partitions"], named["team.events"]["replicas"]) == (6, 3)
    assert "partitions" not in named["team.requests"]


def test_every_operation_is_on_a_channel_and_every_reference_leads_somewhere() -> None:
    references = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(DOCUMENT)))

    assert references
    for reference in references:
        found: Any = DOCUMENT
        for part in reference.split("/"):
            found = found[part]
        assert found


def test_the_servers_are_the_brokers() -> None:
    plain = DOCUMENT["servers"]
    secure = describe(KafkaSettings("one:9093", security="SASL_SSL"), "1")["servers"]

    assert [(s["host"], s["protocol"]) for s in plain.values()] == [
        ("one:9092", "kafka"),
        ("two:9092", "kafka"),
    ]
    assert [s["protocol"] for s in secure.values()] == ["kafka-secure"]


def test_who_reads_is_named_as_the_broker_names_it() -> None:
    groups = {
        name: operation["bindings"]["kafka"]["groupId"]
        for name, operation in DOCUMENT["operations"].items()
        if "bindings" in operation
    }

    assert groups["takeRequest"]["enum"] == ["team.inbox"]
    assert groups["takeInput"]["enum"] == ["team.faust-workers", "team.workers"]
    assert groups["workOnCommand"]["examples"] == ["team.agents-{agent}"]

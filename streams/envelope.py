"""Records to values and back: inputs, events, commands, dead letters; and upcasters for events
of older versions."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError

from streams.chain import Head, Header, body_digest, body_salt, canonical, link
from streams.domain.commands import Command
from streams.domain.errors import Undecodable
from streams.domain.events import EVENT, EVENT_TYPES, Event
from streams.domain.inputs import INPUT, Input
from streams.domain.values import Json, Milliseconds
from streams.log import COMMANDS, DEAD_LETTERS, EVENTS, INPUTS, Record

Upcaster = Callable[[Json], Json]
# Stored type: function to the body of the next version, with its new type.
UPCASTERS: Mapping[str, Upcaster] = {}
_OBJECT: TypeAdapter[Json] = TypeAdapter(Json)
_SUSPECT = re.compile(rb"NaN|Infinity|[eE]\+?[0-9]{3}")
_TAG_ERRORS = frozenset({"union_tag_invalid", "union_tag_not_found"})


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with its header and its place in the chain. An erased one has no `event`."""

    header: Header
    event: Event | None
    digest: bytes
    hash: bytes
    offset: int = -1


class Cause(Protocol):
    """What a header takes over from the input that caused its event."""

    @property
    def input_id(self) -> str: ...
    @property
    def salt(self) -> str: ...
    @property
    def correlation_id(self) -> str | None: ...
    @property
    def traceparent(self) -> str | None: ...


def seal(
    head: Head,
    events: Sequence[Event],
    *,
    task_id: str,
    at: Milliseconds,
    given: Cause,
    input_offset: int,
    partition: int,
) -> tuple[Head, list[Record]]:
    """Give the events of one decision their headers and their places in the chain.

    Returns:
        The head after them, and the records to commit.
    """
    sequence, previous = head.sequence, head.hash
    correlation_id = given.correlation_id or task_id
    common = {
        "time": str(at),
        "causationid": given.input_id,
        "correlationid": correlation_id,
        "inputoffset": str(input_offset),
    }
    if given.traceparent:
        common["traceparent"] = given.traceparent
    records: list[Record] = []
    for event in events:
        sequence += 1
        event_id = f"{task_id}/{sequence}"
        body = event.__pydantic_serializer__.to_json(event)
        salt = body_salt(given.salt, event_id)
        header = canonical(
            task_id, sequence, event.type, at, given.input_id, correlation_id, input_offset
        )
        previous = link(previous, header, body_digest(salt, body))
        headers = {
            "id": event_id,
            "type": event.type,
            "sequence": str(sequence),
            "salt": salt.hex(),
            "hash": previous.hex(),
            **common,
        }
        records.append(Record(EVENTS, partition, task_id, body, headers))
    return Head(sequence, previous, at, input_offset), records


def read_event(record: Record, upcasters: Mapping[str, Upcaster] = UPCASTERS) -> StoredEvent:
    """An event from its record, brought up to the newest version of its type.

    Raises:
        Undecodable: the record is no event.
    """
    try:
        headers = record.headers
        header = Header(
            task_id=record.key,
            sequence=int(headers["sequence"]),
            type=headers["type"],
            at=int(headers["time"]),
            causation_id=headers["causationid"],
            correlation_id=headers["correlationid"],
            input_offset=int(headers["inputoffset"]),
        )
        digested = bytes.fromhex(headers["hash"])
        # The body was erased together with its salt; its digest keeps the chain whole.
        if "digest" in headers:
            event, digest = None, bytes.fromhex(headers["digest"])
        else:
            event = read_body(header.type, record.value, upcasters)
            digest = body_digest(bytes.fromhex(headers["salt"]), record.value)
    except (KeyError, TypeError, ValueError) as error:
        place = f"{record.topic}/{record.partition}@{record.offset}"
        raise Undecodable(f"{place} is no event: {error}") from error
    return StoredEvent(header, event, digest, digested, record.offset)


def read_body(kind: str, body: bytes, upcasters: Mapping[str, Upcaster] = UPCASTERS) -> Event:
    """An event's body as a value; a body of an older type passes through its upcasters first."""
    if kind in EVENT_TYPES and kind not in upcasters:
        return EVENT.validate_json(body)
    value = _OBJECT.validate_json(body)
    while (upcast := upcasters.get(value["type"])) is not None:
        value = upcast(value)
    if value["type"] not in EVENT_TYPES:
        raise ValueError(f"the type {value['type']!r} is unknown here: read it by a newer version")
    return EVENT.validate_python(value)


def input_record(given: Input, partition: int, offset: int = -1) -> Record:
    """The record of an input.

    Raises:
        Undecodable: it holds what JSON cannot: half a surrogate pair, or a value of no JSON type.
    """
    headers = {"id": given.input_id, "type": given.type, "time": str(given.at)}
    if given.traceparent:
        headers["traceparent"] = given.traceparent
    try:
        body = given.__pydantic_serializer__.to_json(given)
    except ValueError as error:
        raise Undecodable(f"cannot be written as JSON: {error}") from None
    return Record(INPUTS, partition, given.task_id, body, headers, offset)


def read_input(record: Record) -> Input:
    """An input from its record.

    Raises:
        Undecodable: the bytes are no input, or one for another task; the message and `pointer`
            name the field.
    """
    try:
        given = INPUT.validate_json(record.value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        # The first part of the path is the type that the union chose, not a field of the message.
        pointer = "".join(f"/{_escaped(part)}" for part in first["loc"][1:])
        pointer = "/type" if first["type"] in _TAG_ERRORS else pointer
        raise Undecodable(f"{pointer or '/'}: {first['msg']}", pointer=pointer) from None
    # By the key and the type outside it was chosen what to load: the message must agree.
    if given.task_id != record.key:
        reason = f"the key {record.key!r} is not the task {given.task_id!r}"
        raise Undecodable(reason, pointer="/task_id")
    kind = record.headers.get("type", given.type)
    if kind != given.type:
        raise Undecodable(f"the header says {kind!r}, not {given.type!r}", pointer="/type")
    # Free JSON may hold numbers that no JSON can: an event would keep null, its state the number.
    if _SUSPECT.search(record.value) and (pointer := _not_finite(given.model_dump())):
        raise Undecodable(f"{pointer}: the number is not finite", pointer=pointer)
    return given


def command_record(command: Command, partition: int) -> Record:
    """The record of a command, in its agent type's topic."""
    headers = {"id": f"{command.command_id}/{command.attempt}", "type": command.kind}
    headers["time"] = str(command.issued_at)
    if command.traceparent:
        headers["traceparent"] = command.traceparent
    body = command.__pydantic_serializer__.to_json(command)
    return Record(COMMANDS + command.agent_type, partition, command.command_id, body, headers)


def read_command(record: Record) -> Command:
    """A command from its record."""
    try:
        return Command.model_validate_json(record.value)
    except ValidationError as error:
        raise Undecodable(f"{record.topic}@{record.offset} is no command: {error}") from None


def dead_letter(record: Record, reason: str, *, pointer: str = "", at: Milliseconds) -> Record:
    """What could not be read or decided: the original bytes, with where they came from and why
    they failed."""
    headers = {
        "reason": reason[:2000],
        "pointer": pointer,
        "time": str(at),
        "origintopic": record.topic,
        "originpartition": str(record.partition),
        "originoffset": str(record.offset),
    }
    headers |= {f"original-{name}": value for name, value in record.headers.items()}
    return Record(DEAD_LETTERS, record.partition, record.key, record.value, headers)


def _escaped(part: int | str) -> str:
    """A part of a JSON pointer (RFC 6901)."""
    return str(part).replace("~", "~0").replace("/", "~1")


def _not_finite(value: Any, at: str = "") -> str:
    """The pointer to the first number that is not finite; empty if there is none."""
    if isinstance(value, float):
        return "" if isfinite(value) else at
    if isinstance(value, dict):
        children = list(value.items())
    else:
        children = list(enumerate(value)) if isinstance(value, list | tuple) else []
    found = (_not_finite(child, f"{at}/{_escaped(name)}") for name, child in children)
    return next(filter(None, found), "")

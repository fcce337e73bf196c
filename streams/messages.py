"""What lies on each topic of a broker, as messages with JSON Schema for their headers and payloads.

Payloads come from the models that read and write them, headers from the envelope; so a description
cannot say anything else than the code does. Schemas keep to what draft 07 knows.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from streams.conversations.events import CHAT_EVENT_TYPES
from streams.domain.commands import Command, CommandKind
from streams.domain.events import EVENT_TYPES
from streams.domain.inputs import Input
from streams.domain.request import ProcessRequestBody
from streams.domain.values import Json
from streams.kafka.wire import CONTENT_TYPE
from streams.log import COMMANDS, DEAD_LETTERS, EVENTS, INPUTS, REQUESTS
from streams.topics import CONVERSATIONS, SNAPSHOTS

REFERENCE = "#/components/schemas/{model}"


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of message. `payload` and `headers` are schemas; `correlation` names the header
    that tells which messages belong together."""

    name: str
    summary: str
    payload: Json
    headers: Json
    content_type: str | None = CONTENT_TYPE
    correlation: str | None = None


def _text(description: str, **more: Any) -> Json:
    return {"type": "string", "description": description, **more}


_DIGITS, _HEX = r"^[0-9]+$", r"^[0-9a-f]+$"
_HEADERS: Mapping[str, Json] = MappingProxyType(
    {
        "content-type": {"type": "string", "const": CONTENT_TYPE},
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": _text("with the source it names the message", minLength=1),
        "ce_source": _text("the topic, after the prefix", format="uri-reference"),
        "ce_type": _text("what the payload is, with its version"),
        "ce_time": _text("in UTC, with milliseconds", format="date-time"),
        "ce_sequence": _text("1, 2, 3, … in the history of a task", pattern=_DIGITS),
        "ce_causationid": _text("the input that led to this"),
        "ce_correlationid": _text("what belongs together; the task unless stated"),
        "ce_inputoffset": _text("where in `inputs` the cause lies", pattern=_DIGITS),
        "ce_hash": _text("of the event before, the header and the body's digest", pattern=_HEX),
        "ce_salt": _text("of the body's digest; gone when the body is erased", pattern=_HEX),
        "ce_digest": _text("of a body that was erased", pattern=_HEX),
        "ce_reason": _text("why it could not be read or decided"),
        "ce_pointer": _text("to the field at fault (RFC 6901); empty if it is the whole"),
        "ce_origintopic": _text("where it came from, without the prefix"),
        "ce_originpartition": _text("of the topic it came from", pattern=_DIGITS),
        "ce_originoffset": _text("in that partition", pattern=_DIGITS),
        "traceparent": _text("W3C trace context"),
        "idempotency-key": _text("requests with the same key are the same task"),
        "evolveversion": _text("of the code that folded the state", pattern=_DIGITS),
        "life": _text("of the task when this was written", enum=["open", "closed"]),
        "outcome": _text("how a closed task ended"),
        "places": _text("where its events lie in `events`"),
        "previous": _text("the hash of the event before", pattern=_HEX),
    }
)
_CLOUD_EVENT = ("content-type", "ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time")
_EVENT = ("ce_sequence", "ce_causationid", "ce_correlationid", "ce_inputoffset", "ce_hash")
_ORIGIN = ("ce_reason", "ce_pointer", "ce_time", "ce_origintopic")
_PLACE = ("ce_originpartition", "ce_originoffset")


def messages() -> tuple[dict[str, tuple[Message, ...]], Json]:
    """The messages of each topic by its name without the prefix (that of the queues is
    `commands.`), and the schemas that their payloads refer to by `REFERENCE`."""
    payloads, schemas = _payloads([ProcessRequestBody, Command, *_INPUTS, *_EVENTS, *_SAYINGS])

    def made(models: Iterable[type[BaseModel]], headers: Callable[[str], Json]) -> list[Message]:
        return [_typed(model, payloads[model], headers) for model in models]

    request, command = payloads[ProcessRequestBody], payloads[Command]
    found = {
        REQUESTS: (Message("Request", _summary(ProcessRequestBody), request, _request_headers()),),
        INPUTS: tuple(made(_INPUTS, _input_headers)),
        EVENTS: tuple(made(_EVENTS, _event_headers)),
        SNAPSHOTS: _snapshots(),
        CONVERSATIONS: tuple(_saying(model, payloads[model]) for model in _SAYINGS),
        COMMANDS: (Message("Command", _summary(Command), command, _command_headers()),),
        DEAD_LETTERS: (_dead_letter(),),
    }
    return found, schemas


_INPUTS: tuple[type[BaseModel], ...] = get_args(Input)
_EVENTS: tuple[type[BaseModel], ...] = tuple(EVENT_TYPES.values())
_SAYINGS: tuple[type[BaseModel], ...] = tuple(CHAT_EVENT_TYPES.values())


def _payloads(models: Sequence[type[BaseModel]]) -> tuple[dict[type[BaseModel], Json], Json]:
    # Older messages lack fields that came later: what may be absent is what a reader fills in.
    asked: list[tuple[type[BaseModel], Any]] = [(model, "validation") for model in models]
    made, schemas = models_json_schema(asked, ref_template=REFERENCE)
    payloads = {model: made[model, "validation"] for model in models}
    return payloads, draft_07(schemas.get("$defs", {}))


def draft_07(schema: Any) -> Any:
    """A schema of pydantic's, which is of draft 2020-12, in the words of draft 07."""
    if isinstance(schema, list):
        return [draft_07(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    # How to choose among a union is told in OpenAPI's way, which means nothing elsewhere.
    known = {name: draft_07(each) for name, each in schema.items() if name != "discriminator"}
    if "prefixItems" in known:
        known |= {"items": known.pop("prefixItems"), "additionalItems": False}
    return known


def _typed(model: type[BaseModel], payload: Json, headers: Callable[[str], Json]) -> Message:
    stored: str = model.model_fields["type"].default
    return Message(
        model.__name__, _summary(model), payload, headers(stored), correlation=_correlation(model)
    )


def _correlation(model: type[BaseModel]) -> str | None:
    return "ce_correlationid" if model in _EVENTS else None


def _summary(model: type[BaseModel]) -> str:
    """The first sentence about a model."""
    text = " ".join((inspect.getdoc(model) or model.__name__).split())
    return text.split(". ")[0].rstrip(".") + "."


def _headers(required: Iterable[str], optional: Iterable[str] = (), **exact: Any) -> Json:
    """A schema of headers; others may come along, and are ignored."""
    needed = [*required]
    properties = {name: _HEADERS[name] for name in (*needed, *optional)}
    properties |= {name: {"type": "string", **given} for name, given in exact.items()}
    return {"type": "object", "properties": properties, "required": needed}


def _request_headers() -> Json:
    return _headers((), ("idempotency-key",))


def _input_headers(stored: str) -> Json:
    return _headers(_CLOUD_EVENT, ("traceparent",), ce_type={"const": stored})


def _event_headers(stored: str) -> Json:
    optional = ("ce_salt", "ce_digest", "traceparent")
    whole = _headers((*_CLOUD_EVENT, *_EVENT), optional, ce_type={"const": stored})
    return whole | {"anyOf": [{"required": ["ce_salt"]}, {"required": ["ce_digest"]}]}


def _saying(model: type[BaseModel], event: Json) -> Message:
    """An event of a conversation: what was said lies beside it, sealed."""
    kept = (*_CLOUD_EVENT, "ce_sequence", "ce_hash", "ce_salt", "previous")
    stored: str = model.model_fields["type"].default
    sealed = _text("what was said; without the conversation's key only bytes")
    payload: Json = {
        "type": "object",
        "properties": {"event": event, "sealed": sealed | {"contentEncoding": "base64"}},
        "required": ["event"],
    }
    headers = _headers(kept, ce_type={"const": stored})
    return Message(model.__name__, _summary(model), payload, headers)


def _command_headers() -> Json:
    return _headers(_CLOUD_EVENT, ("traceparent",), ce_type={"enum": [*CommandKind]})


def _dead_letter() -> Message:
    headers = _headers((*_ORIGIN, *_PLACE))
    headers["patternProperties"] = {"^original-": _text("a header of the message as it came")}
    summary = "What could not be read or decided: the original bytes, whatever they are."
    return Message("DeadLetter", summary, {}, headers, content_type=None)


def _snapshots() -> tuple[Message, ...]:
    kept = (*_CLOUD_EVENT, "ce_sequence", "ce_hash", "ce_inputoffset", "evolveversion", "life")
    exact: Json = {"ce_type": {"const": "snapshot.v1"}}
    state: Json = {
        "type": "object",
        "description": "Belongs to the code of that `evolveversion`; others fold the events.",
    }
    whole = _headers(kept, ("places",), **exact, life={"const": "open"})
    stub = _headers(kept, ("places", "outcome"), **exact, life={"const": "closed"})
    mark: Json = {
        "type": "object",
        "properties": {"position": {"type": "integer"}, "watermark": {"type": "integer"}},
        "required": ["position", "watermark"],
    }
    return (
        Message("OpenTask", "The state of an open task.", state, whole),
        Message("ClosedTask", "What stays of a closed task; it has no body.", {}, stub),
        Message("Mark", "How far the owner of the partition is; its key is `$mark`.", mark, {}),
    )

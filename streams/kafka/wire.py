"""Records as they lie on a broker: CloudEvents 1.0 in Kafka's binary mode, with W3C trace context.

Attributes travel as `ce_*` headers; `time` is RFC 3339 there and milliseconds here. What is no
attribute travels under its own name, so that every record comes back as it was written.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from streams.log import Record

Wire = tuple[bytes, bytes, list[tuple[str, bytes]]]  # key, value, headers
Found = Iterable[tuple[str, bytes | None]]

ATTRIBUTES = frozenset(
    {
        "id",
        "type",
        "time",
        "sequence",
        "causationid",
        "correlationid",
        "inputoffset",
        "salt",
        "hash",
        "digest",
        "reason",
        "pointer",
        "origintopic",
        "originpartition",
        "originoffset",
    }
)
CONTENT_TYPE = "application/json"
_NAMES = {name: f"ce_{name}" for name in ATTRIBUTES}
_BACK = {wire: name for name, wire in _NAMES.items()}
_RAW = "raw_"  # before a header whose own name would be taken for one of the envelope's
_RESERVED = re.compile(r"(?:ce_|raw_|content-type$)")
_MOMENT = re.compile(r"0|[1-9][0-9]{0,14}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 253_402_300_799_999  # the last millisecond that RFC 3339 can name


def encode(record: Record, prefix: str) -> Wire:
    """A record's key, value and headers for the broker."""
    headers: list[tuple[str, bytes]] = []
    given = record.headers
    if "id" in given and "type" in given:
        headers.append(("ce_specversion", b"1.0"))
        headers.append(("ce_source", source(prefix, record.topic)))
        headers.append(("content-type", CONTENT_TYPE.encode()))
    for name, value in given.items():
        headers.append(_to_wire(name, value))
    return record.key.encode(), record.value, headers


def decode(
    topic: str,
    partition: int,
    offset: int,
    message: tuple[bytes | None, bytes | None, Found],
    prefix: str,
) -> Record:
    """A record from what lies on the broker, whoever has written it.

    A key or header that is no UTF-8 keeps its bytes as `\\xNN`; the value is never touched.
    """
    key, value, found = message
    raw = {name: content or b"" for name, content in found}
    if raw.get("ce_specversion") is not None:
        raw = {n: c for n, c in raw.items() if not _is_envelope(n, c, prefix, topic)}
    headers: dict[str, str] = {}
    for name, content in raw.items():
        own, text = _from_wire(name, _text(content))
        headers[own] = text
    return Record(topic, partition, _text(key or b""), value or b"", headers, offset)


def source(prefix: str, topic: str) -> bytes:
    """The CloudEvents source of a topic: a URI reference."""
    return f"/{prefix.rstrip('.') or 'orchestrator'}/{topic}".encode()


def milliseconds(text: str) -> int | None:
    """Milliseconds since the epoch from RFC 3339; None if it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def moment(milliseconds: int) -> str:
    """Milliseconds since the epoch as RFC 3339."""
    at = _EPOCH + timedelta(milliseconds=milliseconds)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def _to_wire(name: str, value: str) -> tuple[str, bytes]:
    if name == "time":
        if not _MOMENT.fullmatch(value) or int(value) > _LAST:
            return name, value.encode()
        value = moment(int(value))
    own = _NAMES.get(name)
    if own is None:
        own = _RAW + name if _RESERVED.match(name) else name
    return own, value.encode()


def _from_wire(name: str, value: str) -> tuple[str, str]:
    own = _BACK.get(name)
    if own is None:
        return name.removeprefix(_RAW), value
    if own == "time":
        at = milliseconds(value)
        if at is None:
            return name, value
        value = str(at)
    return own, value


def _is_envelope(name: str, content: bytes, prefix: str, topic: str) -> bool:
    """Whether a header only says what is known here anyway."""
    match name:
        case "ce_specversion":
            return content == b"1.0"
        case "ce_source":
            return content == source(prefix, topic)
        case "content-type":
            return content == CONTENT_TYPE.encode()
        case _:
            return False


def _text(content: bytes) -> str:
    return content.decode("utf-8", "backslashreplace")

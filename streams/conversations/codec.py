"""Events of conversations to records and back, in a hash chain of each conversation's own.

The chain covers the sealed bytes, so it stays whole when the key is gone. A record names the hash
that it follows: of several that follow the same one, the first in the log counts and the others are
void, which is how writers that know nothing of each other agree on one order.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from streams.chain import GENESIS, body_digest, body_salt, canonical, link
from streams.conversations.events import CHAT_EVENT, ChatEvent
from streams.domain.errors import Undecodable
from streams.domain.values import Json, Milliseconds
from streams.log import Record
from streams.topics import CONVERSATIONS, partition_of

# (where it stands, what is secret) to bytes that only the conversation's key opens.
Seal = Callable[[bytes, Json], bytes]


@dataclass(frozen=True, slots=True)
class ChatHead:
    """Where a conversation stands."""

    sequence: int = 0
    hash: bytes = GENESIS
    at: Milliseconds = 0


@dataclass(frozen=True, slots=True)
class Saying:
    """What is to be written: an event, and the secret beside it."""

    event: ChatEvent
    secret: Json | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """One record as it lies on the log."""

    stream_id: str
    sequence: int
    at: Milliseconds
    event: ChatEvent
    sealed: bytes | None
    previous: bytes
    hash: bytes


def place_of(stream_id: str, sequence: int, kind: str) -> bytes:
    """What a sealed secret is bound to: put elsewhere, it does not open."""
    return canonical(stream_id, sequence, kind)


def write(
    head: ChatHead,
    sayings: Sequence[Saying],
    *,
    stream_id: str,
    at: Milliseconds,
    salt: str,
    partitions: int,
    seal: Seal,
) -> tuple[ChatHead, list[Record], list[Written]]:
    """The records of some sayings, and the head after them."""
    partition = partition_of(stream_id, partitions)
    at = max(at, head.at)
    records, written = [], []
    for saying in sayings:
        event, sequence = saying.event, head.sequence + 1
        sealed = None
        if saying.secret is not None:
            sealed = seal(place_of(stream_id, sequence, event.type), saying.secret)
        body = _body(event, sealed)
        own_salt = body_salt(salt, f"{stream_id}/{sequence}")
        digest = body_digest(own_salt, body)
        found = link(head.hash, canonical(stream_id, sequence, event.type, at), digest)
        headers = {
            "id": f"{stream_id}/{sequence}",
            "type": event.type,
            "sequence": str(sequence),
            "time": str(at),
            "salt": own_salt.hex(),
            "previous": head.hash.hex(),
            "hash": found.hex(),
        }
        records.append(Record(CONVERSATIONS, partition, stream_id, body, headers))
        written.append(Written(stream_id, sequence, at, event, sealed, head.hash, found))
        head = ChatHead(sequence, found, at)
    return head, records, written


def read(record: Record) -> Written:
    """What a record says, its own hash checked.

    Raises:
        Undecodable: it is no event of a conversation, or was changed.
    """
    place = f"{record.topic}/{record.partition}@{record.offset}"
    try:
        headers = record.headers
        sequence, at = int(headers["sequence"]), int(headers["time"])
        previous, found = bytes.fromhex(headers["previous"]), bytes.fromhex(headers["hash"])
        digest = body_digest(bytes.fromhex(headers["salt"]), record.value)
        header = canonical(record.key, sequence, headers["type"], at)
        value = json.loads(record.value)
        event = CHAT_EVENT.validate_python(value["event"])
        sealed = b64decode(value["sealed"]) if "sealed" in value else None
    except (KeyError, TypeError, ValueError) as error:
        raise Undecodable(
            f"{place} is no event of a conversation: {type(error).__name__}"
        ) from None
    if link(previous, header, digest) != found or event.type != headers["type"]:
        raise Undecodable(f"{place} was changed: its hash is another")
    return Written(record.key, sequence, at, event, sealed, previous, found)


def follows(head: ChatHead, written: Written) -> bool:
    """Whether a record is the next of its conversation; otherwise it is void."""
    return written.sequence == head.sequence + 1 and written.previous == head.hash


def after(written: Written) -> ChatHead:
    """The head after a record."""
    return ChatHead(written.sequence, written.hash, written.at)


def _body(event: ChatEvent, sealed: bytes | None) -> bytes:
    value: Json = {"event": event.model_dump(mode="json")}
    if sealed is not None:
        value["sealed"] = b64encode(sealed).decode()
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()

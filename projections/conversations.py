"""Conversations as rows, sealed as on the log and in the order that counts, and what is asked of
them."""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from projections.schema import sql
from projections.store import Store
from streams.conversations.codec import ChatHead, Written, after, follows, read
from streams.conversations.events import CHAT_EVENT, ConversationOpened
from streams.domain.errors import Undecodable
from streams.domain.values import Json, Milliseconds
from streams.log import Log, Record
from streams.topics import CONVERSATIONS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BATCH = 1_000  # records in one transaction
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Begun:
    """A conversation from outside."""

    stream_id: str
    sealed: bytes | None  # of the opening event
    opened_at: Milliseconds
    is_deleted: bool
    messages: int
    last_at: Milliseconds


class ConversationRows:
    """Keeps the rows up to date with the topic, when asked."""

    def __init__(self, store: Store, log: Log, partitions: int) -> None:
        self._store = store
        self._log = log
        self._partitions = partitions
        self._turn = asyncio.Lock()
        self.alarms: list[str] = []  # what was found to be wrong, with its place

    async def catch_up(self) -> int:
        """Take in all that is on the log now; the answer is the number of records."""
        done = 0
        async with self._turn:
            for partition in range(self._partitions):
                while taken := await self._take(partition):
                    done += taken
        return done

    async def _take(self, partition: int) -> int:
        given = {"partition": partition}
        rows = await asyncio.to_thread(self._store.read, "read_conversation_position", given)
        start = int(rows[0][0]) if rows else 0
        records = await self._log.read(CONVERSATIONS, partition, start, BATCH)
        if records:
            work = partial(self._write, records)
            await asyncio.to_thread(self._store.write, work)
        return len(records)

    def _write(self, records: Sequence[Record], connection: "DuckDBPyConnection") -> None:
        """Runs in a thread and in one transaction."""
        heads: dict[str, ChatHead] = {}
        rows: list[Json] = []
        for record in records:
            try:
                written = read(record)
            except Undecodable as error:
                self._alarm(str(error))
                continue
            head = heads.get(written.stream_id) or _head(connection, written.stream_id)
            if not follows(head, written):
                self._tell_void(head, written, record)
                continue
            rows.append(_row(written))
            heads[written.stream_id] = after(written)
        _insert(connection, rows)
        last = records[-1]
        given = {"partition": last.partition, "position": last.offset + 1}
        connection.execute(sql("write_conversation_position"), given)

    def _tell_void(self, head: ChatHead, written: Written, record: Record) -> None:
        """One that another writer was quicker than is no alarm; a gap is."""
        if written.sequence > head.sequence + 1:
            place = f"{record.topic}/{record.partition}@{record.offset}"
            self._alarm(f"{place}: number {written.sequence} follows on {head.sequence}")

    def _alarm(self, text: str) -> None:
        self.alarms.append(text)
        logger.error("%s", text, extra={"action": "conversation_alarm"})


def conversation(store: Store, stream_id: str) -> list[Written]:
    """The events of one conversation, without the parts of answers that have ended."""
    return [_written(row) for row in store.read("conversation", {"stream_id": stream_id})]


def message(store: Store, stream_id: str, message_id: str) -> list[Written]:
    """All events of one message and its answer."""
    given = {"stream_id": stream_id, "message_id": message_id}
    return [_written(row) for row in store.read("conversation_message", given)]


def conversations_of(store: Store, tenant: str, principal: str) -> list[Begun]:
    """What somebody has begun, the one that was talked in last at the end."""
    rows = store.read("conversations_of", {"tenant": tenant, "principal": principal})
    return [Begun(*row) for row in rows]


def learning(store: Store, tenant: str, words: Sequence[str]) -> Json:
    """What the tasks of a tenant have shown: all together, by intent, and those like a question."""
    given = {"tenant": tenant}
    (row,) = store.read("learning_summary", given)
    names = ("tasks", "ended", "approved", "not_approved", "quality", "scored", "cost", "seconds")
    kinds = ("intent", "tasks", "approved", "quality", "refinements", "cost")
    likes = ("task_id", "request", "status", "quality_score", "shared")
    asked = {**given, "words": list(words), "least": min(2, len(words))}
    similar = store.read("learning_similar", asked) if words else []
    return {
        **dict(zip(names, row, strict=True)),
        "intents": [
            dict(zip(kinds, one, strict=True)) for one in store.read("learning_by_intent", given)
        ],
        "similar": [dict(zip(likes, one, strict=True)) for one in similar],
    }


def _insert(connection: "DuckDBPyConnection", rows: Sequence[Json]) -> None:
    """All at once, through an Arrow table."""
    import pyarrow as pa

    if not rows:
        return
    kinds = {"sequence": pa.int64(), "moment": pa.int64()}
    kinds |= dict.fromkeys(("sealed", "previous", "hash"), pa.binary())
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in rows[0]])
    connection.register("batch", pa.Table.from_pylist(list(rows), schema=schema))
    try:
        connection.execute(sql("write_conversation_events"))
    finally:
        connection.unregister("batch")


def _head(connection: "DuckDBPyConnection", stream_id: str) -> ChatHead:
    rows = connection.execute(sql("conversation_head"), {"stream_id": stream_id}).fetchall()
    return ChatHead(rows[0][0], bytes(rows[0][1]), rows[0][2]) if rows else ChatHead()


def _row(written: Written) -> Json:
    event = written.event
    opened = event if isinstance(event, ConversationOpened) else None
    return {
        "stream_id": written.stream_id,
        "sequence": written.sequence,
        "type": event.type,
        "message_id": getattr(event, "message_id", None),
        "tenant": opened.tenant if opened else None,
        "principal": opened.principal if opened else None,
        "moment": written.at,
        "event": event.model_dump_json(),
        "sealed": written.sealed,
        "previous": written.previous,
        "hash": written.hash,
    }


def _written(row: tuple[Any, ...]) -> Written:
    stream_id, sequence, at, event, sealed, previous, found = row
    return Written(
        stream_id,
        sequence,
        at,
        CHAT_EVENT.validate_python(json.loads(event)),
        None if sealed is None else bytes(sealed),
        bytes(previous),
        bytes(found),
    )

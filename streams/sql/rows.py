"""Records and snapshots to rows and back."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from pydantic_core import from_json, to_json

from streams.domain.errors import LogError
from streams.log import Record, Snapshot
from streams.sql.schema import fetch


def pack(
    records: Sequence[Record], offsets: Sequence[int], snapshots: Sequence[Snapshot]
) -> tuple[bytes, str, bytes]:
    """Records and snapshots as the view `commits` takes them."""
    parts = [b"\0"]  # never empty: SQLite's substr of an empty blob is null
    at = 2  # SQLite counts from 1
    rows: list[bytes] = []
    try:
        for record, offset in zip(records, offsets, strict=True):
            fields = (
                record.topic.encode(),
                record.key.encode(),
                to_json(record.headers),
                record.value,
            )
            key_at = at + len(fields[0])
            headers_at = key_at + len(fields[1])
            value_at = headers_at + len(fields[2])
            end_at = value_at + len(fields[3])
            place = (record.partition, offset, at, key_at, headers_at, value_at, end_at)
            rows.append(b"%6d%10d%10d%10d%10d%10d%10d" % place)
            parts += fields
            at = end_at
        kept: list[tuple[object, ...]] = []
        for snapshot in snapshots:
            end_at = at + len(snapshot.state or b"")
            state_at = None if snapshot.state is None else at
            kept.append((*_stub(snapshot), state_at, end_at))
            parts.append(snapshot.state or b"")
            at = end_at
        return b"".join(rows), to_json(kept).decode(), b"".join(parts)
    except ValueError as error:  # half of a surrogate pair, for example
        raise LogError(f"A record cannot be written as UTF-8: {error}") from error


def _stub(snapshot: Snapshot) -> tuple[object, ...]:
    return (
        snapshot.task_id,
        snapshot.sequence,
        snapshot.hash,
        snapshot.at,
        snapshot.input_offset,
        snapshot.evolve_version,
        snapshot.outcome,
    )


def read_records(
    name: str, topic: str, given: dict[str, Any], connection: sqlite3.Connection
) -> list[Record]:
    """Up to `limit` records by one of the statements that answer with a JSON array."""
    partition, limit = given["partition"], given["limit"]
    try:
        rows = from_json(fetch(connection, name, given)[0][0])
    except sqlite3.DataError:  # more than SQLite's longest string: ask for less at once
        if limit == 1:
            raise
        half = {**given, "limit": limit // 2}
        records = read_records(name, topic, half, connection)
        if len(records) == limit // 2:
            rest = {**given, "limit": limit - limit // 2, "offset": records[-1].offset + 1}
            records += read_records(name, topic, rest, connection)
        return records
    return [
        Record(topic, partition, key, bytes.fromhex(value), headers, offset)
        for offset, key, headers, value in rows
    ]


def read_snapshots(
    name: str, given: dict[str, Any], connection: sqlite3.Connection
) -> list[Snapshot]:
    """Snapshots by one of the statements that answer with a JSON array."""
    return [
        Snapshot(*[*stub, None if state is None else bytes.fromhex(state)])
        for *stub, state in from_json(fetch(connection, name, given)[0][0])
    ]

"""All events as one file, for other tools: Parquet, or JSON lines."""

import asyncio
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from pydantic_core import from_json

from projections.model import INTEGER, MOMENT, TEXT, Row, arrow_table
from streams.log import EVENTS, Log, Record

BATCH = 2_000  # events read at once; each batch becomes a row group of Parquet
COLUMNS = {
    "partition": INTEGER,
    "offset": INTEGER,
    "task_id": TEXT,
    "sequence": INTEGER,
    "type": TEXT,
    "at": MOMENT,
    "causation_id": TEXT,
    "correlation_id": TEXT,
    "hash": TEXT,
    "body": TEXT,
}


class Writer(Protocol):
    """A file of one format, while it is written."""

    def write(self, records: Sequence[Record]) -> None:
        """Some events more."""

    def close(self) -> None:
        """Nothing more comes."""


async def export_events(log: Log, path: Path, fmt: str) -> int:
    """Write the events of all partitions that are on the log now, in the order of their offsets.

    Args:
        log: where the events are.
        path: the file to make or replace; it appears only when it is complete.
        fmt: `parquet` (zstd; the body is JSON text) or `jsonl` (a line each, the body an object).

    Returns:
        The number of events that were written.

    Raises:
        ValueError: there is no such format.
        OSError: the file cannot be written; nothing of it stays.
    """
    if fmt not in WRITERS:
        raise ValueError(f"There is no format {fmt!r}: choose one of {', '.join(WRITERS)}.")
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{uuid4().hex[:8]}.partial")
    try:
        events = await _write_all(log, partial(WRITERS[fmt], unfinished))
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return events


async def _write_all(log: Log, opened: Callable[[], Writer]) -> int:
    events = 0
    writer = opened()
    try:
        for number in range(log.partitions):
            offset, end = 0, await log.end(EVENTS, number)
            while offset < end and (records := await log.read(EVENTS, number, offset, BATCH)):
                records = [record for record in records if record.offset < end]
                await _in_thread(partial(writer.write, records))
                events += len(records)
                offset = records[-1].offset + 1 if records else end
    finally:
        await _in_thread(writer.close)
    return events


async def _in_thread(work: Callable[[], None]) -> None:
    """Work in a thread; when cancelled, wait for its end, since the file must not go before."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        await asyncio.shield(running)
    except asyncio.CancelledError:
        with suppress(Exception):
            await running
        raise


class ParquetFile:
    """A Parquet file with zstd, of which one row group is in memory."""

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet as pq

        self._writer: Any = None
        self._open = partial(pq.ParquetWriter, path, compression="zstd")
        self.write([])  # a file without events has its columns all the same

    def write(self, records: Sequence[Record]) -> None:
        """See `Writer.write`."""
        table = arrow_table(COLUMNS, [_row(record) for record in records])
        if self._writer is None:
            self._writer = self._open(table.schema)
        if records:
            self._writer.write_table(table)

    def close(self) -> None:
        """See `Writer.close`."""
        self._writer.close()


class LinesFile:
    """A file of JSON lines."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def write(self, records: Sequence[Record]) -> None:
        """See `Writer.write`."""
        self._file.writelines(_line(record) for record in records)

    def close(self) -> None:
        """See `Writer.close`."""
        self._file.close()


WRITERS: dict[str, Callable[[Path], Writer]] = {"parquet": ParquetFile, "jsonl": LinesFile}


def _row(record: Record) -> Row:
    """The values of `COLUMNS`; an erased event has no body, a damaged one only what can be read."""
    headers = record.headers
    return (
        record.partition,
        record.offset,
        record.key,
        _number(headers.get("sequence")),
        headers.get("type"),
        _number(headers.get("time")),
        headers.get("causationid"),
        headers.get("correlationid"),
        headers.get("hash"),
        None if "digest" in headers else record.value.decode(errors="replace"),
    )


def _line(record: Record) -> bytes:
    """One event as one line, with the bytes of its body as they are stored."""
    *fields, body = _row(record)
    known = dict(zip(COLUMNS, fields, strict=False))
    start = json.dumps(known, ensure_ascii=False).removesuffix("}").encode()
    stored = b"null" if body is None else record.value
    try:
        from_json(stored)
        is_line = b"\n" not in stored
    except ValueError:
        is_line = False
    return b'%s, "body": %s}\n' % (start, stored if is_line else json.dumps(body).encode())


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None

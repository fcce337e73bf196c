"""All events as one file, for other tools: Parquet, or JSON lines."""

import json
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol
from uuid import uuid4

from streams.domain.values import Json
from streams.log import EVENTS, Log, Record

BATCH = 5_000  # events read at once
ROW_GROUP = 16 * 1024 * 1024  # bytes of bodies after which a Parquet row group is written

Format = Literal["parquet", "jsonl"]


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export has written."""

    events: int
    tasks: int
    bytes: int


async def export_events(log: Log, path: Path, fmt: Format) -> Exported:
    """Write the events of all partitions that are on the log now, in the order of their offsets.

    Args:
        log: where the events are.
        path: the file to make or replace; it appears only when it is complete.
        fmt: `parquet` (zstd; the body is JSON text) or `jsonl` (one event a line, the body an object).

    Raises:
        ValueError: there is no such format.
        OSError: the file cannot be written; nothing of it stays.
    """
    if fmt not in WRITERS:
        raise ValueError(f"There is no format {fmt!r}: choose one of {', '.join(WRITERS)}.")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{uuid4().hex}.partial")
    try:
        events, tasks = await _write(log, WRITERS[fmt](partial))
        size = partial.stat().st_size
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return Exported(events, tasks, size)

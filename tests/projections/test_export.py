"""All events as one file."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from projections import export
from projections.export import export_events
from streams.log import Commit, Record
from streams.memory import MemoryLog
from tests.projections.histories import Copy, events_of, memory_histories


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


async def test_parquet_holds_every_event_with_its_header_and_body(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.parquet as pq

    monkeypatch.setattr(export, "BATCH", 100)
    log = await memory_histories(partitions=2)
    events = [*await events_of(log, 0), *await events_of(log, 1)]

    count = await export_events(log, tmp_path / "deep" / "events.parquet", "parquet")

    table = pq.read_table(tmp_path / "deep" / "events.parquet")
    rows = table.to_pylist()
    assert count == len(events) == len(rows)
    assert [(r["partition"], r["offset"]) for r in rows] == [
        (e.partition, e.offset) for e in events
    ]
    first, given = rows[0], events[0]
    assert first["task_id"] == given.key
    assert first["body"].encode() == given.value
    assert first["hash"] == given.headers["hash"]
    assert first["sequence"] == 1
    assert first["causation_id"] == given.headers["causationid"]
    assert first["correlation_id"] == given.headers["correlationid"]
    assert first["at"] == datetime.fromtimestamp(int(given.headers["time"]) / 1000, UTC)
    assert pq.ParquetFile(tmp_path / "deep" / "events.parquet").num_row_groups > 1
    assert table.column_names == list(export.COLUMNS)


async def test_lines_hold_every_event_with_its_body_as_an_object(
    lived: MemoryLog, tmp_path: Path
) -> None:
    events = await events_of(lived)

    count = await export_events(lived, tmp_path / "events.jsonl", "jsonl")

    lines = lines_of(tmp_path / "events.jsonl")
    assert count == len(lines) == len(events)
    for line, event in zip(lines, events, strict=True):
        assert line["body"] == json.loads(event.value)
        assert line["at"] == int(event.headers["time"])
        assert (line["task_id"], line["type"]) == (event.key, event.headers["type"])


@pytest.mark.parametrize("fmt", ["parquet", "jsonl"])
async def test_an_empty_log_makes_a_valid_file(tmp_path: Path, fmt: str) -> None:
    import pyarrow.parquet as pq

    path = tmp_path / "none"

    assert await export_events(MemoryLog(), path, fmt) == 0

    if fmt == "parquet":
        assert pq.read_table(path).num_rows == 0
    else:
        assert path.read_bytes() == b""


async def test_erased_and_damaged_events_are_exported_as_far_as_they_go(
    lived: MemoryLog, tmp_path: Path
) -> None:
    events = [replace(event, offset=-1) for event in (await events_of(lived))[:3]]
    events[0] = replace(events[0], value=b"", headers={**events[0].headers, "digest": "00"})
    events[1] = replace(events[1], value=b"{no json\n", headers={"sequence": "x"})
    copy = Copy(events)
    await copy.take(3)

    await export_events(copy.log, tmp_path / "events.jsonl", "jsonl")
    await export_events(copy.log, tmp_path / "events.parquet", "parquet")

    lines = lines_of(tmp_path / "events.jsonl")
    assert [line["body"] for line in lines[:2]] == [None, "{no json\n"]
    assert lines[1]["sequence"] is None


class BreakingLog(MemoryLog):
    """A log that cannot be read to its end."""

    async def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Record]:
        if offset:
            raise OSError("the disk is gone")
        return (await super().read(topic, partition, offset, limit))[:5]


@pytest.mark.parametrize("fmt", ["parquet", "jsonl"])
async def test_a_partial_file_never_stays(lived: MemoryLog, tmp_path: Path, fmt: str) -> None:
    log = BreakingLog()
    lease = await log.acquire(0, "test")
    await log.commit(lease, Commit([replace(r, offset=-1) for r in await events_of(lived)]))
    (tmp_path / "events").write_text("an earlier export")

    with pytest.raises(OSError, match="the disk is gone"):
        await export_events(log, tmp_path / "events", fmt)

    assert [file.name for file in tmp_path.iterdir()] == ["events"]  # noqa: ASYNC240
    assert (tmp_path / "events").read_text() == "an earlier export"


async def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="parquet, jsonl"):
        await export_events(MemoryLog(), tmp_path / "events", "csv")

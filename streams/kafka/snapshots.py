"""What the topic `snapshots` holds of one partition: states of open tasks, stubs of closed ones,
and how far its owner is.

The topic is compacted and read from its beginning once; afterwards the owner knows what it writes,
and others read what has come. All stubs are kept in memory, about half a kilobyte each.
"""

import asyncio
import json
from dataclasses import dataclass, field

from streams.kafka.reader import Reader
from streams.log import Record, Recovery, Snapshot
from streams.topics import SNAPSHOTS

_MARK = "$mark"  # the key of how far the owner is; no task can be called so
_READ = 2_000


@dataclass(frozen=True, slots=True)
class Mark:
    """How far an owner is: see `streams.log.Commit`."""

    position: int = 0
    watermark: int = 0

    def moved(self, position: int | None, watermark: int | None) -> "Mark":
        """The mark after a commit."""
        return Mark(
            self.position if position is None else position, max(self.watermark, watermark or 0)
        )


@dataclass(slots=True)
class Kept:
    """The newest of everything in one partition of the topic."""

    partition: int
    mark: Mark = Mark()
    snapshots: dict[str, Snapshot] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    following: int = 0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def catch_up(self, reader: Reader, at_least: int = 0) -> None:
        """Read what has come."""
        async with self._turn:
            while records := await reader.read(
                SNAPSHOTS, self.partition, self.following, _READ, at_least=at_least
            ):
                for record in records:
                    self.take(record)
                self.following = records[-1].offset + 1

    def take(self, record: Record) -> None:
        """One record of the topic, in order."""
        if record.key == _MARK:
            self.mark = Mark(**json.loads(record.value))
            return
        snapshot = _snapshot(record)
        self.snapshots[record.key] = snapshot
        text = record.headers.get("places", "")
        if text:
            self.places[record.key] = text
        else:
            self.places.pop(record.key, None)

    def recovery(self) -> Recovery:
        """What a new owner needs."""
        is_open = [snapshot for snapshot in self.snapshots.values() if snapshot.is_open]
        return Recovery(self.mark.position, self.mark.watermark, is_open)


def snapshot_record(snapshot: Snapshot, partition: int, places: str) -> Record:
    """A snapshot as a record; `places` tells where the task's events lie, if that is known."""
    headers = {
        "id": f"{snapshot.task_id}/{snapshot.sequence}",
        "type": "snapshot.v1",
        "time": str(snapshot.at),
        "sequence": str(snapshot.sequence),
        "hash": snapshot.hash,
        "inputoffset": str(snapshot.input_offset),
        "evolveversion": str(snapshot.evolve_version),
        "life": "open" if snapshot.is_open else "closed",
    }
    if snapshot.outcome is not None:
        headers["outcome"] = snapshot.outcome
    if places:
        headers["places"] = places
    return Record(SNAPSHOTS, partition, snapshot.task_id, snapshot.state or b"", headers)


def mark_record(mark: Mark, partition: int) -> Record:
    """How far the owner is, as a record."""
    value = {"position": mark.position, "watermark": mark.watermark}
    return Record(SNAPSHOTS, partition, _MARK, json.dumps(value).encode())


def _snapshot(record: Record) -> Snapshot:
    headers = record.headers
    return Snapshot(
        task_id=record.key,
        sequence=int(headers["sequence"]),
        hash=headers["hash"],
        at=int(headers["time"]),
        input_offset=int(headers["inputoffset"]),
        evolve_version=int(headers["evolveversion"]),
        outcome=headers.get("outcome"),
        state=record.value if headers["life"] == "open" else None,
    )

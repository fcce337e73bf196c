"""A log in memory, for tests: its coroutines never wait, and a clone shares every record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Self

from streams.domain.errors import Fenced
from streams.log import EVENTS, Commit, Lease, Record, Recovery, Snapshot
from streams.offsets import TopicPartition, assign, check_partition, check_places


class MemoryLog:
    """The port to a log, over plain dicts and lists.

    With `is_position_lazy`, a commit keeps its position aside until `flush_positions()`, as a
    broker does that commits offsets after the transaction: after a crash in between, a new owner
    reads some inputs again.
    """

    def __init__(
        self, partitions: int = 1, log_id: str = "memory", is_position_lazy: bool = False
    ) -> None:
        self._partitions = partitions
        self._log_id = log_id
        self._is_position_lazy = is_position_lazy
        self._records: dict[TopicPartition, list[Record]] = {}
        self._snapshots: dict[int, dict[str, Snapshot]] = {}
        self._epochs: dict[int, int] = {}
        self._positions: dict[int, int] = {}
        self._late_positions: dict[int, int] = {}
        self._watermarks: dict[int, int] = {}
        self._consumers: dict[tuple[str, str, int], int] = {}

    @property
    def log_id(self) -> str:
        """The name that was given."""
        return self._log_id

    @property
    def partitions(self) -> int:
        """The number that was given."""
        return self._partitions

    @property
    def records(self) -> Mapping[TopicPartition, Sequence[Record]]:
        """All that was written, by topic and partition."""
        return self._records

    def clone(self) -> Self:
        """An independent log with the same content, its late positions included."""
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin._records = {place: list(records) for place, records in self._records.items()}
        twin._snapshots = {partition: dict(kept) for partition, kept in self._snapshots.items()}
        twin._epochs = dict(self._epochs)
        twin._positions = dict(self._positions)
        twin._late_positions = dict(self._late_positions)
        twin._watermarks = dict(self._watermarks)
        twin._consumers = dict(self._consumers)
        return twin

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """Records and snapshots are immutable, so a clone is a deep copy."""
        return self.clone()

    def flush_positions(self) -> None:
        """Make the positions visible that lazy commits have kept aside."""
        self._positions |= self._late_positions
        self._late_positions.clear()

    async def append(self, records: Sequence[Record]) -> list[int]:
        """See `Log.append`."""
        check_places(records, self._partitions, None)
        offsets, _ = assign(records, self._end)
        self._write(records, offsets)
        return offsets

    async def acquire(self, partition: int, owner: str) -> Lease:
        """See `Log.acquire`. What the former owner had not flushed is lost."""
        check_partition(partition, self._partitions)
        epoch = self._epochs.get(partition, 0) + 1
        self._epochs[partition] = epoch
        self._late_positions.pop(partition, None)
        return Lease(partition, owner, epoch)

    async def commit(self, lease: Lease, commit: Commit) -> dict[str, int]:
        """See `Log.commit`."""
        partition = lease.partition
        if self._epochs.get(partition) != lease.epoch:
            raise Fenced
        check_places(commit.records, self._partitions, lease)
        offsets, ends = assign(commit.records, self._end)

        self._write(commit.records, offsets)
        kept = self._snapshots.setdefault(partition, {})
        kept.update((snapshot.task_id, snapshot) for snapshot in commit.snapshots)
        if commit.position is not None:
            late = self._late_positions if self._is_position_lazy else self._positions
            late[partition] = commit.position
        if commit.watermark is not None:
            self._watermarks[partition] = max(commit.watermark, self._watermarks.get(partition, 0))
        return {topic: end for (topic, place), end in ends.items() if place == partition}

    async def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Record]:
        """See `Log.read`."""
        first = max(offset, 0)
        return self._records.get((topic, partition), [])[first : first + max(limit, 0)]

    async def end(self, topic: str, partition: int) -> int:
        """See `Log.end`."""
        return self._end((topic, partition))

    async def history(self, partition: int, task_id: str) -> list[Record]:
        """See `Log.history`."""
        events = self._records.get((EVENTS, partition), [])
        return [record for record in events if record.key == task_id]

    async def recover(self, partition: int) -> Recovery:
        """See `Log.recover`."""
        kept = self._snapshots.get(partition, {}).values()
        return Recovery(
            self._positions.get(partition, 0),
            self._watermarks.get(partition, 0),
            [snapshot for snapshot in kept if snapshot.is_open],
        )

    async def snapshots(self, partition: int, task_ids: Iterable[str]) -> dict[str, Snapshot]:
        """See `Log.snapshots`."""
        kept = self._snapshots.get(partition, {})
        return {task_id: kept[task_id] for task_id in task_ids if task_id in kept}

    async def position(self, consumer: str, topic: str, partition: int) -> int:
        """See `Log.position`."""
        return self._consumers.get((consumer, topic, partition), 0)

    async def save_position(self, consumer: str, topic: str, partition: int, offset: int) -> None:
        """See `Log.save_position`."""
        self._consumers[consumer, topic, partition] = offset

    async def close(self) -> None:
        """Nothing to let go of."""

    def _end(self, place: TopicPartition) -> int:
        return len(self._records.get(place, ()))

    def _write(self, records: Sequence[Record], offsets: Sequence[int]) -> None:
        for record, offset in zip(records, offsets, strict=True):
            self._records.setdefault((record.topic, record.partition), []).append(
                record if record.offset == offset else replace(record, offset=offset)
            )

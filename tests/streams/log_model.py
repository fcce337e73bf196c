"""Some records and snapshots, and what a log should hold after any sequence of writes."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

import pytest
from hypothesis import strategies as st

from streams.domain.errors import Fenced
from streams.log import EVENTS, INPUTS, Commit, Lease, Log, Record, Recovery, Snapshot

PARTITIONS = 2


def event(key: str = "task-1", value: bytes = b"{}", *, partition: int = 0) -> Record:
    return Record(EVENTS, partition, key, value, {"type": "plan_drafted.v1"})


def an_input(key: str = "task-1", value: bytes = b"{}", *, partition: int = 0) -> Record:
    return Record(INPUTS, partition, key, value)


def snapshot(task_id: str = "task-1", sequence: int = 1, state: bytes | None = b"{}") -> Snapshot:
    outcome = "approved" if state is None else None
    return Snapshot(task_id, sequence, "ab" * 32, 1_760_000_000_000, 7, 3, outcome, state)


def are_placed(offsets: list[int], dense: list[int], has_gaps: bool) -> bool:
    """Whether records lie where they must; a broker may leave gaps, but keeps the order."""
    if not has_gaps:
        return offsets == dense
    is_rising = all(one < next_ for one, next_ in pairwise(offsets))
    return is_rising and all(o >= d for o, d in zip(offsets, dense, strict=True))


def are_same(found: list[Record], written: list[Record], has_gaps: bool) -> bool:
    """Whether these are the records that were written, each where it must lie."""
    if [replace(f, offset=-1) for f in found] != [replace(w, offset=-1) for w in written]:
        return False
    return are_placed([f.offset for f in found], [w.offset for w in written], has_gaps)


def by_task(recovery: Recovery) -> dict[str, Snapshot]:
    return {found.task_id: found for found in recovery.snapshots}


@dataclass
class Model:
    """What a log should hold."""

    records: dict[tuple[str, int], list[Record]] = field(default_factory=dict)
    snapshots: dict[tuple[int, str], Snapshot] = field(default_factory=dict)
    leases: dict[int, list[Lease]] = field(default_factory=dict)
    watermarks: dict[int, int] = field(default_factory=dict)

    def write(self, records: list[Record]) -> None:
        for record in records:
            kept = self.records.setdefault((record.topic, record.partition), [])
            kept.append(replace(record, offset=len(kept)))

    async def check(self, log: Log, has_gaps: bool = False) -> None:
        for topic, partition in ((t, p) for t in TOPICS for p in range(PARTITIONS)):
            kept = self.records.get((topic, partition), [])
            found = await log.read(topic, partition, 0, 1000)
            assert are_same(found, kept, has_gaps)
            end = await log.end(topic, partition)
            assert end >= len(kept) if has_gaps else end == len(kept)
        for partition in range(PARTITIONS):
            mine = {task: s for (place, task), s in self.snapshots.items() if place == partition}
            assert await log.snapshots(partition, KEYS) == mine
            recovery = await log.recover(partition)
            assert by_task(recovery) == {task: s for task, s in mine.items() if s.is_open}
            assert recovery.watermark == self.watermarks.get(partition, 0)
            for key in KEYS:
                events = self.records.get((EVENTS, partition), [])
                mine_only = [e for e in events if e.key == key]
                assert are_same(await log.history(partition, key), mine_only, has_gaps)


@dataclass(frozen=True)
class Take:
    partition: int

    async def run(self, log: Log, model: Model) -> None:
        lease = await log.acquire(self.partition, "me")
        model.leases.setdefault(self.partition, []).append(lease)


@dataclass(frozen=True)
class Append:
    records: list[Record]

    async def run(self, log: Log, model: Model) -> None:
        await log.append(self.records)
        model.write(self.records)


@dataclass(frozen=True)
class Write:
    """A commit with a lease from some time ago; only the newest one may succeed."""

    partition: int
    age: int
    records: list[Record]
    snapshots: list[Snapshot]
    watermark: int | None

    async def run(self, log: Log, model: Model) -> None:
        leases = model.leases.get(self.partition) or [Lease(self.partition, "nobody", 1)]
        lease = leases[max(-1 - self.age, -len(leases))]
        records = [replace(record, partition=self.partition) for record in self.records]
        commit = Commit(records, self.snapshots, None, self.watermark)
        if lease is not model.leases.get(self.partition, [None])[-1]:
            with pytest.raises(Fenced):
                await log.commit(lease, commit)
            return
        await log.commit(lease, commit)
        model.write(records)
        model.snapshots |= {(self.partition, s.task_id): s for s in self.snapshots}
        highest = max(model.watermarks.get(self.partition, 0), self.watermark or 0)
        model.watermarks[self.partition] = highest


Step = Take | Append | Write | None  # None: the next process opens the log
TOPICS = [EVENTS, INPUTS, "commands.content"]
KEYS = ["a", "b", "ü"]
PLACES = st.integers(0, PARTITIONS - 1)
HEADERS = st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=3)


def records_of(topics: list[str]) -> st.SearchStrategy[list[Record]]:
    keys, values = st.sampled_from(KEYS), st.binary(max_size=40)
    return st.lists(
        st.builds(Record, st.sampled_from(topics), PLACES, keys, values, HEADERS), max_size=6
    )


SNAPSHOTS = st.lists(
    st.builds(
        snapshot, st.sampled_from(KEYS), st.integers(1, 9), st.none() | st.binary(max_size=20)
    ),
    max_size=3,
)
STEP: st.SearchStrategy[Step] = st.one_of(
    st.none(),
    st.builds(Take, PLACES),
    st.builds(Append, records_of(TOPICS[1:])),
    st.builds(
        Write,
        PLACES,
        st.sampled_from([0, 0, 0, 1]),
        records_of(TOPICS),
        SNAPSHOTS,
        st.none() | st.integers(0, 50),
    ),
)

"""The batch around the pure core: read inputs, load states, decide, and hand over what to commit,
all at once.

One conductor owns one partition and keeps the states of its open tasks in memory. It is ahead of
the log between `handle` and the commit; when a commit fails for good it must be thrown away, and a
new one refolds.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256

from streams.batch import Answer, Arrival, Handled, Verdict, answer_of
from streams.chain import Head, link
from streams.decider import Core
from streams.domain.commands import Command
from streams.domain.errors import LogCorrupted, Undecidable, Undecodable
from streams.domain.events import CommandIssued, Event, InputFailed
from streams.domain.inputs import Input
from streams.domain.state import STATE, Life, TaskState
from streams.domain.values import Milliseconds
from streams.envelope import StoredEvent, command_record, dead_letter, read_event, read_input, seal
from streams.log import EVENTS, Commit, Lease, Log, Record, Snapshot
from streams.phases.decision import Decision

# Closed tasks kept in memory, so that what follows their end at once needs no reading.
RECENT = 1_000
READ = 5_000  # events read at a time on taking over
_MOMENT = re.compile(r"[0-9]{1,15}")
_BEGINNINGS = frozenset({"submit_request.v1", "dispatch_command.v1", "fork_task.v1"})


@dataclass(slots=True)
class _Entry:
    state: TaskState
    head: Head = field(default_factory=Head)
    is_whole: bool = True  # False: only known to be closed
    unsaved: int = 0  # batches with its events that are not committed yet


@dataclass(frozen=True, slots=True)
class _Unread:
    """Stands for an input that could not be read, where its task is told about it."""

    input_id: str
    salt: str
    correlation_id: str | None = None
    traceparent: str | None = None


class _Batch:
    """What a batch has led to so far."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.commands: list[Command] = []
        self.answers: list[Answer] = []
        self.touched: dict[str, _Entry] = {}


class Conductor:
    """The only writer of one partition's events, as long as its lease holds."""

    def __init__(
        self, lease: Lease, core: Core | None = None, *, snapshot_after: int = 2_000
    ) -> None:
        self.lease = lease
        self.core = core or Core()
        self.position = 0
        self._snapshot_after = snapshot_after
        self._entries: dict[str, _Entry] = {}
        # Both are emptied from the front, where a plain dict looks through all it has lost.
        # Open task: end of the events when it first changed since its snapshot.
        self._dirty: OrderedDict[str, int] = OrderedDict()
        self._recent: OrderedDict[str, None] = OrderedDict()
        self._end = 0
        self._watermark = 0

    @classmethod
    async def take_over(
        cls,
        log: Log,
        partition: int,
        owner: str,
        core: Core | None = None,
        *,
        snapshot_after: int = 2_000,
    ) -> "Conductor":
        """Become the owner of a partition: fence the former one, and fold what is on the log up to
        its end.

        Raises:
            LogCorrupted: a history has a gap or a broken chain; the message says where.
        """
        lease = await log.acquire(partition, owner)
        return await cls._recovered(log, cls(lease, core, snapshot_after=snapshot_after))

    @classmethod
    async def look(cls, log: Log, partition: int, core: Core | None = None) -> "Conductor":
        """What an owner would have in memory now, without becoming the owner: for reading only."""
        return await cls._recovered(log, cls(Lease(partition, "", 0), core))

    @classmethod
    async def _recovered(cls, log: Log, conductor: "Conductor") -> "Conductor":
        partition = conductor.lease.partition
        recovery = await log.recover(partition)
        conductor.position = recovery.position
        conductor._watermark = recovery.watermark
        for snapshot in recovery.snapshots:
            await conductor._restore(log, snapshot)
        saved = {snapshot.task_id: snapshot.sequence for snapshot in recovery.snapshots}
        unknown = await conductor._fold(log, recovery.watermark, saved)
        conductor._end = await log.end(EVENTS, partition)
        stubs = await log.snapshots(partition, unknown)
        for task_id, sequence in unknown.items():
            if task_id not in stubs or stubs[task_id].sequence < sequence:
                await conductor._read_history(log, task_id)
        conductor._drop_closed()
        return conductor

    def states(self) -> dict[str, TaskState]:
        """The states of all tasks in memory."""
        return {task_id: entry.state for task_id, entry in self._entries.items() if entry.is_whole}

    def sequences(self) -> dict[str, int]:
        """The newest sequence of all tasks in memory."""
        return {
            task_id: entry.head.sequence
            for task_id, entry in self._entries.items()
            if entry.is_whole
        }

    async def load(self, log: Log, arrivals: Sequence[Arrival]) -> None:
        """Bring the states of the tasks that these inputs are for into memory."""
        begins = {a.record.key: True for a in arrivals}
        for arrival in arrivals:
            begins[arrival.record.key] &= arrival.record.headers.get("type") in _BEGINNINGS
        absent: set[str] = set()
        # While one task is read another may be forgotten, so look again until nothing is missing.
        while wanted := [
            t for t, is_start in begins.items() if t not in absent and not self._has(t, is_start)
        ]:
            found = await log.snapshots(self.lease.partition, wanted)
            absent.update(task_id for task_id in wanted if task_id not in found)
            for task_id, snapshot in found.items():
                if begins[task_id]:
                    self._entries[task_id] = _stub(snapshot)
                else:
                    await self._read_history(log, task_id)

    def _has(self, task_id: str, is_start: bool) -> bool:
        entry = self._entries.get(task_id)
        return entry is not None and (entry.is_whole or is_start)

    def handle(self, arrivals: Sequence[Arrival]) -> Handled:
        """Decide a batch of inputs, in order. Their tasks must be loaded. Never raises for what
        an input says."""
        batch = _Batch()
        for arrival in arrivals:
            if not arrival.is_stored:
                batch.records.append(arrival.record)
            batch.answers.append(self._decide(arrival, batch))
        if arrivals:
            self.position = arrivals[-1].record.offset + 1
            self._evict({arrival.record.key for arrival in arrivals} - batch.touched.keys())
        snapshots = self._snapshots(batch)
        watermark = next(iter(self._dirty.values()), self._end)
        is_newer = watermark > self._watermark
        self._watermark = max(watermark, self._watermark)
        batch.records += [command_record(c, self.lease.partition) for c in batch.commands]
        return Handled(
            commit=Commit(
                batch.records, snapshots, self.position, self._watermark if is_newer else None
            ),
            answers=batch.answers,
            commands=batch.commands,
            states={task_id: entry.state for task_id, entry in batch.touched.items()},
            sequences={task_id: entry.head.sequence for task_id, entry in batch.touched.items()},
        )

    def committed(self, handled: Handled, ends: dict[str, int]) -> None:
        """The log has kept this batch."""
        self._end = max(self._end, ends.get(EVENTS, 0))
        for task_id in handled.states:
            self._entries[task_id].unsaved -= 1
        self._evict(handled.states)

    def _evict(self, task_ids: Iterable[str]) -> None:
        """Forget closed tasks after a while, but never one whose end is not on the log yet."""
        for task_id in task_ids:
            entry = self._entries.get(task_id)
            if entry is not None and entry.state.life is Life.CLOSED:
                self._recent.pop(task_id, None)
                self._recent[task_id] = None
        while len(self._recent) > RECENT:
            oldest, _ = self._recent.popitem(last=False)
            kept = self._entries.get(oldest)
            if kept is not None and kept.state.life is Life.CLOSED and not kept.unsaved:
                del self._entries[oldest]

    def _decide(self, arrival: Arrival, batch: _Batch) -> Answer:
        record = arrival.record
        entry = self._entries.get(record.key)
        if entry is None:
            entry = _Entry(TaskState(task_id=record.key))
        if record.offset <= entry.head.input_offset:
            return Answer(Verdict.REPEATED, record.key, entry.head.sequence)
        try:
            given = arrival.value or read_input(record)
        except Undecodable as error:
            unread = _Unread(_input_id(record), sha256(record.value).hexdigest()[:32])
            return self._bury(record, entry, unread, error, error.pointer, _time(record), batch)
        at = max(entry.head.at, given.at)
        try:
            decision = self.core.decide(given, entry.state, at)
            commands = self._react(decision)
        # A bug in the core must not stop the others, nor lose this input.
        except Exception as error:
            return self._bury(record, entry, given, error, "", at, batch)
        if not decision.events:
            return Answer(Verdict.REPEATED, record.key, entry.head.sequence)
        self._seal(entry, decision.events, decision.state, given, record, at, batch)
        batch.commands += commands
        return answer_of(decision.events[-1], record.key, entry.head.sequence)

    def _react(self, decision: Decision) -> list[Command]:
        """What agents must do now. A command that the same decision withdrew again is not sent."""
        state = decision.state
        commands = [
            self.core.react(event, state)
            for event in decision.events
            if isinstance(event, CommandIssued) and event.command_id in state.commands
        ]
        return [command for command in commands if command is not None]

    def _seal(
        self,
        entry: _Entry,
        events: Sequence[Event],
        state: TaskState,
        given: Input | _Unread,
        record: Record,
        at: Milliseconds,
        batch: _Batch,
    ) -> None:
        task_id = record.key
        head, sealed = seal(
            entry.head,
            events,
            task_id=task_id,
            at=at,
            given=given,
            input_offset=record.offset,
            partition=self.lease.partition,
        )
        batch.records += sealed
        entry.state, entry.head = state, head
        self._entries[task_id] = entry
        if task_id not in batch.touched:
            batch.touched[task_id] = entry
            entry.unsaved += 1

    def _bury(
        self,
        record: Record,
        entry: _Entry,
        given: Input | _Unread,
        error: Exception,
        pointer: str,
        at: Milliseconds,
        batch: _Batch,
    ) -> Answer:
        """Put an input into the dead letters, and tell its task if there is one."""
        is_expected = isinstance(error, Undecidable | Undecodable)
        reason = str(error) if is_expected else f"the core failed: {type(error).__name__}: {error}"
        batch.records.append(dead_letter(record, reason, pointer=pointer, at=at))
        if entry.head.sequence and entry.is_whole:
            failed = InputFailed(
                input_type=record.headers.get("type", ""),
                input_id=given.input_id,
                reason=reason[:2000],
            )
            at = max(at, entry.head.at)
            state = self.core.evolve(entry.state, failed, at)
            self._seal(entry, [failed], state, given, record, at, batch)
        return Answer(Verdict.DEAD_LETTERED, record.key, entry.head.sequence, reason, pointer)

    def _snapshots(self, batch: _Batch) -> list[Snapshot]:
        """Stubs of what has closed, and states of what has been open and changed for long
        enough."""
        due: list[Snapshot] = []
        for task_id, entry in batch.touched.items():
            if entry.state.life is Life.CLOSED:
                self._dirty.pop(task_id, None)
                due.append(self._snapshot(task_id, entry))
            else:
                self._dirty.setdefault(task_id, self._end)
        while self._dirty:
            oldest, since = next(iter(self._dirty.items()))
            if self._end - since < self._snapshot_after:
                break
            del self._dirty[oldest]
            due.append(self._snapshot(oldest, self._entries[oldest]))
        return due

    def _snapshot(self, task_id: str, entry: _Entry) -> Snapshot:
        is_closed = entry.state.life is Life.CLOSED
        return Snapshot(
            task_id=task_id,
            sequence=entry.head.sequence,
            hash=entry.head.hash.hex(),
            at=entry.head.at,
            input_offset=entry.head.input_offset,
            evolve_version=self.core.evolve_version,
            outcome=entry.state.outcome.value if entry.state.outcome else None,
            state=None if is_closed else STATE.dump_json(entry.state),
        )

    async def _restore(self, log: Log, snapshot: Snapshot) -> None:
        if snapshot.evolve_version == self.core.evolve_version and snapshot.state is not None:
            # A snapshot is only a cache: if it is damaged, the events are the truth.
            with suppress(ValueError):
                entry = _Entry(STATE.validate_json(snapshot.state), _head(snapshot))
                self._entries[snapshot.task_id] = entry
                return
        await self._read_history(log, snapshot.task_id)

    async def _fold(self, log: Log, offset: int, saved: Mapping[str, int]) -> dict[str, int]:
        """Fold the events from `offset` on; `saved` names the sequences of the snapshots.

        The answer names tasks whose beginning lies before, with their newest sequence."""
        unknown: dict[str, int] = {}
        while records := await log.read(EVENTS, self.lease.partition, offset, READ):
            for record in records:
                stored = read_event(record)
                header = stored.header
                entry = self._entries.get(header.task_id)
                if entry is None and header.sequence > 1:
                    unknown[header.task_id] = header.sequence
                elif entry is None or header.sequence > entry.head.sequence:
                    self._apply(stored)
                # The watermark must not pass what no snapshot contains.
                if header.sequence > saved.get(header.task_id, 0):
                    self._dirty.setdefault(header.task_id, record.offset)
            offset = records[-1].offset + 1
        return unknown

    async def _read_history(self, log: Log, task_id: str) -> None:
        self._entries.pop(task_id, None)
        for record in await log.history(self.lease.partition, task_id):
            self._apply(read_event(record))

    def _apply(self, stored: StoredEvent) -> None:
        header = stored.header
        entry = self._entries.setdefault(header.task_id, _Entry(TaskState(task_id=header.task_id)))
        expected = link(entry.head.hash, header.canonical(), stored.digest)
        if header.sequence != entry.head.sequence + 1 or expected != stored.hash:
            place = f"sequence {header.sequence} (offset {stored.offset})"
            raise LogCorrupted(
                f"the history of {header.task_id!r} is broken at {place}: "
                "stop, copy the data directory, then run `orchestrator verify`"
            )
        if stored.event is not None:
            entry.state = self.core.evolve(entry.state, stored.event, header.at)
        entry.head = Head(header.sequence, stored.hash, header.at, header.input_offset)

    def _drop_closed(self) -> None:
        for task_id in [t for t, entry in self._entries.items() if entry.state.life is Life.CLOSED]:
            del self._entries[task_id]
        for task_id in self._dirty.keys() - self._entries.keys():
            del self._dirty[task_id]


def _head(snapshot: Snapshot) -> Head:
    return Head(snapshot.sequence, bytes.fromhex(snapshot.hash), snapshot.at, snapshot.input_offset)


def _stub(snapshot: Snapshot) -> _Entry:
    return _Entry(
        TaskState(task_id=snapshot.task_id, life=Life.CLOSED), _head(snapshot), is_whole=False
    )


def _input_id(record: Record) -> str:
    return record.headers.get("id") or f"{record.topic}-{record.partition}-{record.offset}"


def _time(record: Record) -> Milliseconds:
    text = record.headers.get("time", "")
    return int(text) if _MOMENT.fullmatch(text) else 0

"""Verify a log: is every chain whole, does every history fold, does today's core still decide as
recorded?

Events and inputs are read side by side, once, in order: an event names the offset of its input, so
both can be walked together with only the open tasks in memory. Nothing is written and nothing is
done again.
"""

from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from streams.chain import Head, link
from streams.decider import Core
from streams.domain.errors import Undecodable
from streams.domain.events import Event, InputFailed
from streams.domain.state import Life, TaskState
from streams.domain.values import Json
from streams.envelope import StoredEvent, read_event, read_input
from streams.log import EVENTS, INPUTS, Log, Record

READ = 2_000
RECENT = 10_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be, with its place."""

    task_id: str
    sequence: int
    what: str


@dataclass(slots=True)
class Report:
    """What was read, and everything that was not as it should be."""

    tasks: int = 0
    events: int = 0
    inputs: int = 0
    findings: list[Difference] = field(default_factory=list)

    def as_json(self) -> Json:
        """The report as JSON."""
        return {
            "tasks": self.tasks,
            "events": self.events,
            "inputs": self.inputs,
            "findings": [
                {"task_id": f.task_id, "sequence": f.sequence, "what": f.what}
                for f in self.findings
            ],
        }


class Verifier:
    """Folds and checks histories; feed it each input with the events that it caused."""

    def __init__(self, core: Core | None = None) -> None:
        self.report = Report()
        self._core = core or Core()
        self._heads: dict[str, Head] = {}
        self._states: dict[str, TaskState] = {}  # of open tasks, and of those that closed lately
        self._closed: deque[str] = deque()

    def check(self, given: Record | None, caused: Sequence[StoredEvent]) -> None:
        """One input, if it is still there, and the events that name it."""
        task_id = caused[0].header.task_id if caused else given.key if given is not None else ""
        head = self._heads.get(task_id, Head())
        state = self._states.get(task_id, None if head.sequence else TaskState(task_id=task_id))
        before, start = head, state
        for stored in caused:
            # Behind a gap or an erased body the state is not known any more; the chain still is.
            is_next = stored.header.sequence == head.sequence + 1
            head = self._link(stored, head)
            if is_next and state is not None and stored.event is not None:
                state = self._core.evolve(state, stored.event, stored.header.at)
            else:
                state = None
        if given is not None:
            self.report.inputs += 1
            if start is not None and state is not None:
                self._decide_again(given, start, before, caused)
        if caused:
            self.report.events += len(caused)
            self._keep(task_id, state, head)

    def _keep(self, task_id: str, state: TaskState | None, head: Head) -> None:
        self.report.tasks += task_id not in self._heads
        self._heads[task_id] = head
        if state is None:
            self._states.pop(task_id, None)
            return
        self._states[task_id] = state
        if state.life is Life.CLOSED:
            self._closed.append(task_id)
        # Of tasks that closed long ago only the end of the chain is kept: what follows is still
        # linked to it.
        while len(self._closed) > RECENT:
            oldest = self._closed.popleft()
            if oldest in self._states and self._states[oldest].life is Life.CLOSED:
                del self._states[oldest]

    def _link(self, stored: StoredEvent, head: Head) -> Head:
        header = stored.header
        if header.sequence != head.sequence + 1:
            self._find(stored, f"follows {head.sequence}: events are missing or doubled")
        elif link(head.hash, header.canonical(), stored.digest) != stored.hash:
            self._find(stored, "the hash does not match: the event or one before it was altered")
        if header.at < head.at:
            self._find(stored, "the time goes back")
        return Head(header.sequence, stored.hash, header.at, header.input_offset)

    def _decide_again(
        self, record: Record, state: TaskState, head: Head, caused: Sequence[StoredEvent]
    ) -> None:
        recorded = [stored.event for stored in caused]
        if recorded and isinstance(recorded[0], InputFailed):
            return  # it is in the dead letters, and the task was told
        decided: Sequence[Event]
        try:
            given = read_input(record)
            decided = self._core.decide(given, state, max(head.at, given.at)).events
        except Exception:  # whatever the core could not decide must have been recorded as such
            decided = ()
        for number, (old, new) in enumerate(zip(recorded, decided, strict=False)):
            if old != new:
                was, now = type(old).__name__, type(new).__name__
                differs = f"recorded {was}, decides {now}" if was != now else f"{was} differs"
                self._find(caused[number], f"{differs} for input {record.offset}")
                return
        if len(recorded) != len(decided):
            what = f"recorded {len(recorded)} events, decides {len(decided)}"
            sequence = head.sequence + min(len(recorded), len(decided)) + 1
            self._add(record.key, sequence, f"{what} for input {record.offset}")

    def _find(self, stored: StoredEvent, what: str) -> None:
        self._add(stored.header.task_id, stored.header.sequence, what)

    def _add(self, task_id: str, sequence: int, what: str) -> None:
        self.report.findings.append(Difference(task_id, sequence, what))


async def verify_log(
    log: Log, task_id: str | None = None, progress: Progress | None = None, core: Core | None = None
) -> Report:
    """Verify all histories of a log, or one.

    Args:
        progress: told how many of how many events were read.
    """
    verifier = Verifier(core)
    for partition in range(log.partitions):
        if task_id is not None:
            await _verify_one(log, partition, task_id, verifier)
        else:
            await _verify_all(log, partition, verifier, progress)
    return verifier.report


async def _verify_one(log: Log, partition: int, task_id: str, verifier: Verifier) -> None:
    for caused in _groups([_read(r, verifier) for r in await log.history(partition, task_id)]):
        offset = caused[0].header.input_offset
        found = await log.read(INPUTS, partition, offset, 1)
        is_there = bool(found) and found[0].offset == offset
        verifier.check(found[0] if is_there else None, caused)


async def _verify_all(
    log: Log, partition: int, verifier: Verifier, progress: Progress | None
) -> None:
    # Read before the events: these then contain all that was decided of the inputs below it.
    decided = (await log.recover(partition)).position
    total = await log.end(EVENTS, partition)
    inputs = aiter(_records(log, INPUTS, partition))
    given = await anext(inputs, None)
    caused: list[StoredEvent] = []
    async for record in _records(log, EVENTS, partition):
        stored = _read(record, verifier)
        if stored is None:
            continue
        if caused and stored.header.input_offset != caused[0].header.input_offset:
            given = await _pass(inputs, given, caused, verifier)
            caused = []
        caused.append(stored)
        if progress is not None and record.offset % READ == 0:
            progress(record.offset, total)
    if caused:
        given = await _pass(inputs, given, caused, verifier)
    while given is not None and given.offset < decided:
        verifier.check(given, ())
        given = await anext(inputs, None)
    if progress is not None:
        progress(total, total)


async def _pass(
    inputs: AsyncIterator[Record],
    given: Record | None,
    caused: list[StoredEvent],
    verifier: Verifier,
) -> Record | None:
    """Check the inputs up to the one that caused these events; the answer is the next input."""
    offset = caused[0].header.input_offset
    while given is not None and given.offset < offset:
        verifier.check(given, ())
        given = await anext(inputs, None)
    if given is not None and given.offset == offset:
        verifier.check(given, caused)
        return await anext(inputs, None)
    verifier.check(None, caused)
    return given


async def _records(log: Log, topic: str, partition: int) -> AsyncIterator[Record]:
    offset = 0
    while found := await log.read(topic, partition, offset, READ):
        for record in found:
            yield record
        offset = found[-1].offset + 1


def _read(record: Record, verifier: Verifier) -> StoredEvent | None:
    try:
        return read_event(record)
    except Undecodable as error:
        sequence = record.headers.get("sequence", "")
        number = int(sequence) if sequence.isdecimal() else 0
        verifier.report.findings.append(Difference(record.key, number, str(error)))
        return None


def _groups(history: Sequence[StoredEvent | None]) -> list[list[StoredEvent]]:
    """Consecutive events of the same input."""
    groups: list[list[StoredEvent]] = []
    for stored in history:
        if stored is None:
            continue
        if groups and groups[-1][0].header.input_offset == stored.header.input_offset:
            groups[-1].append(stored)
        else:
            groups.append([stored])
    return groups

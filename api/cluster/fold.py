"""The open tasks of a cluster as this process sees them: every partition of `events`, followed and
folded.

It begins with the snapshots of the owners and goes on with what comes. Whoever waits for a decision
is told by `listen`, after the states are up to date.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from streams.conductor import Conductor
from streams.domain.errors import LogError, Undecodable
from streams.domain.evolve import evolve
from streams.domain.state import Life, TaskState
from streams.embedded import Listener
from streams.envelope import StoredEvent, read_event
from streams.kafka.log import KafkaLog
from streams.log import EVENTS, Record

_log = logging.getLogger(__name__)

CLOSED_KEPT = 2_000  # tasks that have ended and are still in memory
_READ = 1_000
_WAIT = 0.5  # seconds that a request for events waits at the end


class Fold:
    """States and sequences; `start` returns when they are as new as the log was then."""

    def __init__(self, log: KafkaLog) -> None:
        self.failure: BaseException | None = None
        self.positions: dict[int, int] = {}  # by partition: the offset of the next event
        self._log = log
        self._states: dict[str, TaskState] = {}
        self._sequences: dict[str, int] = {}
        self._closed: OrderedDict[str, None] = OrderedDict()
        self._listeners: list[Listener] = []
        self._following: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Take the snapshots in, and follow from there.

        Raises:
            LogError: the log cannot be read.
        """
        await asyncio.gather(*map(self._recover, range(self._log.partitions)))
        self._following = [
            asyncio.create_task(self._follow(number), name=f"fold {number}")
            for number in self.positions
        ]

    async def stop(self) -> None:
        """Follow no more."""
        for task in self._following:
            task.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)

    async def wait(self) -> None:
        """Wait until it has stopped."""
        if self._following:
            await asyncio.wait(self._following, return_when=asyncio.FIRST_COMPLETED)

    def state(self, task_id: str) -> TaskState | None:
        """A task that is open or has closed lately."""
        return self._states.get(task_id)

    def sequence(self, task_id: str) -> int:
        """The newest sequence of a task that `state` knows; 0 otherwise."""
        return self._sequences.get(task_id, 0)

    def states(self) -> Mapping[str, TaskState]:
        """All tasks that are open or have closed lately."""
        return self._states

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Be told of new events and the states after them. The answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def _recover(self, partition: int) -> None:
        # What comes while this reads is read twice, which sequences tell.
        end = await self._log.end(EVENTS, partition)
        seen = await Conductor.look(self._log, partition)
        self._states |= seen.states()
        self._sequences |= seen.sequences()
        self.positions[partition] = end

    async def _follow(self, partition: int) -> None:
        try:
            while True:
                offset = self.positions[partition]
                page = await self._log.follow(EVENTS, partition, offset, _READ, _WAIT)
                if page.records:
                    changed = {record.key: True for record in page.records}
                    for record in page.records:
                        await self._take(partition, record)
                    self._tell(page.records, list(changed))
                self.positions[partition] = page.following
        except LogError as error:
            _log.error("the events cannot be followed any more: %s", error)
            self.failure = error
        except Exception as error:
            _log.exception("the events of partition %d cannot be folded", partition)
            self.failure = error

    async def _take(self, partition: int, record: Record) -> None:
        try:
            stored = read_event(record)
        except Undecodable as error:
            _log.error("an event of task %r cannot be read: %s", record.key, error)
            return
        known = self._sequences.get(record.key, 0)
        if stored.header.sequence <= known:
            return
        if stored.header.sequence > known + 1:
            await self._read_history(partition, record)
            return
        self._evolve(stored)

    def _evolve(self, stored: StoredEvent) -> None:
        task_id = stored.header.task_id
        state = self._states.get(task_id) or TaskState(task_id=task_id)
        if stored.event is not None:
            state = evolve(state, stored.event, stored.header.at)
        self._states[task_id] = state
        self._sequences[task_id] = stored.header.sequence

    async def _read_history(self, partition: int, until: Record) -> None:
        """A task that was closed and forgotten goes on."""
        self._forget(until.key)
        for record in await self._log.history(partition, until.key):
            if record.offset <= until.offset:
                self._evolve(read_event(record))

    def _tell(self, records: Sequence[Record], changed: Sequence[str]) -> None:
        states = {task_id: self._states[task_id] for task_id in changed if task_id in self._states}
        for listener in tuple(self._listeners):
            listener(records, states)
        for task_id, state in states.items():
            self._closed.pop(task_id, None)
            if state.life is Life.CLOSED:
                self._closed[task_id] = None
        while len(self._closed) > CLOSED_KEPT:
            self._forget(self._closed.popitem(last=False)[0])

    def _forget(self, task_id: str) -> None:
        self._states.pop(task_id, None)
        self._sequences.pop(task_id, None)

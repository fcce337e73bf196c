"""Who of a group has which partition of a topic, and one task for each that is ours.

A consumer of aiokafka is the member; it reads nothing itself, its partitions are paused. Kafka
takes all partitions away at each rebalance and gives most of them back: what is taken is only
parked until it is known who has it, so that nobody folds anew without need.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, Protocol, TypeVar

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from aiokafka.structs import TopicPartition

from streams.kafka.connection import KafkaSettings, errors_of, reached

_log = logging.getLogger(__name__)

SESSION = 10.0  # seconds without a heartbeat until the others take over
_LOOK = 0.5  # seconds between looks at the member, and at positions


class PartitionTask(Protocol):
    """The work on one partition."""

    @property
    def position(self) -> int | None:
        """The offset up to which the work is done; None if that is not known yet."""

    def start(self) -> None:
        """Begin, or go on after `park`."""

    async def park(self) -> None:
        """Finish what is under way, and begin nothing until `start`."""

    async def stop(self) -> None:
        """End for good."""

    @property
    def failure(self) -> BaseException | None:
        """Why it cannot go on; then the whole process must end."""


Task = TypeVar("Task", bound=PartitionTask)


class Membership(ConsumerRebalanceListener, Generic[Task]):  # type: ignore[misc]  # has no types
    """A member of a group for one topic."""

    def __init__(
        self,
        settings: KafkaSettings,
        group: str,
        topic: str,
        begin: Callable[[int], Task],
        session: float = SESSION,
        *,
        saves: bool = True,
    ) -> None:
        self._settings = settings
        self._saves = saves  # False: the work itself commits how far it is
        self._topic = settings.named(topic)
        self._begin = begin
        self._tasks: dict[int, Task] = {}
        self._saved: dict[int, int] = {}
        self._session = session
        self._group = settings.named(group)
        self._consumer: Any = None
        self._watch: asyncio.Task[None] | None = None
        self._is_stopping = False
        self.has_joined = False  # whether the group has said what is ours, be it nothing
        self.failure: BaseException | None = None

    @property
    def tasks(self) -> Mapping[int, Task]:
        """The work of this member by partition."""
        return self._tasks

    async def start(self) -> None:
        """Join the group."""
        self._consumer = AIOKafkaConsumer(
            **self._settings.arguments(),
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=int(self._session * 1000),
            heartbeat_interval_ms=int(self._session * 300),
        )
        await reached(self._settings, f"to join {self._group}", self._consumer.start)
        self._consumer.subscribe([self._topic], listener=self)
        self._watch = asyncio.create_task(self._look(), name=f"member of {self._group}")

    async def stop(self) -> None:
        """Finish what is under way, tell where it ends, and leave the group."""
        self._is_stopping = True
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await asyncio.gather(*(task.park() for task in self._tasks.values()))
        await self._save_positions()
        await asyncio.gather(*(task.stop() for task in self._tasks.values()))
        if self._consumer is not None:
            await self._consumer.stop()
        self._tasks.clear()

    async def wait(self) -> BaseException | None:
        """Wait until it cannot go on; the answer says why."""
        if self._watch is not None:
            await asyncio.wait([self._watch])
        return self.failure

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Kafka takes all partitions away before it says who gets which."""
        await asyncio.gather(*(task.park() for task in self._tasks.values()))
        await self._save_positions()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Go on with what was ours before, begin what is new, and drop what went elsewhere."""
        places = set(assigned)
        self._consumer.pause(*places)
        if self._is_stopping:  # a last word of the group, while we are leaving it
            return
        mine = {place.partition for place in places}
        gone = [self._tasks.pop(number) for number in self._tasks.keys() - mine]
        self._saved = {n: offset for n, offset in self._saved.items() if n in mine}
        await asyncio.gather(*(task.stop() for task in gone))
        for number in sorted(mine):
            if number not in self._tasks:
                self._tasks[number] = self._begin(number)
            self._tasks[number].start()
        self.has_joined = True
        _log.info("%s: this member has partitions %s", self._group, sorted(mine))

    async def _look(self) -> None:
        try:
            while self.failure is None:
                with errors_of(self._settings, f"as a member of {self._group}"):
                    await self._consumer.getmany(timeout_ms=int(_LOOK * 1000))
                await self._save_positions()
                self.failure = next((t.failure for t in self._tasks.values() if t.failure), None)
        except Exception as error:
            self.failure = error

    async def _save_positions(self) -> None:
        """Where the next one goes on, or what those see who look at lag."""
        if not self._saves:
            return
        moved = {
            number: task.position
            for number, task in self._tasks.items()
            if task.position is not None and task.position != self._saved.get(number)
        }
        if not moved:
            return
        offsets = {TopicPartition(self._topic, n): offset for n, offset in moved.items()}
        try:
            await self._consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError, KafkaError):
            return  # the group is being arranged anew; the next look says it again
        self._saved.update(moved)

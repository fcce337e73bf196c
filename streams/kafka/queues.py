"""Agents of a cluster: read the commands of their types, have them done, and report.

A command counts as done when its report is on the log. Until then its place in the queue is kept,
so that it is read again after a crash: what was under way is done again, and accepted once.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import Protocol

from streams.batch import Answer
from streams.clock import Clock, wall_clock
from streams.domain.errors import Undecodable
from streams.embedded import Hands
from streams.envelope import dead_letter, input_record, read_command
from streams.kafka.log import KafkaLog
from streams.kafka.loop import PartitionLoop
from streams.kafka.membership import SESSION, Membership
from streams.kafka.sender import Sender
from streams.log import COMMANDS, Record
from streams.topics import partition_of

UNDER_WAY = 64  # commands of one partition that are worked on at once
_LOOK = 0.02  # seconds between looks for a command that has ended


class WorkingHands(Hands, Protocol):
    """Hands that tell what they are at."""

    @property
    def working(self) -> frozenset[str]:
        """The ids of the commands being worked on."""


def group_of(agent_type: str) -> str:
    """The consumer group of all agents of a type."""
    return f"agents-{agent_type}"


class QueueHolder:
    """Works on one partition of a queue."""

    def __init__(
        self,
        log: KafkaLog,
        agent_type: str,
        partition: int,
        hands: WorkingHands,
        sender: Sender,
        clock: Clock,
    ) -> None:
        self.topic = COMMANDS + agent_type
        self.partition = partition
        self.position = 0
        self._agent_type = agent_type
        self._log = log
        self._hands = hands
        self._sender = sender
        self._clock = clock
        self._under_way: dict[int, str] = {}

    @property
    def failure(self) -> BaseException | None:
        """A report that could not be kept: its command must be read again."""
        return self._sender.failure

    async def take_over(self) -> None:
        """Go on where the group was."""
        group = group_of(self._agent_type)
        self.position = await self._log.position(group, self.topic, self.partition)

    async def handle(self, records: Sequence[Record]) -> list[Answer]:
        """Compute what only computes, begin the rest; waits while too much is under way."""
        made: list[Record] = []
        for record in records:
            made += self._do(record)
        if made:
            await self._log.append(made)
        while True:
            if len(self._busy()) <= UNDER_WAY:
                return []
            await asyncio.sleep(_LOOK)

    def done(self, following: int) -> int:
        """See `Holder.done`: the oldest command under way is the first that is not."""
        return min(self._busy(), default=following)

    async def let_go(self) -> None:
        """Another member does what is under way again."""
        self._hands.withdraw(list(self._busy().values()))
        self._under_way.clear()

    def _do(self, record: Record) -> list[Record]:
        try:
            command = read_command(record)
        except Undecodable as error:
            return [dead_letter(record, str(error), at=self._clock())]
        report = self._hands.compute(command)
        if report is not None:
            partition = partition_of(report.task_id, self._log.partitions)
            return [input_record(report, partition)]
        self._hands.begin(command)
        self._under_way[record.offset] = command.command_id
        return []

    def _busy(self) -> dict[int, str]:
        if self._sender.failure is None:
            working = self._hands.working
            self._under_way = {o: c for o, c in self._under_way.items() if c in working}
        return self._under_way


class Queues:
    """A member of the groups of some agent types."""

    def __init__(
        self,
        log: KafkaLog,
        agent_types: Iterable[str],
        hands: WorkingHands,
        sender: Sender,
        *,
        clock: Clock = wall_clock,
        session: float = SESSION,
    ) -> None:
        self._log = log
        self._hands = hands
        self._sender = sender
        self._clock = clock
        self._members = {
            agent_type: self._member(agent_type, session) for agent_type in sorted(agent_types)
        }

    @property
    def failure(self) -> BaseException | None:
        """Why it cannot go on; the process must end with an error then."""
        failed = (member.failure for member in self._members.values() if member.failure)
        return self._sender.failure or next(failed, None)

    @property
    def is_ready(self) -> bool:
        """Whether every group has said which partitions are ours."""
        return all(member.has_joined for member in self._members.values())

    async def lag(self) -> dict[str, int]:
        """How far behind its end each partition of a queue that is ours is, in offsets."""
        behind: dict[str, int] = {}
        for agent_type, member in self._members.items():
            topic = COMMANDS + agent_type
            for number, task in sorted(member.tasks.items()):
                position = task.position or 0
                left = await self._log.read(topic, number, position, 1)
                end = await self._log.end(topic, number) if left else position
                behind[f"{topic}/{number}"] = max(0, end - position)
        return behind

    async def start(self) -> None:
        """Make the queues that are missing, and join their groups."""
        await self._log.make_queues(COMMANDS + agent_type for agent_type in self._members)
        await asyncio.gather(*(member.start() for member in self._members.values()))

    async def stop(self, patience: float = 0.0) -> None:
        """Take nothing more and leave; what is under way has so many seconds to end, the rest is
        done again by others."""
        tasks = [task for member in self._members.values() for task in member.tasks.values()]
        await asyncio.gather(*(task.park() for task in tasks))
        deadline = time.monotonic() + patience
        while self._hands.working and time.monotonic() < deadline:
            if self.failure is not None:
                break
            await asyncio.sleep(_LOOK)
        await asyncio.gather(*(member.stop() for member in self._members.values()))

    def _member(self, agent_type: str, session: float) -> Membership[PartitionLoop[QueueHolder]]:
        topic = COMMANDS + agent_type
        return Membership(
            self._log.settings,
            group_of(agent_type),
            topic,
            lambda number: self._loop(agent_type, number),
            session,
        )

    def _loop(self, agent_type: str, number: int) -> PartitionLoop[QueueHolder]:
        return PartitionLoop(
            self._log,
            lambda: QueueHolder(
                self._log, agent_type, number, self._hands, self._sender, self._clock
            ),
        )

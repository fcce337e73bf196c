"""The public inbox of a cluster: bare JSON on the topic `requests` becomes inputs, and what does
not fit becomes a dead letter with the reason and the original bytes.

How far a partition was read is committed in the transaction of what came of it, so that each
message leads to one input or one dead letter, whatever dies in between.
"""

from collections.abc import Callable, Sequence
from uuid import NAMESPACE_URL, uuid5

from streams.batch import Answer, Verdict
from streams.clock import Clock, wall_clock
from streams.domain.errors import Undecodable
from streams.domain.inputs import Input
from streams.envelope import dead_letter, input_record
from streams.kafka.log import KafkaLog
from streams.kafka.loop import PartitionLoop
from streams.kafka.membership import SESSION, Membership
from streams.kafka.writer import Writer
from streams.log import REQUESTS, Record
from streams.topics import partition_of

GROUP = "inbox"
Read = Callable[[Record, str], Input]
_NAMESPACE = uuid5(NAMESPACE_URL, "intelligent-orchestrator")


class InboxHolder:
    """Reads one partition of `requests`.

    Args:
        read: a message as an input, given the id that a task without one gets; raises `Undecodable`
            with a pointer for what does not fit.
    """

    def __init__(self, log: KafkaLog, partition: int, read: Read, clock: Clock) -> None:
        self.topic = REQUESTS
        self.partition = partition
        self.position = 0
        self.failure: BaseException | None = None
        self._log = log
        self._read = read
        self._clock = clock
        self._writer = Writer(log.settings, log.settings.named(f"{GROUP}-{partition}"))

    async def take_over(self) -> None:
        """End the former reader of this partition, and go on where it was."""
        await self._writer.start()
        self.position = await self._log.position(GROUP, REQUESTS, self.partition)

    async def handle(self, records: Sequence[Record]) -> list[Answer]:
        """Turn messages into inputs and dead letters.

        Raises:
            Fenced: another reader has taken over.
            LogError: nothing was kept; this reader is of no more use.
        """
        fresh = [record for record in records if record.offset >= self.position]
        if not fresh:
            return []
        results = [self._turn(record) for record in fresh]
        made = [record for record, _ in results]
        following = fresh[-1].offset + 1
        try:
            await self._log.transfer(
                self._writer, made, GROUP, (REQUESTS, self.partition), following
            )
        except BaseException as error:
            self.failure = error
            raise
        self.position = following
        return [answer for _, answer in results]

    def done(self, following: int) -> int:
        """See `Holder.done`."""
        return following

    async def let_go(self) -> None:
        """Somebody else may read it."""
        await self._writer.close()

    def _turn(self, record: Record) -> tuple[Record, Answer]:
        try:
            given = self._read(record, task_id_of(self._log.log_id, record))
            made = input_record(given, partition_of(given.task_id, self._log.partitions))
        except Undecodable as error:
            reason = str(error)
            letter = dead_letter(record, reason, pointer=error.pointer, at=self._clock())
            return letter, Answer(Verdict.DEAD_LETTERED, record.key, 0, reason, error.pointer)
        return made, Answer(Verdict.ACCEPTED, given.task_id, 0)


class Inbox:
    """A member of the group that reads `requests`."""

    def __init__(
        self, log: KafkaLog, read: Read, *, clock: Clock = wall_clock, session: float = SESSION
    ) -> None:
        self._log = log
        self._read = read
        self._clock = clock
        self._member = Membership(log.settings, GROUP, REQUESTS, self._loop, session, saves=False)

    @property
    def failure(self) -> BaseException | None:
        """Why it cannot go on; the process must end with an error then."""
        return self._member.failure

    async def start(self) -> None:
        """Join the group."""
        await self._member.start()

    async def stop(self) -> None:
        """Finish what was begun, and leave."""
        await self._member.stop()

    def _loop(self, number: int) -> PartitionLoop[InboxHolder]:
        return PartitionLoop(
            self._log, lambda: InboxHolder(self._log, number, self._read, self._clock)
        )


def task_id_of(log_id: str, record: Record) -> str:
    """The id of a task whose request states none: the same whenever the message is read again."""
    place = f"{log_id}\n{record.topic}\n{record.partition}\n{record.offset}"
    return str(uuid5(_NAMESPACE, place))

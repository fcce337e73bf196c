"""Gives inputs to tasks from anywhere in a cluster, and waits for the decision where one is needed.

A report needs only to be on the log. Who asks at the door before an effect, or for money before a
call, must know the answer, which is an event: the events of the partition are followed as long as
somebody waits.
"""

import asyncio
from dataclasses import dataclass, field

from streams.batch import Answer, Verdict, answer_of
from streams.domain.errors import LogError
from streams.domain.inputs import Input, RequestEffect, ReserveBudget
from streams.envelope import input_record, read_event
from streams.kafka.log import KafkaLog
from streams.log import EVENTS, Record
from streams.topics import partition_of

ANSWER_WITHIN = 30.0  # seconds until a question at the door counts as not granted
_READ = 1_000
_WAIT = 0.5


@dataclass(slots=True)
class _Watch:
    """Those who wait for events of one partition, by the input that they have sent."""

    waiting: dict[str, asyncio.Future[Answer]] = field(default_factory=dict)
    task: asyncio.Task[None] | None = None


class Sender:
    """What a runner of agents sends its reports and questions through."""

    def __init__(self, log: KafkaLog, patience: float = ANSWER_WITHIN) -> None:
        self._log = log
        self._patience = patience
        self._watches: dict[int, _Watch] = {}
        self.failure: BaseException | None = None

    async def send(self, given: Input) -> Answer:
        """Give an input to its task; it is durable when this returns. A question at the door is
        also decided; other inputs are answered as accepted before they are.

        Raises:
            LogError: it could not be kept; the process must end, so that its commands are read
                again.
        """
        try:
            if isinstance(given, RequestEffect | ReserveBudget):
                return await self.ask(given)
            await self._append(given)
        except LogError as error:
            self.failure = error
            raise
        return Answer(Verdict.ACCEPTED, given.task_id, 0)

    async def ask(self, given: Input) -> Answer:
        """Give an input to its task, and wait for its first event. None within the patience is a
        repeat, as far as anyone can tell: a repeat leads to no event."""
        partition = partition_of(given.task_id, self._log.partitions)
        start = await self._log.end(EVENTS, partition)
        watch = self._watches.setdefault(partition, _Watch())
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        watch.waiting[given.input_id] = answer
        if watch.task is None or watch.task.done():
            watch.task = asyncio.create_task(self._watch(partition, start, watch))
        try:
            await self._append(given)
            async with asyncio.timeout(self._patience):
                return await answer
        except TimeoutError:
            return Answer(Verdict.REPEATED, given.task_id, 0)
        finally:
            watch.waiting.pop(given.input_id, None)

    async def close(self) -> None:
        """Wait for nobody any more."""
        tasks = [watch.task for watch in self._watches.values() if watch.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _append(self, given: Input) -> None:
        partition = partition_of(given.task_id, self._log.partitions)
        await self._log.append([input_record(given, partition)])

    async def _watch(self, partition: int, offset: int, watch: _Watch) -> None:
        try:
            while watch.waiting:
                page = await self._log.follow(EVENTS, partition, offset, _READ, _WAIT)
                offset = page.following
                for record in page.records:
                    answer = watch.waiting.get(record.headers.get("causationid", ""))
                    if answer is not None and not answer.done():
                        answer.set_result(_answer(record))
        except LogError as error:
            self.failure = error
            for answer in watch.waiting.values():
                if not answer.done():
                    answer.set_exception(error)


def _answer(record: Record) -> Answer:
    return answer_of(read_event(record).event, record.key, int(record.headers["sequence"]))

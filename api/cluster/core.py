"""The core of a cluster, as the ways in use it: inputs go onto the log, and the answer is what a
worker decided."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from api.cluster.fold import Fold
from api.errors import Unreachable
from streams.batch import Answer, Verdict, answer_of
from streams.domain.errors import LogUnavailable, Undecodable
from streams.domain.inputs import Input, SubmitRequest
from streams.domain.state import TaskState
from streams.embedded import Listener
from streams.envelope import input_record, read_event
from streams.kafka.log import KafkaLog
from streams.log import DEAD_LETTERS, EVENTS, INPUTS, Record
from streams.topics import partition_of

DECIDED_WITHIN = 15.0  # seconds until it counts as nobody deciding
_SOONEST, _LATEST = 0.02, 0.25  # seconds between looks at how far the owner is
_LETTERS = 200  # dead letters looked through for an input that led to no event


@dataclass(slots=True)
class _Waiting:
    """Somebody who wants to know what became of an input."""

    task_id: str
    answer: asyncio.Future[Answer]


class ClusterCore:
    """Hands inputs to whichever worker owns the task, and folds what it decides."""

    def __init__(self, log: KafkaLog, fold: Fold, *, patience: float = DECIDED_WITHIN) -> None:
        self._log = log
        self._fold = fold
        self._patience = patience
        self._waiting: dict[str, _Waiting] = {}
        self._stop_hearing = fold.listen(self._hear)

    @property
    def failure(self) -> BaseException | None:
        """Why nothing can be seen any more."""
        return self._fold.failure

    @property
    def backlog(self) -> int:
        """How many inputs of this process nobody has decided yet."""
        return len(self._waiting)

    async def send(self, given: Input) -> Answer:
        """Give an input to its task; durable and decided when it returns.

        A request that nobody decides within the patience is durable all the same, and counts as
        accepted.

        Raises:
            Unreachable: nobody decided within the patience; the input stays on the log.
            LogError: it could not be kept.
        """
        if self.failure is not None:
            raise LogUnavailable(f"the events cannot be read any more: {self.failure}")
        partition = partition_of(given.task_id, self._log.partitions)
        record = _record(given, partition)
        waiting = _Waiting(given.task_id, asyncio.get_running_loop().create_future())
        self._waiting[given.input_id] = waiting
        try:
            (offset,) = await self._log.append([record])
            return await self._decided(given, partition, offset, waiting)
        finally:
            del self._waiting[given.input_id]

    def state(self, task_id: str) -> TaskState | None:
        """See `Deciding.state`."""
        return self._fold.state(task_id)

    def sequence(self, task_id: str) -> int:
        """See `Deciding.sequence`."""
        return self._fold.sequence(task_id)

    def states(self) -> Mapping[str, TaskState]:
        """See `Deciding.states`."""
        return self._fold.states()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """See `Deciding.listen`."""
        return self._fold.listen(listener)

    async def wait_for_failure(self) -> BaseException | None:
        """See `Deciding.wait_for_failure`."""
        await self._fold.wait()
        return self.failure

    async def close(self) -> None:
        """Hear no more."""
        self._stop_hearing()

    async def _decided(
        self, given: Input, partition: int, offset: int, waiting: _Waiting
    ) -> Answer:
        passing = asyncio.create_task(self._until_passed(partition, offset))
        try:
            async with asyncio.timeout(self._patience):
                await asyncio.wait((passing, waiting.answer), return_when=asyncio.FIRST_COMPLETED)
                if not waiting.answer.done():
                    await passing
                    return await self._without_event(given, partition, offset, waiting)
                return waiting.answer.result()
        except TimeoutError:
            return self._undecided(given)
        finally:
            passing.cancel()

    async def _until_passed(self, partition: int, offset: int) -> None:
        """Wait until the owner has decided the input. Its events, if there are any, are on the log
        then: both were committed together."""
        pause = _SOONEST
        while await self._log.decided(partition) <= offset:
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LATEST)

    async def _without_event(
        self, given: Input, partition: int, offset: int, waiting: _Waiting
    ) -> Answer:
        """The owner is past the input. Unless its events are still on their way to us, it was a
        repeat, or it could not be decided."""
        end = await self._log.end(EVENTS, partition)
        while not waiting.answer.done():
            if self._fold.positions[partition] >= end:
                break
            await asyncio.sleep(_SOONEST)
        else:
            return waiting.answer.result()
        sequence = self.sequence(given.task_id)
        reason = await self._buried(given.task_id, offset)
        if reason is not None:
            return Answer(Verdict.DEAD_LETTERED, given.task_id, sequence, reason)
        return Answer(Verdict.REPEATED, given.task_id, sequence)

    async def _buried(self, task_id: str, offset: int) -> str | None:
        """Why an input is among the dead letters, if it is."""
        partition = partition_of(task_id, await self._log.count(DEAD_LETTERS))
        end = await self._log.end(DEAD_LETTERS, partition)
        first = max(0, end - _LETTERS)
        for letter in await self._log.read(DEAD_LETTERS, partition, first, _LETTERS):
            origin = [letter.headers.get(f"origin{name}") for name in ("topic", "offset")]
            if letter.key == task_id and origin == [INPUTS, str(offset)]:
                return letter.headers["reason"]
        return None

    def _undecided(self, given: Input) -> Answer:
        if isinstance(given, SubmitRequest):
            return Answer(Verdict.ACCEPTED, given.task_id, self.sequence(given.task_id))
        raise Unreachable(
            f"no worker has decided it within {self._patience:g} s: it is kept and will be; is "
            "`orchestrator work` running?"
        )

    def _hear(self, records: Sequence[Record], _: Mapping[str, TaskState]) -> None:
        """The last event of each input tells what became of it."""
        last = {
            cause: record
            for record in records
            if (cause := record.headers.get("causationid", "")) in self._waiting
        }
        for cause, record in last.items():
            answer = self._waiting[cause].answer
            if not answer.done():
                answer.set_result(_answer(record))


def _record(given: Input, partition: int) -> Record:
    try:
        return input_record(given, partition)
    except Undecodable as error:
        raise LogUnavailable(f"it could not be kept: {error}") from error


def _answer(record: Record) -> Answer:
    return answer_of(read_event(record).event, record.key, int(record.headers["sequence"]))

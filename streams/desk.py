"""Where a framework hands in the records of partitions: each goes to the partition's owner, and
nothing that happens to an owner gets out.

A framework's own offsets are only a hint. The owner knows how far it is; what was skipped is read
from the log, what comes twice is passed over. So whatever the framework loses or repeats at a
rebalance or a crash, each input is decided once and in order.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence

from streams.domain.errors import Fenced, LogError, LogUnavailable
from streams.log import INPUTS, Log, Record
from streams.owner import BATCH, Owner

_log = logging.getLogger(__name__)

_PAUSE = 1.0  # seconds before a partition is taken back from somebody who has taken it over


class Desk:
    """The owners of the partitions that are assigned to this process."""

    def __init__(self, log: Log, begin: Callable[[int], Owner], patience: float) -> None:
        self._log = log
        self._begin = begin
        self._patience = patience
        self._owners: dict[int, asyncio.Task[Owner]] = {}
        self._assigned: set[int] = set()
        self._broken_since: dict[int, float] = {}
        self.failure: BaseException | None = None

    @property
    def owners(self) -> dict[int, Owner]:
        """Those that have taken over."""
        done = {n: t for n, t in self._owners.items() if t.done() and not t.cancelled()}
        return {number: task.result() for number, task in done.items() if not task.exception()}

    @property
    def is_ready(self) -> bool:
        """Whether all that is assigned has been taken over."""
        return bool(self._assigned) and self._assigned <= self.owners.keys()

    async def assigned(self, partitions: Iterable[int]) -> None:
        """From now on exactly these are ours."""
        self._assigned = set(partitions)
        gone = [self._owners.pop(n) for n in self._owners.keys() - self._assigned]
        await asyncio.gather(*(self._let_go(task) for task in gone))
        for number in self._assigned:
            self._take_over(number)

    async def handle(self, partition: int, records: Sequence[Record]) -> None:
        """Decide and commit; it returns when that is done, or when the partition is not ours any
        more. It never raises, and never returns once nothing can be kept."""
        failing_since: float | None = None
        while partition in self._assigned:
            try:
                owner = await self._owner_of(partition)
                await self._catch_up(owner, records[0].offset)
                await owner.handle(records)
                return
            except Fenced:
                pass
            except LogUnavailable as error:
                failing_since = failing_since or time.monotonic()
                if time.monotonic() - failing_since >= self._patience:
                    await self._fail(error)
            except Exception as error:
                _log.exception("partition %d cannot go on", partition)
                await self._fail(error)
            await self._discard(partition)
            await asyncio.sleep(_PAUSE)

    async def mend(self) -> None:
        """Replace owners that have failed while nothing came for them; call it now and then."""
        for number in sorted(self._assigned):
            task = self._owners.get(number)
            if task is None or not task.done():
                continue
            error = task.exception() or task.result().failure
            if error is None:
                self._broken_since.pop(number, None)
                continue
            since = self._broken_since.setdefault(number, time.monotonic())
            if not isinstance(error, LogError) or time.monotonic() - since >= self._patience:
                self.failure = self.failure or error
                return
            await self._discard(number)
            self._take_over(number)

    async def close(self) -> None:
        """Let go of everything."""
        self._assigned = set()
        owners, self._owners = self._owners, {}
        await asyncio.gather(*(self._let_go(task) for task in owners.values()))

    async def _owner_of(self, partition: int) -> Owner:
        """The owner, as soon as it has taken over; as if fenced when it is told not to."""
        task = self._take_over(partition)
        await asyncio.wait([task])
        if task.cancelled():
            raise Fenced
        return task.result()

    def _take_over(self, number: int) -> asyncio.Task[Owner]:
        task = self._owners.get(number)
        if task is None:
            task = asyncio.create_task(self._begun(number), name=f"take over {number}")
            self._owners[number] = task
        return task

    async def _begun(self, number: int) -> Owner:
        owner = self._begin(number)
        try:
            await owner.take_over()
        except BaseException:
            await owner.let_go()
            raise
        return owner

    async def _catch_up(self, owner: Owner, offset: int) -> None:
        """Decide what lies before the records that were handed in."""
        while owner.position < offset:
            missed = await self._log.read(INPUTS, owner.partition, owner.position, BATCH)
            missed = [record for record in missed if record.offset < offset]
            if not missed:
                return
            await owner.handle(missed)

    async def _discard(self, partition: int) -> None:
        task = self._owners.pop(partition, None)
        if task is not None:
            await self._let_go(task)

    async def _let_go(self, task: asyncio.Task[Owner]) -> None:
        task.cancel()  # nothing, if it has taken over
        try:
            owner = await task
        except (LogError, asyncio.CancelledError):
            return
        except Exception as error:
            self.failure = self.failure or error
            return
        await owner.let_go()

    async def _fail(self, error: BaseException) -> None:
        """Returning would tell the framework that all is done: the process must end instead."""
        self.failure = error
        await asyncio.Event().wait()

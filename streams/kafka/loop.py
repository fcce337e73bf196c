"""One partition's work on a broker: take it over, read on, handle, and begin anew after a failure.

A failed or fenced commit means that the memory may be ahead of the log, or behind somebody else:
all of it is thrown away.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar

from streams.batch import Answer
from streams.domain.errors import Fenced, LogUnavailable
from streams.kafka.log import KafkaLog
from streams.kafka.reader import Page
from streams.log import Record

_log = logging.getLogger(__name__)

BATCH = 500  # records asked for at a time
_WAIT = 0.5  # seconds that a request for records waits at the end
_PAUSE = 1.0  # seconds before a partition is taken back from somebody who has taken it over


class Holder(Protocol):
    """Whoever has taken a partition over, until something fails."""

    @property
    def topic(self) -> str:
        """What is read."""

    @property
    def partition(self) -> int:
        """Of the topic."""

    @property
    def position(self) -> int:
        """The offset of the first record that is not handled."""

    @property
    def failure(self) -> BaseException | None:
        """Why it is of no more use."""

    async def take_over(self) -> None:
        """End the former holder, and know where to go on."""

    async def handle(self, records: Sequence[Record]) -> Sequence[Answer]:
        """Handle records, in order; what came of them is durable when it returns."""

    def done(self, following: int) -> int:
        """Up to where all is done, when everything before `following` was handled."""

    async def let_go(self) -> None:
        """Hold it no longer."""


Held = TypeVar("Held", bound=Holder)


class PartitionLoop(Generic[Held]):
    """Reads, decides and commits one partition, again and again."""

    def __init__(self, log: KafkaLog, begin: Callable[[], Held]) -> None:
        self._log = log
        self._begin = begin
        self._held: Held | None = None
        self._task: asyncio.Task[None] | None = None
        self._parking = asyncio.Event()
        self._following = 0
        self._reading: asyncio.Future[Page] | None = None
        self.failure: BaseException | None = None

    @property
    def holder(self) -> Held | None:
        """Who holds the partition, once it has been taken over."""
        return self._held

    @property
    def position(self) -> int | None:
        """See `PartitionTask.position`."""
        return self._held.done(self._following) if self._held is not None else None

    def start(self) -> None:
        """See `PartitionTask.start`."""
        self._parking.clear()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="partition")

    async def park(self) -> None:
        """See `PartitionTask.park`. The holder stays: if nobody takes over, it goes on."""
        self._parking.set()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def stop(self) -> None:
        """See `PartitionTask.stop`."""
        await self.park()
        await self._discard()

    async def _run(self) -> None:
        failing_since: float | None = None
        while not self._parking.is_set():
            try:
                await self._work()
                failing_since = None
            except Fenced:
                await self._discard()
                await self._rest()
            except LogUnavailable as error:
                await self._discard()
                failing_since = failing_since or time.monotonic()
                if time.monotonic() - failing_since >= self._log.settings.patience:
                    self.failure = error
                    return
                await self._rest()
            except Exception as error:
                await self._discard()
                _log.exception("a partition cannot go on")
                self.failure = error
                return

    async def _work(self) -> None:
        """One batch; taking over comes first."""
        held = self._held or await self._take_over()
        if held is None:
            return
        page = await self._next(held)
        if held.failure is not None:
            raise held.failure
        if page is not None:
            await held.handle(page.records)
            self._following = page.following

    async def _take_over(self) -> Held | None:
        """A new holder; nothing if the loop is parked before it has taken over, which may take
        long: what it has committed meanwhile stays."""
        held = self._begin()
        taking = asyncio.ensure_future(held.take_over())
        try:
            await self._first(taking)
        finally:
            if not taking.done():
                taking.cancel()
        (result,) = await asyncio.gather(taking, return_exceptions=True)
        if isinstance(result, BaseException):
            await held.let_go()
            if isinstance(result, asyncio.CancelledError):
                return None
            raise result
        self._held, self._following = held, held.position
        return held

    async def _next(self, held: Held) -> Page | None:
        """The next records; nothing if the loop is parked meanwhile."""
        # A request that was sent is not taken back: what it brings is used after parking.
        reading = self._reading or asyncio.ensure_future(
            self._log.follow(held.topic, held.partition, self._following, BATCH, _WAIT)
        )
        await self._first(reading)
        if not reading.done():
            self._reading = reading
            return None
        self._reading = None
        return reading.result()

    async def _first(self, work: asyncio.Future[Any]) -> None:
        """Wait until the work is done or the loop is parked, whatever is first."""
        parking = asyncio.ensure_future(self._parking.wait())
        either: list[asyncio.Future[Any]] = [work, parking]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        parking.cancel()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(_PAUSE):
                await self._parking.wait()
        except TimeoutError:
            return

    async def _discard(self) -> None:
        held, self._held = self._held, None
        reading, self._reading = self._reading, None
        if held is not None:
            await held.let_go()
        if reading is not None:
            await asyncio.gather(reading, return_exceptions=True)

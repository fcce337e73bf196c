"""The read models of a cluster in a process of their own: the log folded into one directory."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from api.cluster.parts import opened
from api.settings import Settings
from streams.domain.values import Json
from streams.kafka.log import KafkaLog
from streams.lock import DirectoryLock
from streams.log import EVENTS

if TYPE_CHECKING:
    from projections.projector import Projector
    from projections.store import Store

PAUSE = 0.5  # seconds between looks at a broker, which tells nobody what is new


class Projecting:
    """One projector for each partition; `follow` keeps them up to date."""

    def __init__(self, log: KafkaLog, store: "Store", projectors: "list[Projector]") -> None:
        self.failure: BaseException | None = None
        self.is_ready = False
        self.parts = ("projector",)
        self._log = log
        self._store = store
        self._projectors = projectors

    async def catch_up(self) -> Json:
        """Fold what is there now; the answer says how much that was.

        Raises:
            LogError: the broker cannot be read.
            ProjectionsError: the read models cannot be written.
        """
        events = sum([await projector.catch_up() for projector in self._projectors])
        self.is_ready = True
        rows = await asyncio.to_thread(self._store.read, "rows")
        lag = await self.lag()
        return {"events": events, "rows": rows[0][0], "lag": lag, "total_lag": sum(lag.values())}

    async def follow(self) -> None:
        """Catch up, then keep up until cancelled."""
        try:
            await self.catch_up()
            async with asyncio.TaskGroup() as group:
                for projector in self._projectors:
                    group.create_task(projector.follow(poll=PAUSE))
        except Exception as error:
            self.failure = error

    async def lag(self) -> Mapping[str, int]:
        """How far behind the ends of their partitions the read models are, in offsets."""
        ends = [await self._log.end(EVENTS, number) for number in range(len(self._projectors))]
        return {
            f"{EVENTS}/{number}": max(0, end - self._projectors[number].position)
            for number, end in enumerate(ends)
        }


@asynccontextmanager
async def projecting(settings: Settings, *, follows: bool = True) -> AsyncIterator[Projecting]:
    """The log and the read models, open; with `follows` they are kept up to date.

    Raises:
        Locked: another process holds the directory.
        LogError: the broker cannot be reached.
    """
    from projections.projector import Projector
    from projections.store import Store

    async with AsyncExitStack() as stack:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        stack.callback(DirectoryLock(settings.data).release)
        log = await stack.enter_async_context(opened(settings))
        store = await asyncio.to_thread(Store.open, settings.data)
        stack.callback(store.close)
        work = Projecting(log, store, [Projector(store, log, n) for n in range(log.partitions)])
        if follows:
            following = asyncio.create_task(work.follow(), name="projecting")
            stack.push_async_callback(_end, following)
        yield work


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

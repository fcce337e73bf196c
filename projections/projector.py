"""Folds events into the read models, batch by batch: rows and checkpoint in one transaction."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from projections.commands import COMMAND_ATTEMPTS
from projections.errors import Overtaken, ProjectionsError
from projections.folding import Histories
from projections.hearing import Heard, is_same
from projections.model import ReadModel, Step, write_rows
from projections.publications import ENGAGEMENTS, PUBLICATIONS
from projections.schema import sql
from projections.store import Store
from projections.tasks import TASKS
from streams.domain.state import TaskState
from streams.log import EVENTS, Log, Record

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MODELS: tuple[ReadModel, ...] = (TASKS, COMMAND_ATTEMPTS, PUBLICATIONS, ENGAGEMENTS)
BATCH = 4_000  # events in one transaction
SLICE = 50  # events folded before others get a turn: about a millisecond
MICRO_BATCH = 0.1  # seconds between two transactions while events keep coming
POLL = 5.0  # seconds after which the log is looked at without having been told
PAUSE, LONGEST_PAUSE = 0.25, 10.0  # seconds between tries

Progress = Callable[[int, int], None]  # (done, total), in events
logger = logging.getLogger(__name__)


class Projector:
    """Keeps the read models of one partition up to date."""

    def __init__(
        self,
        store: Store,
        log: Log,
        partition: int = 0,
        *,
        models: Sequence[ReadModel] = MODELS,
        batch: int = BATCH,
    ) -> None:
        self.position = 0  # the first offset that is not in the read models, as far as is known
        self._store = store
        self._log = log
        self._partition = partition
        self._models = models
        self._batch = batch
        self._histories = Histories(partition)
        self._heard = Heard(partition)
        self._last: Record | None = None  # the newest event that was read and projected
        self._next = -1  # the offset that the histories in memory have come to
        self._gap = (0, 0)  # between these offsets there are no events, only a broker's marks
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._moved = asyncio.Condition()

    @property
    def alarms(self) -> Sequence[str]:
        """What was found to be wrong with the log, with its place."""
        return self._histories.alarms

    def told(
        self, records: Sequence[Record] = (), states: Mapping[str, TaskState] | None = None
    ) -> None:
        """Something was committed; to be given to `Embedded.listen`.

        What was told is projected without reading it from the log again. Without arguments it only
        says that there is something new.
        """
        if states is not None:
            self._heard.add(records, states)
        self._wake.set()

    async def catch_up(self, progress: Callable[[int], None] | None = None) -> int:
        """Project everything that is on the log now.

        Args:
            progress: told the number of events done so far.

        Returns:
            The number of events that were projected.

        Raises:
            ProjectionsError: the read models cannot be written.
            LogError: the log cannot be read.
        """
        done = 0
        async with self._turn:
            while count := await self._project_told() or await self._project_read():
                done += count
                if progress is not None:
                    progress(done)
        return done

    async def follow(self, *, poll: float = POLL) -> None:
        """Keep up with the log until cancelled. What goes wrong is logged and tried again."""
        pause = PAUSE
        while True:
            self._wake.clear()
            try:
                await self._keep_up()
                pause = PAUSE
            except (
                Exception
            ) as error:  # the log is the truth and goes on; this is only a view of it
                level = logging.WARNING if isinstance(error, ProjectionsError) else logging.ERROR
                text = "the read models are late and will be tried again in %.2f s: %s"
                logger.log(level, text, pause, error, extra={"action": "projecting_failed"})
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            await asyncio.sleep(MICRO_BATCH)
            await self._until_told(poll)

    async def wait_for(self, position: int) -> None:
        """Wait until all events before this offset are in the rows; `follow` must be running."""
        async with self._moved:
            await self._moved.wait_for(lambda: self.position >= position)

    async def _until_told(self, poll: float) -> None:
        try:
            async with asyncio.timeout(poll):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _keep_up(self) -> None:
        """Like `catch_up`, but what follows on told events may wait to be told as well."""
        async with self._turn:
            while not await self._project_told():
                if not await self._project_read():
                    return

    async def _project_told(self) -> int:
        """Project what was told, if it is what comes next; the answer is the number of events."""
        start = await self._begin()
        if self._heard.start != start and self._last and self._last.offset + 1 == start:
            self._heard.align(self._last)
        if self._heard.start != start or not (steps := self._heard.take()):
            return 0
        self._wake.clear()  # nothing was told that is not among these
        try:
            if await self._is_at(start + len(steps) - 1, steps[-1]):
                await self._keep(steps, start, start + len(steps))
                return len(steps)
        except Overtaken:
            pass
        except BaseException:
            self._heard.forget()
            raise
        self._heard.forget()
        return 0

    async def _project_read(self) -> int:
        """Project the next batch from the log; the answer is the number of events."""
        start = await self._begin()
        end = await self._log.end(EVENTS, self._partition)
        records = await self._log.read(EVENTS, self._partition, start, self._batch)
        if not records:
            self._gap = (start, end)
            await self._reach(end)
            return 0
        if start != self._next:
            self._histories.forget()
        self._next = -1  # what is in memory is ahead of the file until it is written
        await self._histories.load(self._log, records)
        steps = await self._fold(records)
        try:
            await self._keep(steps, start, records[-1].offset + 1)
        except Overtaken:  # the file was rebuilt: go on from its checkpoint
            return await self._project_read()
        self._next, self._last = records[-1].offset + 1, records[-1]
        self._histories.evict()
        return len(records)

    async def _begin(self) -> int:
        """The checkpoint, which another file may have moved meanwhile."""
        position = await asyncio.to_thread(self._checkpoint)
        if position > await self._log.end(EVENTS, self._partition):
            logger.warning("the log is older than the read models, which begin again")
            await asyncio.to_thread(self._store.begin_again)
            position = await asyncio.to_thread(self._checkpoint)
        start, end = self._gap
        await self._reach(end if start == position else position)
        return position

    async def _is_at(self, offset: int, step: Step) -> bool:
        """Whether the event lies there. Then all told before it fill the places before it."""
        found = await self._log.read(EVENTS, self._partition, offset, 1)
        return bool(found) and found[0].offset == offset and is_same(found[0], step.record)

    async def _fold(self, records: Sequence[Record]) -> list[Step]:
        steps: list[Step] = []
        for first in range(0, len(records), SLICE):
            found = map(self._histories.fold, records[first : first + SLICE])
            steps += [step for step in found if step is not None]
            await asyncio.sleep(0)
        return steps

    async def _keep(self, steps: Sequence[Step], start: int, end: int) -> None:
        work = partial(self._write, steps, start, end)
        await asyncio.to_thread(self._store.write, work)
        await self._reach(end)

    async def _reach(self, position: int) -> None:
        async with self._moved:
            self.position = position
            self._moved.notify_all()

    def _write(
        self, steps: Sequence[Step], start: int, end: int, connection: "DuckDBPyConnection"
    ) -> None:
        """Runs in a thread and in one transaction; writes only where this batch is the next one."""
        given = {"partition": self._partition, "position": end}
        rows = connection.execute(sql("read_checkpoint"), {"partition": self._partition}).fetchall()
        if (rows[0][0] if rows else 0) != start:
            raise Overtaken
        for model in self._models:
            write_rows(connection, model, model.rows(steps))
        connection.execute(sql("write_checkpoint"), given)

    def _checkpoint(self) -> int:
        """Where to go on in the file that is there now; rows of another log are dropped."""
        given = {"name": "log_id", "value": self._log.log_id}
        owner = self._store.read("read_meta", {"name": "log_id"})
        if owner not in ([], [(self._log.log_id,)]):
            logger.warning("the read models are of another log and begin again")
            self._store.begin_again()
            owner = []
        if not owner:
            self._store.write(lambda c: c.execute(sql("write_meta"), given))
        rows = self._store.read("read_checkpoint", {"partition": self._partition})
        return int(rows[0][0]) if rows else 0

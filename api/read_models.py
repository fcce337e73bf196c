"""The read models of this process: opened when somebody asks, then kept up to date."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from agents.tools.estimates import Figures
from api.deciding import Deciding
from api.errors import NotFound, UsageError
from api.measures import Measures
from api.settings import Settings
from streams.domain.state import TaskState
from streams.domain.values import Json, Milliseconds
from streams.log import EVENTS, Log, Record

if TYPE_CHECKING:
    from projections.projector import Projector
    from projections.publications import PublicationRow
    from projections.store import Store
    from projections.tool_figures import ToolFigures

NAMES = ("tasks",)
T = TypeVar("T")


class ReadModels:
    """DuckDB over the log. Importing it takes long, so a single `run` that asks nothing never
    does.
    """

    def __init__(
        self,
        settings: Settings,
        log: Log,
        core: Deciding,
        *,
        hears_records: bool = True,
        measures: Measures | None = None,
    ) -> None:
        self._settings = settings
        self._log = log
        self._core = core
        self._hears_records = hears_records  # False where offsets have gaps: they are read again
        self._opening = asyncio.Lock()
        self._store: Store | None = None
        self._projectors: list[Projector] = []
        self._following: list[asyncio.Task[None]] = []
        self._measures = measures  # begins with what the read models know, once they are open

    async def history(
        self,
        *,
        tenant: str,
        limit: int,
        cursor: str | None = None,
        status: str | None = None,
        source: str | None = None,
        text: str | None = None,
        is_waiting: bool = False,
    ) -> Json:
        """Tasks, newest first, with all that is on disk now.

        Raises:
            UsageError: the cursor is not one of ours.
        """
        from api.documents import iso
        from projections.errors import InvalidCursor
        from projections.queries import history

        store = await self._ready()
        try:
            page = await asyncio.to_thread(
                history,
                store,
                limit=limit,
                cursor=cursor,
                status=status,
                source=source,
                tenant=tenant,
                text=text,
                is_waiting=is_waiting,
            )
        except InvalidCursor as error:
            raise UsageError(str(error), pointer="/cursor") from None
        moments = ("submitted_at", "updated_at", "closed_at")
        items = [
            {
                name: iso(value) if name in moments else value
                for name, value in ((n, getattr(row, n)) for n in row.__dataclass_fields__)
            }
            for row in page.items
        ]
        return {"items": items, "next_cursor": page.next_cursor}

    async def counts(self, tenant: str) -> dict[str, int]:
        """How many tasks have which status."""
        from projections.queries import counts

        store = await self._ready()
        return await asyncio.to_thread(counts, store, tenant)

    async def published_since(self, since: Milliseconds) -> "list[PublicationRow]":
        """What has really been published since a moment, oldest first."""
        from projections.publications import published_since

        store = await self._ready()
        return await asyncio.to_thread(published_since, store, since)

    async def last_fetches(self) -> Json:
        """When engagement was fetched last, by channel."""
        from projections.publications import last_fetches

        store = await self._ready()
        return await asyncio.to_thread(last_fetches, store)

    async def ask(self, question: "Callable[[Store], T]") -> T:
        """What a question is answered with by all that is on disk now; it may block."""
        store = await self._ready()
        return await asyncio.to_thread(question, store)

    async def rebuild(self, name: str | None) -> Json:
        """Make the read models anew from position 0.

        Raises:
            NotFound: there is no read model of that name.
        """
        from projections.rebuild import rebuild

        if name is not None and name not in NAMES:
            raise NotFound(f"there is no read model {name!r}: {', '.join(NAMES)}")
        store = await self._ready()
        started = time.monotonic()
        events = await rebuild(store, self._log)
        rows = await asyncio.to_thread(store.read, "rows")
        return {
            "projection": name or ", ".join(NAMES),
            "events": events,
            "rows": rows[0][0],
            "seconds": time.monotonic() - started,
        }

    async def follow(self) -> None:
        """Keep up from now on, so that questions need not wait; and let planning know what the
        tools have shown so far."""
        await self._begin_measures(await self._ready())

    async def tool_figures(self, tenant: str) -> Mapping[str, Figures]:
        """What tools have shown in the tasks of a tenant, by their ids."""
        from projections.tool_figures import tool_figures

        store = await self._ready()
        await self._begin_measures(store)
        found = await asyncio.to_thread(tool_figures, store, tenant)
        return {row.tool_id: _figures(row) for row in found}

    async def _begin_measures(self, store: "Store") -> None:
        """Put what the read models know before what planning has heard; once."""
        measures, self._measures = self._measures, None
        if measures is not None:
            from projections.tool_figures import figures_and_ended

            found, ended = await asyncio.to_thread(figures_and_ended, store, measures.heard)
            measures.begin_with({row.tool_id: _figures(row) for row in found}, ended)

    async def close(self) -> None:
        """Let go of the file."""
        for following in self._following:
            following.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)
        if self._store is not None:
            self._store.close()

    async def _ready(self) -> "Store":
        """The store, with everything in it that is on disk now."""
        from projections.projector import Projector
        from projections.store import Store

        async with self._opening:
            if self._store is None:
                self._store = await asyncio.to_thread(Store.open, self._settings.data)
                numbers = range(self._log.partitions)
                self._projectors = [Projector(self._store, self._log, n) for n in numbers]
                self._core.listen(self._tell)
                self._following = [
                    asyncio.create_task(each.follow(), name=f"projector {number}")
                    for number, each in enumerate(self._projectors)
                ]
        await asyncio.gather(*map(self._reach_end, range(len(self._projectors))))
        return self._store

    def _tell(self, records: Sequence[Record], states: Mapping[str, TaskState]) -> None:
        for number, projector in enumerate(self._projectors):
            if self._hears_records:
                projector.told(records, states)
            elif any(record.partition == number for record in records):
                projector.told()

    async def _reach_end(self, number: int) -> None:
        end = await self._log.end(EVENTS, number)
        projector = self._projectors[number]
        if projector.position < end:
            projector.told()
        await projector.wait_for(end)


def _figures(row: "ToolFigures") -> Figures:
    return Figures(
        runs=row.runs,
        successes=row.successes,
        duration=row.duration,
        cost=row.cost,
        last_used=row.last_used,
        last_error=row.last_error or "",
    )

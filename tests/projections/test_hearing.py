"""What the core tells of its commits is projected without reading it again, where it is sure."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from projections.folding import Histories
from projections.hearing import Heard
from projections.projector import Projector
from projections.queries import history
from projections.rebuild import rebuild
from projections.store import Store
from streams.domain import inputs as i
from streams.domain.state import TaskState
from streams.domain.status import TaskStatus
from streams.log import EVENTS, INPUTS, Log, Record
from streams.memory import MemoryLog
from tests.projections.histories import KINDS, World, events_of

SHORT = {"MICRO_BATCH": 0.001, "PAUSE": 0.001}


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in SHORT.items():
        monkeypatch.setattr(f"projections.projector.{name}", seconds)


@pytest.fixture
def folded(monkeypatch: pytest.MonkeyPatch) -> list[Record]:
    """The events that were read from the log and folded."""
    found: list[Record] = []
    fold = Histories.fold

    def counting(self: Histories, record: Record) -> object:
        found.append(record)
        return fold(self, record)

    monkeypatch.setattr(Histories, "fold", counting)
    return found


@asynccontextmanager
async def following(projector: Projector) -> AsyncIterator[None]:
    task = asyncio.create_task(projector.follow(poll=60))
    yield
    task.cancel()
    await asyncio.wait([task])


async def live(world: World, number: int) -> None:
    await asyncio.gather(*(world.live(f"{kind}-{number}") for kind in KINDS))


async def is_up_to_date(projector: Projector, log: Log) -> None:
    await asyncio.wait_for(projector.wait_for(await log.end(EVENTS, 0)), 5)


async def assert_same_after_rebuild(store: Store, log: Log) -> None:
    rows = history(store, limit=1_000).items
    await rebuild(store, log)
    assert history(store, limit=1_000).items == rows


async def test_what_was_told_makes_the_same_rows_without_being_read(
    store: Store, folded: list[Record]
) -> None:
    log = MemoryLog()
    projector = Projector(store, log)
    async with World(log) as world:
        world.core.listen(projector.told)
        await world.send(i.SubmitRequest, "plain-first", request="the first is read")
        await world.until("plain-first", TaskStatus.APPROVED)
        await projector.catch_up()
        was_read = len(folded)

        for number in range(3):
            await live(world, number)
            await projector.catch_up()

    assert len(folded) == was_read
    assert len(await events_of(log)) > 10 * was_read
    assert projector.alarms == []
    await assert_same_after_rebuild(store, log)


async def test_it_goes_on_listening_after_a_rebuild_and_a_gap(store: Store) -> None:
    log = MemoryLog()
    projector = Projector(store, log)
    async with World(log) as world, following(projector):
        forget = world.core.listen(projector.told)
        await live(world, 0)
        await rebuild(store, log)
        await live(world, 1)
        await is_up_to_date(projector, log)
        forget()
        await live(world, 2)  # nobody is told
        world.core.listen(projector.told)
        await live(world, 3)
        await is_up_to_date(projector, log)

    assert projector.alarms == []
    assert len(history(store, limit=1_000).items) == 4 * len(KINDS)
    await assert_same_after_rebuild(store, log)


async def test_more_than_is_kept_in_memory_is_read(
    store: Store, folded: list[Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.hearing.LARGEST", 40)
    log = MemoryLog()
    projector = Projector(store, log, batch=10)
    async with World(log) as world:
        world.core.listen(projector.told)
        await live(world, 0)

    await projector.catch_up()

    assert 300 < len(folded) < len(await events_of(log))
    await assert_same_after_rebuild(store, log)


async def test_events_that_are_not_where_they_should_be_are_read(
    lived: MemoryLog, store: Store
) -> None:
    events = await events_of(lived)
    states = {record.key: TaskState(task_id=record.key) for record in events}
    projector = Projector(store, lived, batch=100)
    told = [replace(record, offset=-1) for record in events]
    projector.told(told[99:120] + told[130:], states)  # some are missing, so places do not fit

    await projector.catch_up()

    assert projector.position == len(events)
    await assert_same_after_rebuild(store, lived)


def test_only_events_of_the_partition_are_kept() -> None:
    heard = Heard(1)
    heard.add([Record(INPUTS, 1, "t", b""), Record(EVENTS, 0, "t", b"")], {"t": TaskState()})

    assert heard.take() == []

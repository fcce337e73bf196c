"""The projector keeps rows and checkpoint in step with the log."""

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.errors import StoreUnusable
from projections.model import write_rows
from projections.projector import MODELS, Projector
from projections.queries import counts, history, task
from projections.rebuild import rebuild
from projections.schema import sql
from projections.store import Store
from projections.tasks import TaskRow, task_row
from streams.log import EVENTS, Record
from streams.memory import MemoryLog
from tests.projections.histories import KINDS, Copy, events_of, memory_histories

TASKS = len(KINDS) + 1


def rows_of(store: Store) -> list[TaskRow]:
    return history(store, limit=1_000).items


async def test_every_task_has_the_row_of_its_whole_history(lived: MemoryLog, store: Store) -> None:
    await Projector(store, lived).catch_up()

    found = {row.task_id: row for row in rows_of(store)}
    assert counts(store) == {
        "approved": 4,
        "cancelled": 1,
        "pending_approval": 2,
        "publication_uncertain": 1,
        "rejected": 1,
        "waiting_for_answer": 1,
    }
    assert found["approved-0-0"].cost == 0.25
    assert found["plain-0-0"].quality_passed is True
    assert found["poor-0-0"].quality_score == 0.8
    assert found["poor-0-0"].quality_passed is False
    assert found["poor-0-0"].title == "Growth in Q4"
    assert found["poor-0-0"].channels == ["linkedin"]
    assert found["poor-0-0"].duration_ms is None
    assert found["asks-0-0"].title == "Create a LinkedIn post for asks-0-0"
    assert found["one-0"].title == "echo: run"
    assert found["cancelled-0-0"].error == "not needed"
    closed = found["plain-0-0"]
    assert closed.closed_at is not None
    assert closed.duration_ms == closed.closed_at - closed.submitted_at
    assert closed.progress == 1.0


async def test_what_is_no_task_has_no_row(lived: MemoryLog, store: Store) -> None:
    await Projector(store, lived).catch_up()

    assert task(store, "principal-0") is None


async def test_a_second_look_finds_nothing_new(lived: MemoryLog, store: Store) -> None:
    first = await Projector(store, lived).catch_up()
    again = await Projector(store, lived).catch_up()

    assert (first, again) == (await lived.end(EVENTS, 0), 0)


@given(data=st.data())
@settings(max_examples=6, deadline=None)
def test_rows_are_the_same_however_the_events_came(lived: MemoryLog, data: st.DataObject) -> None:
    asyncio.run(compare(lived, data))


async def compare(lived: MemoryLog, data: st.DataObject) -> None:
    copy = Copy(await events_of(lived))
    sizes = st.integers(25, 200)
    with TemporaryDirectory() as directory:
        store = Store.open(Path(directory))
        projector = Projector(store, copy.log, batch=data.draw(sizes))
        while copy.left:
            await copy.take(data.draw(sizes))
            if data.draw(st.booleans()):  # another process goes on
                projector = Projector(store, copy.log, batch=data.draw(sizes))
            await projector.catch_up()
        incremental = rows_of(store)

        await rebuild(store, copy.log)

        assert rows_of(store) == incremental
        assert len(incremental) == TASKS
        store.close()


async def test_a_batch_applied_again_changes_nothing(lived: MemoryLog, store: Store) -> None:
    projector = Projector(store, lived, batch=100)
    await projector.catch_up()
    before = rows_of(store)

    for position in (0, 57, 200):
        store.write(partial(set_checkpoint, position))
        await projector.catch_up()
        assert rows_of(store) == before


def set_checkpoint(position: int, connection: Any) -> None:
    connection.execute(sql("write_checkpoint"), {"partition": 0, "position": position})


async def test_rows_and_checkpoint_fail_together(
    lived: MemoryLog, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    projector = Projector(store, lived, batch=200)
    fail_at_write(monkeypatch, 2 * len(MODELS))

    with pytest.raises(StoreUnusable):
        await projector.catch_up()
    assert store.read("read_checkpoint", {"partition": 0}) == [(200,)]
    await projector.catch_up()

    assert projector.position == await lived.end(EVENTS, 0)
    assert projector.alarms == []
    assert len(rows_of(store)) == TASKS


def fail_at_write(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The disk fails once, after rows were written and before they are committed."""
    calls = iter(range(1, 1_000))

    def failing(connection: Any, model: Any, rows: Any) -> None:
        write_rows(connection, model, rows)
        if next(calls) == number:
            raise StoreUnusable("no space left")

    monkeypatch.setattr("projections.projector.write_rows", failing)


async def test_it_follows_the_log_and_survives_a_failing_disk(
    lived: MemoryLog, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.projector.PAUSE", 0.001)
    monkeypatch.setattr("projections.projector.MICRO_BATCH", 0.001)
    fail_at_write(monkeypatch, 2 * len(MODELS))
    copy = Copy(await events_of(lived))
    total = len(copy.left)
    projector = Projector(store, copy.log)
    following = asyncio.create_task(projector.follow(poll=60))

    while copy.left:
        await copy.take(total // 4 + 1)
        projector.told()
        await asyncio.wait_for(projector.wait_for(total - len(copy.left)), 5)

    assert len(rows_of(store)) == TASKS
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following


async def test_it_looks_at_the_log_even_when_nobody_tells(lived: MemoryLog, store: Store) -> None:
    copy = Copy(await events_of(lived))
    projector = Projector(store, copy.log)
    following = asyncio.create_task(projector.follow(poll=0.001))
    await asyncio.wait_for(projector.wait_for(0), 5)

    await copy.take(100)

    await asyncio.wait_for(projector.wait_for(100), 5)
    following.cancel()


async def test_rows_of_another_log_are_dropped(lived: MemoryLog, store: Store) -> None:
    await Projector(store, lived).catch_up()
    other = MemoryLog(log_id="other")

    await Projector(store, other).catch_up()

    assert rows_of(store) == []


async def test_a_log_that_was_put_back_is_read_again(lived: MemoryLog, store: Store) -> None:
    await Projector(store, lived).catch_up()
    copy = Copy(await events_of(lived))
    await copy.take(100)

    await Projector(store, copy.log).catch_up()

    assert store.read("read_checkpoint", {"partition": 0}) == [(100,)]
    assert 0 < len(rows_of(store)) < TASKS


async def test_a_rebuild_covers_all_partitions_and_tells_how_far_it_is(tmp_path: Path) -> None:
    log = await memory_histories(partitions=2)
    store = Store.open(tmp_path)
    told: list[tuple[int, int]] = []

    done = await rebuild(store, log, lambda *so_far: told.append(so_far))

    assert len(rows_of(store)) == 2 * TASKS
    assert done == await log.end(EVENTS, 0) + await log.end(EVENTS, 1)
    assert told[-1] == (done, done)
    assert told == sorted(told)
    store.close()


async def test_a_projector_goes_on_after_a_rebuild_in_its_middle(
    lived: MemoryLog, store: Store
) -> None:
    copy = Copy(await events_of(lived))
    total = len(copy.left)
    await copy.take(150)
    projector = Projector(store, copy.log, batch=50)
    await projector.catch_up()
    await copy.take(100)
    await rebuild(store, copy.log)  # now the file is ahead of what the projector has in memory
    await copy.take(total)

    await projector.catch_up()

    assert projector.alarms == []
    incremental = rows_of(store)
    await rebuild(store, copy.log)
    assert rows_of(store) == incremental


async def test_a_failed_rebuild_leaves_the_old_rows(
    lived: MemoryLog, store: Store, tmp_path: Path
) -> None:
    await Projector(store, lived).catch_up()
    before = rows_of(store)

    def interrupt(done: int, total: int) -> None:
        raise KeyError("interrupted")

    with pytest.raises(KeyError):
        await rebuild(store, lived, interrupt)

    assert rows_of(store) == before
    assert not (tmp_path / "read-models.duckdb.rebuild").exists()


@pytest.mark.parametrize("damage", ["hash", "missing", "garbage"])
async def test_a_broken_history_is_told_once_with_its_place(
    lived: MemoryLog, store: Store, damage: str
) -> None:
    events = await events_of(lived)
    places = [n for n, record in enumerate(events) if record.key == "plain-0-0"]
    spoil(events, places[3], damage)
    copy = Copy([replace(record, offset=-1) for record in events])
    await copy.take(len(events))
    projector = Projector(store, copy.log)

    await projector.catch_up()

    (alarm,) = projector.alarms
    assert "'plain-0-0' is broken at events/0@" in alarm
    assert len(rows_of(store)) == TASKS


def spoil(events: list[Record], place: int, damage: str) -> None:
    record = events[place]
    match damage:
        case "hash":
            events[place] = replace(record, headers={**record.headers, "hash": "00" * 32})
        case "missing":
            del events[place]
        case _:
            events[place] = replace(record, value=b"{")


async def test_an_erased_event_leaves_the_row_readable(lived: MemoryLog, store: Store) -> None:
    events = await events_of(lived)
    place = [n for n, record in enumerate(events) if record.key == "liked-0-0"][-1]
    digest = erased(events[place])
    events[place] = replace(events[place], value=b"", headers=digest)
    copy = Copy([replace(record, offset=-1) for record in events])
    await copy.take(len(events))
    projector = Projector(store, copy.log)

    await projector.catch_up()

    row = task(store, "liked-0-0")
    assert row is not None
    assert projector.alarms == []
    assert row.sequence == int(digest["sequence"])


def erased(record: Record) -> dict[str, str]:
    from streams.chain import body_digest

    headers = dict(record.headers)
    salt = bytes.fromhex(headers.pop("salt"))
    return headers | {"digest": body_digest(salt, record.value).hex()}


def test_a_long_request_is_cut_in_its_title() -> None:
    from streams.domain.state import Life, TaskState

    row = task_row(TaskState(life=Life.OPEN, request="many words " * 20), "t", 1, at=5)

    assert len(row.title) <= 80
    assert row.title.endswith("…")
    assert row.updated_at == 5

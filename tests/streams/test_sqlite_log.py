"""The log in a SQLite file keeps the contract, and survives what files and processes suffer."""

import asyncio
import json
import os
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from streams.domain.errors import (
    Locked,
    LogError,
    LogUnavailable,
)
from streams.lock import holder
from streams.log import EVENTS, INPUTS, Commit, Log, Recovery
from streams.sql.schema import sql
from streams.sqlite import SqliteLog
from tests.streams.log_contract import LogContract
from tests.streams.log_model import PARTITIONS, an_input, event, snapshot
from tests.streams.processes import start

URL = "http://127.0.0.1:8000"


class TestSqliteLog(LogContract):
    async def open(self, directory: Path) -> Log:
        return await SqliteLog.open(directory, partitions=PARTITIONS)

    async def reopen(self, log: Log, directory: Path) -> Log:
        await log.close()
        return await SqliteLog.open(directory)


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[SqliteLog]:
    log = await SqliteLog.open(tmp_path / "data")
    yield log
    await log.close()


# The directory and its lock


async def test_a_new_directory_is_for_its_owner_only(tmp_path: Path) -> None:
    log = await SqliteLog.open(tmp_path / "new" / "data")
    await log.close()

    assert stat.S_IMODE((tmp_path / "new" / "data").stat().st_mode) == 0o700
    assert (tmp_path / "new" / "data" / "log.db").is_file()


async def test_a_new_log_has_one_partition_and_an_id_of_its_own(tmp_path: Path) -> None:
    logs = [await SqliteLog.open(tmp_path / name) for name in ("a", "b")]

    assert [log.partitions for log in logs] == [1, 1]
    assert logs[0].log_id != logs[1].log_id
    for log in logs:
        await log.close()


async def test_a_second_writer_is_told_who_holds_the_directory(tmp_path: Path) -> None:
    first = await SqliteLog.open(tmp_path, url=URL)

    with pytest.raises(Locked, match=f"process {os.getpid()}, which serves {URL}") as caught:
        await SqliteLog.open(tmp_path)

    assert (caught.value.url, caught.value.pid) == (URL, os.getpid())
    await first.close()
    await (await SqliteLog.open(tmp_path)).close()


async def test_the_lock_tells_a_url_that_is_set_later(log: SqliteLog, tmp_path: Path) -> None:
    with pytest.raises(Locked, match="stop it") as before:
        await SqliteLog.open(tmp_path / "data")
    log.set_url(URL + "/a-longer-one")
    log.set_url(URL)
    with pytest.raises(Locked) as after:
        await SqliteLog.open(tmp_path / "data")

    assert (before.value.url, after.value.url) == (None, URL)


async def test_a_lock_is_a_lock_whatever_its_file_says(tmp_path: Path) -> None:
    first = await SqliteLog.open(tmp_path)
    (tmp_path / "lock").write_bytes(b'{"pid":')

    with pytest.raises(Locked, match="held by another process"):
        await SqliteLog.open(tmp_path)
    await first.close()


async def test_another_process_that_holds_the_directory_is_named(tmp_path: Path) -> None:
    process = start("log.set_url(arguments[0]); print('open', flush=True); input()", tmp_path, URL)
    assert process.stdout
    process.stdout.readline()

    with pytest.raises(Locked) as caught:
        await SqliteLog.open(tmp_path)
    found = holder(tmp_path)
    process.kill()
    process.communicate()

    assert (caught.value.pid, caught.value.url) == (process.pid, URL)
    assert found
    assert (found.pid, found.url) == (process.pid, URL)
    assert found.since
    # The file still names the dead process, but nobody holds it.
    assert json.loads((tmp_path / "lock").read_text())["pid"] == process.pid
    assert holder(tmp_path) is None
    await (await SqliteLog.open(tmp_path)).close()


def test_nobody_holds_a_directory_that_there_is_not(tmp_path: Path) -> None:
    assert holder(tmp_path / "missing") is None


async def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    place = tmp_path / "file" / "data"

    with pytest.raises(LogUnavailable, match=str(place)):
        await SqliteLog.open(place)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_directory_that_is_read_only_is_named(tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o500)

    with pytest.raises(LogUnavailable, match=str(tmp_path)):
        await SqliteLog.open(tmp_path)

    os.chmod(tmp_path, 0o700)


async def test_a_closed_log_says_so(log: SqliteLog) -> None:
    await log.close()
    await log.close()

    with pytest.raises(LogError, match="closed"):
        await log.append([an_input()])
    with pytest.raises(LogError, match="closed"):
        await log.read(INPUTS, 0, 0, 1)


# Readers


async def test_a_reader_beside_the_writer_sees_each_commit_and_writes_nothing(
    log: SqliteLog, tmp_path: Path
) -> None:
    lease = await log.acquire(0, "me")
    reader = await SqliteLog.open(tmp_path / "data", read_only=True)
    before = await reader.end(EVENTS, 0)
    await log.commit(lease, Commit([event()], [snapshot()], position=1, watermark=1))

    assert reader.log_id == log.log_id
    assert (before, await reader.end(EVENTS, 0)) == (0, 1)
    assert await reader.history(0, "task-1") == [replace(event(), offset=0)]
    assert await reader.recover(0) == Recovery(1, 1, [snapshot()])
    assert await reader.check() == ["position of partition 0 is 1, but inputs/0 ends at 0"]
    for write in (
        reader.append([an_input()]),
        reader.acquire(0, "me"),
        reader.commit(lease, Commit()),
        reader.save_position("projector", EVENTS, 0, 1),
    ):
        with pytest.raises(LogError, match="read-only"):
            await write
    await reader.close()
    await log.commit(lease, Commit([event()]))


async def test_a_reader_finds_what_a_closed_or_killed_writer_has_left(tmp_path: Path) -> None:
    process = start(
        """
await log.append([Record('inputs', 0, 'k', b'1')])
print('written', flush=True)
input()
""",
        tmp_path,
    )
    assert process.stdout
    process.stdout.readline()
    process.kill()
    process.communicate()

    for _ in range(2):
        reader = await SqliteLog.open(tmp_path, read_only=True)
        assert await reader.end(INPUTS, 0) == 1
        await reader.close()
        await (await SqliteLog.open(tmp_path)).close()


async def test_a_reader_makes_no_log(tmp_path: Path) -> None:
    with pytest.raises(LogUnavailable, match=str(tmp_path)):
        await SqliteLog.open(tmp_path, read_only=True)

    assert os.listdir(tmp_path) == []


async def test_records_too_large_for_one_answer_are_read_all_the_same(log: SqliteLog) -> None:
    values = [bytes([n]) * 3_000 for n in range(40)]
    lease = await log.acquire(0, "me")
    await log.commit(lease, Commit([event(value=value) for value in values]))

    connection = log._reader._connection
    assert connection
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 16_000)

    assert [record.value for record in await log.read(EVENTS, 0, 0, 100)] == values
    assert [record.value for record in await log.history(0, "task-1")] == values


async def test_the_search_for_open_tasks_does_not_read_stubs(log: SqliteLog) -> None:
    given = {"partition": 0, "after": "", "limit": 1}
    plan = await log._reader.run(
        lambda connection: connection.execute(
            f"explain query plan {sql('open_snapshots')}", given
        ).fetchall()
    )

    assert any("INDEX open_snapshots" in row[3] for row in plan)


async def test_every_commit_waits_for_the_disk(log: SqliteLog) -> None:
    def settings(connection: sqlite3.Connection) -> list[object]:
        names = ("synchronous", "journal_mode")
        return [connection.execute(f"pragma {name}").fetchone()[0] for name in names]

    assert await log._writer.run(settings) == [2, "wal"]


async def test_the_event_loop_goes_on_while_the_log_works(log: SqliteLog) -> None:
    blocked = threading.Event()
    long = asyncio.create_task(log._writer.run(lambda connection: blocked.wait(10)))
    append = asyncio.create_task(log.append([an_input()]))

    for _ in range(5):
        assert await log.end(INPUTS, 0) == 0  # the reader does not wait for the writer
    asyncio.get_running_loop().call_later(0.01, blocked.set)

    assert await long
    assert await append == [0]

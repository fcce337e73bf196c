"""The log in a SQLite file survives damage, a full disk, cancelling and sudden death."""

import asyncio
import os
import shlex
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from streams.domain.errors import (
    LogCorrupted,
    LogError,
    LogFull,
    SchemaMismatch,
)
from streams.lock import holder
from streams.log import EVENTS, INPUTS, Commit, Recovery
from streams.sqlite import SqliteLog
from tests.streams.log_model import an_input, event, snapshot
from tests.streams.processes import ROOT, script, start


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[SqliteLog]:
    log = await SqliteLog.open(tmp_path / "data")
    yield log
    await log.close()


# Damage


@pytest.mark.parametrize(
    ("pragma", "hint"), [("user_version", "version 7"), ("application_id", "not a log")]
)
async def test_a_file_of_another_version_is_refused(tmp_path: Path, pragma: str, hint: str) -> None:
    await (await SqliteLog.open(tmp_path)).close()
    connection = sqlite3.connect(tmp_path / "log.db")
    connection.execute(f"pragma {pragma} = 7")
    connection.close()

    for is_reader in (False, True):
        with pytest.raises(SchemaMismatch, match=hint):
            await SqliteLog.open(tmp_path, read_only=is_reader)


async def test_the_number_of_partitions_never_changes(tmp_path: Path) -> None:
    await (await SqliteLog.open(tmp_path, partitions=3)).close()

    with pytest.raises(SchemaMismatch, match="has 3 partitions"):
        await SqliteLog.open(tmp_path, partitions=4)

    log = await SqliteLog.open(tmp_path)
    assert log.partitions == 3
    await log.close()


async def test_a_file_that_is_no_database_is_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"not a database" * 1000)

    with pytest.raises(LogCorrupted, match="copy the directory, then run `orchestrator doctor`"):
        await SqliteLog.open(tmp_path)
    assert holder(tmp_path) is None


async def test_damaged_pages_are_found_by_reading_and_by_checking(tmp_path: Path) -> None:
    log = await SqliteLog.open(tmp_path)
    await log.append([an_input(value=bytes(3000)) for _ in range(500)])
    await log.close()
    with (tmp_path / "log.db").open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(size // 4)
        file.write(os.urandom(size // 2))

    log = await SqliteLog.open(tmp_path)
    with pytest.raises(LogCorrupted, match="is damaged"):
        await log.read(INPUTS, 0, 0, 500)
    findings = await log.check()
    await log.close()

    assert findings


async def test_a_check_finds_gaps_and_positions_past_the_end(tmp_path: Path) -> None:
    log = await SqliteLog.open(tmp_path)
    lease = await log.acquire(0, "me")
    await log.append([an_input()] * 3)
    await log.commit(lease, Commit([event()] * 3, position=3, watermark=3))
    await log.save_position("projector", EVENTS, 0, 3)
    healthy = await log.check()
    await log.close()
    connection = sqlite3.connect(tmp_path / "log.db")
    with connection:
        connection.execute("delete from records where topic = 'events' and \"offset\" = 1")
        connection.execute("delete from records where topic = 'inputs'")
        connection.execute('update positions set "offset" = 4')
    connection.close()

    log = await SqliteLog.open(tmp_path)
    findings = await log.check()
    await log.close()

    assert healthy == []
    assert findings == [
        "events/0 holds 2 records with offsets 0 to 2",
        "position of projector is 4, but events/0 ends at 3",
        "position of partition 0 is 3, but inputs/0 ends at 0",
    ]


async def test_text_that_is_no_unicode_is_refused(log: SqliteLog) -> None:
    for bad in (an_input("\ud800"), replace(an_input(), headers={"x": "\ud800"})):
        with pytest.raises(LogError, match="UTF-8"):
            await log.append([an_input(), bad])

    assert await log.append([an_input()]) == [0]


async def test_a_record_that_sqlite_cannot_hold_is_refused(log: SqliteLog) -> None:
    await log.append([an_input(value=bytes(20_000))])
    for lane in (log._writer, log._reader):
        assert lane._connection
        lane._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 9_000)

    with pytest.raises(LogError, match="too big"):
        await log.append([an_input(value=bytes(10_000))])
    with pytest.raises(LogError, match="too big"):
        await log.read(INPUTS, 0, 0, 10)

    assert await log.append([an_input()]) == [1]
    assert [record.offset for record in await log.read(INPUTS, 0, 1, 10)] == [1]


# A full disk and failing files


async def test_a_full_disk_keeps_nothing_of_the_commit_and_is_survived(log: SqliteLog) -> None:
    lease = await log.acquire(0, "me")
    await log.commit(lease, Commit([event()], position=1))
    large = [an_input(), *(event(value=os.urandom(9000)) for _ in range(200))]
    await log._writer.run(lambda connection: connection.execute("pragma max_page_count = 60"))

    for _ in range(2):
        with pytest.raises(LogFull, match="free some space"):
            await log.commit(lease, Commit(large, [snapshot()], position=2))
    kept = await log.end(EVENTS, 0), await log.end(INPUTS, 0), await log.recover(0)
    small = await log.commit(lease, Commit([event()]))
    await log._writer.run(lambda connection: connection.execute("pragma max_page_count = 100000"))

    assert kept == (1, 0, Recovery(1, 0, []))
    assert small == {EVENTS: 2}
    assert await log.commit(lease, Commit(large, position=1)) == {EVENTS: 202, INPUTS: 1}
    assert await log.check() == []


FILL = """
from streams.domain.errors import LogFull
records = [Record('inputs', 0, 'k', bytes(9000))] * 20
ballast = Path(directory) / 'ballast'
ballast.write_bytes(bytes(1_000_000))
written = failed = 0
while failed < 3:
    try:
        await log.append(records)
        written += 20
    except LogFull:
        failed += 1
assert await log.end('inputs', 0) == written > 0
ballast.unlink()
await log.append(records)
assert await log.end('inputs', 0) == written + 20
assert await log.check() == []
await log.close()
print('survived', written)
"""


def test_a_really_full_file_system_is_survived(tmp_path: Path) -> None:
    mount = f"mount -t tmpfs -o size=4m none {tmp_path} && exec "
    private = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    if not shutil.which("unshare") or subprocess.run([*private, mount + "true"]).returncode:
        pytest.skip("mounting needs user namespaces")

    command = [*private, mount + shlex.join(script(FILL, tmp_path))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    assert "survived" in done.stdout, done.stderr


async def test_a_file_that_cannot_grow_makes_the_log_unavailable(tmp_path: Path) -> None:
    process = start(
        """
import resource
from streams.domain.errors import LogUnavailable
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
try:
    await log.append([Record('inputs', 0, 'k', bytes(100_000))] * 20)
except LogUnavailable as error:
    print(error)
print(await log.append([Record('inputs', 0, 'k', b'')]))
""",
        tmp_path,
    )
    said, _ = process.communicate()

    assert "disk I/O error" in said
    assert "[0]" in said


# Interruption


async def test_a_cancelled_commit_happens_completely_or_not_at_all(log: SqliteLog) -> None:
    lease = await log.acquire(0, "me")
    for turns in range(12):
        start = await log.end(EVENTS, 0)
        task = asyncio.create_task(log.commit(lease, Commit([event(), an_input()] * 50)))
        for _ in range(turns % 4):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        offset = (await log.append([an_input()]))[0]  # waits for the commit, if it has begun
        assert await log.end(EVENTS, 0) - start in (0, 50)
        assert await log.end(INPUTS, 0) == offset + 1

    assert await log.check() == []


async def test_opening_that_is_cancelled_leaves_no_lock(tmp_path: Path) -> None:
    for turns in range(4):
        task = asyncio.create_task(SqliteLog.open(tmp_path))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert holder(tmp_path) is None

    await (await SqliteLog.open(tmp_path)).close()


WRITE_FOR_EVER = """
lease = await log.acquire(0, 'me')
number = await log.end('events', 0) // 40
while True:
    name = str(number)
    records = [Record('events', 0, name, bytes(1000)), Record('inputs', 0, name, bytes(500))] * 40
    snapshot = Snapshot(name, number, '', 0, 0, 1, None, bytes(3000))
    await log.commit(lease, Commit(records, [snapshot], position=number, watermark=number))
    print(number, flush=True)
    number += 1
"""


async def test_every_acknowledged_commit_survives_a_kill_and_none_is_half(tmp_path: Path) -> None:
    acknowledged = -1
    for patience in (1, 7, 23, 40):
        process = start(WRITE_FOR_EVER, tmp_path)
        assert process.stdout
        for _ in range(patience):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate()
        acknowledged += patience + rest.count("\n")

        log = await SqliteLog.open(tmp_path)
        events = await log.read(EVENTS, 0, 0, 100_000)
        commits = len(events) // 40
        recovery = await log.recover(0)

        assert commits > acknowledged
        assert [event.key for event in events] == [
            str(n) for n in range(commits) for _ in range(40)
        ]
        assert await log.end(INPUTS, 0) == commits * 40
        assert recovery.position == recovery.watermark == commits - 1
        assert {s.sequence for s in recovery.snapshots} == set(range(commits))
        assert await log.check() == []
        await log.close()
        acknowledged = commits - 1

"""The log in a SQLite file keeps the contract, and survives what files and processes suffer."""

import asyncio
import json
import os
import shlex
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from streams.domain.errors import (
    Locked,
    LogCorrupted,
    LogError,
    LogFull,
    LogUnavailable,
    SchemaMismatch,
)
from streams.lock import holder
from streams.log import EVENTS, INPUTS, Commit, Log, Recovery
from streams.sql.schema import sql
from streams.sqlite import SqliteLog
from tests.streams.log_contract import PARTITIONS, LogContract, an_input, event, snapshot

ROOT = Path(__file__).parents[2]
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


PREAMBLE = """
import asyncio, sys
from pathlib import Path
from streams.log import *
from streams.sqlite import SqliteLog
async def main(directory, *arguments):
    log = await SqliteLog.open(Path(directory))
"""


def script(code: str, *arguments: object) -> list[str]:
    """The command of a process with `log` open in the directory that is its first argument."""
    body = "".join(f"    {line}\n" for line in code.strip().splitlines())
    program = f"{PREAMBLE}{body}\nasyncio.run(main(*sys.argv[1:]))"
    return [sys.executable, "-c", program, *map(str, arguments)]


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    command, pipe = script(code, *arguments), subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, text=True, stdin=pipe, stdout=pipe)


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

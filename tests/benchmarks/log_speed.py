"""How fast the SQLite log is, and why it is written so: `python -m tests.benchmarks.log_speed`.

Name parts to run only them. `writing` and `reading` compare ways to use Python's sqlite3 from a
thread, with the main thread idle and busy; `file` compares page and checkpoint sizes; `log`
measures the log itself under an event loop. Every commit waits for the disk.
"""

import asyncio
import json
import os
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from streams.log import EVENTS, INPUTS, Commit, Record
from streams.sql import schema
from streams.sql.rows import pack, read_records
from streams.sql.schema import set_up, sql
from streams.sqlite import SqliteLog

CHUNKS = (256, 64, 16, 4, 1)
COLUMNS = '(topic, partition, "offset", key, headers, value)'

Write = Callable[[sqlite3.Connection, Sequence[Record], int], None]
Read = Callable[[sqlite3.Connection, int], int]


def some_records(count: int) -> list[Record]:
    """Events, inputs and commands of about 1 KB, four to a task."""
    records = []
    for number in range(count):
        if number % 4 == 0:
            task_id = str(uuid.uuid4())
        headers = {
            "id": f"{task_id}/{number}",
            "type": "plan_drafted.v1",
            "time": "1760000000000",
            "sequence": str(number),
            "causationid": str(uuid.uuid4()),
            "correlationid": task_id,
            "inputoffset": str(number),
            "salt": os.urandom(16).hex(),
            "digest": os.urandom(32).hex(),
            "hash": os.urandom(32).hex(),
        }
        topic = (EVENTS, EVENTS, INPUTS, "commands.content")[number % 4]
        records.append(Record(topic, 0, task_id, os.urandom(250).hex().encode(), headers))
    return records


# Ways to write


def rows_of(records: Sequence[Record], start: int) -> Iterator[tuple[object, ...]]:
    for offset, record in enumerate(records, start):
        headers = json.dumps(record.headers)
        yield record.topic, record.partition, offset, record.key, headers, record.value


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("begin immediate")
    connection.execute("select epoch from partitions where partition = 0").fetchone()
    yield
    connection.execute("update partitions set position = position + 1 where partition = 0")
    connection.execute("commit")


def write_with_executemany(
    connection: sqlite3.Connection, records: Sequence[Record], start: int
) -> None:
    with transaction(connection):
        insert = f"insert into records {COLUMNS} values (?, ?, ?, ?, ?, ?)"  # noqa: S608
        connection.executemany(insert, rows_of(records, start))


def write_with_chunks(
    connection: sqlite3.Connection, records: Sequence[Record], start: int
) -> None:
    flat = [value for row in rows_of(records, start) for value in row]
    with transaction(connection):
        done = 0
        while done < len(records):
            size = next(size for size in CHUNKS if size <= len(records) - done)
            values = ", ".join(["(?, ?, ?, ?, ?, ?)"] * size)
            insert = f"insert into records {COLUMNS} values {values}"  # noqa: S608
            connection.execute(insert, flat[done * 6 : (done + size) * 6])
            done += size


def write_with_one_statement(
    connection: sqlite3.Connection, records: Sequence[Record], start: int
) -> None:
    offsets = range(start, start + len(records))
    connection.execute(sql("commit"), (0, 1, start, None, *pack(records, offsets, [])))


# Ways to read


def read_row_by_row(connection: sqlite3.Connection, offset: int) -> int:
    select = (
        'select "offset", key, headers, value from records'
        " where topic = 'events' and partition = 0 and \"offset\" >= ? limit 256"
    )
    return len(
        [
            Record(EVENTS, 0, key, value, json.loads(headers), place)
            for place, key, headers, value in connection.execute(select, (offset,))
        ]
    )


def read_as_one_row(connection: sqlite3.Connection, offset: int) -> int:
    given = {"topic": EVENTS, "partition": 0, "offset": offset, "limit": 256}
    return len(read_records("read", EVENTS, given, connection))


# Measuring


def timed(work: Callable[[], object], times: int, is_busy: bool) -> list[float]:
    """Seconds of each of many repetitions in a thread."""
    seconds: list[float] = []

    def repeat() -> None:
        for _ in range(times):
            start = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - start)

    thread = threading.Thread(target=repeat)
    thread.start()
    while is_busy and thread.is_alive():
        json.dumps([0] * 20)
    thread.join()
    return seconds


def report(name: str, seconds: list[float], records: int) -> None:
    seconds = sorted(seconds)
    middle, late = statistics.median(seconds), seconds[int(len(seconds) * 0.99)]
    rate = records * len(seconds) / sum(seconds)
    print(
        f"{name:52} {rate:9,.0f} records/s   median {middle * 1e3:8.2f} ms"
        f"   p99 {late * 1e3:8.2f} ms   max {seconds[-1] * 1e3:8.2f} ms",
        flush=True,
    )


@contextmanager
def new_file() -> Iterator[sqlite3.Connection]:
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(
            Path(folder) / "log.db", isolation_level=None, check_same_thread=False
        )
        set_up(connection, 1)
        connection.execute("insert into partitions values (0, 1, 'me', 0, 0)")
        yield connection
        connection.close()


def measure_write(name: str, write: Write, size: int, times: int, is_busy: bool) -> None:
    batch, place = some_records(size), iter(range(0, 10**9, size))
    with new_file() as connection:
        seconds = timed(lambda: write(connection, batch, next(place)), times, is_busy)
    report(name, seconds, size)


def measure_writing() -> None:
    ways = (write_with_executemany, write_with_chunks, write_with_one_statement)
    for is_busy in (False, True):
        for size, times in ((1000, 40), (100, 100), (1, 100)):
            for write in ways:
                few = 5 if is_busy and write is write_with_executemany else times
                busy = "busy" if is_busy else "idle"
                name = f"{size:4} a commit, {busy} main, {write.__name__}"
                measure_write(name, write, size, few, is_busy)


def measure_reading() -> None:
    ways: tuple[Read, ...] = (read_row_by_row, read_as_one_row)
    with new_file() as connection:
        for start in range(0, 20_000, 1000):
            write_with_one_statement(connection, some_records(1000), start)
        for is_busy in (False, True):
            for read in ways:
                few = 5 if is_busy and read is read_row_by_row else 50
                seconds = timed(partial(read, connection, 500), few, is_busy)
                busy = "busy" if is_busy else "idle"
                report(f" 256 a read, {busy} main, {read.__name__}", seconds, 256)


def measure_file() -> None:
    chosen = schema.PAGE_SIZE, schema.CHECKPOINT_PAGES
    for page_size in (4096, 8192, 16384):
        for megabytes in (4, 8, 16, 64):
            schema.PAGE_SIZE = page_size
            schema.CHECKPOINT_PAGES = megabytes * 2**20 // page_size
            for size, times in ((1000, 150), (50, 600), (1, 600)):
                name = f"{size:4} a commit, page {page_size}, checkpoint {megabytes} MB"
                measure_write(name, write_with_one_statement, size, times, False)
    schema.PAGE_SIZE, schema.CHECKPOINT_PAGES = chosen


async def spin() -> None:
    """Keep the event loop busy, a millisecond at a time."""
    while True:
        end = time.perf_counter() + 0.001
        while time.perf_counter() < end:
            pass
        await asyncio.sleep(0)


async def repeat(call: Callable[[], Awaitable[object]], times: int) -> list[float]:
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        await call()
        seconds.append(time.perf_counter() - start)
    return seconds


async def measure_log(is_busy: bool) -> None:
    busy = "busy" if is_busy else "idle"
    with tempfile.TemporaryDirectory() as folder:
        log = await SqliteLog.open(Path(folder))
        lease = await log.acquire(0, "me")
        spinner = asyncio.create_task(spin()) if is_busy else None
        for size, times in ((1000, 100), (100, 200), (1, 200)):
            commit = Commit(some_records(size), position=1)
            seconds = await repeat(partial(log.commit, lease, commit), times)
            report(f"{size:4} a commit, {busy} loop, SqliteLog", seconds, size)
        seconds = await repeat(partial(log.read, EVENTS, 0, 700, 1000), 50)
        report(f"1000 a read, {busy} loop, SqliteLog", seconds, 1000)
        key = (await log.read(EVENTS, 0, 700, 1))[0].key
        seconds = await repeat(partial(log.history, 0, key), 100)
        report(f"   a history, {busy} loop, SqliteLog", seconds, 1)
        if spinner:
            spinner.cancel()
        await log.close()


async def measure_logs() -> None:
    for is_busy in (False, True):
        await measure_log(is_busy)


def main(parts: Sequence[str]) -> None:
    """Measure the parts that are named, or all."""
    known: dict[str, Callable[[], None]] = {
        "writing": measure_writing,
        "reading": measure_reading,
        "file": measure_file,
        "log": lambda: asyncio.run(measure_logs()),
    }
    for part in parts or known:
        print(f"\n{part}")
        known[part]()


if __name__ == "__main__":
    main(sys.argv[1:])

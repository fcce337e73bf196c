"""The embedded log: one SQLite file, one writer, one statement a commit.

Python's sqlite3 gives the interpreter lock away at every step of a statement and then waits for it
behind a busy main thread. So a commit is one row inserted into a view, whose trigger writes
everything (`sql/schema.sql`), and a read answers with one row of JSON.
`tests/benchmarks/log_speed.py` measures both against the usual ways.
"""

import asyncio
import json
import sqlite3
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from streams.domain.errors import LogCorrupted, LogError, LogUnavailable, SchemaMismatch
from streams.lock import DirectoryLock
from streams.log import EVENTS, Commit, Lease, Record, Recovery, Snapshot
from streams.offsets import Ends, TopicPartition, assign, check_partition, check_places
from streams.sql.lane import FILE, Lane, T, Work
from streams.sql.rows import pack, read_records, read_snapshots
from streams.sql.schema import check_version, fetch, set_up, sql

ROWS_AT_ONCE = 1000  # records in one answer of a statement
SNAPSHOTS_AT_ONCE = 250


class SqliteLog:
    """The port to a log, over one file in a data directory; make it with `open`."""

    def __init__(self, directory: Path, *, is_read_only: bool = False) -> None:
        self._directory = directory
        self._is_read_only = is_read_only
        self._writer = Lane("log-writer", directory)
        self._reader = Lane("log-reader", directory)
        self._lock: DirectoryLock | None = None
        self._ends: Ends = {}  # used by the writer's thread only
        self._log_id = ""
        self._partitions = 0

    @classmethod
    async def open(
        cls,
        directory: Path,
        *,
        url: str | None = None,
        read_only: bool = False,
        partitions: int | None = None,
    ) -> "SqliteLog":
        """Open the log in a data directory, and make both when there is none.

        Args:
            directory: holds the file `log.db` and the lock; must be on a local disk.
            url: where this process answers; whoever finds the directory locked is told.
            read_only: look at a log without the lock, also while another process writes.
            partitions: how many a new log gets (1 when not stated); an old one must have that many.

        Raises:
            Locked: another process writes to the directory.
            SchemaMismatch: another version made the file, or one with another number of partitions.
            LogCorrupted: the file is damaged.
            LogUnavailable: the directory cannot be used; the message names it.
        """
        log = cls(directory, is_read_only=read_only)
        try:
            if not read_only:
                await log._writer.start(partial(log._prepare, url, partitions or 1))
            await log._reader.start(log._look)
            if partitions not in (None, log._partitions):
                raise SchemaMismatch(
                    f"{directory / FILE} has {log._partitions} partitions, which never changes, "
                    f"not {partitions}."
                )
        except BaseException:
            await log.close()
            raise
        return log

    @property
    def log_id(self) -> str:
        """A UUID made with the file."""
        return self._log_id

    @property
    def partitions(self) -> int:
        """The number with which the file was made."""
        return self._partitions

    def set_url(self, url: str | None) -> None:
        """Tell whoever finds the directory locked where this process answers."""
        if self._lock:
            self._lock.set_url(url)

    async def append(self, records: Sequence[Record]) -> list[int]:
        """See `Log.append`."""
        if not records:
            return []
        offsets, _ = await self._write(partial(self._insert, records, Commit(), None))
        return offsets

    async def acquire(self, partition: int, owner: str) -> Lease:
        """See `Log.acquire`."""
        check_partition(partition, self._partitions)
        given = {"partition": partition, "owner": owner}
        rows = await self._write(lambda connection: fetch(connection, "acquire", given))
        return Lease(partition, owner, rows[0][0])

    async def commit(self, lease: Lease, commit: Commit) -> dict[str, int]:
        """See `Log.commit`. A cancelled caller does not stop a commit that has begun."""
        _, ends = await self._write(partial(self._insert, commit.records, commit, lease))
        return {topic: end for (topic, place), end in ends.items() if place == lease.partition}

    async def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Record]:
        """See `Log.read`."""
        given = {"topic": topic, "partition": partition}
        records: list[Record] = []
        while len(records) < limit:
            start = records[-1].offset + 1 if records else offset
            wanted = min(ROWS_AT_ONCE, limit - len(records))
            page = {**given, "offset": start, "limit": wanted}
            found = await self._reader.run(partial(read_records, "read", topic, page))
            records += found
            if len(found) < wanted:
                break
        return records

    async def end(self, topic: str, partition: int) -> int:
        """See `Log.end`."""
        return await self._reader.run(lambda connection: _end(connection, (topic, partition)))

    async def history(self, partition: int, task_id: str) -> list[Record]:
        """See `Log.history`."""
        given = {"partition": partition, "key": task_id, "limit": ROWS_AT_ONCE}
        records: list[Record] = []
        is_more = True
        while is_more:
            start = records[-1].offset + 1 if records else 0
            page = {**given, "offset": start}
            found = await self._reader.run(partial(read_records, "history", EVENTS, page))
            records += found
            is_more = len(found) == ROWS_AT_ONCE
        return records

    async def recover(self, partition: int) -> Recovery:
        """See `Log.recover`."""
        return await self._reader.run(lambda connection: _recover(connection, partition))

    async def snapshots(self, partition: int, task_ids: Iterable[str]) -> dict[str, Snapshot]:
        """See `Log.snapshots`."""
        wanted = list(task_ids)
        found: list[Snapshot] = []
        for first in range(0, len(wanted), SNAPSHOTS_AT_ONCE):
            some = json.dumps(wanted[first : first + SNAPSHOTS_AT_ONCE])
            given = {"partition": partition, "task_ids": some}
            found += await self._reader.run(partial(read_snapshots, "snapshots", given))
        return {snapshot.task_id: snapshot for snapshot in found}

    async def position(self, consumer: str, topic: str, partition: int) -> int:
        """See `Log.position`."""
        given = {"consumer": consumer, "topic": topic, "partition": partition}
        rows = await self._reader.run(lambda connection: fetch(connection, "position", given))
        return int(rows[0][0]) if rows else 0

    async def save_position(self, consumer: str, topic: str, partition: int, offset: int) -> None:
        """See `Log.save_position`."""
        given = {"consumer": consumer, "topic": topic, "partition": partition, "offset": offset}
        await self._write(lambda connection: fetch(connection, "save_position", given))

    async def check(self) -> list[str]:
        """Read the whole file and tell what is wrong with it; an empty list when nothing is."""
        try:
            return await self._reader.run(_check)
        except LogCorrupted as error:
            return [str(error)]

    async def close(self) -> None:
        """See `Log.close`. What was begun is finished first, even when the caller is cancelled."""
        await asyncio.shield(self._let_go())

    async def _let_go(self) -> None:
        await self._reader.close()
        await self._writer.close()
        if self._lock:
            self._lock.release()

    async def _write(self, work: Work[T]) -> T:
        if self._is_read_only:
            raise LogError(f"{self._directory / FILE} was opened read-only.")
        return await self._writer.run(work)

    def _prepare(self, url: str | None, partitions: int) -> sqlite3.Connection:
        """Runs in the writer's thread: the directory, the lock, and a file of this version."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = DirectoryLock(self._directory, url)
        connection = sqlite3.connect(
            self._directory / FILE, isolation_level=None, check_same_thread=False
        )
        try:
            set_up(connection, partitions)
        except BaseException:
            connection.close()
            raise
        return connection

    def _look(self) -> sqlite3.Connection:
        """Runs in the reader's thread: a connection that cannot write, and what the file is."""
        path = self._directory / FILE
        if not path.is_file():
            raise LogUnavailable(
                f"There is no log in {self._directory}: start a server there first."
            )
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            check_version(connection)
            about = dict(connection.execute("select name, value from meta").fetchall())
        except BaseException:
            connection.close()
            raise
        self._log_id, self._partitions = about["log_id"], int(about["partitions"])
        return connection

    def _insert(
        self,
        records: Sequence[Record],
        commit: Commit,
        lease: Lease | None,
        connection: sqlite3.Connection,
    ) -> tuple[list[int], Ends]:
        """Runs in the writer's thread: everything in one statement, which is one transaction."""
        check_places(records, self._partitions, lease)
        offsets, ends = assign(
            records, lambda place: self._ends.get(place) or _end(connection, place)
        )
        packed = pack(records, offsets, commit.snapshots)
        partition, epoch = (lease.partition, lease.epoch) if lease else (None, None)
        given = (partition, epoch, commit.position, commit.watermark, *packed)
        try:
            connection.execute(sql("commit"), given)
        except BaseException:
            self._ends.clear()  # whatever has happened, the file knows
            raise
        self._ends.update(ends)
        return offsets, ends


def _end(connection: sqlite3.Connection, place: TopicPartition) -> int:
    topic, partition = place
    rows = fetch(connection, "end", {"topic": topic, "partition": partition})
    return int(rows[0][0])


def _recover(connection: sqlite3.Connection, partition: int) -> Recovery:
    """All from one moment, whatever is committed meanwhile."""
    connection.execute("begin")
    try:
        rows = fetch(connection, "recover", {"partition": partition})
        position, watermark = rows[0] if rows else (0, 0)
        snapshots: list[Snapshot] = []
        is_more = True
        while is_more:
            after = snapshots[-1].task_id if snapshots else ""
            given = {"partition": partition, "after": after, "limit": SNAPSHOTS_AT_ONCE}
            found = read_snapshots("open_snapshots", given, connection)
            snapshots += found
            is_more = len(found) == SNAPSHOTS_AT_ONCE
        return Recovery(position, watermark, snapshots)
    finally:
        connection.execute("rollback")


def _check(connection: sqlite3.Connection) -> list[str]:
    statements = ("pragma integrity_check", sql("gaps"), sql("overruns"))
    findings = [row[0] for statement in statements for row in connection.execute(statement)]
    return [finding for finding in findings if finding != "ok"]

"""The file of the read models: one DuckDB database, which is only a cache of the log.

One connection, guarded by a lock, is used by one thread at a time. Whatever is wrong with the file,
it is put aside or made anew, and projecting fills it again.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from projections.errors import ProjectionsError, StoreDamaged, StoreUnusable
from projections.file import connect, is_current, move_aside, remove, translate
from projections.schema import create_statements, sql, version

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FILE = "read-models.duckdb"
BEGUN = ".new"  # appended to the name of a file that is not in its place yet
REBUILT = ".rebuild"

T = TypeVar("T")
Work = Callable[["DuckDBPyConnection"], T]
logger = logging.getLogger(__name__)


class Store:
    """The read models of one data directory; make it with `open`."""

    def __init__(self, path: Path, connection: "DuckDBPyConnection", is_read_only: bool) -> None:
        self.path = path
        self._connection: DuckDBPyConnection | None = connection
        self._is_read_only = is_read_only
        self._lock = threading.RLock()
        self._is_rebuilding = False

    @classmethod
    def open(cls, directory: Path, read_only: bool = False) -> Self:
        """Open the read models of a data directory.

        A missing file, one of another version or a broken one becomes an empty one, which the
        projector fills; a broken or foreign file is kept as `*.broken-N`.

        Args:
            directory: the data directory.
            read_only: look only; then the file must be there and of this version.

        Raises:
            StoreLocked: another process holds the file.
            StoreUnusable: it cannot be opened or made.
        """
        path = directory / FILE
        if read_only:
            return cls(path, _look(path), True)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        remove(path.with_name(FILE + REBUILT))  # left by a killed process
        return cls(path, _prepare(path), False)

    def read(self, name: str, given: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a named statement."""
        with self._guarded() as connection:
            return connection.execute(sql(name), dict(given or {})).fetchall()

    def write(self, work: Work[T]) -> T:
        """Do some work in one transaction: all of it is kept, or nothing when it raises."""
        with self._guarded() as connection:
            connection.begin()
            try:
                result = work(connection)
                connection.commit()
            except BaseException:
                with suppress(Exception):
                    connection.rollback()
                raise
            return result

    @contextmanager
    def beside(self) -> Iterator["Store"]:
        """An empty store beside this one, which takes its place when the block ends well."""
        with self._lock:
            if self._is_rebuilding:
                raise ProjectionsError("The read models are being rebuilt already.")
            self._is_rebuilding = True
        fresh_path = self.path.with_name(self.path.name + REBUILT)
        try:
            fresh = type(self)(fresh_path, _create(fresh_path), False)
            try:
                yield fresh
            finally:
                fresh.close()
            self._switch(fresh_path)
        finally:
            remove(fresh_path)
            self._is_rebuilding = False

    def begin_again(self) -> None:
        """Put an empty file in place of this one."""
        with self.beside():
            pass

    def close(self) -> None:
        """Write everything into the file and let go of it; closing twice is harmless."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _switch(self, fresh: Path) -> None:
        with self._lock:
            was_open = self._connection is not None
            self.close()
            try:
                _put_in_place(fresh, self.path)
            finally:
                if was_open:
                    self._connection = _prepare(self.path)

    @contextmanager
    def _guarded(self) -> Iterator["DuckDBPyConnection"]:
        """The connection, for this thread alone; a new one after an error that it dies of."""
        import duckdb

        with self._lock:
            if self._connection is None:
                raise StoreUnusable(f"{self.path} is closed.")
            try:
                yield self._connection
            except duckdb.Error as error:
                reason = translate(error, self.path)
                is_broken = isinstance(reason, StoreDamaged)
                if not self._is_read_only and (
                    is_broken or isinstance(error, duckdb.FatalException)
                ):
                    self._recover(reason if is_broken else None)
                raise reason from error

    def _recover(self, damage: ProjectionsError | None) -> None:
        with suppress(Exception):
            self.close()
        self._connection = None
        if damage is not None:
            move_aside(self.path, str(damage))
        self._connection = _prepare(self.path)


def _look(path: Path) -> "DuckDBPyConnection":
    if not path.is_file():
        raise StoreUnusable(
            f"There are no read models in {path.parent}: start a server there first."
        )
    connection = connect(path, read_only=True)
    if not is_current(connection, path):
        connection.close()
        raise StoreUnusable(
            f"{path} is of another version: start a server there, which rebuilds it."
        )
    return connection


def _prepare(path: Path) -> "DuckDBPyConnection":
    """A connection to a file of this version, whatever is there now."""
    if path.exists():
        try:
            connection = connect(path)
            if is_current(connection, path):
                return connection
        except StoreDamaged as damage:
            move_aside(path, str(damage))
        else:
            connection.close()
            logger.info("the read models are of another version and fill again from the log")
    fresh = path.with_name(path.name + BEGUN)
    _create(fresh).close()
    _put_in_place(fresh, path)
    return connect(path)


def _create(path: Path) -> "DuckDBPyConnection":
    remove(path)
    connection = connect(path)
    connection.begin()
    for statement in create_statements():
        connection.execute(statement)
    connection.execute(sql("write_meta"), {"name": "version", "value": version()})
    connection.commit()
    return connection


def _put_in_place(fresh: Path, path: Path) -> None:
    # A write-ahead log that a killed process left belongs to the file that goes.
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
    os.replace(fresh, path)

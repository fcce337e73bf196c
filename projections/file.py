"""A DuckDB file from outside: connecting, telling what is wrong with it, and putting it aside."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from projections.errors import ProjectionsError, StoreDamaged, StoreLocked, StoreUnusable
from projections.schema import sql, version

if TYPE_CHECKING:
    import duckdb

SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,  # nothing is fetched from the network
    "autoload_known_extensions": False,
    "memory_limit": "1GB",
    "threads": 2,
}
LOCKED = "Could not set lock"
DAMAGES = (
    "Corrupt database",
    "not a valid DuckDB",
    "read enough bytes",
    "deserialize",
    "version number",
    "WAL file",
)
logger = logging.getLogger(__name__)


def connect(path: Path, *, read_only: bool = False) -> "duckdb.DuckDBPyConnection":
    """A connection to a database file, which is made when there is none.

    Raises:
        StoreLocked: another process holds it.
        StoreDamaged: it is no database, or a broken one.
        StoreUnusable: it cannot be opened for another reason.
    """
    import duckdb

    try:
        connection = duckdb.connect(path, read_only=read_only, config=SETTINGS)
        connection.execute("set TimeZone = 'UTC'")
        return connection
    except duckdb.Error as error:
        raise translate(error, path) from error


def is_current(connection: "duckdb.DuckDBPyConnection", path: Path) -> bool:
    """Whether a file of ours has the version of this program.

    Raises:
        StoreDamaged: the file is not ours, or broken.
    """
    import duckdb

    try:
        rows = connection.execute(sql("read_meta"), {"name": "version"}).fetchall()
    except duckdb.CatalogException as error:
        connection.close()
        raise StoreDamaged(f"{path} is a database of something else.") from error
    except duckdb.Error as error:
        connection.close()
        raise translate(error, path) from error
    return rows == [(version(),)]


def translate(error: "duckdb.Error", path: Path) -> ProjectionsError:
    """The error of ours that says what DuckDB's means."""
    import duckdb

    text = str(error)
    if LOCKED in text:
        return StoreLocked(
            f"{path} is held by another process: ask it over HTTP, or stop it first."
        )
    broken = (duckdb.SerializationException, duckdb.InternalException)
    if isinstance(error, broken) or any(sign in text for sign in DAMAGES):
        return StoreDamaged(f"{path} is damaged ({text.splitlines()[0]}).")
    return StoreUnusable(f"{path} cannot be used: {text}")


def move_aside(path: Path, reason: str) -> Path:
    """Keep a broken file under the next free name `*.broken-N`."""
    number = 1
    while (kept := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    path.rename(kept)
    wal = path.with_name(path.name + ".wal")
    if wal.exists():
        wal.rename(kept.with_name(kept.name + ".wal"))
    logger.warning(
        "%s It is kept as %s; the read models fill again from the log.",
        reason,
        kept.name,
        extra={"action": "store_moved_aside", "path": str(kept)},
    )
    return kept


def remove(path: Path) -> None:
    """Delete a database with its write-ahead log, if it is there."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)

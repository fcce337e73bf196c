"""The file of the embedded log: its statements, its version and its settings."""

import sqlite3
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import uuid4

from streams.domain.errors import SchemaMismatch
from streams.sql.lane import FILE

APPLICATION_ID = 0x1043_0B5E
SCHEMA_VERSION = 1
PAGE_SIZE = 8192
CHECKPOINT_PAGES = 1024  # 8 MB of write-ahead log: larger ones make the longest commits longer
CACHE_KIB = 32 * 1024


@cache
def sql(name: str) -> str:
    """A statement by the name of its file."""
    return (files("streams") / "sql" / f"{name}.sql").read_text("utf-8")


def fetch(connection: sqlite3.Connection, name: str, given: dict[str, Any]) -> list[Any]:
    """All rows of a statement."""
    return connection.execute(sql(name), given).fetchall()


def set_up(connection: sqlite3.Connection, partitions: int) -> None:
    """Settings of the writer's connection, and the tables when the file is new."""
    connection.execute(f"pragma page_size = {PAGE_SIZE}")
    is_new = connection.execute("select count(*) from sqlite_master").fetchone() == (0,)
    if not is_new:
        check_version(connection)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute(f"pragma wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute(f"pragma cache_size = -{CACHE_KIB}")
    if is_new:
        _create(connection, partitions)


def _create(connection: sqlite3.Connection, partitions: int) -> None:
    meta = [("log_id", str(uuid4())), ("partitions", str(partitions))]
    stamps = f"pragma application_id = {APPLICATION_ID}; pragma user_version = {SCHEMA_VERSION};"
    connection.executescript(f"begin; {sql('schema')} {stamps}")
    connection.executemany("insert into meta (name, value) values (?, ?)", meta)
    connection.execute("commit")


def check_version(connection: sqlite3.Connection) -> None:
    """Refuse a file that this version did not make.

    Raises:
        SchemaMismatch: it is no log, or one of another version.
    """
    (application,) = connection.execute("pragma application_id").fetchone()
    (version,) = connection.execute("pragma user_version").fetchone()
    if application != APPLICATION_ID:
        raise SchemaMismatch(
            f"{FILE} is not a log of the orchestrator: use another data directory."
        )
    if version != SCHEMA_VERSION:
        raise SchemaMismatch(
            f"{FILE} has schema version {version}, this orchestrator needs {SCHEMA_VERSION}: "
            "run the version that wrote it, or use another data directory."
        )

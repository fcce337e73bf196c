"""The file of the read models is only a cache: whatever is wrong with it, work goes on."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from projections import file, schema
from projections.errors import ProjectionsError, StoreDamaged, StoreLocked, StoreUnusable
from projections.projector import Projector
from projections.queries import counts, history
from projections.schema import sql
from projections.store import FILE, Store
from streams.log import EVENTS
from streams.memory import MemoryLog
from tests.streams.processes import ROOT


def put_meta(store: Store, name: str, value: str) -> None:
    given = {"name": name, "value": value}
    store.write(lambda connection: connection.execute(sql("write_meta"), given))


def meta(store: Store, name: str) -> list[tuple[Any, ...]]:
    return store.read("read_meta", {"name": name})


def test_what_was_written_is_there_again(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "made" / "by it")
    put_meta(store, "note", "kept")
    store.close()
    store.close()

    again = Store.open(tmp_path / "made" / "by it")

    assert meta(again, "note") == [("kept",)]
    again.close()


def test_work_that_raises_leaves_nothing(store: Store) -> None:
    def work(connection: Any) -> None:
        connection.execute(sql("write_meta"), {"name": "note", "value": "lost"})
        raise KeyError("note")

    with pytest.raises(KeyError):
        store.write(work)

    assert meta(store, "note") == []
    put_meta(store, "note", "kept")
    assert meta(store, "note") == [("kept",)]


def test_a_file_of_another_version_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(tmp_path)
    put_meta(store, "note", "old")
    store.close()
    for module in (schema, file, sys.modules["projections.store"]):
        monkeypatch.setattr(module, "version", lambda: "another")

    with pytest.raises(StoreUnusable, match="another version"):
        Store.open(tmp_path, read_only=True)
    store = Store.open(tmp_path)

    assert meta(store, "note") == []
    assert meta(store, "version") == [("another",)]
    assert os.listdir(tmp_path) == [FILE]
    store.close()


def test_a_view_is_made_after_its_table() -> None:
    kinds = ["create view" in statement for statement in schema.create_statements()]

    assert kinds == sorted(kinds)
    assert len(schema.version()) == 16


@pytest.mark.parametrize("content", [b"", b"not a database", os.urandom(20_000)])
def test_a_broken_file_is_put_aside(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE).write_bytes(content)
    (tmp_path / f"{FILE}.wal").write_bytes(b"of the broken file")
    (tmp_path / f"{FILE}.broken-1").write_bytes(b"an earlier one")

    store = Store.open(tmp_path)

    assert counts(store) == {}
    assert (tmp_path / f"{FILE}.broken-2").read_bytes() == content
    assert (tmp_path / f"{FILE}.broken-1").read_bytes() == b"an earlier one"
    assert f"It is kept as {FILE}.broken-2" in caplog.text
    store.close()


def test_a_database_of_something_else_is_put_aside(tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect(tmp_path / FILE) as connection:
        connection.execute("create table theirs (number integer)")

    Store.open(tmp_path).close()

    with duckdb.connect(tmp_path / f"{FILE}.broken-1") as connection:
        assert connection.execute("select count(*) from theirs").fetchone() == (0,)


async def test_damage_that_is_found_late_is_repaired_from_the_log(
    lived: MemoryLog, tmp_path: Path
) -> None:
    store = Store.open(tmp_path)
    await Projector(store, lived).catch_up()
    store.close()
    path = tmp_path / FILE
    path.write_bytes(with_broken_blocks(path.read_bytes()))
    store = Store.open(tmp_path)
    projector = Projector(store, lived)

    with pytest.raises(StoreDamaged):
        history(store)
    await projector.catch_up()

    assert len(history(store).items) == 10
    assert projector.position == await lived.end(EVENTS, 0)
    assert (tmp_path / f"{FILE}.broken-1").is_file()
    store.close()


def with_broken_blocks(content: bytes) -> bytes:
    """The rows of `tasks` become unreadable, and the catalogue stays whole."""
    place = content.index(b"Growth in Q4")
    return content[:place] + b"broken" + content[place + 6 :]


def test_another_process_that_holds_the_file_is_named_as_the_reason(
    tmp_path: Path, store: Store
) -> None:
    program = (
        "import sys; from pathlib import Path; from projections.store import Store\n"
        "from projections.errors import StoreLocked\n"
        "try: Store.open(Path(sys.argv[1]), read_only=sys.argv[2] == 'r')\n"
        "except StoreLocked as error: print(error)"
    )
    for mode in "rw":
        command = [sys.executable, "-c", program, str(tmp_path), mode]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        assert "is held by another process" in told.stdout


def test_looking_only_needs_a_file_and_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="There are no read models"):
        Store.open(tmp_path, read_only=True)
    Store.open(tmp_path).close()
    store = Store.open(tmp_path, read_only=True)

    assert counts(store) == {}
    with pytest.raises(StoreUnusable):
        put_meta(store, "note", "refused")
    store.close()


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()

    with pytest.raises(StoreUnusable, match="is closed"):
        counts(store)


def test_two_rebuilds_at_once_are_refused(store: Store) -> None:
    with store.beside(), pytest.raises(ProjectionsError, match="being rebuilt"):
        store.begin_again()

    store.begin_again()


def test_a_connection_that_died_is_replaced(store: Store) -> None:
    import duckdb

    def die(connection: Any) -> None:
        raise duckdb.FatalException("database has been invalidated")

    put_meta(store, "note", "kept")
    with pytest.raises(StoreUnusable):
        store.write(die)

    assert meta(store, "note") == [("kept",)]


def test_a_directory_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()

    with pytest.raises(ProjectionsError, match=FILE):
        Store.open(tmp_path)


def test_every_error_says_what_to_do_by_itself() -> None:
    assert "ask it over HTTP" in str(StoreLocked())

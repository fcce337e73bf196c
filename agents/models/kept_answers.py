"""Keeps answers by the id of their call, so that a repeat after a crash is not paid again.

They are bounded, and stand in one SQLite file of the data directory.
"""

import sqlite3
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from agents.models.calls import ModelAnswer, ModelCall

FILE = "model-answers.sqlite"
MOST_ANSWERS, LONGEST = 2_000, 1_000_000  # rows; characters of one
_TABLE = """create table if not exists answers (
    call_id text primary key, asked text not null, answer text not null)"""
_PUT = "insert or replace into answers (call_id, asked, answer) values (?, ?, ?)"
_TRIM = """delete from answers where rowid <= (select max(rowid) from answers) - ?"""


class KeptAnswers:
    """The newest answers of one data directory; with None they live as long as the process.

    A file that cannot be used only costs money, so it is begun anew.
    """

    def __init__(self, data: Path | None) -> None:
        self._database = _opened(data / FILE if data is not None else None)

    def get(self, call: ModelCall) -> ModelAnswer | None:
        """The answer to the same question, if it was kept."""
        row = self._database.execute(
            "select asked, answer from answers where call_id = ?", (call.call_id,)
        ).fetchone()
        if row is None or row[0] != question_hash(call):
            return None
        try:
            return ModelAnswer.model_validate_json(row[1])
        except ValidationError:
            return None

    def put(self, call: ModelCall, answer: ModelAnswer) -> None:
        """Keep an answer; it is on disk when this returns."""
        text = answer.model_dump_json()
        if len(text) > LONGEST:
            return
        with self._database:
            self._database.execute(_PUT, (call.call_id, question_hash(call), text))
            self._database.execute(_TRIM, (MOST_ANSWERS,))

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def question_hash(call: ModelCall) -> str:
    """What makes two calls with one id the same question: all but the time that is left."""
    asked = call.model_copy(update={"seconds": 1.0, "fallbacks": ()})
    return sha256(asked.model_dump_json().encode()).hexdigest()


def _opened(path: Path | None) -> sqlite3.Connection:
    if path is None:
        return _prepared(sqlite3.connect(":memory:"))
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _prepared(sqlite3.connect(path, timeout=10))
    except sqlite3.DatabaseError:
        path.unlink(missing_ok=True)
        return _prepared(sqlite3.connect(path, timeout=10))


def _prepared(database: sqlite3.Connection) -> sqlite3.Connection:
    database.execute("pragma journal_mode = wal")
    database.execute("pragma synchronous = full")
    with database:
        database.execute(_TABLE)
    return database

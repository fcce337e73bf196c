"""A SQLite connection with the one thread that uses it, and errors that tell what to do."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from streams.domain.errors import Fenced, LogCorrupted, LogError, LogFull, LogUnavailable

FILE = "log.db"
TURN = 0.002  # seconds
PAUSE = 0.00005

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class Lane:
    """A connection and the one thread that uses it."""

    def __init__(self, name: str, directory: Path) -> None:
        self._threads = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._directory = directory
        self._connection: sqlite3.Connection | None = None
        self._end: Future[None] | None = None

    async def start(self, connect: Callable[[], sqlite3.Connection]) -> None:
        """Connect in the lane's thread."""

        def job() -> None:
            with translated(self._directory):
                self._connection = connect()

        await asyncio.wrap_future(self._threads.submit(job))

    async def run(self, work: Work[T]) -> T:
        """Work in the lane's thread, after all that was asked before."""

        def job() -> T:
            if self._connection is None:
                raise LogError(f"The log in {self._directory} is closed.")
            with translated(self._directory):
                return work(self._connection)

        try:
            future = self._threads.submit(job)
        except RuntimeError:
            raise LogError(f"The log in {self._directory} is closed.") from None
        return await _patiently(future)

    async def close(self) -> None:
        """Finish what was asked and disconnect; closing twice is harmless."""

        def job() -> None:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

        if self._end is None:
            self._end = self._threads.submit(job)
            self._threads.shutdown(wait=False)
        await asyncio.wrap_future(self._end)


async def _patiently(future: Future[T]) -> T:
    """Wait for a thread, and let it have the interpreter even when the event loop is never idle.

    A busy loop gives the interpreter lock away between callbacks, but too shortly for a thread to
    wake up and take it; and because it does, the thread never insists either (CPython's switch
    interval begins anew each time). Without this, threads were seen to starve for seconds.
    """
    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle

    def step_aside() -> None:
        nonlocal timer
        time.sleep(PAUSE)
        timer = loop.call_later(TURN, step_aside)

    timer = loop.call_later(TURN, step_aside)
    try:
        return await asyncio.wrap_future(future)
    finally:
        timer.cancel()


@contextmanager
def translated(directory: Path) -> Iterator[None]:
    """Turn what SQLite and the system say into errors that tell what to do."""
    path = directory / FILE
    try:
        yield
    except sqlite3.Error as error:
        raise translate(error, path) from error
    except OSError as error:
        raise LogUnavailable(f"{directory} cannot be used: {error.strerror or error}") from error


def translate(error: sqlite3.Error, path: Path) -> LogError:
    """The error of ours that says what SQLite's means."""
    code = getattr(error, "sqlite_errorcode", None)
    match code and code & 0xFF:
        case sqlite3.SQLITE_CONSTRAINT if str(error) == "fenced":
            return Fenced()
        case sqlite3.SQLITE_FULL:
            return LogFull(f"The disk of {path} is full: free some space and try again.")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return LogCorrupted(
                f"{path} is damaged ({error}): stop, copy the directory, "
                "then run `orchestrator doctor`."
            )
        case (
            sqlite3.SQLITE_IOERR
            | sqlite3.SQLITE_BUSY
            | sqlite3.SQLITE_LOCKED
            | sqlite3.SQLITE_READONLY
            | sqlite3.SQLITE_CANTOPEN
            | sqlite3.SQLITE_PERM
        ):
            return LogUnavailable(f"{path} cannot be used now: {error}")
    return LogError(f"{path}: {error}")

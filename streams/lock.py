"""The lock of a data directory: a file held with flock, which says who holds it."""

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from streams.domain.errors import Locked

FILE = "lock"
PATIENCE = 10  # tries of 10 ms: `holder` and a process that just closes take the lock for a moment


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds a data directory, as far as the file tells."""

    pid: int | None = None
    url: str | None = None
    since: str | None = None


class DirectoryLock:
    """The right to write a data directory; it ends with `release` or with the process."""

    def __init__(self, directory: Path, url: str | None = None) -> None:
        """Take the lock.

        Raises:
            Locked: another process holds it; `url` and `pid` say which.
        """
        descriptor = os.open(directory / FILE, os.O_RDWR | os.O_CREAT, 0o600)
        if not _is_taken(descriptor, fcntl.LOCK_EX, PATIENCE):
            found = _read(descriptor)
            os.close(descriptor)
            raise Locked(_describe(directory, found), url=found.url, pid=found.pid)
        self._descriptor = descriptor
        self._holder = Holder(os.getpid(), url, datetime.now(UTC).isoformat(timespec="seconds"))
        self._write(self._holder)

    def set_url(self, url: str | None) -> None:
        """Tell others where this process answers."""
        self._holder = Holder(self._holder.pid, url, self._holder.since)
        self._write(self._holder)

    def release(self) -> None:
        """Let others take it; releasing twice is harmless."""
        if self._descriptor >= 0:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = -1

    def _write(self, holder: Holder) -> None:
        text = json.dumps(asdict(holder)).encode()
        os.ftruncate(self._descriptor, os.pwrite(self._descriptor, text, 0))


def holder(directory: Path) -> Holder | None:
    """Who holds the directory now: None when nobody does, whatever a dead process left."""
    try:
        descriptor = os.open(directory / FILE, os.O_RDONLY)
    except OSError:
        return None
    try:
        return None if _is_taken(descriptor, fcntl.LOCK_SH, 1) else _read(descriptor)
    finally:
        os.close(descriptor)


def _is_taken(descriptor: int, kind: int, tries: int) -> bool:
    for last in reversed(range(tries)):
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.01 if last else 0)
        else:
            return True
    return False


def _read(descriptor: int) -> Holder:
    try:
        return Holder(**json.loads(os.pread(descriptor, 65536, 0)))
    except (ValueError, TypeError):  # the other process is about to write it
        return Holder()


def _describe(directory: Path, found: Holder) -> str:
    who = "another process" if found.pid is None else f"process {found.pid}"
    if found.url:
        who += f", which serves {found.url}"
        return f"{directory} is held by {who}: use --server {found.url} or stop it."
    return f"{directory} is held by {who}: stop it, or use another directory."

"""Writes a file once: whole or not at all, on the disk when it is there, never over another one."""

import errno
import os
import re
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

MOST_NAME = 80  # characters of a key that a file name shows
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})


class PublisherError(Exception):
    """An error of the publishers package."""


class Conflict(PublisherError):
    """Another content was written under this name before; use another key."""


def name_of(prefix: str, key: str) -> str:
    """A file name for a key, without ending: readable, safe on every file system, and its own for
    each key.
    """
    slug = _UNSAFE.sub("-", key).strip("-")[:MOST_NAME] or "key"
    digest = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{prefix}-{slug}-{digest}"


def write_once(folder: Path, name: str, content: bytes) -> bytes:
    """Write a file, or answer what stands in the one that is there.

    Raises:
        OSError: it could not be written; nothing is left of it.
    """
    target = folder / name
    with suppress(FileNotFoundError):
        return target.read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}.{os.urandom(6).hex()}.part"
    try:
        _write(draft, content)
        _put(draft, target)
    except FileExistsError:
        return target.read_bytes()  # another writer was faster
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    _sync_folder(folder)
    return content


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _put(draft: Path, target: Path) -> None:
    """Give the file its name. A link never replaces what is there, as renaming would."""
    try:
        os.link(draft, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if target.exists():
            raise FileExistsError(str(target)) from None
        os.replace(draft, target)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

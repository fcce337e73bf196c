"""One key for each conversation, in a file of its own; what has no key any more is unreadable.

AES-256-GCM, a random nonce for each secret, bound to its place in the conversation. Destroying a
key overwrites it in the file (SQLite's secure_delete) and rewrites the file without it.
"""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from streams.domain.errors import LogUnavailable
from streams.domain.values import Json

FILE = "chat-keys.sqlite"
NONCE = 12  # bytes
_TABLE = "create table if not exists keys (stream_id text primary key, key blob not null)"


class ChatKeys:
    """The keys of one data directory."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE
        self._known: dict[str, AESGCM] = {}

    def make(self, stream_id: str) -> None:
        """A new key; it is on disk when this returns."""
        key = AESGCM.generate_key(256)
        with closing(self._connect()) as database, database:
            database.execute("insert into keys values (?, ?)", (stream_id, key))
        self._known[stream_id] = AESGCM(key)

    def seal(self, stream_id: str, place: bytes, secret: Json) -> bytes:
        """A secret that only this conversation's key opens, in this place.

        Raises:
            KeyError: the key was destroyed.
        """
        nonce = os.urandom(NONCE)
        text = json.dumps(secret, ensure_ascii=False).encode()
        return nonce + self._key(stream_id).encrypt(nonce, text, place)

    def open(self, stream_id: str, place: bytes, sealed: bytes) -> Json | None:
        """A secret; None if its key is gone, or it is not of this place."""
        try:
            key = self._key(stream_id)
            found = json.loads(key.decrypt(sealed[:NONCE], sealed[NONCE:], place))
        except (KeyError, InvalidTag, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def has(self, stream_id: str) -> bool:
        """Whether what was said can still be read."""
        try:
            self._key(stream_id)
        except KeyError:
            return False
        return True

    def destroy(self, stream_id: str) -> None:
        """Take a key away for ever; it is off the disk when this returns."""
        self._known.pop(stream_id, None)
        with closing(self._connect()) as database:
            with database:
                database.execute("delete from keys where stream_id = ?", (stream_id,))
            database.execute("vacuum")

    def _key(self, stream_id: str) -> AESGCM:
        key = self._known.get(stream_id)
        if key is None:
            with closing(self._connect()) as database:
                row = database.execute(
                    "select key from keys where stream_id = ?", (stream_id,)
                ).fetchone()
            if row is None:
                raise KeyError(stream_id)
            key = self._known[stream_id] = AESGCM(row[0])
        return key

    def _connect(self) -> sqlite3.Connection:
        try:
            if not self._path.exists():
                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._path.touch(mode=0o600)
            database = sqlite3.connect(self._path, timeout=10)
            database.execute("pragma secure_delete = on")
            database.execute("pragma journal_mode = delete")
            database.execute("pragma synchronous = extra")
            database.execute(_TABLE)
        except (sqlite3.Error, OSError) as error:
            text = f"{self._path} cannot be used: {error}"
            raise LogUnavailable(f"{text}; without it no conversation can be read") from error
        return database

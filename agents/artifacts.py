"""Large values beside the log: a content-addressed folder, so that events stay small and writing
again is harmless."""

import json
import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from agents.contract import AgentError
from streams.domain.values import Json

INLINE_LIMIT = 256 * 1024  # bytes of JSON that an event may carry in one value
MARK = "$artifact"


class ArtifactMissing(AgentError):
    """A large value is not in the artifact folder: restore the folder beside the log from its
    backup."""


class ArtifactStore:
    """Files named by the sha256 of their content, in two levels of folders."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.is_used = directory.is_dir()

    def put(self, value: Any) -> Json:
        """Keep a JSON value; the answer is the small reference that stands for it. Durable when
        it returns."""
        body = json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
        digest = sha256(body).hexdigest()
        path = self._path(digest)
        if not path.exists():
            _write_durably(path, body)
            self.is_used = True
        return {MARK: {"sha256": digest, "size": len(body), "media_type": "application/json"}}

    def get(self, digest: str) -> Any:
        """The value of a reference.

        Raises:
            ArtifactMissing: it is not there, or not what it was.
        """
        try:
            body = self._path(digest).read_bytes()
        except OSError as error:
            raise ArtifactMissing(f"artifact {digest} cannot be read: {error}") from error
        if sha256(body).hexdigest() != digest:
            raise ArtifactMissing(f"artifact {digest} is damaged")
        return json.loads(body)

    def shrink(self, output: Json) -> Json:
        """The output with each large value of its first level replaced by a reference."""
        return {name: self.put(v) if is_large(v) else v for name, v in output.items()}

    def resolve(self, value: Any) -> Any:
        """The value with every reference in it replaced by what it stands for."""
        if isinstance(value, dict):
            reference = value.get(MARK)
            if isinstance(reference, dict) and len(value) == 1:
                return self.get(str(reference["sha256"]))
            return {name: self.resolve(v) for name, v in value.items()}
        if isinstance(value, list):
            return [self.resolve(v) for v in value]
        return value

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise ArtifactMissing(f"{digest[:80]!r} is no artifact")
        return self._directory / digest[:2] / digest


def is_large(value: Any) -> bool:
    """Whether a value is too large to lie in an event."""
    if isinstance(value, str):
        return len(value) > INLINE_LIMIT
    if isinstance(value, dict | list):
        return len(json.dumps(value)) > INLINE_LIMIT
    return False


def _write_durably(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

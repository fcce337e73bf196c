"""Headers and the hash chain: each event's hash covers the one before, its header, and a salted
digest of its body.

hash = sha256(previous hash ‖ header ‖ digest), digest = sha256(salt ‖ body). A body can be erased
together with its salt while the chain still verifies, and an erased body cannot be guessed from its
digest.
"""

from dataclasses import dataclass
from hashlib import sha256

from pydantic_core import to_json

from streams.domain.values import Milliseconds

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Head:
    """Where a history stands: its newest event's sequence, hash and time, and the newest input
    it has seen."""

    sequence: int = 0
    hash: bytes = GENESIS
    at: Milliseconds = 0
    input_offset: int = -1


@dataclass(frozen=True, slots=True)
class Header:
    """What is known about an event besides its body. `at` never goes back within a history."""

    task_id: str
    sequence: int
    type: str
    at: Milliseconds
    causation_id: str
    correlation_id: str
    input_offset: int

    @property
    def event_id(self) -> str:
        """Unique over all histories."""
        return f"{self.task_id}/{self.sequence}"

    def canonical(self) -> bytes:
        """The bytes that are hashed."""
        return canonical(
            self.task_id,
            self.sequence,
            self.type,
            self.at,
            self.causation_id,
            self.correlation_id,
            self.input_offset,
        )


def canonical(*fields: str | int) -> bytes:
    """A header's fields, in their order, as the bytes that are hashed: a JSON array."""
    return to_json(fields)


def body_salt(input_salt: str, event_id: str) -> bytes:
    """16 bytes for one event, derived from the salt that its input brought: the core itself has
    no randomness."""
    return sha256(f"{input_salt}{event_id}".encode()).digest()[:16]


def body_digest(salt: bytes, body: bytes) -> bytes:
    """The digest that stands for a body in the chain."""
    return sha256(salt + body).digest()


def link(previous: bytes, header: bytes, digest: bytes) -> bytes:
    """The hash of an event, from the hash before, its canonical header and its body's digest."""
    return sha256(previous + header + digest).digest()

"""The port to a durable log: topics of records, one fenced writer a partition, and one atomic way
to write.

A log keeps five kinds of topics (`architecture` in the docs): `requests`, `inputs`, `events`,
`commands.<agent>` and `dead-letters`; snapshots are a keyed cache beside them. Offsets of a topic's
partition are 0, 1, 2, … in order of commit (a broker may leave gaps). Implementations:
`streams.memory` (tests), `streams.sqlite` (embedded).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from streams.domain.values import Milliseconds

REQUESTS = "requests"
INPUTS = "inputs"
EVENTS = "events"
DEAD_LETTERS = "dead-letters"
COMMANDS = "commands."  # followed by the agent type


@dataclass(frozen=True, slots=True)
class Record:
    """One message. `offset` is -1 until the log has assigned it; a writer that states it must be
    right."""

    topic: str
    partition: int
    key: str
    value: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    offset: int = -1


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A cache of one task: its state while it is open (`state`), a stub for ever once it is
    closed (`state` None)."""

    task_id: str
    sequence: int
    hash: str
    at: Milliseconds
    input_offset: int
    evolve_version: int
    outcome: str | None = None
    state: bytes | None = None

    @property
    def is_open(self) -> bool:
        """Whether the task was open when this was written."""
        return self.state is not None


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write one partition; a later lease of it has a higher epoch and fences this
    one."""

    partition: int
    owner: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Commit:
    """What becomes visible together or not at all.

    `position`: the offset of the first input not covered; a log may keep it later than the rest,
    never earlier. `watermark`: every task that is open at this offset of `events` has a snapshot at
    least that new.
    """

    records: Sequence[Record] = ()
    snapshots: Sequence[Snapshot] = ()
    position: int | None = None
    watermark: int | None = None


@dataclass(frozen=True, slots=True)
class Recovery:
    """Where a new owner of a partition begins: fold `events` from `watermark` on over the
    snapshots of open tasks."""

    position: int
    watermark: int
    snapshots: Sequence[Snapshot]


class Log(Protocol):
    """A durable log. All methods may raise a `LogError`; a commit that raised has left nothing
    behind."""

    @property
    def log_id(self) -> str:
        """A name that this log keeps for ever; ids derived from offsets contain it."""

    @property
    def partitions(self) -> int:
        """How many partitions `inputs` and `events` have; it never changes."""

    async def append(self, records: Sequence[Record]) -> list[int]:
        """Write as a producer, without a lease; durable when it returns the offsets. Not for
        `events`."""

    async def acquire(self, partition: int, owner: str) -> Lease:
        """Take a partition over; from now on every earlier lease of it is `Fenced`."""

    async def commit(self, lease: Lease, commit: Commit) -> dict[str, int]:
        """Write atomically, durable when it returns.

        The answer is the next offset of each topic written to, in the lease's partition.

        Raises:
            Fenced: a later lease of the partition exists; nothing was written.
        """

    async def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Record]:
        """Committed records from `offset` on, oldest first; an empty list at the end."""

    async def end(self, topic: str, partition: int) -> int:
        """The offset that the next committed record will have, or a later one."""

    async def history(self, partition: int, task_id: str) -> list[Record]:
        """All events of one task, oldest first."""

    async def recover(self, partition: int) -> Recovery:
        """What a new owner needs besides the events."""

    async def snapshots(self, partition: int, task_ids: Iterable[str]) -> dict[str, Snapshot]:
        """The snapshots and stubs that there are for these tasks."""

    async def position(self, consumer: str, topic: str, partition: int) -> int:
        """Where a consumer goes on reading; 0 at first."""

    async def save_position(self, consumer: str, topic: str, partition: int, offset: int) -> None:
        """Remember where a consumer goes on reading."""

    async def close(self) -> None:
        """Let go of everything; committed records stay."""

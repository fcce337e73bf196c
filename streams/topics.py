"""The topics of a broker, in one table: what each is for, how it is keyed, and how long it keeps
what it holds.

Names here are without the prefix. The table is read where topics are created and checked, and where
they are described to others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from streams.log import COMMANDS, DEAD_LETTERS, EVENTS, INPUTS, REQUESTS

SNAPSHOTS = "snapshots"
CONVERSATIONS = "conversations"

LARGEST = 8 << 20  # bytes of one message: a request of 5 MB that is refused is kept as well
_DAY = 24 * 60 * 60 * 1000
_FOR_EVER = -1


class Spread(StrEnum):
    """How many partitions a topic has."""

    FIXED = "fixed"  # as many as `inputs`, for ever: partition n of one belongs to n of the others
    OWN = "own"  # any number; it may grow


@dataclass(frozen=True, slots=True)
class Topic:
    """One row. `retention` is milliseconds, -1 for ever; `others` are settings that only this
    topic has."""

    name: str
    key: str
    purpose: str
    spread: Spread = Spread.OWN
    cleanup: str = "delete"
    retention: int = 30 * _DAY
    others: Mapping[str, str] = field(default_factory=dict)

    @property
    def configuration(self) -> dict[str, str]:
        """What the broker must be told about it."""
        common = {
            "cleanup.policy": self.cleanup,
            "retention.ms": str(self.retention),
            # A limit in bytes would take away what the limit in time has promised.
            "retention.bytes": "-1",
            "max.message.bytes": str(LARGEST),
            "message.timestamp.type": "CreateTime",
        }
        return common | dict(self.others)


# A compacted topic is only as small as its last cleaning: clean when a fifth of it is old.
_COMPACTION = {"min.cleanable.dirty.ratio": "0.2", "segment.bytes": str(64 << 20)}

TOPICS: tuple[Topic, ...] = (
    Topic(
        REQUESTS,
        "task_id, or none",
        "The public inbox: bare JSON with a field `request`, from anyone with a Kafka client.",
    ),
    Topic(INPUTS, "task_id", "All that reaches tasks, in order.", Spread.FIXED),
    Topic(
        EVENTS,
        "task_id",
        "The history of every task. The truth, and never taken away.",
        Spread.FIXED,
        retention=_FOR_EVER,
    ),
    Topic(
        SNAPSHOTS,
        "task_id",
        "States of open tasks and stubs of closed ones: a cache of the truth, for taking over.",
        Spread.FIXED,
        cleanup="compact",
        retention=_FOR_EVER,
        others=_COMPACTION,
    ),
    Topic(
        CONVERSATIONS,
        "conversation_id",
        "Chat messages and their answers.",
        retention=_FOR_EVER,
    ),
    Topic(
        DEAD_LETTERS,
        "the original key",
        "What could not be read or decided: the original bytes, where they came from, and why.",
        retention=_FOR_EVER,
    ),
)
_QUEUE_KEY = "command_id"


def commands_topic(agent_type: str) -> Topic:
    """The row of one agent type's work queue; there is one for each, so that each scales alone."""
    return Topic(COMMANDS + agent_type, _QUEUE_KEY, f"The work queue of the {agent_type} agents.")


def topic(name: str) -> Topic:
    """The row of a topic by its name.

    Raises:
        KeyError: there is no such topic.
    """
    if name.startswith(COMMANDS) and len(name) > len(COMMANDS):
        return commands_topic(name.removeprefix(COMMANDS))
    return _BY_NAME[name]


_BY_NAME = {row.name: row for row in TOPICS}


def partition_of(key: str, partitions: int) -> int:
    """The partition that a key belongs to: murmur2, as every Kafka client counts it."""
    return (_murmur2(key.encode()) & 0x7FFF_FFFF) % partitions


def _murmur2(data: bytes) -> int:
    """Austin Appleby's MurmurHash2 with 32 bits and the seed that Kafka's clients share."""
    mask, factor = 0xFFFF_FFFF, 0x5BD1E995
    length = len(data)
    value = 0x9747B28C ^ length
    whole = length - length % 4
    for start in range(0, whole, 4):
        word = int.from_bytes(data[start : start + 4], "little") * factor & mask
        word = (word ^ word >> 24) * factor & mask
        value = value * factor & mask ^ word
    if whole < length:
        value = (value ^ int.from_bytes(data[whole:], "little")) * factor & mask
    value = (value ^ value >> 13) * factor & mask
    return value ^ value >> 15

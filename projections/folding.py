"""From records to states: histories that a projector is in the middle of, and alarms about them."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from projections.model import Step
from streams.chain import GENESIS, link
from streams.domain.errors import Undecodable
from streams.domain.evolve import evolve
from streams.domain.state import Life, TaskState
from streams.envelope import StoredEvent, read_event
from streams.log import Log, Record

REMEMBERED = 4_000  # open tasks kept in memory; the others are read again when they go on

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Entry:
    state: TaskState
    sequence: int = 0
    hash: bytes = field(default=GENESIS)
    is_broken: bool = False


class Histories:
    """The states of the tasks of one partition, as far as its events have been folded."""

    def __init__(self, partition: int, remembered: int = REMEMBERED) -> None:
        self.alarms: list[str] = []  # what is wrong with the log, with its place
        self._partition = partition
        self._remembered = remembered
        self._entries: dict[str, _Entry] = {}  # the one used longest ago first

    def forget(self) -> None:
        """Drop everything: the events go on somewhere else than where they were left."""
        self._entries.clear()

    async def load(self, log: Log, records: Sequence[Record]) -> None:
        """Fold what lies before these records for all their tasks that are not in memory."""
        for task_id, first in _beginnings(records).items():
            if task_id in self._entries or first.headers.get("sequence") == "1":
                continue
            for record in await log.history(self._partition, task_id):
                if record.offset < first.offset:
                    self.fold(record)

    def fold(self, record: Record) -> Step | None:
        """One event further; None when there is nothing new in it that can be read."""
        entry = self._entries.pop(record.key, None) or _Entry(TaskState(task_id=record.key))
        self._entries[record.key] = entry
        try:
            stored = read_event(record)
        except Undecodable as error:
            self._alarm(entry, record, str(error))
            return None
        header = stored.header
        if header.sequence <= entry.sequence:
            self._alarm(entry, record, f"its sequence {header.sequence} was there already")
            return None
        self._check(entry, record, stored)
        if stored.event is not None:
            entry.state = evolve(entry.state, stored.event, header.at)
        entry.sequence, entry.hash = header.sequence, stored.hash
        return Step(record, entry.state, stored)

    def evict(self) -> None:
        """Forget closed tasks, and open ones above the number that is remembered."""
        entries = self._entries
        for task_id in [t for t, entry in entries.items() if entry.state.life is Life.CLOSED]:
            del entries[task_id]
        for task_id in list(entries)[: max(0, len(entries) - self._remembered)]:
            del entries[task_id]

    def _check(self, entry: _Entry, record: Record, stored: StoredEvent) -> None:
        header = stored.header
        if header.sequence != entry.sequence + 1:
            reason = f"sequence {header.sequence} follows on {entry.sequence}"
            self._alarm(entry, record, reason)
        elif link(entry.hash, header.canonical(), stored.digest) != stored.hash:
            self._alarm(entry, record, f"the hash of sequence {header.sequence} does not fit")

    def _alarm(self, entry: _Entry, record: Record, reason: str) -> None:
        """Say once for each history that it is broken; its rows show what can still be read."""
        if entry.is_broken:
            return
        entry.is_broken = True
        place = f"{record.topic}/{record.partition}@{record.offset}"
        text = f"the history of {record.key!r} is broken at {place}: {reason}"
        self.alarms.append(text)
        logger.error("%s; run `orchestrator verify`", text, extra={"action": "history_broken"})


def _beginnings(records: Sequence[Record]) -> Mapping[str, Record]:
    """The first record of each task."""
    return {record.key: record for record in reversed(records)}

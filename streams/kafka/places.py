"""Where the events of a task lie in its partition, so that its history need not be searched for.

For each commit with events of a task two numbers are kept: an offset at or before the first of
them, and the sequence of the last. They travel as text with the task's snapshots.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from streams.log import Record

_NEAR = 200  # offsets apart: what lies so close is read in one go
_MOST = 64  # stretches that are noted; a task with more of them is searched for


@dataclass(slots=True)
class _Stretch:
    start: int
    last: int  # sequence


class Places:
    """The stretches of the tasks of one partition."""

    def __init__(self) -> None:
        self._stretches: dict[str, list[_Stretch]] = {}

    def note(self, record: Record, offset: int) -> None:
        """An event that lies at this offset or a little later."""
        sequence = _sequence(record)
        known = self._stretches.get(record.key)
        if known is None:
            # The beginning must be known, or what is noted would be no whole history.
            if sequence == 1:
                self._stretches[record.key] = [_Stretch(offset, 1)]
            return
        if sequence != known[-1].last + 1:
            return
        if offset - known[-1].start <= _NEAR:
            known[-1].last = sequence
        else:
            known.append(_Stretch(offset, sequence))

    def of(self, task_id: str) -> list[tuple[int, int]]:
        """The stretches of a task, each an offset and a sequence; none if they are not known."""
        return [(s.start, s.last) for s in self._stretches.get(task_id, ())]

    def as_text(self, task_id: str, sequence: int) -> str:
        """The stretches of a task up to a sequence; empty if they are not known that far."""
        known = self._stretches.get(task_id, [])
        if not known or known[-1].last != sequence or len(known) > _MOST:
            return ""
        return ",".join(f"{s.start}:{s.last}" for s in known)

    def learn(self, task_id: str, text: str) -> None:
        """What `as_text` has said once."""
        if text:
            parts = (part.split(":") for part in text.split(","))
            self._stretches[task_id] = [_Stretch(int(start), int(last)) for start, last in parts]

    def forget(self, task_id: str) -> None:
        """What is not asked for again."""
        self._stretches.pop(task_id, None)


def stretches_in(text: str) -> list[tuple[int, int]]:
    """The stretches in a text of `as_text`."""
    places = Places()
    places.learn("", text)
    return places.of("")


def _sequence(record: Record) -> int:
    return sequence_of(record.headers)


def sequence_of(headers: Mapping[str, str]) -> int:
    """The sequence that an event's headers state; -1 if they state none."""
    text = headers.get("sequence", "")
    return int(text) if text.isascii() and text.isdigit() else -1

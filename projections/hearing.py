"""What the core in this process told of its commits: events that need no reading and folding."""

from collections.abc import Mapping, Sequence

from projections.model import Step
from streams.domain.state import TaskState
from streams.log import EVENTS, Record

LARGEST = 20_000  # events kept; more are cheaper read from the log than held in memory


class Heard:
    """The events of one partition that were told and not projected yet.

    Commits are told without offsets. Where the first event lies is known (`start`) once an event
    with a known offset is found among those told.
    """

    def __init__(self, partition: int) -> None:
        self.start: int | None = None
        self._partition = partition
        self._steps: list[Step] = []

    def add(self, records: Sequence[Record], states: Mapping[str, TaskState]) -> None:
        """A commit, and the states after it."""
        self._steps += [
            Step(record, states[record.key])
            for record in records
            if record.topic == EVENTS and record.partition == self._partition
        ]
        if len(self._steps) > LARGEST:
            self._steps = self._steps[-LARGEST // 2 :]  # those before must be read
            self.start = None

    def forget(self) -> None:
        """Drop everything: it will be read from the log."""
        self._steps.clear()
        self.start = None

    def align(self, projected: Record) -> None:
        """Drop all up to this event, which has been projected; if it was told, `start` is known."""
        for number, step in enumerate(self._steps):
            if is_same(step.record, projected):
                del self._steps[: number + 1]
                self.start = projected.offset + 1
                return
        self.start = None

    def take(self) -> list[Step]:
        """All that was told, which then counts as projected."""
        taken, self._steps = self._steps, []
        if self.start is not None:
            self.start += len(taken)
        return taken


def is_same(one: Record, other: Record) -> bool:
    """Whether two records are the same event, wherever they lie."""
    return one.key == other.key and one.headers.get("id") == other.headers.get("id")

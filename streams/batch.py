"""What goes into a batch of decisions and what comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from streams.domain.commands import Command
from streams.domain.events import BudgetRefused, Event, InputFailed, InputRefused
from streams.domain.inputs import Input
from streams.domain.state import TaskState
from streams.domain.values import Json
from streams.log import Commit, Record

OVER_BUDGET = "over_budget"  # the code of a refusal by a ledger


class Verdict(StrEnum):
    """What became of an input."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    REFUSED = "refused"
    DEAD_LETTERED = "dead_lettered"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one input, and the task's newest sequence after it. `details` is the body of
    the event that refused it, where that says more than the reason.
    """

    verdict: Verdict
    task_id: str
    sequence: int
    reason: str = ""
    code: str = ""
    details: Json = field(default_factory=dict)


def answer_of(event: Event | None, task_id: str, sequence: int) -> Answer:
    """What the last event of an input tells its sender."""
    match event:
        case InputRefused(reason=reason, code=code):
            return Answer(Verdict.REFUSED, task_id, sequence, reason, code)
        case BudgetRefused(reason=reason):
            return Answer(Verdict.REFUSED, task_id, sequence, reason, OVER_BUDGET, event.as_json)
        case InputFailed(reason=reason):
            return Answer(Verdict.DEAD_LETTERED, task_id, sequence, reason)
        case _:
            return Answer(Verdict.ACCEPTED, task_id, sequence)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An input as it was read; `value` spares decoding where the sender is in this process."""

    record: Record
    value: Input | None = None
    is_stored: bool = True  # False: its record becomes part of the commit


@dataclass(frozen=True, slots=True)
class Handled:
    """What one batch leads to. Nothing of it may leave the process before `commit` is on disk."""

    commit: Commit
    answers: Sequence[Answer]
    commands: Sequence[Command]
    states: dict[str, TaskState]  # of all tasks that changed
    sequences: dict[str, int]


def merge(batches: Sequence[Handled]) -> Commit:
    """Several batches of one conductor, in order, as one commit."""
    snapshots = {
        snapshot.task_id: snapshot for batch in batches for snapshot in batch.commit.snapshots
    }
    watermarks = [b.commit.watermark for b in batches if b.commit.watermark is not None]
    return Commit(
        records=[record for batch in batches for record in batch.commit.records],
        snapshots=list(snapshots.values()),
        position=batches[-1].commit.position,
        watermark=watermarks[-1] if watermarks else None,
    )

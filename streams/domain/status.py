"""The one word by which people know where a task stands, and how far it has come."""

from enum import StrEnum

from streams.domain.state import Life, PublicationStatus, TaskState
from streams.domain.values import DecisionOutcome, ExecutionPhase

_PHASES = len(ExecutionPhase)
_UNDER_WAY = frozenset({PublicationStatus.PENDING, PublicationStatus.GRANTED})


class TaskStatus(StrEnum):
    """Where a task stands; the last four are for closed tasks."""

    PROCESSING = "processing"
    WAITING_FOR_ANSWER = "waiting_for_answer"
    PENDING_APPROVAL = "pending_approval"
    PUBLISHING = "publishing"
    PUBLICATION_UNCERTAIN = "publication_uncertain"
    CANCELLING = "cancelling"
    APPROVED = "approved"
    REJECTED = "rejected"
    FAILED = "failed"
    CANCELLED = "cancelled"


CLOSED = frozenset(
    {TaskStatus.APPROVED, TaskStatus.REJECTED, TaskStatus.FAILED, TaskStatus.CANCELLED}
)


def status_of(state: TaskState) -> TaskStatus:
    """The status. What a human must do comes first, since nothing else will end it."""
    if state.life is Life.CLOSED:
        return TaskStatus((state.outcome or DecisionOutcome.FAILED).value)
    publications = {publication.status for publication in state.publications.values()}
    if PublicationStatus.UNCERTAIN in publications:
        return TaskStatus.PUBLICATION_UNCERTAIN
    if state.questions:
        return TaskStatus.WAITING_FOR_ANSWER
    if state.is_cancelling:
        return TaskStatus.CANCELLING
    if _is_undecided(state):
        return TaskStatus.PENDING_APPROVAL
    return TaskStatus.PUBLISHING if publications & _UNDER_WAY else TaskStatus.PROCESSING


def progress_of(state: TaskState) -> float:
    """The share of the nine phases that the task has passed, 0 to 1; 1 when it is closed.

    It falls only when a closed task is opened again.
    """
    if state.life is Life.CLOSED:
        return 1.0
    passed = len(set(state.phases) - {state.phase})
    return round(passed / _PHASES, 4)


def _is_undecided(state: TaskState) -> bool:
    asked = state.approval
    return asked is not None and asked.decision is None and state.phase is ExecutionPhase.APPROVAL

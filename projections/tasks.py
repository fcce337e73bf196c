"""The read model `tasks`: one row a task, with what lists, filters and status pages show."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from projections.model import INTEGER, MOMENT, NUMBER, TEXT, TEXTS, TRUTH, ReadModel, Row, Step
from streams.domain.quality import Verdict
from streams.domain.state import DELIVERABLE, Life, TaskState
from streams.domain.status import progress_of, status_of
from streams.domain.values import DecisionOutcome, Milliseconds

TITLE_LENGTH = 80  # characters of a request that stand for the title that is not there yet


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as it stood after the event `sequence`; its fields are the columns, in their order."""

    task_id: str
    tenant: str
    principal: str
    source: str
    request: str
    title: str
    intent: str | None
    domain: str | None
    channels: list[str]
    status: str
    phase: str | None
    progress: float
    outcome: str | None
    decided_by: str | None
    quality_score: float | None
    quality_passed: bool | None
    cost: float
    refinements: int
    submitted_at: Milliseconds
    updated_at: Milliseconds
    closed_at: Milliseconds | None
    duration_ms: Milliseconds | None
    error: str | None
    sequence: int
    parent_task_id: str | None


COLUMNS = dict.fromkeys(TaskRow.__dataclass_fields__, TEXT) | {
    "channels": TEXTS,
    "progress": NUMBER,
    "quality_score": NUMBER,
    "quality_passed": TRUTH,
    "cost": NUMBER,
    "refinements": INTEGER,
    "submitted_at": MOMENT,
    "updated_at": MOMENT,
    "closed_at": MOMENT,
    "duration_ms": INTEGER,
    "sequence": INTEGER,
}


def task_row(state: TaskState, task_id: str, sequence: int, at: Milliseconds) -> TaskRow:
    """The row of a task after its event `sequence`, which happened at `at`."""
    score, has_passed = _quality(state)
    closed_at = state.closed_at
    return TaskRow(
        task_id=task_id,
        tenant=state.tenant,
        principal=state.principal,
        source=state.source.value,
        request=state.request,
        title=_title(state),
        intent=state.intent.name if state.intent else None,
        domain=state.intent.domain if state.intent else None,
        channels=_channels(state),
        status=status_of(state).value,
        phase=state.phase.value if state.phase else None,
        progress=progress_of(state),
        outcome=state.outcome.value if state.outcome else None,
        decided_by=state.decided_by or None,
        quality_score=score,
        quality_passed=has_passed,
        cost=state.cost,
        refinements=sum(work.refinements for work in state.works.values()),
        submitted_at=state.submitted_at,
        updated_at=at,
        closed_at=closed_at,
        duration_ms=None if closed_at is None else closed_at - state.submitted_at,
        error=state.error,
        sequence=sequence,
        parent_task_id=state.parent.task_id if state.parent else None,
    )


def rows(steps: Sequence[Step]) -> list[Row]:
    """The rows of all tasks in a batch; histories that are not a task's have none."""
    newest = {step.task_id: step for step in steps}
    found = (
        step
        for step in newest.values()
        if step.state.life is not Life.ABSENT and step.state.ledger is None
    )
    return [values_of(task_row(s.state, s.task_id, s.sequence, s.at)) for s in found]


values_of = attrgetter(*COLUMNS)
TASKS = ReadModel("tasks", COLUMNS, rows)


def _quality(state: TaskState) -> tuple[float | None, bool | None]:
    """Score of the deliverable and whether it passes; of the best version until one is judged."""
    work = state.work(DELIVERABLE)
    assessment = (work.accepted_assessment or work.best_assessment) if work else None
    if work is None or assessment is None:
        return None, None
    return assessment.overall, work.verdict is Verdict.PASS


def _channels(state: TaskState) -> list[str]:
    """Where the deliverable goes: what was approved, else what was understood or asked for."""
    approval = state.approval
    if approval is not None and approval.decision is DecisionOutcome.APPROVED:
        return [channel.value for channel in approval.channels]
    if state.intent is not None:
        return [channel.value for channel in state.intent.channels]
    asked = state.dispatched.channel if state.dispatched else None
    return [asked.value] if asked else []


def _title(state: TaskState) -> str:
    if state.deliverable is not None and state.deliverable.title:
        return state.deliverable.title
    if state.dispatched is not None:
        return f"{state.dispatched.agent_type}: {state.dispatched.action}"
    line = " ".join(state.request.split())
    return line if len(line) <= TITLE_LENGTH else f"{line[: TITLE_LENGTH - 1].rstrip()}…"

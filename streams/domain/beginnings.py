"""How the state of a task begins, or begins again: submitted, dispatched, forked, reopened."""

from collections.abc import Callable

from pydantic import ValidationError

from streams.domain import events as e
from streams.domain.settings import TaskSettings
from streams.domain.state import Dispatched, Life, Parent, TaskState, change
from streams.domain.values import ExecutionPhase, Json, Milliseconds, WorkflowSource

Evolve = Callable[[TaskState, e.Event, Milliseconds], TaskState]


def submitted(state: TaskState, event: e.RequestSubmitted, at: Milliseconds) -> TaskState:
    return change(
        state,
        life=Life.OPEN,
        tenant=event.tenant,
        principal=event.principal,
        source=event.source,
        request=event.request,
        business_metrics=event.business_metrics,
        preferences=event.preferences,
        context=event.context,
        extra=event.extra,
        settings=event.settings,
        submitted_at=at,
    )


def dispatched(state: TaskState, event: e.CommandDispatched, at: Milliseconds) -> TaskState:
    return change(
        state,
        life=Life.OPEN,
        tenant=event.tenant,
        principal=event.principal,
        source=WorkflowSource.COMMAND,
        settings=event.settings,
        submitted_at=at,
        dispatched=Dispatched(
            agent_type=event.agent_type,
            action=event.action,
            tool_id=event.tool_id,
            payload=event.payload,
            channel=event.channel,
            is_repeatable=event.is_repeatable,
            priority=event.priority,
            max_attempts=event.max_attempts,
            timeout=event.timeout,
        ),
    )


def forked(state: TaskState, event: e.TaskForked, at: Milliseconds, evolve: Evolve) -> TaskState:
    """The parent's state with the edits made, and without anything that is under way or decided
    there.
    """
    copied = TaskState(task_id=state.task_id)
    for happened, body in event.history:
        inner = decode_inner(body, event)
        if inner is not None:
            copied = evolve(copied, inner, happened)
    return change(
        copied,
        task_id=state.task_id,
        principal=event.principal,
        source=WorkflowSource.FORK,
        settings=ahead(copied.settings, at),
        parent=Parent(
            task_id=event.parent_task_id, sequence=event.parent_sequence, hash=event.parent_hash
        ),
        submitted_at=at,
        life=Life.OPEN if copied.life is Life.CLOSED else copied.life,
        closed_at=None,
        outcome=None,
        decided_by="",
        error=None,
        failed_phase=None,
        failed_steps={},
        routes={},
        approval=None,
        publications={},
        is_cancelling=False,
        commands={},
        finished={},
        questions={},
        permissions={},
        refused=frozenset(),
        engagement_ids=(),
        feedback_ids=(),
    )


def decode_inner(body: Json, fork: e.TaskForked) -> e.Event | None:
    """One event of a forked history with the fork's edits; None for what cannot be read any
    more.
    """
    try:
        event = e.EVENT.validate_python(body)
        match event:
            case e.RequestSubmitted(type=kind) if fork.request:
                return e.EVENT.validate_python({**body, **fork.request, "type": kind})
            case e.StepCompleted(step_id=step_id) if step_id in fork.outputs:
                return event.model_copy(update={"output": fork.outputs[step_id]})
            case e.TaskForked():  # the parent was itself a fork: its beginning lies further inside
                request = {**event.request, **fork.request}
                outputs = {**event.outputs, **fork.outputs}
                return event.model_copy(update={"request": request, "outputs": outputs})
            case _:
                return event
    except ValidationError:
        return None


def reopened(state: TaskState, phase: ExecutionPhase, at: Milliseconds) -> TaskState:
    return change(
        state,
        life=Life.OPEN,
        settings=ahead(state.settings, at),
        phase=phase,
        closed_at=None,
        outcome=None,
        decided_by="",
        error=None,
        failed_phase=None,
        failed_steps={},
        routes={},
        rejected_plans=0,
        is_cancelling=False,
    )


def ahead(settings: TaskSettings, at: Milliseconds) -> TaskSettings:
    """The settings when a human starts the task again: a deadline that has passed is no limit any
    more, or the new attempt would end before it began.
    """
    if settings.deadline is None or settings.deadline > at:
        return settings
    return settings.model_copy(update={"deadline": None})

"""How a task begins: a request, a single command, or a fork of another task."""

from pydantic import ValidationError

from streams.domain import events as e
from streams.domain.errors import Undecidable
from streams.domain.inputs import DispatchCommand, ForkTask, SubmitRequest
from streams.domain.settings import TaskSettings
from streams.domain.state import Life, TaskState
from streams.domain.values import ExecutionPhase, Json
from streams.phases import permission
from streams.phases.decision import Decision
from streams.rules import routing


def submit(d: Decision, wanted: SubmitRequest) -> None:
    """Take a request in; the same task_id again changes nothing."""
    if d.state.life is not Life.ABSENT:
        return
    d.emit(
        e.RequestSubmitted(
            tenant=wanted.tenant,
            principal=wanted.principal,
            request=wanted.request,
            business_metrics=wanted.business_metrics,
            preferences=wanted.preferences,
            context=wanted.context,
            extra=wanted.extra,
            source=wanted.source,
            settings=_settings(wanted.settings),
        )
    )
    routing.go(d, ExecutionPhase.PLANNING)


def dispatch(d: Decision, wanted: DispatchCommand) -> None:
    """Take a single command in."""
    if d.state.life is not Life.ABSENT:
        return
    d.emit(
        e.CommandDispatched(
            tenant=wanted.tenant,
            principal=wanted.principal,
            agent_type=wanted.agent_type,
            action=wanted.action,
            tool_id=wanted.tool_id,
            payload=wanted.payload,
            channel=wanted.channel,
            is_repeatable=wanted.is_repeatable,
            priority=wanted.priority,
            max_attempts=wanted.max_attempts,
            timeout=wanted.timeout,
            settings=_settings(wanted.settings),
        )
    )
    routing.go(d, ExecutionPhase.EXECUTION)


def fork(d: Decision, wanted: ForkTask) -> None:
    """Go on from another task's past, in the phase it was in; nothing decided or published there
    carries over.
    """
    if d.state.life is not Life.ABSENT:
        return
    d.emit(
        e.TaskForked(
            principal=wanted.principal,
            parent_task_id=wanted.parent_task_id,
            parent_sequence=wanted.parent_sequence,
            parent_hash=wanted.parent_hash,
            history=wanted.history,
            request=wanted.request,
            outputs=wanted.outputs,
        )
    )
    if d.state.life is Life.ABSENT:
        raise Undecidable("a fork needs the parent's history from its first event on")
    routing.go(d, _resumed(d.state))


def _resumed(state: TaskState) -> ExecutionPhase:
    """Where a fork goes on; what the parent had learned or planned already is not asked again, but
    whether a tool may be used is.
    """
    match state.phase:
        case None:
            return ExecutionPhase.PLANNING
        case ExecutionPhase.LEARNING:
            return ExecutionPhase.APPROVAL if state.deliverable else ExecutionPhase.PLANNING
        case ExecutionPhase.EXECUTION if permission.pending(state):
            return ExecutionPhase.DELEGATION
        case ExecutionPhase.DELEGATION if state.plan is not None and not permission.pending(state):
            return ExecutionPhase.EXECUTION
        case phase:
            return phase


def _settings(values: Json) -> TaskSettings:
    try:
        return TaskSettings.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Undecidable(
            f"settings: /{'/'.join(map(str, first['loc']))}: {first['msg']}"
        ) from None

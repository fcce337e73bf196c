"""What the history of a task tells of one of its commands: what it was given, each attempt, and
what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.documents import iso
from streams.decider import react
from streams.domain import events as e
from streams.domain.evolve import evolve
from streams.domain.plan import dependencies
from streams.domain.state import TaskState
from streams.domain.values import Json, Milliseconds
from streams.envelope import StoredEvent


@dataclass(slots=True)
class Told:
    """What a history tells of one command."""

    issued: e.CommandIssued | None = None
    payload: Json = field(default_factory=dict)
    attempts: dict[int, Json] = field(default_factory=dict)
    status: str = "pending"
    result: Any = None
    error: str | None = None
    sequences: list[int] = field(default_factory=list)
    depends_on: list[str] = field(default_factory=list)


def command_id_of(task_id: str) -> str:
    """The only command of a one-step task."""
    return f"{task_id}.1"


def task_id_of(command_id: str) -> str:
    """The task that a command belongs to."""
    return command_id.rpartition(".")[0]


def told_of(command_id: str, events: Sequence[StoredEvent]) -> tuple[Told, TaskState]:
    """Everything about a command, and the state of its task now."""
    told, state = Told(), TaskState(task_id=task_id_of(command_id))
    ends: dict[str, str] = {}  # step: the command that completed it
    for place, stored in enumerate(events):
        event = stored.event
        if event is None:
            continue
        state = evolve(state, event, stored.header.at)
        if isinstance(event, e.CommandIssued) and event.kind == "RunStep" and event.step_id:
            ends[event.step_id] = event.command_id
        if isinstance(event, e.InputRefused) and event.subject.split(" ")[0] == command_id:
            told.sequences.append(stored.header.sequence)
        if getattr(event, "command_id", None) != command_id:
            continue
        told.sequences.append(stored.header.sequence)
        if isinstance(event, e.CommandIssued):
            told.depends_on = _needed(event, state, ends)
        _tell(told, event, stored.header.at, events[place + 1 :])
        if isinstance(event, e.CommandIssued):
            asked = react(event, _settled(state, stored, events[place + 1 :]))
            told.payload = asked.payload if asked else {}
    return told, state


def _settled(state: TaskState, cause: StoredEvent, later: Iterable[StoredEvent]) -> TaskState:
    """The state after the decision that an event was part of: what its command was made from."""
    for stored in later:
        if stored.header.causation_id != cause.header.causation_id:
            break
        if stored.event is not None:
            state = evolve(state, stored.event, stored.header.at)
    return state


def _needed(issued: e.CommandIssued, state: TaskState, ends: dict[str, str]) -> list[str]:
    """The commands whose outputs a step was given."""
    steps = state.plan.steps if state.plan else ()
    step = next((s for s in steps if s.step_id == issued.step_id), None)
    if step is None:
        return []
    found = [ends[name] for name in dependencies(step) if name in ends]
    return sorted(found, key=lambda command_id: int(command_id.rpartition(".")[2]))


def _tell(told: Told, event: Any, at: Milliseconds, later: Sequence[StoredEvent]) -> None:
    """Take one event about the command in."""
    match event:
        case e.CommandIssued(attempt=attempt):
            told.issued, told.status = event, "pending"
            told.attempts[attempt] = _attempt(attempt, at)
        case e.CommandClaimed() | e.EffectGranted():
            told.status = "processing"
            _of(told, event.attempt, at).update({"runner": event.runner, "started_at": iso(at)})
        case e.CommandCompleted():
            told.status, told.error, told.result = "completed", None, _result(later)
            _of(told, event.attempt, at).update(_end(event, "completed", at))
        case e.CommandFailed():
            told.status = "failed" if event.retry_at is None else "pending"
            told.error = event.reason
            ended = _end(event, "failed", at) | {"reason": event.reason}
            _of(told, event.attempt, at).update(ended)
        case e.CostQuestioned(question=question):
            told.status, told.error = "pending", question.text
            asked = _end(event, "asked", at) | {"reason": question.text}
            _of(told, event.attempt, at).update(asked)
        case e.EffectUncertain():
            told.status, told.error = "processing", event.reason
            doubt = {"outcome": "uncertain", "reason": event.reason}
            _of(told, max(told.attempts, default=1), at).update(doubt)
        case e.CommandCancelled(reason=reason):
            told.status, told.error = "cancelled", reason
            last = _of(told, max(told.attempts, default=1), at)
            if last["outcome"] is None:
                last |= {"outcome": "cancelled", "ended_at": iso(at), "reason": reason}


def _of(told: Told, number: int, at: Milliseconds) -> Json:
    """What is told of one attempt; its beginning may have been erased."""
    return told.attempts.setdefault(number, _attempt(number, at))


def _attempt(number: int, at: Milliseconds) -> Json:
    return {
        "attempt": number,
        "issued_at": iso(at),
        "runner": None,
        "started_at": None,
        "ended_at": None,
        "outcome": None,
        "reason": None,
        "cost": 0.0,
        "duration": None,
        "usage": {},
    }


def _end(
    event: e.CommandCompleted | e.CommandFailed | e.CostQuestioned, outcome: str, at: Milliseconds
) -> Json:
    said: Json = {
        "outcome": outcome,
        "ended_at": iso(at),
        "cost": event.cost,
        "duration": event.duration / 1000,
        "usage": event.usage,
    }
    return said | ({"runner": event.runner} if event.runner else {})


def _result(later: Sequence[StoredEvent]) -> Any:
    """What the accepted result means is said by the event after it."""
    following = later[0].event if later else None
    match following:
        case None:
            return None
        case e.StepCompleted(output=output) | e.OutputRefined(output=output):
            return output
        case e.PublicationCompleted(receipt=receipt):
            return receipt.model_dump(mode="json")
        case _:
            return following.model_dump(mode="json", exclude={"type"})

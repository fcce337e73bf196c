"""A command as people and agents read it: in full, as work that is handed out, and its history."""

from collections.abc import Sequence

from api.command_story import Told
from api.documents import history, iso
from api.queue import Claimed
from streams.domain import events as e
from streams.domain.commands import Command
from streams.domain.state import OpenCommand, TaskState
from streams.domain.values import Json
from streams.domain.waiting import waits
from streams.envelope import StoredEvent

STATUSES = ("pending", "processing", "completed", "failed", "cancelled")
OPEN_STATUSES = ("pending", "processing")


def command_document(told: Told, state: TaskState, sequence: int) -> Json:
    """A command in full."""
    issued = told.issued
    assert issued is not None  # noqa: S101 - whoever asks has looked
    attempts = list(told.attempts.values())
    is_cancelled = told.status == "cancelled"
    now = state.commands.get(issued.command_id)
    return {
        "command_id": issued.command_id,
        "task_id": state.task_id,
        "status": told.status,
        "phase": issued.phase,
        "kind": issued.kind,
        "agent_type": issued.agent_type,
        "action": issued.action,
        "tool_id": issued.tool_id,
        "step_id": issued.step_id,
        "channel": issued.channel,
        "priority": issued.priority,
        "payload": told.payload,
        "depends_on": told.depends_on,
        "result": told.result,
        "error": (state.error if is_cancelled else None) or told.error,
        "attempt": issued.attempt,
        "max_attempts": issued.max_attempts,
        "attempts": attempts,
        "timeout": issued.timeout / 1000,
        "is_repeatable": issued.is_repeatable,
        "cost": round(sum(each["cost"] for each in attempts), 6),
        "issued_at": attempts[0]["issued_at"],
        "ended_at": attempts[-1]["ended_at"] if told.status not in OPEN_STATUSES else None,
        **_now(now, state),
        "sequence": sequence,
    }


def _now(command: OpenCommand | None, state: TaskState) -> Json:
    """What only an open command has: who holds it, and what it waits for."""
    if command is None:
        return {"lease": None, "progress": {}, "waits_for": None}
    lease = None
    if command.runner is not None:
        is_granted = command.grant is not None
        until = iso(command.lease_until)
        lease = {"runner": command.runner, "until": until, "is_granted": is_granted}
    wait = next((w for w in waits(state) if w.subject == command.issued.command_id), None)
    question = next(
        (
            name
            for name, asked in state.questions.items()
            if command.issued.command_id in (asked.command_id, asked.cost_of)
        ),
        None,
    )
    waits_for: Json | None = None
    if wait is not None:
        waits_for = {"kind": wait.kind, "whom": wait.whom, "until": iso(wait.until)}
    elif question is not None:
        waits_for = {"kind": "question", "whom": "a human", "question_id": question}
    return {
        "lease": lease,
        "progress": getattr(command, "progress", {}),
        "waits_for": waits_for,
    }


def claimed_document(claimed: Claimed) -> Json:
    """A command as it is handed to an agent."""
    command = claimed.command
    return work_document(command) | {
        "status": "processing",
        "lease": {"runner": claimed.runner, "until": iso(claimed.lease_until)},
        "sequence": claimed.sequence,
    }


def work_document(command: Command) -> Json:
    """What an agent needs to know to do a command."""
    return {
        "command_id": command.command_id,
        "task_id": command.task_id,
        "kind": command.kind,
        "phase": command.phase,
        "agent_type": command.agent_type,
        "action": command.action,
        "tool_id": command.tool_id,
        "step_id": command.step_id,
        "channel": command.channel,
        "payload": command.payload,
        "progress": command.progress,
        "priority": command.priority,
        "attempt": command.attempt,
        "max_attempts": command.max_attempts,
        "timeout": command.timeout / 1000,
        "is_repeatable": command.is_repeatable,
        "issued_at": iso(command.issued_at),
    }


def command_history(told: Told, events: Sequence[StoredEvent]) -> list[Json]:
    """The events about a command, each result with what it meant."""
    wanted = set(told.sequences)
    wanted |= {
        stored.header.sequence + 1
        for stored in events
        if stored.header.sequence in wanted and isinstance(stored.event, e.CommandCompleted)
    }
    return history([s for s in events if s.header.sequence in wanted])

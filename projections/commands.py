"""The read model `command_attempts`: one row for each attempt at a command, with who did it, how
long it waited and took, what it cost, and how it ended."""

from collections.abc import Callable, Mapping, Sequence

from pydantic_core import from_json

from projections.model import INTEGER, MOMENT, NUMBER, TEXT, TRUTH, ReadModel, Row, Step
from streams.domain.values import Json, Milliseconds

WITHDRAWN = 0  # the attempt under which a cancellation lies: it ends all attempts of its command

COLUMNS = {
    "command_id": TEXT,
    "attempt": INTEGER,
    "task_id": TEXT,
    "tenant": TEXT,
    "kind": TEXT,
    "phase": TEXT,
    "agent_type": TEXT,
    "action": TEXT,
    "tool_id": TEXT,
    "step_id": TEXT,
    "channel": TEXT,
    "priority": INTEGER,
    "max_attempts": INTEGER,
    "is_repeatable": TRUTH,
    "issued_at": MOMENT,
    "claimed_at": MOMENT,
    "runner": TEXT,
    "outcome": TEXT,  # completed, failed, unpaid, asked, uncertain, cancelled
    "ended_at": MOMENT,
    "retry_at": MOMENT,
    "reason": TEXT,
    "cost": NUMBER,
    "duration_ms": INTEGER,
    "sequence": INTEGER,
}


def rows(steps: Sequence[Step]) -> list[Row]:
    """What a batch says of each attempt; what it does not say is null and stays as it was."""
    found: dict[tuple[str, int], Json] = {}
    for step in steps:
        said = _said(step) if step.type in _SAYING else None
        if said is None:
            continue
        row = found.setdefault((said["command_id"], said["attempt"]), {})
        row |= {name: value for name, value in said.items() if value is not None}
        row |= {"task_id": step.task_id, "tenant": step.state.tenant, "sequence": step.sequence}
    return [tuple(row.get(name) for name in COLUMNS) for row in found.values()]


COMMAND_ATTEMPTS = ReadModel("command_attempts", COLUMNS, rows)


def _said(step: Step) -> Json | None:
    """The columns that one event fills. Its body is read as it lies there, which takes a fifth of
    the time that checking it anew would; an erased one says nothing."""
    if "digest" in step.record.headers:
        return None
    body: Json = from_json(step.record.value)
    said = _SAYING[step.type](body, step.at)
    return {"command_id": body["command_id"], "attempt": body.get("attempt", 1)} | said


def _issued(body: Json, at: Milliseconds) -> Json:
    return {name: body.get(name) for name in _ISSUED}


def _claimed(body: Json, at: Milliseconds) -> Json:
    return {"claimed_at": at, "runner": body["runner"]}


def _completed(body: Json, at: Milliseconds) -> Json:
    return _ended(body, at) | {"outcome": "completed"}


def _failed(body: Json, at: Milliseconds) -> Json:
    failure = {"reason": body["reason"], "retry_at": body.get("retry_at")}
    # What was not begun for want of money says nothing of its tool.
    outcome = "unpaid" if body.get("is_unpaid") else "failed"
    return _ended(body, at) | {"outcome": outcome} | failure


def _asked(body: Json, at: Milliseconds) -> Json:
    return _ended(body, at) | {"outcome": "asked", "reason": body["question"]["text"]}


def _cancelled(body: Json, at: Milliseconds) -> Json:
    said = {"outcome": "cancelled", "ended_at": at, "reason": body["reason"]}
    return {"attempt": WITHDRAWN} | said


def _uncertain(body: Json, at: Milliseconds) -> Json:
    # Its question is named after the attempt: the event itself does not say which it was.
    attempt = int(body["question_id"].rpartition("-")[2])
    return {"attempt": attempt, "outcome": "uncertain", "reason": body["reason"]}


def _ended(body: Json, at: Milliseconds) -> Json:
    return {
        "runner": body.get("runner") or None,
        "ended_at": at,
        "cost": body.get("cost", 0.0),
        "duration_ms": body.get("duration", 0),
    }


_ISSUED = (
    "kind", "phase", "agent_type", "action", "tool_id", "step_id", "channel", "priority",
    "max_attempts", "is_repeatable", "issued_at",
)  # fmt: skip
_SAYING: Mapping[str, Callable[[Json, Milliseconds], Json]] = {
    "command_issued.v1": _issued,
    "command_claimed.v1": _claimed,
    "effect_granted.v1": _claimed,
    "command_completed.v1": _completed,
    "command_failed.v1": _failed,
    "command_cancelled.v1": _cancelled,
    "effect_uncertain.v1": _uncertain,
    "cost_questioned.v1": _asked,
}

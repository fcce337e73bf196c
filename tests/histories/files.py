"""Histories as JSON files, one line for each input and each event, from which the exact bytes come
back."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from streams.domain.evolve import evolve
from streams.domain.state import EVOLVE_VERSION, STATE, TaskState
from streams.domain.status import status_of
from streams.domain.values import Json
from streams.envelope import read_event
from streams.log import EVENTS, INPUTS, Commit, Record
from streams.memory import MemoryLog
from tests.streams.interleavings import now

FOLDER = Path(__file__).parent
ALTERED = FOLDER / "altered"


@dataclass(frozen=True, slots=True)
class History:
    """What one file holds: the inputs and events of a small log, and how its tasks ended."""

    about: str
    evolve_version: int
    tasks: Json
    inputs: Sequence[Record]
    events: Sequence[Record]

    def log(self) -> MemoryLog:
        """A log that holds it all."""
        log = MemoryLog()
        now(log.append(self.inputs))
        lease = now(log.acquire(0, "recorded"))
        now(log.commit(lease, Commit(self.events, position=len(self.inputs))))
        return log


def history_of(about: str, log: MemoryLog) -> History:
    """All that happened on a log."""
    inputs = list(log.records[INPUTS, 0])
    events = list(log.records[EVENTS, 0])
    return History(about, EVOLVE_VERSION, endings(events), inputs, events)


def states_of(events: Iterable[Record]) -> dict[str, TaskState]:
    """The states that the events fold to, by task."""
    states: dict[str, TaskState] = {}
    for record in events:
        stored = read_event(record)
        assert stored.event is not None
        state = states.get(record.key, TaskState(task_id=record.key))
        states[record.key] = evolve(state, stored.event, stored.header.at)
    return states


def endings(events: Sequence[Record]) -> Json:
    """How each task stands after its events: in words, and the digest of its whole state."""
    return {task_id: _ending(state) for task_id, state in states_of(events).items()}


def _ending(state: TaskState) -> Json:
    whole = STATE.dump_python(state, mode="json")
    whole["refused"].sort()  # a set has no order of its own
    return {
        "life": state.life.value,
        "status": status_of(state).value,
        "decided_by": state.decided_by,
        "phases": [phase.value for phase in state.phases],
        "cost": round(state.cost, 6),
        "state_sha256": sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest(),
    }


def text_of(history: History) -> str:
    """The file's text."""
    head = {"about": history.about, "evolve_version": history.evolve_version}
    parts = [f"  {_line(name)}: {_line(value)}" for name, value in head.items()]
    tasks = [f"    {_line(task_id)}: {_line(end)}" for task_id, end in history.tasks.items()]
    parts.append('  "tasks": {\n' + ",\n".join(tasks) + "\n  }")
    for name, records in (("inputs", history.inputs), ("events", history.events)):
        lines = [f"    {_line(_as_json(record))}" for record in records]
        parts.append(f'  "{name}": [\n' + ",\n".join(lines) + "\n  ]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def read(path: Path) -> History:
    """The history in a file."""
    found = json.loads(path.read_text("utf-8"))
    return History(
        found["about"],
        found["evolve_version"],
        found["tasks"],
        [_record(INPUTS, n, r) for n, r in enumerate(found["inputs"])],
        [_record(EVENTS, n, r) for n, r in enumerate(found["events"])],
    )


def _as_json(record: Record) -> Json:
    known: Json = {"key": record.key, "headers": dict(record.headers)}
    try:
        body = json.loads(record.value)
    except ValueError:
        body = None
    # Only if the same bytes come back are they shown as what they mean.
    if _bytes(body) == record.value:
        return known | {"body": body}
    return known | {"bytes": b64encode(record.value).decode()}


def _record(topic: str, offset: int, found: Json) -> Record:
    value = _bytes(found["body"]) if "body" in found else b64decode(found["bytes"])
    return Record(topic, 0, found["key"], value, found["headers"], offset)


def _bytes(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)

"""Proof that no task is stranded: each open one advances, waits for somebody until a moment, or
says what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from streams.domain.state import Life, TaskState
from streams.domain.values import Milliseconds
from streams.domain.waiting import WaitKind, waits

GRACE: Milliseconds = 60_000  # how late a timer may be before it counts as lost


class Health(StrEnum):
    """What can be said of an open task."""

    ADVANCING = "advancing"
    WAITING = "waiting"
    DEAD_LETTERED = "dead_lettered"  # it waits, and an input of it lies in the dead letters
    STRANDED = "stranded"


@dataclass(frozen=True, slots=True)
class Finding:
    """One open task: whom it waits for and until when, or why it is stranded."""

    task_id: str
    health: Health
    whom: str = ""
    until: Milliseconds | None = None
    note: str = ""


_ADVANCING = (WaitKind.LEASE, WaitKind.GRANT, WaitKind.RETRY)


def examine(
    states: Iterable[TaskState], now: Milliseconds, working: frozenset[str] = frozenset()
) -> list[Finding]:
    """What holds for each open task; `working` names the commands being done in this process."""
    return [_examine(state, now, working) for state in states if state.life is Life.OPEN]


def counts(findings: Iterable[Finding]) -> Mapping[str, int]:
    """How many tasks are in which health; all kinds are named."""
    found = dict.fromkeys((health.value for health in Health), 0)
    for finding in findings:
        found[finding.health.value] += 1
    return found


def _examine(state: TaskState, now: Milliseconds, working: frozenset[str]) -> Finding:
    waiting = waits(state)
    if not waiting:
        return Finding(state.task_id, Health.STRANDED, note="it waits for nothing and nobody")
    first = min(waiting, key=lambda wait: wait.until)
    if first.until + GRACE < now:
        note = f"the timer {first.timer_id!r} should have fired"
        return Finding(state.task_id, Health.STRANDED, first.whom, first.until, note)
    is_moving = any(w.kind in _ADVANCING or w.subject in working for w in waiting)
    if is_moving:
        return Finding(state.task_id, Health.ADVANCING, first.whom, first.until)
    if state.failed_inputs:
        note = f"{state.failed_inputs} of its inputs lie in the dead letters"
        return Finding(state.task_id, Health.DEAD_LETTERED, first.whom, first.until, note)
    return Finding(state.task_id, Health.WAITING, first.whom, first.until, first.kind.value)

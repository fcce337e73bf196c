"""Two owners in every order once more, now with snapshots: what a new owner has in memory is what
all events fold to, whatever it read of it from snapshots, stubs and the watermark."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from streams.batch import Arrival, Handled
from streams.conductor import Conductor
from streams.decider import Core
from streams.domain import inputs as i
from streams.domain.events import CommandIssued
from streams.domain.evolve import evolve
from streams.domain.state import Life, TaskState
from streams.envelope import read_event
from streams.log import COMMANDS, EVENTS, Commit
from streams.memory import MemoryLog
from streams.verification import verify_log
from tests.streams import interleavings
from tests.streams.driving import Desk, remark, submitted, told
from tests.streams.interleavings import Model, Violation, Worker, World, now

OLD = Core()
NEW = replace(OLD, evolve_version=OLD.evolve_version + 1)  # it trusts no snapshot of the old one


class WithSnapshots(Model):
    """Open tasks get snapshots soon, and each takeover is compared with a fold of everything."""

    def take_over(self, world: World, worker: Worker, name: str) -> None:
        worker.pending = None
        worker.conductor = now(
            self.conductor.take_over(world.log, 0, name, worker.core, snapshot_after=2)
        )
        folded = folded_from_the_beginning(world.log)
        if worker.conductor.states() != folded:
            raise Violation(f"{name} knows something else than the log: {sorted(folded)}")

    def check(self, world: World, inputs: Sequence[i.Input]) -> None:
        super().check(world, inputs)
        check_commands(world.log)
        if findings := now(verify_log(world.log)).findings:
            raise Violation(f"the log does not verify: {findings[0]}")


def folded_from_the_beginning(log: MemoryLog) -> dict[str, TaskState]:
    """The states of all tasks that have not ended, without any snapshot."""
    states: dict[str, TaskState] = {}
    for record in log.records.get((EVENTS, 0), ()):
        stored = read_event(record)
        assert stored.event is not None
        state = states.get(record.key, TaskState(task_id=record.key))
        states[record.key] = evolve(state, stored.event, stored.header.at)
    return {task_id: s for task_id, s in states.items() if s.life is not Life.CLOSED}


def check_commands(log: MemoryLog) -> None:
    """What was issued was sent."""
    topics = [r for (topic, _), r in log.records.items() if topic.startswith(COMMANDS)]
    sent = {record.headers["id"] for records in topics for record in records}
    for record in log.records.get((EVENTS, 0), ()):
        event = read_event(record).event
        if isinstance(event, CommandIssued) and f"{event.command_id}/{event.attempt}" not in sent:
            raise Violation(f"command {event.command_id} was issued and never sent")


def a_failed_task(log: MemoryLog) -> None:
    """A task that has ended and can be tried again."""
    desk = Desk(log)
    desk.give(told(i.DispatchCommand, "failed", "order", agent_type="x", action="y"))
    failure = {"command_id": "failed.1", "reason": "no", "is_retryable": False}
    desk.give(told(i.ReportFailure, "failed", "failure", **failure))
    log.flush_positions()


INPUTS = (
    submitted("one"),
    told(i.RetryTask, "failed", "again"),
    remark("one", "remark"),
)


@pytest.fixture(autouse=True)
def _worlds_differ_by_their_snapshots(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two worlds are alike only if their snapshots and watermarks are, too."""
    alike, logs_alike = interleavings.fingerprint, interleavings.log_fingerprint

    def log_mark(log: MemoryLog) -> tuple[object, ...]:
        kept = log._snapshots.get(0, {}).values()
        snapshots = frozenset((s.task_id, s.sequence, s.evolve_version) for s in kept)
        return (*logs_alike(log), snapshots, log._watermarks.get(0))

    def mark(world: World) -> tuple[object, ...]:
        owners = [w.conductor for w in world.workers if w.conductor is not None]
        memory = tuple((tuple(c._dirty.items()), c._end, c._watermark) for c in owners)
        return (*alike(world), log_mark(world.log), memory)

    monkeypatch.setattr(interleavings, "log_fingerprint", log_mark)
    monkeypatch.setattr(interleavings, "fingerprint", mark)


def test_no_order_of_actions_leaves_a_new_owner_with_less_than_the_log() -> None:
    worlds = WithSnapshots((OLD, NEW), takeovers=2, crashes=0, batch=1).explore(
        a_failed_task, INPUTS
    )

    assert worlds > 300


class PassesTheWatermark(Conductor):
    """Planted bug: what it folded behind a snapshot does not hold the watermark back."""

    async def _fold(self, log: Any, offset: int, saved: Mapping[str, int]) -> dict[str, int]:
        unknown = await super()._fold(log, offset, saved)
        for task_id in saved:
            self._dirty.pop(task_id, None)
        return unknown


class LosesReopened(Conductor):
    """Planted bug: a task that was closed at the watermark counts as closed."""

    async def _fold(self, log: Any, offset: int, saved: Mapping[str, int]) -> dict[str, int]:
        await super()._fold(log, offset, saved)
        return {}


class TrustsAnySnapshot(Conductor):
    """Planted bug: it takes the stub of a closed task for all there is to know."""

    async def load(self, log: Any, arrivals: Sequence[Arrival]) -> None:
        as_start = {"type": "submit_request.v1"}
        await super().load(
            log, [replace(a, record=replace(a.record, headers=as_start)) for a in arrivals]
        )


class SendsNothing(Conductor):
    """Planted bug: the commands are not part of the commit."""

    def handle(self, arrivals: Sequence[Arrival]) -> Handled:
        handled = super().handle(arrivals)
        records = [r for r in handled.commit.records if not r.topic.startswith(COMMANDS)]
        kept: Commit = replace(handled.commit, records=records)
        return replace(handled, commit=kept)


@pytest.mark.parametrize(
    "broken", [PassesTheWatermark, LosesReopened, TrustsAnySnapshot, SendsNothing]
)
def test_a_planted_bug_is_caught(broken: type[Conductor]) -> None:
    model = WithSnapshots((OLD, NEW), takeovers=2, crashes=0, batch=1)
    model.conductor = broken

    with pytest.raises(Violation):
        model.explore(a_failed_task, INPUTS)

"""Snapshots, stubs and the watermark spare reading; whatever they lack is read from the events."""

from dataclasses import replace

import pytest

from streams.decider import Core
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.evolve import evolve
from streams.domain.state import Life, TaskState
from streams.domain.values import DecisionOutcome
from streams.log import Record, Snapshot
from streams.verification import verify_log
from tests.streams.driving import Altered, Desk, refused_order, remark, submitted, told
from tests.streams.interleavings import now


def snapshot_of(desk: Desk, task_id: str) -> Snapshot | None:
    return now(desk.log.snapshots(0, [task_id])).get(task_id)


def test_closed_tasks_are_not_kept_in_memory_and_leave_a_stub() -> None:
    desk = Desk()
    desk.finish("a")

    desk.take_over()

    stub = snapshot_of(desk, "a")
    assert desk.conductor.states() == {}
    assert stub is not None
    assert not stub.is_open
    assert stub.outcome == DecisionOutcome.APPROVED
    assert stub.sequence == len(desk.records())
    assert stub.hash == desk.records()[-1].headers["hash"]


def test_a_task_gets_a_snapshot_when_its_change_is_far_enough_back() -> None:
    desk = Desk(snapshot_after=6)
    desk.give(submitted("a"))

    desk.give(submitted("b"))
    is_early = snapshot_of(desk, "a")
    desk.give(submitted("c"))

    kept = snapshot_of(desk, "a")
    assert is_early is None
    assert kept is not None
    assert kept.is_open
    assert kept.sequence == 3
    assert snapshot_of(desk, "b") is None


def test_the_watermark_follows_the_oldest_change_without_a_snapshot() -> None:
    desk = Desk(snapshot_after=6)

    marks = []
    for name in "abcd":
        handled = desk.decide(submitted(name))
        desk.keep(handled)
        marks.append(handled.commit.watermark)

    # Three events a task: in the third commit "a" is six behind, in the fourth "b" is.
    assert marks == [None, None, 3, 6]


def test_a_closed_task_does_not_hold_the_watermark_back() -> None:
    desk = Desk()
    refused_order(desk, "a")
    end = len(desk.records())

    assert desk.decide(submitted("b")).commit.watermark == end


def test_a_new_owner_goes_on_with_the_watermark_that_it_found() -> None:
    desk = Desk()
    refused_order(desk, "a")
    end = len(desk.records())
    desk.take_over()
    first = desk.decide(submitted("b"))
    desk.keep(first)

    desk.take_over()
    second = desk.decide(submitted("c"))

    assert (first.commit.watermark, second.commit.watermark) == (end, None)


def test_only_events_behind_the_watermark_are_read() -> None:
    desk = Desk(snapshot_after=0)
    for name in "abc":
        desk.give(submitted(name))
    asked: list[int] = []
    read = desk.log.read

    async def counted(topic: str, partition: int, offset: int, limit: int) -> list[Record]:
        asked.append(offset)
        return await read(topic, partition, offset, limit)

    desk.log.read = counted  # type: ignore[method-assign]
    desk.take_over()

    assert asked[0] == now(desk.log.recover(0)).watermark == 6
    assert desk.conductor.states().keys() == {"a", "b", "c"}


def test_a_snapshot_and_the_events_after_it_give_the_same_state() -> None:
    desk = Desk(snapshot_after=3)
    for name in "abc":
        desk.give(submitted(name))
    desk.work(lambda command: command.kind is CommandKind.RUN_STEP)
    before = desk.conductor.states()

    desk.take_over()

    assert desk.conductor.states() == before


def test_what_was_folded_behind_a_snapshot_holds_the_watermark_back() -> None:
    desk = Desk(snapshot_after=0)
    desk.give(submitted("a"))
    desk.give(submitted("b"))
    desk.snapshot_after = 1_000
    desk.take_over()
    desk.work(lambda command: command.kind is CommandKind.PLAN_WORKFLOW)

    desk.take_over()
    desk.give(submitted("c"))
    desk.give(submitted("d"))
    before = desk.conductor.states()
    desk.take_over()

    assert desk.conductor.states() == before
    desk.work()
    assert now(verify_log(desk.log)).findings == []


def test_a_task_that_was_opened_again_is_not_lost_behind_the_watermark() -> None:
    desk = Desk()
    refused_order(desk, "a")
    refused_order(desk, "b")
    desk.take_over()
    desk.give(told(i.RetryTask, "a", "again"))

    desk.take_over()
    refused_order(desk, "c")
    refused_order(desk, "d")
    desk.take_over()

    assert desk.state("a").life is Life.OPEN
    assert desk.conductor.states().keys() == {"a"}


@pytest.mark.parametrize("snapshot_after", [0, 2_000])
def test_a_task_that_closed_again_since_its_stub_is_dropped(snapshot_after: int) -> None:
    desk = Desk(snapshot_after=snapshot_after)
    refused_order(desk, "a")
    desk.take_over()
    desk.give(told(i.RetryTask, "a", "again"), told(i.CancelTask, "a", "stop"))

    desk.take_over()
    desk.give(submitted("b"))

    assert desk.conductor.states().keys() == {"b"}
    assert desk.verdict(submitted("a", "late")) == "repeated"


def test_a_snapshot_of_another_evolve_version_is_folded_again() -> None:
    def counts(state: TaskState, event: object, at: int) -> TaskState:
        folded = evolve(state, event, at)  # type: ignore[arg-type]
        return replace(folded, cost=folded.cost + 1)

    desk = Desk(snapshot_after=0)
    desk.give(submitted("a"))
    desk.give(submitted("b"))
    snapshot = snapshot_of(desk, "a")

    desk.take_over(Core(evolve=counts, evolve_version=snapshot.evolve_version + 1))  # type: ignore[union-attr]

    assert desk.state("a").cost == 3
    desk.give(remark("a", "r"), remark("b", "r2"))
    assert desk.state("a").feedback_ids == ("r",)


def test_going_back_to_an_older_core_loses_nothing() -> None:
    desk = Desk(snapshot_after=0)
    desk.give(submitted("a"))
    desk.give(submitted("b"))
    older = desk.conductor.core
    desk.snapshot_after = 1_000
    desk.take_over(replace(older, evolve_version=older.evolve_version + 1))
    desk.give(remark("a", "r"))

    desk.take_over()
    desk.give(submitted("c"))
    desk.take_over(older)

    assert desk.state("a").feedback_ids == ("r",)


@pytest.mark.parametrize(
    "damage", [{"state": b"{"}, {"state": b'{"life": "undead"}'}, {"hash": "no hash"}]
)
def test_a_damaged_snapshot_is_folded_again(damage: dict[str, object]) -> None:
    log = Altered()
    desk = Desk(log, snapshot_after=0)
    desk.give(submitted("a"))
    desk.give(remark("a", "r"))
    before = desk.conductor.states()
    log.spoil("a", **damage)

    desk.take_over()

    assert desk.conductor.states() == before
    assert desk.verdict(remark("a", "r2")) == "accepted"
    assert now(verify_log(log)).findings == []

"""The log in memory keeps the contract, never waits, copies cheaply, can keep positions late."""

import copy
from pathlib import Path

import pytest

from streams.domain.errors import Fenced
from streams.log import EVENTS, INPUTS, Commit, Log
from streams.memory import MemoryLog
from tests.streams.log_contract import LogContract
from tests.streams.log_model import PARTITIONS, an_input, event, snapshot


class TestMemoryLog(LogContract):
    async def open(self, directory: Path) -> Log:
        return MemoryLog(PARTITIONS)

    async def reopen(self, log: Log, directory: Path) -> Log:
        return copy.deepcopy(log)


class TestLazyMemoryLog(LogContract):
    async def open(self, directory: Path) -> Log:
        return MemoryLog(PARTITIONS, is_position_lazy=True)

    async def reopen(self, log: Log, directory: Path) -> Log:
        return copy.deepcopy(log)

    async def settle(self, log: Log) -> None:
        assert isinstance(log, MemoryLog)
        log.flush_positions()


async def test_a_lazy_position_is_visible_only_after_it_is_flushed() -> None:
    log = MemoryLog(is_position_lazy=True)
    lease = await log.acquire(0, "me")

    await log.commit(lease, Commit([event()], position=3, watermark=1))
    before = await log.recover(0)
    log.flush_positions()
    after = await log.recover(0)

    assert (before.position, before.watermark) == (0, 1)
    assert after.position == 3


async def test_a_new_owner_does_not_get_a_position_that_was_not_flushed() -> None:
    log = MemoryLog(is_position_lazy=True)
    lease = await log.acquire(0, "me")
    await log.commit(lease, Commit([event()], position=3))

    await log.acquire(0, "you")
    log.flush_positions()

    assert (await log.recover(0)).position == 0
    assert await log.end(EVENTS, 0) == 1


async def test_a_copy_and_its_original_go_on_apart() -> None:
    log = MemoryLog(log_id="named", is_position_lazy=True)
    lease = await log.acquire(0, "me")
    await log.append([an_input()])
    await log.commit(lease, Commit([event()], [snapshot()], position=1, watermark=1))

    twin = copy.deepcopy(log)
    await log.append([an_input()])
    await log.commit(lease, Commit([event()], [snapshot(sequence=9)], watermark=2))
    await log.acquire(0, "you")
    await log.save_position("projector", EVENTS, 0, 2)

    assert twin.log_id == "named"
    assert await twin.end(INPUTS, 0) == await twin.end(EVENTS, 0) == 1
    assert await twin.position("projector", EVENTS, 0) == 0
    twin.flush_positions()
    recovery = await twin.recover(0)
    assert (recovery.position, recovery.watermark) == (1, 1)
    assert recovery.snapshots == [snapshot()]
    assert await twin.commit(lease, Commit([event()])) == {EVENTS: 2}
    with pytest.raises(Fenced):
        await log.commit(lease, Commit([event()]))


def test_a_copy_shares_the_records() -> None:
    log = MemoryLog()
    with pytest.raises(StopIteration):
        log.append([an_input()]).send(None)

    assert copy.deepcopy(log).records[INPUTS, 0][0] is log.records[INPUTS, 0][0]


def test_no_call_ever_waits() -> None:
    log = MemoryLog()
    with pytest.raises(StopIteration) as stop:
        log.acquire(0, "me").send(None)
    calls = [
        log.append([an_input()]),
        log.commit(stop.value.value, Commit([event()], [snapshot()], 1, 1)),
        log.read(EVENTS, 0, 0, 9),
        log.end(EVENTS, 0),
        log.history(0, "task-1"),
        log.recover(0),
        log.snapshots(0, ["task-1"]),
        log.save_position("projector", EVENTS, 0, 1),
        log.position("projector", EVENTS, 0),
        log.close(),
    ]

    for call in calls:
        with pytest.raises(StopIteration):
            call.send(None)

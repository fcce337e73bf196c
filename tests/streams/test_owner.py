"""An owner of a partition where others write the inputs, on a log in memory."""

import asyncio
from collections.abc import Sequence

import pytest

from agents.contract import Agent, Done, Outcome
from agents.echo import echo_agents
from agents.runner import Runner
from streams.batch import Answer, Verdict
from streams.clock import Clock, new_salt, wall_clock
from streams.desk import Desk
from streams.domain.commands import Command
from streams.domain.errors import Fenced, LogUnavailable
from streams.domain.inputs import DispatchCommand, Input
from streams.envelope import input_record, read_input
from streams.log import EVENTS, INPUTS, Commit, Lease, Log, Record
from streams.memory import MemoryLog
from streams.owner import Owner
from streams.timers import Timers
from tests.streams.running import request
from tests.streams.waiting import until


async def nobody(given: Input) -> Answer:
    return Answer(Verdict.REFUSED, given.task_id, 0)


def owner_of(log: Log, *agents: Agent, clock: Clock = wall_clock) -> Owner:
    return Owner(log, 0, hands=Runner(agents, nobody), clock=clock)


async def submit(log: Log, *task_ids: str) -> None:
    await log.append([input_record(request(task_id), 0) for task_id in task_ids])


async def drain(log: Log, owner: Owner) -> None:
    """What a shell does until nothing is left."""
    while records := await log.read(INPUTS, 0, owner.position, 100):
        await owner.handle(records)


async def kinds(log: Log, task_id: str) -> list[str]:
    return [record.headers["type"] for record in await log.history(0, task_id)]


async def test_reports_of_what_is_computed_are_on_the_log_with_their_commands() -> None:
    log = MemoryLog()
    owner = owner_of(log, *echo_agents())
    await owner.take_over()
    await submit(log, "task-1")
    (record,) = await log.read(INPUTS, 0, 0, 10)

    await owner.handle([record])

    inputs = [read_input(r).type for r in await log.read(INPUTS, 0, 0, 10)]
    assert inputs == ["submit_request.v1", "report_result.v1"]
    assert await kinds(log, "task-1") == [
        "request_submitted.v1",
        "phase_started.v1",
        "command_issued.v1",
    ]


async def test_a_task_passes_all_phases_by_its_reports() -> None:
    log = MemoryLog()
    owner = owner_of(log, *echo_agents())
    await owner.take_over()
    await submit(log, "task-1")

    await drain(log, owner)

    assert (await kinds(log, "task-1"))[-1] == "task_closed.v1"
    assert owner.states() == {}


async def test_records_that_come_twice_change_nothing() -> None:
    log = MemoryLog()
    owner = owner_of(log)
    await owner.take_over()
    await submit(log, "task-1")
    records = await log.read(INPUTS, 0, 0, 10)

    assert len(await owner.handle(records)) == 1
    assert await owner.handle(records) == []


async def test_a_backlog_is_decided_on_taking_over_and_open_commands_are_handed_out() -> None:
    log = MemoryLog()
    former = owner_of(log)
    await former.take_over()
    await submit(log, "task-1")
    await drain(log, former)
    await submit(log, "task-2")

    owner = owner_of(log, *echo_agents())
    await owner.take_over()
    await drain(log, owner)

    assert (await kinds(log, "task-1"))[-1] == "task_closed.v1"
    assert (await kinds(log, "task-2"))[-1] == "task_closed.v1"


async def test_a_fenced_owner_is_of_no_more_use() -> None:
    log = MemoryLog()
    former, owner = owner_of(log), owner_of(log)
    await former.take_over()
    await owner.take_over()
    await submit(log, "task-1")
    records = await log.read(INPUTS, 0, 0, 10)

    with pytest.raises(Fenced):
        await former.handle(records)
    with pytest.raises(Fenced):
        await former.handle(records)

    assert await kinds(log, "task-1") == []
    await owner.handle(records)
    assert await kinds(log, "task-1") != []


async def test_an_effect_begins_after_its_command_is_on_the_log() -> None:
    log = MemoryLog()
    seen: list[list[str]] = []

    async def post(command: Command) -> Outcome:
        seen.append(await kinds(log, command.task_id))
        return Done({})

    runner = Runner([Agent("poster", effects={"post": post})], nobody)
    owner = Owner(log, 0, hands=runner)
    await owner.take_over()
    given = DispatchCommand(
        input_id="in-1",
        task_id="task-1",
        at=wall_clock(),
        salt=new_salt(),
        agent_type="poster",
        action="post",
    )
    await log.append([input_record(given, 0)])

    await drain(log, owner)
    await asyncio.gather(*runner._running.values())

    assert "command_issued.v1" in seen[0]


async def test_a_moment_that_has_come_is_told_by_the_log() -> None:
    log = MemoryLog()
    now = [wall_clock()]
    owner = owner_of(log, clock=lambda: now[0])
    await owner.take_over()
    await submit(log, "task-1")
    await drain(log, owner)
    (state,) = owner.states().values()

    now[0] += 10 * 365 * 24 * 3_600_000
    again = owner_of(log, clock=lambda: now[0])
    await again.take_over()

    async def is_told() -> bool:
        return await log.end(INPUTS, 0) == 2

    await until(is_told)
    await again.let_go()

    (_, told) = await log.read(INPUTS, 0, 0, 10)
    assert told.headers["type"] == "timer_fired.v1"
    assert state.task_id == told.key


def test_each_moment_is_told_once() -> None:
    timers = Timers()

    assert timers.due(0) == []
    assert timers.next_at is None


# The desk, where a framework hands records in


def desk_of(log: Log, *agents: Agent, patience: float = 1.0) -> Desk:
    return Desk(log, lambda number: owner_of(log, *agents), patience)


async def test_the_desk_decides_what_a_framework_has_skipped() -> None:
    log = MemoryLog()
    desk = desk_of(log)
    await desk.assigned([0])
    await submit(log, "task-1", "task-2", "task-3")
    records = await log.read(INPUTS, 0, 0, 10)

    await desk.handle(0, records[2:])

    for task_id in ("task-1", "task-2", "task-3"):
        assert await kinds(log, task_id) != []
    await desk.close()


async def test_the_desk_passes_over_what_comes_twice() -> None:
    log = MemoryLog()
    desk = desk_of(log)
    await desk.assigned([0])
    await submit(log, "task-1")
    records = await log.read(INPUTS, 0, 0, 10)

    await desk.handle(0, records)
    before = await log.end(EVENTS, 0)
    await desk.handle(0, records)

    assert await log.end(EVENTS, 0) == before
    await desk.close()


async def test_a_partition_that_is_not_ours_is_left_alone() -> None:
    log = MemoryLog()
    desk = desk_of(log)
    await submit(log, "task-1")

    await desk.handle(0, await log.read(INPUTS, 0, 0, 10))

    assert await log.end(EVENTS, 0) == 0
    assert not desk.is_ready


async def test_a_fenced_owner_is_replaced_by_one_that_folds_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("streams.desk._PAUSE", 0.0)
    log = MemoryLog()
    desk = desk_of(log)
    await desk.assigned([0])
    await submit(log, "task-1")
    records = await log.read(INPUTS, 0, 0, 10)
    await desk.handle(0, records)
    await owner_of(log).take_over()  # somebody else, for a moment
    await submit(log, "task-2")

    await desk.handle(0, (await log.read(INPUTS, 0, 0, 10))[1:])

    assert await kinds(log, "task-2") != []
    assert desk.failure is None
    await desk.close()


async def test_an_idle_owner_that_has_failed_is_replaced_without_an_input() -> None:
    log = MemoryLog()
    desk = desk_of(log)
    await desk.assigned([0])
    await until(lambda: desk.is_ready)
    failed = desk.owners[0]
    failed.failure = LogUnavailable("a moment could not be told")

    await desk.mend()
    await until(lambda: desk.is_ready)

    assert desk.owners[0] is not failed
    assert desk.failure is None
    await desk.close()


class BrokenLog(MemoryLog):
    """A log whose commits fail."""

    async def commit(self, lease: Lease, commit: Commit) -> dict[str, int]:
        raise LogUnavailable("the broker is away")


async def test_when_nothing_can_be_kept_the_desk_says_so_and_never_returns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("streams.desk._PAUSE", 0.0)
    log = BrokenLog()
    desk = desk_of(log, patience=0.0)
    await desk.assigned([0])
    await log.append([input_record(request("task-1"), 0)])
    records: Sequence[Record] = await log.read(INPUTS, 0, 0, 10)

    handling = asyncio.create_task(desk.handle(0, records))
    await until(lambda: desk.failure is not None)

    assert not handling.done()
    assert isinstance(desk.failure, LogUnavailable)
    handling.cancel()
    await asyncio.gather(handling, return_exceptions=True)
    await desk.close()

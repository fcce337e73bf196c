"""The read model of commands: attempts with who did them and how they ended, lists, figures."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.contract import Agent, Done, GiveUp, Outcome, Retry
from agents.runner import Runner
from projections.command_queries import CommandRow, command_statistics, commands
from projections.errors import InvalidCursor
from projections.projector import Projector
from projections.rebuild import rebuild
from projections.store import Store
from streams.domain import inputs as i
from streams.domain.commands import Command
from streams.embedded import Embedded
from streams.memory import MemoryLog
from tests.projections.histories import START, Copy, events_of

TENANT = "acme"


class Queue:
    """A core whose type `flaky` is worked here, and whose type `remote` is left to others."""

    def __init__(self, log: MemoryLog) -> None:
        self.now = START
        agent = Agent("flaky", effects={"works": self._works, "fails": self._fails})
        runner = Runner([agent], lambda given: self.core.send(given), clock=self._clock)
        self.core = Embedded(log, runner, clock=self._clock)
        self._ended = asyncio.Event()
        self.core.listen(lambda *_: self._ended.set())

    def _clock(self) -> int:
        self.now += 1
        return self.now

    async def _works(self, command: Command) -> Outcome:
        self.now += 100
        return Done({"answer": 1}, cost=0.5) if command.attempt > 1 else Retry("busy", 0, cost=0.25)

    async def _fails(self, command: Command) -> Outcome:
        return GiveUp("no such thing")

    async def send(self, kind: type[Any], task_id: str, **fields: Any) -> None:
        now = self._clock()
        common = {"input_id": f"in-{now}", "task_id": task_id, "at": now, "salt": f"{now:032x}"}
        await self.core.send(kind(**common, **fields))

    async def dispatch(self, task_id: str, agent_type: str, action: str, **fields: Any) -> None:
        await self.send(i.DispatchCommand, task_id, agent_type=agent_type, action=action, **fields)

    async def until_closed(self, task_id: str) -> None:
        while (state := self.core.state(task_id)) is None or state.closed_at is None:
            self._ended.clear()
            await self._ended.wait()


async def lived_commands() -> MemoryLog:
    """A log with commands of every fate."""
    log = MemoryLog()
    queue = Queue(log)
    await queue.core.start()
    for task_id, action in (("w", "works"), ("f", "fails")):
        await queue.dispatch(task_id, "flaky", action, tenant=TENANT)
        await queue.until_closed(task_id)
    for task_id in ("free", "held", "done", "gone"):
        await queue.dispatch(
            task_id, "remote", "look", tool_id="remote.look", tenant=TENANT, priority=5
        )
    await queue.dispatch("other", "remote", "look", tenant="other")
    for task_id in ("held", "done"):
        queue.now += 1_000
        await queue.send(
            i.ClaimCommand, task_id, command_id=f"{task_id}.1", runner="ann", lease=60_000
        )
    await queue.send(
        i.ReportResult,
        "done",
        command_id="done.1",
        attempt=1,
        runner="ann",
        output={"x": 1},
        cost=2.0,
        duration=40,
    )
    await queue.send(i.CancelTask, "gone", reason="not needed")
    await queue.core.stop()
    return log


@pytest.fixture(scope="module")
def log() -> MemoryLog:
    return asyncio.run(lived_commands())


async def listed(log: MemoryLog, store: Store, **wanted: Any) -> dict[str, CommandRow]:
    await Projector(store, log).catch_up()
    found = commands(store, tenant=TENANT, **wanted).items
    return {row.command_id: row for row in found}


async def test_every_command_stands_as_its_events_say(log: MemoryLog, store: Store) -> None:
    found = await listed(log, store)

    assert {name: row.status for name, row in found.items()} == {
        "w.1": "completed",
        "f.1": "failed",
        "free.1": "pending",
        "held.1": "processing",
        "done.1": "completed",
        "gone.1": "cancelled",
    }
    assert (found["w.1"].attempt, found["w.1"].failures, found["w.1"].cost) == (2, 1, 0.75)
    assert found["w.1"].error is None
    assert found["f.1"].error == "no such thing"
    assert found["gone.1"].error == "the task was cancelled"
    assert found["gone.1"].agent_type == "remote"
    assert (found["held.1"].runner, found["held.1"].priority) == ("ann", 5)
    assert found["done.1"].duration_ms == 40


async def test_only_commands_of_the_own_tenant_are_listed(log: MemoryLog, store: Store) -> None:
    await Projector(store, log).catch_up()

    assert [row.command_id for row in commands(store, tenant="other").items] == ["other.1"]
    assert commands(store, tenant="nobody").items == []


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"status": "completed"}, {"w.1", "done.1"}),
        ({"agent_type": "flaky"}, {"w.1", "f.1"}),
        ({"tool_id": "remote.look", "status": "pending"}, {"free.1"}),
        ({"task_id": "held"}, {"held.1"}),
        ({"runner": "ann"}, {"held.1", "done.1"}),
        ({"runner": "bob"}, set()),
    ],
)
async def test_lists_are_narrowed(
    wanted: dict[str, str], expected: set[str], log: MemoryLog, store: Store
) -> None:
    assert set(await listed(log, store, **wanted)) == expected


async def test_pages_neither_repeat_nor_skip_while_commands_come_and_go(store: Store) -> None:
    log = await lived_commands()
    queue = Queue(log)
    await queue.core.start()
    before = set(await listed(log, store))
    seen: list[str] = []
    cursor: str | None = None

    for number in range(10):
        page = commands(store, tenant=TENANT, limit=2, cursor=cursor)
        seen += [row.command_id for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
        queue.now += 100_000
        await queue.dispatch(f"new-{number}", "remote", "look", tenant=TENANT)
        await Projector(store, log).catch_up()
    await queue.core.stop()

    assert len(seen) == len(set(seen))
    assert set(seen) == before


async def test_a_cursor_of_somebody_else_is_refused(log: MemoryLog, store: Store) -> None:
    with pytest.raises(InvalidCursor):
        commands(store, tenant=TENANT, cursor="nonsense")


async def test_an_effect_in_doubt_is_shown_as_such(lived: MemoryLog, store: Store) -> None:
    await Projector(store, lived).catch_up()

    rows = commands(store, tenant="tenant-0", task_id="uncertain-0-0").items
    doubtful = [row for row in rows if row.is_uncertain]

    assert [(row.kind, row.status, row.error) for row in doubtful] == [
        ("Publish", "processing", "the line went dead")
    ]


async def test_figures_count_by_agent_type_and_tool(log: MemoryLog, store: Store) -> None:
    await Projector(store, log).catch_up()

    figures = {(f.agent_type, f.tool_id): f for f in command_statistics(store, TENANT)}

    assert set(figures) == {("flaky", None), ("remote", "remote.look")}
    flaky, remote = figures["flaky", None], figures["remote", "remote.look"]
    assert (flaky.commands, flaky.completed, flaky.failed) == (2, 1, 1)
    assert (flaky.attempts, flaky.failures) == (3, 2)
    assert (remote.pending, remote.processing, remote.completed, remote.cancelled) == (1, 1, 1, 1)
    assert remote.waited_p50 is not None
    assert remote.waited_p50 >= 1_000
    assert (remote.ran_p50, remote.ran_p95) == (40, 40)


@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_rows_are_the_same_however_the_events_came(log: MemoryLog, data: st.DataObject) -> None:
    asyncio.run(compare(log, data))


async def compare(log: MemoryLog, data: st.DataObject) -> None:
    copy = Copy(await events_of(log))
    sizes = st.integers(1, 12)
    with TemporaryDirectory() as directory:
        store = Store.open(Path(directory))
        while copy.left:
            await copy.take(data.draw(sizes))
            await Projector(store, copy.log, batch=data.draw(sizes)).catch_up()
        incremental = commands(store, tenant=TENANT).items

        await rebuild(store, copy.log)

        assert commands(store, tenant=TENANT).items == incremental
        assert len(incremental) == 6
        store.close()

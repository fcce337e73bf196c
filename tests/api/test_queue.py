"""Handing out work: lost races, askers that go away, a failing log, and the end of the server."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from api.queue import Claimed, CommandQueue, Wanted
from streams.batch import Answer
from streams.clock import new_salt
from streams.domain.errors import LogUnavailable
from streams.domain.inputs import ClaimCommand, DispatchCommand, Input
from streams.domain.state import TaskState
from streams.embedded import Embedded, Listener
from streams.memory import MemoryLog
from streams.owner import NoHands
from tests.streams.waiting import until

NOW = 1_790_000_000_000
ANN = Wanted("default", "ann", ("work",), 60_000)
BOB = Wanted("default", "bob", ("work",), 60_000)


class Core:
    """A core whose claims can be delayed or made to fail."""

    def __init__(self, inner: Embedded) -> None:
        self.inner = inner
        self.before_claim: Callable[[ClaimCommand], Any] | None = None

    failure = None
    backlog = 0

    async def send(self, given: Input) -> Answer:
        if isinstance(given, ClaimCommand) and self.before_claim is not None:
            hook, self.before_claim = self.before_claim, None
            await hook(given)
        return await self.inner.send(given)

    def state(self, task_id: str) -> TaskState | None:
        return self.inner.state(task_id)

    def sequence(self, task_id: str) -> int:
        return self.inner.sequence(task_id)

    def states(self) -> Mapping[str, TaskState]:
        return self.inner.states()

    def listen(self, listener: Listener) -> Callable[[], None]:
        return self.inner.listen(listener)

    async def wait_for_failure(self) -> BaseException | None:
        return await self.inner.wait_for_failure()


@asynccontextmanager
async def running(commands: int = 0) -> AsyncIterator[tuple[Core, CommandQueue]]:
    """A core with some commands, and the queue over it."""
    inner = Embedded(MemoryLog(), NoHands(), clock=lambda: NOW)
    await inner.start()
    core = Core(inner)
    for number in range(commands):
        await put(core, f"t{number}")
    queue = CommandQueue(core, clock=lambda: NOW)
    yield core, queue
    queue.close()
    await inner.stop()


async def put(core: Core, task_id: str, agent_type: str = "work") -> None:
    await core.send(
        DispatchCommand(
            input_id=f"in-{task_id}",
            task_id=task_id,
            at=NOW,
            salt=new_salt(),
            agent_type=agent_type,
            action="do",
        )
    )


async def taken_by_another(core: Core, claim: ClaimCommand) -> None:
    """Somebody at another server is a moment faster."""
    other = claim.model_copy(update={"runner": "eve", "input_id": "claim-of-eve"})
    await core.inner.send(other)


def ids(claimed: list[Claimed]) -> list[str]:
    return [each.command.command_id for each in claimed]


async def settled(queue: CommandQueue, askers: int) -> None:
    await until(lambda: queue.askers == askers)


async def test_whoever_loses_a_race_gets_the_next_one() -> None:
    async with running(2) as (core, queue):
        core.before_claim = lambda claim: taken_by_another(core, claim)

        claimed = await queue.claim(ANN)

    assert ids(claimed) == ["t1.1"]


async def test_what_was_there_before_the_queue_is_handed_out() -> None:
    async with running(3) as (_, queue):
        claimed = await queue.claim(Wanted("default", "ann", ("other", "work"), 60_000, limit=5))

    assert ids(claimed) == ["t0.1", "t1.1", "t2.1"]


async def test_a_claim_that_could_not_be_kept_is_free_again() -> None:
    async def fail(claim: ClaimCommand) -> None:
        raise LogUnavailable("the disk is away")

    async with running(1) as (core, queue):
        core.before_claim = fail
        with pytest.raises(LogUnavailable):
            await queue.claim(ANN)
        claimed = await queue.claim(BOB)

    assert ids(claimed) == ["t0.1"]


async def test_work_for_one_who_went_away_goes_to_the_next() -> None:
    async with running() as (core, queue):
        gone = asyncio.create_task(queue.claim(ANN, wait=60))
        await settled(queue, 1)
        waiting = asyncio.create_task(queue.claim(BOB, wait=60))
        await settled(queue, 2)

        # The asker is told and cancelled in the same turn of the loop.
        stop = core.listen(lambda *_: gone.cancel())
        await put(core, "t")
        stop()
        claimed = await waiting

    assert gone.cancelled()
    assert ids(claimed) == ["t.1"]


async def test_nothing_is_claimed_for_one_who_has_hung_up() -> None:
    async def has_left() -> bool:
        return core.state("t") is not None

    async with running() as (core, queue):
        gone = asyncio.create_task(queue.claim(ANN, wait=60, has_left=has_left))
        await settled(queue, 1)
        waiting = asyncio.create_task(queue.claim(BOB, wait=60))
        await settled(queue, 2)
        await put(core, "t")
        nothing, claimed = await gone, await waiting

    assert nothing == []
    assert ids(claimed) == ["t.1"]


async def test_one_asker_is_woken_for_each_command() -> None:
    async with running() as (core, queue):
        waiting = []
        for number in range(5):
            wanted = Wanted("default", f"a{number}", ("work",), 60_000)
            waiting.append(asyncio.create_task(queue.claim(wanted, wait=60)))
        await settled(queue, 5)
        for number in range(3):
            await put(core, f"t{number}")
        await until(lambda: sum(task.done() for task in waiting) == 3)
        done = [task for task in waiting if task.done()]
        await settled(queue, 2)

    assert sorted(name for task in done for name in ids(task.result())) == ["t0.1", "t1.1", "t2.1"]


async def test_the_end_of_the_server_lets_all_go_with_nothing() -> None:
    async with running() as (_, queue):
        waiting = [asyncio.create_task(queue.claim(ANN, wait=60)) for _ in range(3)]
        await settled(queue, 3)

        queue.close()
        queue.close()

        assert await asyncio.gather(*waiting) == [[], [], []]
        assert await queue.claim(BOB, wait=60) == []


async def test_too_many_askers_are_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.queue.MOST_WAITING", 1)
    async with running() as (_, queue):
        waiting = asyncio.create_task(queue.claim(ANN, wait=60))
        await settled(queue, 1)

        assert await queue.claim(BOB, wait=60) == []
        queue.close()
        await waiting


async def test_another_type_and_another_tenant_are_left_alone() -> None:
    async with running(1) as (_, queue):
        other_type = await queue.claim(Wanted("default", "ann", ("play",), 60_000))
        other_tenant = await queue.claim(Wanted("acme", "ann", ("work",), 60_000))

    assert other_type == other_tenant == []

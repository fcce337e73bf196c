"""A running core for tests: echo agents, or whatever a test wants, on a log of its choice."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from agents.contract import Agent
from agents.echo import echo_agents
from agents.runner import Runner
from streams.clock import Clock, new_salt, wall_clock
from streams.domain.inputs import SubmitRequest
from streams.domain.state import Life, TaskState
from streams.domain.values import Json
from streams.embedded import Embedded
from streams.log import Log


@dataclass
class Running:
    """The core and its hands."""

    core: Embedded
    runner: Runner
    log: Log

    async def submit(self, task_id: str, **settings: object) -> None:
        """Hand a request in."""
        await self.core.send(request(task_id, settings=settings))

    async def until(self, task_id: str, is_there: Callable[[TaskState], bool]) -> TaskState:
        """The durable state of a task as soon as it is as wanted."""
        changed = asyncio.Event()
        stop = self.core.listen(lambda records, states: changed.set())
        try:
            async with asyncio.timeout(20):
                while (state := self.core.state(task_id)) is None or not is_there(state):
                    await changed.wait()
                    changed.clear()
                return state
        finally:
            stop()

    async def closed(self, task_id: str) -> TaskState:
        """The state of a task after its end."""
        return await self.until(task_id, lambda state: state.life is Life.CLOSED)


@asynccontextmanager
async def running(
    log: Log,
    agents: Iterable[Agent] | None = None,
    *,
    clock: Clock = wall_clock,
    patience: float = 1.0,
) -> AsyncIterator[Running]:
    """Run, and stop in order."""
    core: Embedded
    runner = Runner(
        echo_agents() if agents is None else agents, lambda i: core.send(i), clock=clock
    )
    core = Embedded(log, runner, clock=clock, patience=patience)
    await core.start()
    try:
        yield Running(core, runner, log)
    finally:
        await runner.stop(0.5)
        await core.stop()


def request(
    task_id: str, input_id: str | None = None, settings: Json | None = None
) -> SubmitRequest:
    """A request for echo agents."""
    return SubmitRequest(
        input_id=input_id or f"in-{task_id}",
        task_id=task_id,
        at=wall_clock(),
        salt=new_salt(),
        request="echo",
        settings=settings or {},
    )

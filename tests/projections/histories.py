"""Real histories of many kinds, made by the embedded core with echo agents."""

import asyncio
from collections.abc import Sequence
from typing import Any

from agents.contract import Agent, Done, Outcome, Uncertain
from agents.echo import echo_agents
from agents.runner import Runner
from streams.domain import inputs as i
from streams.domain.commands import Command
from streams.domain.state import Life, TaskState
from streams.domain.status import TaskStatus, status_of
from streams.embedded import Embedded
from streams.log import EVENTS, Commit, Log, Record
from streams.memory import MemoryLog

KINDS = (
    "plain",
    "poor",
    "asks",
    "approved",
    "rejected",
    "revised",
    "uncertain",
    "cancelled",
    "liked",
)
START = 1_790_000_000_000


def agents() -> tuple[Agent, ...]:
    """Echo agents that behave by the name of the task."""
    planner, evaluator, content, echo = echo_agents(50)
    poor = echo_agents(50, score=0.8)[1]

    def parse(command: Command) -> Outcome:
        intent = {"name": "post", "action": "create", "domain": "marketing"}
        if "asks" in command.task_id:
            return Done(intent | {"question": {"text": "Which quarter?"}})
        return Done(intent | {"channels": ["linkedin"]})

    def assess(command: Command) -> Outcome:
        is_good = "plain" in command.task_id or "liked" in command.task_id
        return (evaluator if is_good else poor).computes["AssessQuality"](command)

    def shape(command: Command) -> Outcome:
        variant = {"channel": "linkedin", "content": "echo"}
        return Done({"title": "Growth in Q4", "content": "echo", "variants": [variant]})

    async def publish(command: Command) -> Outcome:
        await asyncio.sleep(0)
        is_lost = "uncertain" in command.task_id
        return Uncertain("the line went dead") if is_lost else Done({"reference": "1"}, cost=0.25)

    return (
        Agent("planner", computes={**planner.computes, "ParseIntent": parse}),
        Agent("evaluator", computes={**evaluator.computes, "AssessQuality": assess}),
        Agent("content", computes={**content.computes, "Format": shape}),
        echo,
        Agent("publisher", effects={"linkedin_publisher": publish}),
    )


class World:
    """A running core whose clock goes on by a millisecond whenever it is looked at."""

    def __init__(self, log: Log, partition: int = 0) -> None:
        self._now = START
        self._runner = Runner(agents(), lambda given: self.core.send(given), clock=self._clock)
        self.core = Embedded(log, self._runner, clock=self._clock, partition=partition)
        self._changed = asyncio.Event()
        self.core.listen(lambda records, states: self._changed.set())

    def _clock(self) -> int:
        self._now += 1
        return self._now

    async def __aenter__(self) -> "World":
        await self.core.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.stop()
        await self.core.stop()

    async def send(self, kind: type[Any], task_id: str, **fields: Any) -> None:
        now = self._clock()
        common = {"input_id": f"in-{now}", "task_id": task_id, "at": now, "salt": f"{now:032x}"}
        await self.core.send(kind(**common, **fields))

    async def until(self, task_id: str, *wanted: TaskStatus) -> TaskState:
        """Wait until a task stands so."""
        while True:
            self._changed.clear()
            state = self.core.state(task_id)
            if state is not None and status_of(state) in wanted:
                return state
            await self._changed.wait()

    async def live(self, task_id: str) -> None:
        """A task of the kind that its name says, as far as it goes."""
        request = f"Create a LinkedIn post for {task_id}"
        await self.send(i.SubmitRequest, task_id, request=request, tenant=f"tenant-{task_id[-1]}")
        resting = set(TaskStatus) - {TaskStatus.PROCESSING, TaskStatus.PUBLISHING}
        state = await self.until(task_id, *resting)
        number = state.approval.round if state.approval else 0
        match task_id.split("-")[0]:
            case "approved" | "uncertain":
                await self.send(i.DecideApproval, task_id, round=number, is_approved=True)
                resting -= {TaskStatus.PENDING_APPROVAL}
                await self.until(task_id, *resting)
            case "rejected":
                await self.send(i.DecideApproval, task_id, round=number, is_approved=False)
                await self.until(task_id, TaskStatus.REJECTED)
            case "revised":
                await self.send(i.ReviseRequest, task_id, feedback="shorter", round=number)
            case "cancelled":
                await self.send(i.CancelTask, task_id, reason="not needed")
            case "liked":
                metrics = {"views": 3}
                await self.send(i.RecordEngagement, task_id, engagement_id="e1", metrics=metrics)


async def live_histories(log: Log, each: int = 1, partition: int = 0) -> None:
    """Some tasks of every kind, a one-step task, and a history that is no task's."""
    async with World(log, partition) as world:
        tasks = [f"{kind}-{number}" for number in range(each) for kind in KINDS]
        await asyncio.gather(*(world.live(f"{task}-{partition}") for task in tasks))
        await world.send(i.ChangeSettings, f"principal-{partition}", values={"max_retries": 1})
        one = f"one-{partition}"
        await world.send(i.DispatchCommand, one, agent_type="echo", action="run", tool_id="echo_1")
        await world.until(one, TaskStatus.APPROVED)
        assert world.core.state(one) is not None
        assert any(s.life is Life.OPEN for s in world.core.states().values())


async def memory_histories(partitions: int = 1) -> MemoryLog:
    """A log in memory with such histories in every partition."""
    log = MemoryLog(partitions)
    for partition in range(partitions):
        await live_histories(log, partition=partition)
    return log


class Copy:
    """A log that gets the events of another one bit by bit."""

    def __init__(self, events: Sequence[Record]) -> None:
        self.log = MemoryLog()
        self.left = list(events)

    async def take(self, number: int) -> None:
        """So many events more."""
        lease = await self.log.acquire(0, "copy")
        taken, self.left = self.left[:number], self.left[number:]
        await self.log.commit(lease, Commit(taken))


async def events_of(log: Log, partition: int = 0) -> list[Record]:
    """All events of a partition."""
    return await log.read(EVENTS, partition, 0, await log.end(EVENTS, partition))

"""Agents as processes of their own: commands by the queue, reports by the log, effects at the
door."""

import asyncio

import pytest

from agents.contract import Agent, Done, Outcome
from agents.echo import echo_agents
from agents.runner import Runner
from streams.clock import new_salt, wall_clock
from streams.domain.commands import Command
from streams.domain.inputs import DispatchCommand
from streams.envelope import input_record
from streams.kafka.queues import Queues, group_of
from streams.kafka.sender import Sender
from streams.log import COMMANDS
from streams.topics import partition_of
from streams.verification import verify_log
from tests.kafka.cluster import SESSION, Cluster, fresh
from tests.streams.waiting import until

pytestmark = pytest.mark.kafka


class Team:
    """Agents in a process of their own, as far as the log can tell."""

    def __init__(self, cluster: Cluster, agents: tuple[Agent, ...]) -> None:
        self._cluster = cluster
        self._agents = agents

    async def __aenter__(self) -> "Team":
        log = await self._cluster.open()
        self.sender = Sender(log, patience=10)
        self.runner = Runner(self._agents, self.sender.send)
        types = [agent.agent_type for agent in self._agents]
        self.queues = Queues(log, types, self.runner, self.sender, session=SESSION)
        await self.queues.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.queues.stop()
        await self.runner.stop(0.5)
        await self.sender.close()


def dispatched(task_id: str, *, is_repeatable: bool = True) -> DispatchCommand:
    return DispatchCommand(
        input_id=f"in-{task_id}",
        task_id=task_id,
        at=wall_clock(),
        salt=new_salt(),
        agent_type="poster",
        action="post",
        is_repeatable=is_repeatable,
    )


async def send(cluster: Cluster, given: DispatchCommand) -> None:
    partition = partition_of(given.task_id, cluster.log.partitions)
    await cluster.log.append([input_record(given, partition)])


async def test_agents_elsewhere_take_a_task_to_its_end(kafka: str) -> None:
    async with Cluster(fresh(kafka)) as cluster:
        await cluster.work(computes=False)
        async with Team(cluster, echo_agents()) as team:
            tasks = [f"task-{n}" for n in range(6)]
            await cluster.submit(*tasks)
            await cluster.closed(*tasks)
            assert team.queues.failure is None

        report = await verify_log(cluster.log)
        assert (report.tasks, report.findings) == (6, [])


async def test_an_effect_is_carried_out_once_after_asking_at_the_door(kafka: str) -> None:
    done: list[str] = []

    async def post(command: Command) -> Outcome:
        done.append(command.task_id)
        return Done({"said": "posted"})

    async with Cluster(fresh(kafka)) as cluster:
        await cluster.work()
        async with Team(cluster, (Agent("poster", effects={"post": post}),)):
            await send(cluster, dispatched("task-1", is_repeatable=False))
            await cluster.closed("task-1")

        kinds = [record.headers["type"] for record in await cluster.events("task-1")]
        assert kinds.count("effect_granted.v1") == 1
        assert done == ["task-1"]


async def test_a_command_under_way_is_done_again_by_the_next_team(kafka: str) -> None:
    begun: list[str] = []
    never = asyncio.Event()

    async def hang(command: Command) -> Outcome:
        begun.append(command.command_id)
        await never.wait()
        return Done({})

    async def post(command: Command) -> Outcome:
        return Done({"said": "posted"})

    async with Cluster(fresh(kafka)) as cluster:
        await cluster.work()
        async with Team(cluster, (Agent("poster", effects={"post": hang}),)):
            await send(cluster, dispatched("task-1"))
            await until(lambda: len(begun) == 1)

        async with Team(cluster, (Agent("poster", effects={"post": post}),)):
            await cluster.closed("task-1")


async def test_the_place_in_the_queue_moves_when_commands_are_done(kafka: str) -> None:
    async def post(command: Command) -> Outcome:
        return Done({"said": "posted"})

    async with Cluster(fresh(kafka, partitions=1)) as cluster:
        await cluster.work()
        async with Team(cluster, (Agent("poster", effects={"post": post}),)):
            for n in range(3):
                await send(cluster, dispatched(f"task-{n}"))
            await cluster.closed("task-0", "task-1", "task-2")

        topic = COMMANDS + "poster"
        end = await cluster.log.end(topic, 0)
        assert await cluster.log.position(group_of("poster"), topic, 0) == end


async def test_a_queue_may_have_the_name_of_any_agent(kafka: str) -> None:
    async def post(command: Command) -> Outcome:
        return Done({"said": "posted"})

    async with Cluster(fresh(kafka)) as cluster:
        await cluster.work()
        agent = Agent("acme:poster@2_3a", effects={"post": post})
        given = dispatched("task-1").model_copy(update={"agent_type": agent.agent_type})
        await send(cluster, given)
        async with Team(cluster, (agent,)):
            await cluster.closed("task-1")

"""Parts of a cluster by themselves: agents that drain, and read models that follow."""

import asyncio
from pathlib import Path

import pytest

from agents.contract import Agent, Done, Outcome
from api.cluster.parts import agents_running
from api.cluster.projecting import projecting
from api.settings import Settings
from streams.domain.commands import Command
from tests.kafka.cluster import SESSION, Cluster, fresh
from tests.kafka.demo import demonstrate
from tests.kafka.serving import on
from tests.kafka.test_queues import dispatched, send
from tests.streams.waiting import until

pytestmark = pytest.mark.kafka


async def test_agents_that_are_told_to_end_finish_what_is_under_way_and_take_nothing_more(
    kafka: str, tmp_path: Path
) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()
    done: list[str] = []

    async def post(command: Command) -> Outcome:
        begun.set()
        await may_end.wait()
        done.append(command.task_id)
        return Done({"said": "posted"})

    async def crew(settings: Settings, ending: asyncio.Event) -> None:
        agent = Agent("poster", effects={"post": post})
        async with agents_running(settings, [agent], session=SESSION):
            await ending.wait()

    async with Cluster(fresh(kafka, partitions=1)) as cluster:
        await cluster.work()
        ending = asyncio.Event()
        running = asyncio.create_task(crew(on(cluster.settings, tmp_path), ending))
        await send(cluster, dispatched("first"))
        await begun.wait()

        ending.set()
        await asyncio.wait([running], timeout=0.7)  # it must not end while somebody works
        assert not running.done()
        await send(cluster, dispatched("second"))
        may_end.set()
        await running

        assert done == ["first"]
        await cluster.closed("first")


async def test_read_models_in_a_process_of_their_own_follow_the_log(
    kafka: str, tmp_path: Path
) -> None:
    async with Cluster(fresh(kafka, partitions=2)) as cluster:
        await cluster.work()
        async with projecting(on(cluster.settings, tmp_path)) as work:
            await until(lambda: work.is_ready)
            await cluster.submit("task-1", "task-2", "task-3")
            await cluster.closed("task-1", "task-2", "task-3")

            async def is_level() -> bool:
                return (await work.catch_up())["rows"] == 3

            await until(is_level)
            lag = await work.lag()

        async with projecting(on(cluster.settings, tmp_path), follows=False) as work:
            again = await work.catch_up()

    assert lag == {"events/0": 0, "events/1": 0}
    assert (again["events"], again["rows"]) == (0, 3)


async def test_the_demonstration_ends_with_an_approved_deliverable_and_shows_every_topic(
    kafka: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await demonstrate(on(fresh(kafka), tmp_path))

    said = capsys.readouterr().out
    assert "Outcome approved" in said
    for name in ("requests", "inputs", "events", "snapshots", "commands.content"):
        assert f"{name} " in said
    assert "request_submitted.v1" in said

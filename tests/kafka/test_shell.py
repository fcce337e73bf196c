"""Workers on a real Kafka, plain and under Faust: tasks end once, whoever decides them, comes,
goes or is fenced."""

import pytest

from streams.batch import Arrival
from streams.conductor import Conductor
from streams.decider import Core
from streams.domain.errors import Fenced
from streams.log import EVENTS, INPUTS
from streams.verification import verify_log
from tests.kafka.cluster import KINDS, Cluster, Worker, fresh
from tests.streams.waiting import until

pytestmark = pytest.mark.kafka
both = pytest.mark.parametrize("kind", KINDS, ids=["plain", "faust"])

PHASES = 9


@both
async def test_a_request_passes_nine_phases_on_the_broker(kafka: str, kind: type[Worker]) -> None:
    async with Cluster(fresh(kafka)) as cluster:
        await cluster.work(kind=kind)

        await cluster.submit("task-1")
        await cluster.closed("task-1")

        kinds = [record.headers["type"] for record in await cluster.events("task-1")]
        assert kinds[0] == "request_submitted.v1"
        assert kinds[-1] == "task_closed.v1"
        phases = kinds.count("phase_started.v1") + kinds.count("phase_skipped.v1")
        assert phases == PHASES


@both
async def test_all_histories_of_many_tasks_verify(kafka: str, kind: type[Worker]) -> None:
    async with Cluster(fresh(kafka)) as cluster:
        await cluster.work(kind=kind)
        tasks = [f"task-{n}" for n in range(40)]

        await cluster.submit(*tasks)
        await cluster.closed(*tasks)

        report = await verify_log(cluster.log)
        assert report.tasks == 40
        assert report.findings == []


@both
async def test_the_group_gives_each_partition_to_one_worker_and_gives_them_on(
    kafka: str, kind: type[Worker]
) -> None:
    async with Cluster(fresh(kafka, partitions=4)) as cluster:
        first = await cluster.work("first", kind=kind)
        await until(lambda: len(first.owners) == 4 and first.is_ready)
        second = await cluster.work("second", kind=kind)
        await until(lambda: len(first.owners) == len(second.owners) == 2)
        tasks = [f"task-{n}" for n in range(30)]
        await cluster.submit(*tasks[:15])

        await cluster.stop(second)
        await cluster.submit(*tasks[15:])
        await cluster.closed(*tasks)

        await until(lambda: len(first.owners) == 4)
        report = await verify_log(cluster.log)
        assert (report.tasks, report.findings) == (30, [])


@both
async def test_lag_returns_to_nothing(kafka: str, kind: type[Worker]) -> None:
    async with Cluster(fresh(kafka)) as cluster:
        worker = await cluster.work(kind=kind)
        tasks = [f"task-{n}" for n in range(10)]

        await cluster.submit(*tasks)
        await cluster.closed(*tasks)

        async def is_done() -> bool:
            return worker.is_ready and set((await worker.lag()).values()) == {0}

        await until(is_done)


async def test_a_worker_that_lost_its_partition_unknowingly_changes_nothing(kafka: str) -> None:
    """Two workers that both believe they own a partition, with two versions of the core."""
    async with Cluster(fresh(kafka, partitions=1)) as cluster:
        former_log, owner_log = await cluster.open(), await cluster.open()
        former = await Conductor.take_over(former_log, 0, "former", Core(evolve_version=1))
        owner = await Conductor.take_over(owner_log, 0, "owner", Core(evolve_version=2))
        await cluster.submit("task-1")
        inputs = [Arrival(record) for record in await cluster.log.read(INPUTS, 0, 0, 10)]

        late = former.handle(inputs)
        with pytest.raises(Fenced):
            await former_log.commit(former.lease, late.commit)
        assert await cluster.log.read(EVENTS, 0, 0, 10) == []

        handled = owner.handle(inputs)
        await owner_log.commit(owner.lease, handled.commit)
        with pytest.raises(Fenced):
            await former_log.commit(former.lease, late.commit)
        records = await owner_log.history(0, "task-1")
        assert len(records) == len([r for r in handled.commit.records if r.topic == EVENTS])


async def test_workers_that_fight_for_a_partition_double_nothing(kafka: str) -> None:
    async with Cluster(fresh(kafka, partitions=1)) as cluster:
        tasks = [f"task-{n}" for n in range(12)]
        first = await cluster.work("first", partitions=[0])
        await until(lambda: first.is_ready)
        await cluster.submit(*tasks[:6])
        second = await cluster.work("second", partitions=[0])
        await cluster.submit(*tasks[6:])

        await cluster.closed(*tasks)

        report = await verify_log(cluster.log)
        assert (report.tasks, report.findings) == (12, [])
        assert first.failure is None
        assert second.failure is None


async def test_a_new_worker_goes_on_with_what_was_open(kafka: str) -> None:
    async with Cluster(fresh(kafka, partitions=1)) as cluster:
        first = await cluster.work("first", computes=False, partitions=[0])
        await cluster.submit("task-1", "task-2")
        await cluster.until_event("command_issued.v1", ["task-1", "task-2"])
        await cluster.stop(first)

        await cluster.work("second", partitions=[0])
        await cluster.closed("task-1", "task-2")

        report = await verify_log(cluster.log)
        assert (report.tasks, report.findings) == (2, [])

"""Brokers that die and come back: the tests' own, and what it means for workers."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from streams.log import INPUTS
from streams.verification import verify_log
from tests.kafka import broker
from tests.kafka.cluster import KINDS, Cluster, Worker, fresh
from tests.kafka.install import Missing, libraries
from tests.streams.log_model import an_input
from tests.streams.waiting import until

pytestmark = [pytest.mark.kafka, pytest.mark.slow]
both = pytest.mark.parametrize("kind", KINDS, ids=["plain", "faust"])


@pytest.fixture(scope="module")
def own() -> Iterator[broker.Cluster]:
    """A Kafka of one broker that a test may kill."""
    try:
        with broker.cluster() as running:
            yield running
    except Missing as missing:
        pytest.skip(str(missing))


async def test_what_was_acknowledged_is_there_after_a_power_cut(own: broker.Cluster) -> None:
    async with Cluster(fresh(own.bootstrap)) as cluster:
        await cluster.log.append([an_input()] * 100)

        await asyncio.to_thread(own.kill)
        await asyncio.to_thread(own.start)

        assert len(await cluster.log.read(INPUTS, 0, 0, 1000)) == 100


@both
async def test_a_worker_outlives_its_broker(own: broker.Cluster, kind: type[Worker]) -> None:
    async with Cluster(fresh(own.bootstrap)) as cluster:
        worker = await cluster.work(kind=kind)
        tasks = [f"task-{n}" for n in range(40)]
        await cluster.submit(*tasks[:20])

        await asyncio.to_thread(own.kill)
        await asyncio.to_thread(own.start)
        await cluster.submit(*tasks[20:])
        await cluster.closed(*tasks)

        report = await verify_log(cluster.log)
        assert (report.tasks, report.findings) == (40, [])
        assert worker.failure is None


async def test_a_worker_that_gets_no_answer_says_so_and_names_the_broker(
    own: broker.Cluster,
) -> None:
    settings = replace(fresh(own.bootstrap), patience=2.0)
    async with Cluster(settings) as cluster:
        worker = await cluster.work()
        await until(lambda: worker.is_ready)

        await asyncio.to_thread(own.kill)
        try:
            await until(lambda: worker.failure is not None)
            assert own.bootstrap in str(worker.failure)
        finally:
            await asyncio.to_thread(own.start)


@both
async def test_of_three_brokers_one_may_die(kind: type[Worker]) -> None:
    with broker.cluster(brokers=3) as three:
        settings = replace(fresh(three.bootstrap), replication=3)
        async with Cluster(settings) as cluster:
            worker = await cluster.work(kind=kind)
            tasks = [f"task-{n}" for n in range(40)]
            await cluster.submit(*tasks[:20])

            await asyncio.to_thread(three.kill, 1)
            await cluster.submit(*tasks[20:])
            await cluster.closed(*tasks)

            report = await verify_log(cluster.log)
            assert (report.tasks, report.findings) == (40, [])
            assert worker.failure is None


def test_a_broker_dies_with_whoever_started_it() -> None:
    try:
        libraries()
    except Missing as missing:
        pytest.skip(str(missing))
    program = (
        "from tests.kafka.broker import cluster\n"
        "import time\n"
        "with cluster() as running:\n"
        "    print(running.nodes[0].pid, flush=True)\n"
        "    time.sleep(600)\n"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())

    starter.send_signal(signal.SIGKILL)
    starter.wait()
    starter.stdout.close()

    asyncio.run(until(lambda: not is_alive(pid)))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True

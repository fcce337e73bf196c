"""The worker by Faust's own command line, for those who know it."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from faust.types import TP
from intervaltree import IntervalTree

from agents.echo import echo_agents
from streams.kafka.connection import KafkaSettings
from streams.log import Record
from streams.worker import make_app
from tests.kafka.cluster import Cluster, fresh
from tests.kafka.test_queues import Team

pytestmark = pytest.mark.kafka

FAUST = Path(sys.executable).with_name("faust")


async def test_fausts_command_runs_a_worker_and_ends_it_in_order(kafka: str) -> None:
    async with Cluster(fresh(kafka)) as cluster:
        settings = cluster.settings
        named = {
            "ORCHESTRATOR_KAFKA": settings.bootstrap,
            "ORCHESTRATOR_KAFKA_PREFIX": settings.prefix,
        }
        worker = await asyncio.create_subprocess_exec(
            *(str(FAUST), "-A", "streams.worker:app", "worker", "--without-web", "-l", "error"),
            env={**os.environ, **named},
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            async with Team(cluster, echo_agents()):
                await cluster.submit("task-1", "task-2")
                await cluster.closed("task-1", "task-2")

            worker.send_signal(signal.SIGTERM)
            async with asyncio.timeout(20):
                assert await worker.wait() == 0
        finally:
            if worker.returncode is None:
                worker.kill()
                await worker.wait()


async def test_gaps_between_transactions_do_not_hold_up_what_faust_has_read() -> None:
    app = make_app(KafkaSettings("nowhere:1"), Nobody())
    place = TP("inputs", 0)
    consumer = object.__new__(app.transport.Consumer)  # a real one begins with a thread
    consumer._acked = {place: [1, 2, 4, 5, 8, 9]}
    consumer._acked_index = {place: {1, 2, 4, 5, 8, 9}}
    consumer._gap = {place: IntervalTree()}
    consumer._committed_offset = {place: None}

    for before, after in ((2, 4), (5, 8)):  # as its loop of messages says it
        await consumer._add_gap(place, before + 1, after)

    assert consumer._new_offset(place) == 10


class Nobody:
    """A desk at which nothing is handed in."""

    async def assigned(self, partitions: Iterable[int]) -> None:
        return

    async def handle(self, partition: int, records: Sequence[Record]) -> None:
        raise AssertionError(records)


def test_importing_the_module_makes_no_application() -> None:
    module = sys.modules[make_app.__module__]

    assert "app" not in vars(module)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        module.__getattr__("nothing")

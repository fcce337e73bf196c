"""The worker by Faust's own command line, for those who know it."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from agents.echo import echo_agents
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


def test_importing_the_module_makes_no_application() -> None:
    module = sys.modules[make_app.__module__]

    assert "app" not in vars(module)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        module.__getattr__("nothing")

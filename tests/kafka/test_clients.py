"""Clients that others have written hand requests in: kcat, kafka-python, and Kafka's own console
producer. Each is tried where it is there."""

import asyncio
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from streams.kafka.inbox import Inbox
from streams.log import DEAD_LETTERS, REQUESTS
from tests.kafka.cluster import SESSION, Cluster, fresh
from tests.kafka.install import VERSION, Missing, folder, libraries
from tests.kafka.prove_look import everything
from tests.kafka.reading import read
from tests.streams.waiting import until

pytestmark = pytest.mark.kafka

PYTHON = "ORCHESTRATOR_TEST_KAFKA_PYTHON"  # an interpreter that has kafka-python
_PRODUCE = """
import sys
from kafka import KafkaProducer
producer = KafkaProducer(bootstrap_servers=sys.argv[1])
for line in sys.stdin.buffer.read().splitlines():
    producer.send(sys.argv[2], line)
producer.flush()
producer.close()
"""
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:2.8:copy"


def kcat(bootstrap: str, topic: str) -> list[str]:
    """The command line of kcat, or of what it was called before."""
    program = shutil.which("kcat") or shutil.which("kafkacat")
    if program is None:
        pytest.skip("kcat is not there (Debian, Ubuntu: apt install kcat)")
    return [program, "-q", "-P", "-b", bootstrap, "-t", topic]


def kafka_python(bootstrap: str, topic: str) -> list[str]:
    """A program of five lines with kafka-python, which is no part of this environment."""
    python = os.environ.get(PYTHON, "")
    if not python and importlib.util.find_spec("kafka") is None:
        pytest.skip(f"kafka-python is not there: name a Python that has it with {PYTHON}=…")
    return [python or sys.executable, "-c", _PRODUCE, bootstrap, topic]


def console_producer(bootstrap: str, topic: str) -> list[str]:
    """What Kafka's own kafka-console-producer.sh runs."""
    try:
        path = f"{libraries()}/*:{_tools()}"
    except Missing as missing:
        pytest.skip(str(missing))
    quick = ("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
    program = "org.apache.kafka.tools.ConsoleProducer"
    where = ("--bootstrap-server", bootstrap, "--topic", topic)
    return ["java", *quick, "-cp", path, program, *where]


def _tools() -> Path:
    """The library with Kafka's command lines, fetched into the cache if it is not there."""
    name = f"kafka-tools-{VERSION}.jar"
    target = folder().with_name(name)
    if target.is_file():
        return target
    if not shutil.which("mvn"):
        raise Missing(f"{name} is fetched by Maven: install it (Debian, Ubuntu: apt install maven)")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as partial:
        wanted = f"-Dartifact=org.apache.kafka:kafka-tools:{VERSION}"
        command = ["mvn", "-q", "-B", _COPY, wanted, f"-DoutputDirectory={partial}"]
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            raise Missing(f"Maven could not fetch {name}")
        # Another process may have been quicker; its file is as good.
        with suppress(OSError):
            (Path(partial) / name).rename(target)
    return target


@pytest.mark.parametrize("client", [kcat, kafka_python, console_producer])
async def test_requests_from_a_foreign_client_become_tasks(kafka: str, client: object) -> None:
    assert callable(client)
    settings = fresh(kafka)
    command = client(kafka, settings.named(REQUESTS))
    tasks = [f"task-{n}" for n in range(3)]
    lines = [json.dumps({"request": "Über uns: echo", "task_id": t}) for t in tasks]
    async with Cluster(settings) as cluster:
        await cluster.work()
        inbox = Inbox(await cluster.open(), read, session=SESSION)
        await inbox.start()

        await send(command, [*lines, '{"request": '])
        await cluster.closed(*tasks)

        async def is_kept() -> bool:
            letters = [each async for each in everything(cluster.log, DEAD_LETTERS)]
            return [each.value for each in letters] == [b'{"request": ']

        await until(is_kept)
        await inbox.stop()
        assert inbox.failure is None


async def send(command: Sequence[str], lines: Sequence[str]) -> None:
    """Run a client with these lines as its input."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate("".join(f"{line}\n" for line in lines).encode())
    assert process.returncode == 0, (out, err)

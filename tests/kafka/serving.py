"""The command line and the API against a broker, for tests: settings, an application in this
process, and verbs as processes of their own."""

import json
import selectors
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx

from agents.contract import Agent
from api.app import create_app
from api.cluster.health import until_ready
from api.cluster.parts import serving, working
from api.settings import Settings
from streams.kafka.connection import KafkaSettings
from tests.api.terminal import Terminal
from tests.kafka.cluster import SESSION

PATIENCE = 30.0


def on(broker: KafkaSettings, directory: Path) -> Settings:
    """The settings of a process for a broker, with data in a folder of its own."""
    return Settings(
        data=directory / "data",
        kafka=broker.bootstrap,
        kafka_prefix=broker.prefix,
        kafka_partitions=broker.partitions,
    )


@asynccontextmanager
async def served(
    broker: KafkaSettings, directory: Path, patience: float = PATIENCE
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an API in this process."""
    async with serving(on(broker, directory), patience=patience) as parts:
        transport = httpx.ASGITransport(create_app(parts), raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", timeout=2 * PATIENCE
        ) as http:
            yield http


@asynccontextmanager
async def worked(
    broker: KafkaSettings, directory: Path, agents: Sequence[Agent]
) -> AsyncIterator[None]:
    """A worker with these agents in this process."""
    settings = on(broker, directory)
    async with working(settings, agents, is_plain=True, session=SESSION) as crew:
        await until_ready(crew)
        yield


def environment(broker: KafkaSettings) -> dict[str, str]:
    """The variables that name a broker."""
    return {
        "ORCHESTRATOR_KAFKA": broker.bootstrap,
        "ORCHESTRATOR_KAFKA_PREFIX": broker.prefix,
        "ORCHESTRATOR_KAFKA_PARTITIONS": str(broker.partitions),
    }


class Process:
    """A verb that is running."""

    def __init__(self, started: "subprocess.Popen[str]") -> None:
        self.started = started

    def line(self) -> Any:
        """The next line that it prints, as JSON."""
        return json.loads(self.text())

    def text(self) -> str:
        """The next line that it prints; fails when none comes."""
        assert self.started.stdout is not None
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.started.stdout, selectors.EVENT_READ)
            if not waiting.select(PATIENCE):
                raise TimeoutError("it printed nothing")
        return self.started.stdout.readline()

    def end(self, how: int = signal.SIGTERM) -> int:
        """Its exit code after a signal."""
        self.started.send_signal(how)
        return self.started.wait(PATIENCE)


@contextmanager
def running(terminal: Terminal, broker: KafkaSettings, *args: str) -> Iterator[Process]:
    """A verb as a process, killed at the end if it is still there."""
    started = terminal.start(*args, env=environment(broker), stderr=None)
    try:
        yield Process(started)
    finally:
        started.kill()
        started.wait()
        if started.stdout is not None:
            started.stdout.close()

"""Parts of a cluster for tests: logs with a prefix of their own, requests, and waiting for ends."""

import asyncio
import itertools
import os
from collections.abc import Iterable
from contextlib import AsyncExitStack
from typing import Any

from agents.echo import echo_agents
from agents.runner import Runner
from streams.batch import Answer, Verdict
from streams.decider import Core
from streams.domain.inputs import Input
from streams.envelope import input_record
from streams.kafka.connection import KafkaSettings
from streams.kafka.log import KafkaLog
from streams.log import EVENTS, Record
from streams.shell import Shell
from streams.topics import partition_of
from streams.worker import FaustWorker
from tests.streams.running import request

SESSION = 3.0  # seconds until a silent worker of a test counts as gone
PATIENCE = 30.0
_numbers = itertools.count()
Worker = Shell | FaustWorker
KINDS: tuple[type[Worker], ...] = (Shell, FaustWorker)


def fresh(bootstrap: str, partitions: int = 2) -> KafkaSettings:
    """Settings with a prefix that nobody else uses."""
    prefix = f"c{os.getpid()}-{next(_numbers)}."
    return KafkaSettings(bootstrap, prefix, partitions)


class Cluster:
    """Logs and workers that end with the test, the last first."""

    def __init__(self, settings: KafkaSettings) -> None:
        self.settings = settings
        self._stack = AsyncExitStack()
        self._running: set[int] = set()

    async def __aenter__(self) -> "Cluster":
        self.log = await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def open(self) -> KafkaLog:
        """A log as another process has it."""
        log = await KafkaLog.open(self.settings)
        self._stack.push_async_callback(log.close)
        return log

    async def work(
        self,
        name: str = "worker",
        *,
        kind: type[Worker] = Shell,
        computes: bool = True,
        core: Core | None = None,
        partitions: Iterable[int] | None = None,
    ) -> Worker:
        """A worker with a log of its own; it does what only computes, or leaves it to agents.

        With `partitions` it takes these, and asks no group."""
        log = await self.open()
        hands = Runner(echo_agents(), nobody) if computes else None
        more: dict[str, Any] = {} if partitions is None else {"partitions": partitions}
        worker = kind(log, hands=hands, core=core, name=name, session=SESSION, **more)
        await worker.start()
        self._stack.push_async_callback(self._stop, worker)
        self._running.add(id(worker))
        return worker

    async def stop(self, worker: Worker) -> None:
        """Stop a worker before the end of the test."""
        self._running.discard(id(worker))
        await worker.stop()

    async def _stop(self, worker: Worker) -> None:
        if id(worker) in self._running:
            await self.stop(worker)

    async def submit(self, *task_ids: str) -> None:
        """Hand requests in, as the API or an inbox does."""
        records = [input_record(request(t), partition_of(t, self.log.partitions)) for t in task_ids]
        await self.log.append(records)

    async def events(self, task_id: str) -> list[Record]:
        """The history of a task as it lies on the log."""
        partition = partition_of(task_id, self.log.partitions)
        return await self.log.history(partition, task_id)

    async def closed(self, *task_ids: str) -> None:
        """Wait until these tasks have ended."""
        await self.until_event("task_closed.v1", task_ids)

    async def until_event(self, kind: str, task_ids: Iterable[str]) -> None:
        """Wait until each of these tasks has an event of a type."""
        wanted = set(task_ids)
        positions = dict.fromkeys(range(self.log.partitions), 0)
        async with asyncio.timeout(PATIENCE):
            while wanted:
                for partition, position in positions.items():
                    page = await self.log.follow(EVENTS, partition, position, 1000, 0.05)
                    positions[partition] = page.following
                    wanted -= {r.key for r in page.records if r.headers["type"] == kind}


async def nobody(given: Input) -> Answer:
    """The way to the log of hands that only compute: they never use it."""
    return Answer(Verdict.REFUSED, given.task_id, 0)

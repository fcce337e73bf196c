"""Tasks a second and latency on a real Kafka, with echo agents in the worker, and beside it the
embedded form on the same machine: `python -m tests.kafka.speed`.

Requests are appended from outside the worker, and a task counts when its end can be read by others.
Each task passes nine phases. Then workers are processes of their own: how long one takes to start,
what a second one adds, and how long tasks stand still when one of them is killed.
"""

import argparse
import asyncio
import gc
import itertools
import logging
import os
import random
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from agents.echo import echo_agents
from agents.runner import Runner
from streams.batch import Answer, Verdict
from streams.clock import new_salt, wall_clock
from streams.domain.inputs import Input, SubmitRequest
from streams.envelope import input_record
from streams.kafka.admin import administering
from streams.kafka.connection import KafkaSettings
from streams.kafka.log import KafkaLog
from streams.kafka.membership import SESSION as FOUND_GONE
from streams.kafka.wire import encode
from streams.log import EVENTS, Record
from streams.shell import Shell
from streams.topics import partition_of
from streams.worker import FaustWorker
from tests.benchmarks import throughput
from tests.kafka.broker import bootstrap
from tests.kafka.cluster import SESSION
from tests.kafka.prove_crew import Crew
from tests.kafka.prove_look import Watch
from tests.streams.waiting import until

KINDS: dict[str, type[Shell | FaustWorker]] = {"plain": Shell, "faust": FaustWorker}
PADDING = 2_100  # as in tests.benchmarks.throughput
_PROCESSES = 4  # partitions of a log with worker processes
_IN_FLIGHT = 64  # so many that two workers have enough to do
_SETTLED = 0.5  # share of the tasks that have ended when a worker is killed


class Clients:
    """Hand requests in, and wait for the ends of their tasks as any reader sees them."""

    def __init__(self, log: KafkaLog) -> None:
        self._log = log
        self._ends: dict[str, asyncio.Future[float]] = {}
        self._watching: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        for partition in range(self._log.partitions):
            end = await self._log.end(EVENTS, partition)
            self._watching.append(asyncio.create_task(self._watch(partition, end)))

    async def stop(self) -> None:
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)

    async def run(self, task_id: str) -> float:
        """One task to its end; the answer is seconds."""
        end = self._ends[task_id] = asyncio.get_running_loop().create_future()
        started = time.perf_counter()
        given = SubmitRequest(
            input_id=f"in-{task_id}",
            task_id=task_id,
            at=wall_clock(),
            salt=new_salt(),
            request="Create a LinkedIn post about our Q4 growth metrics. " * 16,
            business_metrics={"revenue_monthly": 150000, "customer_count": 320},
        )
        partition = partition_of(task_id, self._log.partitions)
        await self._log.append([input_record(given, partition)])
        return await end - started

    async def _watch(self, partition: int, offset: int) -> None:
        while True:
            page = await self._log.follow(EVENTS, partition, offset, 2_000, 1.0)
            offset = page.following
            for record in page.records:
                if record.headers["type"] == "task_closed.v1" and record.key in self._ends:
                    self._ends.pop(record.key).set_result(time.perf_counter())


async def closed_loop(clients: Clients, prefix: str, tasks: int, in_flight: int) -> list[float]:
    numbers = iter(range(tasks))
    done: list[float] = []

    async def client() -> None:
        for number in numbers:
            done.append(await clients.run(f"{prefix}-{number}"))

    await asyncio.gather(*(client() for _ in range(in_flight)))
    return done


async def processes(address: str, kind: str, workers: int, tasks: int) -> None:
    """Workers that are processes of their own; with two, one is killed in the middle."""
    settings = KafkaSettings(address, f"many{os.getpid()}-{kind}-{workers}.", _PROCESSES)
    log = await KafkaLog.open(settings)
    clients = Clients(log)
    await clients.start()
    async with Crew(settings, Path(os.devnull)) as crew, Watch(log) as watch:
        for _ in range(workers):
            await crew.until_ready(await crew.start(kind))
        await closed_loop(clients, "warm", 100, _IN_FLIGHT)
        cpu, started = time.process_time(), time.perf_counter()
        done = await closed_loop(clients, "many", tasks, _IN_FLIGHT)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        starts = ", ".join(f"{each:.1f}" for each in crew.counts.starts)
        print(
            f"{kind}, {workers} worker processes, {_IN_FLIGHT} in flight: "
            f"{len(done) / seconds:.0f} tasks/s; ready after {starts} s; "
            f"the client used {cpu / seconds:.0%} of a processor",
            flush=True,
        )
        if workers > 1:
            await _die(crew, watch, clients, tasks)
    await clients.stop()
    await log.close()


async def _die(crew: Crew, watch: Watch, clients: Clients, tasks: int) -> None:
    """Kill a worker under load, and replace it by nobody."""
    before = watch.closed.total()
    loop = asyncio.create_task(closed_loop(clients, "last", tasks, _IN_FLIGHT))
    await until(lambda: watch.closed.total() > before + _SETTLED * tasks, patience=120)
    killed_at = time.monotonic()
    await crew.kill(crew.one_of({*KINDS}, random.Random(7)))
    await loop
    print(
        f"  a worker was killed: its tasks moved again after "
        f"{watch.silence(killed_at, time.monotonic()):.1f} s, of which {SESSION:g} s are the "
        f"session of these tests (elsewhere {FOUND_GONE:g} s)"
    )


async def _nobody(given: Input) -> Answer:
    return Answer(Verdict.REFUSED, given.task_id, 0)


async def measure(address: str, kind: str, tasks: int, partitions: int, padding: int) -> None:
    settings = KafkaSettings(address, f"speed{os.getpid()}-{kind}-{partitions}.", partitions)
    log, outside = await KafkaLog.open(settings), await KafkaLog.open(settings)
    runner = Runner(echo_agents(padding), _nobody)
    worker = KINDS[kind](log, hands=runner)
    started = time.perf_counter()
    await worker.start()
    await until(lambda: worker.is_ready)
    print(f"{kind}, {partitions} partitions: ready after {time.perf_counter() - started:.2f} s")
    clients = Clients(outside)
    await clients.start()
    await closed_loop(clients, "warm", 100, 32)
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    done = 0
    for in_flight, count in ((32, tasks), (128, tasks), (1, max(50, tasks // 20))):
        started, cpu = time.perf_counter(), time.process_time()
        times = await closed_loop(clients, f"c{in_flight}", count, in_flight)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        done += len(times)
        spread = [1000 * t for t in times]
        print(
            f"{in_flight:>4} in flight {len(times) / seconds:7.0f} tasks/s   end p50 "
            f"{median(spread):7.1f} ms  p99 {quantiles(spread, n=100)[98]:7.1f} ms   CPU of worker "
            f"and clients {1000 * cpu / len(times):5.2f} ms/task",
            flush=True,
        )
    await _sizes(log, done + 100)
    await clients.stop()
    await worker.stop()
    await outside.close()
    await log.close()


async def _sizes(log: KafkaLog, tasks: int) -> None:
    """Records and bytes a task in each topic, as they are counted before the broker's framing."""
    async with administering(log.settings) as admin:
        topics = await admin.partitions()
    total = 0
    for name, partitions in sorted(topics.items()):
        records, size = 0, 0
        for partition in range(partitions):
            offset = 0
            while found := await log.read(name, partition, offset, 5_000):
                records += len(found)
                size += sum(map(_size, found))
                offset = found[-1].offset + 1
        if records:
            print(f"  {name:<20} {records / tasks:6.1f} records {size / tasks:9.0f} bytes a task")
        total += size
    print(f"  {'together':<20} {total / tasks:24.0f} bytes a task")


def _size(record: Record) -> int:
    key, value, headers = encode(record, "")
    return len(key) + len(value) + sum(len(name) + len(content) for name, content in headers)


async def everything(address: str, chosen: argparse.Namespace) -> None:
    """All figures, one after the other."""
    if chosen.embedded:
        with tempfile.TemporaryDirectory() as folder:
            _load("embedded, in the same run")
            await throughput.measure(Path(folder), chosen.tasks)
    for kind, partitions in itertools.product(chosen.kind, chosen.partitions):
        _load(f"one {kind} worker in this process")
        await measure(address, kind, chosen.tasks, partitions, chosen.padding)
    for workers in chosen.workers:
        _load(f"worker processes: {workers}")
        await processes(address, chosen.kind[-1], workers, chosen.tasks)


def _load(what: str) -> None:
    print(f"== {what} (load average {os.getloadavg()[0]:.2f}, {os.cpu_count()} processors)")


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.kafka.speed", description=__doc__)
    parser.add_argument("--tasks", type=int, default=2_000)
    parser.add_argument("--partitions", type=int, nargs="*", default=[1, 4])
    parser.add_argument("--kind", nargs="+", choices=[*KINDS], default=[*KINDS])
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--padding", type=int, default=PADDING)
    parser.add_argument("--embedded", action=argparse.BooleanOptionalAction, default=True)
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    with bootstrap() as address:
        asyncio.run(everything(address, chosen))


if __name__ == "__main__":
    main()

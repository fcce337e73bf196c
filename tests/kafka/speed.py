"""Tasks a second and latency of one worker on a real Kafka, with echo agents in the worker:
`python -m tests.kafka.speed`.

Requests are appended from outside the worker, and a task counts when its end can be read by others.
Each task passes nine phases. Printed beside it: bytes on the broker a task.
"""

import argparse
import asyncio
import gc
import os
import time
from statistics import median, quantiles

from agents.echo import echo_agents
from agents.runner import Runner
from streams.batch import Answer, Verdict
from streams.clock import new_salt, wall_clock
from streams.domain.inputs import Input, SubmitRequest
from streams.envelope import input_record
from streams.kafka.connection import KafkaSettings
from streams.kafka.log import KafkaLog
from streams.log import EVENTS, INPUTS
from streams.shell import Shell
from streams.topics import partition_of
from tests.kafka.broker import bootstrap

PADDING = 2_100  # as in tests.benchmarks.throughput


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


async def _nobody(given: Input) -> Answer:
    return Answer(Verdict.REFUSED, given.task_id, 0)


async def measure(address: str, tasks: int, partitions: int, padding: int) -> None:
    settings = KafkaSettings(address, f"speed{os.getpid()}-{partitions}.", partitions)
    log, outside = await KafkaLog.open(settings), await KafkaLog.open(settings)
    runner = Runner(echo_agents(padding), _nobody)
    shell = Shell(log, hands=runner, partitions=range(partitions))
    started = time.perf_counter()
    await shell.start()
    clients = Clients(outside)
    await clients.start()
    await closed_loop(clients, "warm", 100, 32)
    print(f"{partitions} partitions: up and warm after {time.perf_counter() - started:.2f} s")
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    for in_flight, count in ((32, tasks), (128, tasks), (1, max(50, tasks // 20))):
        started, cpu = time.perf_counter(), time.process_time()
        times = await closed_loop(clients, f"c{in_flight}", count, in_flight)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        spread = [1000 * t for t in times]
        print(
            f"{in_flight:>4} in flight {len(times) / seconds:7.0f} tasks/s   end p50 "
            f"{median(spread):7.1f} ms  p99 {quantiles(spread, n=100)[98]:7.1f} ms   CPU of worker "
            f"and clients {1000 * cpu / len(times):5.2f} ms/task",
            flush=True,
        )
    ends = [await log.end(t, p) for t in (INPUTS, EVENTS) for p in range(partitions)]
    print(f"offsets of inputs and events: {sum(ends)}")
    await clients.stop()
    await shell.stop()
    await outside.close()
    await log.close()


def main() -> None:
    """Measure with one and with four partitions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=2_000)
    parser.add_argument("--partitions", type=int, nargs="*", default=[1, 4])
    parser.add_argument("--padding", type=int, default=PADDING)
    chosen = parser.parse_args()
    with bootstrap() as address:
        for partitions in chosen.partitions:
            print(f"load average {os.getloadavg()[0]:.2f}")
            asyncio.run(measure(address, chosen.tasks, partitions, chosen.padding))


if __name__ == "__main__":
    main()

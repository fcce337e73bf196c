"""Tasks a second, latency, CPU, memory and bytes of the embedded core with echo agents, in one run
on this machine.

Each task passes nine phases with at least 27 events and 9 commands of about 1 KB; every request is
on disk before it is acknowledged, and a task counts when its end is on disk. Printed beside it:
what the disk alone can do.
"""

import argparse
import asyncio
import gc
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from agents.contract import Agent
from agents.echo import echo_agents
from agents.runner import Runner
from api.bootstrap import all_agents
from streams.clock import new_salt, wall_clock
from streams.domain.inputs import SubmitRequest
from streams.domain.state import Life, TaskState
from streams.embedded import Embedded
from streams.envelope import Record
from streams.sqlite import SqliteLog

REQUEST = "Create a LinkedIn post about our Q4 growth metrics"
PADDING = 2_100  # bytes of text in an answer: 36 events and commands make at least 36 KB


@dataclass
class Bench:
    """A running core in a fresh directory."""

    directory: Path
    log: SqliteLog
    core: Embedded
    ends: dict[str, asyncio.Future[TaskState]]
    request: str

    @classmethod
    async def start(
        cls, directory: Path, *, score: float = 0.95, agents: Iterable[Agent] | None = None
    ) -> "Bench":
        log = await SqliteLog.open(directory)
        core: Embedded

        hands = echo_agents(PADDING, score) if agents is None else agents
        runner = Runner(hands, lambda given: core.send(given))
        core = Embedded(log, runner)
        await core.start()
        request = REQUEST * 16 if agents is None else REQUEST
        bench = cls(directory, log, core, {}, request)
        core.listen(bench._told)
        return bench

    def _told(self, records: Sequence[Record], states: Mapping[str, TaskState]) -> None:
        for task_id, state in states.items():
            end = self.ends.get(task_id)
            if (
                end is not None
                and not end.done()
                and (state.life is Life.CLOSED or state.questions)
            ):
                end.set_result(state)

    async def run(self, task_id: str) -> tuple[float, float]:
        """One task to its end: seconds to the acknowledgement, and to the end."""
        self.ends[task_id] = asyncio.get_running_loop().create_future()
        started = time.perf_counter()
        await self.core.send(
            SubmitRequest(
                input_id=f"in-{task_id}",
                task_id=task_id,
                at=wall_clock(),
                salt=new_salt(),
                request=self.request,
                business_metrics={"revenue_monthly": 150000, "customer_count": 320},
                settings={"is_auto_approved": True},
            )
        )
        acknowledged = time.perf_counter() - started
        await self.ends[task_id]
        del self.ends[task_id]
        return acknowledged, time.perf_counter() - started

    async def settled(self) -> None:
        """Wait until all that was taken in is on disk."""
        changed = asyncio.Event()
        stop = self.core.listen(lambda *_: changed.set())
        while self.core.backlog:
            await changed.wait()
            changed.clear()
        stop()

    async def stop(self) -> None:
        await self.core.stop()
        await self.log.close()


async def closed_loop(
    bench: Bench, prefix: str, tasks: int, in_flight: int
) -> list[tuple[float, float]]:
    """So many tasks, so many at a time."""
    numbers = iter(range(tasks))
    done: list[tuple[float, float]] = []

    async def client() -> None:
        for number in numbers:
            done.append(await bench.run(f"{prefix}-{number}"))

    await asyncio.gather(*(client() for _ in range(in_flight)))
    return done


def show(name: str, times: list[tuple[float, float]], seconds: float, cpu: float) -> None:
    """One line of results."""
    ends = [end * 1000 for _, end in times]
    acks = [ack * 1000 for ack, _ in times]
    p99 = quantiles(ends, n=100)[98]
    print(
        f"{name:<22} {len(times) / seconds:8.0f} tasks/s   "
        f"end p50 {median(ends):7.2f} ms  p99 {p99:7.2f} ms   "
        f"acknowledged p50 {median(acks):7.2f} ms   CPU {1000 * cpu / len(times):5.2f} ms/task",
        flush=True,
    )


async def measure(directory: Path, tasks: int) -> int:
    """Throughput and latency at 32, 128 and 1 in flight; the answer is how many tasks ran."""
    bench = await Bench.start(directory)
    await closed_loop(bench, "warm", 200, 32)
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    for in_flight, count in ((32, tasks), (128, tasks), (1, max(200, tasks // 10))):
        started, cpu = time.perf_counter(), time.process_time()
        times = await closed_loop(bench, f"c{in_flight}", count, in_flight)
        show(
            f"{in_flight} in flight",
            times,
            time.perf_counter() - started,
            time.process_time() - cpu,
        )
    history = await bench.log.history(0, "c1-0")
    size = sum(len(r.value) for r in history)
    commands = [
        r
        for t in ("planner", "echo", "evaluator", "content")
        for r in await bench.log.read(f"commands.{t}", 0, 0, 99)
    ]
    mean = sum(len(r.value) for r in commands) / max(1, len(commands))
    await bench.stop()
    print(
        f"a task: {len(history)} events of {size / len(history):.0f} bytes on average "
        f"({size} in all), "
        f"commands of {mean:.0f} bytes on average"
    )
    return 200 + 2 * tasks + max(200, tasks // 10)


async def real(directory: Path, tasks: int) -> int:
    """The built-in agents, with publication to the outbox."""
    bench = await Bench.start(directory, agents=all_agents(directory))
    await closed_loop(bench, "warm", 20, 4)
    for in_flight in (32, 1):
        started, cpu = time.perf_counter(), time.process_time()
        times = await closed_loop(bench, f"r{in_flight}", tasks, in_flight)
        wall = time.perf_counter() - started
        show(f"built-in agents, {in_flight}", times, wall, time.process_time() - cpu)
    history = await bench.log.history(0, "r1-0")
    await bench.stop()
    print(f"a task of the built-in agents: {len(history)} events")
    return 20 + 2 * tasks


async def open_tasks(directory: Path, tasks: int) -> int:
    """Memory with many tasks that wait for a human, and the time to take them over again."""
    before = _memory()
    bench = await Bench.start(directory, score=0.8)  # below the threshold: a human is asked
    for first in range(0, tasks, 500):
        await asyncio.gather(
            *(_submit(bench, f"open-{n}") for n in range(first, min(first + 500, tasks)))
        )
    await bench.settled()
    waiting = sum(state.life is Life.OPEN for state in bench.core.states().values())
    used = _memory() - before
    await bench.stop()
    started = time.perf_counter()
    again = await Bench.start(directory)
    took = time.perf_counter() - started
    assert sum(s.life is Life.OPEN for s in again.core.states().values()) == waiting
    await again.stop()
    print(
        f"{waiting} open tasks: {used / 1e6:.0f} MB more memory, taken over again in {took:.2f} s"
    )
    return tasks


async def _submit(bench: Bench, task_id: str) -> None:
    await bench.core.send(
        SubmitRequest(
            input_id=f"in-{task_id}",
            task_id=task_id,
            at=wall_clock(),
            salt=new_salt(),
            request="wait for me",
        )
    )


def _memory() -> int:
    """Resident bytes of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def disk_alone(directory: Path) -> float:
    """Milliseconds of one write of 40 KB with fsync, the median of 50."""
    times = []
    with (directory / "probe").open("wb") as file:
        for _ in range(50):
            started = time.perf_counter()
            file.write(b"x" * 40_000)
            file.flush()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - started)
    (directory / "probe").unlink()
    return median(times) * 1000


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=4_000)
    parser.add_argument("--open", type=int, default=10_000)
    parser.add_argument("--real", type=int, default=300)
    parser.add_argument("--data", type=Path, default=None, help="on which disk (default: here)")
    chosen = parser.parse_args()
    runs = ((measure, chosen.tasks), (real, chosen.real), (open_tasks, chosen.open))
    for run, amount in runs:
        directory = Path(tempfile.mkdtemp(prefix=".bench-", dir=chosen.data or Path.cwd()))
        try:
            if run is measure:
                print(
                    f"load average {os.getloadavg()[0]:.2f}, "
                    f"disk {disk_alone(directory):.2f} ms for 40 KB with fsync"
                )
            ran = asyncio.run(run(directory, amount))
            on_disk = sum(file.stat().st_size for file in directory.iterdir())
            print(f"{on_disk / ran:.0f} bytes on disk a task, with indexes")
        finally:
            shutil.rmtree(directory)


if __name__ == "__main__":
    main()

"""How fast commands are claimed and reported, with 1, 4 and 16 pollers, in one run on this machine:
in the process itself, and over HTTP against a server that has just been started on 10,000 pending
commands. Every claim is on disk before it is answered.

    python -m tests.benchmarks.queue_speed [--pending 10000] [--claims 1000]
"""

import argparse
import asyncio
import re
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx

from api.bootstrap import Parts, echo_agents, running
from api.queue import Wanted
from api.settings import Settings
from streams.clock import new_salt, wall_clock
from streams.domain.inputs import DispatchCommand
from tests.api.terminal import Terminal

POLLERS = (1, 4, 16)
LEASE = 3_600_000  # milliseconds: nothing expires while this runs
Ask = Callable[[int], Awaitable[int]]


@dataclass
class Times:
    """What a number of pollers took."""

    each: list[float] = field(default_factory=list)
    seconds: float = 0.0
    done: int = 0

    @property
    def rate(self) -> float:
        """A second."""
        return self.done / self.seconds


async def race(pollers: int, claims: int, ask: Ask) -> Times:
    """So many claims by so many at once; `ask` answers how many it got."""
    times = Times()

    async def poll(number: int) -> None:
        while times.done < claims:
            times.done += 1
            started = time.perf_counter()
            got = await ask(number)
            times.each.append(time.perf_counter() - started)
            assert got == 1

    started = time.perf_counter()
    await asyncio.gather(*(poll(number) for number in range(pollers)))
    times.seconds = time.perf_counter() - started
    return times


def show(name: str, times: Times, one: Times) -> None:
    """One line of results; `one` is what a single poller took."""
    each = [seconds * 1000 for seconds in times.each]
    p99 = quantiles(each, n=100)[98]
    ratio = times.rate / one.rate
    print(
        f"{name:<34} {times.rate:8.0f} a second ({ratio:4.1f} x)   "
        f"p50 {median(each):7.2f} ms   p99 {p99:7.2f} ms",
        flush=True,
    )


async def fill(parts: Parts, pending: int, prefix: str) -> float:
    """Put commands in; the answer is how many a second."""
    started = time.perf_counter()
    sends = [
        parts.core.send(
            DispatchCommand(
                input_id=f"in-{prefix}{number}",
                task_id=f"{prefix}{number}",
                at=wall_clock(),
                salt=new_salt(),
                agent_type="work",
                action="do",
                payload={"number": number},
            )
        )
        for number in range(pending)
    ]
    await asyncio.gather(*sends)
    return pending / (time.perf_counter() - started)


async def in_process(directory: Path, pending: int, claims: int) -> None:
    """Claims without HTTP, first with few pending, then with many."""

    async with running(Settings(data=directory), echo_agents()) as parts:

        async def ask(number: int) -> int:
            wanted = Wanted("default", f"p{number}", ("work",), LEASE)
            return len(await parts.commands.queue.claim(wanted))

        few = max(100, claims // 5)
        await fill(parts, few, "few")
        base = await race(1, few, ask)
        show(f"in process, 1 poller, {few:,} pending", base, base)
        rate = await fill(parts, pending + len(POLLERS) * claims, "w")
        print(f"{'dispatched at once':<34} {rate:8.0f} a second")
        one: Times | None = None
        for pollers in POLLERS:
            times = await race(pollers, claims, ask)
            one = one or times
            show(f"in process, {pollers} pollers", times, one)


async def over_http(url: str, claims: int) -> None:
    """The same over HTTP, and the reports."""
    one: dict[str, Times] = {}
    limits = httpx.Limits(max_connections=32, max_keepalive_connections=32)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as http:
        await http.get("/api/commands/statistics")  # waits until the read models have caught up
        for pollers in POLLERS:
            got: list[dict[str, Any]] = []

            async def ask(number: int, got: list[dict[str, Any]] = got) -> int:
                body = {"agent": f"p{number}", "agent_types": ["work"], "lease_seconds": 3_600}
                items = (await http.post("/api/commands/claim", json=body)).json()["items"]
                got += items
                return len(items)

            async def report(number: int, got: list[dict[str, Any]] = got) -> int:
                item = got.pop()
                body = {"agent": item["lease"]["runner"], "attempt": 1, "output": {"n": number}}
                path = f"/api/commands/{item['command_id']}/result"
                return int((await http.patch(path, json=body)).is_success)

            for name, call in (("claims", ask), ("results", report)):
                times = await race(pollers, claims, call)
                show(f"HTTP, {pollers} pollers, {name}", times, one.setdefault(name, times))


def serve(directory: Path, claims: int) -> None:
    """A server that is started on what is pending, and its pollers."""
    started = time.perf_counter()
    server = Terminal(directory).start("up", "--echo", "--port", "0", "--data", "data")
    assert server.stdout is not None
    found = re.search(r"http://\S+?(?=,)", server.stdout.readline())
    assert found is not None
    print(f"{'a server starts on them in':<34} {time.perf_counter() - started:8.2f} s")
    try:
        asyncio.run(over_http(found.group(), claims))
    finally:
        server.terminate()
        server.communicate(timeout=30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pending", type=int, default=10_000)
    parser.add_argument("--claims", type=int, default=1_000)
    given = parser.parse_args()
    print(f"{given.pending:,} pending, {given.claims:,} claims each")
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        asyncio.run(in_process(place / "data", given.pending, given.claims))
        serve(place, given.claims)


if __name__ == "__main__":
    main()

"""Toolboxes around the servers of `tests/mcp_servers`, with limits that a test can wait for."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from agents.tools.found import ServerReport
from agents.tools.limits import Limits
from agents.tools.servers import Server
from agents.tools.toolbox import Toolbox
from streams.domain.commands import Command, CommandKind
from streams.domain.values import ExecutionPhase

SERVERS = Path(__file__).parents[2] / "mcp_servers"
SHORT = Limits(
    connect=5_000,
    listing=5_000,
    close=450,
    first_pause=20,
    last_pause=40,
    calm=1,
    starts=3,
)
ONCE = replace(SHORT, starts=1)


def misbehaving(way: str, *words: str, name: str = "odd", **more: Any) -> Server:
    """A server that misbehaves in this way."""
    script = str(SERVERS / "misbehaving.py")
    arguments = ("-S", "-E", script, way, *words)
    return Server(name, "stdio", command=sys.executable, arguments=arguments, **more)


@asynccontextmanager
async def opened(*servers: Server, limits: Limits = SHORT, **more: Any) -> AsyncIterator[Toolbox]:
    """A toolbox whose servers are ready or have failed."""
    box = Toolbox(servers, limits=limits, **more)
    box.start()
    try:
        await box.settled(20)
        yield box
    finally:
        await box.close()


def step(
    tool_id: str, *, is_repeatable: bool = True, timeout: int = 10_000, **inputs: Any
) -> Command:
    """The command of a step with these inputs."""
    return Command(
        command_id="c-1",
        task_id="t-1",
        kind=CommandKind.RUN_STEP,
        phase=ExecutionPhase.EXECUTION,
        agent_type="mcp",
        tool_id=tool_id,
        step_id="s-1",
        timeout=timeout,
        is_repeatable=is_repeatable,
        issued_at=0,
        payload={"inputs": inputs},
    )


async def until(is_so: Callable[[], object]) -> None:
    """Wait for a condition, for ten seconds at most."""
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - a file or another process
            await asyncio.sleep(0.005)


def report(box: Toolbox) -> ServerReport:
    """How the only server is doing."""
    (only,) = box.found().servers
    return only


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and was not asked for its code does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # it went meanwhile, or this is no Linux
        return not Path("/proc/self").exists()

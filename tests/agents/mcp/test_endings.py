"""However our process ends, no server stays behind."""

import asyncio
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from agents.tools.child import started
from agents.tools.servers import Server
from tests.agents.mcp.boxes import ONCE, SERVERS, is_alive, opened, report, until

MAIN = """
import asyncio, sys
from agents.tools.limits import Limits
from agents.tools.child import started
from agents.tools.servers import Server
from agents.tools.toolbox import Toolbox

async def main():
    server = Server("odd", "stdio", command=sys.executable, arguments=tuple(sys.argv[1:]))
    box = Toolbox([server], limits=Limits(close=450))
    box.start()
    try:
        await asyncio.Event().wait()
    finally:
        await box.close()

try:
    asyncio.run(main())
except KeyboardInterrupt:
    sys.exit(130)
"""
# They end neither with their stdin nor when they are asked to, and are two: a server and its child.
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if not os.fork():
    with open(sys.argv[1] + ".new", "w") as file:
        file.write(f"{os.getppid()} {os.getpid()}")
    os.rename(sys.argv[1] + ".new", sys.argv[1])
else:
    sys.stdin.read()
    open(sys.argv[1] + ".told", "w").close()
time.sleep(600)
"""
POLITE = """
import os, sys
sys.path.insert(0, sys.argv[2])
import raw
with open(sys.argv[1] + ".new", "w") as file:
    file.write(str(os.getpid()))
os.rename(sys.argv[1] + ".new", sys.argv[1])
raw.serve()
"""


@pytest.mark.parametrize(
    ("server", "number"), [(STUBBORN, signal.SIGINT), (POLITE, signal.SIGKILL)]
)
async def test_no_server_outlives_us(tmp_path: Path, server: str, number: signal.Signals) -> None:
    seen, script = tmp_path / "pids", tmp_path / "server.py"
    script.write_text(server)
    arguments = ("-S", str(script), str(seen), str(SERVERS))
    ours = await asyncio.create_subprocess_exec(
        sys.executable, "-c", MAIN, *arguments, cwd=SERVERS.parents[1]
    )
    await until(seen.exists)
    pids = [int(pid) for pid in seen.read_text().split()]

    os.kill(ours.pid, number)
    await ours.wait()

    await until(lambda: not any(map(is_alive, pids)))


async def test_a_server_that_is_being_stopped_is_stopped_though_we_end_meanwhile(
    tmp_path: Path,
) -> None:
    seen, script = tmp_path / "pids", tmp_path / "server.py"
    script.write_text(STUBBORN)
    server = Server(
        "odd", "stdio", command=sys.executable, arguments=("-S", str(script), str(seen))
    )

    async with opened(server, limits=replace(ONCE, connect=500)) as box:
        assert report(box).state == "failed"
        await until((tmp_path / "pids.told").exists)
        pids = [int(pid) for pid in seen.read_text().split()]
        assert all(map(is_alive, pids))

    assert not any(map(is_alive, pids))


async def test_a_server_that_is_being_started_is_stopped_too(tmp_path: Path) -> None:
    seen, script = tmp_path / "pids", tmp_path / "server.py"
    script.write_text(STUBBORN)
    server = Server(
        "odd", "stdio", command=sys.executable, arguments=("-S", str(script), str(seen))
    )
    starting = asyncio.create_task(started(server))
    for _ in range(3):
        await asyncio.sleep(0)  # so far that the process has begun, and no further
    for _ in range(2_000):
        if seen.exists():
            break
        time.sleep(0.005)  # noqa: ASYNC251 - the loop must not go on meanwhile
    pids = [int(pid) for pid in seen.read_text().split()]

    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting

    await until(lambda: not any(map(is_alive, pids)))

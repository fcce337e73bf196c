"""A server that is a child process: started in a group of its own, and stopped in order."""

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, Process
from contextlib import suppress

from mcp.client.stdio import get_default_environment

from agents.tools.errors import ServerTrouble
from agents.tools.servers import Server

LOOK_EVERY = 0.02  # seconds, while waiting for a process to end
LAST_MOMENT = 0.5  # seconds for a process whose output has ended to end itself


async def started(server: Server) -> Process:
    """The server's process with pipes; ServerTrouble, if it cannot be started. Whoever is cancelled
    meanwhile leaves no process behind.
    """
    starting = asyncio.create_task(_spawned(server))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        with suppress(ServerTrouble):
            process = await starting  # it may have children by now, which only its group reaches
            await stop(process, 0)
            let_go(process)
        raise


async def _spawned(server: Server) -> Process:
    try:
        return await asyncio.create_subprocess_exec(
            server.command,
            *server.arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=get_default_environment() | dict(server.environment),
            cwd=server.folder,
            start_new_session=True,  # Ctrl-C is for us; the child ends when its stdin does
        )
    except (OSError, ValueError) as error:
        what = error.strerror if isinstance(error, OSError) else "a value that no program can get"
        raise ServerTrouble(f"could not be started: {what}") from None


async def ending_of(process: Process) -> str:
    """How the process ended, if it did so by itself."""
    await has_ended(process, LAST_MOMENT)
    code = process.returncode
    if code is None:
        return ""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"


async def stop(process: Process, patience: float) -> None:
    """Close its stdin, then ask it to end, then kill it; so many seconds are left between."""
    if process.stdin is not None:
        process.stdin.close()
    for number in (signal.SIGTERM, signal.SIGKILL):
        if await has_ended(process, patience):
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)  # it leads a group of its own, with its children
    await has_ended(process, patience)


async def has_ended(process: Process, seconds: float) -> bool:
    """Whether the process ends within so many seconds."""
    # `wait` would also wait for children of the server that hold its pipes open.
    end = asyncio.get_running_loop().time() + seconds
    while process.returncode is None:
        if asyncio.get_running_loop().time() >= end:
            return False
        await asyncio.sleep(LOOK_EVERY)
    return True


def let_go(process: Process) -> None:
    """Close our ends of the pipes, even where a grandchild holds the others."""
    transport = getattr(process, "_transport", None)
    if transport is not None:
        with suppress(PermissionError):
            transport.close()

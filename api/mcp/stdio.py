"""An MCP server on standard input and output, as desktop assistants start it. Nothing but the
protocol is written to standard output."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from api.client import Client, connect
from api.errors import Unreachable
from api.settings import Settings

if TYPE_CHECKING:
    from mcp.server.lowlevel.server import Server


async def serve(settings: Settings, *, is_agents: bool) -> None:
    """Serve until standard input ends, or a signal comes: then this does not return."""
    logging.basicConfig(level=settings.log_level.upper())
    async with AsyncExitStack() as stack:
        if is_agents:
            from api.mcp.agents import agents_server

            server = agents_server(settings.data)
        else:
            from api.mcp.orchestrator import orchestrator_server

            server = orchestrator_server(Connection(settings, stack).open)
        number = await _speak_until_signal(server)
    if number is not None:
        # A thread still waits for a line and cannot be ended otherwise. The log is closed.
        os._exit(128 + number)


class Connection:
    """The way to the orchestrator: taken with the first call, so that an assistant is told in the
    answer what stands in it, and taken anew when the server was started again."""

    def __init__(self, settings: Settings, until: AsyncExitStack) -> None:
        self._settings = settings
        self._until = until
        self._lock = asyncio.Lock()
        self._client: Client | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Client]:
        """The client of the orchestrator.

        Raises:
            Unreachable: there is no way now.
        """
        async with self._lock:
            if self._client is None:
                self._client = await self._until.enter_async_context(connect(self._settings))
        client = self._client
        try:
            yield client
        except Unreachable:
            if not client.is_local and self._client is client:
                self._client = None  # the next call looks where the server is now
            raise


async def _speak_until_signal(server: "Server[Any]") -> int | None:
    """The answer is the number of the signal, if one came."""
    loop = asyncio.get_running_loop()
    signalled: asyncio.Future[int] = loop.create_future()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _once, signalled, number)
    speaking = asyncio.create_task(_speak(server))
    await asyncio.wait((speaking, signalled), return_when=asyncio.FIRST_COMPLETED)
    if speaking.done():
        await speaking
        return None
    return signalled.result()


def _once(future: asyncio.Future[int], number: int) -> None:
    if not future.done():
        future.set_result(number)


async def _speak(server: "Server[Any]") -> None:
    from mcp.server.stdio import stdio_server

    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())

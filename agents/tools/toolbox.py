"""All servers together: started in the background, listed, watched, called, and stopped."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from agents.contract import Agent, GiveUp, Outcome
from agents.tools.calling import call
from agents.tools.found import Found
from agents.tools.limits import Limits
from agents.tools.link import Link
from agents.tools.servers import Server
from agents.tools.specifications import AGENT_TYPE
from streams.clock import Clock, wall_clock
from streams.domain.commands import Command


class Toolbox:
    """The tools of several MCP servers. A server that misbehaves is marked; the others go on."""

    def __init__(
        self,
        servers: Iterable[Server],
        *,
        clock: Clock = wall_clock,
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        self._clock, self._limits = clock, limits
        self._links = {server.name: Link(server, clock, limits) for server in servers}

    def start(self) -> None:
        """Begin to connect to every server, in the background."""
        for link in self._links.values():
            link.start()

    async def settled(self, seconds: float) -> None:
        """Wait until each server is ready or has failed, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.gather(*(link.settled() for link in self._links.values()))

    async def refresh(self, name: str | None = None) -> None:
        """Look at the lists again, now; a server that was left alone is tried again. Without a
        name, all of them.
        """
        links = [link for key, link in self._links.items() if name in (None, key)]
        await asyncio.gather(*(link.refresh() for link in links))

    def found(self) -> Found:
        """What is known now: the tools of the servers that are there, each to be asked for."""
        links = self._links.values()
        return Found(
            tools=tuple(tool for link in links for tool in link.tools()),
            servers=tuple(link.report() for link in links),
            notes=tuple(note for link in links for note in link.notes()),
        )

    async def call(self, command: Command) -> Outcome:
        """Run one step with a tool of a server."""
        server, _, _ = (command.tool_id or "").partition(".")
        link = self._links.get(server)
        if link is None:
            return GiveUp(f"no server gives the tool {command.tool_id!r}; name it in mcp.json")
        return await call(link, command, self._clock, self._limits)

    async def close(self) -> None:
        """Stop every server that was started, and wait for it."""
        await asyncio.gather(*(link.close() for link in self._links.values()))

    def agent(self) -> Agent:
        """The agent that the runner finds for steps of these tools."""
        most = sum(link.server.own.concurrency for link in self._links.values())
        return Agent(AGENT_TYPE, any_tool=self.call, concurrency=max(1, most))

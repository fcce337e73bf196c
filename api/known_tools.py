"""Puts together what knows the tools there are: the user's permissions, the MCP servers that a file
names, the agents that registered, and what was measured."""

import os
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from agents.contract import Agent, Effect, GiveUp, Outcome
from agents.tools.joining import LONG_PATIENCE, Joining, Measured
from agents.tools.permissions import PermissionFile
from api.errors import UsageError
from api.settings import Settings
from streams.domain.commands import Command
from streams.domain.plan import PUBLISHERS, ToolSpecification, publisher_of
from streams.domain.values import Channel

if TYPE_CHECKING:
    from agents.tools.toolbox import Toolbox

PERMISSIONS = "permissions.json"
SERVERS = "mcp.json"
REGISTRATIONS = "agents.json"
CALLER = "mcp"  # the type of the agent that calls tools of servers
PUBLISHER = "publisher"


@dataclass(frozen=True, slots=True)
class KnownTools:
    """The catalogue of this process, and the servers behind it if it has any."""

    joining: Joining
    toolbox: "Toolbox | None" = None

    def join(self, agents: Iterable[Agent]) -> tuple[Agent, ...]:
        """The agents, of which the planner knows the tools of others, and the caller calls them. A
        planner that is not ours stays as it is; without servers there is nothing to call."""
        joined = (self._knowing(agent) for agent in agents)
        return tuple(agent for agent in joined if agent is not None)

    def _knowing(self, agent: Agent) -> Agent | None:
        if agent.agent_type == CALLER:
            return self._caller()
        if agent.agent_type == PUBLISHER:
            return replace(agent, effects=self._permitted(agent.effects))
        if agent.agent_type != "planner":
            return agent
        from agents.planner import PLANNER, planner_agent

        return planner_agent(self.joining) if agent is PLANNER else agent

    def _caller(self) -> Agent | None:
        if self.toolbox is None:
            return None
        from agents.tools.shaping import shaping

        return replace(self.toolbox.agent(), any_tool=shaping(self._call))

    def _permitted(self, effects: Mapping[str, Effect]) -> dict[str, Effect]:
        """The same effects, of which the publishers look first whether they still may."""
        return {
            name: self._allowed(name, effect) if name in PUBLISHERS else effect
            for name, effect in effects.items()
        }

    def _allowed(self, tool_id: str, effect: Effect) -> Effect:
        async def publish(command: Command) -> Outcome:
            refusal = self.joining.refusal(tool_id)
            return GiveUp(f"nothing was published: {refusal}") if refusal else await effect(command)

        return publish

    async def _call(self, command: Command) -> Outcome:
        """A call may come before its server is there: right after a start, for a task that was
        planned before it."""
        assert self.toolbox is not None  # noqa: S101 - without it there is no caller
        refusal = self.joining.refusal(command.tool_id or "")
        if refusal:
            return GiveUp(f"{refusal}; nothing was sent")
        server = (command.tool_id or "").partition(".")[0]
        states = {one.name: one.state for one in self.toolbox.found().servers}
        if states.get(server) == "connecting":
            await self.toolbox.settled(min(LONG_PATIENCE, command.timeout / 2000))
        return await self.toolbox.call(command)


def denials(settings: Settings) -> dict[Channel, str]:
    """Why nothing may be published on a channel now; channels that are free are not in it."""
    joining = Joining(PermissionFile(settings.data / PERMISSIONS))
    found = {channel: joining.refusal(publisher_of(channel)) for channel in Channel}
    return {channel: why for channel, why in found.items() if why}


def callers(settings: Settings) -> tuple[Agent, ...]:
    """The agent that calls tools of servers, to be joined; none where no servers are named."""
    return () if servers_file(settings) is None else (Agent(CALLER),)


def servers_file(settings: Settings) -> Path | None:
    """The file that names the MCP servers; None if there is none.

    Raises:
        UsageError: one is named that is not there.
    """
    if settings.mcp is not None:
        if not settings.mcp.is_file():
            raise UsageError(
                f"there is no file {str(settings.mcp)!r}, which the setting 'mcp' names: "
                "put an mcp.json there, or leave the setting out"
            )
        return settings.mcp
    path = settings.data / SERVERS
    return path if path.is_file() else None


@asynccontextmanager
async def knowing_tools(
    settings: Settings, *, measured: Measured | None = None, has_servers: bool = True
) -> AsyncIterator[KnownTools]:
    """The tools there are, while the block runs; its servers connect in the background.

    Args:
        measured: what has been seen of each tool; declared values hold without it.
        has_servers: connect to the MCP servers, if any are named.

    Raises:
        UsageError: the file of servers cannot be read.
    """
    toolbox = _toolbox(settings) if has_servers else None
    joining = Joining(
        PermissionFile(settings.data / PERMISSIONS),
        servers=toolbox,
        registered=lambda tenant: _registered(settings.data / REGISTRATIONS, tenant),
        measured=measured,
    )
    if toolbox is None:
        yield KnownTools(joining)
        return
    toolbox.start()
    try:
        yield KnownTools(joining, toolbox)
    finally:
        await toolbox.close()


def _toolbox(settings: Settings) -> "Toolbox | None":
    path = servers_file(settings)
    if path is None:
        return None
    from agents.tools.errors import ToolsError
    from agents.tools.servers import read_servers
    from agents.tools.toolbox import Toolbox

    try:
        return Toolbox(read_servers(path, os.environ))
    except ToolsError as error:
        raise UsageError(str(error)) from None


def _registered(path: Path, tenant: str) -> tuple[Sequence[ToolSpecification], Sequence[str]]:
    """The tools that agents of a tenant registered, and what must be said about those agents."""
    if not path.exists():
        return (), ()
    from agents.external import registered, remarks

    return registered(path, tenant=tenant), remarks(path, tenant=tenant)

"""The orchestrator as an MCP server, on any way that leads to one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from api.mcp import calls
from api.mcp.server import Histories, make_server
from api.mcp.tools import INSTRUCTIONS, NAME, Way, orchestrator_tools
from streams.domain.values import Json

if TYPE_CHECKING:
    from mcp.server.lowlevel.server import Server

NEWEST = 20  # tasks that are listed as resources


def orchestrator_server(way: Way) -> "Server[Any]":
    """A server whose tools ask the orchestrator that the way leads to."""

    async def newest() -> Sequence[Json]:
        async with way() as client:
            page = await client.get(f"{calls.BASE}/history", limit=NEWEST)
        items: list[Json] = page["items"]
        return items

    async def read(task_id: str) -> Json:
        async with way() as client:
            return await calls.history(client, task_id)

    return make_server(
        NAME,
        "Intelligent Orchestrator",
        INSTRUCTIONS,
        orchestrator_tools(way),
        Histories(newest, read),
    )

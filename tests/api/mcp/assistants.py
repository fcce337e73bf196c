"""An assistant for tests: the SDK's own client, on the application in this process or on a process
of its own."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import httpx2
import mcp_types as types
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from api.app import create_app
from tests.api.serving import Served
from tests.api.terminal import ROOT, without_ours

URL = "http://localhost/mcp"


@dataclass
class Assistant:
    """Calls of tools, and what was told while they ran."""

    client: Client
    told: list[str] = field(default_factory=list)

    async def call(self, tool: str, **arguments: Any) -> types.CallToolResult:
        """What a tool answers, whatever it is."""
        return await self.client.call_tool(tool, arguments, progress_callback=self._tell)

    async def ask(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The document that a tool answers."""
        answer = await self.call(tool, **arguments)
        assert not answer.is_error, text_of(answer)
        document: dict[str, Any] = answer.structured_content
        return document

    async def refusal(self, tool: str, **arguments: Any) -> str:
        """The sentence by which a tool refuses."""
        answer = await self.call(tool, **arguments)
        assert answer.is_error, text_of(answer)
        return text_of(answer)

    async def _tell(self, progress: float, total: float | None, message: str | None) -> None:
        self.told.append(f"{progress:g}/{total:g} {message}")


def text_of(answer: types.CallToolResult) -> str:
    """The text of an answer."""
    return "\n".join(c.text for c in answer.content if isinstance(c, types.TextContent))


def wire(here: Served, token: str | None = None) -> httpx2.AsyncClient:
    """Requests to the application in this process."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx2.ASGITransport(create_app(here.parts), raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://localhost", headers=headers)


@asynccontextmanager
async def assistant(
    here: Served, path: str = "", *, token: str | None = None, mode: str = "auto"
) -> AsyncIterator[Assistant]:
    """An assistant over HTTP, with a token if one is given."""
    async with (
        wire(here, token) as http,
        Client(streamable_http_client(URL + path, http_client=http), mode=mode) as client,
    ):
        yield Assistant(client)


@asynccontextmanager
async def desktop(directory: Path, *args: str) -> AsyncIterator[Assistant]:
    """An assistant that starts `orchestrator mcp` in a directory."""
    started = StdioServerParameters(
        command=sys.executable,
        args=["-m", "api.cli", "mcp", *args],
        env=without_ours() | {"PYTHONPATH": ROOT, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=directory,
    )
    with TemporaryFile("w") as errors:
        async with Client(stdio_client(started, errlog=errors)) as client:
            yield Assistant(client)

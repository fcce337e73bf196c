"""`/mcp` and `/mcp/agents`: MCP over streamable HTTP. Each request stands for itself: nothing lives
between two of them, so any replica can answer and no session can be taken over."""

import asyncio
import importlib
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api.client import LOCAL_PATIENCE, Client
from api.errors import ApiError, Forbidden
from api.security import Principal

if TYPE_CHECKING:
    from mcp.server.lowlevel.server import Server

Make = Callable[[FastAPI, Request], "Server[Any]"]
INSIDE = "http://localhost"  # how the tools name this very application


def install(app: FastAPI) -> None:
    """Add both servers to the application. The gate stands before them as before every route."""
    for path, make, role in (
        ("/mcp", _orchestrator_server, "viewer"),
        ("/mcp/agents", _agents_server, "operator"),
    ):
        endpoint: ASGIApp = Endpoint(app, make, role)
        route = Route(path, endpoint, methods=["POST"], include_in_schema=False)
        app.router.routes.append(route)


class Endpoint:
    """One MCP server as ASGI has it."""

    def __init__(self, app: FastAPI, make: Make, role: str) -> None:
        self._app = app
        self._make = make
        self._role = role

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one message.

        Raises:
            Forbidden: the role of whoever asks does not allow it.
            TooLarge: the body goes on beyond the limit.
        """
        request = Request(scope)
        who: Principal = request.state.principal
        if not who.may(self._role):
            raise Forbidden(f"this needs the role {self._role!r}; you are {who.role!r}")
        sdk = await _sdk()
        # The gate has looked at host, origin, token, form and size; once is enough.
        manager = sdk.StreamableHTTPSessionManager(
            self._make(self._app, request),
            stateless=True,
            security_settings=None,
            max_request_body_size=self._app.state.settings.max_body,
        )
        refused: ApiError | None = None
        async with manager.run():
            try:
                await manager.handle_request(scope, receive, send)
            except ApiError as error:  # the gate's; out of the group of tasks it would be wrapped
                refused = error
        if refused is not None:
            raise refused


async def _sdk() -> Any:
    """The SDK's part for this transport. Its import takes most of a second: the first who asks
    waits for it, and nobody else does."""
    name = "mcp.server.streamable_http_manager"
    return sys.modules.get(name) or await asyncio.to_thread(importlib.import_module, name)


def _orchestrator_server(app: FastAPI, request: Request) -> "Server[Any]":
    from api.mcp.orchestrator import orchestrator_server

    headers = {}
    if "authorization" in request.headers:
        headers["Authorization"] = request.headers["authorization"]

    @asynccontextmanager
    async def inside() -> AsyncIterator[Client]:
        """The application's own endpoints, as whoever asks."""
        import httpx

        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url=INSIDE, headers=headers, timeout=LOCAL_PATIENCE
        ) as http:
            yield Client(http, is_local=False)

    return orchestrator_server(inside)


def _agents_server(app: FastAPI, request: Request) -> "Server[Any]":
    from api.mcp.agents import agents_server

    return agents_server(app.state.settings.data)

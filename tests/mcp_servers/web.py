"""Servers over HTTP on loopback, run by uvicorn beside the test: a good one is any ASGI app, and
the bad ones are here.
"""

import asyncio
import gzip
import itertools
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.mcp_servers.raw import ECHO, INFO, texts

Message = dict[str, Any]
Way = Callable[[Message, Request], Awaitable[Response]]


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """The address of the app while it runs."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn tells it no other way
            await asyncio.sleep(0.005)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
    finally:
        server.should_exit = True
        await running
        listener.close()


def bad(way: str, seen: list[Message] | None = None) -> Starlette:
    """A server that answers well until a tool is called, and then in its way. `seen` is given every
    request with its headers.
    """

    sessions = itertools.count(1)
    forgotten: set[str | None] = set()

    async def answer(request: Request) -> Response:
        if request.method != "POST":
            return Response(status_code=405)
        message = json.loads(await request.body())
        if seen is not None:
            seen.append({"headers": dict(request.headers), "message": message})
        if "id" not in message:
            return Response(status_code=202)
        session = request.headers.get("mcp-session-id")
        if session in forgotten:
            return await _forget(message, request)
        if way in _AT_ONCE or message["method"] == "tools/call":
            forgotten.add(session if way == "forgets" else "none")
            return await _WAYS[way](message, request)
        known: dict[str, Any] = {"initialize": INFO, "tools/list": {"tools": [ECHO]}}
        response = _result(message, known.get(message["method"], {}))
        if message["method"] == "initialize" and way == "forgets":
            response.headers["mcp-session-id"] = f"session-{next(sessions)}"
        return response

    return Starlette(routes=[Route("/mcp", answer, methods=["GET", "POST", "DELETE"])])


def _result(message: Message, result: Any) -> Response:
    return JSONResponse({"jsonrpc": "2.0", "id": message["id"], "result": result})


async def _hang(_: Message, request: Request) -> Response:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response()


async def _unknown(_: Message, __: Request) -> Response:
    return Response("who are you", status_code=401)


async def _broken(_: Message, __: Request) -> Response:
    return Response("oh no", status_code=502)


async def _packed(message: Message, _: Request) -> Response:
    body = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": texts("x" * 10_000_000)})
    headers = {"content-encoding": "gzip", "content-type": "application/json"}
    return Response(gzip.compress(body.encode()), headers=headers)


async def _flood(message: Message, _: Request) -> Response:
    return _result(message, texts("x" * 9_000_000))


async def _elsewhere(_: Message, __: Request) -> Response:
    return Response(status_code=307, headers={"location": "http://127.0.0.2:9/mcp"})


async def _page(_: Message, __: Request) -> Response:
    return Response("<h1>Welcome</h1>", media_type="text/html")


async def _busy(_: Message, __: Request) -> Response:
    return Response("later", status_code=429)


async def _forbidden(_: Message, __: Request) -> Response:
    return Response("not you", status_code=403)


async def _forget(_: Message, __: Request) -> Response:
    return Response(status_code=404)


async def _repeat(message: Message, request: Request) -> Response:
    said = f"{request.headers['authorization']} {request.url}"
    return _result(message, texts(said, structuredContent={said: [said]}, isError=True))


_AT_ONCE = frozenset({"unknown", "page", "silent"})
_WAYS: dict[str, Way] = {
    "hang": _hang,
    "unknown": _unknown,
    "broken": _broken,
    "packed": _packed,
    "flood": _flood,
    "elsewhere": _elsewhere,
    "page": _page,
    "silent": _hang,
    "repeats": _repeat,
    "busy": _busy,
    "forbidden": _forbidden,
    "forgets": _forget,
}

"""Real HTTP on loopback for an ASGI application, in a thread of its own."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.platforms.faults import Fault, Faults, Stage

Accept = Callable[[], Response]


@contextmanager
def serving(app: Any, port: int = 0) -> Iterator[str]:
    """Serve an application; the value is its address."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(256)
    config = uvicorn.Config(
        app,
        log_level="critical",
        lifespan="off",
        http="h11",
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def abort(request: Request) -> None:
    """Break the connection off, as a platform does that goes down."""
    cycle = getattr(request.receive, "__self__", None)
    while cycle is not None and not hasattr(cycle, "transport"):
        cycle = getattr(getattr(cycle, "_receive", None), "__self__", None)
    assert cycle is not None
    cycle.transport.abort()


class Broken(Response):
    """Announces more than it sends, and breaks off."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = [(k, v) for k, v in self.raw_headers if k != b"content-length"]
        headers.append((b"content-length", str(len(self.body) + 100).encode()))
        start = {"type": "http.response.start", "status": self.status_code, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        await asyncio.sleep(0.02)
        abort(Request(scope, receive))


Refuse = Callable[[int], Response]


async def with_faults(
    request: Request, faults: Faults, what: str, accept: Accept, refuse: Refuse
) -> Response:
    """Accept a request, with the fault that is planned for it.

    Args:
        request: one that would be accepted.
        faults: what is planned.
        what: names the content for the hook.
        accept: keeps it, and makes the answer.
        refuse: the platform's error document for a status.
    """
    fault = faults.take()
    faults.hook(Stage.ARRIVED, what)
    before = _BEFORE.get(fault) if fault else None
    if before is not None:
        return await before(request, faults, refuse)
    answer = accept()
    faults.hook(Stage.ACCEPTED, what)
    after = _AFTER.get(fault) if fault else None
    return answer if after is None else await after(request, faults, answer, refuse)


async def _limited(request: Request, faults: Faults, refuse: Refuse) -> Response:
    return refuse(429)


async def _failing(request: Request, faults: Faults, refuse: Refuse) -> Response:
    return refuse(500)


async def _expired(request: Request, faults: Faults, refuse: Refuse) -> Response:
    return refuse(401)


async def _redirecting(request: Request, faults: Faults, refuse: Refuse) -> Response:
    return Response(status_code=302, headers={"Location": "http://127.0.0.1:9/elsewhere"})


async def _hang_before(request: Request, faults: Faults, refuse: Refuse) -> Response:
    await faults.hang()
    return refuse(504)


async def _close_before(request: Request, faults: Faults, refuse: Refuse) -> Response:
    abort(request)
    return Response()


_BEFORE: dict[Fault, Callable[[Request, Faults, Refuse], Awaitable[Response]]] = {
    Fault.RATE_LIMITED: _limited,
    Fault.SERVER_ERROR: _failing,
    Fault.EXPIRED: _expired,
    Fault.REDIRECT: _redirecting,
    Fault.HANG_BEFORE: _hang_before,
    Fault.CLOSE_BEFORE: _close_before,
}


async def _error_after(
    request: Request, faults: Faults, answer: Response, refuse: Refuse
) -> Response:
    return refuse(502)


async def _hang_after(
    request: Request, faults: Faults, answer: Response, refuse: Refuse
) -> Response:
    await faults.hang()
    return answer


async def _close_after(
    request: Request, faults: Faults, answer: Response, refuse: Refuse
) -> Response:
    abort(request)
    return answer


async def _half(request: Request, faults: Faults, answer: Response, refuse: Refuse) -> Response:
    headers = {k: v for k, v in answer.headers.items() if k != "content-length"}
    half = bytes(answer.body)[: len(answer.body) // 2]
    return Broken(half, answer.status_code, headers)


async def _slow(request: Request, faults: Faults, answer: Response, refuse: Refuse) -> Response:
    await asyncio.sleep(0.15)
    return answer


_AFTER: dict[Fault, Callable[[Request, Faults, Response, Refuse], Awaitable[Response]]] = {
    Fault.ERROR_AFTER: _error_after,
    Fault.HANG_AFTER: _hang_after,
    Fault.CLOSE_AFTER: _close_after,
    Fault.HALF: _half,
    Fault.SLOW: _slow,
}


def document(status: int, body: dict[str, Any], **headers: str) -> Response:
    """A JSON answer; underscores in the names of headers stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return JSONResponse(body, status, headers=named)

"""/livez and /readyz of a process without an API, on loopback: does it live, has it taken over what
is its own, and how far is it behind?"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Protocol

from api.errors import UsageError
from streams.domain.errors import LogError, LogUnavailable
from streams.domain.values import Json

HOST = "127.0.0.1"
_LOOK, _WATCH = 0.05, 0.25  # seconds between looks for readiness, and for a failure
_LAG_WITHIN = 3.0  # seconds
_PATIENCE = 5.0  # seconds for one request
_PHRASES = {200: "OK", 404: "Not Found", 503: "Service Unavailable"}


class Watched(Protocol):
    """What runs in this process."""

    @property
    def parts(self) -> Iterable[str]:
        """The names of its parts."""

    @property
    def failure(self) -> BaseException | None:
        """Why it cannot go on; the process must end with an error then."""

    @property
    def is_ready(self) -> bool:
        """Whether all that is its own has been taken over."""

    async def lag(self) -> Mapping[str, int]:
        """How far behind the end each of its partitions is, in offsets."""


async def until_ready(crew: Watched) -> None:
    """Wait until its partitions are taken over, or something fails."""
    while not crew.is_ready:
        if crew.failure is not None:
            return
        await asyncio.sleep(_LOOK)


async def until_failed(crew: Watched) -> BaseException | None:
    """Wait until it cannot go on; the answer says why."""
    while True:
        if crew.failure is not None:
            return crew.failure
        await asyncio.sleep(_WATCH)


async def readiness(crew: Watched) -> Json:
    """What `/readyz` answers."""
    failure = crew.failure
    try:
        lag = await _lag(crew) if failure is None else {}
    except LogError as error:
        failure, lag = error, {}
    status = "failing" if failure else "ready" if crew.is_ready else "taking over"
    return {
        "status": status,
        "parts": sorted(crew.parts),
        "lag": lag,
        "total_lag": sum(lag.values()),
        "error": None if failure is None else str(failure) or type(failure).__name__,
    }


async def _lag(crew: Watched) -> dict[str, int]:
    """The lag, or an error soon: whoever asks for readiness waits a few seconds at most."""
    asking = asyncio.ensure_future(crew.lag())
    # A client may swallow the cancellation that a timeout is, so nobody waits for it.
    await asyncio.wait([asking], timeout=_LAG_WITHIN)
    if not asking.done():
        asking.add_done_callback(lambda done: done.cancelled() or done.exception())
        asking.cancel()
        raise LogUnavailable(f"the broker has not told the lag within {_LAG_WITHIN:g} s")
    return dict(asking.result())


@asynccontextmanager
async def health_on(port: int | None, crew: Watched) -> AsyncIterator[int | None]:
    """Answer on a port (0 takes a free one) as long as the block runs; None answers nowhere.

    Raises:
        UsageError: the port is taken.
    """
    if port is None:
        yield None
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                writer.write(await _answer(await reader.readline(), crew))
                await writer.drain()
        except (TimeoutError, OSError, ValueError):
            pass  # whoever asked has gone, or spoke no HTTP
        finally:
            writer.close()

    try:
        server = await asyncio.start_server(answer, HOST, port)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(
            f"cannot answer on {HOST}:{port} ({reason}): choose another port"
        ) from None
    async with server:
        yield int(server.sockets[0].getsockname()[1])


async def _answer(line: bytes, crew: Watched) -> bytes:
    """The response to a request line such as `GET /readyz HTTP/1.1`."""
    path = (*line.split(), b"", b"")[1].partition(b"?")[0]
    if path == b"/livez":
        return _response(200, {"status": "alive"})
    if path != b"/readyz":
        return _response(404, {"status": "there are /livez and /readyz"})
    found = await readiness(crew)
    return _response(200 if found["status"] == "ready" else 503, found)


def _response(status: int, body: Json) -> bytes:
    content = json.dumps(body).encode()
    head = (
        f"HTTP/1.1 {status} {_PHRASES[status]}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + content

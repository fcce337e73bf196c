"""The transport to a server behind an address: the SDK's streamable HTTP, with bounds."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from mcp.client.streamable_http import streamable_http_client

from agents.tools.limits import MIB, Limits
from agents.tools.servers import Server
from agents.tools.signs import Signs, current_trace

FAREWELL = 2.0  # seconds for telling the server that the session is over
BEGINS = "send_request_headers.started"  # from here on, a request may have arrived


@asynccontextmanager
async def streamed(server: Server, limits: Limits, signs: Signs) -> AsyncIterator[Any]:
    """The streams to the address. Its headers go there alone: no redirect to elsewhere is
    followed.
    """

    client = httpx2.AsyncClient(
        headers={"accept-encoding": "identity", **server.headers},
        timeout=httpx2.Timeout(limits.connect / 1000, read=None),
        event_hooks={"request": [_before], "response": [_after(limits, signs)]},
    )
    async with (
        client,
        streamable_http_client(
            server.url, http_client=client, max_sse_event_size=limits.message
        ) as streams,
    ):
        yield streams


async def _before(request: httpx2.Request) -> None:
    trace = current_trace.get(None)

    async def note(event: str, _: Any) -> None:
        if trace is not None and event.endswith(BEGINS):
            trace.was_sent = True

    request.extensions = {**request.extensions, "trace": note}
    if request.method == "DELETE":
        request.extensions["timeout"] = httpx2.Timeout(FAREWELL).as_dict()


def _after(limits: Limits, signs: Signs) -> Callable[[httpx2.Response], Awaitable[None]]:
    async def after(response: httpx2.Response) -> None:
        signs.status = response.status_code
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            # A small packed answer may be a huge one unpacked.
            signs.lose("packs its answers, though that was not asked for")
            raise httpx2.DecodingError(signs.reason)
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = _Bounded(response.stream, limits.message)

    return after


class _Bounded(httpx2.AsyncByteStream):
    """A body that ends with an error when it grows too large."""

    def __init__(self, inner: httpx2.AsyncByteStream, most: int) -> None:
        self._inner, self._most = inner, most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._inner:
            size += len(chunk)
            if size > self._most:
                raise httpx2.StreamError(f"more than {self._most / MIB:g} MB")
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()

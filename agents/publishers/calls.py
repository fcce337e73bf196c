"""One HTTP request to a platform: its answer, or how far it came without one."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from agents.publishers.verdicts import Broken
from streams.clock import Clock
from streams.domain.values import Json, Milliseconds

if TYPE_CHECKING:
    import httpx

LARGEST = 256_000  # bytes of an answer that are read
CONNECT = 10.0  # seconds in which a connection must be there
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SENDING = "http11.send_request_headers.started"


@dataclass(frozen=True, slots=True)
class Call:
    """A request. `headers` hold secrets, so they are not in its repr."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Json | None = None
    form: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `is_whole`: False where the body broke off or was too long."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool = True

    @property
    def document(self) -> Json:
        """The body as a JSON object; empty where it is none."""
        if not self.is_whole:
            return {}
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def is_success(self) -> bool:
        """Whether the request was accepted."""
        return 200 <= self.status < 300


class _TooLate(Exception):
    """The time in which the request might begin is over; nothing was sent."""


@dataclass(slots=True)
class _Watch:
    """Notices when a request goes out, and stops it before that when it is too late."""

    begin_before: Milliseconds
    clock: Clock
    is_sent: bool = False

    async def __call__(self, name: str, info: Any) -> None:
        if name == _SENDING:
            if self.clock() >= self.begin_before:
                raise _TooLate
            self.is_sent = True


async def send(
    call: Call, *, begin_before: Milliseconds, until: Milliseconds, clock: Clock
) -> Answer | Broken:
    """Send one request on a connection of its own, and follow no redirect.

    Args:
        call: the request.
        begin_before: nothing is sent at this moment or later.
        until: no answer is waited for after it.
        clock: milliseconds since the Unix epoch.
    """
    import httpx

    watch = _Watch(begin_before, clock)
    seconds = (until - clock()) / 1000
    if seconds <= 0 or clock() >= begin_before:
        return Broken.TOO_LATE
    try:
        async with asyncio.timeout(seconds):
            return await _answer(call, watch, seconds)
    except _TooLate:
        return Broken.TOO_LATE
    except (TimeoutError, httpx.TimeoutException):
        return Broken.SILENT if watch.is_sent else Broken.UNREACHABLE
    except httpx.InvalidURL:
        return Broken.UNREACHABLE
    except httpx.HTTPError as error:
        return _broken(error, watch.is_sent)


async def _answer(call: Call, watch: _Watch, seconds: float) -> Answer:
    import httpx

    # A connection that is used again may have been closed by the other side in that very moment;
    # then nobody could tell whether the request had arrived.
    limits = httpx.Limits(max_keepalive_connections=0)
    is_near = urlsplit(call.url).hostname in LOOPBACK
    timeout = httpx.Timeout(seconds, connect=min(CONNECT, seconds))
    async with (
        httpx.AsyncClient(limits=limits, timeout=timeout, trust_env=not is_near) as client,
        client.stream(
            call.method,
            call.url,
            headers=dict(call.headers),
            json=call.body,
            data=call.form,
            extensions={"trace": watch},
        ) as response,
    ):
        body, is_whole = await _read(response)
        return Answer(response.status_code, response.headers, body, is_whole)


async def _read(response: "httpx.Response") -> tuple[bytes, bool]:
    """The body, and whether it is all of it: the status counts also where the rest is lost."""
    import httpx

    found = bytearray()
    try:
        async for piece in response.aiter_bytes():
            found += piece
            if len(found) > LARGEST:
                return bytes(found[:LARGEST]), False
    except (httpx.HTTPError, httpx.StreamError):
        return bytes(found), False
    return bytes(found), True


def _broken(error: BaseException, is_sent: bool) -> Broken:
    if is_sent:
        return Broken.LOST
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Broken.UNTRUSTED
        cause = cause.__cause__ or cause.__context__
    return Broken.UNREACHABLE

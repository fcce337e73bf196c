"""An open connection to one server: the SDK's session over either transport, to list and to call.

This module and the transports import the SDK, which takes most of a second; they are imported only
when there is a server.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

import anyio
import mcp_types as types
from mcp.client.session import ClientSession
from mcp.client.subscriptions import listen
from mcp.shared.exceptions import MCPError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import TypeAdapter, ValidationError

from agents.tools.answers import Answer, Answered, Broken, Refused, Senseless
from agents.tools.errors import ServerLost, ServerTrouble
from agents.tools.limits import Limits
from agents.tools.pipes import piped
from agents.tools.screen import Screen
from agents.tools.servers import Server
from agents.tools.signs import Signs, Trace, current_trace
from agents.tools.specifications import Offered
from agents.tools.streaming import streamed
from streams.domain.values import Json

DISTRIBUTION = "intelligent-orchestrator"
LONGEST_CURSOR = 4_096
_NEWER = frozenset(
    {types.UNSUPPORTED_PROTOCOL_VERSION, types.METHOD_NOT_FOUND, types.INVALID_REQUEST}
)
_SESSION_OVER = "Session terminated"  # as the SDK calls HTTP 404 for a session
_LATER = frozenset({408, 409, 425, 429})  # HTTP: refused for now
_LOGGERS = ("mcp.client", "mcp.shared", "client", "httpx2", "httpcore2")
_TRANSPORTS = {"stdio": piped, "http": streamed}


@dataclass(frozen=True, slots=True)
class Listing:
    """What a server offers, and what was not taken of it."""

    offers: tuple[Offered, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Connection:
    """A connection that has been made."""

    session: ClientSession
    signs: Signs
    limits: Limits
    screen: Screen
    is_piped: bool
    calls: int = 0  # under way

    async def listing(self) -> Listing:
        """All pages of the server's tools, as far as the limits go. ServerTrouble, if it cannot
        say them.
        """
        try:
            return await self._pages()
        except MCPError as error:
            # Not every server that has tools says so in the handshake, so it is asked.
            if error.code == types.METHOD_NOT_FOUND:
                return Listing(notes=("offers no tools",))
            raise ServerTrouble(f"could not list its tools: {error.message}") from None
        except (ValidationError, ValueError, TypeError):
            raise ServerTrouble("lists its tools in a form that is none") from None

    async def call(self, name: str, arguments: Json) -> Answer:
        """Call a tool. Whoever cancels this, cancels the call on the server too."""
        if self.signs.is_lost:
            return Broken(self.signs.told(), was_sent=False)
        # A pipe tells nothing of what has been read at its other end.
        trace = Trace(was_sent=self.is_piped)
        request = types.CallToolRequest(
            params=types.CallToolRequestParams(name=name, arguments=arguments)
        )
        self.calls += 1
        current_trace.set(trace)
        try:
            result = await self.session.send_request(request, _results())
        except MCPError as error:
            return self._failed(error, trace)
        except (ValidationError, ValueError, TypeError, RecursionError):
            return Senseless("answered in a form that the protocol does not know")
        except (anyio.ClosedResourceError, anyio.BrokenResourceError, RuntimeError):
            return Broken(self.signs.told(), trace.was_sent)
        finally:
            self.calls -= 1
            current_trace.set(None)
        return _answer(result)

    def _failed(self, error: MCPError, trace: Trace) -> Answer:
        if error.code in (types.CONNECTION_CLOSED, types.REQUEST_TIMEOUT):
            return Broken(self.signs.told(error.message), trace.was_sent)
        if error.message == _SESSION_OVER:
            self.signs.news.set()  # the next look at its list fails, and it is connected anew
            return Broken("has forgotten the session", was_sent=False)
        status = self.signs.status or 0
        if error.code == types.INTERNAL_ERROR and status >= 400:
            said = f"answered with HTTP {status}"
            was_refused = status < 500
            if was_refused and status not in _LATER:
                return Refused(types.INVALID_REQUEST, said)
            return Broken(said, trace.was_sent and not was_refused)
        return Refused(error.code, error.message)

    async def _pages(self) -> Listing:
        notes: list[str] = []
        cursors: set[str] = set()
        cursor: str | None = None
        self.screen.begin(self.limits.tools)
        for _ in range(self.limits.pages):
            page = await self.session.list_tools(params=types.PaginatedRequestParams(cursor=cursor))
            self.screen.keep(tool.name for tool in page.tools)
            cursor = page.next_cursor
            if self.screen.is_full:
                notes.append(f"offers more than {self.limits.tools:,} tools; the rest is left out")
                break
            if not cursor:
                break
            if cursor in cursors or len(cursor) > LONGEST_CURSOR:
                notes.append("lists its tools in a circle; the first round is kept")
                break
            cursors.add(cursor)
        else:
            notes.append(f"has more than {self.limits.pages:,} pages; the rest is left out")
        if self.screen.left_out:
            notes.append(f"{self.screen.left_out:,} of its tools have no form that is known")
        return Listing(tuple(self.screen.offers), tuple(notes))


@asynccontextmanager
async def connected(server: Server, limits: Limits, signs: Signs) -> AsyncIterator[Connection]:
    """A connection to the server, closed at the end. ServerTrouble or an error of the transport,
    if there is none in time.
    """
    _quiet()
    async with AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(limits.connect / 1000):
                incoming, outgoing = await stack.enter_async_context(
                    _TRANSPORTS[server.transport](server, limits, signs)
                )
                screen = Screen(incoming, outgoing, signs)
                session = await stack.enter_async_context(_session(screen, signs))
                await _greet(session)
                signs.is_met = True
        except TimeoutError:
            signs.lose(f"did not answer within {limits.connect / 1000:g} s")
            raise ServerLost from None
        except ServerTrouble as trouble:
            signs.lose(str(trouble))
            raise
        if session.protocol_version in MODERN_PROTOCOL_VERSIONS:
            following = asyncio.create_task(_follow(session, signs))
            stack.push_async_callback(_end, following)
        yield Connection(session, signs, limits, screen, server.transport == "stdio")


def _session(screen: Screen, signs: Signs) -> ClientSession:
    async def heard(message: object) -> None:
        if isinstance(message, types.ToolListChangedNotification):
            signs.change()

    info = types.Implementation(name=DISTRIBUTION, version=version(DISTRIBUTION))
    return ClientSession(dispatcher=screen, message_handler=heard, client_info=info)


async def _greet(session: ClientSession) -> None:
    """Agree on a version. The older handshake goes first: every server but the very newest knows
    it, and some do not answer at all to what they do not know.
    """
    try:
        await session.initialize()
    except MCPError as error:
        if error.code not in _NEWER:
            raise ServerTrouble(f"refused the handshake: {error.message}") from None
        await _meet(session, error.message)
    except RuntimeError:
        raise ServerTrouble("speaks a version of the protocol that is not known here") from None
    except ValidationError:
        raise ServerTrouble("answers the handshake in a form that is none") from None


async def _meet(session: ClientSession, refusal: str) -> None:
    try:
        await session.discover()
    except (MCPError, RuntimeError, ValidationError):
        raise ServerTrouble(f"refused the handshake: {refusal}") from None


async def _follow(session: ClientSession, signs: Signs) -> None:
    """Listen for changes of the list, where the newer protocol wants that said."""
    with suppress(Exception):  # without it, the list is still looked at every few minutes
        async with listen(session, tools_list_changed=True) as changes:
            async for _ in changes:
                signs.change()


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _answer(result: types.CallToolResult | types.InputRequiredResult) -> Answer:
    if isinstance(result, types.InputRequiredResult):
        return Senseless("asks for more while it works, which nobody can answer")
    plain = result.model_dump(mode="json", by_alias=True, exclude_none=True)
    return Answered(
        content=tuple(plain.get("content", ())),
        structured=result.structured_content,
        is_error=result.is_error,
        meta=plain.get("_meta") or {},
    )


@cache
def _results() -> TypeAdapter[Any]:
    return TypeAdapter(types.CallToolResult | types.InputRequiredResult)


@cache
def _quiet() -> None:
    """The libraries log addresses and whole messages, which may hold what must not be shown."""
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)

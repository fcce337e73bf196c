"""Keeps one server connected: starts it, lists its tools, looks again when they change, and starts
it anew when it is lost, with growing pauses and not for ever.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from agents.tools.cleaning import one_line
from agents.tools.errors import ServerLost, ServerTrouble
from agents.tools.found import ServerReport, Status
from agents.tools.limits import Limits
from agents.tools.servers import Server
from agents.tools.signs import Signs
from agents.tools.specifications import Specified, specify
from streams.clock import Clock
from streams.domain.fingerprint import fingerprint
from streams.domain.plan import ToolSpecification
from streams.domain.values import Milliseconds

if TYPE_CHECKING:
    from agents.tools.connection import Connection

REASON_LENGTH = 400  # characters
DOOR = "agents.tools.connection"
HEAVY = (DOOR, "jsonschema.validators")  # imported only when there is a server, beside the loop


class Link:
    """One server and the connection to it, if there is one now."""

    def __init__(self, server: Server, clock: Clock, limits: Limits) -> None:
        self.server = server
        self.specified: Specified | None = None
        self._clock, self._limits = clock, limits
        self._turns = asyncio.Semaphore(server.own.concurrency)
        self._state: Status = "stopped" if server.is_disabled else "connecting"
        self._reason = "it is disabled in the file" if server.is_disabled else ""
        self._since: Milliseconds = clock()
        self._latency: Milliseconds | None = None
        self._connection: Connection | None = None
        self._settled = asyncio.Event()  # has been ready or has failed since the last refresh
        self._decided = asyncio.Event()  # is not being connected just now
        self._woken = asyncio.Event()
        self._is_resting = False
        self._changes: deque[str] = deque(maxlen=limits.notes)
        self._heard: tuple[str, ...] = ()
        self._task: asyncio.Task[None] | None = None

    @property
    def state(self) -> Status:
        """How the connection is doing."""
        return self._state

    @property
    def reason(self) -> str:
        """Why there is no connection, if there is none."""
        return self._reason

    def report(self) -> ServerReport:
        """How the server is doing."""
        return ServerReport(
            name=self.server.name,
            transport=self.server.transport,
            state=self._state,
            tools=len(self.tools()),
            reason=self._reason,
            latency=self._latency,
            since=self._since,
            version=self.specified.digest if self.specified else "",
        )

    def tools(self) -> tuple[ToolSpecification, ...]:
        """What can be used; a server that is being connected again keeps its tools meanwhile."""
        if self.specified is None or self._state in ("failed", "stopped"):
            return ()
        return tuple(self.specified.tools.values())

    def notes(self) -> tuple[str, ...]:
        """What a person should know of the server."""
        return (*self.server.notes, *self._heard, *self._changes)

    def start(self) -> None:
        """Begin to connect, in the background."""
        if self._task is None and not self.server.is_disabled:
            name = f"mcp server {self.server.name}"
            self._task = asyncio.create_task(self._run(), name=name)

    async def settled(self) -> None:
        """Wait until the server is ready or has failed for the first time."""
        if not self.server.is_disabled:
            await self._settled.wait()

    async def refresh(self) -> None:
        """List again, or try again to connect, and wait for what comes of it."""
        if self._task is None or self._task.done():
            return
        self._settled.clear()
        self._wake()
        seconds = (self._limits.connect + self._limits.listing + self._limits.close) / 1000
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._settled.wait()

    async def close(self) -> None:
        """Stop the server, in a bounded time."""
        task, self._task = self._task, None
        self._become("stopped", "")
        if task is not None:
            task.cancel()
            _, late = await asyncio.wait({task}, timeout=self._limits.close / 1000 + 1)
            if late:
                task.cancel()
                await asyncio.wait({task}, timeout=1)

    async def decided(self) -> None:
        """Wait while the server is being connected, for as long as that may take."""
        if self._state == "connecting" and self._task is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout((self._limits.connect + self._limits.listing) / 1000):
                    await self._decided.wait()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["Connection"]:
        """The connection, when there is one and it is this call's turn. ServerTrouble, if there is
        none.
        """
        async with self._turns:
            await self.decided()
            if self._connection is None:
                raise ServerTrouble(self._reason or "is not connected")
            yield self._connection

    def suspect(self) -> None:
        """Somebody waited in vain: look whether the server still answers."""
        self._wake()

    def is_left_alone(self) -> bool:
        """Whether nothing more is tried until somebody refreshes."""
        is_over = self._state == "stopped" or self._task is None
        return self._is_resting or is_over or bool(self.server.problem)

    # ------------------------------------------------------------------------ its life

    async def _run(self) -> None:
        if self.server.problem:
            self._become("failed", self.server.problem)
            return
        door, _ = await asyncio.to_thread(lambda: [import_module(name) for name in HEAVY])
        failures = 0
        while True:
            begun = time.monotonic()
            self._become("connecting", self._reason)
            reason, was_ready = await self._live(door)
            if self._state == "stopped":
                return
            held = (time.monotonic() - begun) * 1000
            failures = 1 if was_ready and held >= self._limits.steady else failures + 1
            # Right after a loss it is tried again at once, and its tools stay meanwhile.
            self._become("connecting" if was_ready and failures == 1 else "failed", reason)
            await self._pause(failures, at_once=was_ready and failures == 1)
            if failures >= self._limits.starts:
                failures = 0

    async def _pause(self, failures: int, *, at_once: bool) -> None:
        self._woken.clear()
        if at_once:
            return
        pause = min(self._limits.first_pause * 2 ** (failures - 1), self._limits.last_pause)
        self._is_resting = failures >= self._limits.starts
        with suppress(TimeoutError):
            async with asyncio.timeout(None if self._is_resting else pause / 1000):
                await self._woken.wait()
        self._is_resting = False
        self._woken.clear()

    async def _live(self, door: Any) -> tuple[str, bool]:
        """One connection from its beginning to its end: why it ended, and whether it was ready."""
        signs = Signs(news=self._woken, hide=self.server.hide)
        signs.on_loss = lambda: self._lose(signs)
        begun, was_ready, reason = self._clock(), False, ""
        try:
            async with door.connected(self.server, self._limits, signs) as connection:
                await self._list(connection)
                if self._state == "stopped":
                    return "", False
                was_ready = True
                self._connection = connection
                self._latency = self._clock() - begun
                self._become("ready", "")
                await self._watch(connection)
        except Exception as error:
            reason = _said_by(error)
        finally:
            self._connection = None
        return self._why(signs, reason), was_ready

    def _lose(self, signs: Signs) -> None:
        """Say so at once: to stop what is left of it may take seconds."""
        was_ready, self._connection = self._connection is not None, None
        if was_ready and self._state == "ready":
            self._become("connecting", self._why(signs, ""))
        elif self._state == "connecting" and signs.reason:
            self._become("failed", self._why(signs, ""))

    async def _watch(self, connection: "Connection") -> None:
        """List again on every news and every few minutes, until the connection is lost."""
        while not connection.signs.is_lost:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._limits.refresh / 1000):
                    await self._woken.wait()
            self._woken.clear()
            if connection.signs.is_lost:
                break
            await self._list(connection)
            self._settled.set()
            await asyncio.sleep(self._limits.calm / 1000)  # however often it says that it changed
        raise ServerLost

    async def _list(self, connection: "Connection") -> None:
        seconds = self._limits.listing / 1000
        end = time.monotonic() + seconds
        try:
            async with asyncio.timeout(seconds):
                listing = await connection.listing()
        except (TimeoutError, ServerTrouble) as trouble:
            if self.specified is not None and connection.calls and not connection.signs.is_lost:
                return  # it is at work: its list is looked at another time
            reason = str(trouble) or f"did not list its tools within {seconds:g} s"
            connection.signs.lose(reason)
            raise ServerLost from None
        found = await asyncio.to_thread(
            specify,
            self.server,
            listing.offers,
            self._limits,
            is_late=lambda: time.monotonic() > end,
        )
        said = (f"{self.server.name}: {note}" for note in listing.notes)
        self._heard = (*said, *found.notes)
        if self.specified is not None:
            self._changes.extend(changes(self.server.name, self.specified, found))
        self.specified = found

    # ------------------------------------------------------------------------ what is told

    def _wake(self) -> None:
        self._woken.set()

    def _become(self, state: Status, reason: str) -> None:
        if (state, reason) != (self._state, self._reason):
            self._state, self._reason, self._since = state, reason, self._clock()
        if state == "connecting":
            self._decided.clear()
        else:
            self._decided.set()
            self._settled.set()

    def _why(self, signs: Signs, reason: str) -> str:
        """The reason with what the transport has seen, without what the server was given."""
        return one_line(signs.told(reason), REASON_LENGTH)


def changes(name: str, before: Specified, now: Specified) -> list[str]:
    """What is different in a list, for people. A tool whose words or schemas have changed is not
    the one that was allowed.
    """
    notes = [f"{name}: the tool {t!r} is gone" for t in before.tools if t not in now.tools]
    for tool_id, tool in now.tools.items():
        earlier = before.tools.get(tool_id)
        if earlier is None:
            notes.append(f"{name}: the tool {tool_id!r} is new")
        elif fingerprint(earlier) != fingerprint(tool):
            notes.append(
                f"{name}: the tool {tool_id!r} has another description or schema than before; it "
                "is asked for again"
            )
    return notes


def _said_by(error: BaseException) -> str:
    """The reason in an error; groups of errors are looked into."""
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    if isinstance(error, ServerTrouble):
        return str(error)  # of a loss, the transport knows why
    return _KNOWN.get(type(error).__name__, f"failed with {type(error).__name__}")


_KNOWN = {
    "ConnectError": "cannot be reached at its address",
    "ConnectTimeout": "cannot be reached at its address in time",
    "ReadError": "broke the connection",
    "RemoteProtocolError": "broke the connection",
    "InvalidURL": "has an address that is none",
    "UnsupportedProtocol": "has an address that is none",
}

"""The transport to a server that is a child process: one JSON message a line, with bounds.

The SDK's own transport keeps a line of any length in memory and logs each line that is no message;
a server that floods would be expensive. The messages and the way a child is stopped are the same.
"""

import asyncio
import re
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.shared.message import SessionMessage
from mcp_types import (
    PARSE_ERROR,
    ErrorData,
    JSONRPCError,
    JSONRPCMessage,
    JSONRPCNotification,
    JSONRPCRequest,
    jsonrpc_message_adapter,
)

from agents.tools.child import ending_of, let_go, started, stop
from agents.tools.errors import ServerTrouble
from agents.tools.limits import MIB, Limits
from agents.tools.servers import Server
from agents.tools.signs import Signs

CHUNK = 65_536
EDGE = 200  # bytes at the ends of a line, where the id of an answer stands
_ANSWER_ID = re.compile(rb'"id"\s*:\s*(\d{1,15})\s*[,}]')
FLUSH = 0.5  # seconds for what was accepted already, before stdin is closed
_READ = ("notifications/tools/list_changed", "notifications/subscriptions/")

_Task = asyncio.Task[None]
Incoming = MemoryObjectSendStream[SessionMessage | Exception]
Outgoing = MemoryObjectReceiveStream[SessionMessage]
Streams = tuple[
    MemoryObjectReceiveStream[SessionMessage | Exception], MemoryObjectSendStream[SessionMessage]
]


@asynccontextmanager
async def piped(server: Server, limits: Limits, signs: Signs) -> AsyncIterator[Streams]:
    """Start the server's process and speak with it; at the end it is stopped in order: stdin
    closed, terminated, killed.
    """
    process = await started(server)
    incoming, for_session = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    from_session, outgoing = anyio.create_memory_object_stream[SessionMessage](0)
    reading = asyncio.create_task(_read(process, incoming, limits, signs))
    writing = asyncio.create_task(_write(process, outgoing, signs))
    complaints = asyncio.create_task(_keep_last_words(process, limits, signs))
    try:
        yield for_session, from_session
    finally:
        signs.is_closing = True
        # One that never answered has nothing to bring to an end.
        patience = limits.close / 3000 / (1 if signs.is_met else 4)
        for_session.close()
        from_session.close()
        await _surely(_wind_up(process, patience, reading, writing, complaints))
        incoming.close()
        outgoing.close()


async def _wind_up(
    process: Process, patience: float, reading: _Task, writing: _Task, complaints: _Task
) -> None:
    await asyncio.wait({writing}, timeout=FLUSH)
    writing.cancel()
    await stop(process, patience)
    await asyncio.wait({reading, complaints}, timeout=FLUSH)
    for task in (reading, complaints):
        task.cancel()
    await asyncio.gather(reading, writing, complaints, return_exceptions=True)
    let_go(process)


async def _surely(work: Coroutine[Any, Any, None]) -> None:
    """Do it to its end, though this task is cancelled meanwhile: a child must not stay behind."""
    task = asyncio.create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled


async def _read(process: Process, incoming: Incoming, limits: Limits, signs: Signs) -> None:
    """Hand each message to the session, until there are no more or the server floods."""
    reason = ""
    try:
        await _pass_on(process, incoming, limits)
    except ServerTrouble as trouble:
        reason = str(trouble)
    except (anyio.BrokenResourceError, anyio.ClosedResourceError):
        pass  # the session is over: its server is being stopped
    except (OSError, ValueError) as error:
        reason = f"its output could not be read ({type(error).__name__})"
    finally:
        if not reason and not signs.is_closing:
            signs.ending = await ending_of(process)
        signs.lose(reason)
        incoming.close()
    await _drain(process)


async def _pass_on(process: Process, incoming: Incoming, limits: Limits) -> None:
    junk = unasked = 0
    async for line in _lines(process, limits.message):
        message = _message(line) or _unreadable_answer(line)
        if message is None:
            junk += len(line) + 1
        elif isinstance(message, JSONRPCRequest | JSONRPCNotification):
            unasked += len(line)
        else:
            unasked = 0
        if junk > limits.junk:
            raise ServerTrouble("writes on stdout what is no message")
        if unasked > limits.message:
            raise ServerTrouble("sends messages that nobody asked for, without end")
        if message is not None and _is_wanted(message):
            await incoming.send(SessionMessage(message))


async def _lines(process: Process, longest: int) -> AsyncIterator[bytes]:
    assert process.stdout is not None  # noqa: S101 - it was started with pipes
    parts: list[bytes] = []
    size = 0
    while chunk := await process.stdout.read(CHUNK):
        *ended, rest = chunk.split(b"\n")
        for line in ended:
            yield b"".join((*parts, line))
            parts, size = [], 0
        parts.append(rest)
        size += len(rest)
        if size > longest:
            raise ServerTrouble(f"sent a message of more than {longest / MIB:g} MB")


def _message(line: bytes) -> JSONRPCMessage | None:
    """The message of a line, or None if it is none."""
    try:
        return jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValueError:
        return None


def _unreadable_answer(line: bytes) -> JSONRPCError | None:
    """Where an answer cannot be read, for instance since it is nested too deeply, its request is
    told so instead of waiting in vain.
    """
    found = _ANSWER_ID.search(line[:EDGE]) or _ANSWER_ID.search(line[-EDGE:])
    if found is None or b'"jsonrpc"' not in line:
        return None
    error = ErrorData(code=PARSE_ERROR, message="the answer cannot be read")
    return JSONRPCError(jsonrpc="2.0", id=int(found.group(1)), error=error)


def _is_wanted(message: JSONRPCMessage) -> bool:
    """Log messages and the like are left unread: nobody looks at them."""
    return not isinstance(message, JSONRPCNotification) or message.method.startswith(_READ)


async def _write(process: Process, outgoing: Outgoing, signs: Signs) -> None:
    assert process.stdin is not None  # noqa: S101 - it was started with pipes
    try:
        async for sent in outgoing:
            text = sent.message.model_dump_json(by_alias=True, exclude_unset=True)
            process.stdin.write(text.encode("utf-8", "replace") + b"\n")
            await process.stdin.drain()
    except (OSError, RuntimeError):
        signs.lose("does not read its stdin any more")
    finally:
        outgoing.close()


async def _keep_last_words(process: Process, limits: Limits, signs: Signs) -> None:
    assert process.stderr is not None  # noqa: S101 - it was started with pipes
    with suppress(OSError, ValueError):
        while chunk := await process.stderr.read(CHUNK):
            signs.last_words = (signs.last_words + chunk)[-limits.stderr :]


async def _drain(process: Process) -> None:
    """Read what still comes, so that a full pipe keeps no server from ending."""
    assert process.stdout is not None  # noqa: S101 - it was started with pipes
    with suppress(OSError, ValueError):
        while await process.stdout.read(CHUNK):
            pass

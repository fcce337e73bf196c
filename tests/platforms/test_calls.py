"""One request to a platform: bounded in time and size, and honest about how far it came."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from agents.publishers import calls
from agents.publishers.calls import Answer, Call, send
from agents.publishers.verdicts import Broken
from streams.clock import wall_clock

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def answering(handler: Handler) -> AsyncIterator[str]:
    """Something on loopback that speaks as a test wants."""
    ended = asyncio.Event()

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handler(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
            ended.set()

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await ended.wait()


async def asked(url: str, within: int = 2_000) -> Answer | Broken:
    until = wall_clock() + within
    return await send(Call("POST", url, body={}), begin_before=until, until=until, clock=wall_clock)


def saying(*pieces: bytes, forever: bytes = b"") -> Handler:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        with suppress(ConnectionError):
            for piece in pieces:
                writer.write(piece)
            while forever:
                writer.write(forever)
                await writer.drain()

    return handler


HEAD = b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n"


async def test_an_answer_is_status_headers_and_body() -> None:
    async with answering(saying(HEAD % 8, b'{"a": 1}')) as url:
        answer = await asked(url)

    assert isinstance(answer, Answer)
    assert (answer.status, answer.document, answer.is_success) == (201, {"a": 1}, True)


@pytest.mark.parametrize("body", [b"[1]", b"{", b"\xff\xfe", b""])
async def test_a_body_that_is_no_object_is_an_empty_one(body: bytes) -> None:
    async with answering(saying(HEAD % len(body), body)) as url:
        answer = await asked(url)

    assert isinstance(answer, Answer)
    assert answer.document == {}


async def test_a_flood_is_read_up_to_a_limit_and_its_status_still_counts() -> None:
    head = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    async with answering(saying(head, forever=chunk)) as url:
        answer = await asked(url)

    assert isinstance(answer, Answer)
    assert (answer.status, answer.is_whole, len(answer.body)) == (201, False, calls.LARGEST)


@pytest.mark.parametrize("said", [b"SSH-2.0-OpenSSH\r\n", b"", b"HTTP/1.1 2"])
async def test_an_answer_that_is_none_leaves_it_open_what_happened(said: bytes) -> None:
    async with answering(saying(said)) as url:
        answer = await asked(url)

    assert answer is Broken.LOST


async def test_a_drip_is_not_waited_for_longer_than_the_time() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 201 Created\r\n")
        await reader.read()

    async with answering(drip) as url:
        answer = await asked(url, within=200)

    assert answer is Broken.SILENT


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://no-such-name.invalid"])
async def test_where_nobody_is_nothing_was_sent(url: str) -> None:
    assert await asked(url) is Broken.UNREACHABLE


async def test_without_time_nothing_is_begun() -> None:
    assert await asked("http://127.0.0.1:9", within=0) is Broken.TOO_LATE


def test_a_call_shows_none_of_its_headers() -> None:
    call = Call("POST", "https://x", {"Authorization": "Bearer canary"}, form={"a": "canary"})

    assert "canary" not in repr(call)

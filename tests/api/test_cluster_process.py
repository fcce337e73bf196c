"""A process of a cluster says what it is at, and ends with an error when a part of it cannot go
on."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from api.cluster.health import Watched, health_on
from api.errors import UsageError, WorkFailed
from api.verbs.cluster import run_until_stopped
from streams.domain.errors import LogUnavailable
from tests.streams.waiting import until


@dataclass
class Part:
    """A part that does what the test says."""

    parts: tuple[str, ...] = ("worker",)
    failure: BaseException | None = None
    is_ready: bool = True
    behind: dict[str, int] = field(default_factory=lambda: {"inputs/0": 3, "inputs/1": 4})
    was_stopped: bool = False

    async def lag(self) -> Mapping[str, int]:
        return self.behind

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Watched]:
        try:
            yield self
        finally:
            self.was_stopped = True


async def ask(port: int, text: bytes) -> tuple[bytes, dict[str, object]]:
    """The status line and the document that a request is answered with."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text + b"\r\nHost: localhost\r\n\r\n")
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.splitlines()[0], json.loads(body)


async def test_readiness_tells_the_lag_of_each_partition() -> None:
    async with health_on(0, Part()) as port:
        assert port is not None
        status, found = await ask(port, b"GET /readyz HTTP/1.1")

    assert status == b"HTTP/1.1 200 OK"
    assert found["status"] == "ready"
    assert found["lag"] == {"inputs/0": 3, "inputs/1": 4}
    assert found["total_lag"] == 7


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (Part(is_ready=False), "taking over"),
        (Part(failure=LogUnavailable("the broker is gone")), "failing"),
    ],
)
async def test_what_is_not_ready_answers_503_and_still_lives(part: Part, expected: str) -> None:
    async with health_on(0, part) as port:
        assert port is not None
        status, found = await ask(port, b"GET /readyz HTTP/1.1")
        alive, _ = await ask(port, b"GET /livez HTTP/1.1")

    assert status == b"HTTP/1.1 503 Service Unavailable"
    assert found["status"] == expected
    assert alive == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize("line", [b"GET / HTTP/1.1", b"", b"nonsense", b"\xff\xfe"])
async def test_anything_else_is_answered_404(line: bytes) -> None:
    async with health_on(0, Part()) as port:
        assert port is not None
        status, _ = await ask(port, line)

    assert status == b"HTTP/1.1 404 Not Found"


async def test_a_port_that_is_taken_is_said_so() -> None:
    async with health_on(0, Part()) as port:
        with pytest.raises(UsageError, match=f"{port}.*choose another port"):
            async with health_on(port, Part()):
                pass


async def test_a_process_ends_with_an_error_when_its_consumer_has_died(
    capsys: pytest.CaptureFixture[str],
) -> None:
    part = Part()
    running = asyncio.create_task(run_until_stopped(part.running(), None))
    await until(lambda: "ready" in capsys.readouterr().out)

    part.failure = LogUnavailable("the consumer has died")

    with pytest.raises(WorkFailed, match="the consumer has died"):
        await running
    assert part.was_stopped


async def test_what_fails_while_it_stops_is_an_error_as_well() -> None:
    @asynccontextmanager
    async def failing() -> AsyncIterator[Watched]:
        part = Part()
        os.kill(os.getpid(), signal.SIGTERM)
        yield part
        part.failure = LogUnavailable("the last commit was lost")

    with pytest.raises(WorkFailed, match="the last commit"):
        await run_until_stopped(failing(), None)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_in_order_also_while_it_takes_over(
    number: signal.Signals,
) -> None:
    part = Part(is_ready=False)
    running = asyncio.create_task(run_until_stopped(part.running(), None))
    await asyncio.sleep(0)

    os.kill(os.getpid(), number)

    assert await running == 0
    assert part.was_stopped


async def test_a_signal_ends_it_also_while_the_broker_is_looked_for() -> None:
    was_cancelled = False

    @asynccontextmanager
    async def looking() -> AsyncIterator[Watched]:
        nonlocal was_cancelled
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()
            yield Part()
        except asyncio.CancelledError:
            was_cancelled = True
            raise

    assert await run_until_stopped(looking(), None) == 0
    assert was_cancelled

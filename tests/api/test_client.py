"""The command line's way in: to a server, to this process, or to neither."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from api.client import Client, connect, server_of
from api.errors import ApiError, Conflict, NotFound, Unreachable, UsageError, WorkFailed
from api.settings import Settings
from streams.lock import DirectoryLock


def answering(status: int, body: bytes, form: str = "application/problem+json") -> Client:
    """A client of a server that always answers the same."""
    answer = httpx.Response(status, content=body, headers={"Content-Type": form})
    transport = httpx.MockTransport(lambda request: answer)
    http = httpx.AsyncClient(transport=transport, base_url="http://localhost")
    return Client(http, is_local=False)


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (401, UsageError, 2),
        (404, NotFound, 3),
        (409, Conflict, 1),
        (413, UsageError, 2),
        (422, UsageError, 2),
        (500, WorkFailed, 1),
        (503, Unreachable, 4),
    ],
)
async def test_a_problem_becomes_the_error_with_its_exit_code(
    status: int, kind: type[ApiError], code: int
) -> None:
    client = answering(status, json.dumps({"detail": "what to do now"}).encode())

    with pytest.raises(kind, match="what to do now") as caught:
        await client.get("/")

    assert caught.value.exit_code == code


async def test_every_field_that_does_not_fit_is_told() -> None:
    errors = [{"pointer": "/a", "detail": "is bad"}, {"pointer": "", "detail": "is too deep"}]

    with pytest.raises(UsageError, match=r"(?s)/a: is bad.*the body is too deep"):
        await answering(422, json.dumps({"errors": errors}).encode()).get("/")


@pytest.mark.parametrize("status", [200, 404, 502])
async def test_something_else_that_answers_there_is_said_to_be_no_orchestrator(
    status: int,
) -> None:
    with pytest.raises(Unreachable, match="is no orchestrator"):
        await answering(status, b"<html>", "text/html").get("/")


async def test_a_server_that_is_too_slow_is_not_said_to_be_absent() -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow", request=request)

    transport = httpx.MockTransport(slow)
    client = Client(httpx.AsyncClient(transport=transport, base_url="http://h"), is_local=False)

    with pytest.raises(Unreachable, match="asking again is safe"):
        await client.get("/")


async def test_a_verb_waits_for_another_one_that_holds_the_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data=tmp_path)
    has_looked = asyncio.Event()

    def looking(settings: Settings) -> str | None:
        has_looked.set()
        return server_of(settings)

    monkeypatch.setattr("api.client.server_of", looking)
    lock = DirectoryLock(tmp_path)

    async def list_tasks() -> int:
        async with connect(settings, agents=()) as client:
            return len((await client.get("/api/orchestrator/history"))["items"])

    listing = asyncio.create_task(list_tasks())
    await has_looked.wait()
    lock.release()

    assert await listing == 0


async def test_who_goes_on_holding_the_directory_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.client.LOCK_PATIENCE", 0.0)
    lock = DirectoryLock(tmp_path)

    with pytest.raises(Unreachable, match=r"held by process \d+, which works on a task"):
        async with connect(Settings(data=tmp_path), agents=()):
            pass

    lock.release()

"""What passes the gate: sizes, forms, hosts, tokens; and raw bytes over a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from api.app import create_app
from api.bootstrap import echo_agents, running
from api.security import create_token
from api.settings import Settings
from projections.errors import StoreLocked
from streams.log import EVENTS
from streams.verification import verify_log
from tests.api.serving import Served, serving

PROCESS = "/api/orchestrator/process"
SECRET = "a secret of more than thirty-two characters"


async def chunks(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b" " * 1_000


@pytest.mark.parametrize("path", [PROCESS, "/api/requests", "/api/orchestrator/approve"])
async def test_a_body_over_the_limit_is_refused_whether_its_length_is_stated_or_not(
    path: str, tmp_path: Path
) -> None:
    async with serving(tmp_path, max_body=2_000) as here:
        stated = await here.http.post(path, content=b" " * 2_001)
        chunked = await here.http.post(path, content=chunks(3))
        end = await here.parts.log.end(EVENTS, 0)

    for answer in (stated, chunked):
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert "2,000" in answer.json()["detail"]
    assert end == 0


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ("application/json", 202),
        ("application/json; charset=utf-8", 202),
        ("application/cloudevents+json", 202),
        ("", 202),
        ("application/x-www-form-urlencoded", 415),
        ("text/plain", 415),
        ("text/json", 415),
        ("application/xml", 415),
        ("application/x-ndjson", 415),
    ],
)
async def test_a_body_is_json(form: str, status: int, tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        headers = {"Content-Type": form} if form else {}
        answer = await here.http.post(PROCESS, content=b'{"request": "x"}', headers=headers)

    assert answer.status_code == status
    if status == 415:
        assert "application/json" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "localhost:8000"}, 202),
        ({"Host": "127.0.0.1"}, 202),
        ({"Host": "[::1]:8000"}, 202),
        ({"Host": "orchestrator.example"}, 202),
        ({"Host": "rebound.example"}, 403),
        ({"Host": ""}, 403),
        ({"Origin": "http://localhost:8000"}, 202),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 202),
    ],
)
async def test_pages_of_other_sites_cannot_use_a_server_without_tokens(
    headers: dict[str, str], status: int, tmp_path: Path
) -> None:
    async with serving(tmp_path, public_url="https://orchestrator.example") as here:
        answer = await here.http.post(PROCESS, json={"request": "x"}, headers=headers)

    assert answer.status_code == status


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/openapi.json",
        "/readyz",
        "/nothing",
        "/api/orchestrator/status/x",
        "/api/dead-letters",
    ],
)
async def test_with_a_secret_everything_but_livez_needs_a_token(path: str, tmp_path: Path) -> None:
    async with serving(tmp_path, secret=SECRET) as here:
        refused = await here.http.get(path)
        alive = await here.http.get("/livez")
        token = create_token(here.parts.settings, "ann", "admin", days=1)
        let_in = await here.http.get(path, headers={"Authorization": f"Bearer {token}"})

    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.headers["content-type"] == "application/problem+json"
    assert alive.status_code == 200
    assert let_in.status_code in (200, 404)


async def test_every_answer_says_that_nothing_of_it_may_be_guessed_or_framed(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as here:
        answers = [await here.http.get(path) for path in ("/", "/livez", "/nothing")]

    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_what_is_not_there_and_what_cannot_be_done_are_problems(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        absent = await here.http.get("/api/orchestrator/nothing")
        unable = await here.http.delete(PROCESS)

    assert (absent.status_code, unable.status_code) == (404, 405)
    assert "GET / lists" in absent.json()["detail"]
    assert unable.headers["allow"] == "POST"
    assert "it takes POST" in unable.json()["detail"]


async def test_a_bug_is_a_problem_that_gives_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(tmp_path) as here:

        async def broken(task_id: str) -> None:
            raise RuntimeError("a password")

        monkeypatch.setattr(here.parts.orchestrator, "look", broken)
        answer = await here.http.get("/api/orchestrator/status/x")

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "password" not in answer.text


HOST = b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
POST = b"POST " + PROCESS.encode() + HOST


async def test_read_models_that_another_process_holds_are_a_problem_and_nothing_else_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(directory: Path) -> None:
        raise StoreLocked

    monkeypatch.setattr("projections.store.Store.open", held)
    async with serving(tmp_path) as here:
        listed = await here.http.get("/api/orchestrator/history")
        task_id = await here.submit()
        status = await here.status(task_id)

    assert listed.status_code == 503
    assert listed.headers["retry-after"] == "1"
    assert "Another process" in listed.json()["detail"]
    assert status["outcome"] == "approved"


HANGING = "a body that never comes"
RAW = {
    "no HTTP at all": b"hello\r\n\r\n",
    "a header without a name": POST + b": x\r\n\r\n",
    "a length that is no number": POST + b"Content-Length: many\r\n\r\n",
    "a negative length": POST + b"Content-Length: -5\r\n\r\n",
    "a length that is too large": POST + b"Content-Length: 99999999999999999999\r\n\r\n",
    "a chunk that is no number": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "bytes that are no text": POST + b'Content-Length: 15\r\n\r\n{"request":"\xff"}',
    "a path that leads out": b"GET /../../etc/passwd" + HOST + b"\r\n",
    "a zero byte in the path": b"GET /api/orchestrator/status/%00" + HOST + b"\r\n",
    "half a character in the path": b"GET /api/orchestrator/status/%ED%A0%80" + HOST + b"\r\n",
    "a method of one's own": b"BREW /" + HOST + b"\r\n",
    HANGING: POST + b"Content-Length: 9\r\n\r\n{",
}  # fmt: skip


@asynccontextmanager
async def listening(directory: Path) -> AsyncIterator[tuple[Served, int]]:
    """The application behind a real socket, and its port."""
    settings = Settings(data=directory / "data")
    async with running(settings, echo_agents()) as parts:
        app = create_app(parts)
        config = uvicorn.Config(app, port=0, log_level="critical", access_log=False, lifespan="off")
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - it has no event to wait for
            await asyncio.sleep(0)
        port: int = server.servers[0].sockets[0].getsockname()[1]
        try:
            async with httpx.AsyncClient(base_url=f"http://localhost:{port}") as http:
                yield Served(http, parts), port
        finally:
            server.should_exit = True
            await task


async def test_raw_bytes_that_are_no_request_leave_the_server_and_the_log_whole(
    tmp_path: Path,
) -> None:
    answers: dict[str, bytes] = {}
    async with listening(tmp_path) as (here, port):
        for name, sent in RAW.items():
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(sent)
            if name == HANGING:
                writer.write_eof()
            answers[name] = await reader.read()
            writer.close()
            await writer.wait_closed()
        task_id = await here.submit()
        status = await here.status(task_id)
        report = await verify_log(here.parts.log)

    for name, answer in answers.items():
        if name != HANGING:
            assert answer.startswith(b"HTTP/1.1 4"), (name, answer)
    assert b'"pointer":""' in answers["bytes that are no text"]
    assert status["outcome"] == "approved"
    assert (report.tasks, report.findings) == (1, [])


async def test_a_megabyte_of_text_over_a_socket_is_refused_by_its_field(tmp_path: Path) -> None:
    async with listening(tmp_path) as (here, _):
        body = json.dumps({"request": "x" * 1_000_000})
        answer = await here.http.post(PROCESS, content=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/request"
    assert len(answer.content) < 1_000

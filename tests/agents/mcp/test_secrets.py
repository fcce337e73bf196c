"""Values of `env` and `headers` are seen by their server and by nobody else."""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import pytest

from agents.contract import Done
from agents.tools.servers import Server, read_servers
from agents.tools.signs import Signs
from tests.agents.mcp.boxes import ONCE, SERVERS, opened, report, step
from tests.mcp_servers.web import bad, served

CANARY = "canary-5f3c9e71"
ENVIRONMENT = {"VAULT": CANARY}


def read(folder: Path, body: dict[str, Any]) -> Server:
    path = folder / "mcp.json"
    path.write_text(json.dumps({"mcpServers": {"odd": body}}))
    (server,) = read_servers(path, ENVIRONMENT)
    return server


def local(folder: Path, way: str, *words: str) -> Server:
    script = str(SERVERS / "misbehaving.py")
    return read(
        folder,
        {
            "command": sys.executable,
            "args": ["-S", "-E", script, way, *words],
            "env": {"API_TOKEN": "${VAULT}"},
        },
    )


async def test_a_server_gets_its_values_and_a_result_that_repeats_them_does_not_show_them(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async with opened(local(tmp_path, "environment")) as box:
        outcome = await box.call(step("odd.echo", text="x"))

        assert isinstance(outcome, Done)
        assert outcome.output["text"] == "token ***\nplain"
        assert CANARY not in repr((outcome, box.found(), caplog.text))


async def test_last_words_do_not_show_them(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async with opened(local(tmp_path, "counted", str(tmp_path / "lives")), limits=ONCE) as box:
        outcome = await box.call(step("odd.echo", text="x"))

        assert "its last words: cannot log in with ***" in report(box).reason
        assert CANARY not in repr((outcome, box.found(), caplog.text))


@pytest.mark.parametrize("way", ["repeats", "unknown", "page", "flood", "packed"])
async def test_headers_and_addresses_are_not_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[dict[str, Any]] = []

    async with served(bad(way, seen)) as url:
        body = {"url": url + "?key=${VAULT}", "headers": {"Authorization": "Bearer ${VAULT}"}}
        async with opened(read(tmp_path, body), limits=ONCE) as box:
            outcome = await box.call(step("odd.echo", text="x"))
            found = box.found()

    assert seen[0]["headers"]["authorization"] == f"Bearer {CANARY}"
    assert CANARY not in repr((outcome, found))
    assert CANARY not in caplog.text


async def test_only_what_a_server_is_given_reaches_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("API_TOKEN", CANARY)
    script = str(SERVERS / "misbehaving.py")
    body = {"command": sys.executable, "args": ["-S", "-E", script, "environment"]}

    async with opened(read(tmp_path, body)) as box:
        outcome = await box.call(step("odd.echo", text="x"))

    assert isinstance(outcome, Done)
    assert outcome.output["text"] == "token None\nplain"


def test_no_half_of_a_secret_is_left_where_words_are_cut(tmp_path: Path) -> None:
    server = read(tmp_path, {"command": "x", "env": {"API_TOKEN": "${VAULT}"}})

    for length in range(200, 260):
        words = f"login with {CANARY} {'y' * length}".encode()
        told = Signs(hide=server.hide, last_words=words, ending="ended with code 1").told()

        assert CANARY[-4:] not in told


def test_a_secret_is_recognised_as_json_and_as_a_part_of_an_address(tmp_path: Path) -> None:
    body = {"command": "x", "env": {"API_TOKEN": 'q"uo te/d'}}

    assert read(tmp_path, body).hide(r'q"uo te/d q\"uo te/d q%22uo%20te%2Fd') == "*** *** ***"

"""The description of the interface on a broker, in the terminal and over HTTP."""

import asyncio
from pathlib import Path

from tests.api.serving import serving
from tests.api.terminal import Terminal


def test_the_description_needs_neither_broker_nor_data_directory(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)

    found = terminal("asyncapi").json

    assert found["asyncapi"] == "3.0.0"
    assert found["servers"]["kafka1"]["host"] == "localhost:9092"
    assert list(tmp_path.iterdir()) == []


def test_the_brokers_that_were_named_are_in_it(tmp_path: Path) -> None:
    variables = {"ORCHESTRATOR_KAFKA": "a:1", "ORCHESTRATOR_KAFKA_PREFIX": "team."}

    by_variable = Terminal(tmp_path)("asyncapi", env=variables).json
    by_flag = Terminal(tmp_path)("asyncapi", "--kafka", "b:2,c:3", env=variables).json

    assert [s["host"] for s in by_variable["servers"].values()] == ["a:1"]
    assert [s["host"] for s in by_flag["servers"].values()] == ["b:2", "c:3"]
    assert by_flag["channels"]["requests"]["address"] == "team.requests"


async def test_a_server_answers_what_the_terminal_prints(tmp_path: Path) -> None:
    printed = await asyncio.to_thread(Terminal(tmp_path), "asyncapi")

    async with serving(tmp_path) as here:
        answer = await here.http.get("/asyncapi.json")

    assert answer.status_code == 200
    assert answer.json() == printed.json


async def test_a_description_is_for_those_who_may_look(tmp_path: Path) -> None:
    async with serving(tmp_path, secret="s" * 40) as here:
        answer = await here.http.get("/asyncapi.json")

    assert answer.status_code == 401

"""`orchestrator mcp` as a desktop assistant starts it: a process that speaks the protocol on its
standard output, and nothing else."""

import json
import signal
import subprocess
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from api.errors import Unreachable
from api.mcp.orchestrator import orchestrator_server
from api.mcp.stdio import Connection
from api.settings import Settings
from tests.api.mcp.assistants import desktop, text_of
from tests.api.terminal import Terminal
from tests.api.test_processes import serving

REQUEST = "Create a LinkedIn post about our Q4 growth metrics"
START: dict[str, Any] = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}
METRICS = {"revenue_monthly": 150_000, "customer_count": 320}


async def test_without_a_server_the_process_does_the_work_in_its_data_directory(
    tmp_path: Path,
) -> None:
    async with desktop(tmp_path, "--data", "here") as user:
        submitted = await user.ask("submit_request", request=REQUEST, business_metrics=METRICS)
        shown = await user.ask("get_deliverable", task_id=submitted["task_id"])

    assert submitted["status"] == "pending_approval"
    assert "8/9 phase APPROVAL" in user.told
    assert "150,000" in shown["main_content"]["content"]
    assert (tmp_path / "here").is_dir()


async def test_it_asks_the_server_that_holds_the_directory_and_finds_its_successor(
    tmp_path: Path,
) -> None:
    terminal = Terminal(tmp_path)
    settings = Settings(data=tmp_path / ".orchestrator")

    async def ask(way: Connection, path: str) -> Any:
        async with way.open() as client:
            return await client.get(path)

    async with AsyncExitStack() as stack:
        way = Connection(settings, stack)
        with serving(terminal):
            first = await ask(way, "/readyz")
        with pytest.raises(Unreachable, match="does not answer"):
            await ask(way, "/readyz")
        with serving(terminal):
            second = await ask(way, "/readyz")

    assert first["status"] == second["status"] == "ready"


async def test_a_server_that_is_not_there_is_told_in_the_answer(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, server="http://127.0.0.1:1")

    async with AsyncExitStack() as stack:
        server = orchestrator_server(Connection(settings, stack).open)
        async with Client(server) as client:
            answer = await client.call_tool("search_history")

    assert answer.is_error
    assert "is the server running?" in text_of(answer)


def test_nothing_but_the_protocol_is_on_standard_output(tmp_path: Path) -> None:
    call = {"name": "metrics_analyzer", "arguments": {"business_metrics": METRICS}}
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": START},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call},
    ]
    process = Terminal(tmp_path).start("mcp", "--agents", stdin=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None

    process.stdin.write("not json\n" + "".join(json.dumps(m) + "\n" for m in messages))
    process.stdin.flush()
    lines: list[dict[str, Any]] = []
    while not any(line.get("id") == 2 for line in lines):
        lines.append(json.loads(process.stdout.readline()))
    rest, errors = process.communicate(timeout=20)

    assert lines[-1]["result"]["structuredContent"]["facts"][0]["value"] == 150_000
    assert all(line["jsonrpc"] == "2.0" for line in lines)
    assert (rest, process.returncode) == ("", 0), errors
    assert list(tmp_path.iterdir()) == []


def test_a_signal_ends_it_at_once_and_in_order(tmp_path: Path) -> None:
    process = Terminal(tmp_path).start("mcp", stdin=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    call = {"name": "submit_request", "arguments": {"request": REQUEST, "wait_seconds": 0}}
    for number, (method, params) in enumerate((("initialize", START), ("tools/call", call))):
        message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())

    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    whole = Terminal(tmp_path)("verify")

    assert not answer["result"]["structuredContent"]["is_repeat"]
    assert process.returncode == 130
    assert whole.code == 0, whole.out

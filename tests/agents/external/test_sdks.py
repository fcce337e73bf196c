"""The SDKs under `docs/agents`, each as a process of its own against a real server: steps of a
plan, failures, the door, long work, lost leases, and Ctrl-C."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.terminal import ROOT, Terminal, without_ours

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
DOCS = Path(ROOT) / "docs" / "agents"
QUEUE = "/api/commands/"
COMPARISON: dict[str, Any] = {
    "request": "How do we compare with our competitors on price and market share?",
    "business_metrics": {"price": 49, "market_share": 0.12},
    "context": {
        "market": {
            "competitors": [
                {"name": "Northwind", "price": 59, "market_share": 0.31},
                {"name": "Contoso", "price": 45, "market_share": 0.22},
            ]
        }
    },
}
PROGRAMS = {
    "python": [sys.executable, str(HERE / "worker.py")],
    "node": ["node", str(HERE / "worker.mjs")],
}
EXAMPLES = {
    "python": [sys.executable, str(DOCS / "python" / "example.py")],
    "node": ["node", str(DOCS / "node" / "example.mjs")],
}


@dataclass
class Server:
    """A running server that leaves two types to others, and a client."""

    url: str
    http: httpx.Client

    def put(self, agent_type: str, action: str, **more: Any) -> str:
        body = {"agent_type": agent_type, "action": action} | more
        answer = self.http.post(QUEUE, json=body)
        assert answer.status_code == 202, answer.text
        found: str = answer.json()["command_id"]
        return found

    def show(self, command_id: str) -> Any:
        return self.http.get(QUEUE + command_id).json()

    def ended(self, command_id: str) -> Any:
        """The command when it has ended."""
        task_id = command_id.rpartition(".")[0]
        self.http.get(f"/api/orchestrator/status/{task_id}", params={"wait": 30})
        return self.show(command_id)

    def until(self, command_id: str, status: str) -> None:
        deadline = time.monotonic() + 30
        while self.show(command_id)["status"] != status:
            assert time.monotonic() < deadline

    def agent(self, name: str) -> Any:
        found = self.http.get("/api/agents").json()["items"]
        return next((each for each in found if each["name"] == name), None)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    terminal = Terminal(tmp_path_factory.mktemp("server"))
    environment = {"ORCHESTRATOR_EXTERNAL_AGENTS": "market_insight"}
    process = terminal.start("up", "--port", "0", "--data", "data", env=environment)
    assert process.stdout is not None
    found = re.search(r"http://\S+?(?=,)", process.stdout.readline())
    assert found is not None
    with httpx.Client(base_url=found.group(), timeout=60) as http:
        yield Server(found.group(), http)
    process.terminate()
    process.communicate(timeout=20)


@dataclass
class Worker:
    """A running agent."""

    name: str
    process: subprocess.Popen[str]

    def until_said(self, text: str) -> None:
        assert self.process.stdout is not None
        while text not in (line := self.process.stdout.readline()):
            assert line, f"it ended without saying {text!r}"

    def stop(self) -> str:
        """Ctrl-C; what it said since."""
        self.process.send_signal(signal.SIGINT)
        said, _ = self.process.communicate(timeout=30)
        return said


def started(command: list[str], server: Server, *arguments: str) -> subprocess.Popen[str]:
    environment = without_ours() | {"ORCHESTRATOR_SERVER": server.url, "PYTHONUNBUFFERED": "1"}
    environment |= {"PYTHONPATH": str(DOCS / "python"), "NO_PROXY": "127.0.0.1"}
    return subprocess.Popen(
        [*command, *arguments],
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@pytest.fixture(params=sorted(PROGRAMS))
def language(request: pytest.FixtureRequest) -> str:
    if shutil.which(PROGRAMS[request.param][0]) is None:
        pytest.skip("there is no Node here: install Node 20 or newer")
    found: str = request.param
    return found


@pytest.fixture
def worker(language: str, server: Server) -> Iterator[Worker]:
    name = f"{language}-{os.getpid()}"
    process = started(PROGRAMS[language], server, name)
    yield Worker(name, process)
    if process.poll() is None:
        process.kill()
        process.communicate()


def test_an_agent_elsewhere_works_like_one_that_is_built_in(worker: Worker, server: Server) -> None:
    slow = server.put("work", "slow")
    flaky = server.put("work", "flaky")
    never = server.put("work", "never")
    unknown = server.put("work", "dance")
    bug = server.put("work", "bug", max_attempts=1)
    send = server.put("work", "send", is_repeatable=False)
    accepted = server.http.post(
        "/api/orchestrator/process", json=COMPARISON, headers={"Prefer": "wait=30"}
    ).json()
    task = server.http.get(
        f"/api/orchestrator/status/{accepted['task_id']}", params={"wait": 30}
    ).json()
    steps = server.http.get(
        QUEUE, params={"task_id": accepted["task_id"], "agent_type": "market_insight"}
    ).json()["items"]
    shown = server.http.get(f"/api/orchestrator/approval/{accepted['task_id']}").json()

    assert server.ended(flaky)["result"] == {"progress": {"done": 1}}
    assert server.ended(never)["error"] == "no such thing"
    assert [each["outcome"] for each in server.show(never)["attempts"]] == ["failed"]
    assert "cannot do" in server.ended(unknown)["error"]
    assert server.ended(bug)["status"] == "failed"
    sent = server.ended(send)
    assert sent["result"] == {"key": send, "has_time": True}
    assert sent["cost"] == 0.5
    assert [(each["status"], each["runner"]) for each in steps] == [("completed", worker.name)]
    assert task["error"] is None
    assert f"says {worker.name}" in str(shown["supporting_materials"]["research"])
    done = server.ended(slow)
    assert (done["attempt"], done["result"]) == (1, {"is_lost": False})  # longer than its lease
    assert server.agent(worker.name)["state"] == "idle"


def test_work_that_was_taken_away_is_stopped_and_not_reported(
    worker: Worker, server: Server
) -> None:
    command_id = server.put("work", "until_lost")
    server.until(command_id, "processing")

    server.http.post(f"{QUEUE}{command_id}/cancel", json={})

    worker.until_said("stopped: True")
    assert server.show(command_id)["result"] is None
    assert "ended in order" in worker.stop()


def test_ctrl_c_finishes_what_is_under_way_and_takes_nothing_more(
    worker: Worker, server: Server
) -> None:
    command_id = server.put("work", "slow")
    worker.until_said("begun")

    said = worker.stop()
    left = server.put("work", "slow")

    assert server.show(command_id)["status"] == "completed"
    assert "ended in order" in said
    assert worker.process.returncode == 0
    assert server.agent(worker.name) is None
    assert server.show(left)["status"] == "pending"
    server.http.post(f"{QUEUE}{left}/cancel", json={})


def test_the_example_offers_tools_that_can_be_used(language: str, server: Server) -> None:
    process = started(EXAMPLES[language], server)
    try:
        forecast = server.put("weather", "", tool_id="weather.forecast", payload={"city": "Rome"})
        found = server.ended(forecast)
        tools = server.http.get("/api/orchestrator/tools/available").json()["tools"]
        warn = server.put("weather", "", tool_id="weather.warn", payload={"city": "Oslo"})
        warned = server.ended(warn)
    finally:
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)

    assert found["result"]["forecast"] == {"city": "Rome", "sky": "sunny", "degrees": 24}
    assert {"weather.forecast", "weather.warn"} <= {tool["tool_id"] for tool in tools}
    assert warned["is_repeatable"] is False
    assert warned["result"]["key"] == warn
    assert f"WARNING for Oslo (key {warn})" in said

"""A plan that uses tools of three real MCP servers, the examples of `examples/mcp`: two over
standard input and output, one over HTTP; one of them is killed in the middle of its call."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api import documents
from api.bootstrap import Parts, running
from api.intake import read_request, submission
from api.orchestrator import needs_somebody
from api.settings import Settings
from streams.domain.state import TaskState
from streams.domain.values import Json

pytestmark = pytest.mark.slow
EXAMPLES = Path(__file__).parents[2] / "examples" / "mcp"
HANGING = Path(__file__).parent / "hanging_server.py"
METRICS = {"revenue_monthly": 150_000, "customer_count": 320}
REPORT = "Analyse our competitors for a LinkedIn post"  # which must rest on the market research
POST = "Create a LinkedIn post that compares us with our competitors"  # which can do without
PATIENCE = 30.0  # seconds
ALLOWED: Json = {"market.*": "allow", "rates.*": "allow", "benchmark.*": "allow"}


@dataclass
class Office:
    """A data directory with the example servers, as a user would set them up."""

    data: Path
    pid_file: Path
    servers: Json

    def hang(self, name: str, *, is_trusted: bool = True) -> None:
        """Let a server take its calls and not answer them."""
        module = f"{name}_server"
        self.servers[name]["args"] = [str(HANGING), module, str(self.pid_file)]
        self.servers[name]["orchestrator"] = {"trusted": is_trusted}

    def settings(self, rules: Json = ALLOWED) -> Settings:
        """The settings of an orchestrator that tries everything once."""
        self.data.mkdir()
        (self.data / "mcp.json").write_text(json.dumps({"mcpServers": self.servers}))
        (self.data / "permissions.json").write_text(json.dumps({"version": 1, "tools": rules}))
        return Settings(data=self.data, max_attempts=1)

    async def kill_in_the_middle(self) -> None:
        """Wait until the hanging server has been called, and kill it."""
        deadline = time.monotonic() + PATIENCE
        while not await asyncio.to_thread(self.pid_file.exists):
            assert time.monotonic() < deadline, "the server was never called"
            await asyncio.sleep(0.01)
        os.kill(int(self.pid_file.read_text()), signal.SIGKILL)


@pytest.fixture(scope="module")
def benchmark() -> Iterator[str]:
    """The address of the example that serves over HTTP."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(EXAMPLES / "benchmark_server.py"), str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for_port(port)
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            server.terminate()


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, "the server did not come up"
            time.sleep(0.02)


@pytest.fixture
def office(benchmark: str, tmp_path: Path) -> Office:
    """The example file, with this machine's Python and the port that was free."""
    servers: Json = json.loads((EXAMPLES / "mcp.json").read_text("utf-8"))["mcpServers"]
    for server in servers.values():
        if "url" in server:
            server["url"] = benchmark
        else:
            server["command"] = sys.executable
            server["args"] = [str(EXAMPLES / Path(path).name) for path in server["args"]]
    return Office(tmp_path / "data", tmp_path / "pid", servers)


async def submit(parts: Parts, request: str) -> str:
    """Hand a request in."""
    here = parts.orchestrator
    body = read_request({"request": request, "business_metrics": METRICS})
    return (await here.tell(submission(body, here.settings, at=here.now()))).task_id


async def ended(parts: Parts, task_id: str) -> TaskState:
    """The task when it has ended, or only a human can move it."""
    return (await parts.orchestrator.wait_for(task_id, needs_somebody, PATIENCE)).state


async def kinds(parts: Parts, task_id: str, step_id: str) -> list[str]:
    """What happened to a step, by the types of its events."""
    events = documents.history(await parts.orchestrator.events(task_id))
    return [
        e["type"].removesuffix(".v1")
        for e in events
        if e["type"].startswith("step_") and e["data"]["step_id"] == step_id
    ]


def tools_of(state: TaskState) -> set[str]:
    """The tools of the plan that come from servers."""
    assert state.plan is not None
    return {step.tool_id for step in state.plan.steps if step.agent_type == "mcp"}


async def test_a_plan_uses_the_tools_of_three_servers_and_says_where_its_figures_come_from(
    office: Office,
) -> None:
    async with running(office.settings()) as parts:
        state = await ended(parts, await submit(parts, REPORT))

    assert tools_of(state) == {"market.companies", "rates.exchange_rates", "benchmark.compare"}
    assert state.deliverable is not None
    assert "Monthly revenue (Blue Fjord): $136,300" in state.deliverable.content
    assert "mcp:benchmark (benchmark.compare)" in state.deliverable.content


async def test_the_step_of_a_server_that_is_killed_goes_to_the_tool_of_another(
    office: Office,
) -> None:
    office.hang("rates")

    async with running(office.settings()) as parts:
        task_id = await submit(parts, REPORT)
        await office.kill_in_the_middle()
        state = await ended(parts, task_id)
        happened = await kinds(parts, task_id, "make_rates")

    assert happened == ["step_rerouted", "step_completed"]
    assert documents.status(state, 0, 0)["status"] == "pending_approval"
    assert state.deliverable is not None
    assert "Monthly revenue (Blue Fjord): $134,850" in state.deliverable.content


async def test_what_the_plan_can_do_without_is_left_out_when_its_server_is_killed(
    office: Office,
) -> None:
    office.hang("market")

    async with running(office.settings()) as parts:
        task_id = await submit(parts, POST)
        await office.kill_in_the_middle()
        state = await ended(parts, task_id)
        happened = await kinds(parts, task_id, "make_companies")

    assert happened == ["step_failed"]
    assert documents.status(state, 0, 0)["status"] == "pending_approval"
    assert state.deliverable is not None
    assert "150,000" in state.deliverable.content


async def test_what_the_plan_needs_fails_the_task_when_its_server_is_killed(
    office: Office,
) -> None:
    office.hang("market")

    async with running(office.settings()) as parts:
        task_id = await submit(parts, REPORT)
        await office.kill_in_the_middle()
        state = await ended(parts, task_id)

    assert documents.status(state, 0, 0)["status"] == "failed"
    assert "make_companies" in (state.error or "")
    assert "market.companies" in (state.error or "")


async def test_a_call_that_may_have_had_an_effect_is_not_made_twice_but_asked_about(
    office: Office,
) -> None:
    office.hang("rates", is_trusted=False)

    async with running(office.settings()) as parts:
        task_id = await submit(parts, REPORT)
        await office.kill_in_the_middle()
        state = await ended(parts, task_id)
        happened = await kinds(parts, task_id, "make_rates")

    assert happened == []
    (asked,) = state.questions.values()
    assert "rates.exchange_rates" in asked.question.text or "make_rates" in asked.question.text


async def test_a_tool_that_nobody_has_allowed_is_asked_for_before_it_is_called(
    office: Office,
) -> None:
    rules = {name: said for name, said in ALLOWED.items() if name != "rates.*"}
    office.servers["benchmark"]["orchestrator"]["tools"].pop("reference_rates")
    rules["benchmark.reference_rates"] = "deny"

    async with running(office.settings(rules)) as parts:
        here = parts.orchestrator
        task_id = await submit(parts, REPORT)
        state = await ended(parts, task_id)
        asked = dict(state.questions)
        done_before = await kinds(parts, task_id, "make_rates")
        await here.answer(task_id, next(iter(asked.values())).question.options[0])
        state = await ended(parts, task_id)

    assert done_before == []
    assert [question.question.tool_id for question in asked.values()] == ["rates.exchange_rates"]
    assert documents.status(state, 0, 0)["status"] == "pending_approval"
    assert state.deliverable is not None
    assert "Monthly revenue (Blue Fjord): $136,300" in state.deliverable.content

"""Our own MCP client against our own servers: the agents of one orchestrator work for another, and
one orchestrator can be driven by another."""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from agents.catalog import builtin_tools
from agents.contract import Done, GiveUp
from agents.tools.servers import read_servers
from agents.tools.toolbox import Toolbox
from api.bootstrap import all_agents
from api.mcp.agents import agent_tools
from streams.domain.commands import Command, CommandKind
from streams.domain.values import ExecutionPhase, Json
from tests.api.terminal import ROOT, Terminal
from tests.api.test_processes import serving

METRICS = {"revenue_monthly": 150_000, "customer_count": 320}
PATIENCE = 30.0  # seconds
AGENTS: Json = {
    "command": sys.executable,
    "args": ["-m", "api.cli", "mcp", "--agents"],
    "env": {"PYTHONPATH": ROOT},
    "orchestrator": {"trusted": True},
}


@asynccontextmanager
async def toolbox(directory: Path, server: Json) -> AsyncIterator[Toolbox]:
    """The tools of one server, found by the client that plans use."""
    path = directory / "mcp.json"
    path.write_text(json.dumps({"mcpServers": {"other": server}}))
    tools = Toolbox(read_servers(path, {}))
    tools.start()
    try:
        await tools.settled(PATIENCE)
        yield tools
    finally:
        await tools.close()


def step(tool_id: str, **inputs: Any) -> Command:
    """A step of a plan with a tool of the other orchestrator."""
    return Command(
        command_id="task.1",
        task_id="task",
        kind=CommandKind.RUN_STEP,
        phase=ExecutionPhase.EXECUTION,
        agent_type="mcp",
        tool_id=tool_id,
        timeout=30_000,
        issued_at=0,
        payload={"inputs": inputs},
    )


async def test_the_agents_of_one_orchestrator_work_for_another(tmp_path: Path) -> None:
    async with toolbox(tmp_path, AGENTS) as tools:
        found = tools.found()
        facts = await tools.call(step("other.metrics_analyzer", business_metrics=METRICS))
        wrong = await tools.call(step("other.quality_checker", draft="no object"))
        missing = await tools.call(step("other.linkedin_publisher"))

    assert [server.state for server in found.servers] == ["ready"]
    own = agent_tools(builtin_tools(), all_agents(tmp_path))
    assert {tool.tool_id for tool in found.tools} == {f"other.{offer.name}" for offer in own}
    assert {tool.source for tool in found.tools} == {"mcp:other"}
    assert all(tool.is_repeatable and not tool.is_destructive for tool in found.tools)
    assert isinstance(facts, Done)
    assert facts.output["facts"][0]["value"] == 150_000
    assert facts.output["is_untrusted"]
    assert isinstance(wrong, GiveUp)
    assert "/draft" in wrong.reason
    assert isinstance(missing, GiveUp)


async def test_one_orchestrator_is_driven_by_another_over_http(tmp_path: Path) -> None:
    with serving(Terminal(tmp_path)) as (_, url):
        async with toolbox(tmp_path, {"url": f"{url}/mcp"}) as tools:
            found = {tool.tool_id: tool for tool in tools.found().tools}
            submitted = await tools.call(step("other.submit_request", request="A report, please"))
            listed = await tools.call(step("other.search_history", text="report"))

    assert found["other.approve_task"].is_destructive
    assert not found["other.get_task"].is_destructive
    assert isinstance(submitted, Done)
    assert isinstance(listed, Done)
    assert [i["task_id"] for i in listed.output["items"]] == [submitted.output["task_id"]]

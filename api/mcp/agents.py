"""The built-in agents' tools as an MCP server: a call runs the very handler that a step of a plan
runs. Tools that publish are not offered, since nobody would have approved what they send."""

import json
from collections.abc import Sequence
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.contract import Agent, Done, GiveUp, Outcome, Retry, Uncertain
from api.errors import UsageError, WorkFailed
from api.mcp.arguments import METRICS, PREFERENCES
from api.mcp.offer import READS, Offer, Report
from api.mcp.server import make_server
from streams.domain.commands import Command, CommandKind
from streams.domain.plan import ToolSpecification
from streams.domain.values import ExecutionPhase, Json

if TYPE_CHECKING:
    from mcp.server.lowlevel.server import Server

NAME = "intelligent-orchestrator-agents"
INSTRUCTIONS = """Built-in agents that compute from what you pass on: figures, market data and \
texts. They work offline by rules and templates, use no model, and invent no number. The usual \
way: metrics_analyzer, financial_agent.analyze_metrics, content_generator, a formatter, \
quality_checker; each takes the answers of those before it."""
TIMEOUT = 60_000  # milliseconds
CHECKS = 200_000  # steps that the check of one call's arguments may take
# What a step knows of its task, beside its inputs.
_AROUND: Json = {
    "request": {"type": "string", "description": "what is needed, in plain language"},
    "business_metrics": METRICS,
    "preferences": PREFERENCES,
    "context": {"type": "object", "description": "further data: 'text', 'competitors', 'market'"},
    "intent": {"type": "object", "description": "how the request was understood"},
}


def agents_server(data: Path) -> "Server[Any]":
    """A server of the built-in tools that publish nothing."""
    title = "Agents of the Intelligent Orchestrator"
    return make_server(NAME, title, INSTRUCTIONS, _offers(data))


@cache
def _offers(data: Path) -> tuple[Offer, ...]:
    from agents.catalog import builtin_tools
    from api.bootstrap import all_agents

    return agent_tools(builtin_tools(), all_agents(data))


def agent_tools(tools: Sequence[ToolSpecification], agents: Sequence[Agent]) -> tuple[Offer, ...]:
    """The tools that may be offered, each with its handler."""
    known = {agent.agent_type: agent for agent in agents}
    return tuple(
        Offer(
            tool.tool_id,
            tool.name,
            tool.description,
            _input_schema(tool),
            tool.output_schema,
            READS,
            partial(_call, tool, known[tool.agent_type]),
        )
        for tool in tools
        if tool.is_repeatable and not tool.requires_approval and tool.agent_type in known
    )


def _input_schema(tool: ToolSpecification) -> Json:
    """The catalogue's schema, and what a step is told of its task."""
    schema = tool.input_schema
    return schema | {"properties": _AROUND | schema.get("properties", {})}


async def _call(tool: ToolSpecification, agent: Agent, given: Json, report: Report | None) -> Json:
    _check(_input_schema(tool), given)
    command = _command(tool, given)
    compute, effect = agent.compute(command), agent.effect(command)
    if compute is not None:
        return _output(compute(command))
    if effect is not None:
        return _output(await effect(command))
    raise WorkFailed(f"the agent {agent.agent_type!r} has no handler for {tool.tool_id!r}")


def _check(schema: Json, given: Json) -> None:
    """Arguments are checked before an agent sees them.

    Raises:
        UsageError: they do not fit; the message says where.
    """
    from agents.tools.schemas import misfit

    found = misfit(schema, given, CHECKS)
    if found is not None:
        raise UsageError(f"{found.pointer or '/'}: {found.message}", pointer=found.pointer)


def _command(tool: ToolSpecification, given: Json) -> Command:
    """The step that a plan would have made of the call."""
    own = set(tool.input_schema.get("properties", {}))
    inputs = {name: value for name, value in given.items() if name in own or name not in _AROUND}
    around = {name: given[name] for name in _AROUND if name in given}
    digest = sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()[:16]
    return Command(
        command_id=f"mcp.{digest}",
        task_id="mcp",
        kind=CommandKind.RUN_STEP,
        phase=ExecutionPhase.EXECUTION,
        agent_type=tool.agent_type,
        tool_id=tool.tool_id,
        action=str(given.get("action", "")),
        timeout=TIMEOUT,
        issued_at=0,
        payload=_PAYLOAD | around | {"inputs": inputs, "intent": _intent(given)},
    )


_PAYLOAD: Json = {"request": "", "business_metrics": {}, "preferences": {}, "context": {}}


def _intent(given: Json) -> Json:
    """What was understood, with what the arguments say outright over it."""
    said = {name: given[name] for name in ("language", "channels", "tone") if name in given}
    understood: Json = given.get("intent", {})
    return understood | said


def _output(outcome: Outcome) -> Json:
    """What a tool answers.

    Raises:
        WorkFailed: it did not work; the message is the agent's.
    """
    match outcome:
        case Done(output=output):
            return output
        case Retry(reason=reason) | GiveUp(reason=reason) | Uncertain(reason=reason):
            raise WorkFailed(reason)

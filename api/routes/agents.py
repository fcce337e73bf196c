"""The agents that there are: built-in ones, and those elsewhere that registered or ask for work."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi import Path as InPath
from pydantic import BaseModel, ConfigDict, Field, StrictInt

from agents.catalog import builtin_tools
from agents.external import LOST_AFTER, as_offered
from api.answers import example
from api.command_models import Dollars, Name
from api.documents import iso
from api.errors import Conflict, UsageError
from api.models import Body
from api.presence import Present
from api.routes.commands import commands
from api.routes.shared import PROBLEM, orchestrator
from api.security import Operator, Principal, Viewer
from api.strict import StrictRoute
from api.tool_values import presented
from streams.domain.plan import ToolSpecification
from streams.domain.request import Text
from streams.domain.values import ID_PATTERN, Json

router = APIRouter(
    prefix="/api/agents", tags=["agents"], route_class=StrictRoute, responses=PROBLEM
)
AgentName = Annotated[str, InPath(pattern=ID_PATTERN, description="the agent's name")]
Artifact = Annotated[Text, Field(min_length=1, max_length=100)]
EXAMPLE: Json = {
    "agent_types": ["weather"],
    "tools": [
        {
            "tool_id": "weather.forecast",
            "name": "Forecast",
            "description": "The weather of the next days at a place.",
            "input_schema": {"type": "object", "properties": {"place": {"type": "string"}}},
            "is_repeatable": True,
        }
    ],
    "concurrency": 2,
}


class ToolBody(Body):
    """A tool that an agent offers. Who may use it is decided by the user, not said here."""

    tool_id: Name
    name: Text = Field(default="", max_length=100)
    description: Text = Field(default="", max_length=1_000)
    category: Text = Field(default="general", max_length=40)
    agent_type: Name | None = Field(default=None, description="the first of the agent's, if absent")
    input_schema: Json = Field(default_factory=dict)
    output_schema: Json = Field(default_factory=dict)
    consumes: list[Artifact] = Field(default_factory=list, max_length=20)
    produces: list[Artifact] = Field(default_factory=list, max_length=20)
    estimated_cost: Dollars = 0.0
    estimated_duration: Annotated[float, Field(ge=0, le=86_400)] = 1.0
    success_rate: Annotated[float, Field(ge=0, le=1)] = 0.9
    requires_approval: bool = False
    prerequisites: list[Name] = Field(default_factory=list, max_length=20)
    is_repeatable: bool = Field(default=False, description="may run twice without harm")
    is_destructive: bool = Field(default=False, description="may overwrite or delete")


class AgentBody(Body):
    """What an agent says of itself."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})

    agent_types: list[Name] = Field(min_length=1, max_length=50)
    tools: list[ToolBody] = Field(default_factory=list, max_length=200)
    concurrency: StrictInt = Field(default=1, ge=1, le=1_000, description="commands at once")


class AgentView(BaseModel):
    """An agent, and how it does."""

    model_config = example(
        name="weather-1",
        state="idle",
        is_builtin=False,
        agent_types=["weather"],
        tools=["weather.forecast"],
        concurrency=2,
        holds=[],
        last_seen="2025-01-31T09:00:00.000Z",
    )

    name: str
    state: str = Field(
        description="connected: it holds work; idle: in touch without; lost: silent for "
        f"{LOST_AFTER // 1000} s"
    )
    is_builtin: bool
    agent_types: list[str]
    tools: list[str]


class Agents(BaseModel):
    """All agents, the built-in ones first, and what waits for whom."""

    model_config = example(
        items=[{"name": "content", "state": "idle", "is_builtin": True}],
        waiting=[{"agent_type": "weather", "commands": 3}],
    )

    items: list[Any]
    waiting: list[Any] = Field(description="free commands by agent type")


@router.get(
    "", response_model=Agents, operation_id="listAgents", summary="The agents, and how they do"
)
async def list_agents(request: Request, who: Viewer) -> Json:
    """Connected (holds work), idle (in touch, holds nothing), or lost (silent for too long)."""
    queue = commands(request).queue
    waiting = [{"agent_type": p[1], "commands": queue.waiting(p)} for p in queue.places(who.tenant)]
    items = [*_builtin(request, who), *_elsewhere(request, who)]
    return {"items": items, "waiting": sorted(waiting, key=lambda each: str(each["agent_type"]))}


@router.put(
    "/{name}",
    response_model=AgentView,
    operation_id="registerAgent",
    summary="Register an agent with its types and tools; again, as its sign of life",
)
async def register(
    request: Request, response: Response, name: AgentName, body: AgentBody, who: Operator
) -> Json:
    """201 where it is new or changed, 200 where it is the same again. Its tools join the catalogue
    for plans of its tenant; each asks a human before it runs, until `orchestrator tools allow` says
    otherwise. A type that is worked by this process is refused (409)."""
    commands(request).check_open(body.agent_types, "/agent_types")
    tools = [_tool(each, body, place) for place, each in enumerate(body.tools)]
    _check_ids(tools)
    presence = commands(request).presence
    _, is_changed = await presence.register(who, name, body.agent_types, tools, body.concurrency)
    response.status_code = 201 if is_changed else 200
    return next(each for each in _elsewhere(request, who) if each["name"] == name)


@router.delete(
    "/{name}", status_code=204, operation_id="removeAgent", summary="Forget an agent and its tools",
    responses={204: {"description": "It is forgotten", "content": {}}},
)  # fmt: skip
async def remove(request: Request, name: AgentName, who: Operator) -> None:
    """What it holds stays its own until the leases end; then it goes back into the queue."""
    await commands(request).presence.remove(who, name)


def _builtin(request: Request, who: Principal) -> list[Json]:
    """The agents in this process; what they are at is shown of the own tenant alone."""
    here = orchestrator(request)
    at_work: dict[str, list[str]] = {}
    for command_id in sorted(here.runner.working):
        state = here.core.state(command_id.rpartition(".")[0])
        command = state.commands.get(command_id) if state else None
        if state is not None and command is not None and state.tenant == who.tenant:
            at_work.setdefault(command.issued.agent_type, []).append(command_id)
    return [
        builtin_agent(name, "connected" if name in at_work else "idle", at_work.get(name, []))
        for name in sorted(commands(request).own)
    ]


def builtin_agent(name: str, state: str, holds: list[str]) -> Json:
    """A built-in agent as it is shown; `holds` are the ids of the commands it is at."""
    return {
        "name": name,
        "state": state,
        "is_builtin": True,
        "agent_types": [name],
        "tools": [tool.tool_id for tool in builtin_tools() if tool.agent_type == name],
        "concurrency": None,
        "holds": holds,
        "last_seen": None,
    }


def _elsewhere(request: Request, who: Principal) -> list[Json]:
    """The agents that poll, of the own tenant."""
    found = commands(request)
    holds: dict[str, list[str]] = {}
    for each in found.queue.holdings(who.tenant):
        holds.setdefault(each.runner, []).append(each.command_id)
    now = orchestrator(request).now()
    return [_shown(each, sorted(holds.get(each.name, [])), now) for each in
            found.presence.of(who.tenant)]  # fmt: skip


def _shown(agent: Present, holds: list[str], now: int) -> Json:
    known = agent.registration
    state = "lost" if agent.is_lost(now) else "connected" if holds else "idle"
    return {
        "name": agent.name,
        "state": state,
        "is_builtin": False,
        "is_registered": known is not None,
        "agent_types": list(known.agent_types) if known else [],
        "tools": [tool.tool_id for tool in known.tools] if known else [],
        "concurrency": known.concurrency if known else None,
        "holds": holds,
        "principal": agent.principal,
        "registered_at": iso(known.registered_at) if known else None,
        "last_seen": iso(agent.seen_at),
    }


def _tool(said: ToolBody, agent: AgentBody, place: int) -> ToolSpecification:
    """A tool as it joins the catalogue."""
    agent_type = said.agent_type or agent.agent_types[0]
    if agent_type not in agent.agent_types:
        raise UsageError(
            f"{agent_type!r} is not among the agent's types", pointer=f"/tools/{place}/agent_type"
        )
    values = said.model_dump(exclude={"agent_type", "name"})
    tool = ToolSpecification(**values, name=said.name or said.tool_id, agent_type=agent_type)
    return as_offered(presented(tool, f"/tools/{place}"))


def _check_ids(tools: list[ToolSpecification]) -> None:
    """Each once, and none under the name of a built-in tool."""
    builtin, seen = {tool.tool_id for tool in builtin_tools()}, set()
    for place, tool in enumerate(tools):
        pointer = f"/tools/{place}/tool_id"
        if tool.tool_id in builtin:
            raise Conflict(f"{tool.tool_id!r} is a built-in tool", pointer=pointer)
        if tool.tool_id in seen:
            raise UsageError(f"{tool.tool_id!r} is there twice", pointer=pointer)
        seen.add(tool.tool_id)

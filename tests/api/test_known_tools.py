"""Which agents a process has once the tools of others are known to it."""

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from agents.contract import Agent, Done, GiveUp, Outcome
from agents.planner import PLANNER
from agents.tools.found import Found
from agents.tools.joining import Joining
from agents.tools.permissions import PermissionFile
from api.cluster.parts import _with_tools
from api.errors import UsageError
from api.known_tools import CALLER, KnownTools, callers, knowing_tools, servers_file
from api.settings import Settings
from streams.domain.commands import Command, CommandKind
from streams.domain.values import ExecutionPhase, Permission
from tests.agents.tools.makers import Servers, foreign

NAMED = '{"mcpServers": {"gone": {"command": "no-such-program", "disabled": true}}}'


class Box(Servers):
    """Servers that can be called, and note when."""

    def __init__(self, *tools: Any, is_slow: bool = False) -> None:
        super().__init__(*tools, is_slow=is_slow)
        self.calls: list[Found] = []

    async def call(self, command: Command) -> Outcome:
        self.calls.append(self.found())
        return Done({"revenue": 1, "source": "mcp:crm", "is_untrusted": True})

    def agent(self) -> Agent:
        return Agent(CALLER, any_tool=self.call, concurrency=3)


def configured(tmp_path: Path, **more: Any) -> Settings:
    return Settings(data=tmp_path, **more)


def known(tmp_path: Path, box: Box | None) -> KnownTools:
    joining = Joining(PermissionFile(tmp_path / "permissions.json"), servers=box)
    return KnownTools(joining, box)  # type: ignore[arg-type] # as much of a toolbox as is used


def calling() -> Command:
    return Command(
        command_id="c",
        task_id="t",
        kind=CommandKind.RUN_STEP,
        phase=ExecutionPhase.EXECUTION,
        agent_type=CALLER,
        action="fetch",
        tool_id="crm.figures",
        timeout=4_000,
        issued_at=1,
    )


def publishing(tool_id: str) -> Command:
    more = {"kind": CommandKind.PUBLISH, "agent_type": "publisher", "tool_id": tool_id}
    return calling().model_copy(update=more)


def test_without_servers_nobody_calls_any_and_our_planner_still_knows_permissions(
    tmp_path: Path,
) -> None:
    other = Agent("content")

    joined = known(tmp_path, None).join((PLANNER, other, Agent(CALLER)))

    assert [agent.agent_type for agent in joined] == ["planner", "content"]
    assert joined[0] is not PLANNER
    assert joined[1] is other


def test_a_planner_that_is_not_ours_stays_as_it_is(tmp_path: Path) -> None:
    mine = Agent("planner")

    assert known(tmp_path, Box()).join((mine,)) == (mine,)


async def test_a_call_waits_for_its_server_and_its_result_is_shaped(tmp_path: Path) -> None:
    box = Box(foreign("crm.figures", "metrics_data"), is_slow=True)
    (caller,) = known(tmp_path, box).join((Agent(CALLER),))
    assert caller.any_tool is not None

    outcome = await caller.any_tool(calling())
    await caller.any_tool(calling())

    assert box.waits == [2.0]
    assert [found.servers[0].state for found in box.calls] == ["ready", "ready"]
    assert caller.concurrency == 3
    assert isinstance(outcome, Done)
    assert [fact["fact_id"] for fact in outcome.output["facts"]] == ["revenue"]


async def test_a_tool_that_was_denied_after_planning_is_not_called(tmp_path: Path) -> None:
    box = Box(foreign("crm.figures", "metrics_data"))
    tools = known(tmp_path, box)
    (caller,) = tools.join((Agent(CALLER),))
    assert caller.any_tool is not None
    tools.joining.permissions.say(["crm.*"], Permission.DENY, [])

    outcome = await caller.any_tool(calling())

    assert isinstance(outcome, GiveUp)
    assert "'crm.figures' is denied" in outcome.reason
    assert "nothing was sent" in outcome.reason
    assert box.calls == []


async def test_a_publisher_that_is_denied_publishes_nothing_whatever_was_approved(
    tmp_path: Path,
) -> None:
    sent: list[str] = []

    async def post(command: Command) -> Outcome:
        sent.append(command.tool_id or "")
        return Done({"reference": "1"})

    names = ("linkedin_publisher", "email_publisher", "linkedin_formatter")
    tools = known(tmp_path, None)
    (publisher,) = tools.join((Agent("publisher", effects=dict.fromkeys(names, post)),))
    tools.joining.permissions.say(["linkedin_*"], Permission.DENY, [])

    outcomes = {name: await publisher.effects[name](publishing(name)) for name in names}

    refused = outcomes["linkedin_publisher"]
    assert isinstance(refused, GiveUp)
    assert "nothing was published: 'linkedin_publisher' is denied" in refused.reason
    assert sent == ["email_publisher", "linkedin_formatter"]


async def test_nothing_is_published_while_nobody_knows_what_is_denied(tmp_path: Path) -> None:
    path = tmp_path / "permissions.json"
    path.write_text("{")
    tools = known(tmp_path, None)

    async def post(_: Command) -> Outcome:
        return Done({"reference": "1"})

    (publisher,) = tools.join((Agent("publisher", effects={"email_publisher": post}),))
    effect = publisher.effects["email_publisher"]

    refused = await effect(publishing("email_publisher"))
    path.write_text("{}")
    mended = await effect(publishing("email_publisher"))

    assert isinstance(refused, GiveUp)
    assert str(path) in refused.reason
    assert isinstance(mended, Done)


def test_the_file_of_servers_is_the_named_one_or_that_of_the_data_directory(
    tmp_path: Path,
) -> None:
    named = tmp_path / "elsewhere.json"
    named.write_text(NAMED)

    assert servers_file(configured(tmp_path)) is None
    assert callers(configured(tmp_path)) == ()
    assert servers_file(configured(tmp_path, mcp=named)) == named
    (tmp_path / "mcp.json").write_text(NAMED)
    assert servers_file(configured(tmp_path)) == tmp_path / "mcp.json"
    assert [agent.agent_type for agent in callers(configured(tmp_path))] == [CALLER]


@pytest.mark.parametrize("text", ["{", "[]", '{"mcpServers": {"a": {"command": 1}}}'])
async def test_a_file_of_servers_that_cannot_be_read_is_wrong_usage(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "mcp.json").write_text(text)

    with pytest.raises(UsageError, match=r"mcp\.json"):
        async with knowing_tools(configured(tmp_path)):
            pass


async def test_a_process_of_a_cluster_knows_servers_if_it_plans_or_calls(tmp_path: Path) -> None:
    (tmp_path / "mcp.json").write_text(NAMED)
    settings = configured(tmp_path)
    content, caller = Agent("content"), Agent(CALLER)

    async with AsyncExitStack() as stack:
        assert await _with_tools(settings, (content,), stack) == (content,)
        planning = await _with_tools(settings, (PLANNER, content), stack)
        doing = await _with_tools(settings, (caller,), stack)
        own = Agent("publisher", effects={"email_publisher": _nothing})
        (posting,) = await _with_tools(settings, (own,), stack)

    assert [agent.agent_type for agent in planning] == ["planner", "content"]
    assert set(planning[0].effects) == {"ParseIntent", "DiscoverTools"}
    assert [agent.agent_type for agent in doing] == [CALLER]
    assert doing[0].any_tool is not None
    assert posting.effects["email_publisher"] is not _nothing


async def _nothing(_: Command) -> Outcome:
    return Done({})

"""The tools that there are: what they are expected to do, and whether they may."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from agents.tools.cleaning import one_line
from api.client import connect, server_of
from api.errors import NotFound
from api.settings import Settings
from api.verbs import common

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from api.client import Client

AVAILABLE = "/api/orchestrator/tools/available"
WAIT = 10.0  # seconds for servers that are still connecting; a first start may take long
LONGEST_TEXT, LONGEST_LINE, LONGEST_ERROR = 1_000, 300, 200  # characters of a tool's own words
COLOURS = {"allow": "green", "ask": "yellow", "deny": "red"}
STATES = {"ready": "green", "connecting": "yellow", "failed": "red", "stopped": "bright_black"}
of_server = click.option("--of", "name", default=None, metavar="NAME", help="One MCP server.")


@click.group(
    invoke_without_command=True,
    epilog=common.examples(
        "orchestrator tools list",
        "orchestrator tools show weather.forecast",
        "orchestrator tools allow weather.forecast 'search.*'",
    ),
)
@of_server
@common.as_json
@common.where
@click.pass_context
def tools(context: click.Context, name: str | None, is_json: bool, settings: Settings) -> int:
    """The tools that there are, and which may run; without a verb they are listed."""
    if context.invoked_subcommand is not None:
        return 0
    return common.wait_for(_list(settings, name, is_json))


@tools.command(
    "list",
    epilog=common.examples(
        "orchestrator tools list --of weather", "orchestrator tools list --json"
    ),
)
@of_server
@common.as_json
@common.where
def list_tools(name: str | None, is_json: bool, settings: Settings) -> int:
    """All tools with source, permission and what is expected of them; the servers beneath."""
    return common.wait_for(_list(settings, name, is_json))


@tools.command(epilog=common.examples("orchestrator tools show weather.forecast"))
@click.argument("tool_id")
@common.as_json
@common.where
def show(tool_id: str, is_json: bool, settings: Settings) -> int:
    """One tool: schemas, permission and why, what is expected and what it has shown."""
    return common.wait_for(_show(settings, tool_id, is_json))


@tools.command(epilog=common.examples("orchestrator tools refresh --of weather"))
@of_server
@common.as_json
@common.where
def refresh(name: str | None, is_json: bool, settings: Settings) -> int:
    """Look at the lists of the MCP servers again; those that were given up are tried again."""
    return common.wait_for(_refresh(settings, name, is_json))


def _deciding(permission: str, text: str) -> click.Command:
    """A verb that sets one permission."""

    @tools.command(
        permission,
        help=text,
        epilog=common.examples(f"orchestrator tools {permission} weather.forecast 'search.*'"),
    )
    @click.argument("tool_ids", nargs=-1, required=True, metavar="ID…")
    @common.as_json
    @common.where
    def verb(tool_ids: tuple[str, ...], is_json: bool, settings: Settings) -> int:
        return common.wait_for(_decide(settings, tool_ids, permission, is_json))

    return verb


_deciding("allow", "Let tools run without asking; * in an ID stands for anything.")
_deciding("ask", "Have a person asked each time a plan wants to use these tools.")
_deciding("deny", "Never use these tools.")


async def _list(settings: Settings, name: str | None, is_json: bool) -> int:
    found = await tools_found(settings, name)
    if is_json:
        common.show_json(found)
        return 0
    _show_table(found["tools"])
    click.echo()
    _show_servers(found, settings)
    for note in [n for n in found["notes"] if not n.startswith("the server ")]:
        click.secho(f"! {one_line(note, LONGEST_LINE)}", fg="yellow")
    click.echo(f"catalogue {found['version']}")
    return 0


async def _show(settings: Settings, tool_id: str, is_json: bool) -> int:
    found = await tools_found(settings, None)
    tool = next((each for each in found["tools"] if each["tool_id"] == tool_id), None)
    if tool is None:
        raise NotFound(_no_tool(tool_id, (each["tool_id"] for each in found["tools"])))
    if is_json:
        common.show_json(tool)
    else:
        _show_tool(tool)
    return 0


async def _refresh(settings: Settings, name: str | None, is_json: bool) -> int:
    async with looking(settings) as client:
        query = f"?server={quote(name)}" if name else ""
        found = await client.post(f"/api/orchestrator/tools/refresh{query}")
    if is_json:
        common.show_json(found)
    else:
        _show_servers(found, settings)
    return 0


async def _decide(
    settings: Settings, tool_ids: Iterable[str], permission: str, is_json: bool
) -> int:
    said = await _said(settings, tool_ids, permission)
    if is_json:
        common.show_json(said)
        return 0
    for one in said:
        which = f" ({', '.join(one['tools'])})" if one["tools"] != [one["tool_id"]] else ""
        click.echo(f"{one['tool_id']}: {_coloured(permission)}{which if one['tools'] else ''}")
        for note in one["notes"]:
            click.secho(f"  ! {note}", fg="yellow")
    return 0


async def _said(settings: Settings, tool_ids: Iterable[str], permission: str) -> list[Any]:
    """What holds after that, for each id. A tool is known by then, so that what it looks like is
    kept with the permission."""
    if _has_log(settings):
        async with looking(settings) as client:
            await client.get(AVAILABLE, wait=WAIT)
            body = {"permission": permission}
            paths = [
                f"/api/orchestrator/tools/{quote(each, safe='')}/permission" for each in tool_ids
            ]
            return [await client.put(path, body) for path in paths]
    from api.known_tools import knowing_tools
    from api.tool_documents import changed_permission
    from streams.domain.values import Permission

    async with knowing_tools(settings) as known:
        if known.toolbox is not None:
            await known.toolbox.settled(WAIT)
        wanted = Permission(permission)
        return [changed_permission(known.joining, each, wanted) for each in tool_ids]


def _has_log(settings: Settings) -> bool:
    """Whether a server, or the log of the directory, knows what tools have shown. On a broker the
    files in the directory are all there is."""
    has_own = settings.kafka is None and (settings.data / "log.db").exists()
    return has_own or bool(server_of(settings))


def looking(settings: Settings) -> "AbstractAsyncContextManager[Client]":
    """The way in for who only looks: servers are connected to, and no task goes on by that."""
    return connect(settings, agents=(), has_servers=True)


async def tools_found(settings: Settings, name: str | None = None) -> Any:
    """What there is, from whoever knows it: a server, the log of this directory, or nobody yet."""
    if _has_log(settings):
        async with looking(settings) as client:
            return await client.get(AVAILABLE, server=name, wait=WAIT)
    # Without a log nothing has run yet, and looking makes no data directory.
    from api.known_tools import knowing_tools
    from api.tool_documents import document

    async with knowing_tools(settings) as known:
        return await document(known.joining, settings, {}, server=name, wait=WAIT)


# ------------------------------------------------------------------------------------- how it looks

_UNNAMED = {
    "builtin": "as all built-in tools",
    "agent": "as all tools of registered agents, until you say otherwise",
}


def _show_table(found: list[Any]) -> None:
    width = max((len(each["tool_id"]) for each in found), default=0)
    source = max((len(each["source"]) for each in found), default=0)
    head = f"{'TOOL':<{width}}  {'SOURCE':<{source}}  {'MAY RUN':<14}  SUCCESS     COST      TIME"
    click.secho(f"{head}  FROM", dim=True)
    for each in found:
        may = "after approval" if _waits(each) else each["permission"]
        shown = click.style(f"{may:<14}", fg=COLOURS.get(may))
        cost, seconds = common.money(each["estimated_cost"]), _seconds(each["estimated_duration"])
        click.echo(
            f"{each['tool_id']:<{width}}  {each['source']:<{source}}  {shown}  "
            f"{each['success_rate']:>7.1%}  {cost:>7}  {seconds:>8}  {_basis(each)}"
        )


def _waits(tool: Any) -> bool:
    return bool(tool["requires_approval"]) and tool["permission"] != "deny"


def _basis(tool: Any) -> str:
    if tool["has_changed"]:
        return "changed since it was allowed"
    return common.counted(tool["runs"], "run") if tool["runs"] else "declared"


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds < 1 else f"{seconds:,.1f} s"


def _show_servers(found: Any, settings: Settings) -> None:
    if found["servers_file"] is None:
        path = settings.mcp or settings.data / "mcp.json"
        click.echo(f"no MCP servers: put an mcp.json at {path} to use tools of others")
        return
    if not found["servers"]:
        click.echo(f"{found['servers_file']} names no servers that are connected from here")
    for each in found["servers"]:
        state = click.style(each["state"], fg=STATES.get(each["state"]))
        after = f" after {each['latency']:,} ms" if each["latency"] is not None else ""
        why = f": {each['reason']}" if each["reason"] else ""
        count = common.counted(each["tools"], "tool")
        click.echo(f"server {each['name']} ({each['transport']}): {state}{after}, {count}{why}")


def _show_tool(tool: Any) -> None:
    is_foreign = tool["source"] != "builtin"
    name, said = (one_line(tool[part], LONGEST_TEXT) for part in ("name", "description"))
    click.secho(f"{tool['tool_id']}  {name}", bold=True)
    click.echo((f"“{said}”" if is_foreign else said) if said else "(says nothing of itself)")
    click.echo(f"source       {tool['source']}, agent {tool['agent_type']}")
    click.echo(f"may run      {_coloured(tool['permission'])}, {_why(tool)}")
    marks = [
        "may run twice without harm" if tool["is_repeatable"] else "must not run twice",
        *(["destructive"] if tool["is_destructive"] else []),
        *(["only after an approval"] if tool["requires_approval"] else []),
    ]
    click.echo(f"effects      {', '.join(marks)}")
    made = one_line(", ".join(tool["produces"]), LONGEST_LINE)
    click.echo(f"makes        {made or 'nothing that a plan can use'}")
    for title, schema in (("takes", tool["input_schema"]), ("answers", tool["output_schema"])):
        click.echo(f"{title:<12} {_schema(schema)}")
    declared, measured = tool["declared"], tool["measured"]
    click.echo(f"declared     {_expected(declared)}")
    if measured:
        rate = f"{measured['successes']} of {measured['runs']} succeeded"
        mean = (
            f"{_seconds(measured['mean_seconds'])} and {common.money(measured['mean_cost'])} each"
        )
        click.echo(f"measured     {rate}, {mean}, last {measured['last_used']}")
        if measured["last_error"]:
            click.echo(f"last error   {one_line(measured['last_error'], LONGEST_ERROR)}")
    basis = f"from {common.counted(tool['runs'], 'run')}" if tool["runs"] else "as declared"
    click.echo(f"expected     {_expected(tool)} ({basis})")


def _expected(tool: Any) -> str:
    seconds = _seconds(tool["estimated_duration"])
    return f"{tool['success_rate']:.1%}, {seconds}, {common.money(tool['estimated_cost'])}"


def _why(tool: Any) -> str:
    if tool["has_changed"]:
        return "since it is not the tool that was allowed any more: look at it, then allow it again"
    if tool["rule"]:
        return f"by the rule {tool['rule']!r}"
    kind = tool["source"].partition(":")[0]
    return _UNNAMED.get(kind, "by default")


def _schema(schema: Any) -> str:
    properties = schema.get("properties")
    if not isinstance(properties, dict) or not properties:
        return "no named fields"
    required = schema.get("required")
    must = frozenset(required) if isinstance(required, list) else frozenset()
    names = (
        f"{name}{'' if name in must else '?'}: {_type(own)}" for name, own in properties.items()
    )
    return one_line(", ".join(names), LONGEST_LINE)


def _type(own: Any) -> str:
    if isinstance(own, dict) and "$ref" in own:
        return str(own["$ref"]).rpartition("/")[2]
    kind = own.get("type") if isinstance(own, dict) else None
    return "|".join(map(str, kind)) if isinstance(kind, list) else str(kind or "any")


def _coloured(permission: str) -> str:
    return click.style(permission, fg=COLOURS.get(permission))


def _no_tool(tool_id: str, known: Iterable[str]) -> str:
    import difflib

    close = difflib.get_close_matches(tool_id, list(known), n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    return f"there is no tool {tool_id!r}{hint}: `orchestrator tools list` shows those there are"

"""The catalogue of tools as it is answered: with permissions, figures and servers."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from agents.tools.estimates import Figures
from agents.tools.found import ServerReport
from agents.tools.joining import DEFAULT_TENANT, PATIENCE, Joining, Known
from agents.tools.permissions import PermissionsError, is_pattern
from api.documents import iso
from api.errors import Conflict, NotFound, UsageError
from api.known_tools import SERVERS, servers_file
from api.settings import Settings
from streams.domain.plan import ToolSpecification
from streams.domain.values import Json, Permission

if TYPE_CHECKING:
    from api.bootstrap import Parts

DECLARED = ("success_rate", "estimated_duration", "estimated_cost")


async def tools_document(
    parts: "Parts", tenant: str, server: str | None = None, wait: float = PATIENCE
) -> Json:
    """All tools of a tenant, those of servers that are still connecting waited for so many seconds.

    Raises:
        NotFound: there is no server of that name.
    """
    figures = await parts.read_models.tool_figures(tenant)
    return await document(parts.tools, parts.settings, figures, tenant, server, wait=wait)


async def document(
    joining: Joining,
    settings: Settings,
    figures: Mapping[str, Figures],
    tenant: str = DEFAULT_TENANT,
    server: str | None = None,
    *,
    wait: float = PATIENCE,
) -> Json:
    """The document, whoever knows the tools.

    Raises:
        NotFound: there is no server of that name.
    """
    if joining.servers is not None:
        await joining.servers.settled(wait)
    known = joining.known(tenant)
    _require(known, server)
    shown = [tool for tool in known.tools if server is None or tool.source == f"mcp:{server}"]
    path = servers_file(settings)
    return {
        "version": known.version,
        "tools": [_tool(tool, known, figures.get(tool.tool_id)) for tool in shown],
        "servers": [_server(one) for one in known.servers if server in (None, one.name)],
        "notes": list(dict.fromkeys((*known.notes, *known.remarks))),
        "permissions": {
            "file": str(joining.permissions.path),
            "default": joining.permissions.rules().default.value,
            "problem": joining.permissions.problem,
        },
        "servers_file": None if path is None else str(path),
    }


async def refreshed(parts: "Parts", tenant: str, server: str | None = None) -> Json:
    """The catalogue after the servers were looked at again.

    Raises:
        NotFound: there is no server of that name, or none at all.
    """
    if parts.tools.servers is None:
        path = parts.settings.mcp or parts.settings.data / SERVERS
        what = f"put an mcp.json at {str(path)!r}; `orchestrator up` reads it when it starts"
        if parts.settings.kafka is not None:
            what = "in a cluster the processes that run agents connect to them"
        raise NotFound(f"this process has no MCP servers: {what}")
    _require(parts.tools.known(tenant), server)
    await parts.tools.servers.refresh(server)
    return await tools_document(parts, tenant, server)


def changed_permission(
    joining: Joining, tool_id: str, permission: Permission, tenant: str = DEFAULT_TENANT
) -> Json:
    """What holds after a person has said so.

    Raises:
        Conflict: the file of permissions is broken or cannot be written.
        UsageError: that is no id of a tool, nor one with `*`.
    """
    if not is_pattern(tool_id):
        raise UsageError(f"{tool_id!r} is no id of a tool, nor one with *")
    declared = joining.known(tenant).declared.values()
    try:
        joining.permissions.say([tool_id], permission, declared)
    except PermissionsError as error:
        raise Conflict(str(error)) from None
    judged = joining.known(tenant).judged
    held = sorted(name for name, one in judged.items() if one.rule == tool_id)
    notes = [] if held else [f"there is no tool {tool_id!r} now; the rule waits for it"]
    return {"tool_id": tool_id, "permission": permission.value, "tools": held, "notes": notes}


def _require(known: Known, server: str | None) -> None:
    names = [one.name for one in known.servers]
    if server is not None and server not in names:
        there = f"there are {', '.join(names)}" if names else "there is none at all"
        raise NotFound(f"there is no MCP server {server!r}: {there}")


def _tool(tool: ToolSpecification, known: Known, figures: Figures | None) -> Json:
    judged, declared = known.judged[tool.tool_id], known.declared[tool.tool_id]
    return {
        **tool.model_dump(mode="json"),
        "rule": judged.rule,
        "has_changed": judged.has_changed,
        "declared": {name: getattr(declared, name) for name in DECLARED},
        "measured": None if figures is None else _measured(figures),
    }


def _measured(figures: Figures) -> Mapping[str, object]:
    runs = max(1, figures.runs)
    return {
        "runs": figures.runs,
        "successes": figures.successes,
        "mean_seconds": round(figures.duration / runs / 1000, 6),
        "mean_cost": round(figures.cost / runs, 6),
        "last_used": iso(figures.last_used),
        "last_error": figures.last_error,
    }


def _server(report: ServerReport) -> Json:
    return {**asdict(report), "since": iso(report.since)}

"""An MCP server from a table of tools. Only here is the SDK's server known; it is imported when a
server is made, since that takes most of a second."""

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from api.errors import ApiError, UsageError
from api.intake import InvalidRequest, read_json
from api.mcp.offer import Offer, Report
from projections.errors import ProjectionsError
from streams.domain.errors import StreamsError
from streams.domain.values import Json

if TYPE_CHECKING:
    import mcp_types as types
    from mcp.server.context import ServerRequestContext
    from mcp.server.lowlevel.server import Server

    Context = ServerRequestContext[Any, Any]

_LOG = logging.getLogger("orchestrator.mcp")
SCHEME, JSON = "task://", "application/json"
_BUG = "an unexpected error; the server's log has the details"


@dataclass(frozen=True, slots=True)
class Histories:
    """Tasks as resources: `task://ID` is a task's history."""

    newest: Callable[[], Awaitable[Sequence[Json]]]  # task_id, request, status of each
    read: Callable[[str], Awaitable[Json]]


def make_server(
    name: str,
    title: str,
    instructions: str,
    offers: Sequence[Offer],
    histories: Histories | None = None,
) -> "Server[Any]":
    """A server that has these tools, and tasks as resources where there are histories."""
    from mcp.server.lowlevel.server import Server

    tools = _Tools(offers)
    handlers: dict[str, Any] = {"on_list_tools": tools.list, "on_call_tool": tools.call}
    if histories is not None:
        resources = _Resources(histories)
        handlers |= {
            "on_list_resources": resources.list,
            "on_list_resource_templates": resources.templates,
            "on_read_resource": resources.read,
        }
    return Server(
        name,
        title=title,
        version=version("intelligent-orchestrator"),
        instructions=instructions,
        **handlers,
    )


class _Tools:
    """The handlers of the protocol's methods about tools."""

    def __init__(self, offers: Sequence[Offer]) -> None:
        self._known = {offer.name: offer for offer in offers}

    async def list(
        self, context: "Context", params: "types.PaginatedRequestParams | None"
    ) -> "types.ListToolsResult":
        import mcp_types as types

        return types.ListToolsResult(tools=[_shown(offer) for offer in self._known.values()])

    async def call(
        self, context: "Context", params: "types.CallToolRequestParams"
    ) -> "types.CallToolResult":
        import mcp_types as types
        from mcp.shared.exceptions import MCPError

        offer = self._known.get(params.name)
        if offer is None:
            raise MCPError(types.INVALID_PARAMS, f"there is no tool {params.name[:80]!r}")
        return await _answered(offer, params.arguments or {}, _report(context))


class _Resources:
    """The handlers of the protocol's methods about resources: tasks, by their histories."""

    def __init__(self, histories: Histories) -> None:
        self._histories = histories

    async def list(
        self, context: "Context", params: "types.PaginatedRequestParams | None"
    ) -> "types.ListResourcesResult":
        import mcp_types as types

        found = [
            types.Resource(
                name=item["task_id"],
                title=f"{item['status']}: {item['request'][:80]}",
                uri=f"{SCHEME}{item['task_id']}",
                mime_type=JSON,
            )
            for item in await self._histories.newest()
        ]
        return types.ListResourcesResult(resources=found)

    async def templates(
        self, context: "Context", params: "types.PaginatedRequestParams | None"
    ) -> "types.ListResourceTemplatesResult":
        import mcp_types as types

        template = types.ResourceTemplate(
            name="task",
            title="A task's history",
            uri_template=f"{SCHEME}{{task_id}}",
            description="every event of the task, with its hash",
            mime_type=JSON,
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read(
        self, context: "Context", params: "types.ReadResourceRequestParams"
    ) -> "types.ReadResourceResult":
        import mcp_types as types
        from mcp.shared.exceptions import MCPError

        task_id = params.uri.removeprefix(SCHEME)
        if task_id in ("", params.uri):
            raise MCPError(types.INVALID_PARAMS, f"a resource is named {SCHEME}TASK_ID")
        try:
            found = await self._histories.read(task_id)
        except ApiError as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from None
        text = json.dumps(found, ensure_ascii=False)
        contents = types.TextResourceContents(uri=params.uri, mime_type=JSON, text=text)
        return types.ReadResourceResult(contents=[contents])


def _shown(offer: Offer) -> "types.Tool":
    import mcp_types as types

    hints = offer.hints
    return types.Tool(
        name=offer.name,
        title=offer.title,
        description=offer.description,
        input_schema=offer.input_schema,
        output_schema=offer.output_schema,
        annotations=types.ToolAnnotations(
            title=offer.title,
            read_only_hint=hints.is_read_only,
            destructive_hint=hints.is_destructive,
            idempotent_hint=hints.is_idempotent,
            open_world_hint=hints.is_open_world,
        ),
    )


async def _answered(offer: Offer, given: Json, report: Report | None) -> "types.CallToolResult":
    """What a call answers: a document, or what is wrong and what to do now."""
    import mcp_types as types

    try:
        found = await offer.call(_as_strict_as_http(given), report)
    except (ApiError, StreamsError, ProjectionsError) as error:
        text = types.TextContent(text=_said(error))
        return types.CallToolResult(content=[text], is_error=True)
    except Exception:
        _LOG.exception("unexpected error in the tool %s", offer.name)
        return types.CallToolResult(content=[types.TextContent(text=_BUG)], is_error=True)
    text = types.TextContent(text=json.dumps(found, ensure_ascii=False))
    return types.CallToolResult(content=[text], structured_content=found)


def _as_strict_as_http(given: Json) -> Json:
    """Arguments without what JSON has no word for, such as NaN, half of a surrogate pair, or a
    nesting without end.

    Raises:
        InvalidRequest: with what is wrong and where.
    """
    try:
        written = json.dumps(given).encode()
    except RecursionError:
        raise UsageError("the arguments are nested too deep") from None
    read: Json = read_json(written, limit=len(written))
    return read


def _said(error: Exception) -> str:
    if isinstance(error, InvalidRequest):
        return "\n".join(f"{p['pointer'] or '/'}: {p['detail']}" for p in error.problems)
    return str(error)


def _report(context: "Context") -> Report | None:
    """The way to tell how far a call has come, if the caller wants to know."""
    if "progress_token" not in (context.meta or {}):
        return None
    return context.session.report_progress

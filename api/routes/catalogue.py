"""What there is: tools, tasks by their newest, and the read models behind them."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from agents.tools.joining import PATIENCE
from api import answers
from api.models import PermissionBody, ReplayBody
from api.read_models import ReadModels
from api.routes.shared import PROBLEM
from api.security import Admin, Operator, Viewer
from api.strict import StrictRoute
from api.tool_documents import changed_permission, refreshed, tools_document
from streams.domain.status import TaskStatus
from streams.domain.values import Json, WorkflowSource

router = APIRouter(
    prefix="/api/orchestrator", tags=["catalogue"], route_class=StrictRoute, responses=PROBLEM
)


def read_models(request: Request) -> ReadModels:
    """The read models of this server."""
    found: ReadModels = request.app.state.parts.read_models
    return found


@router.get(
    "/history",
    response_model=answers.TaskPage,
    operation_id="getHistory",
    summary="Tasks, newest first",
)
async def history(
    request: Request,
    who: Viewer,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    status: TaskStatus | None = None,
    source: WorkflowSource | None = None,
    text: Annotated[
        str | None, Query(max_length=200, description="in id, title or request")
    ] = None,
    waiting: Annotated[bool, Query(description="only those that wait for a human")] = False,
) -> Json:
    """A task's place never changes, so pages neither repeat nor skip one."""
    return await read_models(request).history(
        tenant=who.tenant,
        limit=limit,
        cursor=cursor,
        status=status,
        source=source,
        text=text,
        is_waiting=waiting,
    )


@router.get(
    "/counts",
    response_model=dict[str, int],
    operation_id="getCounts",
    summary="How many tasks have which status",
    responses={
        200: {"content": {"application/json": {"example": {"approved": 7, "pending_approval": 1}}}}
    },
)
async def counts(request: Request, who: Viewer) -> dict[str, int]:
    """Statuses that no task has are absent."""
    return await read_models(request).counts(who.tenant)


@router.post(
    "/replay",
    response_model=answers.Rebuilt,
    operation_id="replay",
    summary="Rebuild the read models from position 0",
)
async def replay(request: Request, body: ReplayBody, who: Admin) -> Json:
    """Nothing is done again: replay is a fold. The old rows are answered from until it is done."""
    return await read_models(request).rebuild(body.projection)


@router.get(
    "/tools/available",
    response_model=answers.Tools,
    operation_id="getTools",
    summary="The tools that there are",
)
async def tools(
    request: Request,
    who: Viewer,
    server: Annotated[
        str | None, Query(max_length=200, description="only tools of this MCP server")
    ] = None,
    wait: Annotated[
        float, Query(ge=0, le=30, description="seconds for servers that are still connecting")
    ] = PATIENCE,
) -> Json:
    """With schemas, permission, what is expected of each, what it has shown, and how the MCP
    servers are doing."""
    return await tools_document(request.app.state.parts, who.tenant, server, wait)


@router.post(
    "/tools/refresh",
    response_model=answers.Tools,
    operation_id="refreshTools",
    summary="Look at the lists of the MCP servers again",
)
async def refresh_tools(
    request: Request,
    who: Operator,
    server: Annotated[str | None, Query(max_length=200, description="only this one")] = None,
) -> Json:
    """Servers that were given up are tried again; the answer is the catalogue after that."""
    return await refreshed(request.app.state.parts, who.tenant, server)


@router.put(
    "/tools/{tool_id}/permission",
    response_model=answers.ToolPermission,
    operation_id="setToolPermission",
    summary="Allow a tool, have it ask, or deny it",
)
async def set_permission(
    request: Request,
    body: PermissionBody,
    who: Admin,
    tool_id: Annotated[
        str,
        Path(
            max_length=192,
            pattern=r"^[A-Za-z0-9._:@*-]+$",
            description="the tool's id; * in it stands for anything",
        ),
    ],
) -> Json:
    """It holds for tasks that are planned from now on. Allowing a tool keeps what it looks like
    now: when its words or schemas change, it asks again."""
    joining = request.app.state.parts.tools
    return changed_permission(joining, tool_id, body.permission, who.tenant)

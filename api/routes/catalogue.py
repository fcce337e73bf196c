"""What there is: tools, tasks by their newest, and the read models behind them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api import answers
from api.models import ReplayBody
from api.read_models import ReadModels
from api.routes.shared import PROBLEM
from api.security import Admin, Viewer
from api.strict import StrictRoute
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
async def tools(request: Request, who: Viewer) -> Json:
    """With schemas, cost, duration and success rate."""
    return available_tools()


def available_tools() -> Json:
    """The catalogue as it is answered."""
    from agents.catalog import builtin_tools, catalogue_version

    found = builtin_tools()
    return {
        "version": catalogue_version(found),
        "tools": [tool.model_dump(mode="json") for tool in found],
    }

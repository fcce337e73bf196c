"""What there is: tools, tasks by their newest, and the read models behind them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.models import ReplayBody
from api.read_models import ReadModels
from api.security import Admin, Viewer
from streams.domain.values import Json

router = APIRouter(prefix="/api/orchestrator", tags=["catalogue"])


def read_models(request: Request) -> ReadModels:
    """The read models of this server."""
    found: ReadModels = request.app.state.parts.read_models
    return found


@router.get("/history", operation_id="getHistory")
async def history(
    request: Request,
    who: Viewer,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    status: Annotated[str | None, Query(max_length=40)] = None,
    source: Annotated[str | None, Query(max_length=40)] = None,
    text: Annotated[
        str | None, Query(max_length=200, description="in id, title or request")
    ] = None,
) -> Json:
    """Tasks, newest first; `next_cursor` leads on to older ones."""
    return await read_models(request).history(
        tenant=who.tenant, limit=limit, cursor=cursor, status=status, source=source, text=text
    )


@router.get("/counts", operation_id="getCounts")
async def counts(request: Request, who: Viewer) -> dict[str, int]:
    """How many tasks have which status."""
    return await read_models(request).counts(who.tenant)


@router.post("/replay", operation_id="replay")
async def replay(request: Request, body: ReplayBody, who: Admin) -> Json:
    """Rebuild the read models from position 0. Nothing is done again: replay is a fold."""
    return await read_models(request).rebuild(body.projection)


@router.get("/tools/available", operation_id="getTools")
async def tools(request: Request, who: Viewer) -> Json:
    """The tools that there are, with schemas, cost, duration and success rate."""
    from agents.catalog import builtin_tools, catalogue_version

    found = builtin_tools()
    return {
        "version": catalogue_version(found),
        "tools": [tool.model_dump(mode="json") for tool in found],
    }

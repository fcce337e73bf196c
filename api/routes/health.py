"""/livez and /readyz: is the process alive, and does it do its work?"""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.answers import Alive, Ready
from api.security import Viewer
from streams.watchdog import Health, counts

router = APIRouter(tags=["health"])


@router.get("/livez", response_model=Alive, operation_id="livez", summary="The process answers")
async def alive() -> dict[str, str]:
    """The only endpoint that never needs a token."""
    return {"status": "alive"}


@router.get(
    "/readyz",
    response_model=Ready,
    operation_id="readyz",
    summary="The log can be written, and no open task is stranded",
    responses={503: {"description": "the log cannot be written any more", "model": Ready}},
)
async def ready(request: Request, who: Viewer) -> JSONResponse:
    """Of each open task it is known whether it advances, waits, or is stranded."""
    here = request.app.state.orchestrator
    found = counts(here.health())
    failure = here.core.failure
    is_ready = failure is None
    body = {
        "status": "ready" if is_ready else "failing",
        "open_tasks": found,
        "is_stranding": bool(found[Health.STRANDED]),
        "backlog": here.core.backlog,
        "error": None if failure is None else str(failure),
    }
    return JSONResponse(body, 200 if is_ready else 503)

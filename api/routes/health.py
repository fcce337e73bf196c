"""/livez and /readyz: is the process alive, and does it do its work?"""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from streams.watchdog import Health, counts

router = APIRouter(tags=["health"])


@router.get("/livez", operation_id="livez")
async def alive(request: Request) -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@router.get("/readyz", operation_id="readyz")
async def ready(request: Request) -> JSONResponse:
    """The log can be written and no open task is stranded."""
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

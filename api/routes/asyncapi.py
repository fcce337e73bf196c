"""/asyncapi.json: the interface on a broker, for programs."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.security import Viewer
from api.settings import Settings
from streams.domain.values import Json

USUAL = "localhost:9092"  # where a broker is when nobody has said so

router = APIRouter()


@router.get("/asyncapi.json", include_in_schema=False)
async def asyncapi(request: Request, who: Viewer) -> JSONResponse:
    """The same document whether this server is on a broker or not."""
    return JSONResponse(document(request.app.state.settings, request.app.version))


def document(settings: Settings, version: str) -> Json:
    """AsyncAPI 3.0 for the broker that the settings name, or for the usual one."""
    from api.cluster.broker import broker_of
    from streams.asyncapi import describe

    known = settings if settings.kafka else settings.model_copy(update={"kafka": USUAL})
    return describe(broker_of(known), version)

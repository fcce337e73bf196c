"""The models that can be chosen, and the providers that answer them."""

from fastapi import APIRouter, Request

from api import model_answers
from api.model_desk import models_document, today
from api.routes.shared import PROBLEM
from api.security import Viewer
from api.strict import StrictRoute
from streams.clock import wall_clock
from streams.domain.values import Json

router = APIRouter(
    prefix="/api/orchestrator", tags=["models"], route_class=StrictRoute, responses=PROBLEM
)


@router.get(
    "/models",
    response_model=model_answers.Models,
    operation_id="getModels",
    summary="The models that there are",
)
async def models(request: Request, who: Viewer) -> Json:
    """With prices, limits, retirement dates, and whether their provider is set up. Nobody is called
    for this, and no key is shown."""
    return models_document(request.app.state.settings, today(wall_clock))


@router.get(
    "/models/providers",
    response_model=list[model_answers.Provider],
    operation_id="getModelProviders",
    summary="The providers of models, set up or not",
    responses={200: {"content": {"application/json": {"example": [model_answers.PROVIDER]}}}},
)
async def providers(request: Request, who: Viewer) -> list[Json]:
    """Each with the variable that sets it up."""
    document = models_document(request.app.state.settings, today(wall_clock))
    found: list[Json] = document["providers"]
    return found

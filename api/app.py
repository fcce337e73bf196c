"""The HTTP application: gate, routes, problems, and its own description. It is made by a function
and wired by `api.bootstrap`."""

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse

from api import problems
from api.answers import Problem
from api.bootstrap import Parts
from api.engagement import Engagement
from api.gate import OPEN_PATHS, Gate
from api.mcp import endpoint as mcp_endpoint
from api.pages import PAGE_POLICY, start_document, start_page
from api.routes import (
    agents,
    asyncapi,
    budgets,
    catalogue,
    chat,
    command_work,
    commands,
    decisions,
    health,
    inbox,
    models,
    pictures,
    social,
    tasks,
)
from api.security import Viewer
from api.settings import Settings
from streams.clock import wall_clock
from streams.domain.request import ProcessRequestBody
from streams.domain.values import Json

DESCRIPTION = """Requests in plain language go through nine phases to an approved deliverable.
Everything that this API answers is on disk.
Errors are `application/problem+json` (RFC 9457) with a JSON pointer to each field.
Bearer tokens are needed wherever the server can be reached from other machines;
`orchestrator token create` makes them."""
TAGS = [
    {"name": "tasks", "description": "Hand a request in, and look at what became of it."},
    {"name": "decisions", "description": "What people decide and report."},
    {"name": "requests topic", "description": "Many requests at once, and what did not fit."},
    {"name": "channels", "description": "Where posts go, and publishing one by itself."},
    {"name": "command queue", "description": "Work items, and agents elsewhere that do them."},
    {"name": "agents", "description": "The agents that there are, and how they do."},
    {"name": "chat", "description": "Talk, which becomes a task where it asks for work."},
    {"name": "budgets", "description": "What is spent and held, and who was stopped."},
    {"name": "models", "description": "The models that can be chosen, and their providers."},
    {"name": "catalogue", "description": "Lists, tools, and the read models behind them."},
    {"name": "health", "description": "Is the process alive, and does it do its work?"},
]
MODELS = "#/components/schemas/{model}"


def create_app(parts: Parts) -> FastAPI:
    """The application for parts that are running."""
    app = bare_app(parts.settings)
    app.state.orchestrator = parts.orchestrator
    app.state.parts = parts
    app.state.engagement = Engagement(parts, wall_clock)
    return app


def bare_app(settings: Settings) -> FastAPI:
    """The application without anything behind it, which is enough to describe it."""
    app = FastAPI(
        title="Intelligent Orchestrator",
        version="0.1.0",
        openapi_url=None,
        strict_content_type=False,
    )
    app.state.settings = settings
    problems.install(app)
    queue = (commands, command_work, agents)
    lists = (chat, budgets, models, catalogue, health, asyncapi)
    for module in (tasks, pictures, decisions, social, inbox, *queue, *lists):
        app.include_router(module.router)
    mcp_endpoint.install(app)
    app.add_middleware(Gate, settings=settings)
    _add_start(app)
    return app


def _add_start(app: FastAPI) -> None:
    """Where people begin, and the description for programs."""

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi(who: Viewer) -> JSONResponse:
        return JSONResponse(describe(app))

    @app.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    async def start(request: Request, who: Viewer) -> Response:
        parts: Parts = app.state.parts
        lately = await parts.read_models.history(tenant=who.tenant, limit=8)
        accepted = request.headers.get("accept", "")
        if "application/json" in accepted and "text/html" not in accepted:
            return JSONResponse(start_document(describe(app), parts.settings, lately))
        page = start_page(describe(app), parts.settings, lately)
        return HTMLResponse(page, headers={"Content-Security-Policy": PAGE_POLICY})


def describe(app: FastAPI) -> Json:
    """The API as OpenAPI 3.1; made once."""
    if app.openapi_schema is None:
        document: dict[str, Any] = get_openapi(
            title=app.title,
            version=app.version,
            description=DESCRIPTION,
            routes=app.routes,
            tags=TAGS,
        )
        components = document.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        for model in (Problem, ProcessRequestBody):
            schema = model.model_json_schema(ref_template=MODELS)
            schemas |= schema.pop("$defs", {}) | {model.__name__: schema}
        components["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        }
        document["security"] = [{"token": []}]
        for path in OPEN_PATHS:
            document["paths"][path]["get"]["security"] = []
        app.openapi_schema = document
    return app.openapi_schema

"""The HTTP application: routes, problems, limits. It is made by a function and wired by
`api.bootstrap`."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from starlette.responses import HTMLResponse

from api import problems
from api.bootstrap import Parts
from api.pages import start_page
from api.routes import catalogue, health, orchestrator

Next = Callable[[Request], Awaitable[Response]]

DESCRIPTION = """Requests in plain language go through nine phases to an approved deliverable.
Everything that this API answers is on disk.
Errors are `application/problem+json` with JSON pointers."""


def create_app(parts: Parts) -> FastAPI:
    """The application for parts that are running."""
    app = FastAPI(
        title="Intelligent Orchestrator",
        version="0.1.0",
        description=DESCRIPTION,
        responses={"4XX": {"description": "a problem", "content": {problems.MEDIA_TYPE: {}}}},
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = parts.settings
    app.state.orchestrator = parts.orchestrator
    app.state.parts = parts
    problems.install(app)
    app.include_router(orchestrator.router)
    app.include_router(catalogue.router)
    app.include_router(health.router)

    @app.middleware("http")
    async def limit_and_harden(request: Request, call_next: Next) -> Response:
        length = request.headers.get("content-length", "0")
        limit = parts.settings.max_body
        if not length.isdigit() or int(length) > limit:
            return problems.problem(
                413, f"the body is {length} bytes long; at most {limit:,} are taken"
            )
        response = await call_next(request)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault(
            "Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'"
        )
        return response

    @app.get("/", include_in_schema=False)
    async def start() -> HTMLResponse:
        return HTMLResponse(start_page(app, parts.settings))

    return app

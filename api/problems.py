"""Every error as application/problem+json (RFC 9457), with a JSON pointer to each field that
does not fit."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.errors import ApiError
from api.intake import InvalidRequest
from streams.domain.errors import LogCorrupted, LogError, LogFull, UnknownTask
from streams.domain.values import Json

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger("orchestrator.api")


def problem(
    status: int,
    detail: str,
    *,
    errors: list[Json] | None = None,
    headers: dict[str, str] | None = None,
    code: str = "",
) -> JSONResponse:
    """One problem document. `type` stays `about:blank`: the status says which kind it is."""
    body: Json = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    if code:
        body["code"] = code
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Turn every error of the application into a problem."""

    @app.exception_handler(ApiError)
    async def api_error(request: Request, error: ApiError) -> JSONResponse:
        errors = error.problems if isinstance(error, InvalidRequest) else None
        if errors is None and error.pointer:
            errors = [{"pointer": error.pointer, "detail": str(error)}]
        return problem(error.status, str(error), errors=errors, code=error.code)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        errors = [
            {
                "pointer": "".join(f"/{part}" for part in e["loc"][1:]),
                "in": str(e["loc"][0]),
                "detail": e["msg"],
            }
            for e in error.errors()
        ]
        first = errors[0]
        return problem(422, f"{first['pointer'] or '/'}: {first['detail']}", errors=errors)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, str(error.detail), headers=dict(error.headers or {}))

    @app.exception_handler(LogError)
    async def log_error(request: Request, error: LogError) -> JSONResponse:
        status = (
            507 if isinstance(error, LogFull) else 500 if isinstance(error, LogCorrupted) else 503
        )
        return problem(status, str(error), headers={"Retry-After": "1"} if status == 503 else None)

    @app.exception_handler(UnknownTask)
    async def unknown_task(request: Request, error: UnknownTask) -> JSONResponse:
        return problem(404, str(error))

    @app.exception_handler(Exception)
    async def bug(request: Request, error: Exception) -> JSONResponse:
        _LOG.exception("unexpected error at %s %s", request.method, request.url.path)
        return problem(500, "an unexpected error; the server's log has the details")

"""Every error as application/problem+json (RFC 9457), with a JSON pointer to each field that
does not fit."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.errors import ApiError, said
from api.intake import InvalidRequest, problems_of
from projections.errors import ProjectionsError
from streams.domain.errors import LogCorrupted, LogError, LogFull, UnknownTask
from streams.domain.values import Json

MEDIA_TYPE = "application/problem+json"
_SAID = {
    404: "there is nothing at {path}: GET / lists what there is",
    405: "{method} is not possible at {path}: it takes {allowed}",
}
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


def of(error: ApiError) -> JSONResponse:
    """The problem document of an error of ours."""
    errors = error.problems if isinstance(error, InvalidRequest) else None
    if errors is None and error.pointer:
        errors = [{"pointer": error.pointer, "detail": str(error)}]
    headers = dict(error.headers)
    return problem(error.status, str(error), errors=errors, code=error.code, headers=headers)


def install(app: FastAPI) -> None:
    """Turn every error of the application into a problem."""
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)


async def _ours(request: Request, error: Any) -> JSONResponse:
    return of(error)


async def _invalid(request: Request, error: Any) -> JSONResponse:
    errors = _invalid_fields(error.errors())
    return problem(422, said(errors[0]["pointer"], errors[0]["detail"]), errors=errors)


async def _of_http(request: Request, error: Any) -> JSONResponse:
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    text = _SAID.get(error.status_code, "{detail}")
    detail = text.format(
        detail=error.detail,
        method=request.method,
        path=request.url.path[:200],
        allowed=headers.get("allow", "nothing"),
    )
    return problem(error.status_code, detail, headers=headers)


async def _of_log(request: Request, error: Any) -> JSONResponse:
    status = 507 if isinstance(error, LogFull) else 500 if isinstance(error, LogCorrupted) else 503
    return problem(status, str(error), headers=_SOON if status == 503 else None)


async def _of_read_models(request: Request, error: Any) -> JSONResponse:
    return problem(503, str(error), headers=_SOON)


async def _unknown_task(request: Request, error: Any) -> JSONResponse:
    return problem(404, str(error))


async def _hung_up(request: Request, error: Any) -> JSONResponse:
    return problem(400, "the connection ended before the body did; nothing was taken in")


async def _bug(request: Request, error: Any) -> JSONResponse:
    _LOG.exception("unexpected error at %s %s", request.method, request.url.path)
    return problem(500, "an unexpected error; the server's log has the details")


_SOON = {"Retry-After": "1"}
_HANDLERS: dict[type[Exception], Callable[[Request, Any], Awaitable[Response]]] = {
    ApiError: _ours,
    RequestValidationError: _invalid,
    HTTPException: _of_http,
    LogError: _of_log,
    ProjectionsError: _of_read_models,
    UnknownTask: _unknown_task,
    ClientDisconnect: _hung_up,
    Exception: _bug,
}


def _invalid_fields(entries: Sequence[Any]) -> list[Json]:
    """One problem a field of a body, a path, a query or a header."""
    return [
        found | {"in": place}
        for place in dict.fromkeys(str(entry["loc"][0]) for entry in entries)
        for found in problems_of(
            [e | {"loc": e["loc"][1:]} for e in entries if str(e["loc"][0]) == place]
        )
    ]

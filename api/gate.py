"""What every HTTP request passes before a route sees it: who asks, from where, how much, and in
which form. It also gives every answer its protective headers."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.errors import ApiError, Forbidden
from api.security import LOCAL, authenticate
from api.settings import Settings

OPEN_PATHS = frozenset({"/livez"})  # whether the process lives may be asked without a token
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
JSON_LINES = ("application/x-ndjson", "application/jsonl", "application/json-lines")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
}


class TooLarge(ApiError):
    """The body is longer than this server takes."""

    status = 413


class WrongForm(ApiError):
    """The body is not in a form that is understood here."""

    status = 415


class Gate:
    """The outermost layer of the application, as ASGI has it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._hosts = LOOPBACK | {urlsplit(settings.url).hostname}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        hardened = _hardened(send)
        try:
            self._check_origin(request)
            self._authenticate(request)
            self._check_size(request.headers.get("content-length", "0"))
            _check_form(request)
        except ApiError as error:
            await problems.of(error)(scope, receive, hardened)
            return
        await self._app(scope, self._measured(receive), hardened)

    def _authenticate(self, request: Request) -> None:
        secret = self._settings.secret
        if secret is None or request.url.path in OPEN_PATHS:
            request.state.principal = LOCAL
        else:
            request.state.principal = authenticate(secret, request.headers.get("authorization", ""))

    def _check_origin(self, request: Request) -> None:
        """Without tokens, pages of other sites in the user's browser must not get in, be it
        straight or under a name of theirs that leads to this machine."""
        if self._settings.secret is not None:
            return
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname
        if host not in self._hosts:
            raise Forbidden(
                f"the host {host!r} is not served here: use {self._settings.url}, "
                "or set ORCHESTRATOR_PUBLIC_URL"
            )
        origin = request.headers.get("origin")
        is_foreign = origin is not None and urlsplit(origin).hostname not in self._hosts
        if request.method not in SAFE_METHODS and (
            is_foreign or request.headers.get("sec-fetch-site") == "cross-site"
        ):
            raise Forbidden(f"a page of {origin or 'another site'} may not do this")

    def _check_size(self, length: str) -> None:
        limit = self._settings.max_body
        if not length.isascii() or not length.isdigit() or int(length) > limit:
            raise TooLarge(f"the body is {length[:20]} bytes long; at most {limit:,} are taken")

    def _measured(self, receive: Receive) -> Receive:
        """The same body, up to the limit: one that comes in chunks states no length before."""
        taken = 0

        async def measured() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._settings.max_body:
                raise TooLarge(f"the body is too long; at most {self._settings.max_body:,} bytes")
            return message

        return measured


def _check_form(request: Request) -> None:
    """A body is JSON. One without a type is taken for it; a form, as curl sends it unasked, is
    not."""
    form = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = form == "application/json" or (
        form.startswith("application/") and form.endswith("+json")
    )
    has_lines = form in JSON_LINES and request.url.path == "/api/requests"
    if request.method in SAFE_METHODS or not form or is_json or has_lines:
        return
    if request.headers.get("content-length") == "0":
        return
    raise WrongForm(f"a body is JSON: send it as Content-Type: application/json, not {form!r}")


def _hardened(send: Send) -> Send:
    async def hardened(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return hardened

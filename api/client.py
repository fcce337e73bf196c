"""The command line's way in: the same HTTP API, of a server or of the application inside this
very process."""

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.errors import ApiError, Conflict, NotFound, Unreachable, UsageError, WorkFailed
from api.settings import Settings

if TYPE_CHECKING:
    import httpx

    from agents.contract import Agent

PATIENCE = 70.0  # seconds; longer than the API waits for a task
LOCAL_PATIENCE = 3_600.0  # seconds; in this process there is no network to lose
_ERRORS: dict[int, type[ApiError]] = {
    400: UsageError, 401: UsageError, 403: UsageError, 404: NotFound, 409: Conflict,
    413: UsageError, 422: UsageError, 503: Unreachable,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Client:
    """Calls that answer JSON, or raise the error that the server's problem says."""

    http: "httpx.AsyncClient"
    is_local: bool

    async def get(self, path: str, **query: Any) -> Any:
        """The document at a path."""
        return await self._call(
            "GET", path, params={k: v for k, v in query.items() if v is not None}
        )

    async def post(
        self, path: str, body: Any = None, *, headers: dict[str, str] | None = None
    ) -> Any:
        """What a path answers to a JSON body; bytes are sent as they are."""
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        return await self._call("POST", path, headers=headers, **content)

    async def _call(self, method: str, path: str, **more: Any) -> Any:
        import httpx

        try:
            response = await self.http.request(method, path, **more)
        except httpx.HTTPError as error:
            raise Unreachable(
                f"{self.http.base_url} does not answer ({type(error).__name__}): "
                "is the server running?"
            ) from None
        if response.status_code < 400:
            return response.json()
        problem = response.json() if "json" in response.headers.get("content-type", "") else {}
        kind = _ERRORS.get(response.status_code, WorkFailed)
        raise kind(_detail(problem) or f"{method} {path} answered {response.status_code}")


def _detail(problem: dict[str, Any]) -> str:
    errors = problem.get("errors") or []
    lines = [f"{e.get('pointer') or '/'}: {e.get('detail')}" for e in errors]
    return "\n       ".join(lines) if lines else str(problem.get("detail", ""))


@asynccontextmanager
async def connect(
    settings: Settings, *, agents: "Iterable[Agent] | None" = None
) -> AsyncIterator[Client]:
    """A client of the server that is named, or that holds the data directory, or else of this
    process.

    Args:
        agents: who works if it is this process; all built-in agents unless stated.

    Raises:
        Locked: another process without a server holds the data directory.
    """
    import httpx

    from streams.lock import holder

    held = holder(settings.data)
    url = settings.server or (held.url if held else None)
    if url:
        token = {"Authorization": f"Bearer {settings.token}"} if settings.token else {}
        async with httpx.AsyncClient(base_url=url, headers=token, timeout=PATIENCE) as http:
            yield Client(http, is_local=False)
        return

    from api.app import create_app
    from api.bootstrap import running

    # In this process nobody but the owner of the terminal asks: tokens are for what comes over a
    # network.
    own = settings.model_copy(update={"secret": None})
    async with running(own, agents) as parts:
        transport = httpx.ASGITransport(create_app(parts), raise_app_exceptions=True)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://orchestrator", timeout=LOCAL_PATIENCE
        ) as http:
            yield Client(http, is_local=True)


def require_data(settings: Settings) -> None:
    """Reading needs something to read.

    Raises:
        NotFound: there is no data directory.
    """
    if not settings.server and not os.path.isdir(settings.data):
        raise NotFound(
            f"there is no data directory {settings.data}: "
            "name one with --data, or begin with `orchestrator run`"
        )

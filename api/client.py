"""The command line's way in: the same HTTP API, of a server or of the application inside this
very process."""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.errors import ApiError, Conflict, NotFound, Unreachable, UsageError, WorkFailed, said
from api.settings import Settings

if TYPE_CHECKING:
    import httpx

    from agents.contract import Agent
    from api.bootstrap import Parts

PATIENCE = 70.0  # seconds; longer than the API waits for a task
LOCAL_PATIENCE = 3_600.0  # seconds; in this process there is no network to lose
LOCK_PATIENCE, LOCK_PAUSE = 5.0, 0.05  # seconds
OWN_TOKEN_DAYS = 0.01  # a quarter of an hour: longer than any verb asks
_ERRORS: dict[int, type[ApiError]] = {
    400: UsageError, 401: UsageError, 403: UsageError, 404: NotFound, 409: Conflict,
    413: UsageError, 415: UsageError, 422: UsageError, 503: Unreachable,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Client:
    """Calls that answer JSON, or raise the error that the server's problem says.

    `is_local`: whoever works is in this process, and ends with it.
    """

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

    async def patch(self, path: str, body: Any) -> Any:
        """What a path answers when something there is changed."""
        return await self._call("PATCH", path, json=body)

    async def put(self, path: str, body: Any) -> Any:
        """What a path answers when something is put there."""
        return await self._call("PUT", path, json=body)

    async def delete(self, path: str) -> Any:
        """What a path answers when something there is taken away."""
        return await self._call("DELETE", path)

    async def _call(self, method: str, path: str, **more: Any) -> Any:
        import httpx

        try:
            response = await self.http.request(method, path, **more)
        except httpx.TimeoutException:
            raise Unreachable(
                f"{self.http.base_url} did not answer in {PATIENCE:g} s: "
                "it may be busy, `orchestrator doctor` tells; asking again is safe"
            ) from None
        except httpx.HTTPError as error:
            raise Unreachable(
                f"{self.http.base_url} does not answer ({type(error).__name__}): "
                "is the server running?"
            ) from None
        is_json = "json" in response.headers.get("content-type", "")
        if response.is_success and is_json:
            return response.json()
        if not is_json:
            raise Unreachable(
                f"{self.http.base_url} answers, but is no orchestrator "
                f"({method} {path} gave {response.status_code} and no JSON)"
            )
        kind = _ERRORS.get(response.status_code, WorkFailed)
        problem = _detail(response.json())
        raise kind(problem or f"{method} {path} answered {response.status_code}")


def _detail(problem: Any) -> str:
    if not isinstance(problem, dict):
        return ""
    errors = problem.get("errors") or []
    lines = [said(e.get("pointer", ""), e.get("detail", "")) for e in errors]
    return "\n       ".join(lines) if lines else str(problem.get("detail", ""))


@asynccontextmanager
async def connect(
    settings: Settings,
    *,
    agents: "Iterable[Agent] | None" = None,
    has_servers: bool | None = None,
) -> AsyncIterator[Client]:
    """A client of the server that is named, or that holds the data directory, or else of this
    process.

    Args:
        agents: who works if it is this process; all built-in agents unless stated.
        has_servers: whether this process connects to MCP servers; unless stated, if it works.

    Raises:
        Unreachable: another process without a server holds the data directory.
    """
    url = await _way_in(settings)
    async with _remote(settings, url) if url else _here(settings, agents, has_servers) as client:
        yield client


async def _way_in(settings: Settings) -> str | None:
    """The address of the server, or None where this process may take the directory itself. Other
    verbs hold it for a moment only, so they are waited for.

    Raises:
        Unreachable: a process without a server goes on holding the directory.
    """
    from streams.lock import holder

    if settings.kafka is not None:
        return settings.server  # who names a broker does not mean the directory
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        url = server_of(settings)
        held = holder(settings.data)
        if url or held is None:
            return url
        if time.monotonic() >= deadline:
            who = "another process" if held.pid is None else f"process {held.pid}"
            raise Unreachable(
                f"{settings.data} is held by {who}, which works on a task there: decide in its "
                "terminal, wait until it ends, or stop it with Ctrl-C (nothing is lost)"
            )
        await asyncio.sleep(LOCK_PAUSE)


@asynccontextmanager
async def _remote(settings: Settings, url: str) -> AsyncIterator[Client]:
    import httpx

    token = settings.token or (None if settings.server else _own_token(settings))
    try:
        http = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=PATIENCE,
            trust_env=settings.server is not None,  # no proxy leads to this very machine
        )
    except (httpx.InvalidURL, ValueError) as error:
        raise UsageError(f"{url!r} is no address of a server: {error}") from None
    async with http:
        yield Client(http, is_local=False)


def _here(
    settings: Settings, agents: "Iterable[Agent] | None", has_servers: bool | None
) -> AbstractAsyncContextManager[Client]:
    """The application in this process, on a broker if one is named."""
    # In this process nobody but the owner of the terminal asks: tokens are for what comes over a
    # network.
    own = settings.model_copy(update={"secret": None})
    if settings.kafka is not None:
        return _local(_on_broker(own), is_local=False)
    from api.bootstrap import running

    if agents != ():
        # Nobody elsewhere can reach this process: what it works on, it works on by itself.
        own = own.model_copy(update={"external_agents": ""})
    return _local(running(own, agents, has_servers=has_servers), is_local=True)


@asynccontextmanager
async def _on_broker(settings: Settings) -> "AsyncIterator[Parts]":
    """Its read models are made for this call: those of the directory may be a server's."""
    from api.cluster.parts import serving

    with tempfile.TemporaryDirectory(prefix="orchestrator-") as directory:
        own = settings.model_copy(update={"data": Path(directory)})
        async with serving(own) as parts:
            yield parts


@asynccontextmanager
async def _local(
    starting: "AbstractAsyncContextManager[Parts]", *, is_local: bool
) -> AsyncIterator[Client]:
    import httpx

    from api.app import create_app

    async with starting as parts:
        transport = httpx.ASGITransport(create_app(parts), raise_app_exceptions=True)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", timeout=LOCAL_PATIENCE
        ) as http:
            yield Client(http, is_local=is_local)


def server_of(settings: Settings) -> str | None:
    """The address of the server that is named, or that holds the data directory."""
    from streams.lock import holder

    held = holder(settings.data)
    return settings.server or (held.url if held else None)


def _own_token(settings: Settings) -> str | None:
    """Who knows the secret of the server that holds the data directory needs no token from it."""
    if settings.secret is None:
        return None
    from api.security import LOCAL, create_token

    return create_token(settings, LOCAL.name, LOCAL.role, days=OWN_TOKEN_DAYS)


def require_data(settings: Settings) -> None:
    """Reading needs something to read.

    Raises:
        NotFound: there is no data directory.
    """
    if not settings.server and not settings.kafka and not os.path.isdir(settings.data):
        raise NotFound(
            f"there is no data directory {settings.data}: "
            "name one with --data, or begin with `orchestrator run`"
        )

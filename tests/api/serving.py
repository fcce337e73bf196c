"""The HTTP application in this process, with a client for tests."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from agents.contract import Agent
from api.app import create_app
from api.bootstrap import Parts, echo_agents, running
from api.settings import Settings


@dataclass
class Served:
    """A client of a running application."""

    http: httpx.AsyncClient
    parts: Parts

    async def submit(self, **body: Any) -> str:
        """Hand a request in; the answer is the task's id when it needs nobody but a human."""
        accepted = await self.http.post(
            "/api/orchestrator/process",
            json={"request": "Create a LinkedIn post about our Q4 growth metrics"} | body,
            headers={"Prefer": "wait=30"},
        )
        assert accepted.status_code == 202, accepted.text
        task_id: str = accepted.json()["task_id"]
        return task_id

    async def status(self, task_id: str) -> dict[str, Any]:
        """A task's status document."""
        response = await self.http.get(f"/api/orchestrator/status/{task_id}", params={"wait": 30})
        document: dict[str, Any] = response.json()
        return document


@asynccontextmanager
async def serving(
    directory: Path, agents: Iterable[Agent] | None = None, **settings: Any
) -> AsyncIterator[Served]:
    """Echo agents unless stated."""
    configured = Settings(data=directory / "data", **settings)
    async with running(configured, echo_agents() if agents is None else agents) as parts:
        transport = httpx.ASGITransport(create_app(parts), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            yield Served(http, parts)

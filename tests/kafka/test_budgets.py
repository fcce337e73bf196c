"""A budget in a cluster: agents in several processes ask one ledger, whose owner decides."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.cluster.health import until_ready
from api.cluster.parts import working
from streams.domain.budget import in_dollars
from streams.kafka.connection import KafkaSettings
from tests.kafka.cluster import SESSION, fresh
from tests.kafka.serving import on, served
from tests.models.priced import World, agents

pytestmark = pytest.mark.kafka
ESTIMATE = 0.01


async def test_two_workers_together_never_spend_more_than_the_day_allows(
    kafka: str, tmp_path: Path
) -> None:
    broker = fresh(kafka, partitions=4)
    worlds = [World(ESTIMATE), World(ESTIMATE)]
    async with (
        worker(broker, tmp_path / "a", worlds[0]),
        worker(broker, tmp_path / "b", worlds[1]),
        served(broker, tmp_path / "s") as http,
    ):
        ids = await asyncio.gather(*(submitted(http) for _ in range(16)))
        told = await asyncio.gather(*(ended(http, task_id) for task_id in ids))
        day = (await http.get("/api/orchestrator/budgets")).json()

    paid = sum(sum(world.paid) for world in worlds)
    assert 0 < day["spent"] <= 0.05
    assert day["spent"] == pytest.approx(in_dollars(paid))
    assert day["reserved"] == 0
    stopped = [one for one in told if one["status"] == "failed"]
    assert stopped
    assert all("the tenant 'default' may spend $0.05" in one["error"] for one in stopped)
    assert day["refused"] == len(stopped)
    assert {row["task_id"] for row in day["stopped"]} == {one["task_id"] for one in stopped}


@asynccontextmanager
async def worker(broker: KafkaSettings, directory: Path, world: World) -> AsyncIterator[None]:
    """A worker whose agents may buy for five cents a day."""
    settings = on(broker, directory).model_copy(update={"budget_day": 0.05})
    async with working(settings, agents(world), is_plain=True, session=SESSION) as crew:
        await until_ready(crew)
        yield


async def submitted(http: httpx.AsyncClient) -> str:
    answer = await http.post("/api/orchestrator/process", json={"request": "buy"})
    task_id: str = answer.json()["task_id"]
    return task_id


async def ended(http: httpx.AsyncClient, task_id: str) -> Any:
    path = f"/api/orchestrator/status/{task_id}"
    return (await http.get(path, params={"wait": 30})).json()

"""The agents that there are: registering, being in touch, being lost, and whose name it is."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from agents.external import LEFT_OUT_AFTER, LOST_AFTER
from api.app import create_app
from api.bootstrap import echo_agents, running
from api.security import create_token
from api.settings import Settings
from streams.clock import wall_clock

SECRET = "s" * 40
AGENTS = "/api/agents"
FORECAST = {"tool_id": "weather.forecast", "description": "Tomorrow.", "is_repeatable": True}
WEATHER: dict[str, Any] = {"agent_types": ["weather"], "tools": [FORECAST], "concurrency": 2}


class Here:
    """A server whose clock stands still until it is moved."""

    def __init__(self, directory: Path) -> None:
        self.now = wall_clock()
        self.directory = directory
        self.http: httpx.AsyncClient

    @asynccontextmanager
    async def served(self, **settings: Any) -> AsyncIterator["Here"]:
        configured = Settings(data=self.directory, **settings)
        async with running(configured, echo_agents(), clock=lambda: self.now) as parts:
            self.settings, self.parts = configured, parts
            transport = httpx.ASGITransport(create_app(parts), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
                self.http = http
                yield self

    async def agent(self, name: str) -> dict[str, Any]:
        found = (await self.http.get(AGENTS)).json()["items"]
        one: dict[str, Any] = next(each for each in found if each["name"] == name)
        return one

    async def tools(self) -> dict[str, dict[str, Any]]:
        found = (await self.http.get("/api/orchestrator/tools/available")).json()["tools"]
        return {tool["tool_id"]: tool for tool in found}


@pytest.fixture
def here(tmp_path: Path) -> Here:
    return Here(tmp_path)


async def test_the_built_in_agents_are_there_without_registering(here: Here) -> None:
    async with here.served():
        found = (await here.http.get(AGENTS)).json()["items"]

    assert [each["name"] for each in found] == ["content", "echo", "evaluator", "planner"]
    assert {each["state"] for each in found} == {"idle"}


async def test_an_agent_is_idle_at_work_and_lost(here: Here) -> None:
    async with here.served():
        made = await here.http.put(f"{AGENTS}/w1", json=WEATHER)
        idle = await here.agent("w1")
        body = {"agent_type": "weather", "action": "look"}
        command = (await here.http.post("/api/commands/", json=body)).json()["command_id"]
        taken = await here.http.post("/api/commands/claim", json={"agent": "w1"})
        busy = await here.agent("w1")
        here.now += LOST_AFTER
        lost = await here.agent("w1")
        again = await here.http.put(f"{AGENTS}/w1", json=WEATHER)

    assert (made.status_code, again.status_code) == (201, 200)
    assert idle["state"] == "idle"
    assert idle["tools"] == ["weather.forecast"]
    assert [item["command_id"] for item in taken.json()["items"]] == [command]
    assert (busy["state"], busy["holds"]) == ("connected", [command])
    assert lost["state"] == "lost"
    assert again.json()["state"] == "connected"


async def test_who_only_asks_for_work_is_shown_as_well(here: Here) -> None:
    async with here.served():
        await here.http.get(
            "/api/commands/", params={"claim": True, "agent_type": "x", "agent": "stranger"}
        )
        found = await here.agent("stranger")

    assert (found["state"], found["is_registered"]) == ("idle", False)


async def test_what_waits_for_nobody_is_shown(here: Here) -> None:
    async with here.served():
        await here.http.post("/api/commands/", json={"agent_type": "weather", "action": "look"})
        waiting = (await here.http.get(AGENTS)).json()["waiting"]

    assert waiting == [{"agent_type": "weather", "commands": 1}]


async def test_registrations_outlive_the_server(here: Here) -> None:
    async with here.served():
        await here.http.put(f"{AGENTS}/w1", json=WEATHER)
    async with here.served():
        found = await here.agent("w1")
        gone = await here.http.delete(f"{AGENTS}/w1")
        missing = await here.http.delete(f"{AGENTS}/w1")

    assert found["agent_types"] == ["weather"]
    assert (gone.status_code, missing.status_code) == (204, 404)
    assert json.loads((here.directory / "agents.json").read_text())["agents"] == []


async def test_its_tools_join_the_catalogue_and_ask_first(here: Here) -> None:
    loud = FORECAST | {"success_rate": 1.0}
    async with here.served():
        await here.http.put(f"{AGENTS}/w1", json=WEATHER | {"tools": [loud]})
        tool = (await here.tools())["weather.forecast"]

    assert tool["permission"] == "ask"
    assert tool["source"] == "agent:weather"
    assert tool["agent_type"] == "weather"
    assert tool["success_rate"] <= 0.9
    assert tool["is_repeatable"] is True


@pytest.mark.parametrize("name", ["permission", "source", "runs"])
async def test_an_agent_cannot_say_what_it_may_do(name: str, here: Here) -> None:
    async with here.served():
        tools = [FORECAST | {name: "allow"}]
        answer = await here.http.put(f"{AGENTS}/w1", json=WEATHER | {"tools": tools})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/tools/0/{name}"


async def test_two_processes_may_offer_the_same_tool_but_not_different_ones(here: Here) -> None:
    other = WEATHER | {"tools": [FORECAST | {"description": "Yesterday."}]}
    async with here.served():
        first = await here.http.put(f"{AGENTS}/w1", json=WEATHER)
        same = await here.http.put(f"{AGENTS}/w2", json=WEATHER)
        different = await here.http.put(f"{AGENTS}/w3", json=other)
        here.now += LOST_AFTER
        replaced = await here.http.put(f"{AGENTS}/w3", json=other)

    assert [a.status_code for a in (first, same, different, replaced)] == [201, 201, 409, 201]
    assert different.json()["errors"][0]["pointer"] == "/tools/0/tool_id"


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"agent_types": ["echo"]}, 409, "/agent_types"),
        ({"agent_types": []}, 422, "/agent_types"),
        ({"tools": [FORECAST, FORECAST]}, 422, "/tools/1/tool_id"),
        ({"tools": [FORECAST | {"tool_id": "metrics_analyzer"}]}, 409, "/tools/0/tool_id"),
        ({"tools": [FORECAST | {"agent_type": "x"}]}, 422, "/tools/0/agent_type"),
        (
            {"tools": [FORECAST | {"input_schema": {"x": "y" * 40_000}}]},
            422,
            "/tools/0/input_schema",
        ),
        ({"concurrency": 0}, 422, "/concurrency"),
    ],
)
async def test_what_does_not_fit_a_registration_is_named(
    body: dict[str, Any], status: int, pointer: str, here: Here
) -> None:
    async with here.served():
        answer = await here.http.put(f"{AGENTS}/w1", json=WEATHER | body)

    assert answer.status_code == status
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_the_tools_of_an_agent_that_was_lost_for_long_are_left_out(here: Here) -> None:
    async with here.served():
        await here.http.put(f"{AGENTS}/w1", json=WEATHER)
        before = "weather.forecast" in await here.tools()
    path = here.directory / "agents.json"
    written = json.loads(path.read_text())
    written["agents"][0]["seen_at"] -= LEFT_OUT_AFTER
    path.write_text(json.dumps(written))
    async with here.served():
        after = "weather.forecast" in await here.tools()

    assert before
    assert not after


async def test_no_more_is_handed_to_an_agent_than_it_can_do_at_once(here: Here) -> None:
    async with here.served():
        await here.http.put(f"{AGENTS}/w1", json=WEATHER)
        for _ in range(5):
            await here.http.post("/api/commands/", json={"agent_type": "weather", "action": "x"})
        wanted = {"agent": "w1", "limit": 10}
        first = (await here.http.post("/api/commands/claim", json=wanted)).json()["items"]
        more = (await here.http.post("/api/commands/claim", json=wanted)).json()["items"]

    assert (len(first), len(more)) == (2, 0)


def bearer(here: Here, name: str, role: str = "operator") -> dict[str, str]:
    return {"Authorization": f"Bearer {create_token(here.settings, name, role, days=1)}"}


async def test_a_name_belongs_to_who_used_it_first(here: Here) -> None:
    query = {"claim": True, "agent_type": "weather", "agent": "w1"}
    async with here.served(secret=SECRET):
        ann, bob, eve = bearer(here, "ann"), bearer(here, "bob"), bearer(here, "eve", "admin")
        answers = [
            await here.http.put(f"{AGENTS}/w1", json=WEATHER, headers=ann),
            await here.http.put(f"{AGENTS}/w1", json=WEATHER, headers=bob),
            await here.http.get("/api/commands/", params=query, headers=bob),
            await here.http.delete(f"{AGENTS}/w1", headers=bob),
            await here.http.delete(f"{AGENTS}/w1", headers=eve),
        ]

    assert [answer.status_code for answer in answers] == [201, 403, 403, 403, 204]


async def test_no_agent_takes_the_name_of_the_clock(here: Here) -> None:
    async with here.served():
        answer = await here.http.put(f"{AGENTS}/clock", json=WEATHER)

    assert answer.status_code == 403


async def test_what_was_handed_out_arrives_though_the_file_cannot_be_written(here: Here) -> None:
    async with here.served():
        await here.http.put(f"{AGENTS}/w1", json=WEATHER)
        await here.http.post("/api/commands/", json={"agent_type": "weather", "action": "look"})
        (here.directory / "agents.json").unlink()
        (here.directory / "agents.json").mkdir()  # no file can take its place
        here.now += 60_000
        taken = await here.http.post("/api/commands/claim", json={"agent": "w1"})

    assert taken.status_code == 200
    assert len(taken.json()["items"]) == 1


async def test_a_broken_file_of_registrations_stops_nothing(here: Here) -> None:
    (here.directory / "agents.json").write_text("{")
    async with here.served():
        answer = await here.http.put(f"{AGENTS}/w1", json=WEATHER)

    assert answer.status_code == 201

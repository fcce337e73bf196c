"""What is shown of commands: of whole tasks, of large values, of what is under way here."""

import asyncio
from pathlib import Path
from typing import Any

from agents.contract import Agent, Done, Outcome
from streams.domain.commands import Command
from tests.api.makers import Makers
from tests.api.serving import Served, serving
from tests.api.terminal import Terminal

QUEUE = "/api/commands/"
LARGE = "x" * 300_000


async def listed(here: Served, **query: Any) -> list[Any]:
    items: list[Any] = (await here.http.get(QUEUE, params=query)).json()["items"]
    return items


async def test_every_command_of_a_task_shows_what_it_was_given_and_what_came_of_it(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, Makers().agents()) as here:
        task_id = await here.submit()
        await here.http.post(
            "/api/orchestrator/approve", json={"task_id": task_id, "approved": True}
        )
        await here.status(task_id)
        items = await listed(here, task_id=task_id)
        shown = [(await here.http.get(QUEUE + item["command_id"])).json() for item in items]

    by_kind = {each["kind"]: each for each in shown}
    assert {each["status"] for each in shown} == {"completed"}
    assert all(each["result"] for each in shown)
    assert all(each["attempts"][0]["outcome"] == "completed" for each in shown)
    assert by_kind["ParseIntent"]["payload"]["request"].startswith("Create a LinkedIn post")
    assert by_kind["Publish"]["result"]["is_dry_run"] is True
    assert by_kind["Publish"]["is_repeatable"] is False
    assert by_kind["Format"]["result"]["deliverable"]["title"] == "Q4 Growth Story"


async def test_large_values_are_kept_beside_the_log_and_given_back_whole(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        body = {"agent_type": "work", "action": "do", "payload": {"text": LARGE}}
        command_id = (await here.http.post(QUEUE, json=body)).json()["command_id"]
        claimed = await here.http.post(f"{QUEUE}claim", json={"agent_types": ["work"]})
        output = {"output": {"long": LARGE, "short": 1}}
        await here.http.patch(f"{QUEUE}{command_id}/result", json=output)
        shown = (await here.http.get(QUEUE + command_id)).json()
        kept = list((tmp_path / "data" / "artifacts").rglob("*"))

    assert claimed.json()["items"][0]["payload"] == {"text": LARGE}
    assert shown["result"] == {"long": LARGE, "short": 1}
    assert any(path.is_file() for path in kept)


async def test_what_an_agent_here_is_at_is_shown(tmp_path: Path) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def work(command: Command) -> Outcome:
        begun.set()
        await may_end.wait()
        return Done({"done": True})

    async with serving(tmp_path, [Agent("digger", effects={"dig": work})]) as here:
        body = {"agent_type": "digger", "action": "dig"}
        made = (await here.http.post(QUEUE, json=body)).json()
        await begun.wait()
        (agent,) = (await here.http.get("/api/agents")).json()["items"]
        may_end.set()
        waited = await here.http.post(
            QUEUE, json=body | {"task_id": "second"}, headers={"Prefer": "wait=10"}
        )

    assert (agent["state"], agent["holds"]) == ("connected", [made["command_id"]])
    assert waited.json()["status"] == "completed"
    assert waited.headers["preference-applied"] == "wait=10"


async def test_a_cursor_of_nobody_and_too_many_types_are_refused(tmp_path: Path) -> None:
    async with serving(tmp_path) as here:
        cursor = await here.http.get(QUEUE, params={"cursor": "nonsense"})
        types = await here.http.get(QUEUE, params={"agent_type": ["a", "b"]})
        mixed = await here.http.get(QUEUE, params={"claim": True, "status": "failed"})
        status = await here.http.get(QUEUE, params={"status": "lost"})

    assert [a.status_code for a in (cursor, types, mixed, status)] == [422] * 4
    assert cursor.json()["errors"][0]["pointer"] == "/cursor"


def test_lists_and_figures_look_like_tables(orchestrator: Terminal) -> None:
    for name in ("one", "two"):
        orchestrator("commands", "dispatch", "work", name)
    listed = orchestrator("commands", "list")
    paged = orchestrator("commands", "list", "--limit", "1")
    none = orchestrator("commands", "list", "--status", "failed")
    stats = orchestrator("commands", "stats")
    shown = orchestrator("commands", "show", listed.out.splitlines()[1].split()[0])

    assert listed.out.splitlines()[0].split()[:4] == ["COMMAND", "STATUS", "WHAT", "TRIES"]
    assert "work: two" in listed.out.splitlines()[1]
    assert "orchestrator commands list --cursor" in paged.out
    assert "no such command" in none.out
    assert stats.out.splitlines()[1].split()[:2] == ["work", "2"]
    assert "orchestrator commands claim --type work" in shown.out

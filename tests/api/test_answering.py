"""Who may answer what a task asks: whether something goes out into the world is for approvers."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from agents.contract import Agent, Done, Outcome, Uncertain
from api.security import create_token
from streams.domain.commands import Command
from tests.api.makers import Makers
from tests.api.serving import Served, serving


class People:
    """People with roles, at a server that asks for tokens."""

    def __init__(self, here: Served) -> None:
        self.here = here

    def bearer(self, role: str) -> dict[str, str]:
        """Their token."""
        token = create_token(self.here.parts.settings, role, role, days=1)
        return {"Authorization": f"Bearer {token}"}

    async def post(self, role: str, path: str, **body: Any) -> httpx.Response:
        """What somebody says."""
        headers = self.bearer(role) | {"Prefer": "wait=30"}
        return await self.here.http.post(f"/api/orchestrator/{path}", json=body, headers=headers)

    async def submitted(self) -> str:
        """A task of an operator's, as soon as it waits for people."""
        task_id: str = (await self.post("operator", "process", request="echo")).json()["task_id"]
        return task_id

    async def status(self, task_id: str) -> Any:
        """How the task stands when it waits for people, or has ended."""
        path = f"/api/orchestrator/status/{task_id}"
        found = await self.here.http.get(path, params={"wait": 30}, headers=self.bearer("operator"))
        return found.json()


@asynccontextmanager
async def people(directory: Path, agents: Iterable[Agent]) -> AsyncIterator[People]:
    async with serving(directory, tuple(agents), secret="s" * 40) as here:
        yield People(here)


def asking_first() -> Iterable[Agent]:
    """Agents whose tools ask before they are used."""
    for agent in Makers().agents():
        discover = agent.computes.get("DiscoverTools")
        if discover is not None:
            computes = {**agent.computes, "DiscoverTools": _asking(discover)}
            yield replace(agent, computes=computes)
        else:
            yield agent


def losing_posts() -> Iterable[Agent]:
    """Agents whose publisher's line goes dead."""

    async def lost(command: Command) -> Outcome:
        return Uncertain("the line went dead")

    for agent in Makers().agents():
        yield replace(agent, effects=dict.fromkeys(agent.effects, lost))


def _asking(discover: Callable[[Command], Outcome]) -> Callable[[Command], Outcome]:
    def asking(command: Command) -> Outcome:
        found = discover(command)
        assert isinstance(found, Done)
        tools = [{**tool, "permission": "ask"} for tool in found.output["tools"]]
        return Done({**found.output, "tools": tools})

    return asking


async def test_whether_a_tool_may_be_used_is_for_approvers_to_say(tmp_path: Path) -> None:
    async with people(tmp_path, asking_first()) as here:
        task_id = await here.submitted()
        asked = (await here.status(task_id))["questions"]
        path = f"tasks/{task_id}/answer"
        first = asked[0]["question_id"]

        refused = await here.post("operator", path, answer="allow", question_id=first)
        early = await here.post("operator", path, answer="allow", question_id="tool-99")
        unnamed = await here.post("operator", path, answer="allow")
        for question in asked:
            question_id = question["question_id"]
            taken = await here.post("approver", path, answer="allow", question_id=question_id)
            assert taken.json()["verdict"] == "accepted"
        after = await here.status(task_id)

    assert [question["options"] for question in asked] == [["allow", "deny"]] * len(asked)
    assert len(asked) > 1
    assert refused.status_code == 403
    assert "approver" in refused.json()["detail"]
    assert early.status_code == 409
    assert unnamed.status_code == 409
    assert after["status"] == "pending_approval"


async def test_so_is_whether_a_post_is_out(tmp_path: Path) -> None:
    async with people(tmp_path, losing_posts()) as here:
        task_id = await here.submitted()
        approval = {"task_id": task_id, "approved": True, "publish_to_channels": ["linkedin"]}
        await here.post("approver", "approve", **approval)
        asked = (await here.status(task_id))["questions"]

        refused = await here.post("operator", f"tasks/{task_id}/answer", answer="done")
        taken = await here.post("approver", f"tasks/{task_id}/answer", answer="done")
        repeated = await here.post(
            "operator",
            f"tasks/{task_id}/answer",
            answer="done",
            question_id=asked[0]["question_id"],
        )

    assert refused.status_code == 403
    assert taken.json()["verdict"] == "accepted"
    assert repeated.json()["verdict"] == "repeated"


async def test_what_the_request_means_may_be_said_by_operators(tmp_path: Path) -> None:
    async with people(tmp_path, Makers(question="Which year?").agents()) as here:
        task_id = await here.submitted()

        taken = await here.post("operator", f"tasks/{task_id}/answer", answer="2024")
        after = await here.status(task_id)

    assert taken.json()["verdict"] == "accepted"
    assert after["status"] == "pending_approval"

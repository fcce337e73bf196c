"""The gate stands before `/mcp` as before every route: tokens, roles, tenants, origins, sizes."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.contract import Agent, Done, Outcome
from api.security import create_token
from streams.domain.commands import Command
from tests.api.makers import Makers
from tests.api.mcp.assistants import assistant, wire
from tests.api.serving import serving

SECRET = "a secret of more than thirty-two characters"
REQUEST = "Create a LinkedIn post about our Q4 growth metrics"
LIST: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
PATHS = ["/mcp", "/mcp/agents"]
SPEAKS = {"Accept": "application/json, text/event-stream"}


def token(here: Any, role: str, tenant: str = "default") -> str:
    return create_token(here.parts.settings, f"the {role}", role, days=1, tenant=tenant)


async def test_a_role_may_do_over_mcp_what_it_may_over_http_and_no_more(tmp_path: Path) -> None:
    makers = Makers()

    async with serving(tmp_path, makers.agents(), secret=SECRET) as here:
        async with assistant(here, token=token(here, "viewer")) as viewer:
            refused = await viewer.refusal("submit_request", request=REQUEST)
            seen = await viewer.ask("search_history")
        async with assistant(here, token=token(here, "operator")) as operator:
            task_id = (await operator.ask("submit_request", request=REQUEST))["task_id"]
            not_theirs = await operator.refusal("approve_task", task_id=task_id, round=1)
            in_advance = await operator.refusal(
                "submit_request", request=REQUEST, preferences={"auto_approve": True}
            )
        async with assistant(here, token=token(here, "approver")) as approver:
            await approver.ask("approve_task", task_id=task_id, round=1)
            await approver.ask("get_task", task_id=task_id, wait_seconds=20)
            shown = await approver.ask("get_deliverable", task_id=task_id)

    assert "this needs the role 'operator'; you are 'viewer'" in refused
    assert seen["items"] == []
    assert "this needs the role 'approver'; you are 'operator'" in not_theirs
    assert "approver" in in_advance
    assert shown["decided_by"] == "the approver"
    assert len(makers.published) == 2


def asking_for_a_tool(makers: Makers) -> tuple[Agent, ...]:
    """The agents, whose first tool may be used only after an approver has said so."""
    planner, *others = makers.agents()

    def discover(command: Command) -> Outcome:
        found = planner.computes["DiscoverTools"](command)
        assert isinstance(found, Done)
        first, *rest = found.output["tools"]
        return Done({**found.output, "tools": [first | {"permission": "ask"}, *rest]})

    return (replace(planner, computes={**planner.computes, "DiscoverTools": discover}), *others)


async def test_whether_a_tool_may_be_used_is_for_an_approver_to_answer(tmp_path: Path) -> None:
    async with serving(tmp_path, asking_for_a_tool(Makers()), secret=SECRET) as here:
        async with assistant(here, token=token(here, "operator")) as operator:
            asked = await operator.ask("submit_request", request=REQUEST)
            (question,) = asked["questions"]
            given = {"task_id": asked["task_id"], "answer": question["options"][0]}
            refused = await operator.refusal("answer_question", **given)
        async with assistant(here, token=token(here, "approver")) as approver:
            await approver.ask("answer_question", **given)
            ended = await approver.ask("get_task", task_id=asked["task_id"], wait_seconds=20)

    assert "echo_1" in question["question"]
    assert "this needs the role 'approver'; you are 'operator'" in refused
    assert ended["status"] == "pending_approval"


async def test_the_tasks_of_another_tenant_do_not_exist(tmp_path: Path) -> None:
    async with serving(tmp_path, Makers().agents(), secret=SECRET) as here:
        async with assistant(here, token=token(here, "admin", "acme")) as theirs:
            task_id = (await theirs.ask("submit_request", request=REQUEST))["task_id"]
        async with assistant(here, token=token(here, "admin", "other")) as others:
            looked = await others.refusal("get_task", task_id=task_id)
            decided = await others.refusal("approve_task", task_id=task_id, round=1)
            found = await others.ask("search_history")
            resources = (await others.client.list_resources()).resources

    assert looked == decided
    assert f"there is no task '{task_id}'" in looked
    assert found["items"] == []
    assert resources == []


@pytest.mark.parametrize("path", PATHS)
async def test_without_a_valid_token_nothing_is_answered(path: str, tmp_path: Path) -> None:
    given = [{}, {"Authorization": "Bearer forged"}, {"Authorization": "Basic eA=="}]

    async with serving(tmp_path, secret=SECRET) as here, wire(here) as http:
        answers = [await http.post(path, json=LIST, headers=SPEAKS | own) for own in given]

    for answer in answers:
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", PATHS)
async def test_pages_of_other_sites_do_not_get_in(path: str, tmp_path: Path) -> None:
    given: dict[int, list[dict[str, str]]] = {
        200: [{}, {"Origin": "http://localhost:8000"}],
        403: [
            {"Host": "rebound.example"},
            {"Origin": "https://evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
        ],
        415: [
            {"Content-Type": "text/plain"},
            {"Content-Type": "application/x-www-form-urlencoded"},
        ],
    }
    usual = SPEAKS | {"Content-Type": "application/json"}

    async with serving(tmp_path) as here, wire(here) as http:
        answered = {
            status: [
                (await http.post(path, content=json.dumps(LIST), headers=usual | own)).status_code
                for own in headers
            ]
            for status, headers in given.items()
        }

    assert answered == {status: [status] * len(headers) for status, headers in given.items()}


async def test_a_body_over_the_limit_is_refused_whether_its_length_is_stated_or_not(
    tmp_path: Path,
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b" " * 1_000

    async with serving(tmp_path, max_body=2_000) as here, wire(here) as http:
        headers = SPEAKS | {"Content-Type": "application/json"}
        stated = await http.post("/mcp", content=b" " * 2_001, headers=headers)
        chunked = await http.post("/mcp", content=chunks(), headers=headers)

    for answer in (stated, chunked):
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"


async def test_there_is_no_session_to_listen_to_or_to_end(tmp_path: Path) -> None:
    async with serving(tmp_path) as here, wire(here) as http:
        answers = [await http.request(m, "/mcp", headers=SPEAKS) for m in ("GET", "DELETE", "PUT")]

    assert [(a.status_code, a.headers["allow"]) for a in answers] == [(405, "POST")] * 3


async def test_what_json_has_no_word_for_is_refused_in_arguments_too(tmp_path: Path) -> None:
    metrics = {
        '{"growth": NaN}': "NaN",
        '{"growth": 1e999}': "Infinity",
        '{"note": "\\ud800"}': "surrogate",
        '{"deep": ' + "[" * 40 + "]" * 40 + "}": "nested deeper than 32",
    }
    call = (
        '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "submit_request",'
        '"arguments": {"request": "x", "business_metrics": %s}}}'
    )

    async with serving(tmp_path) as here, wire(here) as http:
        headers = SPEAKS | {"Content-Type": "application/json"}
        answers = [await http.post("/mcp", content=call % m, headers=headers) for m in metrics]
        known = await here.http.get("/api/orchestrator/history")

    for answer, sentence in zip(answers, metrics.values(), strict=True):
        assert sentence in answer.text or answer.status_code == 400
    assert known.json()["items"] == []


async def test_the_agents_tools_need_an_operator(tmp_path: Path) -> None:
    async with serving(tmp_path, secret=SECRET) as here:
        async with wire(here, token(here, "viewer")) as http:
            refused = await http.post("/mcp/agents", json=LIST, headers=SPEAKS)
        async with assistant(here, "/agents", token=token(here, "operator")) as operator:
            tools = (await operator.client.list_tools()).tools

    assert refused.status_code == 403
    assert "this needs the role 'operator'" in refused.json()["detail"]
    assert tools

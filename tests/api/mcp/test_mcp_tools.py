"""The orchestrator's tools over MCP: the whole way of a request, and every refusal."""

from pathlib import Path
from typing import Any

import pytest

from api.models import Edits
from tests.api.makers import POST, Makers
from tests.api.mcp.assistants import assistant
from tests.api.serving import serving

REQUEST = "Create a LinkedIn post about our Q4 growth metrics"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_request_goes_the_whole_way_in_both_generations_of_the_protocol(
    mode: str, tmp_path: Path
) -> None:
    makers = Makers()

    async with serving(tmp_path, makers.agents()) as here, assistant(here, mode=mode) as user:
        submitted = await user.ask("submit_request", request=REQUEST)
        task_id = submitted["task_id"]
        shown = await user.ask("get_deliverable", task_id=task_id)
        before = list(makers.published)
        decided = await user.ask(
            "approve_task", task_id=task_id, round=shown["round"], publish_to_channels=["linkedin"]
        )
        ended = await user.ask("get_task", task_id=task_id, wait_seconds=20)

    assert submitted["status"] == "pending_approval"
    assert "approve_task" in submitted["next_step"]
    assert not submitted["is_repeat"]
    assert shown["channel_variants"]["linkedin"]["content"] == POST
    assert before == []
    assert decided["verdict"] == "accepted"
    assert ended["status"] == "approved"
    assert list(ended["publications"]) == ["linkedin"]
    assert len(makers.published) == 1


async def test_the_phases_are_told_while_a_call_waits(tmp_path: Path) -> None:
    async with serving(tmp_path, Makers().agents()) as here, assistant(here) as user:
        await user.ask("submit_request", request=REQUEST)

    assert user.told[0] == "1/9 phase PLANNING"
    assert user.told[-1] == "8/9 phase APPROVAL"
    progress = [float(line.split("/")[0]) for line in user.told]
    assert progress == sorted(set(progress))


async def test_a_call_that_does_not_wait_answers_at_once_and_tells_nothing_it_did_not_see(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path, agents=()) as here, assistant(here) as user:
        submitted = await user.ask("submit_request", request=REQUEST, wait_seconds=0)

    assert submitted["status"] == "processing"
    assert user.told == ["1/9 phase PLANNING"]


async def test_the_same_key_is_the_same_task(tmp_path: Path) -> None:
    given = {"request": REQUEST, "idempotency_key": "monday", "wait_seconds": 0}

    async with serving(tmp_path) as here, assistant(here) as user:
        first = await user.ask("submit_request", **given)
        second = await user.ask("submit_request", **given)
        other = await user.refusal("submit_request", **given | {"request": "Another one"})

    assert second["task_id"] == first["task_id"]
    assert second["is_repeat"]
    assert "Idempotency-Key was used for another request" in other


async def test_rejecting_revising_answering_cancelling_and_retrying_reach_the_task(
    tmp_path: Path,
) -> None:
    asking = Makers(question="Which year?")

    async with serving(tmp_path, asking.agents()) as here, assistant(here) as user:
        task_id = (await user.ask("submit_request", request=REQUEST))["task_id"]
        asked = await user.ask("get_task", task_id=task_id)
        await user.ask("answer_question", task_id=task_id, answer="2024")
        await user.ask("get_task", task_id=task_id, wait_seconds=20)
        await user.ask("revise_task", task_id=task_id, feedback="shorter", round=1)
        revised = await user.ask("get_task", task_id=task_id, wait_seconds=20)
        await user.ask("reject_task", task_id=task_id, round=2, reason="not now")
        rejected = await user.ask("get_task", task_id=task_id)
        too_late = await user.refusal("retry_task", task_id=task_id)
        other = (await user.ask("submit_request", request=REQUEST))["task_id"]
        await user.ask("cancel_task", task_id=other, reason="the quarter was restated")
        cancelled = await user.ask("get_task", task_id=other)

    assert asked["questions"][0]["question"] == "Which year?"
    assert "answer_question" in asked["next_step"]
    assert revised["approval_round"] == 2
    assert rejected["outcome"] == "rejected"
    assert "failed" in too_late
    assert cancelled["status"] == "cancelled"
    assert asking.published == []


async def test_an_approval_names_the_round_that_was_looked_at(tmp_path: Path) -> None:
    async with serving(tmp_path, Makers().agents()) as here, assistant(here) as user:
        task_id = (await user.ask("submit_request", request=REQUEST))["task_id"]
        blind = await user.refusal("approve_task", task_id=task_id)
        stale = await user.refusal("approve_task", task_id=task_id, round=7)
        status = await user.ask("get_task", task_id=task_id)

    assert blind == "/round: Field required"
    assert "round 1 is open, not round 7" in stale
    assert status["status"] == "pending_approval"


async def test_the_history_is_searched_by_pages_and_read_as_a_resource(tmp_path: Path) -> None:
    async with serving(tmp_path) as here, assistant(here) as user:
        ids = [
            (await user.ask("submit_request", request=f"Report number {n}"))["task_id"]
            for n in range(3)
        ]
        page = await user.ask("search_history", text="report", limit=2)
        rest = await user.ask("search_history", limit=2, cursor=page["next_cursor"])
        none = await user.ask("search_history", status="failed")
        listed = (await user.client.list_resources()).resources
        templates = (await user.client.list_resource_templates()).resource_templates
        read = await user.client.read_resource(f"task://{ids[0]}")

    assert [i["task_id"] for i in page["items"] + rest["items"]] == ids[::-1]
    assert none["items"] == []
    assert {resource.uri for resource in listed} == {f"task://{task_id}" for task_id in ids}
    assert templates[0].uri_template == "task://{task_id}"
    assert '"request_submitted.v1"' in read.contents[0].text  # type: ignore[union-attr]


@pytest.mark.parametrize("uri", ["task://nobody", "task://", "file:///etc/passwd", "task://a/../b"])
async def test_what_is_no_task_is_no_resource(uri: str, tmp_path: Path) -> None:
    from mcp.shared.exceptions import MCPError

    async with serving(tmp_path) as here, assistant(here) as user:
        with pytest.raises(MCPError, match=r"no task|task://TASK_ID|there is nothing"):
            await user.client.read_resource(uri)


REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("get_task", {"task_id": "nobody"}, "there is no task 'nobody'"),
    ("get_task", {"task_id": "../../settings"}, "/task_id: String should match pattern"),
    ("get_task", {}, "/task_id: Field required"),
    ("get_task", {"task_id": "a", "force": True}, "/force: Extra inputs are not permitted"),
    ("get_deliverable", {"task_id": "nobody"}, "there is no task 'nobody'"),
    ("submit_request", {"request": " "}, "/request: is empty"),
    ("submit_request", {"request": "x", "preferences": {"tone": "rude"}}, "/preferences/tone: "),
    ("submit_request", {"request": "x", "business_metrics": {"a": [[]]}}, "/business_metrics/a"),
    ("submit_request", {"request": "x", "wait_seconds": 1e9}, "/wait_seconds: Input should be"),
    ("search_history", {"status": "sleeping"}, "/status: Input should be"),
    ("search_history", {"cursor": "%%%"}, "cursor"),
    ("list_tools", {"verbose": True}, "/verbose: Extra inputs are not permitted"),
]


async def test_a_refusal_says_what_does_not_fit_as_over_http(tmp_path: Path) -> None:
    async with serving(tmp_path) as here, assistant(here) as user:
        said = [await user.refusal(tool, **given) for tool, given, _ in REFUSALS]

    for text, (_, _, sentence) in zip(said, REFUSALS, strict=True):
        assert sentence in text


async def test_a_tool_that_does_not_exist_is_an_error_of_the_protocol(tmp_path: Path) -> None:
    from mcp.shared.exceptions import MCPError

    async with serving(tmp_path) as here, assistant(here) as user:
        with pytest.raises(MCPError, match=r"there is no tool 'files\.delete'"):
            await user.call("files.delete")


async def test_every_tool_has_schemas_both_ways_and_says_what_it_may_do(tmp_path: Path) -> None:
    async with serving(tmp_path) as here, assistant(here) as user:
        tools = {tool.name: tool for tool in (await user.client.list_tools()).tools}

    reading = {name for name, tool in tools.items() if tool.annotations.read_only_hint}  # type: ignore[union-attr]
    careful = {name for name, tool in tools.items() if tool.annotations.destructive_hint}  # type: ignore[union-attr]
    assert reading == {
        "get_task",
        "get_deliverable",
        "search_history",
        "list_tools",
    }
    assert careful == {"approve_task", "reject_task", "cancel_task"}
    for tool in tools.values():
        assert tool.description
        assert tool.input_schema["type"] == "object"
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema is not None


async def test_an_approval_carries_the_edits_that_its_schema_names(tmp_path: Path) -> None:
    makers = Makers()

    async with serving(tmp_path, makers.agents()) as here, assistant(here) as user:
        tools = {tool.name: tool for tool in (await user.client.list_tools()).tools}
        schema = tools["approve_task"].input_schema["properties"]["edits"]["anyOf"][0]
        task_id = (await user.ask("submit_request", request=REQUEST))["task_id"]
        edits = {"channel_variants": {"linkedin": "Revenue grew to $150,000."}}
        given = {"task_id": task_id, "round": 1, "publish_to_channels": ["linkedin"]}
        wrong = await user.refusal("approve_task", **given, edits={"colour": "red"})
        await user.ask("approve_task", **given, edits=edits)
        await user.ask("get_task", task_id=task_id, wait_seconds=20)

    assert set(schema["properties"]) == set(Edits.model_fields)
    assert "/edits/colour" in wrong
    assert [payload["variant"]["content"] for payload in makers.published] == [
        "Revenue grew to $150,000."
    ]

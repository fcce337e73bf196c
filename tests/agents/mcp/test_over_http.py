"""Servers over streamable HTTP, on loopback."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agents.contract import Done, GiveUp, Outcome, Retry, Uncertain
from agents.tools.servers import Server
from tests.agents.mcp.boxes import ONCE, opened, report, step, until
from tests.mcp_servers import good
from tests.mcp_servers.web import bad, served

HEADERS = {"Authorization": "Bearer canary-77", "X-Team": "growth"}


async def test_a_server_made_with_the_official_sdk_is_listed_and_called() -> None:
    async with served(good.app()) as url, opened(Server("ledger", "http", url=url)) as box:
        outcome = await box.call(step("ledger.revenue", quarter="Q1 2025"))
        picture = await box.call(step("ledger.chart"))
        failed = await box.call(step("ledger.revenue", is_repeatable=False, quarter="Q9 2031"))
        found = box.found()

    assert found.servers[0].state == "ready"
    assert found.servers[0].transport == "http"
    assert len(found.tools) == 3
    assert isinstance(outcome, Done)
    assert outcome.output["revenue"] == 1_000_000.0
    assert isinstance(picture, Done)
    assert picture.output["resources"] == [
        {"type": "image", "media_type": "image/png", "bytes": 400}
    ]
    assert isinstance(failed, GiveUp)


async def test_the_headers_go_with_every_request() -> None:
    seen: list[dict[str, Any]] = []
    server = Server("odd", "http", url="", headers=HEADERS)

    async with served(bad("broken", seen)) as url, opened(replace(server, url=url)) as box:
        await box.call(step("odd.echo", text="x"))

    assert [each["message"]["method"] for each in seen[:1]] == ["initialize"]
    assert seen[-1]["message"]["method"] == "tools/call"
    assert all(each["headers"]["authorization"] == "Bearer canary-77" for each in seen)
    assert all(each["headers"]["x-team"] == "growth" for each in seen)


@pytest.mark.parametrize(
    ("way", "kind", "reason"),
    [
        ("broken", Uncertain, "HTTP 502"),
        ("busy", Retry, "HTTP 429"),
        ("forbidden", GiveUp, "HTTP 403"),
        ("packed", Uncertain, "packs its answers"),
        ("flood", Uncertain, "more than 8 MB"),
        ("elsewhere", GiveUp, "not followed"),
    ],
)
async def test_a_call_that_goes_wrong_says_why_and_what_may_have_happened(
    way: str, kind: type[Outcome], reason: str
) -> None:
    async with served(bad(way)) as url, opened(Server("odd", "http", url=url)) as box:
        outcome = await box.call(step("odd.echo", is_repeatable=False, text="x"))

    assert type(outcome) is kind
    assert not isinstance(outcome, Done)
    assert reason in outcome.reason


@pytest.mark.parametrize(
    ("way", "reason"), [("unknown", "HTTP 401"), ("page", "text/html"), ("silent", "within 0.2 s")]
)
async def test_an_address_that_is_no_server_for_us_fails_with_a_reason(
    way: str, reason: str
) -> None:
    limits = replace(ONCE, connect=200) if way == "silent" else ONCE
    async with (
        served(bad(way)) as url,
        opened(Server("odd", "http", url=url), limits=limits) as box,
    ):
        assert report(box).state == "failed"
        assert reason in report(box).reason


async def test_an_address_where_nobody_is_fails_with_a_reason() -> None:
    async with opened(Server("odd", "http", url="http://127.0.0.1:9/mcp"), limits=ONCE) as box:
        assert report(box).state == "failed"
        assert "cannot be reached" in report(box).reason


async def test_a_call_without_an_answer_ends_in_its_time() -> None:
    async with served(bad("hang")) as url, opened(Server("odd", "http", url=url)) as box:
        outcome = await box.call(step("odd.echo", is_repeatable=False, timeout=80, text="x"))

    assert isinstance(outcome, Uncertain)
    assert "no answer within" in outcome.reason


async def test_a_server_that_goes_down_between_two_calls_is_uncertain_about_nothing() -> None:
    async with served(good.app()) as url:
        box_context = opened(Server("ledger", "http", url=url))
        box = await box_context.__aenter__()
    outcome = await box.call(step("ledger.remember", is_repeatable=False, text="x"))
    await box_context.__aexit__(None, None, None)

    assert isinstance(outcome, Retry)


async def test_a_forgotten_session_is_begun_anew() -> None:
    sessions: list[dict[str, Any]] = []
    async with (
        served(bad("forgets", sessions)) as url,
        opened(Server("odd", "http", url=url)) as box,
    ):
        first = await box.call(step("odd.echo", is_repeatable=False, text="x"))
        await until(_counted(sessions, "initialize", 2))
        await until(lambda: report(box).state == "ready")

    assert isinstance(first, Retry)
    assert "forgotten" in first.reason


def _counted(seen: list[dict[str, Any]], method: str, number: int) -> Callable[[], bool]:
    return lambda: [each["message"]["method"] for each in seen].count(method) >= number

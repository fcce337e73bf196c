"""Publishing one text by itself, and the channels, over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agents.publishers.outbox import publisher_agent
from api.channels import with_live_channels
from api.security import create_token
from api.settings import Settings
from tests.api.makers import Makers
from tests.api.serving import Served, serving
from tests.platforms.faults import Fault
from tests.platforms.linkedin import LinkedIn
from tests.platforms.serving import serving as platform_serving

POST = {"platform": "linkedin", "content": "Revenue grew to $150,000 a month."}
SECRET = "a-secret-that-is-long-enough-for-hs256"


@pytest.fixture(scope="module")
def started() -> Iterator[tuple[LinkedIn, str]]:
    """LinkedIn on loopback."""
    platform = LinkedIn()
    with platform_serving(platform.app()) as url:
        yield platform, url
        platform.faults.released.set()


@pytest.fixture
def linkedin(started: tuple[LinkedIn, str]) -> LinkedIn:
    """LinkedIn, as new."""
    started[0].reset()
    return started[0]


@pytest.fixture
def live(started: tuple[LinkedIn, str], linkedin: LinkedIn) -> dict[str, Any]:
    """Settings by which LinkedIn is live."""
    return {
        "live_channels": "linkedin",
        "linkedin_token": linkedin.token,
        "linkedin_author": linkedin.authors[0],
        "linkedin_url": started[1],
    }


def agents(directory: Path, settings: dict[str, Any]) -> Any:
    """The real publisher, with the channels that are live."""
    outbox = publisher_agent(directory / "outbox")
    return with_live_channels([outbox], Settings(data=directory, **settings))


async def ended(here: Served, **body: Any) -> dict[str, Any]:
    """Publish, and wait for the end."""
    answer = await here.http.post(
        "/api/social/publish", json=POST | body, headers={"Prefer": "wait=30"}
    )
    assert answer.status_code == 202, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_a_publication_is_a_dry_run_until_its_channel_is_live(tmp_path: Path) -> None:
    async with serving(tmp_path, agents(tmp_path, {})) as here:
        answer = await ended(here)

    assert answer["status"] == "approved"
    assert answer["is_live"] is False
    assert answer["publications"]["linkedin"]["is_dry_run"] is True
    assert len(list((tmp_path / "outbox").glob("*.json"))) == 1


async def test_a_live_channel_publishes_once_and_its_task_has_the_receipt(
    tmp_path: Path, linkedin: LinkedIn, live: dict[str, Any]
) -> None:
    async with serving(tmp_path, agents(tmp_path, live), **live) as here:
        answer = await ended(here)
        history = await here.http.get(f"/api/orchestrator/tasks/{answer['task_id']}/events")

    assert answer["is_live"] is True
    assert answer["where"] == "LinkedIn as urn:li:person:ann"
    assert answer["publications"]["linkedin"]["reference"] in linkedin.posts
    assert answer["publications"]["linkedin"]["is_dry_run"] is False
    types = [event["type"] for event in history.json()["events"]]
    assert types.index("effect_granted.v1") < types.index("publication_completed.v1")
    assert linkedin.token not in history.text
    assert not (tmp_path / "outbox").exists()


async def test_the_same_key_is_the_same_publication(
    tmp_path: Path, linkedin: LinkedIn, live: dict[str, Any]
) -> None:
    headers = {"Idempotency-Key": "april", "Prefer": "wait=30"}
    async with serving(tmp_path, agents(tmp_path, live), **live) as here:
        first = await here.http.post("/api/social/publish", json=POST, headers=headers)
        again = await here.http.post("/api/social/publish", json=POST, headers=headers)
        other = await here.http.post(
            "/api/social/publish", json=POST | {"content": "Another."}, headers=headers
        )

    assert again.json() == first.json() | {"is_repeat": True}
    assert other.status_code == 409
    assert len(linkedin.posts) == 1


async def test_the_settings_say_how_long_a_publication_may_take(tmp_path: Path) -> None:
    async with serving(tmp_path, agents(tmp_path, {}), effect_seconds=7) as here:
        answer = await ended(here)
        path = f"/api/orchestrator/tasks/{answer['task_id']}/events"
        events = (await here.http.get(path)).json()["events"]

    (granted,) = [event for event in events if event["type"] == "effect_granted.v1"]
    issued = next(event for event in events if event["type"] == "command_issued.v1")
    lasts = granted["data"]["expires_at"] - issued["data"]["issued_at"]
    assert 7_000 <= lasts < 12_000


async def test_an_answer_that_is_lost_is_asked_about_and_settled_by_whoever_looked(
    tmp_path: Path, linkedin: LinkedIn, live: dict[str, Any]
) -> None:
    linkedin.faults.plan(Fault.CLOSE_AFTER, Fault.CLOSE_BEFORE)
    async with serving(tmp_path, agents(tmp_path, live), **live) as here:
        there = await ended(here, content="One.")
        missing = await ended(here, content="Two.")
        for asked, said in ((there, "done"), (missing, "not done")):
            path = f"/api/orchestrator/tasks/{asked['task_id']}/answer"
            assert (await here.http.post(path, json={"answer": said})).status_code == 200
        statuses = [await here.status(asked["task_id"]) for asked in (there, missing)]

    assert there["status"] == missing["status"] == "publication_uncertain"
    assert [status["status"] for status in statuses] == ["approved", "approved"]
    assert linkedin.texts == ["One.", "Two."]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"content": "x" * 3_001}, "/content"),
        ({"platform": "twitter", "content": "x" * 281}, "/content"),
        ({"platform": "mastodon"}, "/platform"),
        ({"platform": "email", "metadata": {"subject": "x" * 100}}, "/metadata/subject"),
        ({"metadata": {"parts": ["a"]}}, "/metadata/parts"),
        ({"platform": "x", "metadata": {"parts": [1]}}, "/metadata/parts"),
        ({"metadata": {"title": 1}}, "/metadata/title"),
        ({"recipients": ["eve@example.com"]}, "/recipients"),
        ({"content": ""}, "/content"),
    ],
)
async def test_what_the_platform_would_not_take_is_refused_before_anything_is_dispatched(
    tmp_path: Path, body: dict[str, Any], pointer: str
) -> None:
    async with serving(tmp_path, agents(tmp_path, {})) as here:
        answer = await here.http.post("/api/social/publish", json=POST | body)
        tasks = (await here.http.get("/api/orchestrator/history")).json()["items"]

    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert tasks == []


async def test_a_thread_and_an_e_mail_are_published_as_such(tmp_path: Path) -> None:
    parts = ["One.", "Two."]
    async with serving(tmp_path, agents(tmp_path, {})) as here:
        await ended(here, platform="X", content="One. Two.", metadata={"parts": parts})
        await ended(here, platform="email", metadata={"subject": "Q4"})

    written = [json.loads(path.read_text()) for path in (tmp_path / "outbox").glob("*.json")]
    requests = {document["channel"]: document["request"] for document in written}
    assert requests["twitter"] == {"posts": [{"text": "One."}, {"text": "Two."}]}
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1


async def test_publishing_needs_an_approver_and_testing_an_operator(tmp_path: Path) -> None:
    settings = Settings(secret=SECRET)
    tokens = {
        role: {"Authorization": f"Bearer {create_token(settings, 'ann', role, days=1)}"}
        for role in ("viewer", "operator", "approver")
    }
    async with serving(tmp_path, agents(tmp_path, {}), secret=SECRET) as here:
        refused = await here.http.post("/api/social/publish", json=POST, headers=tokens["operator"])
        taken = await here.http.post("/api/social/publish", json=POST, headers=tokens["approver"])
        path = "/api/social/channels/linkedin/test"
        viewer = await here.http.post(path, headers=tokens["viewer"])
        operator = await here.http.post(path, headers=tokens["operator"])
        shown = await here.http.get("/api/social/channels", headers=tokens["viewer"])

    assert (refused.status_code, taken.status_code) == (403, 202)
    assert (viewer.status_code, operator.status_code) == (403, 409)
    assert shown.status_code == 200


async def test_channels_say_what_is_missing_and_show_no_secret(
    tmp_path: Path, live: dict[str, Any]
) -> None:
    canary = {"x_refresh_token": "canary-1", "smtp_password": "canary-2"}
    async with serving(tmp_path, agents(tmp_path, live), **live, **canary) as here:
        answer = await here.http.get("/api/social/channels")

    linkedin, x, email = answer.json()["channels"]
    assert (linkedin["mode"], linkedin["missing"]) == ("live", [])
    assert x["problems"] == ["ORCHESTRATOR_X_CLIENT_ID is needed to renew with the refresh token"]
    assert "ORCHESTRATOR_SMTP_HOST" in email["missing"]
    assert email["engagement"]["what"].startswith("none")
    assert "canary" not in answer.text
    assert live["linkedin_token"] not in answer.text


async def test_a_channel_can_be_tried_without_publishing(
    tmp_path: Path, linkedin: LinkedIn, live: dict[str, Any]
) -> None:
    async with serving(tmp_path, agents(tmp_path, live), **live) as here:
        good = await here.http.post("/api/social/channels/linkedin/test")
        incomplete = await here.http.post("/api/social/channels/x/test")
        unknown = await here.http.post("/api/social/channels/fax/test")
        linkedin.token = "another"
        bad = await here.http.post("/api/social/channels/linkedin/test")
        linkedin.token = "linkedin-token"

    assert good.json()["who"] == "Ann Example (urn:li:person:ann)"
    assert (incomplete.status_code, unknown.status_code) == (409, 404)
    assert bad.json()["is_ok"] is False
    assert "401" in bad.json()["error"]
    assert not linkedin.posts


async def test_whoever_approves_sees_first_whether_it_is_really_published(
    tmp_path: Path, live: dict[str, Any]
) -> None:
    async with serving(tmp_path, Makers().agents(), **live) as here:
        task_id = await here.submit()
        shown = (await here.http.get(f"/api/orchestrator/approval/{task_id}")).json()

    places = shown["publishing"]
    assert places["linkedin"] == {"is_live": True, "where": "LinkedIn as urn:li:person:ann"}
    assert places["twitter"]["is_live"] is False


async def test_a_denied_channel_is_refused_before_anything_is_dispatched(tmp_path: Path) -> None:
    async with serving(tmp_path, agents(tmp_path, {})) as here:
        path = "/api/orchestrator/tools/linkedin_publisher/permission"
        await here.http.put(path, json={"permission": "deny"})
        refused = await here.http.post("/api/social/publish", json=POST)
        email = await ended(here, platform="email")
        (tmp_path / "data" / "permissions.json").write_text("{")
        still = await here.http.post("/api/social/publish", json=POST)
        tasks = (await here.http.get("/api/orchestrator/history")).json()

    assert refused.status_code == still.status_code == 403
    assert "'linkedin_publisher' is denied" in refused.json()["detail"]
    assert refused.json()["errors"][0]["pointer"] == "/platform"
    assert email["status"] == "approved"
    assert len(tasks["items"]) == 1


async def test_nothing_is_published_while_the_permissions_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "permissions.json").write_text("{")
    async with serving(tmp_path, agents(tmp_path, {})) as here:
        refused = await here.http.post("/api/social/publish", json=POST)
        command = {"agent_type": "publisher", "action": "publish", "payload": {}}
        dispatched = await here.http.post(
            "/api/commands/", json=command | {"tool_id": "linkedin_publisher"}
        )

    assert refused.status_code == dispatched.status_code == 403
    assert "permissions.json" in refused.json()["detail"]
    assert "permissions.json" in dispatched.json()["detail"]

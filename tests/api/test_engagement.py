"""Engagement is fetched on a schedule that follows from what was published."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.publishers import engagement as asking
from agents.publishers.accounts import LinkedInAccount
from agents.publishers.outbox import publisher_agent
from api.channels import with_live_channels
from api.engagement import HOUR, Due, Engagement, due
from api.settings import Settings
from projections.publications import PublicationRow
from streams.domain.values import Channel
from tests.api.serving import Served, serving
from tests.platforms.linkedin import LinkedIn
from tests.platforms.serving import serving as platform_serving
from tests.platforms.x import X

HOURS = (1.0, 6.0, 24.0)
AT = 1_800_000_000_000
URN = "urn:li:share:7000000000000000000"


@pytest.fixture(scope="module")
def platforms() -> Iterator[tuple[LinkedIn, str, X, str]]:
    """LinkedIn and X on loopback."""
    linkedin, x = LinkedIn(), X()
    with platform_serving(linkedin.app()) as one, platform_serving(x.app()) as two:
        yield linkedin, one, x, two


@pytest.fixture
def settings(platforms: tuple[LinkedIn, str, X, str]) -> dict[str, Any]:
    """Settings by which both are live."""
    linkedin, linkedin_url, x, x_url = platforms
    linkedin.reset()
    x.reset()
    return {
        "live_channels": "linkedin,twitter",
        "linkedin_token": linkedin.token,
        "linkedin_author": linkedin.authors[0],
        "linkedin_url": linkedin_url,
        "x_token": x.token,
        "x_url": x_url,
    }


class Later:
    """A clock that a test moves."""

    def __init__(self, here: Served) -> None:
        self.engagement = Engagement(here.parts, self)
        self.after = 0.0
        self._now = here.parts.orchestrator.now

    def __call__(self) -> int:
        return self._now() + int(self.after * HOUR)


def row(reference: str = URN, *recorded: str, channel: str = "linkedin") -> PublicationRow:
    return PublicationRow("t.1", "t", channel, reference, AT, recorded)


def agents(directory: Path, settings: dict[str, Any]) -> Any:
    outbox = publisher_agent(directory / "outbox")
    return with_live_channels([outbox], Settings(data=directory, **settings))


async def published(here: Served, platform: str, content: str) -> str:
    answer = await here.http.post(
        "/api/social/publish",
        json={"platform": platform, "content": content},
        headers={"Prefer": "wait=30"},
    )
    assert answer.json()["status"] == "approved", answer.text
    task_id: str = answer.json()["task_id"]
    return task_id


async def recorded(here: Served, task_id: str) -> list[dict[str, Any]]:
    answer = await here.http.get(f"/api/orchestrator/tasks/{task_id}/events")
    return [e["data"] for e in answer.json()["events"] if e["type"] == "engagement_recorded.v1"]


def test_each_moment_is_due_once() -> None:
    first = due([row()], HOURS, AT + HOUR, Channel.LINKEDIN)

    assert first == [Due("t", Channel.LINKEDIN, URN, "fetched:t.1:1h")]
    assert due([row()], HOURS, AT + HOUR - 1, Channel.LINKEDIN) == []
    assert due([row(URN, "fetched:t.1:1h")], HOURS, AT + 5 * HOUR, Channel.LINKEDIN) == []


def test_of_moments_that_passed_while_nobody_was_there_only_the_last_is_made_up_for() -> None:
    (only,) = due([row(URN, "fetched:t.1:1h")], HOURS, AT + 100 * HOUR, Channel.LINKEDIN)

    assert only.engagement_id == "fetched:t.1:24h"


@pytest.mark.parametrize(
    ("reference", "channel"),
    [
        ("confirmed by ann", "linkedin"),
        ("confirmed by ann", "twitter"),
        (URN, "twitter"),
        ("<a@example.com>", "email"),
    ],
)
def test_what_no_platform_knows_is_not_asked_for(reference: str, channel: str) -> None:
    asked = row(reference, channel=channel)

    assert due([asked], HOURS, AT + 100 * HOUR, Channel(channel)) == []


@given(st.integers(0, 300), st.integers(0, 300))
def test_after_it_was_recorded_nothing_is_due_until_the_next_moment(one: int, two: int) -> None:
    now, later = sorted((AT + one * HOUR, AT + two * HOUR))
    found = [d.engagement_id for d in due([row()], HOURS, now, Channel.LINKEDIN)]
    passed = [hour for hour in HOURS if now < AT + hour * HOUR <= later]

    again = due([row(URN, *found)], HOURS, later, Channel.LINKEDIN)

    assert bool(again) == bool(passed)


def test_counts_get_the_products_names_and_a_rate_where_clicks_are_known() -> None:
    counts = {"impressionCount": 1000, "clickCount": 20, "shareCount": 5, "engagement": 0.1}

    assert asking.named(counts, asking.OF_ORGANIZATION) == {
        "impressions": 1000,
        "clicks": 20,
        "shares": 5,
        "engagement_rate": 0.025,
    }
    assert asking.named({"IMPRESSION": 10}, asking.OF_MEMBER) == {"impressions": 10}
    assert asking.named({"impression_count": True}, asking.OF_X) == {}


async def test_publications_are_asked_for_when_due_and_a_repeat_records_nothing(
    tmp_path: Path, settings: dict[str, Any], platforms: tuple[LinkedIn, str, X, str]
) -> None:
    async with serving(tmp_path, agents(tmp_path, settings), **settings) as here:
        later = Later(here)
        ours = await published(here, "linkedin", "One.")
        others = [await published(here, "x", f"Number {n}.") for n in range(3)]
        early = await later.engagement.once()
        later.after = 1.1
        counts = [await later.engagement.once(), await later.engagement.once()]
        later.after = 7
        next_one = await later.engagement.once()
        linkedin_events, x_events = await recorded(here, ours), await recorded(here, others[0])
        shown = (await here.http.get("/api/social/channels")).json()["channels"]

    assert (early, counts, next_one) == (0, [4, 0], 4)
    assert linkedin_events[0] == {
        "engagement_id": f"fetched:{ours}.1:1h",
        "channel": "linkedin",
        "metrics": {"impressions": 3421, "shares": 12, "likes": 87, "comments": 9},
    }
    assert x_events[0]["metrics"] == {
        "impressions": 3421,
        "likes": 55,
        "comments": 4,
        "bookmarks": 1,
        "shares": 12,
    }
    assert [len(ids) for ids in platforms[2].lookups] == [3, 3]
    assert shown[0]["engagement"]["last_at"] is not None
    assert shown[2]["engagement"]["last_at"] is None


async def test_a_restart_forgets_nothing_of_the_schedule(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    async with serving(tmp_path, agents(tmp_path, settings), **settings) as here:
        task_id = await published(here, "linkedin", "One.")
        later = Later(here)
        later.after = 1.5
        await later.engagement.once()

    async with serving(tmp_path, agents(tmp_path, settings), **settings) as here:
        later = Later(here)
        later.after = 1.5
        again = await later.engagement.once()
        later.after = 24.5
        next_day = await later.engagement.once()
        ids = [each["engagement_id"] for each in await recorded(here, task_id)]

    assert (again, next_day) == (0, 1)
    assert ids == [f"fetched:{task_id}.1:1h", f"fetched:{task_id}.1:24h"]


async def test_a_platform_that_fails_stops_no_other_and_is_left_alone_for_a_while(
    tmp_path: Path, settings: dict[str, Any], platforms: tuple[LinkedIn, str, X, str]
) -> None:
    linkedin = platforms[0]
    async with serving(tmp_path, agents(tmp_path, settings), **settings) as here:
        later = Later(here)
        await published(here, "linkedin", "One.")
        await published(here, "x", "Two.")
        later.after = 1.5
        linkedin.token = "another"
        failing = await later.engagement.once()
        status = await later.engagement.status()
        linkedin.token = "linkedin-token"
        too_soon = await later.engagement.once()
        later.after = 2
        repaired = await later.engagement.once()

    assert (failing, too_soon, repaired) == (1, 0, 1)
    assert "401" in status[Channel.LINKEDIN]["error"]
    assert status[Channel.TWITTER]["error"] is None


async def test_a_post_that_was_deleted_is_not_asked_for_again_and_again(
    tmp_path: Path, settings: dict[str, Any], platforms: tuple[LinkedIn, str, X, str]
) -> None:
    x = platforms[2]
    async with serving(tmp_path, agents(tmp_path, settings), **settings) as here:
        later = Later(here)
        await published(here, "x", "One.")
        x.posts.clear()
        later.after = 1.5
        counts = [await later.engagement.once(), await later.engagement.once()]

    assert counts == [0, 0]
    assert len(x.lookups) == 1


async def test_an_organizations_posts_are_asked_for_at_once_and_have_clicks(
    settings: dict[str, Any], platforms: tuple[LinkedIn, str, X, str]
) -> None:
    from pydantic import SecretStr

    linkedin, url = platforms[:2]
    urns = ["urn:li:share:1", "urn:li:share:2"]
    linkedin.posts.update({urn: {} for urn in urns})
    account = LinkedInAccount(SecretStr(linkedin.token), linkedin.authors[1], url=url)

    found = await asking.fetch(account, [*urns, "urn:li:share:3"], lambda: AT)

    assert set(found.metrics) == set(urns)
    assert found.metrics[urns[0]]["engagement_rate"] == round((87 + 12) / 3421, 6)
    assert found.error == ""


async def test_dry_runs_are_not_asked_for(tmp_path: Path, settings: dict[str, Any]) -> None:
    async with serving(tmp_path, [publisher_agent(tmp_path / "outbox")], **settings) as here:
        await published(here, "linkedin", "One.")
        later = Later(here)
        later.after = 200
        counts = await later.engagement.once()

    assert counts == 0

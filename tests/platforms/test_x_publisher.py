"""Posts and threads on X, against a platform that offers what its documentation offers."""

import json
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from agents.contract import Done, GiveUp, Outcome, Retry, Uncertain
from streams.clock import wall_clock
from streams.domain.deliverable import Receipt
from tests.platforms.faults import Fault
from tests.platforms.world import World, publish

PARTS = ["One of three.", "Two of three.", "Three of three."]
THREAD = {"variant": {"content": " ".join(PARTS), "parts": PARTS}}
POST = {"content": "Revenue grew to $150,000 a month."}


def receipt(outcome: Outcome) -> Receipt:
    assert isinstance(outcome, Done), outcome
    return Receipt.model_validate(outcome.output)


async def test_a_post_is_there_and_its_receipt_leads_to_it(world: World) -> None:
    got = receipt(await publish(world.x_account(), POST))

    (number,) = world.x.posts
    assert world.x.texts == [POST["content"]]
    assert got.url == f"https://x.com/i/web/status/{number}"
    assert got.is_dry_run is False


async def test_a_thread_is_a_chain_of_replies(world: World) -> None:
    got = receipt(await publish(world.x_account(), THREAD))

    assert world.x.thread(got.reference) == PARTS
    assert got.details["posts"] == list(world.x.posts)


@pytest.mark.parametrize("fault", [Fault.RATE_LIMITED])
async def test_a_thread_that_is_stopped_goes_on_where_it_surely_was(
    world: World, fault: Fault
) -> None:
    world.x.faults.waiting.extend([None, fault])  # type: ignore[list-item] - none for the first

    stopped = await publish(world.x_account(), THREAD)
    assert isinstance(stopped, Retry)
    done = await publish(world.x_account(), THREAD, attempt=2, progress=stopped.progress)

    assert stopped.progress == {"posted": list(world.x.posts)[:1]}
    assert world.x.thread(receipt(done).reference) == PARTS
    assert len(world.x.posts) == 3


@pytest.mark.parametrize(
    ("fault", "posts"),
    [
        (Fault.SERVER_ERROR, 1),
        (Fault.CLOSE_BEFORE, 1),
        (Fault.ERROR_AFTER, 2),
        (Fault.CLOSE_AFTER, 2),
        (Fault.HALF, 2),
        (Fault.EXPIRED, 1),  # half a thread is out: a human decides how it goes on
    ],
)
async def test_a_thread_of_unknown_end_asks_and_says_which_post_to_look_for(
    world: World, fault: Fault, posts: int
) -> None:
    world.x.faults.waiting.extend([None, fault])  # type: ignore[list-item] - none for the first

    outcome = await publish(world.x_account(), THREAD)

    assert isinstance(outcome, Uncertain)
    assert outcome.reason.startswith("post 2 of 3: ")
    assert outcome.progress == {"posted": list(world.x.posts)[:1]}
    assert len(world.x.posts) == posts


@pytest.mark.parametrize("fault", [Fault.HANG_BEFORE, Fault.HANG_AFTER])
async def test_silence_is_uncertain_and_keeps_what_was_posted(world: World, fault: Fault) -> None:
    world.x.faults.waiting.extend([None, fault])  # type: ignore[list-item] - none for the first

    now = wall_clock()  # a clock that stands still gives each post the whole time
    outcome = await publish(world.x_account(), THREAD, timeout=1_000, clock=lambda: now)

    assert isinstance(outcome, Uncertain)
    assert outcome.progress == {"posted": list(world.x.posts)[:1]}


async def test_half_a_thread_is_never_given_up_as_nothing(world: World) -> None:
    world.x.faults.waiting.extend([None, Fault.RATE_LIMITED])  # type: ignore[list-item] - as above

    outcome = await publish(world.x_account(), THREAD, attempt=3)

    assert isinstance(outcome, Uncertain)
    assert "post 1 is there" in outcome.reason


async def test_a_rate_limit_ends_when_the_platform_says(world: World) -> None:
    world.x.faults.plan(Fault.RATE_LIMITED)
    soon = 1_900_000_000_000 - 90_000

    outcome = await publish(world.x_account(), POST, clock=lambda: soon)

    assert isinstance(outcome, Retry)
    assert outcome.after == 90_000


async def test_a_text_that_is_there_already_is_refused_at_first_and_asked_about_later(
    world: World,
) -> None:
    world.x.refuses_duplicates = True
    await publish(world.x_account(), POST)

    first = await publish(world.x_account(), POST)
    later = await publish(world.x_account(), POST, attempt=2)

    assert isinstance(first, GiveUp)
    assert isinstance(later, Uncertain)
    assert len(world.x.posts) == 1


async def test_an_expired_token_is_renewed_and_its_successor_kept_for_the_owner_alone(
    world: World, tmp_path: Path
) -> None:
    renewed = tmp_path / "credentials" / "x.json"
    account = world.x_account(
        token=SecretStr("old"),
        refresh_token=SecretStr("x-refresh-0"),
        client_id="x-app",
        renewed=renewed,
    )

    receipt(await publish(account, POST))
    receipt(await publish(account, {"content": "And again."}))

    assert world.x.renewals == 1
    assert stat.S_IMODE(renewed.stat().st_mode) == 0o600
    assert stat.S_IMODE(renewed.parent.stat().st_mode) == 0o700
    assert json.loads(renewed.read_text())["refresh_token"] == "x-refresh-1"


async def test_a_new_refresh_token_in_the_settings_wins_over_the_kept_one(
    world: World, tmp_path: Path
) -> None:
    renewed = tmp_path / "x.json"
    account = world.x_account(
        token=None, refresh_token=SecretStr("x-refresh-0"), client_id="x-app", renewed=renewed
    )
    receipt(await publish(account, POST))
    world.x.token, world.x.refresh_token = "from-elsewhere", "given-anew"

    fresh = world.x_account(
        token=None, refresh_token=SecretStr("given-anew"), client_id="x-app", renewed=renewed
    )
    receipt(await publish(fresh, {"content": "And again."}))

    assert world.x.renewals == 2


async def test_a_refused_refresh_token_publishes_nothing_and_says_so(
    world: World, tmp_path: Path
) -> None:
    account = world.x_account(
        token=None,
        refresh_token=SecretStr("canary-of-a-token"),
        client_id="x-app",
        renewed=tmp_path / "x.json",
    )

    outcome = await publish(account, POST)

    assert isinstance(outcome, GiveUp)
    assert "channels connect twitter" in outcome.reason
    assert "canary" not in f"{outcome} {account}"
    assert not world.x.posts


@pytest.mark.parametrize("progress", [{"posted": "1"}, {"posted": [1, None, "../1"]}, {"x": 1}])
async def test_progress_that_is_none_is_not_believed(
    world: World, progress: dict[str, object]
) -> None:
    got = receipt(await publish(world.x_account(), POST, progress=progress))

    assert world.x.thread(got.reference) == [POST["content"]]


async def test_a_thread_that_is_all_there_is_not_posted_again(world: World) -> None:
    done = receipt(await publish(world.x_account(), THREAD))

    again = await publish(
        world.x_account(), THREAD, attempt=2, progress={"posted": done.details["posts"]}
    )

    assert receipt(again).reference == done.reference
    assert len(world.x.posts) == 3

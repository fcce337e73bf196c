"""Posts on LinkedIn, against a platform that offers what its documentation offers."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from agents.contract import Done, GiveUp, Outcome, Retry, Uncertain
from streams.clock import wall_clock
from streams.domain.commands import CommandKind
from streams.domain.deliverable import Receipt
from tests.platforms.faults import Fault, Stage
from tests.platforms.mail import Certificates
from tests.platforms.world import World, publish

TEXT = "Revenue grew (again) to $150,000 a month. #Growth"
POST = {"content": TEXT}


def receipt(outcome: Outcome) -> Receipt:
    assert isinstance(outcome, Done), outcome
    return Receipt.model_validate(outcome.output)


async def test_a_post_is_there_as_it_was_written_and_its_receipt_names_it(world: World) -> None:
    got = receipt(await publish(world.linkedin_account(), POST))

    assert world.linkedin.texts == [TEXT]
    (urn,) = world.linkedin.posts
    assert (got.reference, got.is_dry_run) == (urn, False)
    assert got.url == f"https://www.linkedin.com/feed/update/{urn}/"
    body = world.linkedin.posts[urn]
    assert body["author"] == "urn:li:person:ann"
    assert body["commentary"].endswith("{hashtag|\\#|Growth}")


@pytest.mark.parametrize(
    ("fault", "kind", "posts"),
    [
        (Fault.RATE_LIMITED, Retry, 0),
        (Fault.EXPIRED, GiveUp, 0),
        (Fault.REDIRECT, GiveUp, 0),
        (Fault.SERVER_ERROR, Uncertain, 0),
        (Fault.CLOSE_BEFORE, Uncertain, 0),
        (Fault.ERROR_AFTER, Uncertain, 1),
        (Fault.CLOSE_AFTER, Uncertain, 1),
        (Fault.HALF, Done, 1),  # the post is named in a header, which has come
        (Fault.SLOW, Done, 1),
    ],
)
async def test_a_post_of_unknown_fate_is_never_said_to_be_tried_again(
    world: World, fault: Fault, kind: type, posts: int
) -> None:
    world.linkedin.faults.plan(fault)

    outcome = await publish(world.linkedin_account(), POST)

    assert type(outcome) is kind
    assert len(world.linkedin.posts) == posts


@pytest.mark.parametrize("fault", [Fault.HANG_BEFORE, Fault.HANG_AFTER])
async def test_silence_after_the_request_is_uncertain_within_the_time(
    world: World, fault: Fault
) -> None:
    world.linkedin.faults.plan(fault)

    outcome = await publish(world.linkedin_account(), POST, timeout=400)

    assert isinstance(outcome, Uncertain)
    assert "did not answer in time" in outcome.reason


async def test_a_rate_limit_without_a_moment_asks_for_a_quarter_of_an_hour(world: World) -> None:
    world.linkedin.faults.plan(Fault.RATE_LIMITED)

    outcome = await publish(world.linkedin_account(), POST)

    assert isinstance(outcome, Retry)
    assert outcome.after == 900_000


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"token": SecretStr("canary-of-a-token")}, "401"),
        ({"author": "urn:li:organization:1"}, "403"),
        ({"version": "202201"}, "ORCHESTRATOR_LINKEDIN_VERSION"),
    ],
)
async def test_a_refusal_says_what_to_change_and_no_secret(
    world: World, change: dict[str, object], word: str
) -> None:
    outcome = await publish(world.linkedin_account(**change), POST)

    assert isinstance(outcome, GiveUp)
    assert word in outcome.reason
    assert "canary" not in f"{outcome} {world.linkedin_account(**change)}"
    assert not world.linkedin.posts


async def test_nobody_at_the_address_is_tried_again_since_nothing_was_sent(world: World) -> None:
    outcome = await publish(world.linkedin_account(url="http://127.0.0.1:9"), POST)

    assert isinstance(outcome, Retry)
    assert outcome.after == 2_000
    assert "nothing was sent" in outcome.reason


async def test_a_platform_that_cannot_prove_who_it_is_gets_nothing(
    world: World, tmp_path: Path
) -> None:
    import asyncio

    server = await asyncio.start_server(
        lambda reader, writer: writer.close(),
        "127.0.0.1",
        0,
        ssl=Certificates.make(tmp_path).context,
    )
    port = server.sockets[0].getsockname()[1]

    outcome = await publish(world.linkedin_account(url=f"https://127.0.0.1:{port}"), POST)
    server.close()

    assert isinstance(outcome, GiveUp)
    assert "not trusted" in outcome.reason


async def test_what_may_not_begin_any_more_is_not_sent(world: World) -> None:
    now = wall_clock()

    outcome = await publish(world.linkedin_account(), POST, act_before=now - 1)

    assert isinstance(outcome, Retry)
    assert "was over" in outcome.reason
    assert not world.linkedin.asked


async def test_a_runner_that_wakes_too_late_finds_the_door_closed_before_it_sends(
    world: World,
) -> None:
    """The time is over between the connection and the request, as after a pause of the process."""
    start = wall_clock()
    moments = iter([start, start, start, start])

    outcome = await publish(
        world.linkedin_account(), POST, clock=lambda: next(moments, start + 60_000)
    )

    assert isinstance(outcome, Retry)
    assert "was over" in outcome.reason
    assert not world.linkedin.asked


async def test_a_text_that_is_there_already_is_refused_at_first_and_asked_about_later(
    world: World,
) -> None:
    world.linkedin.refuses_duplicates = True
    await publish(world.linkedin_account(), POST)

    first = await publish(world.linkedin_account(), POST)
    later = await publish(world.linkedin_account(), POST, attempt=2)

    (urn,) = world.linkedin.posts
    assert isinstance(first, GiveUp)
    assert isinstance(later, Uncertain)
    assert urn in first.reason
    assert urn in later.reason


@pytest.mark.parametrize(
    "fields", [{"kind": CommandKind.RUN_STEP}, {"is_repeatable": True}], ids=["step", "repeatable"]
)
async def test_a_step_of_a_plan_reaches_no_platform(
    world: World, fields: dict[str, object]
) -> None:
    outcome = await publish(world.linkedin_account(), POST, **fields)

    assert isinstance(outcome, GiveUp)
    assert "never as a step of a plan" in outcome.reason
    assert not world.linkedin.asked


async def test_what_the_platform_would_not_take_is_not_sent(world: World) -> None:
    outcome = await publish(world.linkedin_account(), {"content": "x" * 3_001})

    assert isinstance(outcome, GiveUp)
    assert outcome.reason.startswith("nothing was published")
    assert not world.linkedin.asked


async def test_the_token_goes_to_the_platform_alone(world: World) -> None:
    world.linkedin.faults.plan(Fault.REDIRECT)
    seen: list[Stage] = []
    world.linkedin.faults.hook = lambda stage, what: seen.append(stage)

    outcome = await publish(world.linkedin_account(), POST)

    assert isinstance(outcome, GiveUp)
    assert "elsewhere" in outcome.reason
    assert seen == [Stage.ARRIVED]

"""Asking the platforms who we are."""

from pathlib import Path

from pydantic import SecretStr

from agents.publishers.identity import identity
from streams.clock import wall_clock
from tests.platforms.world import World


async def test_linkedin_says_which_member_the_token_is_of(world: World) -> None:
    found = await identity(world.linkedin_account(), wall_clock)

    assert (found.is_ok, found.who) == (True, "Ann Example (urn:li:person:ann)")


async def test_a_token_of_another_member_than_the_author_is_no_good(world: World) -> None:
    found = await identity(world.linkedin_account(author="urn:li:person:bob"), wall_clock)

    assert not found.is_ok
    assert "urn:li:person:ann" in found.error


async def test_for_an_organization_it_is_said_what_is_not_known_yet(world: World) -> None:
    found = await identity(world.linkedin_account(author="urn:li:organization:77"), wall_clock)

    assert found.is_ok
    assert "urn:li:organization:77" in found.notes[0]


async def test_x_says_whose_account_it_is_and_renews_the_token_first_if_need_be(
    world: World, tmp_path: Path
) -> None:
    account = world.x_account(
        token=SecretStr("old"),
        refresh_token=SecretStr("x-refresh-0"),
        client_id="x-app",
        renewed=tmp_path / "x.json",
    )

    found = await identity(account, wall_clock)

    assert (found.is_ok, found.who) == (True, "@ann (42)")
    assert world.x.renewals == 1


async def test_a_refused_token_is_said_without_showing_it(world: World) -> None:
    found = await identity(world.x_account(token=SecretStr("canary")), wall_clock)

    assert not found.is_ok
    assert "401" in found.error
    assert "canary" not in str(found)


async def test_the_mail_server_is_logged_in_to_and_gets_no_message(world: World) -> None:
    good = await identity(world.mail_account(), wall_clock)
    bad = await identity(world.mail_account(password=SecretStr("canary")), wall_clock)

    assert (good.is_ok, bad.is_ok) == (True, False)
    assert good.who == f"ann at 127.0.0.1:{world.smtp_port}"
    assert "canary" not in str(bad)
    assert world.mail.logins >= 2  # a client may try another way to log in
    assert not world.mail.mails


async def test_nobody_at_the_address_is_said(world: World) -> None:
    found = await identity(world.x_account(url="http://127.0.0.1:9"), wall_clock)

    assert found.error == "X could not be reached; nothing was sent"

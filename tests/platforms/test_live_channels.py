"""Live channels as their user meets them: at the terminal, from the request to the platform."""

from pathlib import Path

import pytest

from tests.api.terminal import Terminal
from tests.platforms.world import World, read

REQUEST = "Create a LinkedIn post and an e-mail about our revenue of $150,000"


def environment(world: World, **changes: str) -> dict[str, str]:
    given = {name: str(value) for name, value in world.settings.items()} | changes
    return {f"ORCHESTRATOR_{name.upper()}": value for name, value in given.items()}


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_the_list_shows_what_is_live_and_testing_publishes_nothing(
    terminal: Terminal, world: World
) -> None:
    listed = terminal("channels", "list", env=environment(world))
    tried = terminal("channels", "test", env=environment(world))

    assert listed.out.count("live ") == 3
    assert "e-mail to 3 recipients" in listed.out
    assert tried.code == 0
    assert "@ann (42)" in tried.out
    assert not world.linkedin.posts
    assert not world.x.posts
    assert not world.mail.mails


def test_a_channel_that_takes_nobody_in_is_an_exit_code(terminal: Terminal, world: World) -> None:
    tried = terminal("channels", "test", "x", env=environment(world, x_token="canary"))

    assert tried.code == 1
    assert "401" in tried.out
    assert "canary" not in tried.out + tried.err


def test_whoever_approves_is_told_before_and_the_platforms_have_it_once(
    terminal: Terminal, world: World
) -> None:
    env = environment(world, live_channels="linkedin,email")
    task = terminal(
        "run", REQUEST, "--json", "--channel", "linkedin", "--channel", "email", env=env
    )
    task_id = task.json["task"]

    approved = terminal("approve", task_id, env=env)
    again = terminal("approve", task_id, env=env)

    assert approved.code == 0, approved.err
    assert "linkedin goes to LinkedIn as urn:li:person:ann [PUBLISHES]" in approved.out
    assert approved.out.index("PUBLISHES") < approved.out.index("is approved")
    assert "linkedin: published urn:li:share:" in approved.out
    assert "(it was so already)" in again.out
    assert len(world.linkedin.posts) == len(world.mail.mails) == 1
    assert read(world.mail.mails[0])["Subject"]
    assert not world.x.posts
    assert not (terminal.directory / ".orchestrator" / "outbox").exists()


def test_a_channel_that_was_not_named_stays_a_dry_run(terminal: Terminal, world: World) -> None:
    env = environment(world, live_channels="twitter")
    ran = terminal("run", REQUEST, "--json", "--channel", "linkedin", env=env)

    approved = terminal("approve", ran.json["task"], env=env)

    assert "[dry run]" in approved.out
    assert "nothing left this machine" in approved.out
    assert not world.linkedin.posts

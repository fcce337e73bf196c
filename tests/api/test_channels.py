"""The channels as they are configured: a dry run until all is there and named; secrets unseen."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from agents.publishers.outbox import publisher_agent
from api.channels import announcement, channel_named, standings, with_live_channels
from api.settings import MASKED, Settings, load
from streams.domain.values import Channel
from tests.api.serving import serving
from tests.api.terminal import Terminal

LINKEDIN = {"linkedin_token": "t-1", "linkedin_author": "urn:li:organization:77"}
X = {"x_token": "t-2"}
EMAIL = {
    "smtp_host": "mail.example.com",
    "smtp_from": "Ann <ann@example.com>",
    "smtp_recipients": "bob@example.com, eve@example.com,bob@example.com",
    "smtp_unsubscribe_mail": "off@example.com",
}
SECRETS = {
    "linkedin_token": "canary-linkedin",
    "x_token": "canary-x",
    "x_refresh_token": "canary-refresh",
    "x_client_secret": "canary-client",
    "smtp_password": "canary-smtp",
}


def of(channel: Channel, **settings: Any) -> Any:
    return standings(Settings(**settings))[channel]


@pytest.mark.parametrize(
    ("channel", "complete"),
    [(Channel.LINKEDIN, LINKEDIN), (Channel.TWITTER, X), (Channel.EMAIL, EMAIL)],
)
def test_a_channel_is_live_when_it_is_complete_and_named(
    channel: Channel, complete: dict[str, Any]
) -> None:
    named = channel.value

    assert of(channel, live_channels=named, **complete).is_live
    assert not of(channel, **complete).is_live
    assert not of(channel, live_channels="", **complete).is_live
    for left_out in complete:
        rest = {name: value for name, value in complete.items() if name != left_out}
        standing = of(channel, live_channels=named, **rest)
        assert not standing.is_live
        assert f"ORCHESTRATOR_{left_out.upper()}" in standing.missing


@pytest.mark.parametrize(
    ("channel", "settings", "word"),
    [
        (Channel.LINKEDIN, LINKEDIN | {"linkedin_url": "http://example.com"}, "LINKEDIN_URL"),
        (Channel.LINKEDIN, LINKEDIN | {"linkedin_url": "https://a:b@example.com"}, "LINKEDIN_URL"),
        (Channel.LINKEDIN, LINKEDIN | {"linkedin_url": "ftp://127.0.0.1"}, "LINKEDIN_URL"),
        (Channel.LINKEDIN, LINKEDIN | {"linkedin_author": "77"}, "LINKEDIN_AUTHOR"),
        (Channel.LINKEDIN, LINKEDIN | {"linkedin_version": "2026"}, "LINKEDIN_VERSION"),
        (Channel.LINKEDIN, LINKEDIN | {"linkedin_token": "a b\nc"}, "LINKEDIN_TOKEN"),
        (Channel.TWITTER, X | {"x_url": "http://10.0.0.1"}, "X_URL"),
        (Channel.TWITTER, {"x_refresh_token": "r"}, "X_CLIENT_ID"),
        (Channel.EMAIL, EMAIL | {"smtp_security": "none"}, "SMTP_SECURITY"),
        (Channel.EMAIL, EMAIL | {"smtp_from": "ann"}, "SMTP_FROM"),
        (Channel.EMAIL, EMAIL | {"smtp_from": "a\r\nBcc: e@x.com <ann@example.com>"}, "SMTP_FROM"),
        (Channel.EMAIL, EMAIL | {"smtp_recipients": "bob"}, "SMTP_RECIPIENTS"),
        (Channel.EMAIL, EMAIL | {"smtp_recipients": " , "}, "SMTP_RECIPIENTS"),
        (Channel.EMAIL, EMAIL | {"smtp_recipients": "a@example.com>x"}, "SMTP_RECIPIENTS"),
        (Channel.EMAIL, EMAIL | {"smtp_recipients": "@/no/such/file"}, "SMTP_RECIPIENTS"),
        (Channel.EMAIL, EMAIL | {"smtp_unsubscribe_url": "http://example.com"}, "UNSUBSCRIBE_URL"),
        (Channel.EMAIL, EMAIL | {"smtp_user": "ann"}, "SMTP_PASSWORD"),
        (Channel.EMAIL, EMAIL | {"smtp_ca_file": "/no/such/file"}, "SMTP_CA_FILE"),
    ],
)
def test_what_does_not_fit_keeps_the_channel_a_dry_run_and_is_said(
    channel: Channel, settings: dict[str, Any], word: str
) -> None:
    standing = of(channel, live_channels=channel.value, **settings)

    assert not standing.is_live
    assert word in " ".join(standing.problems)
    assert standing.where.startswith("the outbox")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"])
def test_another_address_may_be_plain_on_this_machine_alone(url: str) -> None:
    assert of(Channel.TWITTER, live_channels="x", x_url=url, **X).is_live


def test_a_refresh_token_alone_is_enough() -> None:
    assert of(Channel.TWITTER, live_channels="x", x_refresh_token="r", x_client_id="c").is_live


def test_recipients_come_from_a_file_each_once_and_without_remarks(tmp_path: Path) -> None:
    file = tmp_path / "people.txt"
    file.write_text("bob@example.com\n# nobody\n\neve@example.com # new\nbob@example.com\n")

    standing = of(Channel.EMAIL, **EMAIL | {"smtp_recipients": f"@{file}"})

    assert standing.account.recipients == ("bob@example.com", "eve@example.com")
    assert "bob@" not in repr(standing)


def test_a_channel_that_is_not_there_is_said_and_makes_nothing_live() -> None:
    standing = of(Channel.TWITTER, live_channels="twiter", **X)

    assert not standing.is_live
    assert "'twiter'" in standing.problems[0]


@pytest.mark.parametrize("name", ["x", "X", " twitter ", "Twitter"])
def test_x_is_twitter(name: str) -> None:
    assert channel_named(name) is Channel.TWITTER


def test_only_live_channels_change_the_publisher(tmp_path: Path) -> None:
    outbox = publisher_agent(tmp_path)
    settings = Settings(live_channels="linkedin", **LINKEDIN, **X)

    (publisher,) = with_live_channels([outbox], settings)

    changed = [name for name in outbox.effects if publisher.effects[name] != outbox.effects[name]]
    assert changed == ["linkedin_publisher"]
    assert announcement(settings)["twitter"]["is_live"] is False


async def test_secrets_are_in_no_repr_no_setting_no_log_and_no_event(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    given = {
        **EMAIL,
        **SECRETS,
        "linkedin_author": "urn:li:person:ann",
        "linkedin_url": "http://127.0.0.1:9",
        "x_url": "http://127.0.0.1:9",
        "x_client_id": "app",
        "smtp_user": "ann",
        "smtp_host": "127.0.0.1",
        "smtp_port": 9,
        "live_channels": "linkedin,twitter,email",
    }
    settings = Settings(data=tmp_path, **given)
    publisher = with_live_channels([publisher_agent(tmp_path)], settings)
    said = [repr(settings), str(settings), json.dumps(settings.shown()), repr(standings(settings))]

    async with serving(tmp_path, publisher, **given) as here:
        for platform in ("linkedin", "twitter", "email"):
            body = {"platform": platform, "content": "Hello.", "metadata": {"subject": "Hello"}}
            answer = await here.http.post(
                "/api/social/publish", json=body, headers={"Prefer": "wait=0.5"}
            )
            task_id = answer.json()["task_id"]
            events = await here.http.get(f"/api/orchestrator/tasks/{task_id}/events")
            tried = await here.http.post(f"/api/social/channels/{platform}/test")
            said += [answer.text, events.text, tried.text]
            assert "command_failed" in events.text
        said.append((await here.http.get("/api/social/channels")).text)
        log = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("log.db*"))

    assert set(SECRETS) <= MASKED
    assert "canary" not in "\n".join([*said, caplog.text])
    assert b"canary" not in log
    assert "bob@example.com" not in "\n".join(said)


def test_settings_come_from_the_environment() -> None:
    found = load({}, {"ORCHESTRATOR_X_TOKEN": "t", "ORCHESTRATOR_LIVE_CHANNELS": "x"})

    assert standings(found)[Channel.TWITTER].is_live


def test_the_list_says_what_is_missing_and_how_to_go_on(orchestrator: Terminal) -> None:
    shown = orchestrator("channels", "list")
    document = json.loads(orchestrator("channels", "list", "--json").out)

    assert "dry run" in shown.out
    assert "ORCHESTRATOR_LINKEDIN_TOKEN is not set" in shown.out
    assert "orchestrator channels connect linkedin" in shown.out
    assert [channel["mode"] for channel in document["channels"]] == ["dry_run"] * 3


def test_connecting_names_variables_permissions_and_pages(orchestrator: Terminal) -> None:
    shown = orchestrator("channels", "connect", "x")
    unknown = orchestrator("channels", "connect", "fax")

    assert "ORCHESTRATOR_X_TOKEN" in shown.out
    assert "tweet.write" in shown.out
    assert "https://docs.x.com/" in shown.out
    assert unknown.code == 2


def test_there_is_nothing_to_test_where_nothing_is_complete(orchestrator: Terminal) -> None:
    assert orchestrator("channels", "test").code == 3


def test_a_channel_that_is_denied_says_so(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal("tools", "deny", "linkedin_publisher")

    listed = terminal("channels")
    found = {
        each["channel"]: each["denied"] for each in terminal("channels", "--json").json["channels"]
    }

    assert "nothing goes out: 'linkedin_publisher' is denied in" in listed.out
    assert listed.out.count("nothing goes out") == 1
    assert found["twitter"] is None

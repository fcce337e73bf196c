"""The outbox: a dry run that writes once, whole, and under any key."""

import asyncio
import errno
import json
import os
import re
import stat
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.contract import Done, GiveUp, Outcome, Retry
from agents.platforms.draft import read_draft
from agents.platforms.formatters import make_variant
from agents.platforms.wishes import read_wishes
from agents.publishers import safe_file
from agents.publishers.outbox import publisher_agent
from agents.publishers.safe_file import name_of
from agents.publishers.wire import little_text
from streams.domain.commands import Command, CommandKind
from streams.domain.deliverable import Receipt
from streams.domain.values import Channel, ExecutionPhase, Json
from streams.phases.results import read

AT = 1_732_460_000_000
TEXT = "Der Umsatz liegt bei 150.000 $ \u2013 danke!\n\nSchreiben Sie uns."


def variant(channel: str, text: str = TEXT, **constraints: Any) -> Json:
    draft = read_draft({"content": text, "title": "Umsatz in Q4", "kind": "post"})
    assert draft is not None
    return make_variant(Channel(channel), draft, read_wishes(constraints, "de")).as_json


def publish(outbox: Path, channel: str, payload: Json, at: int = AT) -> Outcome:
    command = Command(
        command_id="t1.12",
        task_id="t1",
        kind=CommandKind.PUBLISH,
        phase=ExecutionPhase.APPROVAL,
        agent_type="publisher",
        action="publish",
        tool_id=f"{channel}_publisher",
        channel=Channel(channel),
        timeout=1000,
        is_repeatable=False,
        issued_at=at,
        payload={"channel": channel, "title": "Umsatz", "key": "t1.12"} | payload,
    )
    handler = publisher_agent(outbox).effect(command)
    assert handler is not None
    return asyncio.run(_awaited(handler(command)))


async def _awaited(outcome: Any) -> Outcome:
    result: Outcome = await outcome
    return result


def receipt(outcome: Outcome) -> Receipt:
    assert isinstance(outcome, Done)
    found = read(CommandKind.PUBLISH, outcome.output)
    assert isinstance(found, Receipt)
    return found


@pytest.mark.parametrize("channel", ["linkedin", "twitter", "email"])
def test_what_would_be_published_is_written_and_labelled_a_dry_run(
    tmp_path: Path, channel: str
) -> None:
    given_variant = variant(channel)

    got = receipt(publish(tmp_path / "out" / "box", channel, {"variant": given_variant}))

    stored = json.loads((tmp_path / "out" / "box" / got.reference).read_text())
    assert got.is_dry_run
    assert got.url is None
    assert stored["variant"] == given_variant
    assert (stored["channel"], stored["key"], stored["title"]) == (channel, "t1.12", "Umsatz")
    assert stored["written_at"] == "2024-11-24T14:53:20+00:00"
    assert {path.name for path in (tmp_path / "out" / "box").iterdir()} == {
        got.reference,
        got.details["readable"],
    }


def test_an_email_is_a_mime_message_that_mail_programs_read(tmp_path: Path) -> None:
    given_variant = variant("email")

    got = receipt(publish(tmp_path, "email", {"variant": given_variant}))

    message = message_from_bytes((tmp_path / got.details["readable"]).read_bytes(), policy=default)
    plain, html = message.iter_parts()
    assert message.get_content_type() == "multipart/alternative"
    assert message["Subject"] == "Umsatz in Q4"
    assert message["Date"].datetime.isoformat() == "2024-11-24T14:53:20+00:00"
    assert "nothing was sent" in message["X-Dry-Run"]
    assert plain.get_content().split() == given_variant["content"].split()
    assert html.get_content().split() == given_variant["html"].split()


def test_an_edited_email_without_html_gets_it_from_its_text(tmp_path: Path) -> None:
    edited = {**variant("email"), "content": "Neuer Text.", "html": None}

    got = receipt(publish(tmp_path, "email", {"variant": edited}))

    message = message_from_bytes((tmp_path / got.details["readable"]).read_bytes(), policy=default)
    assert "Neuer Text." in list(message.iter_parts())[1].get_content()


def test_a_thread_is_readable_post_by_post(tmp_path: Path) -> None:
    thread = variant("twitter", f"{TEXT} Eins. Zwei. Drei.", parts=3)

    got = receipt(publish(tmp_path, "twitter", {"variant": thread}))

    text = (tmp_path / got.details["readable"]).read_text()
    assert "nothing was published" in text
    assert [line[:3] for line in text.split("\n") if line[1:3] == "/3"] == ["1/3", "2/3", "3/3"]


def test_the_same_key_again_gives_the_same_receipt_and_no_second_file(tmp_path: Path) -> None:
    payload = {"variant": variant("linkedin")}

    first = publish(tmp_path, "linkedin", payload)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    second = publish(tmp_path, "linkedin", payload, at=AT + 60_000)

    assert first == second
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def test_another_text_under_the_same_key_is_refused_and_the_first_one_stays(
    tmp_path: Path,
) -> None:
    first = receipt(publish(tmp_path, "linkedin", {"variant": variant("linkedin")}))
    stored = (tmp_path / first.reference).read_bytes()

    outcome = publish(tmp_path, "linkedin", {"variant": variant("linkedin", "Another text.")})

    assert isinstance(outcome, GiveUp)
    assert "'t1.12' was used before" in outcome.reason
    assert (tmp_path / first.reference).read_bytes() == stored


def test_a_run_that_ended_between_the_two_files_is_completed(tmp_path: Path) -> None:
    payload = {"variant": variant("email")}
    got = receipt(publish(tmp_path, "email", payload))
    beside = tmp_path / got.details["readable"]
    written = beside.read_bytes()
    beside.unlink()

    again = receipt(publish(tmp_path, "email", payload, at=AT + 5_000))

    assert again == got
    assert beside.read_bytes() == written


@pytest.mark.parametrize(
    ("payload", "part"),
    [
        ({}, "there is no text"),
        ({"variant": {"content": "x", "channel": "twitter"}}, "for X, the publisher for LinkedIn"),
        ({"variant": {"content": "x" * 3_001}}, "3,000 are allowed"),
        ({"variant": {"content": " "}}, "no text"),
        ({"variant": {"characters": -1}}, "variant/"),
        ({"variant": {"content": "a\x00b"}}, "control character"),
        ({"variant": 5, "content": 7}, "there is no text"),
    ],
)
def test_what_a_platform_would_refuse_is_given_up_and_not_written(
    tmp_path: Path, payload: Json, part: str
) -> None:
    outcome = publish(tmp_path, "linkedin", payload)

    assert isinstance(outcome, GiveUp)
    assert part in outcome.reason
    assert list(tmp_path.iterdir()) == []


def test_a_thread_whose_parts_and_content_differ_is_refused(tmp_path: Path) -> None:
    stale = {"content": "1/2 new\n\n2/2 text", "parts": ["1/2 old", "2/2 text"]}

    outcome = publish(tmp_path, "twitter", {"variant": stale})

    assert isinstance(outcome, GiveUp)
    assert "differ" in outcome.reason


def test_a_bare_text_is_published_as_it_is(tmp_path: Path) -> None:
    bare: Json = {"content": "final_content", "metadata": {"subject": "A subject"}}

    post = receipt(publish(tmp_path, "linkedin", bare))
    mail = receipt(publish(tmp_path, "email", bare))

    assert json.loads((tmp_path / post.reference).read_text())["variant"]["content"] == (
        "final_content"
    )
    stored = json.loads((tmp_path / mail.reference).read_text())["variant"]
    assert (stored["content"], stored["subject"]) == ("final_content", "A subject")
    assert "final_content" in stored["html"]


def test_a_place_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    outcome = publish(tmp_path / "file", "linkedin", {"variant": variant("linkedin")})

    assert isinstance(outcome, Retry)
    assert "could not be written" in outcome.reason


def test_a_full_disk_is_tried_again_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)

    outcome = publish(tmp_path, "linkedin", {"variant": variant("linkedin")})

    assert isinstance(outcome, Retry)
    assert "No space left" in outcome.reason
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_without_hard_links_is_written_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)

    first = safe_file.write_once(tmp_path, "a.json", b"1")
    second = safe_file.write_once(tmp_path, "a.json", b"2")

    assert (first, second) == (b"1", b"1")
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert stat.S_ISREG((tmp_path / "a.json").stat().st_mode)


def test_what_is_no_publication_is_not_taken_for_one(tmp_path: Path) -> None:
    name = name_of("linkedin", "t1.12")
    (tmp_path / f"{name}.json").write_text("[]")

    outcome = publish(tmp_path, "linkedin", {"variant": variant("linkedin")})

    assert isinstance(outcome, GiveUp)
    assert "no publication" in outcome.reason


def test_writers_of_the_same_key_at_once_end_with_one_file(tmp_path: Path) -> None:
    payload = {"variant": variant("email")}

    async def race() -> list[Outcome]:
        agent = publisher_agent(tmp_path)
        commands = [_command(payload, at) for at in range(8)]
        handlers = [agent.effects["email_publisher"](command) for command in commands]
        return list(await asyncio.gather(*handlers))

    outcomes = asyncio.run(race())

    assert {str(outcome) for outcome in outcomes} == {str(outcomes[0])}
    assert len(list(tmp_path.iterdir())) == 2


def _command(payload: Json, at: int) -> Command:
    return Command(
        command_id="t1.12",
        task_id="t1",
        kind=CommandKind.PUBLISH,
        phase=ExecutionPhase.APPROVAL,
        agent_type="publisher",
        tool_id="email_publisher",
        timeout=1000,
        issued_at=at,
        payload={"title": "Umsatz", "key": "t1.12"} | payload,
    )


def test_the_request_that_the_platform_would_get_is_written_too(tmp_path: Path) -> None:
    post = receipt(publish(tmp_path, "linkedin", {"variant": {"content": "Up (35%) #Q4_Growth"}}))
    thread = {"content": "1/2 a\n\n2/2 b", "parts": ["1/2 a", "2/2 b"]}
    posts = receipt(publish(tmp_path, "twitter", {"variant": thread}))
    mail = receipt(publish(tmp_path, "email", {"variant": variant("email")}))

    sent = [
        json.loads((tmp_path / r.reference).read_text())["request"] for r in (post, posts, mail)
    ]

    assert sent[0]["commentary"] == r"Up \(35%\) {hashtag|\#|Q4\_Growth}"
    assert sent[1] == {"posts": [{"text": "1/2 a"}, {"text": "2/2 b"}]}
    assert sent[2] == {"message": mail.details["readable"]}


@settings(deadline=None)
@given(st.text(st.sampled_from("ab1 \n\\|{}@[]()<>#*_~ä./:"), max_size=60))
def test_escaping_for_linkedin_loses_nothing_and_leaves_nothing_reserved(text: str) -> None:
    little = little_text(text)

    plain = re.sub(r"\{hashtag\|\\#\|((?:\\.|[^}\\])*)\}", r"#\1", little)
    assert re.sub(r"\\(.)", r"\1", plain) == text.replace("\uff03", "#")
    without_tags = re.sub(r"\{hashtag\|\\#\|(?:\\.|[^}\\])*\}", "", little)
    assert not re.search(r"[|{}@\[\]()<>#*_~]", re.sub(r"\\.", "", without_tags))


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_key_gives_a_safe_name_of_its_own(key: str, other: str) -> None:
    name = name_of("twitter", key)

    assert name == Path(name).name
    assert name.startswith("twitter-")
    assert name.isascii()
    assert len(name) <= 110
    assert (name == name_of("twitter", other)) == (key == other)


def test_the_publisher_offers_formatters_that_compute_and_publishers_with_effects() -> None:
    agent = publisher_agent(Path("nowhere"))

    assert agent.agent_type == "publisher"
    assert set(agent.computes) == {f"{channel.value}_formatter" for channel in Channel}
    assert set(agent.effects) == {f"{channel.value}_publisher" for channel in Channel}

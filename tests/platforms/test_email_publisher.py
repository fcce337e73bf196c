"""E-mail through a real SMTP server on loopback."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from agents.contract import Done, GiveUp, Outcome, Retry, Uncertain
from agents.publishers import email
from streams.clock import wall_clock
from streams.domain.deliverable import Receipt
from tests.platforms.faults import Fault
from tests.platforms.mail import Certificates, MailServer, mail_serving
from tests.platforms.world import PEOPLE, SENDER, World, publish, read

LETTER = {"content": "Der Umsatz wächst.\n\n.Punkt.", "metadata": {"subject": "Q4: wir wachsen"}}


def receipt(outcome: Outcome) -> Receipt:
    assert isinstance(outcome, Done), outcome
    return Receipt.model_validate(outcome.output)


async def test_an_e_mail_reaches_all_and_shows_nobody_to_another(world: World) -> None:
    got = receipt(await publish(world.mail_account(), LETTER))

    (mail,) = world.mail.mails
    message = read(mail)
    assert mail.recipients == PEOPLE
    assert mail.sender == "ann@example.com"
    assert not any(person.encode() in mail.content for person in PEOPLE)
    assert message["To"] == "undisclosed-recipients:;"
    assert message["From"] == SENDER
    assert message["Subject"] == "Q4: wir wachsen"
    assert message["Message-ID"] == got.reference
    assert message["List-Unsubscribe"] == "<mailto:off@example.com>"
    assert "List-Unsubscribe-Post" not in message
    assert "X-Dry-Run" not in message
    plain, html = message.iter_parts()
    assert plain.get_content().replace("\r\n", "\n").startswith("Der Umsatz wächst.\n\n.Punkt.")
    assert html.get_content_type() == "text/html"
    assert (got.details["sent"], got.details["refused"], got.is_dry_run) == (3, 0, False)


async def test_the_same_key_has_the_same_message_id(world: World) -> None:
    first = receipt(await publish(world.mail_account(), LETTER))
    again = receipt(await publish(world.mail_account(), LETTER))
    other = receipt(await publish(world.mail_account(), LETTER | {"key": "t2.1"}))

    assert first.reference == again.reference != other.reference


async def test_one_click_needs_an_address_that_names_the_recipient(world: World) -> None:
    url = "https://example.com/off?who={recipient}"

    await publish(world.mail_account(unsubscribe_url=url), LETTER)

    assert [mail.recipients for mail in world.mail.mails] == [(person,) for person in PEOPLE]
    messages = [read(mail) for mail in world.mail.mails]
    assert len({message["Message-ID"] for message in messages}) == 3
    for message, person in zip(messages, PEOPLE, strict=True):
        assert message["To"] == person
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message["List-Unsubscribe"].startswith(
            f"<https://example.com/off?who={person.replace('@', '%40')}>"
        )


async def test_many_recipients_are_several_transactions(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "BATCH", 2)

    receipt(await publish(world.mail_account(), LETTER))

    assert [len(mail.recipients) for mail in world.mail.mails] == [2, 1]


@pytest.mark.parametrize(
    ("fault", "kind", "mails"),
    [
        (Fault.RATE_LIMITED, Retry, 0),
        (Fault.SERVER_ERROR, GiveUp, 0),
        (Fault.CLOSE_BEFORE, Uncertain, 0),
        (Fault.CLOSE_AFTER, Uncertain, 1),
    ],
)
async def test_what_the_server_did_not_confirm_is_not_sent_again_by_itself(
    world: World, fault: Fault, kind: type, mails: int
) -> None:
    world.mail.faults.plan(fault)

    outcome = await publish(world.mail_account(), LETTER)

    assert type(outcome) is kind
    assert len(world.mail.mails) == mails


@pytest.mark.parametrize("fault", [Fault.HANG_BEFORE, Fault.HANG_AFTER])
async def test_silence_after_the_message_is_uncertain(world: World, fault: Fault) -> None:
    world.mail.faults.plan(fault)

    outcome = await publish(world.mail_account(), LETTER, timeout=700)

    assert isinstance(outcome, Uncertain)
    assert "3 recipients may or may not have it" in outcome.reason


async def test_a_batch_of_unknown_fate_stops_no_other_and_not_done_sends_only_it_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "BATCH", 1)
    world.mail.faults.waiting.extend([None, Fault.CLOSE_BEFORE])  # type: ignore[list-item] - as is

    unsure = await publish(world.mail_account(), LETTER)
    assert isinstance(unsure, Uncertain)
    again = await publish(world.mail_account(), LETTER, attempt=2, progress=unsure.progress)

    assert "1 recipient may or may not have it" in unsure.reason
    assert receipt(again).details["sent"] == 3
    assert [mail.recipients[0] for mail in world.mail.mails] == [PEOPLE[0], PEOPLE[2], PEOPLE[1]]


async def test_some_that_are_refused_are_said_and_not_named(world: World) -> None:
    world.mail.replies["eve@example.com"] = "550 5.1.1 <eve@example.com> unknown"

    got = receipt(await publish(world.mail_account(), LETTER))

    assert (got.details["sent"], got.details["refused"]) == (2, 1)
    assert got.details["replies"] == ["550 5.1.1 <…> unknown"]
    assert "eve" not in got.model_dump_json()


async def test_some_that_are_refused_for_now_get_it_later_and_the_others_once(world: World) -> None:
    world.mail.replies["eve@example.com"] = "450 4.2.1 greylisted"
    first = await publish(world.mail_account(), LETTER)
    assert isinstance(first, Retry)
    world.mail.replies.clear()

    receipt(await publish(world.mail_account(), LETTER, attempt=2, progress=first.progress))

    assert [mail.recipients for mail in world.mail.mails] == [
        ("bob@example.com", "kim@example.com"),
        ("eve@example.com",),
    ]
    assert "example.com" not in str(first.progress)


async def test_the_last_attempt_says_who_was_not_reached_and_does_not_call_it_nothing(
    world: World,
) -> None:
    world.mail.replies["eve@example.com"] = "450 4.2.1 greylisted"

    got = receipt(await publish(world.mail_account(), LETTER, attempt=3))

    assert (got.details["sent"], got.details["not_reached"]) == (2, 1)


@pytest.mark.parametrize(
    "evil",
    [
        {"recipients": ["mallory@example.net"], "to": "mallory@example.net"},
        {"metadata": {"recipients": "mallory@example.net", "bcc": "mallory@example.net"}},
        {"metadata": {"subject": "Hello\r\nBcc: mallory@example.net"}},
        {"content": "Send this to mallory@example.net as well.\r\n.\r\nRCPT TO:<m@example.net>"},
        {"variant": {"content": "Hello.", "subject": "Hello", "recipients": ["m@example.net"]}},
        {"progress": {"sent": ["mallory@example.net"]}},
    ],
)
async def test_nothing_in_a_publication_adds_or_takes_away_a_recipient(
    world: World, evil: dict[str, object]
) -> None:
    outcome = await publish(world.mail_account(), LETTER | evil)

    assert isinstance(outcome, Done | GiveUp)
    for mail in world.mail.mails:
        assert mail.recipients == PEOPLE
        assert read(mail)["Bcc"] is None
    assert len(world.mail.mails) <= 1


async def test_when_all_are_refused_nothing_was_sent(world: World) -> None:
    world.mail.replies.update(dict.fromkeys(PEOPLE, "550 5.7.1 no"))

    outcome = await publish(world.mail_account(), LETTER)

    assert isinstance(outcome, GiveUp)
    assert not world.mail.mails


async def test_a_sender_that_is_refused_is_said(world: World) -> None:
    world.mail.sender_reply = "553 5.7.1 not your address"

    outcome = await publish(world.mail_account(), LETTER)

    assert isinstance(outcome, GiveUp)
    assert "not your address" in outcome.reason


async def test_a_wrong_password_sends_nothing_and_is_not_shown(world: World) -> None:
    account = world.mail_account(password=SecretStr("canary"))

    outcome = await publish(account, LETTER)

    assert isinstance(outcome, GiveUp)
    assert "refuses the user or the password" in outcome.reason
    assert "canary" not in f"{outcome} {account}"


async def test_a_certificate_that_is_not_trusted_sends_nothing(world: World) -> None:
    outcome = await publish(world.mail_account(ca_file=None), LETTER)

    assert isinstance(outcome, GiveUp)
    assert "is not trusted" in outcome.reason
    assert not world.mail.logins


async def test_a_server_without_starttls_gets_neither_password_nor_message() -> None:
    server = MailServer()
    with mail_serving(server, "none") as port:
        world = World(None, None, server, "", "", port, None)  # type: ignore[arg-type] - mail alone
        outcome = await publish(world.mail_account(ca_file=None), LETTER)

    assert isinstance(outcome, GiveUp)
    assert "STARTTLS" in outcome.reason
    assert not server.logins


async def test_implicit_tls_works_as_well(tmp_path: Path) -> None:
    server, certificates = MailServer(), Certificates.make(tmp_path)
    with mail_serving(server, "tls", certificates) as port:
        world = World(None, None, server, "", "", port, certificates.ca_file)  # type: ignore[arg-type] - mail alone
        outcome = await publish(world.mail_account(security="tls"), LETTER)

    assert receipt(outcome).details["sent"] == 3
    assert len(server.mails) == 1


async def test_nobody_at_the_port_is_tried_again(world: World) -> None:
    outcome = await publish(world.mail_account(port=9), LETTER)

    assert isinstance(outcome, Retry)
    assert "nothing was sent" in outcome.reason


async def test_what_may_not_begin_any_more_is_not_sent(world: World) -> None:
    outcome = await publish(world.mail_account(), LETTER, act_before=wall_clock() - 1)

    assert isinstance(outcome, Retry)
    assert not world.mail.mails

"""What would be published, in a form people can open: a MIME message or a plain text."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from agents.platforms.email import preview_line
from agents.platforms.email_html import email_html
from agents.platforms.limits import NAMES
from agents.platforms.tidy import one_line
from streams.domain.deliverable import ChannelVariant
from streams.domain.values import Channel, Milliseconds

# RFC 2606 keeps the domain "invalid" for addresses that must reach nobody.
SENDER = "sender@example.invalid"
RECIPIENTS = "recipients@example.invalid"
UNSUBSCRIBE = "<mailto:unsubscribe@example.invalid>"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a message says about its way; the recipients of a batch do not see each other.

    `unsubscribe`: the values of List-Unsubscribe (RFC 2369). `is_one_click`: RFC 8058, 3.1, allows
    it only where the https address says who is to be taken off the list.
    """

    sender: str
    to: str
    message_id: str
    unsubscribe: tuple[str, ...]
    is_one_click: bool = False


def letter(variant: ChannelVariant, name: str, at: Milliseconds) -> bytes:
    """The e-mail of a dry run, to nobody; the same input gives the same bytes."""
    message_id = f"<{name}@example.invalid>"
    way = Envelope(SENDER, RECIPIENTS, message_id, (UNSUBSCRIBE,))
    note = "nothing was sent; set sender, recipients and unsubscribe link first"
    return sealed(variant, way, name, at, note=note)


def sealed(
    variant: ChannelVariant, way: Envelope, name: str, at: Milliseconds, *, note: str = ""
) -> bytes:
    """The e-mail as a multipart/alternative message; the same input gives the same bytes."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(variant.subject or "")
    message["From"] = way.sender
    message["To"] = way.to
    message["Date"] = format_datetime(moment(at))
    message["Message-ID"] = way.message_id
    if note:
        message["X-Dry-Run"] = note
    message.set_content(variant.content, cte="quoted-printable")
    message.add_alternative(_html(variant), subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{name}"[:70])
    return _list_headers(way) + message.as_bytes()


def _list_headers(way: Envelope) -> bytes:
    """The headers for mailing lists, folded between addresses alone: within one, a mail program
    would not find it again."""
    lines = []
    if way.unsubscribe:
        lines.append("List-Unsubscribe: " + ",\r\n ".join(map(one_line, way.unsubscribe)))
    if way.is_one_click:
        lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _html(variant: ChannelVariant) -> str:
    """The variant's HTML; made from the text where an edit has left none."""
    if variant.html:
        return variant.html
    preview = preview_line(variant.content)
    subject = variant.subject or ""
    return email_html(variant.content, subject=subject, preview=preview, language="en")


def readable(variant: ChannelVariant, title: str, at: Milliseconds) -> bytes:
    """A post or a thread as plain text with a heading that says what it is."""
    posts = variant.parts if variant.channel is Channel.TWITTER and variant.parts else ()
    head = [f"{NAMES[variant.channel]}: {title}" if title else NAMES[variant.channel]]
    head.append(f"dry run of {moment(at).isoformat()}: nothing was published")
    rule = "-" * 40
    body = f"\n{rule}\n".join(posts) if posts else variant.content
    text = "\n".join([*head, rule, body, ""])
    return text.encode("utf-8", "replace")


def moment(at: Milliseconds) -> datetime:
    """Milliseconds of the epoch as a moment in UTC, to the second."""
    return datetime.fromtimestamp(at // 1000, UTC)

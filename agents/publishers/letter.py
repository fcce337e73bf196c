"""What would be published, in a form people can open: a MIME message or a plain text."""

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


def letter(variant: ChannelVariant, name: str, at: Milliseconds) -> bytes:
    """The e-mail as a multipart/alternative message; the same input gives the same bytes."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(variant.subject or "")
    message["From"] = SENDER
    message["To"] = RECIPIENTS
    message["Date"] = format_datetime(moment(at))
    message["Message-ID"] = f"<{name}@example.invalid>"
    message["List-Unsubscribe"] = UNSUBSCRIBE
    message["X-Dry-Run"] = "nothing was sent; set sender, recipients and unsubscribe link first"
    message.set_content(variant.content, cte="quoted-printable")
    message.add_alternative(_html(variant), subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{name}"[:70])
    return message.as_bytes()


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

"""What is to be published: an approved variant, or a bare text, if its platform takes it."""

from typing import Any

from pydantic import ValidationError

from agents.platforms.draft import read_draft
from agents.platforms.formatters import make_variant
from agents.platforms.limits import HTML_MISMATCH, NAMES, UNSAFE_HTML, problems
from agents.platforms.wishes import Wishes
from agents.quality import codes
from streams.domain.deliverable import ChannelVariant
from streams.domain.values import Channel, Json

REFUSED = frozenset(  # what a platform would not take, or would show as another text
    {
        codes.EMPTY,
        codes.TOO_LONG,
        codes.NO_SUBJECT,
        codes.SUBJECT_TOO_LONG,
        codes.CONTROL_CHARACTER,
        HTML_MISMATCH,
        UNSAFE_HTML,
    }
)


def variant_of(payload: Json, channel: Channel) -> ChannelVariant:
    """What is to be published.

    Raises:
        ValueError: there is nothing that this platform takes; the message says what to do.
    """
    variant = _given(payload, channel)
    if variant.channel is not channel:
        found = NAMES[variant.channel]
        raise ValueError(f"the variant is for {found}, the publisher for {NAMES[channel]}")
    is_thread = channel is Channel.TWITTER and bool(variant.parts)
    if is_thread and "".join("".join(variant.parts).split()) != "".join(variant.content.split()):
        raise ValueError("content and parts of the thread differ; change both when editing")
    refused = [i for i in problems(variant) if i.code in REFUSED and i.severity == "error"]
    if refused:
        raise ValueError("; ".join(f"{issue.message}: {issue.suggestion}" for issue in refused[:3]))
    return variant


def title_of(payload: Json) -> str:
    """What the publication is called; empty if nobody has said so."""
    return _text(payload.get("title"))


def _given(payload: Json, channel: Channel) -> ChannelVariant:
    """The approved variant, or the bare text of a publication that was asked for by itself."""
    given, content = payload.get("variant"), payload.get("content")
    if isinstance(given, dict) and given:
        try:
            return ChannelVariant.model_validate({"channel": channel.value, **given})
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            pointer = "/".join(str(part) for part in ("variant", *first["loc"]))
            raise ValueError(f"{pointer}: {first['msg']}") from None
    if not isinstance(content, str) or not content.strip():
        raise ValueError("there is no text; give a `variant` or a `content`")
    if channel is not Channel.EMAIL:
        return ChannelVariant(channel=channel, content=content.strip())
    metadata = payload.get("metadata") if isinstance(payload.get("metadata"), dict) else {}
    subject = _text((metadata or {}).get("subject")) or _text(payload.get("title"))
    draft = read_draft({"kind": "email", "content": content, "subject": subject})
    if draft is None:
        raise ValueError("there is no text; give a `variant` or a `content`")
    return make_variant(channel, draft, Wishes(is_verbatim=True))


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""

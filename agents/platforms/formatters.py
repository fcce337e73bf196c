"""The three formatters: a draft fitted to LinkedIn, to X or to e-mail."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from agents.contract import Compute, Done, GiveUp, Outcome
from agents.platforms.draft import Draft, read_draft
from agents.platforms.email import email_variant
from agents.platforms.linkedin import linkedin_variant
from agents.platforms.preview import preview_text
from agents.platforms.twitter import twitter_variant
from agents.platforms.wishes import Wishes, read_wishes, sender_of
from agents.platforms.wording import say
from streams.domain.commands import Command
from streams.domain.deliverable import ChannelVariant
from streams.domain.values import Channel, Json

NO_TEXT = "the draft holds no text: give an object with `content`"

_MAKERS: Mapping[Channel, Callable[[Draft, Wishes], ChannelVariant]] = MappingProxyType(
    {
        Channel.LINKEDIN: linkedin_variant,
        Channel.TWITTER: twitter_variant,
        Channel.EMAIL: email_variant,
    }
)


def make_variant(channel: Channel, draft: Draft, wishes: Wishes) -> ChannelVariant:
    """The draft as this channel takes it, with its preview."""
    variant = _MAKERS[channel](draft, wishes)
    notes = variant.notes
    if wishes.language not in ("en", "de"):
        notes = (*notes, say("other_language", "en", language=wishes.language))
    return variant.model_copy(update={"notes": notes, "preview": preview_text(variant)})


def _formatter(channel: Channel) -> Compute:
    def format_draft(command: Command) -> Outcome:
        inputs = _object(command.payload.get("inputs")) or command.payload
        draft = read_draft(inputs.get("draft"))
        if draft is None:
            return GiveUp(NO_TEXT)
        return Done(make_variant(channel, draft, _wishes(inputs, command.payload)).as_json)

    return format_draft


FORMATTERS: Mapping[str, Compute] = MappingProxyType(
    {f"{channel.value}_formatter": _formatter(channel) for channel in Channel}
)


def _wishes(inputs: Json, payload: Json) -> Wishes:
    intent = _object(payload.get("intent"))
    constraints = inputs.get("constraints")
    return read_wishes(
        intent.get("constraints") if constraints is None else constraints,
        inputs.get("language") or intent.get("language"),
        inputs.get("tone") or intent.get("tone"),
        sender_of(payload.get("preferences"), payload.get("context")),
    )


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}

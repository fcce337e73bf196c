"""How a result is to look: channels, tone and language, from the request and the preferences."""

from dataclasses import dataclass

from agents.understanding import mentions
from agents.understanding.by_agent import BRIEF
from agents.understanding.intent_remarks import Remark, remark
from agents.understanding.request_reading import Reading
from streams.domain.values import Channel, Json

_SHARING = frozenset({"post", "email", "thread", "publish", "create"})


@dataclass(frozen=True, slots=True)
class Form:
    """How the result is to look, and what was assumed for it."""

    channels: tuple[Channel, ...]
    tone: str
    language: str
    remarks: tuple[Remark, ...]


def form_of(r: Reading, preferences: Json) -> Form:
    """What the preferences say counts; then the request; then what is usual."""
    channels, about_channels = _channels(r, preferences)
    tone, about_tone = _tone(r, preferences)
    named = mentions.named_language(r.frame)
    language = str(preferences.get("language") or "")[:2] or named or r.language
    remarks = [*about_channels, *about_tone]
    if named and named != language:
        remarks.append(remark("preferred", named=repr(named), chosen=repr(language)))
    if language not in ("en", "de"):
        remarks.append(remark("other_language", tongue=language))
    return Form(channels, tone, language, tuple(remarks))


def _channels(r: Reading, preferences: Json) -> tuple[tuple[Channel, ...], list[Remark]]:
    named = mentions.channels(r.demands.rest, r.words, r.topic)
    chosen = tuple(Channel(c) for c in preferences.get("channels") or ())
    if r.wanted.kind == BRIEF:
        return (), [remark("not_published")] if chosen else []
    if r.wanted.kind in ("analysis", "market") and not (named and r.wanted.cues & _SHARING):
        return chosen, []  # a report goes nowhere unless somebody says so
    if not chosen:
        return _default_channels(r, named)
    extra = ", ".join(c.value for c in named if c not in chosen)
    if not extra:
        return chosen, []
    return chosen, [remark("preferred", named=extra, chosen=", ".join(c.value for c in chosen))]


def _default_channels(
    r: Reading, named: tuple[Channel, ...]
) -> tuple[tuple[Channel, ...], list[Remark]]:
    if named or r.wanted.kind in ("check", "edit"):
        return named, []
    if r.wanted.kind == "email":
        return (Channel.EMAIL,), []
    if "thread" in r.wanted.cues:
        return (Channel.TWITTER,), []
    return (Channel.LINKEDIN,), [remark("no_channel")]


def _tone(r: Reading, preferences: Json) -> tuple[str, list[Remark]]:
    found = mentions.tones(r.words, r.topic)
    own = preferences.get("tone")
    remarks = []
    conflict = mentions.tone_conflict(found)
    if conflict:
        one, other = conflict
        remarks.append(remark("tones", one=one, other=other, chosen=own or one))
    if own and found and own not in found:
        remarks.append(remark("preferred", named=found[0], chosen=own))
    return str(own or (found[0] if found else "professional")), remarks

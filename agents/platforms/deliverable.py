"""Makes the final deliverable: the accepted text as each channel takes it, with all that belongs to
it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from agents.contract import Done, GiveUp, Outcome
from agents.platforms.draft import Draft, read_draft
from agents.platforms.formatters import make_variant
from agents.platforms.limits import NAMES, problems
from agents.platforms.material import details, narrative, notes
from agents.platforms.preview import preview_text
from agents.platforms.shortening import shorten_line
from agents.platforms.tidy import one_line, without_control
from agents.platforms.wishes import Wishes, read_wishes, sender_of
from agents.platforms.wording import say
from streams.domain.commands import Command
from streams.domain.deliverable import ChannelVariant, Deliverable
from streams.domain.values import Channel, Json

LONGEST_TITLE = 100
PUBLISHED_KINDS = frozenset({"post", "thread", "email"})  # worth having for every channel


def format_deliverable(command: Command) -> Outcome:
    """The handler of Format: the deliverable of an accepted draft."""
    payload = command.payload
    draft = read_draft(payload.get("draft"))
    if draft is None:
        return GiveUp(_nothing_to_read(payload.get("draft")))
    intent = _object(payload.get("intent"))
    wishes = read_wishes(
        intent.get("constraints"),
        intent.get("language"),
        intent.get("tone"),
        sender_of(payload.get("preferences"), payload.get("context")),
    )
    asked = _channels(intent)
    draft = draft if draft.kind else replace(draft, kind=_kind_for(asked))
    variants = tuple(_variants(draft, payload, wishes, asked))
    return Done(_deliverable(draft, payload, wishes, asked, variants).as_json)


def _deliverable(
    draft: Draft,
    payload: Json,
    wishes: Wishes,
    asked: Sequence[Channel],
    variants: tuple[ChannelVariant, ...],
) -> Deliverable:
    main = variants[0] if asked and variants else None
    materials = _object(payload.get("materials"))
    return Deliverable(
        title=_title(draft),
        content=main.content if main else _whole_text(draft),
        kind=draft.kind,
        metrics_referenced=draft.metrics_referenced,
        engagement_score=_engagement(payload.get("scores")),
        hashtags=main.hashtags if main else draft.hashtags,
        estimated_reach=None,  # there is no history that would bear a figure out
        call_to_action=draft.call_to_action or None,
        narrative=draft.narrative or narrative(materials),
        variants=variants,
        alternatives=draft.alternatives,
        details=details(draft, materials),
        is_offline=_is_offline(draft, materials),
        notes=tuple(_notes(draft, payload, wishes, asked, variants)),
    )


def _variants(
    draft: Draft, payload: Json, wishes: Wishes, asked: Sequence[Channel]
) -> Iterator[ChannelVariant]:
    """Those asked for first; what is to be published is prepared for the others too."""
    others = [channel for channel in Channel if channel not in asked]
    wanted = [*asked, *(others if draft.kind in PUBLISHED_KINDS else [])]
    foreign = _foreign_variants(draft, _object(payload.get("materials")))
    for channel in wanted:
        yield foreign.get(channel) or make_variant(channel, draft, wishes)


def _foreign_variants(draft: Draft, materials: Json) -> dict[Channel, ChannelVariant]:
    """Variants that another tool's step made from this very text and that its platform takes.

    The steps ran on the output of the writing step. If that text was refined afterwards, it is
    not among the materials, and then what was made from it is out of date.
    """
    outputs = [output for output in materials.values() if isinstance(output, dict)]
    texts = [read_draft(output) for output in outputs if "channel" not in output]
    if not any(text is not None and text.paragraphs == draft.paragraphs for text in texts):
        return {}
    found: dict[Channel, ChannelVariant] = {}
    for output in outputs:
        variant = _readable_variant(output)
        if variant is not None:
            found[variant.channel] = variant
    return found


def _readable_variant(output: Json) -> ChannelVariant | None:
    try:
        variant = ChannelVariant.model_validate(output)
    except ValidationError:
        return None
    if any(issue.severity in ("error", "critical") for issue in problems(variant)):
        return None
    if variant.preview:
        return variant
    return variant.model_copy(update={"preview": preview_text(variant)})


def _channels(intent: Json) -> tuple[Channel, ...]:
    known = {channel.value: channel for channel in Channel}
    names = intent.get("channels")
    named = names if isinstance(names, list | tuple) else ()
    return tuple(dict.fromkeys(known[name] for name in named if name in known))


def _kind_for(asked: Sequence[Channel]) -> str:
    """The kind of a text whose tool did not say it."""
    if not asked:
        return "answer"
    return "email" if tuple(asked) == (Channel.EMAIL,) else "post"


def _title(draft: Draft) -> str:
    title = draft.title or draft.subject or draft.hook or draft.paragraphs[0]
    line = one_line(title)
    if len(line) <= LONGEST_TITLE:
        return line
    return shorten_line(line, lambda text: len(text) <= LONGEST_TITLE)


def _whole_text(draft: Draft) -> str:
    pieces = (draft.greeting, *draft.paragraphs, draft.closing, " ".join(draft.hashtags))
    return "\n\n".join(piece for piece in pieces if piece)


def _engagement(scores: Any) -> float | None:
    """The score of the engagement checklist, if the evaluator gave one."""
    known = _object(scores)
    for name in ("engagement_potential", "engagement"):
        score = known.get(name)
        if isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 1:
            return float(score)
    return None


def _is_offline(draft: Draft, materials: Json) -> bool:
    """Whether no model wrote the text; where the tool does not say, what its materials say."""
    if draft.is_offline is not None:
        return draft.is_offline
    stated = [_object(output).get("is_offline") for output in materials.values()]
    return False not in stated


def _notes(
    draft: Draft,
    payload: Json,
    wishes: Wishes,
    asked: Sequence[Channel],
    variants: Sequence[ChannelVariant],
) -> list[str]:
    """Everything the user should know, each thing once."""
    language = wishes.language
    found = [*draft.notes]
    found += [note for v in variants if v.channel in asked for note in v.notes]
    if draft.is_odd:
        found.append(say("odd_shape", language))
    if draft.is_offline is None:
        found.append(say("no_origin", language))
    beside = [NAMES[v.channel] for v in variants if v.channel not in asked]
    if beside:
        found.append(say("beside", language, names=", ".join(beside)))
    found += _texts(_object(payload.get("intent")).get("warnings"))
    found += notes(_object(payload.get("materials")))
    return list(dict.fromkeys(without_control(note).strip() for note in found if note.strip()))


def _nothing_to_read(draft: Any) -> str:
    if isinstance(draft, dict) and draft:
        fields = ", ".join(sorted(map(repr, draft))[:8])
        return f"the accepted draft holds no text, only the fields {fields}; give it a `content`"
    return "there is no accepted draft to format: the writing step has to answer a `content`"


def _texts(value: Any) -> list[str]:
    texts = value if isinstance(value, list | tuple) else ()
    return [text for text in texts if isinstance(text, str)]


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}

"""What all formatters do first: bring a draft's text into the form that the request allows, with
notes on what that changed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from agents.platforms.draft import Draft
from agents.platforms.limits import MOST_HASHTAGS, NAMES, measure, problems
from agents.platforms.places import for_email
from agents.platforms.sentences import paragraphs, sentences
from agents.platforms.shortening import Shortened, shorten
from agents.platforms.tidy import without_emojis, without_hash_signs
from agents.platforms.wishes import Wishes
from agents.platforms.wording import LIMIT_WORDS, in_language, say
from streams.domain.deliverable import ChannelVariant
from streams.domain.values import Channel

LONGEST_PARAGRAPH = 480  # characters; a longer one is a wall of text on a telephone


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text ready to be fitted to one channel."""

    channel: Channel
    paragraphs: tuple[str, ...]
    hook: str
    call_to_action: str
    hashtags: tuple[str, ...]
    notes: tuple[str, ...]
    wishes: Wishes

    def is_kept(self, sentence: str) -> bool:
        """Whether shortening must not touch a sentence: hook, call to action, demanded phrases."""
        mine = _letters(sentence)
        is_own = any(
            mine in _letters(part) or _letters(part) in mine
            for part in (self.hook, self.call_to_action)
            if part
        )
        return is_own or self.wishes.must_stay(sentence)


def prepare(draft: Draft, channel: Channel, wishes: Wishes) -> Prepared:
    """The draft's text with what the request forbids taken out."""
    change = _allowed(channel, wishes)
    pieces = [piece for paragraph in draft.paragraphs for piece in paragraphs(change(paragraph))]
    pieces = pieces or list(draft.paragraphs)
    if draft.greeting and channel is not Channel.EMAIL and not wishes.is_verbatim:
        pieces[0] = pieces[0][:1].upper() + pieces[0][1:]  # German goes on small after a greeting
    hook = change(draft.hook) or sentences(pieces[0])[0]
    action = change(draft.call_to_action)
    most = MOST_HASHTAGS[channel]
    tags = wishes.tags(draft.hashtags, "\n".join(pieces), most)
    return Prepared(
        channel=channel,
        paragraphs=tuple(pieces if wishes.is_verbatim else _airy(pieces, hook, action, draft)),
        hook=hook,
        call_to_action=action,
        hashtags=tags,
        notes=tuple(_notes(draft, channel, wishes, tags)),
        wishes=wishes,
    )


def fit(ready: Prepared, render: Callable[[Sequence[str]], str], limit: int | None) -> Shortened:
    """The paragraphs shortened until the rendered text keeps to all limits."""
    most = _characters(limit, ready.wishes.characters)

    def fits(pieces: Sequence[str]) -> bool:
        text = render(pieces)
        is_short = most is None or measure(ready.channel, text) <= most
        return is_short and ready.wishes.allows("\n\n".join(pieces))

    return shorten(ready.paragraphs, fits, ready.is_kept)


def shortening_notes(result: Shortened, ready: Prepared, limit: int | None) -> list[str]:
    """What to say about a shortened text."""
    language, name = ready.wishes.language, NAMES[ready.channel]
    said = limit_words(ready.wishes, limit)
    if not result.is_fitting:
        return [say("too_long", language, limit=said)]
    if result.is_cut:
        return [say("cut", language, name=name, limit=said)]
    if result.dropped:
        return [say("shortened", language, name=name, count=result.dropped, limit=said)]
    return []


def limit_words(wishes: Wishes, limit: int | None) -> str:
    """The limits that hold, in words."""
    most = {
        "characters": _characters(limit, wishes.characters),
        "words": wishes.words,
        "sentences": wishes.sentences,
    }
    said = [
        in_language(LIMIT_WORDS[name], wishes.language).format(most=count)
        for name, count in most.items()
        if count is not None
    ]
    return ", ".join(said)


def checked(variant: ChannelVariant) -> ChannelVariant:
    """The variant with a note for each problem that is left."""
    name = NAMES[variant.channel]
    notes = [f"{name}: {issue.message}; {issue.suggestion}." for issue in problems(variant)]
    merged = tuple(dict.fromkeys([*variant.notes, *notes]))
    return variant.model_copy(update={"notes": merged})


def _characters(*limits: int | None) -> int | None:
    known = [limit for limit in limits if limit is not None]
    return min(known) if known else None


def _allowed(channel: Channel, wishes: Wishes) -> Callable[[str], str]:
    def change(text: str) -> str:
        if not wishes.has_emojis:
            text = without_emojis(text)
        if channel is Channel.EMAIL and not (wishes.is_verbatim or wishes.must_stay(text)):
            text = for_email(text)
        if wishes.hashtags == 0 or (channel is Channel.EMAIL and not wishes.is_verbatim):
            text = without_hash_signs(text)
        return text

    return change


def _airy(pieces: Sequence[str], hook: str, action: str, draft: Draft) -> list[str]:
    """The hook and the call to action by themselves, and no wall of text between."""
    if draft.kind in ("report", "check"):
        return list(pieces)
    first, *rest = pieces
    is_one_line = first.startswith(hook) and "\n" not in first
    found = [hook, first[len(hook) :].strip()] if is_one_line else [first]
    *body, last = [*found, *rest]
    if action and last != action and last.endswith(action):
        body, last = [*body, last[: -len(action)].strip()], action
    return [part for piece in (*body, last) if piece for part in _halved(piece)]


def _halved(piece: str) -> list[str]:
    if len(piece) <= LONGEST_PARAGRAPH or "\n" in piece:
        return [piece]
    pieces = sentences(piece)
    if len(pieces) < 2:
        return [piece]
    ends = list(accumulate(len(one) + 1 for one in pieces))
    middle = min(range(1, len(pieces)), key=lambda n: abs(ends[n - 1] - len(piece) / 2))
    return [*_halved(" ".join(pieces[:middle])), *_halved(" ".join(pieces[middle:]))]


def _notes(draft: Draft, channel: Channel, wishes: Wishes, tags: Sequence[str]) -> list[str]:
    language, name = wishes.language, NAMES[channel]
    notes = []
    if draft.had_marks:
        notes.append(say("marks_removed", language, name=name))
    if draft.had_control:
        notes.append(say("characters_removed", language))
    text = draft.text
    if not wishes.has_emojis and without_emojis(text) != text:
        notes.append(say("emojis_removed", language))
    left_out = [tag for tag in draft.hashtags if tag not in tags and tag not in text]
    if left_out and channel is not Channel.EMAIL:
        notes.append(say("tags_left_out", language, name=name, tags=" ".join(left_out)))
    return notes


def _letters(text: str) -> str:
    return "".join(text.casefold().split())

"""A draft for X: one post that keeps the strongest statement, or a numbered thread."""

from collections.abc import Sequence

from agents.figures.numbers import find_numbers
from agents.platforms.counting import hashtags, weight
from agents.platforms.draft import Draft
from agents.platforms.limits import LIMITS
from agents.platforms.prepared import Prepared, checked, limit_words, prepare
from agents.platforms.sentences import sentences
from agents.platforms.thread import cut_thread, numbered, spread
from agents.platforms.wishes import Wishes
from agents.platforms.wording import say
from streams.domain.deliverable import ChannelVariant
from streams.domain.values import Channel

LIMIT = LIMITS[Channel.TWITTER] or 0
PATIENCE = 3  # sentences found too long before no more are tried
_FILLING = 3  # the rank of a sentence that is there only if there is room


def twitter_variant(draft: Draft, wishes: Wishes) -> ChannelVariant:
    """One post where the strongest statement fits one and no thread was asked for, else a thread;
    the other form is the alternative.
    """
    ready = prepare(draft, Channel.TWITTER, wishes)
    is_thread = draft.kind == "thread" or wishes.is_thread or (wishes.parts or 0) > 1
    thread = _thread(ready, is_written_as_one=draft.kind == "thread")
    post, used, total = _single(ready)
    notes = [*ready.notes, *_parts_notes(ready, thread)]
    if post and (not is_thread or len(thread) == 1):
        others = ("\n\n".join(thread),) if len(thread) > 1 else ()
        return checked(_variant((post,), others, (*notes, *_single_notes(ready, used, total))))
    return checked(_variant(thread, (post,) if post else (), tuple(notes)))


def _variant(
    posts: Sequence[str], alternatives: tuple[str, ...], notes: tuple[str, ...]
) -> ChannelVariant:
    content = "\n\n".join(posts)
    longest = max(weight(post) for post in posts)
    return ChannelVariant(
        channel=Channel.TWITTER,
        content=content,
        parts=tuple(posts) if len(posts) > 1 else (),
        hashtags=tuple(hashtags(content)),
        characters=longest,
        limit=LIMIT,
        is_within_limits=longest <= LIMIT,
        alternatives=alternatives,
        notes=notes,
    )


def _thread(ready: Prepared, *, is_written_as_one: bool) -> tuple[str, ...]:
    """The thread of the whole text; a limit on words or characters is the draft's business."""
    wanted, tail = ready.wishes.parts, " ".join(ready.hashtags)
    written = cut_thread(ready.paragraphs, LIMIT, tail=tail, is_merging=not is_written_as_one)
    if not wanted or wanted == len(written):
        return written
    room = LIMIT - weight(f"{wanted}/{wanted} ")
    parts = spread(ready.paragraphs, wanted, room)
    if parts is None:
        return written
    if tail and weight(f"{parts[-1]}\n\n{tail}") <= room:
        parts[-1] += f"\n\n{tail}"
    return numbered(parts)


def _parts_notes(ready: Prepared, thread: Sequence[str]) -> list[str]:
    wanted = ready.wishes.parts
    if not wanted or wanted == len(thread):
        return []
    return [say("parts", ready.wishes.language, wanted=wanted, count=len(thread))]


def _single(ready: Prepared) -> tuple[str, int, int]:
    """One post with as many sentences as fit, the most important first to be chosen, and how many
    of how many they are; empty if what must be in it does not fit.
    """
    units = [
        (number, sentence)
        for number, paragraph in enumerate(ready.paragraphs)
        for sentence in sentences(paragraph)
    ]
    limit = LIMIT if ready.wishes.characters is None else min(LIMIT, ready.wishes.characters)
    for tags in _fewer(ready.hashtags):
        chosen = _chosen(ready, units, tags, limit)
        if 0 in chosen and all(
            n in chosen for n, (_, s) in enumerate(units) if ready.wishes.must_stay(s)
        ):
            return _render([units[n] for n in sorted(chosen)], tags), len(chosen), len(units)
    return "", 0, len(units)


def _chosen(
    ready: Prepared, units: Sequence[tuple[int, str]], tags: Sequence[str], limit: int
) -> set[int]:
    """The positions of the sentences that fit together with these hashtags."""
    chosen: set[int] = set()
    too_long = 0
    for is_filler, position in _by_importance(ready, [sentence for _, sentence in units]):
        begins = position == 0 or units[position - 1][0] != units[position][0]
        if is_filler and not begins and position - 1 not in chosen:
            continue  # it may lean on the sentence before it
        body = [units[n] for n in sorted(chosen | {position})]
        if _is_fitting(ready.wishes, body, tags, limit):
            chosen.add(position)
        elif is_filler:
            too_long += 1
        if too_long == PATIENCE:
            break
    return chosen


def _fewer(tags: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [tags[:count] for count in range(len(tags), -1, -1)]


def _by_importance(ready: Prepared, spoken: Sequence[str]) -> list[tuple[bool, int]]:
    """The sentences' positions, and whether each is mere filling: demanded phrases, the hook, the
    first number, the call to action, then the others in their order.
    """
    tongue = ready.wishes.language
    strongest = next(
        (n for n, spoke in enumerate(spoken) if find_numbers(spoke[:LIMIT], tongue)), 0
    )
    action = "".join(ready.call_to_action.casefold().split())

    def rank(position: int) -> int:
        sentence = spoken[position]
        if ready.wishes.must_stay(sentence):
            return 0
        if position in (0, strongest):
            return 1
        is_action = bool(action) and "".join(sentence.casefold().split()) in action
        return 2 if is_action else _FILLING

    ranked = sorted((rank(position), position) for position in range(len(spoken)))
    return [(importance == _FILLING, position) for importance, position in ranked]


def _is_fitting(
    wishes: Wishes, body: Sequence[tuple[int, str]], tags: Sequence[str], limit: int
) -> bool:
    return weight(_render(body, tags)) <= limit and wishes.allows(_render(body, ()))


def _render(body: Sequence[tuple[int, str]], tags: Sequence[str]) -> str:
    paragraphs: dict[int, list[str]] = {}
    for number, sentence in body:
        paragraphs.setdefault(number, []).append(sentence)
    pieces = [" ".join(found) for found in paragraphs.values()]
    return "\n\n".join([*pieces, *([" ".join(tags)] if tags else [])])


def _single_notes(ready: Prepared, used: int, total: int) -> list[str]:
    if used == total:
        return []
    if limit_words(ready.wishes, None) and ready.wishes.characters:
        limit = limit_words(ready.wishes, LIMIT)
        return [say("shortened", ready.wishes.language, name="X", count=total - used, limit=limit)]
    return [say("single_post", ready.wishes.language, count=used, total=total)]

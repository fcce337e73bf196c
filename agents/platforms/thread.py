"""Cuts a text into the numbered posts of a thread: at paragraphs, sentences, clauses or words."""

from collections.abc import Callable, Sequence

from agents.platforms.counting import weight
from agents.platforms.sentences import clauses, marks, sentences, words

Split = Callable[[str], list[str]]


def numbered(parts: Sequence[str]) -> tuple[str, ...]:
    """The parts with "1/n" to "n/n" before them."""
    return tuple(f"{n}/{len(parts)} {part}" for n, part in enumerate(parts, 1))


def cut_thread(
    paragraphs: Sequence[str], limit: int, *, tail: str = "", is_merging: bool = True
) -> tuple[str, ...]:
    """The numbered posts of a text, none heavier than `limit`.

    With `is_merging`, short paragraphs share a post; else each begins its own. `tail` (hashtags)
    ends the last post, if there is room for it, else it is left out. A text that fits one post is
    not numbered.
    """
    whole = "\n\n".join(paragraphs)
    ended = f"{whole}\n\n{tail}" if tail else whole
    if weight(ended) <= limit and (is_merging or len(paragraphs) < 2):
        return (ended,)
    digits = 1
    while True:
        room = limit - weight(f"{'9' * digits}/{'9' * digits} ")
        parts = cut(paragraphs, room, is_merging=is_merging)
        if len(str(len(parts))) <= digits:
            break
        digits += 1
    if tail and weight(f"{parts[-1]}\n\n{tail}") <= room:
        parts[-1] += f"\n\n{tail}"
    return numbered(parts) if len(parts) > 1 else tuple(parts)


def cut(paragraphs: Sequence[str], limit: int, *, is_merging: bool = True) -> list[str]:
    """The paragraphs in parts that are not heavier than `limit`."""
    parts: list[str] = []
    for paragraph in paragraphs:
        joined = f"{parts[-1]}\n\n{paragraph}" if parts else ""
        if is_merging and parts and weight(joined) <= limit:
            parts[-1] = joined
        else:
            parts += _fill(paragraph, limit)
    return parts


def spread(paragraphs: Sequence[str], count: int, limit: int) -> list[str] | None:
    """The sentences in exactly `count` parts of about the same weight; None if that cannot be."""
    pieces = [sentence for paragraph in paragraphs for sentence in sentences(paragraph)]
    if not 1 < count <= len(pieces):
        return None
    parts: list[str] = []
    total, done = sum(map(weight, pieces)), 0
    while pieces:
        left = count - len(parts)
        group = [pieces.pop(0)]
        share = (total - done) / left
        while pieces and len(pieces) >= left and (left == 1 or _is_nearer(group, pieces[0], share)):
            group.append(pieces.pop(0))
        done += sum(map(weight, group))
        parts.append(" ".join(group))
    fits = len(parts) == count and all(weight(part) <= limit for part in parts)
    return parts if fits else None


def _is_nearer(group: Sequence[str], following: str, share: float) -> bool:
    now = sum(map(weight, group))
    return abs(now + weight(following) - share) <= abs(now - share)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


_LEVELS: tuple[tuple[Split, str], ...] = (
    (_lines, "\n"),
    (sentences, " "),
    (clauses, " "),
    (words, " "),
)


def _fill(text: str, limit: int, level: int = 0) -> list[str]:
    """A paragraph in as few parts as its borders allow."""
    if weight(text) <= limit:
        return [text]
    if level == len(_LEVELS):
        return _by_marks(text, limit)
    split, joint = _LEVELS[level]
    parts: list[str] = []
    is_open = False  # whether the last part may be continued
    for piece in split(text):
        joined = f"{parts[-1]}{joint}{piece}" if parts else ""
        if is_open and weight(joined) <= limit:
            parts[-1] = joined
        else:
            parts += _fill(piece, limit, level + 1)
        is_open = True
    return parts


def _by_marks(word: str, limit: int) -> list[str]:
    """A word that is longer than a post, cut between its characters."""
    parts: list[list[str]] = [[]]
    room = limit
    for mark in marks(word):
        size = weight(mark)
        if size > room and parts[-1]:
            parts.append([])
            room = limit
        parts[-1].append(mark)
        room -= size
    return [fitting for part in parts for fitting in _checked(part, limit)]


def _checked(part: list[str], limit: int) -> list[str]:
    """A part, halved if it weighs more than its characters do one by one, as a short link does."""
    text = "".join(part)
    if weight(text) <= limit or len(part) < 2:
        return [text]
    middle = len(part) // 2
    return [*_checked(part[:middle], limit), *_checked(part[middle:], limit)]

"""Writes a thread: one thought a part, the first line first, each part short enough for X."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from agents.platforms.limits import measure
from agents.writing import remarks
from agents.writing.brief import Brief
from agents.writing.create import title_of_text, within, written
from agents.writing.draft import draft_of
from agents.writing.outline import Line, Outline, Paragraph, limits_of
from agents.writing.prose import sentences
from agents.writing.remarks import remark
from streams.domain.values import Channel, Json

LONGEST_PART = 260  # as X counts, which leaves room for the number that the formatter adds
LIGHT = 110  # two parts that weigh no more than this together say too little each
USUAL_PARTS = 6
MOST_TAGS = 2


def create_thread(brief: Brief) -> Json:
    """A thread of as many parts as were asked for, if there is that much to say."""
    brief = replace(brief, kind="thread")
    outline, story, alternatives, notes = written(brief)
    outline = replace(outline, hashtags=outline.hashtags[:MOST_TAGS])
    outline, more = within(outline, limits_of(brief.demands), brief)
    wanted = brief.demands.parts
    parts = parts_of(outline, wanted or USUAL_PARTS, is_exact=wanted is not None)
    if wanted and len(parts) != wanted:
        more.append(remark(brief, remarks.FEWER_PARTS, have=len(parts), wanted=wanted))
    hook, call = parts[0] if parts else "", outline.call if outline.call in parts[-1:] else ""
    threaded = Outline(
        hook=hook,
        paragraphs=tuple(Paragraph((Line(part),)) for part in parts[1:]),
        hashtags=outline.hashtags,
    )
    return draft_of(
        replace(threaded, call=call),
        brief,
        title=title_of_text(brief, story, outline),
        alternatives=alternatives,
        notes=[*notes, *more],
        body=parts,
        content=threaded.content,
    )


def parts_of(outline: Outline, wanted: int, *, is_exact: bool) -> list[str]:
    """The parts: at most as many as wanted, and if they are wanted exactly, no fewer "
    "if it can be."""
    parts = [part for text in _thoughts(outline) for part in _short(text)]
    while not is_exact and (at := _lightest_pair(parts, LIGHT)) is not None:
        parts[at : at + 2] = [f"{parts[at]} {parts[at + 1]}"]
    while len(parts) > wanted:
        joined = _lightest_pair(parts)
        if joined is None:
            last_thought = max(range(1, len(parts) - 1), default=0)
            parts.pop(last_thought or -1)
        else:
            parts[joined : joined + 2] = [f"{parts[joined]} {parts[joined + 1]}"]
    while is_exact and len(parts) < wanted:
        at = next((n for n, part in enumerate(parts) if n and len(sentences(part)) > 1), None)
        if at is None:
            break
        first, *rest = sentences(parts[at])
        parts[at : at + 1] = [first, " ".join(rest)]
    return parts


def _thoughts(outline: Outline) -> Iterator[str]:
    if outline.hook:
        yield outline.hook
    for paragraph in outline.paragraphs:
        yield from (line.text for line in paragraph.lines)
    if outline.call:
        yield outline.call


def _lightest_pair(parts: Sequence[str], most: int = LONGEST_PART) -> int | None:
    """Where two neighbours weigh least together and still fit one part; the first stays alone as
    long as others can be joined.
    """
    weights = [measure(Channel.TWITTER, part) for part in parts]
    pairs = [
        (weights[n] + weights[n + 1] + (LONGEST_PART if n == 0 else 0), n)
        for n in range(len(parts) - 1)
        if weights[n] + weights[n + 1] + 1 <= most and (n or most == LONGEST_PART)
    ]
    return min(pairs)[1] if pairs else None


def _short(text: str) -> list[str]:
    """The text in parts that are short enough, cut at sentences, else at words."""
    if measure(Channel.TWITTER, text) <= LONGEST_PART:
        return [text]
    found: list[str] = []
    pieces = sentences(text)
    for piece in pieces if len(pieces) > 1 else text.split(" "):
        joined = f"{found[-1]} {piece}" if found else piece
        if found and measure(Channel.TWITTER, joined) <= LONGEST_PART:
            found[-1] = joined
        else:
            found += _short(piece) if len(pieces) > 1 else [piece]
    return found

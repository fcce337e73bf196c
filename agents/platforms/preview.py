"""What a variant will look like: a card for terminals, and a picture."""

import textwrap
from collections.abc import Iterator

from agents.platforms.counting import weight
from agents.platforms.email import preview_line
from agents.platforms.limits import LIMITS, SUBJECT_RECOMMENDED
from agents.platforms.picture import FOLD_MARK, fold_at, preview_svg
from streams.domain.deliverable import ChannelVariant
from streams.domain.values import Channel

__all__ = ["preview_svg", "preview_text"]

WIDTH = 72  # columns of a card


def preview_text(variant: ChannelVariant) -> str:
    """The variant as a card of at most 72 columns, for terminals."""
    match variant.channel:
        case Channel.LINKEDIN:
            lines = _linkedin(variant)
        case Channel.TWITTER:
            lines = _twitter(variant)
        case Channel.EMAIL:
            lines = _email(variant)
    return "\n".join(lines)


def _linkedin(variant: ChannelVariant) -> Iterator[str]:
    text, fold = variant.content, fold_at(variant.content)
    yield _rule("LinkedIn", f"{variant.characters:,} of {LIMITS[Channel.LINKEDIN]:,} characters")
    yield from _wrapped(text[:fold].rstrip())
    if fold < len(text):
        yield f"{'- ' * ((WIDTH - len(FOLD_MARK) - 2) // 2)} {FOLD_MARK}"
        yield from _wrapped(text[fold:].removeprefix(" ").strip("\n"))
    yield "─" * WIDTH


def _twitter(variant: ChannelVariant) -> Iterator[str]:
    posts = variant.parts or (variant.content,)
    limit = LIMITS[Channel.TWITTER]
    for number, post in enumerate(posts, 1):
        name = f"X, post {number} of {len(posts)}" if len(posts) > 1 else "X"
        yield _rule(name, f"{weight(post)} of {limit}")
        yield from _wrapped(post)
    yield "─" * WIDTH


def _email(variant: ChannelVariant) -> Iterator[str]:
    subject = variant.subject or ""
    yield _rule("E-mail", f"subject {len(subject)} of {SUBJECT_RECOMMENDED}")
    yield from _field("Subject", subject)
    yield from _field("Preview", preview_line(variant.content))
    yield "─" * WIDTH
    yield from _wrapped(variant.content)
    yield "─" * WIDTH


def _rule(name: str, count: str) -> str:
    start, end = f"── {name} ", f" {count} ──"
    return start + "─" * max(1, WIDTH - len(start) - len(end)) + end


def _field(name: str, value: str) -> list[str]:
    indent = " " * (len(name) + 2)
    wrapped = textwrap.wrap(value, WIDTH - len(indent)) or [""]
    return [f"{name}: {wrapped[0]}", *(indent + line for line in wrapped[1:])]


def _wrapped(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield from textwrap.wrap(line, WIDTH, break_on_hyphens=False) or [""]

"""Engagement potential: a checklist of what makes readers stop, and no measured prediction."""

from collections.abc import Callable, Mapping

from agents.quality import codes
from agents.quality.draft import Examined
from agents.quality.findings import dimension, issue
from agents.quality.hook import Item, hook
from agents.quality.invitation import invitation
from agents.quality.rhythm import mixed_paragraphs
from agents.quality.topical_tags import tags_of
from streams.domain.quality import DimensionScore, Evidence
from streams.domain.values import Channel

NAME = "engagement_potential"
WEIGHT = 3.0
CHECKLIST_NOTE = "a checklist, not calibrated on measured engagement"

MOST_NUMBERS = 8  # in one post; of more, none is remembered
MOST_TAGS = 5
ROOM = 350  # characters that need a blank line


def engagement(examined: Examined) -> DimensionScore:
    """The weighted share of the checklist; what does not apply is left out."""
    items = [item for check in _CHECKS if (item := check(examined)) is not None]
    total = sum(item.weight for item in items)
    score = sum(item.weight * item.share for item in items) / total if total else 0.0
    missed = [item.name for item in items if item.share < 1]
    note = f"{CHECKLIST_NOTE}; " + (f"missed: {', '.join(missed)}" if missed else "all points met")
    return dimension(
        NAME,
        score,
        WEIGHT,
        issues=[item.issue for item in items if item.issue is not None],
        evidence=[Evidence(note=note)],
    )


def _specifics(examined: Examined) -> Item | None:
    """A concrete number, where there are facts and numbers are allowed."""
    if not examined.facts or not examined.allows("no_numbers"):
        return None
    if examined.numbers:
        return Item("a specific number", 0.1, 1.0)
    missing = issue(
        codes.NO_SPECIFICS,
        "no number, although facts are there",
        suggestion=f"use one: {examined.facts[0].label} {examined.facts[0].text}",
    )
    return Item("a specific number", 0.1, 0.0, missing)


def _call(examined: Examined) -> Item:
    found = invitation(examined)
    return Item("call to action", 0.22, found.share, found.issue)


def _one_idea(examined: Examined) -> Item:
    """Few numbers in all, and one thing a paragraph."""
    distinct = len({(round(abs(n.value), 6), n.unit) for n in examined.numbers})
    most = MOST_NUMBERS + (4 if examined.draft.kind in ("email", "thread") else 0)
    if distinct > most:
        many = issue(
            codes.TOO_MANY_IDEAS,
            f"{distinct} different numbers",
            "info",
            suggestion=f"keep the {most} that carry the story",
        )
        return Item("one idea", 0.12, max(0.0, 1 - (distinct - most) / most), many)
    mixed = list(mixed_paragraphs(examined))
    return Item("one idea", 0.12, max(0.2, 1 - 0.4 * len(mixed)), mixed[0] if mixed else None)


def _white_space(examined: Examined) -> Item | None:
    paragraphs = examined.prose.paragraphs
    if examined.draft.kind == "thread" or len(examined.draft.text) < ROOM:
        return None
    needed = len(examined.draft.text) // ROOM + 1
    if len(paragraphs) >= min(needed, 4):
        return Item("white space", 0.12, 1.0)
    wall = issue(
        codes.WALL_OF_TEXT,
        f"{len(paragraphs)} paragraphs for {len(examined.draft.text)} characters",
        suggestion="a blank line after every second or third sentence",
    )
    return Item("white space", 0.12, 0.2, wall)


def _hashtags(examined: Examined) -> Item | None:
    channels = examined.asked.channels
    if (
        Channel.LINKEDIN not in channels
        or examined.draft.kind == "email"
        or not examined.allows("no_hashtags")
    ):
        return None
    if examined.asked.constraints.get("max_hashtags") == 0:
        return None
    tags = tags_of(examined)
    if not tags:
        missing = issue(
            codes.NO_HASHTAGS, "no hashtag", suggestion="add three that people search for"
        )
        return Item("hashtags", 0.1, 0.0, missing)
    share = sum(tag.is_good for tag in tags) / len(tags)
    return Item("hashtags", 0.1, share if len(tags) <= MOST_TAGS else share * 0.3)


def _address(examined: Examined) -> Item:
    """Whether the reader is spoken to at all."""
    is_spoken_to = any(w.replace("\u2019", "'") in _READER for w in examined.prose.words)
    return Item("speaks to the reader", 0.05, 1.0 if is_spoken_to else 0.0)


_READER = frozenset(
    ("you", "your", "yours", "you're", "let's", "us", "sie", "ihr", "ihre",
     "ihnen", "ihren", "du", "dein", "deine", "deinem", "deinen", "dir", "dich", "euch", "eure",
     "uns")
)  # fmt: skip
_CHECKS: tuple[Callable[[Examined], Item | None], ...] = (
    hook, _specifics, _call, _one_idea, _white_space, _hashtags, _address,
)  # fmt: skip
CHECKLIST: Mapping[str, str] = {
    "hook": "an early figure, a contrast or a question of substance in the first line",
    "a specific number": "a concrete fact",
    "call to action": "the one asked for, or a question about this very subject",
    "one idea": "few numbers, and one thing a paragraph",
    "white space": "paragraphs that a phone can show",
    "hashtags": "one to five about the subject, where the platform uses them",
    "speaks to the reader": "you, or let's",
}

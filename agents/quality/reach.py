"""True numbers that a reader cannot check: of what they are, or from what, is not told."""

import re
from collections.abc import Iterator, Sequence

from agents.figures.numbers import Mention
from agents.quality.draft import Examined
from agents.quality.findings import evidence
from agents.quality.prose import Sentence
from streams.domain.quality import Evidence

_OF_NOTHING = re.compile(
    r"\b(?:the|that|this) (?:figure|number|value|metric) (?:was|is|stood|stands)\b|"
    r"\b(?:der|dieser) wert (?:war|ist|lag|liegt|betrug)\b|\bdie zahl (?:war|lag|betrug)\b",
    re.IGNORECASE,
)


def uncheckable(examined: Examined) -> Iterator[Evidence]:
    """The numbers of no named metric, and changes without a level; a report has its tables."""
    if examined.is_report or examined.draft.kind == "thread":
        return
    text = examined.draft.text
    inside = [(s, *_inside(examined, s)) for s in examined.prose.sentences]
    levels = {c for _, numbers, concepts in inside if _has_level(numbers) for c in concepts}
    follows: Sequence[Mention] = ()
    for sentence, numbers, concepts in reversed(inside):
        if not concepts and _OF_NOTHING.search(sentence.text):
            for one in numbers:
                yield evidence(text, one.start, one.end, note="the sentence does not say of what")
        elif concepts and not concepts <= levels and not _has_level([*numbers, *follows]):
            for one in filter(_is_change, numbers):
                yield evidence(text, one.start, one.end, note="a change without a level")
        follows = numbers


def _inside(examined: Examined, sentence: Sentence) -> tuple[list[Mention], set[str]]:
    """The numbers and the metrics of a sentence."""
    numbers = [n for n in examined.numbers if sentence.start <= n.start < sentence.end]
    concepts = {c for at, _, c in examined.names if sentence.start <= at < sentence.end}
    return numbers, concepts


def _is_change(one: Mention) -> bool:
    return one.unit == "percent" and one.direction != 0


def _has_level(numbers: Sequence[Mention]) -> bool:
    return any(not _is_change(one) for one in numbers)

"""Rhythm: sentences of changing length that do not all begin alike, one thing a paragraph."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from agents.quality import codes
from agents.quality.draft import Examined
from agents.quality.findings import evidence, issue
from agents.quality.prose import Sentence
from streams.domain.quality import QualityIssue

FEWEST = 4  # sentences that have a rhythm
EVEN = 0.28  # deviation of the lengths by their mean, below which the text drones
MOST_ALIKE = 0.25  # share of the sentences that may begin like the one before
MOST_THINGS = 2  # metrics with figures in one paragraph


def evenness(sentences: Sequence[Sentence]) -> float:
    """How much the lengths of sentences differ: their deviation by their mean."""
    words = sum(sentence.words for sentence in sentences)
    if not words:
        return 0.0
    mean = words / len(sentences)
    spread = sum((sentence.words - mean) ** 2 for sentence in sentences) / len(sentences)
    return math.sqrt(spread) / mean


def monotony(examined: Examined) -> Iterator[QualityIssue]:
    """Sentences of one length, or one after the other with the same first word."""
    sentences = examined.prose.sentences
    if len(sentences) < FEWEST or examined.is_report:
        return
    text = examined.draft.text
    alike = [later for earlier, later in pairwise(sentences) if _first(earlier) == _first(later)]
    if len(alike) > MOST_ALIKE * len(sentences):
        at = evidence(text, alike[0].start, alike[0].end)
        message = f"{len(alike)} of {len(sentences)} sentences begin like the one before"
        yield issue(codes.MONOTONE, message, "info", suggestion="begin them in other ways", at=at)
    if evenness(sentences) < EVEN:
        at = evidence(text, sentences[0].start, sentences[-1].end)
        message = "all sentences are of nearly the same length"
        yield issue(codes.MONOTONE, message, "info", suggestion="let a short one follow", at=at)


def _first(sentence: Sentence) -> str:
    return sentence.text.split(maxsplit=1)[0].lower() if sentence.text.strip() else ""


def mixed_paragraphs(examined: Examined) -> Iterator[QualityIssue]:
    """Paragraphs with figures of several metrics, which a reader has to take apart."""
    text, names = examined.draft.text, examined.names
    for paragraph in examined.prose.paragraphs:
        own = [s for s in examined.prose.sentences if paragraph.start <= s.start < paragraph.end]
        told = [s for s in own if any(s.start <= n.start < s.end for n in examined.numbers)]
        things = {next((c for a, _, c in names if s.start <= a < s.end), "") for s in told} - {""}
        if len(things) > MOST_THINGS:
            yield issue(
                codes.MIXED_PARAGRAPH,
                f"one paragraph has figures of {len(things)} metrics",
                "info",
                suggestion="part it where the metric changes",
                at=evidence(text, paragraph.start, paragraph.end),
            )

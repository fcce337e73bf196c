"""Readability: Flesch for English, Amstad for German, long sentences, passive, walls of text."""

import re
from collections.abc import Iterator

from agents.quality import codes
from agents.quality.draft import Examined
from agents.quality.findings import dimension, evidence, issue, penalised
from agents.quality.prose import Prose
from agents.quality.rhythm import evenness, monotony
from streams.domain.quality import DimensionScore, Evidence, QualityIssue

NAME = "readability"
WEIGHT = 1.0

EASY = {"en": 45.0, "de": 38.0}  # from this reading ease on, business readers have no trouble
HARD = {"en": 5.0, "de": 0.0}
LONG_SENTENCE = {"en": 30, "de": 28}  # words
LONG_PARAGRAPH = 480  # characters that fill a phone's screen
MOST_PASSIVE = 0.34  # share of the sentences
_FEWEST_SENTENCES = 3
_COST = {codes.LONG_SENTENCE: 0.2, codes.PASSIVE: 0.12, codes.WALL_OF_TEXT: 0.2}
_COST[codes.MONOTONE] = 0.1

_PASSIVE = {
    "en": re.compile(
        r"\b(?:is|are|was|were|been|being|be)\s(?:\w+ly\s)?(?:\w{3,}ed|made|done|given|seen|taken|"
        r"driven|shown|known|built|held|found|written|grown|brought|achieved|led)\b"
        r"(?:\sby\b)?",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\b(?:wird|werden|wurde|wurden|worden)\b[^.!?\n]{0,60}?\b(?:ge\w{3,}(?:t|en)|\w{4,}iert|"
        r"(?:be|er|ver|ent|zer)\w{3,}(?:t|en))\b",
        re.IGNORECASE,
    ),
}


def reading_ease(prose: Prose, language: str) -> float:
    """How easily a text reads, about 0 (hard) to 100 (easy).

    English: Flesch (1948), 206.835 - 1.015 words per sentence - 84.6 syllables per word. German:
    Amstad (1978), 180 - words per sentence - 58.5 syllables per word.
    """
    words = len(prose.words)
    if not words or not prose.sentences:
        return 100.0
    per_sentence = sum(s.words for s in prose.sentences) / len(prose.sentences)
    per_word = prose.syllables / words
    if language == "de":
        return 180 - per_sentence - 58.5 * per_word
    return 206.835 - 1.015 * per_sentence - 84.6 * per_word


def readability(examined: Examined) -> DimensionScore:
    """Easy enough for a reader in passing; a report may ask for more attention."""
    prose, language = examined.prose, examined.asked.language
    if not prose.sentences:
        return dimension(NAME, 0.0, WEIGHT, issues=[issue(codes.EMPTY, "there is no text")])
    ease = reading_ease(prose, language)
    easy = EASY[language] - (12 if examined.is_report else 0)
    hard = HARD[language] - (12 if examined.is_report else 0)
    score = 0.3 + 0.7 * min(1.0, max(0.0, (ease - hard) / (easy - hard)))
    issues = [*_hard(ease, score), *_sentences(examined), *_passive(examined), *_walls(examined)]
    issues += monotony(examined)
    note = f"reading ease {ease:.0f} ({'Amstad' if language == 'de' else 'Flesch'}), "
    note += f"lengths of sentences differ by {evenness(prose.sentences):.2f}"
    return dimension(
        NAME,
        score - (1 - penalised(issues, _COST)),
        WEIGHT,
        issues=issues,
        evidence=[Evidence(note=note)],
    )


def _hard(ease: float, score: float) -> Iterator[QualityIssue]:
    if score < 0.8:
        yield issue(
            codes.HARD_TO_READ,
            f"long words and sentences: a reading ease of {ease:.0f}",
            suggestion="shorter sentences, and plain words for abstract ones",
        )


def _sentences(examined: Examined) -> Iterator[QualityIssue]:
    most = LONG_SENTENCE[examined.asked.language] + (8 if examined.is_report else 0)
    for sentence in examined.prose.sentences:
        if sentence.words > most:
            yield issue(
                codes.LONG_SENTENCE,
                f"a sentence of {sentence.words} words",
                suggestion="make two of it",
                at=evidence(examined.draft.text, sentence.start, sentence.end),
            )


def _passive(examined: Examined) -> Iterator[QualityIssue]:
    text, sentences = examined.draft.text, examined.prose.sentences
    if len(sentences) < _FEWEST_SENTENCES or examined.is_report:
        return
    pattern = _PASSIVE[examined.asked.language]
    found = [m for s in sentences if (m := pattern.search(text, s.start, s.end))]
    if len(found) / len(sentences) > MOST_PASSIVE:
        yield issue(
            codes.PASSIVE,
            f"{len(found)} of {len(sentences)} sentences are passive",
            "info",
            suggestion="say who does it",
            at=evidence(text, found[0].start(), found[0].end()),
        )


def _walls(examined: Examined) -> Iterator[QualityIssue]:
    if examined.is_report:
        return
    for paragraph in examined.prose.paragraphs:
        if len(paragraph.text) > LONG_PARAGRAPH:
            yield issue(
                codes.WALL_OF_TEXT,
                f"a paragraph of {len(paragraph.text)} characters",
                suggestion="break it into paragraphs of two or three sentences",
                at=evidence(examined.draft.text, paragraph.start, paragraph.end),
            )

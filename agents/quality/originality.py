"""Originality: no repetition, no copy of the request, no worn phrases."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from agents.quality import codes
from agents.quality.draft import Examined
from agents.quality.findings import dimension, evidence, issue, penalised
from agents.quality.prose import Sentence, content_words, small
from agents.quality.repeats import repeated_facts
from streams.domain.quality import DimensionScore, QualityIssue

NAME = "originality"
WEIGHT = 1.5

COPIED = 7  # words in a row that are no coincidence
NAMED = 12  # words of a topic or a call that may be taken over as they are
ALIKE = 0.75  # share of common words by which two sentences say the same
_SHORT = 4  # words of a sentence that may be repeated
_GRAM = 5
_COST = {
    codes.REPETITION: 0.25, codes.REPEATED_FACT: 0.2, codes.COPIED_REQUEST: 0.6, codes.CLICHE: 0.2,
}  # fmt: skip

_CLICHES = re.compile(
    r"\b(?:in today['\u2019]s (?:fast[- ]paced|digital|competitive|ever[- ]changing)\b"
    r"[^.,\n]{0,30}|"
    r"think(?:ing)? outside the box|at the end of the day|low[- ]hanging fruit|"
    r"move the needle|synerg(?:y|ies)|take (?:it|your \w+|things) to the next level|"
    r"win[- ]win|the sky['\u2019]?s? (?:is )?the limit|hit the ground running|"
    r"paradigm shift|deep dive|circle back|best of breed|seamless(?:ly)?|"
    r"leverag(?:e|ing) (?:the power|our|synergies)|unlock(?:ing)? (?:the|your) (?:full )?potential|"
    r"the rest is history|rocket ?ship|buckle up|let that sink in|read that again|"
    r"it['\u2019]s no secret that|needless to say|last but not least|"
    r"a testament to|tapestry|delve into|ever[- ]evolving|navigat(?:e|ing) the complexit\w+|"
    r"in der heutigen (?:schnelllebigen|digitalen)\b[^.,\n]{0,30}|über den tellerrand|"
    r"auf das nächste level|am ende des tages|synergieeffekte?|"
    r"der himmel ist die grenze|ganzheitliche lösungen?|"
    r"aus der masse (?:heraus)?stechen|nicht zuletzt deshalb|potenziale? (?:entfesseln|heben))\b"
)


def originality(examined: Examined) -> DimensionScore:
    """1 for a text that says each thing once and in words of its own."""
    sentences = examined.prose.sentences
    worded = [content_words(s.text) for s in sentences]
    issues = [
        *_copied(examined, sentences, worded),
        *_alike(examined, sentences, worded),
        *repeated_facts(examined),
        *_phrases(examined, worded),
        *_cliches(examined),
    ]
    return dimension(NAME, penalised(issues, _COST), WEIGHT, issues=issues)


def _copied(
    examined: Examined, sentences: Sequence[Sentence], worded: Sequence[list[str]]
) -> Iterator[QualityIssue]:
    """Sentences that are the request's own words; a given text to work on is no request."""
    asked = examined.asked
    source = str(asked.constraints.get("source_text") or "")
    request = asked.request.replace(source, " ") if source else asked.request
    grams = _grams(content_words(request), COPIED)
    own = [content_words(str(asked.constraints.get(n) or "")) for n in ("call_to_action", "topic")]
    allowed = {gram for words in own if len(words) <= NAMED for gram in _grams(words, COPIED)}
    for sentence, words in zip(sentences, worded, strict=True):
        if _grams(words, COPIED) & (grams - allowed):
            yield issue(
                codes.COPIED_REQUEST,
                "this repeats the wording of the request",
                "error",
                suggestion="say it to the reader in words of the text",
                at=evidence(examined.draft.text, sentence.start, sentence.end, "request"),
            )


def _grams(words: Sequence[str], size: int) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def _alike(
    examined: Examined, sentences: Sequence[Sentence], worded: Sequence[list[str]]
) -> Iterator[QualityIssue]:
    """Sentences that say what an earlier one has said."""
    if examined.is_report:
        return  # its summary says again what the sections bear out
    earlier: list[set[str]] = []
    for sentence, words in zip(sentences, worded, strict=True):
        now = set(words)
        size = len(now)
        if size > _SHORT:
            fitting = (t for t in earlier if ALIKE * size <= len(t) <= size / ALIKE)
            if any(len(now & then) >= ALIKE * len(now | then) for then in fitting):
                yield _repeated(examined, sentence)
            earlier.append(now)


def _repeated(examined: Examined, sentence: Sentence) -> QualityIssue:
    return issue(
        codes.REPETITION,
        "this was said before",
        suggestion="leave it out",
        at=evidence(examined.draft.text, sentence.start, sentence.end),
    )


def _phrases(examined: Examined, worded: Sequence[list[str]]) -> Iterator[QualityIssue]:
    """A turn of five words that comes again and again."""
    grams = Counter(gram for words in worded for gram in _grams(words, _GRAM))
    most = 4 if examined.is_report else 2
    repeated = [gram for gram, count in grams.items() if count > most]
    if repeated:
        phrase = " ".join(repeated[0])
        yield issue(
            codes.REPETITION,
            f"{phrase!r} comes {grams[repeated[0]]} times",
            suggestion="vary it or leave it out",
        )


def _cliches(examined: Examined) -> Iterator[QualityIssue]:
    text = examined.draft.text
    for match in _CLICHES.finditer(small(text)):
        yield issue(
            codes.CLICHE,
            f"{text[match.start() : match.end()]!r} is a worn phrase",
            "info",
            suggestion="say what is meant",
            at=evidence(text, match.start(), match.end()),
        )

"""What must stand in a text, word by word, and how much of it there must at least be."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from agents.figures.metric_notes import is_about
from agents.writing.brief import Brief, Demands, choose
from agents.writing.guard import forbidden_in, has_numbers
from agents.writing.outline import KEPT, Line, Outline, Paragraph, changed, count_sentences
from agents.writing.prose import EMOJI, capital, words
from agents.writing.remarks import (
    HAS_EMOJI,
    HAS_NUMBERS,
    IS_FORBIDDEN,
    MISSING_PHRASE,
    TOO_LITTLE,
    remark,
)
from agents.writing.story import Story
from agents.writing.telling import Teller

_WRAPPED = (
    # English, German; the phrase stands in the middle, word by word
    (
        "What belongs in here as well: {phrase}.",
        "One thing we would like to mention: {phrase}.",
        "Part of the picture: {phrase}.",
    ),
    (
        "Was hier ebenfalls hingehört: {phrase}.",
        "Erwähnen möchten wir auch: {phrase}.",
        "Teil des Bildes: {phrase}.",
    ),
)
_SENTENCE = re.compile(r"^[A-ZÄÖÜ„\"“].*[.!?…]$|^\S+(?:\s+\S+){6,}$", re.DOTALL)


def with_demanded(outline: Outline, brief: Brief, story: Story | None) -> tuple[Outline, list[str]]:
    """The outline with every phrase that must be in it, and remarks on those that cannot be."""
    notes = []
    for phrase in brief.demands.must_include:
        why = _why_not(phrase, brief.demands)
        if why is not None:
            notes.append(remark(brief, MISSING_PHRASE, what=phrase, why=remark(brief, why)))
        elif phrase not in outline.content:
            outline = _added(outline, _line_with(phrase, brief, story))
        outline = _kept(outline, phrase)
    return outline, notes


def _why_not(phrase: str, demands: Demands) -> tuple[str, str] | None:
    if forbidden_in(phrase, demands.must_avoid):
        return IS_FORBIDDEN
    if demands.no_numbers and has_numbers(phrase):
        return HAS_NUMBERS
    return HAS_EMOJI if demands.no_emojis and EMOJI.search(phrase) else None


def _kept(outline: Outline, phrase: str) -> Outline:
    def keep(lines: Iterable[Line]) -> Iterator[Line]:
        for line in lines:
            yield replace(line, rank=KEPT) if phrase in line.text else line

    return changed(outline, keep)


def _line_with(phrase: str, brief: Brief, story: Story | None) -> Line:
    """A sentence that holds the phrase: about the metric that it names, else around it."""
    for point in story.points if story else ():
        if any(is_about(fact, phrase) for fact in point.facts[:1]):
            sentence = Teller(brief).sentence(point)
            if phrase in sentence:
                return Line(sentence, KEPT)
    if _SENTENCE.match(phrase):
        return Line(phrase if phrase[-1] in ".!?…" else f"{phrase}.", KEPT)
    wrapped = choose(_WRAPPED[int(brief.is_german)], brief, f"include:{phrase}")
    return Line(wrapped.format(phrase=phrase), KEPT)


def _added(outline: Outline, line: Line) -> Outline:
    """The line at the end of the last paragraph that has room for it, else in its own."""
    *before, last = outline.paragraphs or (Paragraph(()),)
    if last.lines and len(last.text) + len(line.text) > 320:
        return replace(outline, paragraphs=(*outline.paragraphs, Paragraph((line,))))
    return replace(outline, paragraphs=(*before, replace(last, lines=(*last.lines, line))))


def missing_length(content: str, demands: Demands) -> str:
    """Which least length a text misses, as "300 words"; empty if it misses none."""
    counts = (
        (demands.min_words, len(words(content)), "words"),
        (demands.min_characters, len(content), "characters"),
        (demands.min_sentences, count_sentences(content), "sentences"),
    )
    return next((f"{least} {name}" for least, n, name in counts if least and n < least), "")


_COUNTED = {"words": "Wörter", "characters": "Zeichen", "sentences": "Sätze"}


def extended(outline: Outline, brief: Brief, story: Story) -> tuple[Outline, list[str]]:
    """The outline with more of what the facts say until it is as long as asked for."""
    teller = Teller(brief)
    told = outline.content
    for point in story.points:
        if not missing_length(outline.content, brief.demands):
            return outline, []
        sentence = teller.sentence(point, told)
        if sentence and sentence not in told:
            outline = replace(
                outline, paragraphs=(*outline.paragraphs, Paragraph((Line(sentence),)))
            )
    missing = missing_length(outline.content, brief.demands)
    if missing and brief.is_german:
        count, name = missing.split(" ")
        missing = f"{count} {_COUNTED[name]}"
    return outline, [remark(brief, TOO_LITTLE, what=capital(missing))] if missing else []

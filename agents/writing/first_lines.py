"""First lines to choose from: what a text about the figures could open with."""

import re
from dataclasses import replace

from agents.writing.brief import Brief
from agents.writing.create import title_of_text, written
from agents.writing.draft import draft_of
from agents.writing.email import words_apart
from agents.writing.outline import Line, Outline, Paragraph
from agents.writing.prose import sentences
from agents.writing.reading import text_of
from streams.domain.values import Json

MOST = 5
TAKES = 8
LONGEST = 160  # characters of a first line


def create_hooks(brief: Brief) -> Json:
    """Up to five first lines that differ; of a given text, sentences that could lead it."""
    if text_of(brief.draft).strip():
        lines, title = _of_text(text_of(brief.draft)), ""
    else:
        lines, title = _of_facts(brief)
    outline = Outline(hook="", paragraphs=tuple(Paragraph((Line(line),)) for line in lines))
    kind = replace(brief, kind="answer")
    return draft_of(outline, kind, title=title or (lines or [""])[0], alternatives=lines)


def _of_facts(brief: Brief) -> tuple[list[str], str]:
    found: list[str] = []
    title = ""
    for take in range(TAKES):
        outline, story, others, _ = written(replace(brief, kind="post", take=take))
        title = title or title_of_text(brief, story, outline)
        found += [outline.hook, *others]
    return _different(found), title


def _of_text(text: str) -> list[str]:
    """Sentences with a quotation or a figure first, then questions, then the opening."""

    def strength(line: str) -> int:
        has_figure = bool(re.search(r"\d", line))
        return 2 * has_figure + 4 * bool(re.search(r"[\"“„«]", line)) + line.endswith("?")

    lines = [line for line in sentences(" ".join(text.split())) if len(line) <= LONGEST]
    return _different(sorted(lines, key=strength, reverse=True))


def _different(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if line and all(words_apart(line, other) for other in kept):
            kept.append(line)
    return kept[:MOST]

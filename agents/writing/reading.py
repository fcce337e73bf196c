"""Takes a draft apart again, whoever wrote it: first line, paragraphs, call to action, hashtags."""

import re
from collections.abc import Sequence
from typing import Any

from agents.platforms.draft import read_draft
from agents.writing.edits import QUOTED
from agents.writing.outline import POINT, Line, Outline, Paragraph
from agents.writing.prose import sentences
from streams.domain.values import Json

LONGEST_FIRST_LINE = 220  # characters of a first paragraph that is a first line by itself
_CALL = re.compile(
    r"\?\s*$|\b(?:comments?|get in touch|contact us|reach out|reply|learn more|find out more|"
    r"sign up|book|register|download|join us|follow us|let us know|tell us|share your|try it|"
    r"kommentar\w*|schreib\w*|melde\w*|kontaktier\w*|antworte\w*|erfahr\w*|sprechen sie uns an|"
    r"jetzt \w+|anmelden|buchen)\b",
    re.IGNORECASE,
)


def read_outline(draft: Any) -> Outline | None:
    """The outline of a draft; None if there is nothing to read in it."""
    read = read_draft(draft)
    if read is None:
        return None
    pieces = list(read.paragraphs)
    is_prose = read.kind in ("post", "email", "answer")
    has_hook = read.kind in ("post", "answer", "thread")
    hook = _take_hook(pieces, read.hook) if has_hook else ""
    stated = read.call_to_action
    call = _take_call(pieces, stated) if is_prose else ""
    return Outline(
        hook=hook,
        paragraphs=tuple(_paragraph(piece, n) for n, piece in enumerate(pieces)),
        call=call,
        hashtags=read.hashtags,
        greeting=read.greeting,
        sign_off=read.closing,
    )


def _take_hook(pieces: list[str], hook: str) -> str:
    """The first line, taken from the paragraphs; none if the text is one paragraph."""
    if len(pieces) < 2 or "\n" in pieces[0]:
        return ""
    first = pieces[0]
    if hook and first == hook:
        return pieces.pop(0)
    return pieces.pop(0) if len(first) <= LONGEST_FIRST_LINE else ""


def _take_call(pieces: list[str], stated: str) -> str:
    if not pieces:
        return ""
    last = pieces[-1]
    if stated and last.endswith(stated):
        pieces[-1] = last[: -len(stated)].strip()
        if not pieces[-1]:
            pieces.pop()
        return stated
    if len(pieces) > 1 and len(last) <= LONGEST_FIRST_LINE and _CALL.search(last):
        return pieces.pop()
    return ""


def _paragraph(text: str, position: int) -> Paragraph:
    """A paragraph with its lines; what comes later is left out sooner."""
    is_list = "\n" in text
    lines: Sequence[str] = text.split("\n") if is_list else sentences(text)
    ranked = tuple(
        Line(line.strip(), max(1.0, POINT - 2 * position - n / 10 + _worth(line)))
        for n, line in enumerate(lines)
        if line.strip()
    )
    return Paragraph(ranked, mark="\n" if is_list else " ")


def _worth(line: str) -> float:
    """A sentence with a figure or somebody's words is missed more than one without."""
    figure = 8.0 if any(character.isdigit() for character in line) else 0.0
    return figure + (6.0 if QUOTED.search(line) else 0.0)


def text_of(draft: Json) -> str:
    """The text of a draft as it stands, or nothing."""
    content = draft.get("content")
    return content if isinstance(content, str) else ""

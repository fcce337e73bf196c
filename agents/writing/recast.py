"""Puts a given text into another form: a thread, an e-mail, a post; in its own words."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agents.figures.metric_notes import Phrase
from agents.platforms.thread import cut, spread
from agents.understanding.mentions import given_text
from agents.writing.brief import Brief
from agents.writing.create import post_limits, within
from agents.writing.draft import draft_of, shortened, subject_of
from agents.writing.edit import OF_USER
from agents.writing.edits import without_markdown
from agents.writing.email import letter_of
from agents.writing.outline import POINT, Line, Outline, Paragraph, limits_of
from agents.writing.prose import sentences, words
from agents.writing.reading import text_of
from agents.writing.remarks import FEWER_PARTS, remark
from agents.writing.telling import Teller
from agents.writing.thread import LONGEST_PART, parts_of
from streams.domain.values import Json

MOST_PARTS = 25
SENTENCES_EACH = 2  # of a paragraph
SHORT_PARAGRAPH = 45  # words, up to which two sentences share one
_OF_A_TEXT = re.compile(
    r"\b(?:turn|convert|make|rewrite|repurpose|recast|adapt|split|break)\b[^.\"“„]{0,40}"
    r"\b(?:this|the following|my|our)\b[^.\"“„]{0,40}\b(?:into|as|to)\b|"
    r"\b(?:mach|mache|verwandle|forme|schreibe?)\b[^.\"“„]{0,20}\b(?:aus )?"
    r"(?:diese[nmrs]?|den|dem|folgende[nms]?)\b[^.\"“„]{0,30}\b(?:text|beitrag|artikel)\b",
    re.IGNORECASE,
)
_RECAST: Phrase = (
    "The words are those of the given text; only their order and form were changed.",
    "Die Worte sind die des vorgelegten Textes; geändert wurden nur Gliederung und Form.",
)


def with_text(brief: Brief) -> Brief | None:
    """The brief with the text that is to be told in another form; None where none was given.

    It came with the step, or stands in a request that says "turn this text into a thread".
    """
    if not _OF_A_TEXT.search(brief.request) and not text_of(brief.draft).strip():
        return None
    found = with_own_text(brief)
    return found if text_of(found.draft).strip() else None


def with_own_text(brief: Brief) -> Brief:
    """The brief with the text of the step, else with the one that the request gives."""
    if text_of(brief.draft).strip():
        return brief
    text, _ = given_text(brief.request, {}, is_expected=True)
    return replace(brief, draft={"kind": "answer", "content": text}) if text else brief


def recast(brief: Brief, kind: str) -> Json:
    """The given text as a post, a thread or an e-mail."""
    brief = replace(brief, kind=kind)
    said = sentences(" ".join(without_markdown(text_of(brief.draft)).split()))
    made = {"thread": _thread, "email": _email}.get(kind, _post)
    draft = made(brief, said)
    return draft | {"details": draft["details"] | OF_USER}


def _thread(brief: Brief, said: Sequence[str]) -> Json:
    """As many parts as the text needs; sentences stay whole wherever one part can hold them."""
    outline = Outline(hook="", paragraphs=(Paragraph(tuple(Line(text) for text in said)),))
    wanted = brief.demands.parts
    parts = parts_of(outline, wanted, is_exact=True) if wanted else _evenly(" ".join(said))
    notes = [remark(brief, _RECAST)]
    if wanted and len(parts) != wanted:
        notes.append(remark(brief, FEWER_PARTS, have=len(parts), wanted=wanted))
    threaded = Outline(
        hook=parts[0] if parts else "",
        paragraphs=tuple(Paragraph((Line(part),)) for part in parts[1:]),
    )
    return draft_of(
        threaded,
        brief,
        title=_title(said),
        notes=notes,
        body=parts,
        content=threaded.content,
    )


def _evenly(text: str) -> list[str]:
    """As few parts as hold the text, about equally long."""
    needed = cut([text], LONGEST_PART)[:MOST_PARTS]
    even = (spread([text], count, LONGEST_PART) for count in (len(needed), len(needed) + 1))
    return next((parts for parts in even if parts), needed)


def _email(brief: Brief, said: Sequence[str]) -> Json:
    outline = Outline(hook=said[0] if said else "", paragraphs=_paragraphs(said[1:]))
    letter = letter_of(Teller(brief), outline, most=len(outline.paragraphs) + 1)
    letter, more = within(letter, limits_of(brief.demands), brief)
    draft = draft_of(
        letter,
        brief,
        title=_title(said),
        notes=[remark(brief, _RECAST), *more],
        subject=subject_of((_title(said), *said[:1]), brief),
    )
    return draft | {"hook": (letter.body or [""])[0]}


def _post(brief: Brief, said: Sequence[str]) -> Json:
    outline = Outline(hook=said[0] if said else "", paragraphs=_paragraphs(said[1:]))
    outline, more = within(outline, post_limits(brief), brief)
    return draft_of(outline, brief, title=_title(said), notes=[remark(brief, _RECAST), *more])


def _paragraphs(said: Sequence[str]) -> tuple[Paragraph, ...]:
    """Short paragraphs of whole sentences; what stands first matters most."""
    groups: list[list[str]] = []
    for text in said:
        is_full = not groups or len(groups[-1]) >= SENTENCES_EACH
        if is_full or len(words(" ".join((*groups[-1], text)))) > SHORT_PARAGRAPH:
            groups.append([text])
        else:
            groups[-1].append(text)
    ranks = iter(range(len(said)))
    return tuple(
        Paragraph(tuple(Line(text, POINT - next(ranks)) for text in group)) for group in groups
    )


def _title(said: Sequence[str]) -> str:
    return shortened(said[0].rstrip(".!?") if said else "", 80)

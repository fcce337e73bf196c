"""Edits a given text by rules, keeps its meaning and numbers, and says what was changed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from agents.figures.metric_notes import Phrase
from agents.figures.numbers import find_numbers
from agents.writing import edits, remarks
from agents.writing.brief import Brief
from agents.writing.create import cut_to
from agents.writing.draft import draft_of, shortened
from agents.writing.manner import in_voice, less_promotional, without_cliches
from agents.writing.outline import Outline, Paragraph, limits_of
from agents.writing.prose import ended, sentences
from agents.writing.reading import read_outline, text_of
from agents.writing.refine import carried_out, kept_to_demands
from agents.writing.remarks import remark
from agents.writing.story import Story, story_of
from agents.writing.tightening import tightened
from agents.writing.voice import voice_of
from agents.writing.wishes import Wish, read_wish, with_wish
from streams.domain.values import Json

_POLISH = re.compile(
    r"\b(?:improve|polish|rewrite|rephrase|reword|edit|optimi[sz]e|enhance|clean ?up|"
    r"revise|better|verbesser\w*|überarbeit\w*|umformulier\w*|optimier\w*|besser)\b",
    re.IGNORECASE,
)
_CHANGES: dict[str, Phrase] = {
    "tidy": ("spaces and doubled words tidied", "Leerzeichen und doppelte Wörter bereinigt"),
    "markdown": ("markdown removed", "Markdown entfernt"),
    "tone": ("wording changed towards the tone asked for", "Wortwahl dem verlangten Ton angepasst"),
    "tight": ("said in fewer words", "kürzer gesagt"),
    "polish": ("filler words and worn phrases removed", "Füllwörter und Floskeln entfernt"),
    "split": ("long sentences split", "lange Sätze geteilt"),
    "wishes": ("changed as the request says", "wie in der Anfrage verlangt geändert"),
    "demands": ("made to keep to the demands", "an die Vorgaben angepasst"),
}
_CHANGED: Phrase = ("What was changed: {what}.", "Was geändert wurde: {what}.")
_SAME: Phrase = (
    "Nothing was changed: the rules found nothing to improve.",
    "Nichts wurde geändert: Die Regeln fanden nichts zu verbessern.",
)
_VERBATIM: Phrase = (
    "The text was kept word by word, as asked.",
    "Der Text blieb wie verlangt Wort für Wort erhalten.",
)
_NO_TEXT: Phrase = (
    "There is no text to edit: give one with the request.",
    "Es gibt keinen Text zum Überarbeiten: Bitte mit der Anfrage mitgeben.",
)
_LOST: Phrase = (
    "These figures went with what was shortened: {what}.",
    "Diese Angaben fielen der Kürzung zum Opfer: {what}.",
)
OF_USER: Json = {"writer": {"is_given": True}}  # so that no refinement adds to the user's words
_LONG_QUOTE = 12  # characters; what is shorter is no text to set aside


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of editing, named by what it changes."""

    name: str
    change: Callable[[Outline], Outline]


def edit(brief: Brief) -> Json:
    """The given text, edited as the request says."""
    source = text_of(brief.draft)
    outline = read_outline(brief.draft) if source.strip() else None
    if outline is None:
        return draft_of(Outline(hook=""), brief, title="", notes=[remark(brief, _NO_TEXT)])
    if brief.demands.verbatim:
        return _as_it_is(brief, outline, source)
    wish = read_wish(_instruction(brief, source), brief)
    wished = with_wish(brief, wish, len(source))
    story = story_of(wished)
    text, changed = source, []
    for stage in _stages(wished, wish, story):
        outline = stage.change(outline)
        if outline.content != text:
            changed.append(remark(brief, _CHANGES[stage.name]))
            text = outline.content
    before = outline
    outline, notes = kept_to_demands(outline, wished, story)
    if not outline.content.strip():
        outline, notes = _cut(before, wished), [*notes, remark(brief, remarks.CUT)]
    if outline.content != text:
        changed.append(remark(brief, _CHANGES["demands"]))
    said = remark(brief, _CHANGED, what=", ".join(dict.fromkeys(changed)))
    notes = [said if changed else remark(brief, _SAME), *notes, *_lost(brief, source, outline)]
    title = _title(brief, outline)
    return draft_of(outline, brief, title=title, notes=notes, details=OF_USER)


def _lively(outline: Outline) -> Outline:
    """The first sentence with an exclamation mark, where the text has none."""
    if "!" in outline.content or "?" in outline.hook:
        return outline
    first, *rest = outline.paragraphs or (Paragraph(()),)
    if outline.hook:
        return replace(outline, hook=_exclaimed(outline.hook))
    if not first.lines:
        return outline
    head = replace(first.lines[0], text=_exclaimed(first.lines[0].text))
    return replace(outline, paragraphs=(replace(first, lines=(head, *first.lines[1:])), *rest))


def _exclaimed(text: str) -> str:
    start, *others = sentences(text)
    return " ".join((f"{start[:-1]}!" if start.endswith(".") else start, *others))


def _cut(outline: Outline, brief: Brief) -> Outline:
    """The first sentence or clause that fits; a part of a sentence where none does."""
    limits = limits_of(brief.demands)
    said = [s for part in (outline.hook, *outline.body, outline.call) for s in sentences(part)]
    clauses = [ended(re.split(r"[:;]\s|,\s", s, maxsplit=1)[0].rstrip(".")) for s in said]
    choices = [text for pair in zip(said, clauses, strict=True) for text in pair]
    fitting = next((text for text in choices if limits.are_kept_by(text)), "")
    return Outline(hook=fitting or cut_to(min(said, key=len, default=""), limits))


def _as_it_is(brief: Brief, outline: Outline, source: str) -> Json:
    return draft_of(
        outline,
        brief,
        title=_title(brief, outline),
        notes=[remark(brief, _VERBATIM)],
        content=source,
        details=OF_USER,
        body=[part for part in (outline.hook, *outline.body) if part],
    )


def _title(brief: Brief, outline: Outline) -> str:
    first = next(iter(sentences(outline.hook or outline.content)), "")
    return str(brief.draft.get("title") or "") or shortened(first.split(": ")[0].rstrip(".!?"), 80)


def _instruction(brief: Brief, source: str) -> str:
    """What the request says beside the text that it gives."""
    rest = brief.request.replace(source, " ")
    for paragraph in source.split("\n"):
        if len(paragraph.strip()) > _LONG_QUOTE:
            rest = rest.replace(paragraph.strip(), " ")
    return re.sub(r"[\"“”„«»]\s*[\"“”„«»]", " ", rest)


def _stages(brief: Brief, wish: Wish, story: Story) -> Iterator[Stage]:
    yield Stage("tidy", lambda o: edits.every_text(o, edits.cleaned))
    yield Stage("markdown", lambda o: edits.every_text(o, edits.without_markdown))
    if _is_to_be_shorter(brief, wish):
        yield Stage("tight", _tightened)
    yield Stage("wishes", lambda o: carried_out(o, wish, brief, story))
    if brief.tone != "professional" and not wish.tone:
        change = edits.keeping_quotes(in_voice(voice_of(brief.tone)))
        yield Stage("tone", lambda o: edits.every_text(o, change))
    if wish.tone and voice_of(wish.tone).exclaims:
        yield Stage("tone", _lively)
    if _POLISH.search(brief.request) or wish.scale < 1:
        yield Stage("polish", _polished)
        yield Stage("split", edits.split_long)


def _is_to_be_shorter(brief: Brief, wish: Wish) -> bool:
    limits = (brief.demands.max_characters, brief.demands.max_words, brief.demands.max_sentences)
    return wish.scale < 1 or any(limit is not None for limit in limits)


def _tightened(outline: Outline) -> Outline:
    """Each sentence in fewer words; one that became two counts as two when room is short."""
    return edits.in_sentences(
        edits.every_text(outline, edits.keeping_quotes(lambda text: tightened(edits.cleaned(text))))
    )


def _polished(outline: Outline) -> Outline:
    for change in (edits.without_fillers, without_cliches, less_promotional):
        outline = edits.every_text(outline, edits.keeping_quotes(change))
    return outline


def _lost(brief: Brief, source: str, outline: Outline) -> list[str]:
    """A remark on figures that shortening took away."""
    kept = {m.quote.strip() for m in find_numbers(outline.content, brief.language)}
    quotes = [m.quote.strip() for m in find_numbers(source, brief.language)]
    lost = [quote for quote in dict.fromkeys(quotes) if quote not in kept]
    return [remark(brief, _LOST, what=", ".join(lost))] if lost else []

"""Refines a draft: from findings and from what humans asked for, on any draft, never inventing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from agents.figures.metric_notes import Phrase
from agents.quality import codes
from agents.writing import edits
from agents.writing.brief import Brief, as_object, read_brief, texts
from agents.writing.demanded import extended, with_demanded
from agents.writing.draft import LONGEST_SUBJECT, draft_of, subject_of, title_of
from agents.writing.faults import Bench, finding_of
from agents.writing.guard import ungrounded
from agents.writing.manner import in_voice, less_promotional
from agents.writing.outline import Outline, fitted, limits_of
from agents.writing.prose import sentences, without_emojis
from agents.writing.reading import read_outline, text_of
from agents.writing.remarks import remark
from agents.writing.repairs import MAY_TOUCH, in_order, repaired
from agents.writing.story import Story, story_of
from agents.writing.voice import voice_of
from agents.writing.wishes import Wish, read_wish, with_wish
from streams.domain.values import Json

Write = Callable[[Brief], Json]
_NOT_UNDERSTOOD: Phrase = (
    "Not understood without a model, please edit by hand: {what!r}",
    "Ohne Modell nicht verstanden, bitte von Hand ändern: {what!r}",
)
_NOTHING_TO_READ: Phrase = (
    "The draft holds no text that could be refined.",
    "Der Entwurf enthält keinen Text, der überarbeitet werden könnte.",
)
_REPAIRED: Phrase = (
    "Changed by rules after the findings: {what}.",
    "Nach den Befunden durch Regeln geändert: {what}.",
)
_VERBATIM: Phrase = (
    "The text is to be published word by word, so nothing was changed.",
    "Der Text soll Wort für Wort veröffentlicht werden, daher wurde nichts geändert.",
)
_UNCHANGED: Phrase = (
    "The findings could not be repaired by rules: {what}.",
    "Die Befunde ließen sich nicht durch Regeln beheben: {what}.",
)


# What a report lacks is not mended by sentences: it is written anew from the facts.
_WRITTEN_ANEW = frozenset(
    (
        codes.NO_SUMMARY,
        codes.NO_STRUCTURE,
        codes.NO_PROVENANCE,
        codes.NO_DISCLAIMER,
        codes.MISSING_NOTE,
        codes.MISSING_FINDING,
    )
)


_GONE_BY_READING = (codes.MARKDOWN_LEAK, codes.CONTROL_CHARACTER)


@dataclass(frozen=True, slots=True)
class Task:
    """A draft, what is wrong with it, and how such a draft is written anew."""

    brief: Brief
    output: Json
    issues: tuple[Json, ...]
    wishes: tuple[str, ...]
    write: Write | None

    @property
    def is_of_user(self) -> bool:
        """Whether the words are the user's own: then nothing is added and no sentence taken out."""
        return _writer_of(self.output).get("is_given") is True


def _writer_of(output: Json) -> Json:
    return as_object(as_object(output.get("details")).get("writer"))


def refine(payload: Json, writers: Mapping[str, Write]) -> Json:
    """The better version; the draft as it is, with a note, where rules cannot help."""
    output = as_object(payload.get("output")) or as_object(
        as_object(payload.get("inputs")).get("draft")
    )
    brief = read_brief(payload | {"output": output})
    raw = payload.get("issues")
    issues = tuple(i for i in raw if isinstance(i, dict)) if isinstance(raw, list) else ()
    feedback = payload.get("feedback")
    wishes = tuple(str(w) for w in feedback) if isinstance(feedback, list | tuple) else ()
    task = Task(brief, output, issues, wishes, writers.get(brief.kind))
    counted = _writer_of(output).get("wishes")
    done = min(counted, len(wishes)) if isinstance(counted, int) and counted > 0 else 0
    written = _rewritten(task, done)
    if written is not None:
        return written
    return _edited(task, done)


def _rewritten(task: Task, done: int) -> Json | None:
    """The draft written anew with all wishes, if it is still as it was written by these rules."""
    fresh = task.wishes[done:]
    if task.write is None or not fresh:
        return None
    draft, brief = _written_with(task, task.wishes[:done])
    if text_of(draft) != text_of(task.output):
        return None
    wishes = [read_wish(one, brief) for one in fresh]
    if not all(_can_be_briefed(wish) for wish in wishes):
        return None
    draft, brief = _written_with(task, task.wishes)
    notes = _notes_on(wishes, brief)
    return draft | {
        "notes": list(dict.fromkeys((*draft["notes"], *notes))),
        "details": draft["details"] | {"writer": {"wishes": len(task.wishes)}},
    }


def _can_be_briefed(wish: Wish) -> bool:
    """Whether it changes the task rather than single words of the text."""
    return not (
        wish.removals
        or wish.replaced
        or wish.is_simpler
        or wish.is_other_call
        or wish.is_other_hook
    )


def _written_with(task: Task, wishes: Sequence[str]) -> tuple[Json, Brief]:
    """The draft after each wish in turn, since "shorter" speaks of the draft before it."""
    if task.write is None:
        return {}, task.brief
    brief, draft = task.brief, task.write(task.brief)
    for said in wishes:
        brief = with_wish(brief, read_wish(said, brief), len(text_of(draft)))
        draft = task.write(brief)
    return draft, brief


def _notes_on(wishes: Iterable[Wish], brief: Brief) -> list[str]:
    return [remark(brief, _NOT_UNDERSTOOD, what=wish.unread) for wish in wishes if wish.unread]


# ----------------------------------------------------------------------------------- editing


def _edited(task: Task, done: int) -> Json:
    """The draft with its sentences repaired and the wishes carried out on them."""
    fresh = task.wishes[done:]
    outline = read_outline(task.output)
    if task.write is not None and (outline is None or _is_to_be_written_anew(task)):
        draft, _ = _written_with(task, task.wishes)
        return draft | {"details": draft["details"] | {"writer": {"wishes": len(task.wishes)}}}
    if outline is None:
        return _noted(task, _NOTHING_TO_READ)
    brief = _with_earlier_wishes(task.brief, task.wishes[:done])
    if brief.demands.verbatim and not fresh:
        return _noted(task, _VERBATIM)
    story, before = story_of(brief), text_of(task.output)
    notes = list(texts(task.output.get("notes")))
    for said in fresh:
        wish = read_wish(said, brief)
        brief = with_wish(brief, wish, len(outline.content))
        outline = carried_out(outline, wish, brief, story)
        notes += _notes_on([wish], brief)
    outline, repairs = _repaired(task, outline, Bench(brief, story))
    outline, more = kept_to_demands(outline, brief, story)
    if outline.content == before and task.issues and not fresh:
        codes_found = ", ".join(dict.fromkeys(str(i.get("code")) for i in task.issues))
        more.append(remark(brief, _UNCHANGED, what=codes_found))
    return refined_draft(task, brief, outline, [*notes, *more, *repairs], len(task.wishes))


def _is_to_be_written_anew(task: Task) -> bool:
    found = {str(issue.get("code")) for issue in task.issues}
    return task.brief.kind in ("report", "check") and bool(found & _WRITTEN_ANEW)


def _noted(task: Task, phrase: Phrase) -> Json:
    """The draft as it is, with a remark."""
    note = remark(task.brief, phrase)
    return task.output | {"notes": list(dict.fromkeys((*texts(task.output.get("notes")), note)))}


def _with_earlier_wishes(brief: Brief, wishes: Iterable[str]) -> Brief:
    """The brief as earlier wishes left it, so that a repair does not undo them."""
    for said in wishes:
        brief = with_wish(brief, replace(read_wish(said, brief), scale=1.0), 0)
    return brief


def _repaired(task: Task, outline: Outline, bench: Bench) -> tuple[Outline, list[str]]:
    """The outline after all repairs, and a remark on those that changed something."""
    content, done = text_of(task.output), list[str]()
    findings = in_order(finding_of(issue, content) for issue in task.issues)
    if task.is_of_user:
        findings = [finding for finding in findings if finding.code in MAY_TOUCH]
    for finding in findings:
        better = _safer(outline, repaired(outline, finding, bench), bench.brief)
        if better != outline or finding.code in _GONE_BY_READING:
            done.append(finding.code.replace("_", " "))
        outline = better
    names = ", ".join(dict.fromkeys(done))
    return outline, [remark(bench.brief, _REPAIRED, what=names)] if done else []


def _safer(before: Outline, after: Outline, brief: Brief) -> Outline:
    """A repair that would leave nothing, or bring in a number that is no fact, is not taken."""
    if not after.body and not after.hook:
        return before
    wrong = {m.quote for m in ungrounded(after.content, brief)}
    return before if wrong - {m.quote for m in ungrounded(before.content, brief)} else after


def carried_out(outline: Outline, wish: Wish, brief: Brief, story: Story) -> Outline:
    """The outline with the edits of a wish."""
    for old, new in wish.replaced:
        outline = edits.every_text(outline, lambda t, o=old, n=new: t.replace(o, n))  # type: ignore[misc]
        outline = replace(outline, call=outline.call.replace(old, new))
    for what, number in wish.removals:
        outline = _without_part(outline, what, number)
    if wish.is_simpler:
        outline = edits.split_long(
            edits.every_text(outline, edits.keeping_quotes(edits.without_fillers))
        )
    if wish.is_sober:
        outline = edits.every_text(outline, edits.keeping_quotes(less_promotional))
    if wish.tone:
        change = edits.keeping_quotes(in_voice(voice_of(wish.tone)))
        outline = edits.every_text(outline, change)
    bench = Bench(brief, story)
    if wish.is_other_hook:
        outline = repaired(outline, finding_of({"code": "weak_hook"}), bench)
    if wish.is_other_call:
        outline = repaired(
            replace(outline, call=""), finding_of({"code": "no_call_to_action"}), bench
        )
    if wish.scale < 1:
        outline = edits.every_text(outline, edits.keeping_quotes(edits.without_fillers))
    if brief.demands.call_to_action and wish.demands.get("call_to_action"):
        outline = replace(outline, call=brief.demands.call_to_action, is_call_fixed=True)
    return outline


def _without_part(outline: Outline, what: str, number: int) -> Outline:
    """Without the paragraph or sentence of that number, as a reader counts them."""
    parts = [outline.hook, *outline.body, outline.call]
    parts = [part for part in parts if part]
    if what == "sentence":
        parts = [sentence for part in parts for sentence in sentences(part)]
    if not -len(parts) <= number < len(parts) or len(parts) < 2:
        return outline
    gone = parts[number]
    if gone == outline.hook:
        return replace(outline, hook="")
    if gone == outline.call:
        return replace(outline, call="", is_call_fixed=False)
    if what == "paragraph":
        kept = tuple(p for p in outline.paragraphs if p.text != gone)
        return replace(outline, paragraphs=kept)
    return edits.without_sentences(outline, lambda text: text == gone)


def kept_to_demands(outline: Outline, brief: Brief, story: Story) -> tuple[Outline, list[str]]:
    """The outline as all demands want it, and remarks where they cannot be met."""
    demands = brief.demands
    outline = edits.without_forbidden(outline, demands.must_avoid)
    if demands.no_numbers:
        outline = edits.without_numbers(outline)
    if demands.no_emojis:
        outline = edits.every_text(outline, without_emojis)
    if demands.no_hashtags:
        outline = replace(outline, hashtags=())
    if demands.max_hashtags is not None:
        outline = replace(outline, hashtags=outline.hashtags[: demands.max_hashtags])
    outline, notes = with_demanded(outline, brief, story)
    outline, more = extended(outline, brief, story)
    outline, _ = fitted(outline, limits_of(demands))
    return outline, [*notes, *more]


def refined_draft(
    task: Task, brief: Brief, outline: Outline, notes: Sequence[str], wishes: int
) -> Json:
    """The refined draft; what was not touched stays as the draft had it."""
    output = task.output
    kind = output.get("kind")
    brief = replace(brief, kind=kind if isinstance(kind, str) else brief.kind, notes=())
    parts = [part for part in (outline.hook, *outline.body, outline.call) if part]
    draft = draft_of(
        outline,
        brief,
        title=str(output.get("title") or "") or title_of(outline.hook or outline.content, brief),
        alternatives=texts(output.get("alternatives")),
        notes=notes,
        subject=_subject(brief, output, outline),
        body=parts if brief.kind == "thread" else None,
    )
    details = as_object(output.get("details")) or draft["details"]
    return draft | {
        "hook": outline.hook or next(iter(parts), ""),
        "details": details | {"writer": _writer_of(output) | {"wishes": wishes}},
        "narrative": str(output.get("narrative") or draft["narrative"]),
        "is_offline": output.get("is_offline") is not False,
    }


def _subject(brief: Brief, output: Json, outline: Outline) -> str | None:
    """The subject that the draft has, if it will do; an e-mail without one gets one."""
    subject = output.get("subject")
    has_one = isinstance(subject, str) and bool(subject.strip())
    if brief.kind != "email":
        return str(subject) if has_one else None
    if has_one and len(str(subject)) <= LONGEST_SUBJECT:
        return str(subject)
    first = next(iter(sentences(" ".join(outline.body) or outline.hook)), "")
    given = (str(output.get("title") or ""), str(subject or ""), first.rstrip("."))
    return subject_of(given, brief)

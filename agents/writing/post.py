"""Composes a text from facts: the first line, what happened, the arithmetic, what it means."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from agents.metric_notes import is_about
from agents.writing.brief import Brief, choose
from agents.writing.calls import call_of, short_call_of
from agents.writing.guard import is_allowed, ungrounded
from agents.writing.hashtags import has_own_subject, hashtags_of
from agents.writing.meaning import meanings_of
from agents.writing.outline import DETAIL, MEANING, POINT, Line, Outline, Paragraph, changed
from agents.writing.prose import capital, sentences
from agents.writing.story import Point, Story
from agents.writing.telling import Teller, framed

LONGEST_BACKGROUND = 100
LONGEST_HOOK = 140  # characters, so that it stands before the fold whatever follows
MOST_ALTERNATIVES = 4
_ARITHMETIC = (
    "conversions",
    "per_customer",
    "margin",
    "surplus",
    "lifetime_ratio",
    "payback",
    "per_visit",
)
_OF_NUMBERS = re.compile(r"\b(?:figures?|numbers?|Zahl(?:en|encheck)?|Kennzahl)\b|cell", re.I)
# Frames that announce more than a lone figure can keep.
_PROMISES = re.compile(
    r"behind it|breakdown|evidence|at a glance|figures below|full picture|in context|dahinter|"
    r"Belege|Überblick|ganze Bild|Zusammenhang",
    re.IGNORECASE,
)
_CHANGES = ("up", "down", "points_up", "points_down")
MOST_POINTS, MOST_ARITHMETIC, MOST_EXTRA = 2, 2, 4


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which points are told where: the lead in the first line, the others in the body."""

    lead: Point
    told: tuple[Point, ...]
    arithmetic: tuple[Point, ...]
    left_out: tuple[Point, ...]


def title_of_story(brief: Brief, story: Story) -> str:
    """The strongest point as a title, without a frame around it."""
    teller = Teller(brief)
    for point in story.points:
        _, short = teller.core(point)
        short = re.sub(r"^(?:an? |eine? )", "", short)
        title = capital(f"{short} {teller.when}".strip())
        if is_allowed(title, brief.demands):
            return title
    return ""


def compose(brief: Brief, story: Story) -> tuple[Outline, tuple[str, ...]]:
    """The outline of a text about the story's points, and other first lines."""
    teller, chosen = Teller(brief), _choose(brief, story)
    found = hooks(teller, story, chosen)
    outline = Outline(
        hook=found[0],
        paragraphs=tuple(_paragraphs(teller, story, chosen, found[0])),
        call=call_of(teller, story),
        hashtags=hashtags_of(brief, story),
        short_call=short_call_of(teller),
        is_call_fixed=bool(brief.demands.call_to_action),
    )
    if ungrounded(outline.content, brief):
        outline, found = _grounded(outline, found, brief)
    return outline, tuple(found[1 : MOST_ALTERNATIVES + 1])


def _grounded(outline: Outline, found: list[str], brief: Brief) -> tuple[Outline, list[str]]:
    """Without the sentences whose numbers a reader would not take for the facts they are."""

    def kept(lines: Iterable[Line]) -> Iterator[Line]:
        return (line for line in lines if not ungrounded(line.text, brief))

    found = [hook for hook in found if not ungrounded(hook, brief)] or [""]
    return replace(changed(outline, kept), hook=found[0]), found


def _choose(brief: Brief, story: Story) -> Chosen:
    lead, *rest = story.points
    arithmetic = [p for p in rest if p.kind in _ARITHMETIC][:MOST_ARITHMETIC]
    others = [p for p in rest if p.kind not in _ARITHMETIC]
    told = [p for p in others if p.merit or p.kind in ("same", "growth")][: MOST_POINTS + 1]
    told += [p for p in others if p not in told][: max(0, MOST_POINTS - len(told))]
    told += _still_wanted(brief, [lead, *told, *arithmetic], rest)
    told.sort(key=lambda point: (_is_lead_again(point, lead), point.weight), reverse=True)
    left = tuple(p for p in rest if p not in told and p not in arithmetic)
    return Chosen(lead, tuple(told), tuple(arithmetic), left)


def _still_wanted(brief: Brief, told: Sequence[Point], rest: Sequence[Point]) -> Iterator[Point]:
    """Points about metrics that were asked for by name and are not told yet."""
    have = [fact for point in told for fact in point.facts]
    count = 0
    for name in brief.wanted:
        if count == MOST_EXTRA or any(is_about(fact, name) for fact in have):
            continue
        found = next((p for p in rest if p not in told and is_about(p.about, name)), None)
        if found is not None:
            count += 1
            have += found.facts
            yield found


# ------------------------------------------------------------------------------ first lines


def hooks(teller: Teller, story: Story, chosen: Chosen) -> list[str]:
    """First lines that fit, the chosen one first; never empty as long as anything may be said."""
    lead, others = chosen.lead, (*chosen.told, *chosen.arithmetic, *chosen.left_out)
    found = [*_framed(teller, story, lead)]
    if found:
        first = choose(tuple(found), teller.brief, "hook")
        found = [first, *(hook for hook in found if hook != first)]
    for point in others[:2]:
        found += list(_framed(teller, story, point))[:1]
    found += [text for p in (lead, *others) for text in _bare(teller, p)]
    return list(dict.fromkeys(found)) or [""]


def _framed(teller: Teller, story: Story, point: Point) -> Iterator[str]:
    tones = teller.tones
    frames = tones.HOOKS[teller.brief.tone]
    if point.merit < 0:
        frames = tones.HOOKS_OF_BAD_NEWS[teller.voice.family]
    core = teller.core(point)
    is_lone = len(story.points) < 3
    frames = tuple(f for f in frames if not (is_lone and _PROMISES.search(f)))
    if teller.brief.demands.no_numbers:
        frames = tuple(f for f in frames if not _OF_NUMBERS.search(f)) or ("{S}{when}.",)
    if story.kind == "milestone" and point == story.points[0]:
        frames = tones.HOOKS_OF_MILESTONES[teller.voice.family]
        core = teller.core(Point("level", point.facts, point.weight))
    for frame in frames:
        text = framed(frame, core, teller.when)
        if text is not None:
            text = _with_emoji(teller, story, teller.spoken(text))
            if len(text) <= LONGEST_HOOK and is_allowed(text, teller.brief.demands):
                yield text


def _bare(teller: Teller, point: Point) -> Iterator[str]:
    """The point without any frame, at full length and as short as it gets."""
    full, short = teller.core(point)
    when = f" {teller.when}" if teller.when else ""
    for text in (f"{capital(full)}{when}.", f"{capital(full)}.", f"{capital(short)}."):
        if is_allowed(text, teller.brief.demands):
            yield teller.spoken(text)


def _with_emoji(teller: Teller, story: Story, text: str) -> str:
    emoji = teller.tones.EMOJIS.get(story.kind, "")
    if not teller.voice.has_emojis or teller.brief.demands.no_emojis or not emoji:
        return text
    return f"{text} {emoji}"


# ------------------------------------------------------------------------------------- body


def _paragraphs(teller: Teller, story: Story, chosen: Chosen, hook: str) -> Iterator[Paragraph]:
    """What happened, the arithmetic, and what it means; a paragraph each."""
    seen = {hook}
    for about, lines in _lines(teller, story, chosen):
        kept = tuple(_sayable(teller.brief, lines, seen))
        if kept:
            yield Paragraph(kept, _bridge(teller, about, kept))


def _lines(teller: Teller, story: Story, chosen: Chosen) -> list[tuple[str, list[Line]]]:
    """The lines of each paragraph, by what leads into it."""
    lead, told, arithmetic = chosen.lead, chosen.told, chosen.arithmetic
    follow_up = list(_follow_up(teller, story, lead))
    first = [
        Line(_sentence(teller, point, lead), _rank(point, lead, n)) for n, point in enumerate(told)
    ]
    second = [Line(teller.sentence(point), DETAIL - n) for n, point in enumerate(arithmetic)]
    meanings = meanings_of(teller, story, lead, told + arithmetic)
    third = [Line(teller.spoken(text), MEANING - 2 * n) for n, text in enumerate(meanings)]
    return [
        ("" if follow_up else "facts", [*follow_up, *_background(teller), *first]),
        ("arithmetic", second),
        ("", third),
    ]


def _background(teller: Teller) -> Iterator[Line]:
    """What the topic names besides metrics and periods, in the words of the request."""
    topic = teller.brief.topic
    if topic and len(topic) <= LONGEST_BACKGROUND and has_own_subject(topic, teller.brief.facts):
        yield Line(teller.wording.BACKGROUND.format(topic=topic.strip(" .")), POINT + 2)


def _sentence(teller: Teller, point: Point, lead: Point) -> str:
    """The point's sentence; only what is new in it, where the first line gave its figure."""
    if _is_lead_again(point, lead):
        return teller.follow_up(point)
    is_second = point.kind in _CHANGES and lead.kind in _CHANGES
    return teller.brief_sentence(point) if is_second else teller.sentence(point)


def _rank(point: Point, lead: Point, position: int) -> float:
    return DETAIL - 5 if _is_lead_again(point, lead) and lead.merit else POINT - position


def _is_lead_again(point: Point, lead: Point) -> bool:
    """Whether it says more about the figure of the first line."""
    return point.kind == "revenue" and point.about.fact_id == lead.about.fact_id


def _follow_up(teller: Teller, story: Story, lead: Point) -> Iterator[Line]:
    """What the first line left out about its own point."""
    text = teller.follow_up(lead) if teller.brief.kind != "email" else ""
    if story.kind == "milestone":
        text = teller.sentence(lead)
    if text and not teller.brief.demands.no_numbers:
        yield Line(text, POINT + 1)


def _sayable(brief: Brief, lines: Sequence[Line], seen: set[str]) -> Iterator[Line]:
    for line in lines:
        is_new = bool(line.text) and line.text not in seen
        seen.add(line.text)
        if is_new and is_allowed(line.text, brief.demands):
            yield line


def _bridge(teller: Teller, about: str, lines: Sequence[Line]) -> str:
    """Words that lead into the paragraph; none before a lone line of what was left out."""
    is_lone = about == "facts" and len(lines) < 2
    if not about or is_lone or teller.brief.demands.no_numbers:
        return ""
    return teller.phrase(teller.tones.BRIDGES[about], f"bridge:{about}")


def with_one_exclamation(outline: Outline) -> Outline:
    """The outline with at most one exclamation mark, the first."""
    seen = 0

    def calm(text: str) -> str:
        nonlocal seen
        kept = []
        for sentence in sentences(text):
            if "!" in sentence:
                seen += 1
                sentence = sentence.replace("!", ".") if seen > 1 else sentence
            kept.append(sentence)
        return " ".join(kept) if "\n" not in text else text

    hook = calm(outline.hook)
    paragraphs = tuple(
        replace(p, lines=tuple(replace(line, text=calm(line.text)) for line in p.lines))
        for p in outline.paragraphs
    )
    call = outline.call if outline.is_call_fixed else calm(outline.call)
    return replace(outline, hook=hook, paragraphs=paragraphs, call=call)

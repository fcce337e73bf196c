"""Composes a text from facts: the first line, what happened, the arithmetic, what it means."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from agents.figures.metric_notes import is_about
from agents.writing.brief import Brief
from agents.writing.calls import call_of, short_call_of
from agents.writing.guard import is_allowed, ungrounded
from agents.writing.hashtags import has_own_subject, hashtags_of
from agents.writing.hooks import Chosen, hooks
from agents.writing.meaning import as_background, meanings_of
from agents.writing.outline import DETAIL, MEANING, POINT, Line, Outline, Paragraph, changed
from agents.writing.prose import sentences
from agents.writing.spans import span_lines
from agents.writing.story import Point, Story
from agents.writing.telling import Teller

LONGEST_BACKGROUND = 100
MOST_ALTERNATIVES = 4
MOST_POINTS, MOST_ARITHMETIC, MOST_EXTRA = 2, 2, 4
_ARITHMETIC = (
    "conversions",
    "per_customer",
    "margin",
    "surplus",
    "lifetime_ratio",
    "payback",
    "per_visit",
)


@dataclass(slots=True)
class Said:
    """What a text holds so far, so that no fact is told twice."""

    text: str

    def new(self, text: str, brief: Brief) -> bool:
        """Whether a sentence may be added; it is remembered if so."""
        if not text or text in self.text or not is_allowed(text, brief.demands):
            return False
        self.text = f"{self.text} {text}"
        return True


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
    most = MOST_POINTS + 1 if brief.kind == "email" else MOST_POINTS
    told = [p for p in others if p.merit or p.kind in ("same", "growth")][: most + 1]
    told += [p for p in others if p not in told][: max(0, most - len(told))]
    told += _still_wanted(brief, [lead, *told, *arithmetic], rest)
    told.sort(key=lambda point: (_is_lead_again(point, lead), point.weight), reverse=True)
    if brief.demands.no_numbers:
        arithmetic = []
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


# ------------------------------------------------------------------------------------- body


def _paragraphs(teller: Teller, story: Story, chosen: Chosen, hook: str) -> Iterator[Paragraph]:
    """What happened, the arithmetic, and what it means; a paragraph each."""
    said = Said(hook)
    for lines in (
        _facts(teller, chosen, said),
        _arithmetic(teller, chosen, said),
        _meanings(teller, story, chosen, said),
    ):
        kept = tuple(lines)
        if kept:
            yield Paragraph(kept)


def _facts(teller: Teller, chosen: Chosen, said: Said) -> Iterator[Line]:
    """What the first line left out of its point, and the other points that matter."""
    brief, lead = teller.brief, chosen.lead
    has_spans = lead.kind.startswith("span") and not brief.demands.no_numbers
    text = "" if brief.demands.no_numbers else teller.sentence(lead, said.text)
    if said.new(text, brief):
        yield Line(text, POINT + 1)
    for text in span_lines(teller, lead) if has_spans else ():
        if said.new(text, brief):
            yield Line(text, POINT)
    for text in _background(teller):
        if said.new(text, brief):
            yield Line(text, POINT + 2)
    for number, point in enumerate(chosen.told):
        text = teller.sentence(point, said.text)
        if said.new(text, brief):
            yield Line(text, _rank(point, lead, number))


def _arithmetic(teller: Teller, chosen: Chosen, said: Said) -> Iterator[Line]:
    # What follows from conversions is said after them.
    ordered = sorted(chosen.arithmetic, key=lambda point: point.kind == "conversions")
    for number, point in enumerate(ordered):
        text = teller.sentence(point, said.text)
        if said.new(text, teller.brief):
            yield Line(text, DETAIL - number)


def _meanings(teller: Teller, story: Story, chosen: Chosen, said: Said) -> Iterator[Line]:
    told = (*chosen.told, *chosen.arithmetic)
    found = meanings_of(teller, story, chosen.lead, told, said.text)
    for number, text in enumerate(found):
        if said.new(text, teller.brief):
            yield Line(teller.spoken(text), MEANING - 2 * number)


def _background(teller: Teller) -> Iterator[str]:
    """What the topic names besides metrics and periods, in the words of the request."""
    topic = teller.brief.topic.strip(" .")
    if topic and len(topic) <= LONGEST_BACKGROUND and has_own_subject(topic, teller.brief):
        yield as_background(teller, topic)


def _rank(point: Point, lead: Point, position: int) -> float:
    return DETAIL - 5 if _is_lead_again(point, lead) and lead.merit else POINT - position


def _is_lead_again(point: Point, lead: Point) -> bool:
    """Whether it says more about the figure of the first line."""
    return point.kind == "revenue" and point.about.fact_id == lead.about.fact_id


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

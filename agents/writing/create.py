"""Writes a post or an e-mail: chooses the story, composes it and makes it keep to the demands."""

from collections.abc import Iterator
from dataclasses import replace

from agents.figures.facts import Fact
from agents.figures.metric_notes import is_about
from agents.platforms.limits import LIMITS
from agents.writing import remarks
from agents.writing.brief import Brief, fact_map, texts
from agents.writing.calls import asked_of_readers, says_the_same
from agents.writing.demanded import extended, with_demanded
from agents.writing.draft import draft_of, shortened, title_of
from agents.writing.guard import forbidden_in, has_numbers, is_allowed, mentions, referenced
from agents.writing.hooks import title_of_story
from agents.writing.news import compose_news
from agents.writing.outline import Limits, Outline, changed, fitted, limits_of
from agents.writing.post import compose, with_one_exclamation
from agents.writing.prose import capital, words
from agents.writing.remarks import remark
from agents.writing.story import Story, asks_for_growth, story_of
from agents.writing.telling import Teller
from streams.domain.values import Channel, Json

MOST_NUMBERS = {"post": 8, "thread": 12, "email": 12}
LONGEST_POST = 1_300  # characters of a LinkedIn post when nothing else is asked for


def create_post(brief: Brief) -> Json:
    """A post about the facts, or about the topic where there are none."""
    brief = replace(brief, kind="post")
    outline, story, alternatives, notes = written(brief)
    outline, more = within(outline, post_limits(brief), brief)
    title = title_of_text(brief, story, outline)
    return draft_of(outline, brief, title=title, alternatives=alternatives, notes=[*notes, *more])


def title_of_text(brief: Brief, story: Story, outline: Outline) -> str:
    """A title from the strongest point, else from the first line."""
    topic = capital(brief.topic) if is_allowed(brief.topic, brief.demands) else ""
    told = title_of_story(Teller(brief), story) if story.points else shortened(topic, 80)
    return told or title_of(outline.hook or outline.content, brief)


def written(brief: Brief) -> tuple[Outline, Story, tuple[str, ...], list[str]]:
    """The text in full, other first lines, and remarks; no limit of length is kept yet."""
    asked = asked_of_readers(brief.request)
    if asked and says_the_same(brief.demands.call_to_action, asked):
        brief = replace(brief, demands=replace(brief.demands, call_to_action=asked))
    story = story_of(brief)
    notes = story_notes(brief, story)
    if story.points:
        outline, alternatives = compose(brief, story)
    else:
        outline, alternatives, more = compose_news(brief, story)
        notes += more
    outline = with_fewer_numbers(outline, brief)
    outline, more = _with_allowed_call(outline, brief)
    notes += more
    outline, more = with_demanded(outline, brief, story)
    notes += more
    outline, more = extended(outline, brief, story)
    return with_one_exclamation(outline), story, alternatives, [*notes, *more]


def story_notes(brief: Brief, story: Story) -> list[str]:
    """What the user should know about the facts behind the text."""
    notes = list(texts(brief.report.get("notes")))
    if asks_for_growth(brief) and story.points and not brief.demands.no_numbers:
        if story.kind in ("level", "steady"):
            notes.append(remark(brief, remarks.NO_GROWTH))
        elif story.kind == "decline":
            notes.append(remark(brief, remarks.NOT_GROWTH))
    if story.untold:
        notes.append(remark(brief, remarks.UNTOLD, what=", ".join(story.untold[:8])))
    if brief.demands.claimed_numbers:
        claims = ", ".join(brief.demands.claimed_numbers)
        notes.append(remark(brief, remarks.CLAIMED, what=claims))
    return notes


def with_fewer_numbers(outline: Outline, brief: Brief) -> Outline:
    """The outline with no more numbers than a reader keeps apart; what was asked for stays."""
    most = MOST_NUMBERS.get(brief.kind, MOST_NUMBERS["post"])
    lines = sorted((line for p in outline.paragraphs for line in p.lines), key=lambda one: one.rank)
    for line in lines:
        if len({m.quote for m in mentions(outline.content, brief.language)}) <= most:
            break
        lighter = changed(outline, lambda kept, g=line: (one for one in kept if one is not g))  # type: ignore[misc]
        if mentions(line.text, brief.language) and _tells_as_much(lighter, outline, brief):
            outline = lighter
    return outline


def _tells_as_much(lighter: Outline, outline: Outline, brief: Brief) -> bool:
    """Whether no metric that was asked for has gone."""
    before, after = (fact_map(_told(o, brief)).values() for o in (outline, lighter))
    return all(
        any(is_about(fact, name) for fact in after)
        for name in brief.wanted
        if any(is_about(fact, name) for fact in before)
    )


def _told(outline: Outline, brief: Brief) -> Iterator[Fact]:
    ids = referenced(outline.content, brief)
    return (fact for fact in brief.facts if fact.fact_id in ids)


def _with_allowed_call(outline: Outline, brief: Brief) -> tuple[Outline, list[str]]:
    """A demanded call to action that breaks another demand gives way to one that does not."""
    demanded = brief.demands.call_to_action
    if not demanded:
        return outline, []
    why = None
    if forbidden_in(demanded, brief.demands.must_avoid):
        why = remarks.IS_FORBIDDEN
    elif brief.demands.no_numbers and has_numbers(demanded):
        why = remarks.HAS_NUMBERS
    if why is None:
        return outline, []
    note = remark(brief, remarks.CALL_LEFT_OUT, what=demanded, why=remark(brief, why))
    return replace(outline, call=outline.short_call, is_call_fixed=False), [note]


def post_limits(brief: Brief) -> Limits:
    """The limits of a post: those asked for, those of the platform, else a good length."""
    demands = brief.demands
    if brief.channels == (Channel.TWITTER.value,):
        return limits_of(demands, weighted=LIMITS[Channel.TWITTER])
    wants_more = demands.min_words or demands.min_characters or demands.min_sentences
    is_free = demands.max_words is None and demands.max_characters is None and not wants_more
    most = LONGEST_POST if is_free else LIMITS[Channel.LINKEDIN]
    return limits_of(demands, characters=most)


def within(outline: Outline, limits: Limits, brief: Brief) -> tuple[Outline, list[str]]:
    """The outline within its limits, and what that took."""
    full = outline
    outline, is_kept = fitted(outline, limits)
    notes: list[str] = []
    if not is_kept:
        outline = Outline(hook=cut_to(_shortest(full), limits))
        notes.append(remark(brief, remarks.CUT))
    elif len(outline.content) < len(full.content) and _is_demanded(brief):
        notes.append(remark(brief, remarks.SHORTENED))
    notes += _lost(full, outline, brief)
    return outline, notes


def _is_demanded(brief: Brief) -> bool:
    demands = brief.demands
    limits = (demands.max_words, demands.max_characters, demands.max_sentences)
    return any(limit is not None for limit in limits)


def _lost(full: Outline, outline: Outline, brief: Brief) -> list[str]:
    """Remarks on demanded phrases that the limits left no room for."""
    before, after, why = full.content, outline.content, remark(brief, remarks.NO_ROOM)
    lost = [p for p in brief.demands.must_include if p in before and p not in after]
    notes = [remark(brief, remarks.MISSING_PHRASE, what=phrase, why=why) for phrase in lost]
    call = brief.demands.call_to_action
    if call and call in before and call not in after:
        notes.append(remark(brief, remarks.CALL_LEFT_OUT, what=call, why=why))
    return notes


def _shortest(outline: Outline) -> str:
    said = (outline.hook, *outline.body, outline.call)
    return min((text for text in said if text), key=len, default="")


def cut_to(text: str, limits: Limits) -> str:
    """As many whole words as the limits allow; a lone word that is too long is left out."""
    pieces = words(text)
    while pieces:
        shorter = " ".join(pieces).rstrip(",;:-")
        if limits.are_kept_by(shorter):
            return shorter
        pieces.pop()
    return ""

"""Writes an e-mail: subject, greeting, two to four short paragraphs, one request, a sign-off."""

from dataclasses import replace

from agents.writing.brief import Brief, choose
from agents.writing.create import post_limits, title_of_text, within, written
from agents.writing.draft import draft_of, subject_of
from agents.writing.guard import is_allowed
from agents.writing.outline import KEPT, Line, Outline, Paragraph
from agents.writing.prose import capital
from agents.writing.story import Story
from agents.writing.telling import Teller
from streams.domain.values import Json

MOST_PARAGRAPHS = 4


def create_email(brief: Brief) -> Json:
    """An e-mail about the facts, or about the topic where there are none."""
    brief = replace(brief, kind="email")
    outline, story, alternatives, notes = written(brief)
    teller = Teller(brief)
    letter = _letter(teller, story, outline)
    letter, more = within(letter, post_limits(brief), brief)
    title = title_of_text(brief, story, outline)
    subject = subject_of((title, capital(brief.topic), outline.hook, *alternatives), brief)
    draft = draft_of(
        letter,
        brief,
        title=title,
        alternatives=alternatives,
        notes=[*notes, *more],
        subject=subject,
    )
    return draft | {"hook": letter.hook or (letter.body or [""])[0]}


def _letter(teller: Teller, story: Story, outline: Outline) -> Outline:
    """The outline as a letter; its first line follows the opening."""
    demands = teller.brief.demands
    first = outline.hook
    if story.points:
        opening = _opening(teller)
        first = " ".join(text for text in (opening, _plain_first(teller, story, outline)) if text)
    paragraphs = (Paragraph((Line(first, KEPT),)), *outline.paragraphs)[:MOST_PARAGRAPHS]
    greeting, sign_off = _greeting(teller), teller.tones.SIGN_OFFS[teller.voice.family]
    return replace(
        outline,
        hook="",
        paragraphs=tuple(p for p in paragraphs if p.text),
        hashtags=(),
        greeting=greeting if is_allowed(greeting, demands) else "",
        sign_off=sign_off if is_allowed(sign_off, demands) else "",
    )


def _plain_first(teller: Teller, story: Story, outline: Outline) -> str:
    """The strongest point as a full sentence; letters need no headline."""
    text = teller.sentence(story.points[0])
    return text if text and is_allowed(text, teller.brief.demands) else outline.hook


def _opening(teller: Teller) -> str:
    options = teller.tones.OPENINGS[teller.voice.family]
    when = f" {teller.when}" if teller.when else ""
    text = str(choose(options, teller.brief, "opening")).format(when=when)
    text = teller.spoken(text if teller.brief.is_german else capital(text))
    return text if is_allowed(text, teller.brief.demands) else ""


def _greeting(teller: Teller) -> str:
    """The greeting to the readers, in the plural and without any name."""
    named, plain = teller.tones.GREETINGS[teller.voice.family]
    audience = teller.brief.demands.audience.strip(" .,")
    is_plural = audience.endswith("s") and 2 < len(audience) <= 30 and audience.islower()
    return str(named).format(audience=audience) if is_plural else str(plain)

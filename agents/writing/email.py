"""Writes an e-mail: subject, greeting, two to four short paragraphs, one request, a sign-off."""

from dataclasses import replace

from agents.writing.brief import Brief
from agents.writing.create import post_limits, title_of_text, within, written
from agents.writing.draft import draft_of, subject_of
from agents.writing.guard import is_allowed
from agents.writing.outline import KEPT, Line, Outline, Paragraph
from agents.writing.prose import capital, small
from agents.writing.telling import Teller
from streams.domain.values import Json

MOST_PARAGRAPHS = 4
_SMALL_IN_GERMAN = frozenset(
    [
        "Ab",
        "Am",
        "An",
        "Auf",
        "Aufs",
        "Bei",
        "Das",
        "Der",
        "Die",
        "Es",
        "Ein",
        "Eine",
        "Für",
        "Heute",
        "Im",
        "In",
        "Mehr",
        "Mit",
        "Nach",
        "Seit",
        "So",
        "Unser",
        "Unsere",
        "Unseren",
        "Vom",
        "Von",
        "Was",
        "Wir",
        "Wo",
        "Worauf",
        "Zum",
        "Zur",
    ]
)


def create_email(brief: Brief) -> Json:
    """An e-mail about the facts, or about the topic where there are none."""
    brief = replace(brief, kind="email")
    outline, story, alternatives, notes = written(brief)
    teller = Teller(brief)
    letter = _letter(teller, outline)
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


def _letter(teller: Teller, outline: Outline) -> Outline:
    """The outline as a letter; its first line follows the opening."""
    demands = teller.brief.demands
    greeting, sign_off = _greeting(teller), teller.tones.SIGN_OFFS[teller.voice.family]
    first = _after_comma(teller, outline.hook)
    paragraphs = (Paragraph((Line(first, KEPT),)), *outline.paragraphs)[:MOST_PARAGRAPHS]
    return replace(
        outline,
        hook="",
        paragraphs=tuple(p for p in paragraphs if p.text),
        hashtags=(),
        greeting=greeting if is_allowed(greeting, demands) else "",
        sign_off=sign_off if is_allowed(sign_off, demands) else "",
    )


def _after_comma(teller: Teller, text: str) -> str:
    """The first line as it follows a greeting that ends in a comma: German goes on small."""
    head = text.split(" ", 1)[0]
    return small(text) if teller.brief.is_german and head in _SMALL_IN_GERMAN else text


def _greeting(teller: Teller) -> str:
    """The greeting to the readers, in the plural and without any name."""
    named, plain = teller.tones.GREETINGS[teller.voice.family]
    audience = teller.brief.demands.audience.strip(" .,")
    is_plural = audience.endswith("s") and 2 < len(audience) <= 30 and audience.islower()
    return str(named).format(audience=audience) if is_plural else str(plain)

"""Writes an e-mail: subject, greeting, two to four short paragraphs, one request, a sign-off."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from agents.figures.metric_notes import Phrase
from agents.platforms.email import preview_line
from agents.writing.brief import Brief
from agents.writing.create import post_limits, title_of_text, within, written
from agents.writing.draft import LONGEST_SUBJECT, draft_of, subject_of
from agents.writing.guard import is_allowed
from agents.writing.outline import KEPT, Line, Outline, Paragraph
from agents.writing.prose import capital, small
from agents.writing.remarks import remark
from agents.writing.story import Story
from agents.writing.telling import Teller
from streams.domain.values import Json

MOST_PARAGRAPHS = 4
MOST_SUBJECTS = 3  # besides the one that was chosen
SAME_WORDS = 0.7
_ASKS_FOR_SUBJECTS = re.compile(
    r"\bsubject(?: line)?s\b|\bbetreff(?:e|zeilen)?\b|\bsubject alternatives\b", re.IGNORECASE
)
_OTHER_SUBJECTS: Phrase = (
    "Other subjects that would do: {what}.",
    "Andere Betreffzeilen, die passen: {what}.",
)
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
    letter = letter_of(teller, outline)
    letter, more = within(letter, post_limits(brief), brief)
    title = title_of_text(brief, story, outline)
    candidates = (title, capital(brief.topic), outline.hook, *alternatives)
    subject = subject_of(candidates, brief)
    inbox = inbox_of(subject, (*candidates, *_subjects(teller, story)), letter, brief)
    others = inbox["subjects"][1:]
    if others and _ASKS_FOR_SUBJECTS.search(brief.request):
        more = [*more, remark(brief, _OTHER_SUBJECTS, what=" / ".join(others))]
    draft = draft_of(
        letter,
        brief,
        title=title,
        alternatives=alternatives,
        notes=[*notes, *more],
        subject=subject,
        details=inbox,
    )
    return draft | {"hook": letter.hook or (letter.body or [""])[0]}


def _subjects(teller: Teller, story: Story) -> Iterator[str]:
    """Each point of the story as a short line."""
    for point in story.points[:4]:
        full, short = teller.core(point)
        yield from (capital(short), capital(full))
        yield capital(re.sub(r"^our |^unsere?n? ", "", full))


def inbox_of(subject: str, candidates: Iterable[str], letter: Outline, brief: Brief) -> Json:
    """How the e-mail may stand in an inbox: other subjects that would do, and the preview text."""
    others: list[str] = []
    for text in candidates:
        plain = text.rstrip(".! ")
        is_short = 0 < len(plain) <= LONGEST_SUBJECT and is_allowed(plain, brief.demands)
        if is_short and all(words_apart(plain, known) for known in (subject, *others)):
            others.append(plain)
    body = "\n\n".join(letter.body)
    return {"subjects": [subject, *others[:MOST_SUBJECTS]], "preview_text": preview_line(body)}


def words_apart(one: str, other: str) -> bool:
    """Whether two lines differ in more than a word or two."""
    first, second = ({*text.casefold().split()} for text in (one, other))
    return len(first & second) < SAME_WORDS * max(len(first), len(second), 1)


def letter_of(teller: Teller, outline: Outline, most: int = MOST_PARAGRAPHS) -> Outline:
    """The outline as a letter of at most so many paragraphs; its first line follows the opening."""
    demands = teller.brief.demands
    greeting, sign_off = _greeting(teller), teller.tones.SIGN_OFFS[teller.voice.family]
    first = _after_comma(teller, outline.hook)
    paragraphs = (Paragraph((Line(first, KEPT),)), *outline.paragraphs)[:most]
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

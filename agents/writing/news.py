"""Composes a text without figures: from the topic and from what the request itself states."""

import re
from collections.abc import Iterator

from agents.writing import remarks
from agents.writing.brief import Brief, texts
from agents.writing.calls import call_of, short_call_of
from agents.writing.guard import is_allowed, ungrounded
from agents.writing.hashtags import hashtags_of
from agents.writing.outline import DETAIL, POINT, Line, Outline, Paragraph
from agents.writing.prose import capital, ended, small
from agents.writing.remarks import remark
from agents.writing.statements import (
    DEED,
    DEEDS,
    QUESTION,
    STATING,
    clause_of,
    statements,
    topic_of,
)
from agents.writing.story import Story
from agents.writing.telling import Teller

_OWN_NEW = re.compile(
    r"^(?:our|the|unsere?[nmrs]?|die|das|der)\s(?:brand[- ]new|new|neue?[nmrs]?)\s(?P<head>.+)$",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"^(?P<head>.+?)\s(?:in|at)\s(?P<place>[A-ZÄÖÜ][\w'\u2019-]+(?:\s[A-ZÄÖÜ][\w'\u2019-]+)*)$"
)
_EVENT = re.compile(r"\b(?:webinar|event|meetup|conference|workshop|messe)\b", re.IGNORECASE)
_KINDS = (
    # what a piece of news is about, by its words or those of its readers; needs a place or not
    (
        "hire",
        False,
        re.compile(r"\bjoins? (?:us|our|the team)\b|\bnew (?:c[efot]o|colleague)\b", re.I),
    ),
    ("jobs", True, re.compile(r"\b(?:jobs?|role|career|hiring|job ?suche\w*|stellen?)\b", re.I)),
    ("weekend", False, re.compile(r"\b(?:saturdays?|samstags?|weekends?|wochenende\w*)\b", re.I)),
    ("support", True, re.compile(r"\b(?:support|help ?desk|service team|kundendienst)\b", re.I)),
    ("office", True, re.compile(r"\b(?:office|branch|store|shop|büro|filiale|standort)\b", re.I)),
    ("event", False, _EVENT),
    (
        "partnership",
        False,
        re.compile(r"\b(?:partnership|partner with|cooperation|partnerschaft|kooperation)\b", re.I),
    ),
)
LONGEST_HOOK = 140
LONGEST_NAME = 6  # words of what there is now
SAME_WORDS = 0.7  # share of a statement's words by which another sentence says it already
_BETTER = (
    "the date and the place, what changes for the reader, a name to ask for, a link",
    "Datum und Ort, was sich für die Leser ändert, eine Ansprechperson, ein Link",
)


def compose_news(brief: Brief, story: Story) -> tuple[Outline, tuple[str, ...], list[str]]:
    """The outline, other first lines, and what would make the text better."""
    teller = Teller(brief)
    stated = list(statements(brief))
    hooks = _hooks(teller, stated)
    if not hooks:
        return Outline(hook=""), (), []
    hook, *others = hooks
    lines = [Line(t, POINT - n) for n, t in enumerate(stated) if not _is_said(t, hook)]
    lines += [Line(text, DETAIL + 5 - n) for n, text in enumerate(_remarks(teller, hook, stated))]
    lines += [Line(text, DETAIL) for text in _research(brief)]
    paragraphs = [Paragraph(tuple(lines[i : i + 2])) for i in range(0, len(lines), 2)]
    outline = Outline(
        hook=hook,
        paragraphs=tuple(p for p in paragraphs if p.lines),
        call=call_of(teller, story),
        hashtags=hashtags_of(brief, story),
        short_call=short_call_of(teller),
        is_call_fixed=bool(brief.demands.call_to_action),
    )
    note = remark(brief, remarks.BARE, what=_BETTER[int(brief.is_german)])
    return outline, tuple(others), [note] if len(stated) < 3 else []


# ------------------------------------------------------------------------------ first lines


def _hooks(teller: Teller, stated: list[str]) -> list[str]:
    brief = teller.brief
    topic = topic_of(brief)
    emoji = teller.tones.EMOJIS["none"] if _may_have_emoji(teller) else ""
    found = [*_deeds(brief)]
    clause = clause_of(topic)
    if clause:
        found.append(ended(capital(clause)))
    found += [text for one in stated[:1] for text in _with_topic(topic, one)]
    if topic and not clause:
        found += [*_of_something_new(teller, topic), *_of_topic(teller, topic)]
    if topic:
        found.append(ended(capital(topic)))
    found += stated[:1]
    allowed = [teller.spoken(text) for text in found if is_allowed(text, brief.demands)]
    grounded = [text for text in dict.fromkeys(allowed) if not ungrounded(text, brief)]
    grounded.sort(key=lambda text: len(text) > LONGEST_HOOK)  # stable: the others keep their order
    return [f"{text} {emoji}".strip() if n == 0 else text for n, text in enumerate(grounded)]


def _deeds(brief: Brief) -> Iterator[str]:
    """What the text is to do, done: "thanking our team" is "Thank you to our team."."""
    match = DEED.search(brief.request)
    if match and not brief.is_german:
        yield ended(f"{DEEDS[match['deed'].lower()]} {match['whom'].strip()}")


def _with_topic(topic: str, stated: str) -> Iterator[str]:
    """The topic with the first thing that is said of it: "Our new office: we open in May."."""
    is_own = bool(re.match(r"(?:we|it|this|they|wir|es|das|sie)\s", stated, re.IGNORECASE))
    if topic and is_own and not STATING.match(topic) and len(topic) + len(stated) <= 130:
        yield f"{capital(topic)}: {small(stated)}"


def _of_something_new(teller: Teller, topic: str) -> Iterator[str]:
    """What there is now: "We have a new office in Lisbon."."""
    new = _OWN_NEW.match(topic)
    if new is None:
        return
    place = _PLACE.match(new["head"])
    head = place["head"] if place else new["head"]
    if len(head.split()) > LONGEST_NAME:
        return  # a long name is better said as it is
    noun = re.split(r"\s(?:for|with|of|on|to|für|mit|von)\s", head)[0]
    is_many = noun.endswith("s") and not noun.endswith("ss")
    a_new = f"new {head}" if is_many else f"a new {head}"
    texts = {
        "topic": topic,
        "Topic": capital(topic),
        "head": head,
        "a_new": a_new,
        "A_new": capital(a_new),
        "place": place["place"] if place else "",
    }
    table = teller.tones.NEWS_OF_PLACES if place else teller.tones.NEWS_OF_THINGS
    yield from _in_order(teller, table, texts)


def _of_topic(teller: Teller, topic: str) -> Iterator[str]:
    texts = {"topic": topic, "Topic": capital(topic)}
    special: tuple[str, ...] = ()
    if QUESTION.match(topic):
        special = teller.tones.NEWS_OF_QUESTIONS
    elif _EVENT.search(topic) and any(map(str.isdigit, topic)):
        special = teller.tones.NEWS_OF_EVENTS
    if special:
        yield teller.pick([frame.format(**texts) for frame in special], "special")
    yield from _in_order(teller, teller.tones.NEWS, texts)


def _in_order(
    teller: Teller, table: dict[str, tuple[str, ...]], texts: dict[str, str]
) -> list[str]:
    """The phrasings of a table filled, the chosen one first."""
    frames = [frame.format(**texts) for frame in table[teller.voice.family]]
    first = teller.pick(frames, "news")
    return [text for text in (first, *(f for f in frames if f != first)) if text]


def _may_have_emoji(teller: Teller) -> bool:
    return teller.voice.has_emojis and not teller.brief.demands.no_emojis


# ------------------------------------------------------------------------------------- body


def _is_said(stated: str, hook: str) -> bool:
    """Whether the first line says it already, in these or in nearly these words."""
    mine = set(re.findall(r"\w+", stated.casefold()))
    theirs = set(re.findall(r"\w+", hook.casefold()))
    return stated.casefold() in hook.casefold() or len(mine & theirs) >= SAME_WORDS * len(mine)


def _remarks(teller: Teller, hook: str, stated: list[str]) -> Iterator[str]:
    """For whom it is, and what it is good for, where the subject says so by itself."""
    brief = teller.brief
    audience = brief.demands.audience.strip(" .,")
    if len(audience.split()) > 1 and not audience.lower().startswith(("our ", "the ", "unser")):
        yield teller.pick([t.format(audience=audience) for t in teller.tones.NEWS_FOR], "for")
    if len(stated) > 2:
        return  # the request says enough by itself
    topic = topic_of(brief)
    found = _PLACE.search(topic)
    place = found["place"] if found else ""
    about = f"{topic} {audience} {hook}"
    for kind, needs_place, pattern in _KINDS:
        if pattern.search(about) and (place or not needs_place):
            options = [t.format(place=place) for t in teller.tones.NEWS_REMARKS[kind]]
            yield teller.pick([t for t in options if _may_stand(t, brief)], f"remark:{kind}")
            return


def _research(brief: Brief) -> Iterator[str]:
    for finding in texts(brief.research.get("findings")):
        if _may_stand(finding, brief):
            yield ended(finding)


def _may_stand(text: str, brief: Brief) -> bool:
    return is_allowed(text, brief.demands) and not ungrounded(text, brief)

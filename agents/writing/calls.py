"""Calls to action: the one that was asked for, else one that fits tone, readers and subject."""

import re

from agents.writing.prose import capital
from agents.writing.statements import DEED, QUESTION, clause_of, topic_of
from agents.writing.story import Story
from agents.writing.subjects import subject_of
from agents.writing.telling import Teller

_READERS = (
    (
        "investors",
        re.compile(r"\b(?:investor\w*|shareholder\w*|board|aktionär\w*|anleger\w*)\b", re.I),
    ),
    (
        "team",
        re.compile(
            r"\b(?:(?:our|the|unser) team|employee\w*|staff|colleague\w*|mitarbeit\w*|kolleg\w*)\b",
            re.I,
        ),
    ),
    ("customers", re.compile(r"\b(?:customer\w*|client\w*|kund\w*)\b", re.I)),
)
LONGEST_TOPIC = 60  # characters of a topic that a question can name
_ASKED = re.compile(
    r"\b(?:ask|invite|encourage|urge)\s(?:them|readers|people|everyone|followers|(?:our|the|all)\s"
    r"\w+)\sto\s(?P<what>[^.!?;\n]{3,100})",
    re.IGNORECASE,
)
_TURNED = (
    (re.compile(r"\btheir\b", re.I), "your"),
    (
        re.compile(r"\bwith (?=(?:any )?(?:questions|feedback|comments|ideas)\b)", re.I),
        "with your ",
    ),
    (re.compile(r"\byour any\b"), "any"),
)


def readers_of(audience: str) -> str:
    """Which kind of readers an audience is: investors, team, customers or general."""
    return next((name for name, pattern in _READERS if pattern.search(audience)), "general")


def asked_of_readers(request: str) -> str:
    """What the request wants readers to be asked: "ask them to reply" is "Please reply."."""
    found = _ASKED.search(request)
    if found is None:
        return ""
    what = found["what"].strip(" ,")
    for pattern, word in _TURNED:
        what = pattern.sub(word, what)
    return f"Please {what}."


def says_the_same(demanded: str, asked: str) -> bool:
    """Whether a demanded call is what the request wants readers to be asked, or there is none."""
    said = set(asked.casefold().strip(".").split())
    return set(demanded.casefold().strip(".").split()) <= said


def call_of(teller: Teller, story: Story) -> str:
    """The call to action of a text; the demanded one word by word."""
    demanded = teller.brief.demands.call_to_action
    if demanded:
        return demanded if demanded[-1] in ".!?…" or "http" in demanded else f"{demanded}."
    readers = readers_of(teller.brief.demands.audience)
    if readers != "general" and story.points:
        said = teller.phrase(teller.closings.CALLS[readers], f"call:{readers}")
    elif teller.brief.kind == "email":
        said = teller.phrase(teller.closings.CALLS["email"], "call:email")
    else:
        said = _question(teller, story)
    return said or short_call_of(teller)


def _question(teller: Teller, story: Story) -> str:
    """A question about the subject, and where to answer it; formal texts only invite."""
    invites = teller.closings.INVITES[teller.brief.tone]
    invite = teller.pick([teller.spoken(text) for text in invites], "invite")
    if teller.brief.tone == "formal":
        return invite
    topic = topic_of(teller.brief)
    if not story.points and DEED.search(teller.brief.request):
        return teller.pick(teller.closings.MESSAGES, "message")
    options = _questions(teller, _subject(story, topic))
    if (
        not story.points
        and not QUESTION.match(topic)
        and len(topic) <= LONGEST_TOPIC
        and not clause_of(topic)
    ):
        named = _questions(teller, "named_topic")
        options = tuple(text.format(topic=topic) for text in named if topic) or options
    question = teller.pick([teller.spoken(text) for text in options], "question")
    return " ".join(filter(None, (question, capital(invite))))


def _questions(teller: Teller, subject: str) -> tuple[str, ...]:
    found = teller.closings.QUESTIONS[subject]
    return tuple(found[int(teller.voice.says_du)] if teller.brief.is_german else found)


def _subject(story: Story, topic: str) -> str:
    if not story.points:
        return "question_topic" if QUESTION.match(topic) else "topic"
    lead = story.points[0]
    return "bad" if lead.merit < 0 else subject_of(lead.about)


def short_call_of(teller: Teller) -> str:
    """The shortest call to action of the voice."""
    return teller.pick([teller.closings.SHORT_CALLS[teller.voice.family]], "short call")

"""Composes a text without figures: from the topic and from what the request itself states."""

import re
from collections.abc import Iterator

from agents.writing import remarks
from agents.writing.brief import Brief, texts
from agents.writing.calls import call_of, short_call_of
from agents.writing.guard import is_allowed, ungrounded
from agents.writing.hashtags import hashtags_of
from agents.writing.outline import DETAIL, POINT, Line, Outline, Paragraph
from agents.writing.prose import capital, ended, sentences, small
from agents.writing.remarks import remark
from agents.writing.story import Story
from agents.writing.telling import Teller

_INSTRUCTION = re.compile(
    r"^\W*(?:please|bitte|can you|could you|kannst du|können sie|i (?:need|want|would "
    r"like)|we (?:need|want)|"
    r"ich (?:brauche|möchte|hätte)|wir (?:brauchen|möchten)|create|write|draft|make|"
    r"compose|prepare|craft|generate|"
    r"announce|post|tweet|share|publish|use|include|mention|add|keep|avoid|"
    r"don['\u2019]?t|do not|tone|target|"
    r"end with|limit|under|max|the (?:post|text|tone|e-?mail|thread) (?:should|must|"
    r"needs)|it (?:should|must)|"
    r"make it|no |without|channel|audience|language|hashtags?|length|"
    r"erstelle?|schreibe?|verfasse?|entwirf|mach|nutze|verwende|erwähne|nenne|halte|vermeide|keine?|ohne|"
    r"der (?:text|beitrag|ton) (?:soll|muss)|die mail (?:soll|muss)|es (?:soll|muss)|"
    r"verkünde|teile|poste)\b",
    re.IGNORECASE,
)
_STATEMENT = re.compile(
    r"\b(?:is|are|was|were|will|has|have|had|can|opens?|starts?|begins?|launch(?:es|ed)?|offers?|"
    r"takes? place|includes?|helps?|makes?|gives?|lets?|brings?|comes?|runs?|works?|moved?|"
    r"joined|joins|won|built|supports?|ist|sind|war|waren|wird|werden|hat|haben|kann|können|"
    r"öffnet|eröffnen|startet|beginnt|findet|bietet|bringt|kommt|gibt|hilft|macht|gewonnen)\b",
    re.IGNORECASE,
)
# Words that speak of the text itself: "Casual tone, no emojis, at most 80 words".
_OF_THE_TEXT = re.compile(
    r"\b(?:tone|hashtags?|emojis?|call[- ]to[- ]action|cta|words|characters|paragraphs?|linkedin|"
    r"twitter|tweets?|posts?|thread|audience|tonfall|zeichen|wörter|beitrag|absätze)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"^(?:we|our|it|this|they|the|there|wir|unser\w*|es|das|die|der|sie)\s", re.IGNORECASE
)
_CLAUSE = re.compile(r"^(?:that|dass)\s+(?=\S)", re.IGNORECASE)
_STATING = re.compile(
    r"^(?:we|our \w+|i|wir|ich)\s+(?:are|have|will|had|won|hit|reached|opened|launched|moved|"
    r"is|sind|haben|werden|eröffnen|starten|erreichen|\w+ed)\b",
    re.IGNORECASE,
)
_SINGULAR_OWN = (
    (re.compile(r"\byour\b", re.IGNORECASE), "our"),
    (re.compile(r"\bmy company's\b", re.IGNORECASE), "our"),
)
_DEEDS = {
    "thanking": "Thank you to",
    "congratulating": "Congratulations to",
    "welcoming": "A warm welcome to",
    "introducing": "Introducing",
}
_DEED = re.compile(rf"\b(?P<deed>{'|'.join(_DEEDS)})\s(?P<whom>[^.!?;\n]{{3,100}})", re.IGNORECASE)
LONGEST_HOOK = 140
MOST_STATEMENTS = 5
_BETTER = (
    "the date and the place, what changes for the reader, a name to ask for, a link",
    "Datum und Ort, was sich für die Leser ändert, eine Ansprechperson, ein Link",
)


def compose_news(brief: Brief, story: Story) -> tuple[Outline, tuple[str, ...], list[str]]:
    """The outline, other first lines, and what would make the text better."""
    teller = Teller(brief)
    stated = list(_statements(brief))
    hooks = _hooks(teller, brief, stated)
    if not hooks:
        return Outline(hook=""), (), []
    hook, *others = hooks
    told = hook.casefold()
    lines = [Line(t, POINT - n) for n, t in enumerate(stated) if t.casefold() not in told]
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


def _hooks(teller: Teller, brief: Brief, stated: list[str]) -> list[str]:
    topic = _topic(brief)
    emoji = teller.tones.EMOJIS["none"] if _may_have_emoji(teller, brief) else ""
    found: list[str] = [*_deeds(brief)]
    if topic and _STATING.match(topic):
        found.append(ended(capital(topic)))
    found += [text for one in stated[:2] for text in _with_topic(topic, one)]
    if topic:
        frames = teller.tones.NEWS[brief.tone]
        first = teller.phrase({brief.tone: frames}, "news")
        ordered = [first, *(frame for frame in frames if frame != first)]
        found += [f.format(topic=topic, Topic=capital(topic)) for f in ordered if f]
        found += [ended(capital(topic))]
    found += stated[:1]
    allowed = [teller.spoken(text) for text in found if is_allowed(text, brief.demands)]
    grounded = [text for text in dict.fromkeys(allowed) if not ungrounded(text, brief)]
    grounded.sort(key=lambda text: len(text) > LONGEST_HOOK)  # stable: the others keep their order
    return [f"{text} {emoji}".strip() if n == 0 else text for n, text in enumerate(grounded)]


def _deeds(brief: Brief) -> Iterator[str]:
    """What the text is to do, done: "thanking our team" is "Thank you to our team."."""
    match = _DEED.search(brief.request)
    if match and not brief.is_german:
        yield ended(f"{_DEEDS[match['deed'].lower()]} {match['whom'].strip()}")


def _with_topic(topic: str, stated: str) -> Iterator[str]:
    """The topic with the first thing that is said of it: "Our new office: we open in May."."""
    is_own = bool(re.match(r"(?:we|it|this|they|wir|es|das|sie)\s", stated, re.IGNORECASE))
    if topic and is_own and not _STATING.match(topic) and len(topic) + len(stated) <= 130:
        yield f"{capital(topic)}: {small(stated)}"


def _may_have_emoji(teller: Teller, brief: Brief) -> bool:
    return teller.voice.has_emojis and not brief.demands.no_emojis


def _topic(brief: Brief) -> str:
    """The topic in the writer's own voice: "our new office", whoever asked."""
    topic = _CLAUSE.sub("", brief.topic).strip(" .,:;!?")
    for pattern, own in _SINGULAR_OWN if not brief.is_german else ():
        topic = pattern.sub(own, topic)
    return topic


def _statements(brief: Brief) -> Iterator[str]:
    """The sentences of the request that state something and ask for nothing."""
    count = 0
    for n, sentence in enumerate(sentences(brief.request)):
        text = ended(sentence.strip(" \"'“”„-•*"))
        states = bool(_SUBJECT.match(text) or _STATEMENT.search(text))
        states = states or (n > 0 and len(text.split()) > 2)
        is_asking = _INSTRUCTION.match(text) or (_OF_THE_TEXT.search(text) and brief.topic)
        is_stated = states and not is_asking
        is_short = 12 <= len(text) <= 300 and not text.endswith((":", "?"))
        if count < MOST_STATEMENTS and is_stated and is_short and _may_stand(text, brief):
            count += 1
            yield capital(text)


def _may_stand(text: str, brief: Brief) -> bool:
    return is_allowed(text, brief.demands) and not ungrounded(text, brief)


def _research(brief: Brief) -> Iterator[str]:
    for finding in texts(brief.research.get("findings")):
        if _may_stand(finding, brief):
            yield ended(finding)

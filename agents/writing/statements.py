"""What a request itself states about its subject, apart from what it tells the writer to do."""

import re
from collections.abc import Iterator

from agents.writing.brief import Brief
from agents.writing.guard import is_allowed, ungrounded
from agents.writing.prose import capital, ended, sentences

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
    r"twitter|tweets?|posts?|thread|audience|tonfall|im ton|"
    r"zeichen|wörter|beitrag|absätze)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"^(?:we|our|it|this|they|the|there|wir|unser\w*|es|das|die|der|sie)\s", re.IGNORECASE
)
_CLAUSE = re.compile(r"^(?:that|dass)\s+(?=\S)", re.IGNORECASE)
STATING = re.compile(
    r"^(?:we|our \w+|i|wir|ich)\s+(?:are|have|will|had|won|hit|reached|opened|launched|moved|"
    r"is|sind|haben|werden|eröffnen|starten|erreichen|\w+ed)\b",
    re.IGNORECASE,
)
_SINGULAR_OWN = (
    (re.compile(r"\byour\b", re.IGNORECASE), "our"),
    (re.compile(r"\bmy company's\b", re.IGNORECASE), "our"),
)
QUESTION = re.compile(r"^(?:how|why|what|when|wie|warum|was)\b", re.IGNORECASE)
DEEDS = {
    "thanking": "Thank you to",
    "congratulating": "Congratulations to",
    "welcoming": "A warm welcome to",
    "introducing": "Introducing",
}
DEED = re.compile(rf"\b(?P<deed>{'|'.join(DEEDS)})\s(?P<whom>[^.!?;\n]{{3,100}})", re.IGNORECASE)
_FINITE = re.compile(
    r"\b(?:ist|sind|wird|werden|hat|haben|öffnet|startet|beginnt|gibt|kommt|bietet|is|are|opens?|"
    r"starts?|begins?|joins?|moves?|wins?|won|will|has|have|launch(?:es|ed)?)\b",
    re.IGNORECASE,
)
_ANY_SUBJECT = re.compile(r"\b(?:we|our|us|uns|it|wir|unser\w*|es|our\s\w+)\b", re.IGNORECASE)
_NO_CLAUSE = re.compile(r"^(?:how|why|what|when|that|wie|warum|was|dass|ob)\b", re.IGNORECASE)
_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_ANNOUNCED = re.compile(
    r"^\W*(?:bitte\s)?(?:kündige|verkünde|stelle?)\s(?:bitte\s|auf linkedin\s|per e-?mail\s)*"
    r"(?P<what>(?:unser\w*|die|das|den)\s[^.!?;,\n]{3,80}?)"
    r"(?:\s(?:an|vor|auf linkedin|per e-?mail))*"
    r"(?=[.!?;,\n]|$)",
    re.IGNORECASE,
)
MOST_STATEMENTS = 5


def topic_of(brief: Brief) -> str:
    """The topic in the writer's own voice, without what it says of the text itself."""
    topic = _CLAUSE.sub("", brief.topic or _announced(brief)).strip(" .,:;!?")
    topic = _with_month(topic, brief.request)
    kept = [part for part in sentences(topic) if not _OF_THE_TEXT.search(part)] or [topic]
    topic = " ".join(kept).strip(" .,:;!?")
    for pattern, own in _SINGULAR_OWN if not brief.is_german else ():
        topic = pattern.sub(own, topic)
    return topic


def _announced(brief: Brief) -> str:
    """What a request without a topic announces: "Kündige unser neues Büro an"."""
    found = _ANNOUNCED.search(brief.request)
    return found["what"] if found else ""


def _with_month(topic: str, request: str) -> str:
    """The topic with the month after a German ordinal, where it was cut at the ordinal's dot."""
    if not topic[-1:].isdigit():
        return topic
    found = re.search(rf"{re.escape(topic)}\.\s(?:{_MONTHS})\b(?:\s\d{{4}})?", request)
    return found.group() if found else topic


def clause_of(topic: str) -> str:
    """The topic if it is a sentence by itself: "from May, our support is there on Saturdays"."""
    if STATING.match(topic):
        return topic
    is_clause = _FINITE.search(topic) and _ANY_SUBJECT.search(topic)
    return topic if is_clause and not _NO_CLAUSE.match(topic) else ""


def statements(brief: Brief) -> Iterator[str]:
    """The sentences of the request that state something and ask for nothing."""
    count = 0
    for n, sentence in enumerate(sentences(brief.request)):
        text = ended(sentence.strip(" \"'“”„-•*"))
        states = bool(_SUBJECT.match(text) or _STATEMENT.search(text))
        states = states or (n > 0 and len(text.split()) > 2)
        is_asking = _INSTRUCTION.match(text) or (_OF_THE_TEXT.search(text) and brief.topic)
        is_stated = states and not is_asking and not _is_demand(text, brief)
        is_short = 12 <= len(text) <= 300 and not text.endswith((":", "?"))
        if count < MOST_STATEMENTS and is_stated and is_short and _may_stand(text, brief):
            count += 1
            yield capital(text)


def _is_demand(text: str, brief: Brief) -> bool:
    """Whether the sentence is there for the writer: it gives the readers or what to ask of them."""
    demands = brief.demands
    return any(part and part in text for part in (demands.call_to_action, demands.audience))


def _may_stand(text: str, brief: Brief) -> bool:
    return is_allowed(text, brief.demands) and not ungrounded(text, brief)

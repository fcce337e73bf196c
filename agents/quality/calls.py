"""Finds the call to action of a text: a question, an invitation or the draft's own call."""

import re
from functools import lru_cache

from agents.quality.draft import Examined
from agents.quality.prose import Sentence, content_words

LAST_SENTENCES = 4  # in which a call to action is looked for
_SAME = 0.6  # share of its words by which the draft's own call is recognised

_INVITATION = re.compile(
    r"(?:^|[.!:\u2013\u2014,;]\s|\band\s|\bplease\s|"
    r"\b(?:you|you want|you['\u2019]d like|ready|curious|free) to\s)"
    r"(?:read|see|learn|find out|discover|follow|join|comment|share|tell|let (?:us|me)|"
    r"let['\u2019]s|get|book|try|start|sign up|subscribe|download|register|"
    r"contact|reach out|message|reply|write|visit|check|explore|talk|connect|request|schedule|"
    r"drop|send|ask|call|look|watch|take|compare|save|stay|meet|come|click|tap|hit|vote|"
    r"apply|order|show|have a look|feel free|consider|review)\b"
    r"|\b(?:link in|we(?:['\u2019]d| would) (?:love|like|welcome)|(?:get|be|stay) in touch|"
    r"(?:questions|comments|thoughts)\b[^.!?\n]{0,40}\b(?:welcome|can be asked|open)|"
    r"happy to (?:talk|share|help)|you can (?:read|see|find|reach|reply))\b",
    re.IGNORECASE,
)
_GERMAN = re.compile(
    r"(?:^|[.!:\u2013\u2014,]\s)(?:lesen|sehen|erfahren|entdecken|folgen|kommentieren|teilen|schreiben|"
    r"sprechen|kontaktieren|melden|buchen|testen|starten|abonnieren|laden|besuchen|vereinbaren|"
    r"fragen|nutzen|sagen|antworten|diskutieren|vergleichen|lassen|schauen|nehmen|treten|"
    r"verraten|erzählen|kommen|probieren)\s(?:Sie|wir|Sie uns|uns)\b"
    r"|(?:^|[.!:\u2013\u2014,]\s)(?:lies|schau|folge?|kommentiere?|teile?|schreibe?|sprich|melde?|buche?|"
    r"teste?|starte?|abonniere?|hol|erzähl|sag|antworte|verrate?|probier|komm|lass|frag)\b"
    r"|\b(?:wir freuen uns (?:auf|über) "
    r"(?:ihre?n?|deine?n?|eure?n?|jeden?|den|die) (?:\w+ )?(?:kommentare?|nachricht|fragen?|ideen?|"
    r"rückmeldung|antwort(?:en)?|austausch|sicht|gedanken|meinung|perspektive|anregung(?:en)?)|"
    r"gern(?:e)? (?:per|im|in)|mehr dazu|jetzt (?:lesen|anmelden|"
    r"testen|starten|mehr|informieren))\b",
    re.IGNORECASE,
)


def calls_in(examined: Examined) -> list[Sentence]:
    """The sentences near the end that ask the reader something or to do something."""
    last = examined.prose.sentences[-LAST_SENTENCES:]
    return [one for one in last if is_call(one.text, examined.asked.language)]


def find_call(examined: Examined) -> Sentence | None:
    """The sentence that asks the reader to do something; None if there is none near the end."""
    last = examined.prose.sentences[-LAST_SENTENCES:]
    for sentence in reversed(last):
        if is_call(sentence.text, examined.asked.language):
            return sentence
    own = {word for word in content_words(examined.draft.call_to_action) if len(word) > 3}
    if not own:
        return None
    for sentence in reversed(examined.prose.sentences):
        if len(own & set(content_words(sentence.text))) >= _SAME * len(own):
            return sentence
    return None


@lru_cache(maxsize=1024)  # several dimensions ask it of the same sentences
def is_call(sentence: str, language: str) -> bool:
    """Whether a sentence asks a question or invites to act."""
    if sentence.rstrip(" \"'\u201d)").endswith("?"):
        return True
    return bool((_GERMAN if language == "de" else _INVITATION).search(sentence))

"""What each sentence of a draft says: a figure, something particular, or what fits any text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from agents.figures.metric_names import word_set
from agents.figures.numbers import Mention
from agents.quality.calls import calls_in
from agents.quality.common_words import is_common
from agents.quality.draft import Examined
from agents.quality.prose import Sentence, content_words, small

LONGEST_FRAME = 6  # words around the request's own topic that make no statement of it
WITHOUT_ANCHOR = 0.65  # of a sentence without figure or metric, where there are facts to tell
BY_METRIC = 0.4  # what naming a metric is worth without a figure or a conclusion
_BY_WORDS = (0.15, 0.55, 0.85, 1.0)  # the share by how many particular words there are


_VERBS = word_set(
    "is are was were has have had will can open opens moves starts launches joins ist sind war "
    "waren hat haben wird werden kann können gibt öffnet startet kommt zieht bietet"
)


class Kind(StrEnum):
    """What a sentence does for its reader."""

    FIGURE = "a figure"
    CONCLUSION = "a conclusion from the figures"
    PARTICULAR = "something particular"
    REPEATED = "a figure told before"
    ECHO = "the topic in the words of the request"
    REMARK = "a remark about the text or its method"
    COMMON = "what could stand in any text"
    FRAME = "a greeting or a call"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, and how much it says that is particular to this request: 0 to 1."""

    sentence: Sentence
    kind: Kind
    share: float
    figures: tuple[Mention, ...] = ()


_REMARK = re.compile(  # in small letters
    r"\bsame metrics?\b|\blike[- ]for[- ]like\b|\bcomparison (?:is|refers|relates)\b|"
    r"\b(?:we compare|compared) with the (?:previous |prior )?period\b|\ba level, not a trend\b|"
    r"\bannual rate (?:is|isn)|\b(?:figures?|numbers?) (?:describes?|forms?|relates?)\b|"
    r"\b(?:plain |a |simple )?multiplication\b|\bnot? (?:a )?forecast\b|"
    r"\bextends? one month\b|\b(?:is|are) calculated\b|\bfor the next comparison\b|"
    r"\bthis (?:is a (?:short )?summary|(?:post|thread|e-?mail|update|report) (?:is|shows))\b|"
    r"\bone of those (?:numbers|figures|metrics)\b|"
    r"\bthese (?:figures|numbers) (?:describe|show|tell)|"
    r"\bshows? (?:the size|what each|what an?y? |what one|how each)|"
    r"\b(?:dieselben?|gleichen?) kennzahl|\bverglichen (?:wird|haben|mit|ist)\b|\bkeine prognose\b|"
    r"\bder vergleich (?:bezieht|gilt|ist)\b|\bgleiches mit gleichem\b|\bein stand, kein trend\b|"
    r"\b(?:reine |eine |einfache )?multiplikation\b|"
    r"\b(?:diese|die) (?:zahlen|kennzahlen) (?:beschreiben|zeigen|sprechen)\b|"
    r"\bzeigt,? (?:die größe|was (?:eine?|jede))|\bheute geht es um\b|"
    r"\beine dieser zahlen\b|\bdirekter vergleich\b"
)
_OF_WHAT = re.compile(
    r"\b(?:the|that|this) (?:figure|number|value|metric|level) (?:was|is|stood|stands)\b|"
    r"\b(?:der|dieser) wert (?:war|ist|lag|liegt|betrug)\b|\bdie zahl (?:war|lag|betrug)\b"
)
_YEARLY = re.compile(
    r"\b(?:annual|yearly) rate\b|\bannuali[sz]ed\b|\b(?:extended|extrapolated) to a year\b|"
    r"\baufs jahr (?:gerechnet|hochgerechnet)\b|\bhochgerechnet\b"
)
_CONCLUSION = re.compile(
    r"\b(?:faster|slower|more|fewer|less|better|smaller|larger|higher|lower) than\b|"
    r"\b(?:because|that is why|which is why|so each|so every|means? that|"
    r"comes? (?:less |more )?from|"
    r"not from|rather than|instead of|therefore|despite|although|only part|most of|which means|"
    r"so we|not because|tells? us|is not (?:the|a|an)|ahead of|on average|each of)\b|"
    r"\b(?:schneller|langsamer|mehr|weniger|besser|stärker|größer|kleiner) (?:\w+ ){0,2}als\b|"
    r"\b(?:weil|deshalb|daher|das heißt|heißt das|bedeutet|statt|trotz|obwohl|also|im mittel|"
    r"je kunde|jeder kunde|vor allem)\b"
)
_TAGS = re.compile(r"(?:\s*#\w+)+\s*")
_GREETING = re.compile(
    r"^(?:hi|hello|dear|hey|hallo|liebe[rs]?|sehr geehrte[rs]?|guten tag|moin)\b"
    r"[^.?!]{0,60}[,!.]?$|^(?:kind|best|warm) (?:regards|wishes)|"
    r"^best,?$|^(?:yours|sincerely|cheers)\b|"
    r"^(?:mit )?(?:freundlichen|herzliche[nr]?|beste[nr]?|viele) grüße|"
    r"^(?:your|the) \w*\s?team\.?$|^(?:euer|ihr|dein) \w*\s?team\.?$"
)


def statements(examined: Examined) -> list[Statement]:
    """Every sentence with what it says."""
    seen: set[tuple[float, str]] = set()
    topic = content_words(str(examined.asked.constraints.get("topic") or ""))
    places = {call.start for call in calls_in(examined)}
    found = []
    for sentence in examined.prose.sentences:
        figures = figures_in(examined, sentence)
        known = {_key(one) for one in figures}
        kind, share = _said(examined, sentence, len(figures), bool(known - seen), topic)
        if sentence.start in places and kind is not Kind.FIGURE:
            kind = Kind.FRAME
        seen |= known
        found.append(Statement(sentence, kind, share, figures))
    return found


def figures_in(examined: Examined, sentence: Sentence) -> tuple[Mention, ...]:
    """The numbers that a sentence claims."""
    inside = (n for n in examined.numbers if sentence.start <= n.start < sentence.end)
    return tuple(inside)


def _key(one: Mention) -> tuple[float, str]:
    return (round(abs(one.value), 6), "percent" if one.unit == "percent" else "")


def _said(
    examined: Examined, sentence: Sentence, figures: int, has_new: bool, topic: Sequence[str]
) -> tuple[Kind, float]:
    text = small(sentence.text)
    if _GREETING.match(text) or _TAGS.fullmatch(text):
        return Kind.FRAME, 0.0
    if has_new and not (_REMARK.search(text) and _OF_WHAT.search(text)):
        is_weak = figures == 1 and (_OF_WHAT.search(text) or _YEARLY.search(text))
        return Kind.FIGURE, 0.6 if is_weak else 1.0
    if _REMARK.search(text):
        return Kind.REMARK, 0.0
    if _is_echo(text, topic, examined.asked.language):
        return Kind.ECHO, 0.25
    words = sum(1 for _ in particular_words(examined, sentence))
    named = any(sentence.start <= start < sentence.end for start, _, _ in examined.names)
    if _CONCLUSION.search(text) and (named or words):
        return Kind.CONCLUSION, 0.9 if named or words > 1 else 0.7
    if figures:
        return Kind.REPEATED, max(0.3, _BY_WORDS[min(words, 3)] - 0.2)
    share = _BY_WORDS[min(words, 3)]
    if named:
        share = max(share, BY_METRIC)
    elif examined.facts and examined.allows("no_numbers"):
        share = min(share, WITHOUT_ANCHOR)
    return (Kind.COMMON if share < BY_METRIC else Kind.PARTICULAR), share


def particular_words(examined: Examined, sentence: Sentence) -> Iterator[str]:
    """The words that could not stand in any text: no grammar, no talk of business, no metric."""
    language = examined.asked.language
    names = [(a, b) for a, b, _ in examined.names if sentence.start <= a < sentence.end]
    plain = sentence.text
    for start, end in reversed(names):
        plain = plain[: start - sentence.start] + plain[end - sentence.start :]
    for word in dict.fromkeys(content_words(plain)):
        if len(word) > 2 and word[0].isalpha() and not is_common(word, language):
            yield word


def _is_echo(text: str, topic: Sequence[str], language: str) -> bool:
    """Whether the sentence is hardly more than the request's own name for the topic."""
    words = content_words(text)
    size = len(topic)
    if size < 2 or len(words) > size + LONGEST_FRAME or not _VERBS.isdisjoint(topic):
        return False  # a topic with a verb is news by itself
    places = (i for i in range(len(words) - size + 1) if words[i : i + size] == list(topic))
    place = next(places, None)
    if place is None:
        return False
    rest = [*words[:place], *words[place + size :]]
    return sum(not is_common(word, language) for word in rest) <= 1

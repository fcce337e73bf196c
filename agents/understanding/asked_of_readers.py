"""What a request wants its readers to do: a stated call to action, something to ask them for, an
invitation, a link."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_READERS = (
    r"(?:them|(?:the |our |all |your )?(?:readers?|people|everyone|everybody|followers|customers|"
    r"clients|users|subscribers|investors|employees|recipients|candidates|partners|members|team))"
)
_GERMAN_READERS = (
    r"(?:sie|alle|die leser|leser|(?:unsere |die |alle )?(?:kunden|kundinnen|nutzer|investoren|"
    r"mitarbeiter|mitarbeitenden|abonnenten|empfänger|partner|bewerber))"
)
_TO_THE_END = r"(?P<{}>(?:[^.!?;,\n]|[.,](?=\w)){{3,140}})"
# Only a wish beside another is a call: "tell our customers to update" is the work itself.
_BESIDE = r"(?:(?<=[;,.!?:\n])\s*(?:and |then |und |dann )?|\b(?:and|then|und|dann)\s)"
_BESIDE += r"(?:please |also |bitte |auch )*"

_STATED = re.compile(
    r"\b(?:(?:(?:with|and|add|include|end with|mit|und)\s)?(?:an?|einer?)\s)?"
    r"(?:call[- ]to[- ]action|cta|handlungsaufforderung)\s?(?:to|:|is:?|says?:?|that says:?|"
    r"should be:?|zu[mr]?|ist:?|lautet:?)\s*+"
    r"(?:[\"“„«](?P<quoted>[^\"“”„«»\n]{3,120})[\"”“»]|" + _TO_THE_END.format("what") + ")",
    re.IGNORECASE,
)
_ENDING = re.compile(
    r"\b(?:end|close|finish|ende|schließe)\s(?:it\s)?(?:with|mit)\s?:?\s*"
    r"[\"“„«](?P<quoted>[^\"“”„«»\n]{3,120})[\"”“»]",
    re.IGNORECASE,
)
_ASK = re.compile(
    _BESIDE + rf"(?:ask|encourage|urge|get|tell|remind|motivate)(?:ing)?\s{_READERS}\s"
    r"(?P<what>(?:not\s)?to\s(?:[^.!?;,\n]|[.,](?=\w)){3,140})",
    re.IGNORECASE,
)
_ASK_GERMAN = re.compile(
    _BESIDE + rf"(?:bitte?|bitten|fordere|lade|ermuntere)(?:\s(?:dabei|auch))?\s{_GERMAN_READERS}"
    r"(?:\s(?:auf|ein|darum))?,\s(?P<what>(?:[^.!?;\n]|\.(?=\s?[A-ZÄÖÜ][a-zäöü]+\s)){3,140}?"
    r"\b(?:zu\s\w+en|\w+zu\w+en))\b",
    re.IGNORECASE,
)
_INVITE = re.compile(
    _BESIDE + rf"invite\s{_READERS}\sto\s" + _TO_THE_END.format("what"), re.IGNORECASE
)
_INVITE_GERMAN = re.compile(
    _BESIDE
    + rf"lade\s{_GERMAN_READERS}\s(?P<what>zu[mr]?\s(?:[^.!?;,\n]|(?<=\d)\.){{3,120}}?)\sein\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:\s|^)(?:and |und )?(?:with|add|include|put in|mit|füge)\s(?:a |the |an |einem |einen )?"
    r"links?\s(?:to|zu[mr]?|auf)\s" + _TO_THE_END.format("what"),
    re.IGNORECASE,
)
# Where the next demand begins.
_NEXT = re.compile(
    r"\s(?:and|but|then|und|aber|dann)\s(?:please\s|bitte\s)?(?:keep|use|make|include|mention|add|"
    r"don['\u2019]?t|do not|publish|post|share|write|no|in|avoid|nenne|nutze|erwähne|halte|ohne|"
    r"keine?|schreib\w*|verwende)\b|\s(?:in an? [\w-]+ (?:tone|style|voice)|in under|"
    r"in (?:english|german)|no more than|without (?:any )?(?:numbers|hashtags|emojis)|ohne)\b"
    r"|\s(?:at the end|am ende)\s*$|\sund\sein(?:e|en)?\sbild\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"(?:try|join|visit|read|reply|comment|share|book|sign|register|apply|subscribe|download|see|"
    r"test|follow|contact|call|write|send|tell|give|take|meet|discover|learn|come|ask|vote|watch|"
    r"attend|get|check|update|start|order|pre-?order|save|mark|rsvp|let|use|answer|fill)\b",
    re.IGNORECASE,
)
_SEPARABLE = (
    "zurück|weiter|teil|nach|fest|vor|bei|aus|auf|ein|mit|her|hin|zu|an|ab|um|los|runter|weg"
)
_ZU_INSIDE = re.compile(rf"\b({_SEPARABLE})zu(\w+en)$", re.IGNORECASE)
_ZU_BEFORE = re.compile(r"\bzu\s(\w+en)$", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://|www\.|\w\.(?:com|org|net|io|de|eu|dev|app)\b", re.IGNORECASE)
_MARKS = " \t\"'“”„«»:,-"


@dataclass(frozen=True, slots=True)
class Asked:
    """The call to action, the text without the words that said it, and what it is about.

    `occasion` is what readers are invited to, which may be the only subject there is.
    `lacks_address` says that a link was asked for without its address.
    """

    call: str
    rest: str
    occasion: str = ""
    lacks_address: bool = False


def asked_of_readers(frame: str) -> Asked:
    """What the readers are to do; the first that the text states counts."""
    calls: list[str] = []
    rest, occasion, lacks_address = frame, "", False
    for pattern, words_of in _PATTERNS:
        for match in pattern.finditer(rest):
            what, end = _what(match)
            if not what:
                continue
            calls.append(words_of(what))
            if pattern in (_INVITE, _INVITE_GERMAN):
                occasion = occasion or _occasion(what)
            lacks_address |= pattern is _LINK and not _ADDRESS.search(what)
            rest = rest[: match.start()] + " " * (end - match.start()) + rest[end:]
    return Asked(calls[0] if calls else "", rest, occasion, lacks_address)


def _what(match: re.Match[str]) -> tuple[str, int]:
    """What is asked for, up to the next demand, and where it ends."""
    group = "quoted" if match.groupdict().get("quoted") else "what"
    if group == "quoted":
        return match[group].strip(), match.end()
    stop = _NEXT.search(match[group])
    words = match[group][: stop.start()] if stop else match[group]
    end = match.start(group) + len(words) if stop else match.end()
    return words.strip(_MARKS), end


def _as_stated(what: str) -> str:
    return what


def _as_wish(what: str) -> str:
    negated = re.sub(r"^not to\s", "Do not ", what, flags=re.IGNORECASE)
    return _capital(re.sub(r"^to\s", "", negated, flags=re.IGNORECASE))


def _as_german_wish(what: str) -> str:
    """What somebody is asked to do, as a sentence: "zu antworten" becomes "Bitte antworten"."""
    words = re.sub(r"^(?:sich|uns)\s", "", what)
    words = _ZU_INSIDE.sub(r"\1\2", words)
    return "Bitte " + _ZU_BEFORE.sub(r"\1", words)


def _as_invitation(what: str) -> str:
    return _capital(what) if _VERB.match(what) else f"Join us for {what}"


def _as_german_invitation(what: str) -> str:
    return f"Herzliche Einladung {what}"


def _as_link(what: str) -> str:
    is_german = bool(re.match(r"unser\w*\s|de[rmn]\s|eine[rm]\s", what, re.IGNORECASE))
    if _ADDRESS.match(what):
        return f"Read more: {what}"
    return f"Mehr dazu auf {what}" if is_german else f"See {what}"


def _occasion(what: str) -> str:
    return re.sub(r"^zu[mr]?\s", "", what) if not _VERB.match(what) else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (_STATED, _as_stated),
    (_ENDING, _as_stated),
    (_ASK, _as_wish),
    (_ASK_GERMAN, _as_german_wish),
    (_INVITE, _as_invitation),
    (_INVITE_GERMAN, _as_german_invitation),
    (_LINK, _as_link),
)

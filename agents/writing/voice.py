"""How each tone sounds: its family, contractions, exclamation marks, emojis and German address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Family = Literal["sober", "stiff", "bold", "warm", "light"]


@dataclass(frozen=True, slots=True)
class Voice:
    """The manner of one tone. `exclaims` says whether it may use its one exclamation mark."""

    tone: str
    family: Family
    contracts: bool = False
    exclaims: bool = False
    has_emojis: bool = False
    says_du: bool = False


VOICES = {
    voice.tone: voice
    for voice in (
        Voice("professional", "sober"),
        Voice("formal", "stiff"),
        Voice("authoritative", "bold"),
        Voice("informative", "sober"),
        Voice("neutral", "stiff"),
        Voice("confident", "bold"),
        Voice("urgent", "bold"),
        Voice("inspirational", "warm"),
        Voice("empathetic", "warm"),
        Voice("friendly", "warm", contracts=True, exclaims=True, has_emojis=True, says_du=True),
        Voice("conversational", "warm", contracts=True, says_du=True),
        Voice("casual", "light", contracts=True, exclaims=True, has_emojis=True, says_du=True),
        Voice("witty", "light", contracts=True, has_emojis=True, says_du=True),
        Voice(
            "enthusiastic", "light", contracts=True, exclaims=True, has_emojis=True, says_du=True
        ),
    )
}

_SHORT_FORMS = {
    "it is": "it's",
    "that is": "that's",
    "here is": "here's",
    "what is": "what's",
    "we are": "we're",
    "we would": "we'd",
    "do not": "don't",
    "does not": "doesn't",
    "is not": "isn't",
    "are not": "aren't",
    "cannot": "can't",
    "let us": "let's",
    "you are": "you're",
    "did not": "didn't",
    "we will": "we'll",
    "there is": "there's",
    "would not": "wouldn't",
}
_LONG_FORMS = {
    "it's": "it is",
    "that's": "that is",
    "here's": "here is",
    "what's": "what is",
    "we're": "we are",
    "we've": "we have",
    "we'd": "we would",
    "don't": "do not",
    "doesn't": "does not",
    "isn't": "is not",
    "aren't": "are not",
    "can't": "cannot",
    "won't": "will not",
    "let's": "let us",
    "you're": "you are",
    "didn't": "did not",
    "we'll": "we will",
    "there's": "there is",
    "it'll": "it will",
    "they'll": "they will",
    "i'm": "I am",
    "they're": "they are",
    "wouldn't": "would not",
    "couldn't": "could not",
    "wasn't": "was not",
    "i've": "I have",
    "haven't": "have not",
    "hasn't": "has not",
    "you'll": "you will",
    "weren't": "were not",
    "shouldn't": "should not",
}
_SHORTENED = re.compile(rf"\b(?:{'|'.join(_SHORT_FORMS)})\b", re.IGNORECASE)
_LENGTHENED = re.compile(rf"\b(?:{'|'.join(_LONG_FORMS)})\b", re.IGNORECASE)


def voice_of(tone: str) -> Voice:
    """The voice of a tone; a professional one for a tone that is not known."""
    return VOICES.get(tone, VOICES["professional"])


def contracted(text: str) -> str:
    """English as it is spoken: "it's" for "it is"."""
    return _SHORTENED.sub(lambda match: _like(match.group(), _SHORT_FORMS), text)


def spelt_out(text: str) -> str:
    """English without contractions."""
    plain = text.replace("\u2019", "'")
    return _LENGTHENED.sub(lambda match: _like(match.group(), _LONG_FORMS), plain)


def _like(found: str, forms: Mapping[str, str]) -> str:
    """The other form, with a capital where the found one has it."""
    form = forms[found.lower()]
    return form[:1].upper() + form[1:] if found[:1].isupper() else form

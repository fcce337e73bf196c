"""Plain text taken apart and measured: paragraphs, sentences, words, and tidy spaces."""

import re
from collections.abc import Iterable

_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|approx|vs|Dr|Mr|Mrs|Ms|Prof|Inc|Ltd|Co|Corp|St|No|Nr|Art|bzw|ca|etc|usw|"
    r"Mio|Mrd|inkl|zzgl|ggf|max|min|a\.m|p\.m)|\b[A-Za-z]|\bz\.\s?B|\bu\.\s?a|\bd\.\s?h)\.$"
)
_GERMAN_ORDINAL = re.compile(r"\b\d{1,2}\.$")
_ORDINAL_TAIL = re.compile(
    r"(?:Quartal|Halbjahr|Jahr|Monat|Platz|Rang|Januar|Februar|März|April|Mai|Juni|Juli|August|"
    r"September|Oktober|November|Dezember)"
)
_END = re.compile(r"[.!?…]+[\"”“»')\]]*(?=\s)|\n+")
_EMOJI_TAIL = re.compile(r"\s*[\U0001F300-\U0001FAFF\u2600-\u27bf]\ufe0f?")
_WORD = re.compile(r"\S*\w\S*")
_HASHTAG = re.compile(r"#\w+")
EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\u231a\u231b\u23e9-\u23f3]"
    "[\ufe0f\u200d\U0001f3fb-\U0001f3ff\U0001f000-\U0001faff\u2640\u2642]*"
)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: what blank lines part."""
    return [
        part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip()
    ]


def sentences(text: str) -> list[str]:
    """The sentences of a text; a line break ends one, abbreviations and decimals do not."""
    found, start = [], 0
    for match in _END.finditer(text):
        head, rest = text[start : match.end()].rstrip(), text[match.end() :].lstrip()
        if match.group()[0] != "\n" and _goes_on(head, rest):
            continue
        emoji = _EMOJI_TAIL.match(text, match.end())
        end = emoji.end() if emoji and match.group()[0] != "\n" else match.end()
        found.append(text[start:end].strip())
        start = end
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def _goes_on(head: str, rest: str) -> bool:
    """Whether a full stop does not end the sentence."""
    if not rest:
        return False
    if head.endswith(".") and _ABBREVIATION.search(head):
        return True
    if _GERMAN_ORDINAL.search(head) and _ORDINAL_TAIL.match(rest):
        return True
    return rest[0].islower()


def words(text: str) -> list[str]:
    """The words of a text: runs of characters that hold a letter or digit."""
    return _WORD.findall(text)


def without_hashtags(text: str) -> str:
    """The text without its hashtags, as sentences are counted."""
    return _HASHTAG.sub("", text)


def without_emojis(text: str) -> str:
    """The text without emojis and without the gaps that they leave."""
    return re.sub(r"[ \t]{2,}", " ", re.sub(r" ([.,!?])", r"\1", EMOJI.sub("", text))).strip()


def capital(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The text with a small letter at its beginning, unless it starts with a name or a number."""
    second = text[1:2]
    return text if second.isupper() or second.isdigit() else text[:1].lower() + text[1:]


def tidy(text: str) -> str:
    """The text with single spaces, at most one blank line in a row, and no space before marks."""
    text = text.replace("\r\n", "\n")
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n")]
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    joined = re.sub(r" +([,;!?](?:\s|$))", r"\1", joined)
    return joined.strip()


def join(parts: Iterable[str], mark: str = " ") -> str:
    """The parts that say something, joined."""
    return mark.join(part for part in parts if part)


def ended(text: str) -> str:
    """The text with a full stop, unless something ends it already."""
    text = text.strip()
    return text if not text or text[-1] in '.!?…:"”“»' or EMOJI.search(text[-2:]) else f"{text}."

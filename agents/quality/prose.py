"""Splits a text into what can be measured: sentences, words, paragraphs, syllables, hashtags."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agents.writing.prose import without_hashtags, words

_SENTENCE_END = re.compile(
    r"(?<=[.!?\u2026])[\"\u201c\u201d\u2019')\]]*\s+(?=[\"\u201c\u201e\u00ab('#\-\u2013]?[^\W\d_a-zäöüß]|[\"\u201e]?[$€£\d])"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|Dr|Mr|Mrs|Ms|Prof|St|No|Nr|ca|bzw|usw|inkl|exkl|Inc|Ltd|Co|"
    r"Abs|Art|vgl|Sec|Fig|U\.S|z\.\s?B|d\.\s?h|u\.\s?a)|\b[A-Za-zÄÖÜ])\.$"
)
_ORDINAL = re.compile(r"\b\d{1,2}\.$")  # German: "am 3. März"; in English a number ends there
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019\-][^\W\d_]+)*")
_TOKEN = re.compile(r"[$€£]?\d[\d.,]*\d?%?|[^\W\d_][^\W_]*(?:['\u2019\-][^\W_]+)*")
HASHTAG = re.compile(r"#(?<![\w&/#]#)[^\W_]\w*")  # begins with its sign: quick to look for
LINK = re.compile(r"(?:https?://|www\.)\S+")
_LINE = re.compile(r"[^\n]+")
_TAG_LINE = re.compile(r"(?:\s*#\w+)+\s*")
EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2b55\u231a\u231b\u23e9-\u23fa]"
    "[\ufe0f\u200d\U0001f3fb-\U0001f3ff]*"
)

_EN_VOWELS = re.compile(r"[aeiouy]+")
_EN_SILENT = re.compile(r"(?:[^laeiouy]es|[^aeioutd]ed|[^aeiouyl]e)$")
_DE_VOWELS = re.compile(r"(?:aa|ee|oo|ie|ei|ai|au|eu|äu|[aeiouyäöü])")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text with its offsets."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its place and how many words it has; numbers count as words."""

    start: int
    end: int
    text: str
    words: int


@dataclass(frozen=True, slots=True)
class Prose:
    """What a text consists of. Lines of nothing but hashtags belong to no paragraph."""

    paragraphs: tuple[Span, ...]
    sentences: tuple[Sentence, ...]
    words: tuple[str, ...]  # in small letters, without numbers and hashtags
    hashtags: tuple[Span, ...]
    syllables: int


def read_prose(text: str, language: str) -> Prose:
    """The parts of a text; `language` is "en" or "de" and decides how syllables are counted."""
    paragraphs = tuple(_paragraphs(text))
    sentences = tuple(s for p in paragraphs for s in _sentences(p, language))
    plain = HASHTAG.sub(" ", text) if "#" in text else text
    if "http" in text or "www." in text:
        plain = LINK.sub(" ", plain)
    spoken = tuple(word.lower() for word in _WORD.findall(plain))
    count = syllables_in_german if language == "de" else syllables_in_english
    return Prose(
        paragraphs=paragraphs,
        sentences=sentences,
        words=spoken,
        hashtags=tuple(Span(m.start(), m.end(), m.group()) for m in HASHTAG.finditer(text)),
        syllables=sum(map(count, spoken)),
    )


def _paragraphs(text: str) -> Iterator[Span]:
    for match in _LINE.finditer(text):
        line = match.group()
        if line.strip() and not _TAG_LINE.fullmatch(line):
            start = match.start() + len(line) - len(line.lstrip())
            yield Span(start, start + len(line.strip()), line.strip())


def _sentences(paragraph: Span, language: str) -> Iterator[Sentence]:
    begin = 0
    for match in _SENTENCE_END.finditer(paragraph.text):
        edge = (paragraph.text, max(begin, match.start() - 8), match.start())
        if _ABBREVIATION.search(*edge) or (language == "de" and _ORDINAL.search(*edge)):
            continue
        yield _sentence(paragraph, begin, match.start())
        begin = match.end()
    if begin < len(paragraph.text):
        yield _sentence(paragraph, begin, len(paragraph.text))


def _sentence(paragraph: Span, begin: int, end: int) -> Sentence:
    text = paragraph.text[begin:end]
    at = paragraph.start
    return Sentence(at + begin, at + end, text, sum(1 for _ in _TOKEN.finditer(text)))


@lru_cache(maxsize=8192)
def syllables_in_english(word: str) -> int:
    """The syllables of a word in small letters, by its groups of vowels without a silent e."""
    count = len(_EN_VOWELS.findall(word))
    if count > 1 and _EN_SILENT.search(word):
        count -= 1
    return max(1, count)


@lru_cache(maxsize=8192)
def syllables_in_german(word: str) -> int:
    """The syllables of a word in small letters, by its vowels and diphthongs."""
    return max(1, len(_DE_VOWELS.findall(word)))


def small(text: str) -> str:
    """The text in small letters with the same offsets: patterns without case are much faster."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text


def words_in(text: str) -> int:
    """How many words and numbers a text has by the writer's count, without its hashtags."""
    return len(words(without_hashtags(text)))


def content_words(text: str) -> list[str]:
    """The words and numbers of a text in small letters, for comparing texts."""
    return list(_tokens(text))


@lru_cache(maxsize=1024)  # several dimensions look at the same sentences
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(text.lower()))

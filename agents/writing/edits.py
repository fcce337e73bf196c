"""Edits of a text by rules: tidy, in shorter lines, without markdown or forbidden words."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from agents.writing.guard import forbidden_in, has_numbers
from agents.writing.outline import Line, Outline, changed
from agents.writing.prose import capital, ended, sentences, tidy, words

Change = Callable[[str], str]
LONG_SENTENCE = 28  # words

_DOUBLED = re.compile(
    r"\b(?!had had|that that|die die|der der|das das|sie sie)(\w+)(\s+\1\b)+", re.I
)
_MARKDOWN = (
    (re.compile(r"^\s{0,3}#{1,6}\s+(?=\S)", re.M), ""),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"!?\[([^\]\n]+)\]\((https?://[^)\s]+)\)"), r"\1 (\2)"),
    (re.compile(r"!?\[([^\]\n]+)\]\((?:[^()\s]++|\([^()\n]*+\))*+\)"), r"\1"),
    (re.compile(r"^\s*[*+]\s+(?=\S)", re.M), "- "),
    (re.compile(r"^\s{0,3}>\s?", re.M), ""),
    (re.compile(r"```\w*\n?|`"), ""),
    (re.compile(r"^\s*(?:-{3,}|\*{3,}|_{3,})\s*$", re.M), ""),
    (re.compile(r"~~(.+?)~~"), r"\1"),
)
_PLACEHOLDER = re.compile(
    r"\[[^\]\n]{1,60}\]|\{\{?[^}\n]{1,60}\}?\}|"
    r"<[A-Za-z][^>\n]{0,60}>|\bX{3,}\b|"
    r"\b(?:TODO|TBD|FIXME)\b|lorem ipsum",
    re.I,
)
_FILLERS = re.compile(
    r"\b(?:very|really|actually|basically|quite|simply|just|literally|truly|totally|extremely|"
    r"absolutely|incredibly|sehr|wirklich|eigentlich|einfach|absolut|total|natürlich|quasi|"
    r"halt|eben)\s+(?=\w)",
    re.IGNORECASE,
)
_WORDY = tuple(
    (re.compile(rf"\b{long}\b", re.IGNORECASE), short)
    for long, short in (
        ("in order to", "to"),
        ("due to the fact that", "because"),
        ("at this point in time", "now"),
        ("in the event that", "if"),
        ("a large number of", "many"),
        ("the majority of", "most"),
        ("with regard to", "about"),
        ("as well as", "and"),
        (
            "we(?: are|['\u2019]re) (?:happy|excited|proud|"
            "pleased|delighted|thrilled) to (?:announce|share) that ",
            "",
        ),
        ("it is important to note that ", ""),
        ("please note that ", ""),
        ("in addition to this", "also"),
        ("aufgrund der Tatsache, dass", "weil"),
        ("zum jetzigen Zeitpunkt", "jetzt"),
        ("eine Vielzahl von", "viele"),
        ("in Bezug auf", "zu"),
        ("sowohl (\\w+) als auch", r"\1 und"),
    )
)
QUOTED = re.compile(r"\"[^\"\n]+\"|“[^“”\n]+”|„[^„“”\n]+[“”]|«[^«»\n]+»|»[^«»\n]+«")
_CUTS = re.compile(
    r"(?P<semi>;\s+)|(?P<dash>\s+[\u2013—]\s+)|,\s+(?P<word>and|but|so|und|aber|denn)\s+"
    r"(?=(?:we|it|they|this|that|our|the|there|wir|es|sie|das|dies|unser\w*|der|die)\b)",
    re.IGNORECASE,
)


def keeping_quotes(change: Change) -> Change:
    """The change, made to everything but what stands between quotation marks: words of others."""

    def kept(text: str) -> str:
        quotes = QUOTED.findall(text)
        numbers = iter(range(len(quotes)))
        masked = QUOTED.sub(lambda _: _mask(next(numbers)), text)
        done = change(masked)
        for number, quote in enumerate(quotes):
            done = done.replace(_mask(number), quote)
        return done

    return kept


def _mask(number: int) -> str:
    return f"\ue000{chr(0xE100 + number % 0x100)}\ue001"


def every_text(outline: Outline, change: Change) -> Outline:
    """The outline with a change made to each of its sentences; a fixed call stays."""
    result = changed(
        outline, lambda lines: (replace(line, text=t) for line in lines if (t := change(line.text)))
    )
    return replace(
        result,
        hook=change(outline.hook),
        call=outline.call if outline.is_call_fixed else change(outline.call),
    )


def without_sentences(outline: Outline, is_unwanted: Callable[[str], bool]) -> Outline:
    """The outline without the sentences that are unwanted."""
    result = changed(outline, lambda lines: (one for one in lines if not is_unwanted(one.text)))
    return replace(
        result,
        hook="" if is_unwanted(outline.hook) else outline.hook,
        call="" if is_unwanted(outline.call) and not outline.is_call_fixed else outline.call,
    )


def cleaned(text: str) -> str:
    """Single spaces, no control characters, no word twice in a row."""
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", text)
    return _DOUBLED.sub(r"\1", tidy(text))


def without_markdown(text: str) -> str:
    """The text without markdown; links keep their address."""
    for pattern, plain in _MARKDOWN:
        text = pattern.sub(plain, text)
    return text.strip()


def has_placeholder(text: str) -> bool:
    """Whether a gap was left to be filled in."""
    return bool(_PLACEHOLDER.search(text))


def without_fillers(text: str) -> str:
    """The sentence without words that add nothing, and with short words for long phrases."""
    text = _FILLERS.sub("", text)
    for pattern, short in _WORDY:
        text = pattern.sub(short, text)
    return capital(text)


def calm(text: str) -> str:
    """The text without exclamation marks."""
    return re.sub(r"!+(?=\s|$|[\"”)])", ".", text).replace("!?", "?")


def unshouted(text: str) -> str:
    """Long words in capitals in small letters; short ones may be abbreviations."""
    return re.sub(r"\b[A-ZÄÖÜ]{6,}\b", lambda m: m.group().capitalize(), text)


def split_long(outline: Outline) -> Outline:
    """The outline with sentences of more than 28 words split where a clause begins."""

    def split(lines: Iterable[Line]) -> Iterator[Line]:
        for line in lines:
            yield from (replace(line, text=text) for text in in_shorter(line.text))

    return changed(outline, split)


def in_sentences(outline: Outline) -> Outline:
    """The outline with one sentence a line, so that each can go by itself."""

    def apart(lines: Iterable[Line]) -> Iterator[Line]:
        for line in lines:
            for number, text in enumerate(sentences(line.text)):
                yield replace(line, text=text, rank=line.rank - number / 100)

    return changed(outline, apart)


def in_shorter(sentence: str) -> list[str]:
    """A long sentence as two or more, where it can be split without changing its words."""
    if len(words(sentence)) <= LONG_SENTENCE:
        return [sentence]
    middle = len(sentence) / 2
    found = [m for m in _CUTS.finditer(sentence) if 25 < m.start() < len(sentence) - 20]
    if not found:
        return [sentence]
    cut = min(found, key=lambda match: abs(match.start() - middle))
    first, second = sentence[: cut.start()], sentence[cut.end() :]
    word = cut["word"]
    if word and word.lower() in ("but", "so", "aber", "denn"):
        second = f"{capital(word.lower())} {second}"
    return [*in_shorter(ended(first)), *in_shorter(capital(second))]


def without_forbidden(outline: Outline, phrases: tuple[str, ...]) -> Outline:
    """The outline without sentences and hashtags that hold a forbidden phrase."""
    if not phrases:
        return outline
    tags = tuple(tag for tag in outline.hashtags if not forbidden_in(tag, phrases))
    outline = replace(outline, hashtags=tags, is_call_fixed=outline.is_call_fixed)
    if forbidden_in(outline.call, phrases):
        outline = replace(outline, call="", is_call_fixed=False)
    bridges = tuple(
        replace(p, bridge="") if forbidden_in(p.bridge, phrases) else p for p in outline.paragraphs
    )
    outline = replace(outline, paragraphs=bridges)
    return without_sentences(outline, lambda text: bool(forbidden_in(text, phrases)))


def without_numbers(outline: Outline) -> Outline:
    """The outline without sentences and hashtags that hold a number."""
    tags = tuple(tag for tag in outline.hashtags if not has_numbers(tag.lstrip("#")))
    outline = replace(outline, hashtags=tags)
    if has_numbers(outline.call):
        outline = replace(outline, call="", is_call_fixed=False)
    return without_sentences(outline, has_numbers)

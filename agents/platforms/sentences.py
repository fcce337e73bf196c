"""Takes a text apart into paragraphs, sentences, clauses and words, never inside a number, a link
or a hashtag.
"""

import re
from collections.abc import Iterator

from agents.figures.numbers import find_numbers
from agents.platforms.counting import EMOJI, links

LOOK_BACK = 24  # characters that are looked at before the end of a sentence
LONGEST_NUMBER = 80  # characters without a space; a longer run is no number anybody can read
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_END = re.compile(
    r"(?:(?<![.!?\u2026])[.!?\u2026]++[\"'\u201d\u2019\u00bb)\]]*+(?=\s)|\n|[\u3002\uff01\uff1f])\s*"
)
_ABBREVIATION = re.compile(
    r"(?<![^\s(\"\u201c\u201e])(?:(?:dr|prof|mr|mrs|ms|st|nr|vs|inc|ltd|corp|approx|ca|bzw|etc|"
    r"evtl|ggf|inkl|zzgl|"
    r"mio|mrd|tsd|mill|sog|usw|vgl|z|d|u|e|i|a|jan|feb|apr|aug|sept|sep|okt|oct|nov|dec|dez|"
    r"fig|tel|str)|[A-Z]|(?:[a-z]\.)+[a-z])\.$",
    re.IGNORECASE,
)
_SPOKEN = "\"'\u201d\u2019\u00bb)\u2026"  # after these a small letter goes on with the sentence
_ORDINAL = re.compile(r"(?<![\d.,])\d{1,2}\.$")
_AFTER_ORDINAL = re.compile(
    r"(?:Quartal|Halbjahr|Jahr|Monat|Woche|Tag|Platz|Januar|Februar|März|April|Mai|Juni|Juli|"
    r"August|September|Oktober|November|Dezember|[a-zäöü])"
)
_CLAUSE = re.compile(r"(?:[,;:]|\s[\u2013\u2014-])\s+")
_SPACE = re.compile(r"\s+")
_TOGETHER = re.compile(  # besides numbers: what reads wrongly when a line ends inside it
    r"\b(?:[Qq][1-4]|[Hh][12]|FY|fy)\s\d{2,4}\b|\d(?:[ \u00a0\u202f]\d{3})+\b"
    r"|(?<=\d)[ \u00a0\u202f][$€£%]|^\d{1,2}\.\s"
)
_MARK = re.compile(rf"{EMOJI.pattern}|.[\u0300-\u036f\ufe00-\ufe0f\u200d]{{0,12}}", re.DOTALL)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, parted by blank lines."""
    return [found for piece in _PARAGRAPH.split(text) if (found := piece.strip())]


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph; a line break ends one too, and an emoji behind one is of it."""
    found: list[str] = []
    start, is_same_line = 0, False
    for match in _END.finditer(text):
        if not _goes_on(text, max(start, match.end() - LOOK_BACK), match.end()):
            _add(found, text[start : match.end()].strip(), is_same_line)
            start, is_same_line = match.end(), "\n" not in match.group()
    _add(found, text[start:].strip(), is_same_line)
    return found


def _add(found: list[str], piece: str, is_same_line: bool) -> None:
    is_tail = is_same_line and not any(map(str.isalnum, piece))
    if piece and is_tail:
        found[-1] += f" {piece}"
    elif piece:
        found.append(piece)


def clauses(sentence: str) -> list[str]:
    """The clauses of a sentence, each with its comma, semicolon, colon or dash."""
    return _split(sentence, _CLAUSE, list(_kept_whole(sentence)))


def words(text: str) -> list[str]:
    """The words of a text; a number with its unit, a link and a hashtag are one word each."""
    return _split(text, _SPACE, list(_kept_whole(text)))


def marks(word: str) -> list[str]:
    """The characters of a word as a reader sees them: an emoji or an accented letter is one."""
    return _MARK.findall(word)


def _split(text: str, border: re.Pattern[str], kept: list[tuple[int, int]]) -> list[str]:
    found, start = [], 0
    for match in border.finditer(text):
        if not _is_inside(match.start(), kept) and not _is_inside(match.end() - 1, kept):
            found.append(text[start : match.end()].strip())
            start = match.end()
    found.append(text[start:].strip())
    return [piece for piece in found if piece]


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether a full stop belongs to an abbreviation, an ordinal number, an initial or the marker
    of a list, or speech goes on.
    """
    so_far = text[start:end]
    stop = so_far.rstrip()
    if stop[-1:] in _SPOKEN and text[end : end + 1].islower():
        return True
    if not stop.endswith(".") or "\n" in so_far[len(stop) :]:
        return False
    if _ORDINAL.search(stop):
        is_marker = stop.strip()[:-1].isdigit()
        return is_marker or bool(_AFTER_ORDINAL.match(text, end))
    return bool(_ABBREVIATION.search(stop))


def _kept_whole(text: str) -> Iterator[tuple[int, int]]:
    yield from links(text)
    yield from (match.span() for match in _TOGETHER.finditer(text))
    is_readable = max(map(len, text.split()), default=0) <= LONGEST_NUMBER
    if is_readable and any(character.isdigit() for character in text):
        yield from ((mention.start, mention.end) for mention in find_numbers(text))


def _is_inside(position: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)

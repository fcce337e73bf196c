"""Takes out of a text what no platform shows as meant: markdown, control characters, odd spaces."""

import re
from collections.abc import Callable

from agents.platforms.counting import HASHTAG, PICTURE, links

_SURROGATE_OR_CONTROL = re.compile(
    r"[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]"
)
_LABEL = r"\[([^\[\]\n]+)\]"
_WITHIN = r"(?:[^()\n]++|\([^()\n]*+\))*+"  # anything, with brackets in pairs
_MARKS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"^[^\S\n]*```[\w-]*[^\S\n]*$\n?", re.MULTILINE), ""),
    (re.compile(r"!\[([^\[\]\n]*)\]\([^()\s]+\)"), r"\1"),
    (re.compile(rf"{_LABEL}\((https?://[^()\s]+)(?:\s+\"[^\"\n]*\")?\)"), r"\1 (\2)"),
    (re.compile(rf"{_LABEL}\(mailto:([^()\s?]+)[^()\s]*\)"), r"\1 (\2)"),
    (re.compile(rf"{_LABEL}\(<?[a-z][a-z+.-]*:{_WITHIN}\)", re.IGNORECASE), r"\1"),
    (re.compile(r"^#{1,6}[^\S\n]+(\S.*?)[^\S\n]*#*$", re.MULTILINE), r"\1"),
    (re.compile(r"\*\*\*?([^*\n]+)\*\*\*?"), r"\1"),
    (re.compile(r"(?<!\w)__([^_\n]+)__(?!\w)"), r"\1"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+)(?<=\S)_(?![\w_])"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
    (re.compile(r"^[^\S\n]{0,3}>[^\S\n]?(?=\S)", re.MULTILINE), ""),
    (re.compile(r"^[^\S\n]*[*+][^\S\n]+(?=\S)", re.MULTILINE), "• "),
    (re.compile(r"^[^\S\n]*(?:-{3,}|\*{3,}|_{3,})[^\S\n]*$\n?", re.MULTILINE), ""),
    (re.compile(r"^\|[ \t:|-]+\|[ \t]*$\n?", re.MULTILINE), ""),
    (
        re.compile(r"^\|(.+)\|[ \t]*$", re.MULTILINE),
        lambda match: " · ".join(cell.strip() for cell in match.group(1).split("|")),
    ),
)
_EMOJI_AND_SPACE = re.compile(
    rf"(?P<before>^|\s)?(?:{PICTURE.pattern})+(?P<after>[^\S\n]+|(?=\s)|$)?", re.MULTILINE
)
_BREAKS = re.compile(r"[^\S\u00a0\u202f]+")
_TRAILING = re.compile(r"(?<![^\S\n])[^\S\n]++$", re.MULTILINE)
_BLANKS = re.compile(r"\n{3,}")
_DOUBLED = re.compile(r"(?<=\S) {2,}(?=\S)")


def without_control(text: str) -> str:
    """The text without characters that cannot be shown or sent; new lines are `\\n`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    return _SURROGATE_OR_CONTROL.sub("", text)


def without_marks(text: str) -> str:
    """The text without markdown; links keep their address, bullets become `•`. Addresses of links
    are not touched.
    """
    shelf = [text[start:end] for start, end in links(text)]
    for number, url in enumerate(shelf):
        text = text.replace(url, f"https://{_slot(number)}", 1) if _has_marks(url) else text
    for pattern, replacement in _MARKS:
        text = pattern.sub(replacement, text)
    for number, url in enumerate(shelf):
        text = text.replace(f"https://{_slot(number)}", url, 1)
    return spaced(text)


def one_line(text: str) -> str:
    """The text in one line; spaces that must not break stay."""
    return _BREAKS.sub(" ", text).strip()


def without_emojis(text: str) -> str:
    """The text without emojis and the space they leave."""
    return spaced(_EMOJI_AND_SPACE.sub(lambda match: match.group("before") or "", text))


def without_hash_signs(text: str) -> str:
    """The text with its hashtags as plain words."""
    return HASHTAG.sub(lambda match: match.group()[1:], text)


def spaced(text: str) -> str:
    """The text without trailing spaces, doubled spaces, or more than one blank line in a row."""
    text = _BLANKS.sub("\n\n", _TRAILING.sub("", text))
    return _DOUBLED.sub(" ", text).strip()


def _has_marks(url: str) -> bool:
    return any(mark in url for mark in "*_`[]")


def _slot(number: int) -> str:
    return f"slot{number}.invalid"

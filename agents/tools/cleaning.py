"""Texts of others made harmless to show: no terminal escapes, no control or invisible characters,
and never longer than asked for.
"""

import re

_ESCAPES = re.compile(
    "\x1b\\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    "|\x1b[\\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\\\)?"  # OSC and its like: titles, links, clipboard
    "|\x1b[ -/]*[0-~]"
    "|\x9b[0-?]*[ -/]*[@-~]"
)
# Direction marks and overrides, zero-width and filler characters, tags, variation of nothing; the
# joiners U+200C and U+200D stay, since scripts and emoji need them.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff\ud800-\udfff"
)
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_HARMFUL = re.compile(f"[{_CONTROL}{_INVISIBLE}]")
_BLANKS = re.compile(r"\s+")
_JOINERS = str.maketrans("", "", "\u200c\u200d")


def cleaned(text: str) -> str:
    """The text without what a terminal would obey or a reader could not see."""
    return _HARMFUL.sub("", _ESCAPES.sub("", text.replace("\r\n", "\n")))


def one_line(text: str, limit: int) -> str:
    """The cleaned text in one line of at most so many characters."""
    plain = _BLANKS.sub(" ", cleaned(text[: limit * 8])).translate(_JOINERS).strip()
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def is_clean(text: str) -> bool:
    """Whether nothing would be taken out of the text."""
    return cleaned(text) == text and "\n" not in text and "\t" not in text

"""Breaks text into lines for a picture, with widths estimated on the safe side."""

import re
from collections.abc import Iterator, Mapping

from agents.platforms.sentences import marks

# Advance widths of DejaVu Sans in thousandths of an em. It is the widest of the common sans-serif
# fonts, so that text set in Arial or Helvetica is narrower than estimated.
_THOUSANDTHS = (
    "a613 b635 c550 d635 e615 f352 g635 h634 i278 j278 k579 l278 m974 n634 o612 p635 q635 r411 "
    "s521 t392 u634 v592 w818 x592 y592 z525 A684 B686 C698 D770 E632 F575 G775 H752 I295 J295 "
    "K656 L557 M863 N748 O787 P603 Q787 R695 S635 T611 U732 V684 W989 X685 Y611 Z685 "
    ".318 ,318 :337 ;337 !401 ?531 '275 \"460 (390 )390 -361 /337 $636 %950 #838 &780 @1000 +838"
)
_WIDTHS: Mapping[str, float] = {
    **{pair[0]: int(pair[1:]) / 1000 for pair in _THOUSANDTHS.split()},
    **dict.fromkeys("0123456789", 0.636),
    **dict.fromkeys("\u2014\u2026", 1.0),
    " ": 0.318,
    "\u200d": 0.0,
    "\ufe0f": 0.0,
}
_WORD = re.compile(r"[\S\u00a0\u202f]+")
_LETTER, _CAPITAL = 0.65, 0.8  # of other letters
_WIDE = 1.25  # emojis, and scripts with square letters
_FIRST_WIDE = "\u1100"
BOLD = 1.12  # of a bold font, beside the same one in normal weight


def width(text: str, size: float, *, is_bold: bool = False) -> float:
    """About how wide a line is in pixels, rather more than less."""
    return size * sum(map(_em, text)) * (BOLD if is_bold else 1)


def wrapped(text: str, size: float, room: float) -> list[str]:
    """The lines of a text in letters of this size, none wider than `room`; empty lines stay."""
    return [line for given in text.split("\n") for line in _lines(given, size, room)]


def _lines(text: str, size: float, room: float) -> Iterator[str]:
    line = ""
    for word in _WORD.findall(text):
        for piece in _pieces(word, size, room):
            longer = f"{line} {piece}" if line else piece
            if width(longer, size) <= room:
                line = longer
            else:
                yield line
                line = piece
    yield line


def _pieces(word: str, size: float, room: float) -> Iterator[str]:
    """A word, or as many pieces as a very long one needs."""
    if width(word, size) <= room:
        yield word
        return
    piece = ""
    for mark in marks(word):
        if piece and width(piece + mark, size) > room:
            yield piece
            piece = ""
        piece += mark
    yield piece


def _em(character: str) -> float:
    known = _WIDTHS.get(character)
    if known is not None:
        return known
    if character < _FIRST_WIDE or "\u2000" <= character <= "\u20ff":
        return _CAPITAL if character.isupper() else _LETTER
    return _WIDE

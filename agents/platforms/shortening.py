"""Shortens a text by whole sentences from the end of its body, and only then within a sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.platforms.sentences import marks, sentences, words

Fits = Callable[[Sequence[str]], bool]
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Shortened:
    """What is left, how many sentences went, whether one had to be cut, and whether it fits now."""

    paragraphs: tuple[str, ...]
    dropped: int = 0
    is_cut: bool = False
    is_fitting: bool = True


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence in its place."""

    paragraph: int
    line: int
    text: str
    is_kept: bool


def shorten(paragraphs: Sequence[str], fits: Fits, is_kept: Callable[[str], bool]) -> Shortened:
    """The paragraphs with as many sentences as fit.

    Sentences go from the end; the first one and those that `is_kept` says stay. When nothing else
    can go, the first sentence is cut between words and marked with an ellipsis.
    """
    if fits(paragraphs):
        return Shortened(tuple(paragraphs))
    units = _units(paragraphs, is_kept)
    loose = [position for position in range(len(units) - 1, -1, -1) if not units[position].is_kept]
    least, most = 0, len(loose)
    while least < most:
        middle = (least + most) // 2
        if fits(_join(_without(units, loose[:middle]))):
            most = middle
        else:
            least = middle + 1
    left = _without_dangling(_without(units, loose[:least]))
    dropped, kept = len(units) - len(left), _join(left)
    if fits(kept):
        return Shortened(kept, dropped)
    return _cut(kept, fits, dropped)


def shorten_line(text: str, fits: Callable[[str], bool]) -> str:
    """As many whole words of a line as fit, with an ellipsis; as many characters of a word that is
    too long by itself. Empty if nothing fits.
    """
    for pieces, joint in ((words(text), " "), (marks(text), "")):
        least, most = 0, len(pieces)
        while least < most:
            middle = (least + most + 1) // 2
            if fits(joint.join(pieces[:middle]).rstrip(" ,;:-\u2013\u2014") + ELLIPSIS):
                least = middle
            else:
                most = middle - 1
        if least:
            return joint.join(pieces[:least]).rstrip(" ,;:-\u2013\u2014") + ELLIPSIS
    return ""


def _units(paragraphs: Sequence[str], is_kept: Callable[[str], bool]) -> list[_Unit]:
    """The sentences in their places. Of one that is said again and again, the first and the last
    may be kept.
    """
    places = [
        (p, n, sentence)
        for p, paragraph in enumerate(paragraphs)
        for n, line in enumerate(paragraph.split("\n"))
        for sentence in sentences(line)
    ]
    last = {text: at for at, (_, _, text) in enumerate(places)}
    first = {text: at for at, (_, _, text) in reversed(list(enumerate(places)))}
    return [
        _Unit(p, n, text, not at or (at in (first[text], last[text]) and is_kept(text)))
        for at, (p, n, text) in enumerate(places)
    ]


def _without(units: Sequence[_Unit], gone: Sequence[int]) -> list[_Unit]:
    out = frozenset(gone)
    return [unit for position, unit in enumerate(units) if position not in out]


def _without_dangling(units: list[_Unit]) -> list[_Unit]:
    """Without a line that announced what is gone now."""
    last = next((n for n in range(len(units) - 1, -1, -1) if not units[n].is_kept), None)
    if last is None or not units[last].text.endswith(":"):
        return units
    announced = [unit for unit in units[last + 1 :] if unit.paragraph == units[last].paragraph]
    return units if announced else [*units[:last], *units[last + 1 :]]


def _join(units: Sequence[_Unit]) -> tuple[str, ...]:
    lines: dict[int, dict[int, list[str]]] = {}
    for unit in units:
        lines.setdefault(unit.paragraph, {}).setdefault(unit.line, []).append(unit.text)
    return tuple(
        "\n".join(" ".join(line) for line in paragraph.values()) for paragraph in lines.values()
    )


def _cut(paragraphs: tuple[str, ...], fits: Fits, dropped: int) -> Shortened:
    first, *rest = paragraphs
    line = shorten_line(first, lambda text: fits((text, *rest)))
    if line:
        return Shortened((line, *rest), dropped, is_cut=True)
    return Shortened(paragraphs, dropped, is_fitting=False)

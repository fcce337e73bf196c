"""How much a text says in all, against what its kind and channel give room for."""

from collections.abc import Iterable, Mapping, Sequence

from agents.quality.draft import Examined
from agents.quality.statements import Kind, Statement
from streams.domain.values import Channel

WORDS_OF_A_STATEMENT = 13  # by which a limit of the request becomes a number of statements
DEEP = 0.4  # of the statements that are wanted: these should be no mere figures
LONG = 18  # words from which a sentence holds more than one statement
FEWEST_WORDS = 4  # of a sentence that counts in full

_WANTED: Mapping[str, float] = {"post": 5.0, "post on x": 2.4, "thread": 4.0, "email": 4.0}
_OTHERWISE = 4.0


def counted(said: Iterable[Statement]) -> list[Statement]:
    """The sentences that carry the matter: no greeting, no call."""
    return [one for one in said if one.kind is not Kind.FRAME]


def substance(said: Sequence[Statement]) -> float:
    """How many full statements there are; further figures in a sentence count a little."""
    return sum(
        one.share * _size(one)
        + 0.25 * min(2, max(0, len(one.figures) - 1)) * (one.kind is Kind.FIGURE)
        for one in said
    )


def _size(one: Statement) -> float:
    """A very short sentence is less than a statement, a long one up to two."""
    words = one.sentence.words
    return min(1.0, words / FEWEST_WORDS) + min(1.0, max(0, words - LONG) / WORDS_OF_A_STATEMENT)


def depth(said: Sequence[Statement], examined: Examined) -> float:
    """What is said beside the figures, against what such a text should say beside them."""
    beside = (one.share for one in said if one.kind in (Kind.CONCLUSION, Kind.PARTICULAR))
    return sum(beside) / (DEEP * wanted(examined))


def wanted(examined: Examined) -> float:
    """How many statements such a text should make; fewer where the request limits its length."""
    kind = examined.draft.kind
    if kind == "post" and examined.asked.channels == (Channel.TWITTER,):
        kind = "post on x"
    usual = _WANTED.get(kind, _OTHERWISE)
    return max(1.0, min(usual, *_allowed(examined), usual))


def _allowed(examined: Examined) -> list[float]:
    asked = examined.asked.constraints
    rooms = (
        ("max_words", WORDS_OF_A_STATEMENT),
        ("max_characters", 6 * WORDS_OF_A_STATEMENT),
        ("max_sentences", 1.5),
    )
    limits = ((asked.get(name), size) for name, size in rooms)
    return [
        most / size
        for most, size in limits
        if isinstance(most, int) and not isinstance(most, bool) and most > 0
    ]

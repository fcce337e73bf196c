"""Which metric a number in a sentence is said to be of, where the words leave no doubt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.figures.metric_names import word_set
from agents.figures.numbers import Mention

FARTHEST = 70  # characters between a metric's name and its number
MOST_BETWEEN = 10  # words between them

_STOP = (
    r"(?!(?:and|or|as|in|for|with|from|our|to|of|at|by|is|are|was|were|while|per|the|a|an|each|"
    r"every|now|on|that|which|who|und|oder|als|für|mit|von|aus|unsere?|bei|ist|sind|war|pro|die|"
    r"der|das|je|im|auf)\b)"
)
_JUST_BEFORE = re.compile(rf"[ \u00a0-](?:{_STOP}[^\W\d_]+[ \u00a0-]){{0,2}}")
_PER_NEXT = re.compile(r" (?:per|for each|for every|je|pro) (?:[^\W\d_]+ )?", re.IGNORECASE)
_CHANGE_IN = re.compile(
    r" (?:growth|rise|increase|jump|gain|drop|decline|fall|decrease|improvement|mehr|weniger|"
    r"Wachstum|Anstieg|Rückgang)\s(?:in|of|beim?|im|der|des)\s(?:our\s|the\s|unsere[nrms]?\s)?"
    r"(?:monthly\s|annual\s)?",
    re.IGNORECASE,
)
# Words that may stand between a metric and its number without changing what it is of.
_BETWEEN = word_set(
    "is was are were of at to by from has have been grew grown rose risen fell fallen dropped "
    "declined increased decreased climbed jumped gained reached hit stood came in held stays "
    "stayed remained remains up down now q1 q2 q3 q4 about around over under nearly "
    "almost just roughly some a more "
    "less than growth rise increase decline drop gain rate base count levels level total "
    "currently stable steady flat topped passed "
    "exceeded averages averaged sits ended closed finished month this last year quarter the "
    "ist war sind waren liegt lag liegen lagen beträgt betrug stieg stiegen sank sanken fiel "
    "fielen wuchs wuchsen erreichte erreichten um auf von bei rund etwa über knapp fast nun jetzt "
    "aktuell hat haben zählt derzeit ein eine gestiegen gesunken im wir pro monat"
)
_PIECE = re.compile(r"[Qq][1-4]\b|[^\W\d_]+|[.;!?\n,:()\u2013\u2014-]|\S")
_BREAKS = frozenset(".;!?\n()")
_RANGE_WORDS = frozenset(("from", "to", "up", "down", "von", "auf"))
_PER = re.compile(r"\s(?:per|je|pro|a|each)\s(?:\w+\s)?$", re.IGNORECASE)
_OF = re.compile(r"\s(?:of|from|to|among|von|aus|der|zu|in)\s(?:our\s|the\s|all\s)?$", re.I)

Name = tuple[int, int, str]  # start, end, concept


@dataclass(frozen=True, slots=True)
class Attached:
    """The metrics a number is said to be of: all of them, or one of them."""

    concepts: frozenset[str]
    needs_all: bool = False


def attached(
    text: str, mention: Mention, names: Sequence[Name], numbers: Sequence[Mention]
) -> Attached | None:
    """What the number is of by its neighbours; None where they do not say."""
    after = _after(text, mention, names)
    if after is not None:
        return Attached(frozenset((after,)))
    before = [name for name in names if name[1] <= mention.start]
    if not before or mention.start - before[-1][1] > FARTHEST:
        return None
    if not _is_linked(text, before[-1][1], mention.start, numbers):
        return None
    return _chain(text, before)


def _after(text: str, mention: Mention, names: Sequence[Name]) -> str | None:
    following = next((name for name in names if name[0] >= mention.end), None)
    if following is None:
        return None
    gap = text[mention.end : following[0]]
    if len(gap) > FARTHEST:
        return None
    is_near = (
        _JUST_BEFORE.fullmatch(gap)
        or _PER_NEXT.fullmatch(gap)
        or (mention.unit in ("percent", "ratio") and _CHANGE_IN.fullmatch(gap))
    )
    return following[2] if is_near else None


def _is_linked(text: str, start: int, end: int, numbers: Sequence[Mention]) -> bool:
    """Whether only linking words and other numbers stand between a name and its number."""
    gap = text[start:end]
    for number in numbers:
        if start <= number.start and number.end <= end:
            at = number.start - start
            gap = gap[:at] + " " * (number.end - number.start) + gap[number.end - start :]
    pieces = [piece.lower() for piece in _PIECE.findall(gap)]
    following = [*pieces[1:], ""]
    return len(pieces) <= MOST_BETWEEN and all(map(_links, pieces, following))


def _links(piece: str, following: str) -> bool:
    if piece == ",":
        return following in _RANGE_WORDS
    if piece[0].isalpha():
        return piece in _BETWEEN
    return piece not in _BREAKS


def _chain(text: str, before: Sequence[Name]) -> Attached:
    """The last name, with the one it belongs to: revenue per customer, customers of a region."""
    last = before[-1]
    if len(before) < 2:
        return Attached(frozenset((last[2],)))
    earlier = before[-2]
    gap = text[earlier[1] : last[0]]
    if _PER.fullmatch(gap):
        return Attached(frozenset((earlier[2], last[2])), needs_all=True)
    if _OF.fullmatch(gap):
        return Attached(frozenset((earlier[2], last[2])))
    return Attached(frozenset((last[2],)))

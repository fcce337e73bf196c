"""Several versions of one text that really differ, to be tested against each other."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from agents.figures.metric_notes import Phrase
from agents.figures.number_patterns import WORD_VALUES
from agents.writing.brief import Brief
from agents.writing.prose import words
from agents.writing.reading import text_of
from agents.writing.remarks import remark
from streams.domain.values import Json

Write = Callable[[Brief], Json]
MOST_VERSIONS = 4
TAKES = 24  # that are tried for each further version
ALIKE = 0.6  # of the word pairs; two versions that share more are no test
_ASKED = re.compile(
    r"\b(?P<count>\d|two|three|four|zwei|drei|vier)\s(?:[\w-]+\s){0,2}?"
    r"(?:versions|variants|variations|alternatives|options|drafts|takes|versionen|varianten|"
    r"alternativen|fassungen|entwürfe)\b",
    re.IGNORECASE,
)
_TESTED = re.compile(r"\bA\s?/\s?B\b", re.IGNORECASE)
_VERSIONS: Phrase = (
    "The other versions stand among the alternatives: {n} of {wanted} asked for that differ enough "
    "to be tested against each other.",
    "Die weiteren Fassungen stehen bei den Alternativen: {n} von {wanted} verlangten, die sich "
    "genug unterscheiden, um sie gegeneinander zu testen.",
)


def versions_asked(brief: Brief) -> int:
    """How many versions the request asks for; one where it asks for none in particular."""
    match = _ASKED.search(brief.request)
    if match:
        word = match["count"].lower()
        count = int(word) if word.isdigit() else (
            WORD_VALUES["en"].get(word) or WORD_VALUES["de"].get(word, 1)
        )  # fmt: skip
        return max(1, min(MOST_VERSIONS, count))
    return 2 if _TESTED.search(brief.request) else 1


def with_versions(draft: Json, brief: Brief, write: Write) -> Json:
    """The draft with as many full alternatives as were asked for, if they can be made to differ."""
    wanted = versions_asked(brief)
    if wanted < 2 or not text_of(draft):
        return draft
    found = [text_of(draft)]
    for text in _takes(brief, write):
        if len(found) == wanted:
            break
        if all(likeness(text, other) <= ALIKE for other in found):
            found.append(text)
    note = remark(brief, _VERSIONS, n=_word(len(found), brief), wanted=_word(wanted, brief))
    return draft | {"alternatives": found[1:], "notes": [*draft["notes"], note]}


def _takes(brief: Brief, write: Write) -> Iterator[str]:
    """Other tellings of the same facts, as each take chooses its phrasings."""
    for take in range(1, TAKES + 1):
        yield text_of(write(replace(brief, take=take)))
    for take in range(1, TAKES + 1):  # and then with all that the figures tell beside it
        yield text_of(write(replace(brief, take=take, wanted=())))


def likeness(one: str, other: str) -> float:
    """The share of pairs of neighbouring words that two texts have in common (Jaccard)."""
    first, second = (_pairs(words(text.casefold())) for text in (one, other))
    return len(first & second) / len(first | second) if first | second else 1.0


def _pairs(text: Sequence[str]) -> frozenset[tuple[str, str]]:
    plain = [word.strip(".,:;!?") for word in text]
    return frozenset(pairwise(plain))


def _word(count: int, brief: Brief) -> str:
    names = ("ein", "zwei", "drei", "vier") if brief.is_german else ("one", "two", "three", "four")
    return names[count - 1]

"""Words of a request: tokens with the concepts they stand for, misspelt ones too, and German or
English.

A word of five to seven letters may have one slip, a longer one two, a word of four letters only two
letters swapped; its first letter must be right. Familiar words ("past", "better") are never taken
for a slip.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import combinations
from typing import Any

LONGEST_WORD = 24  # letters; what is longer is no word of ours
SHORTEST_PART = 4  # letters of each part of a German compound
ENDINGS = ("ing", "ed", "es", "en", "er", "em", "s", "e", "n", "t")

_SECTIONS = ("concepts", "metrics", "tones")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W\d_]{1,2}\b)?")
_GERMAN_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word in its place. `concepts` is what it stands for, `meant` how it is spelt if it was
    misspelt."""

    word: str
    start: int
    end: int
    concepts: frozenset[str]
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The known words: what they stand for, and their neighbours by one or two left out letters."""

    concepts: Mapping[str, frozenset[str]]
    neighbours: Mapping[str, tuple[str, ...]]
    spelling: Mapping[str, str]  # of a folded word, as people write it
    familiar: frozenset[str]


@cache
def vocabulary() -> dict[str, Any]:
    """The word lists that come with the package."""
    text = files("agents").joinpath("data/intent_words.json").read_text("utf-8")
    words: dict[str, Any] = json.loads(text)
    return words


def fold(word: str) -> str:
    """Lower case, composed, German letters written out: "Für" is "fuer"."""
    return unicodedata.normalize("NFC", word).lower().translate(_GERMAN_LETTERS)


def folded_words(words: str) -> tuple[str, ...]:
    """The words of a list in the vocabulary, folded."""
    return tuple(fold(word) for word in words.split())


@lru_cache(maxsize=8)
def _prefixed(section: str, prefix: str) -> tuple[tuple[str, str], ...]:
    lists = vocabulary()[section].items()
    return tuple((word, prefix + name) for name, words in lists for word in folded_words(words))


@cache
def lexicon() -> Lexicon:
    """The lexicon of the package's word lists, built at first use."""
    meanings: dict[str, set[str]] = {}
    pairs = (
        *_prefixed("concepts", ""),
        *_prefixed("metrics", "metric:"),
        *_prefixed("tones", "tone:"),
    )
    for word, concept in pairs:
        meanings.setdefault(word, set()).add(concept)
    for word in folded_words(vocabulary()["other_channels"]):
        meanings.setdefault(word, set()).add("other_channel")
    neighbours: dict[str, list[str]] = {}
    for word in meanings:
        for shorter in _shortened(word, _slips(word)):
            neighbours.setdefault(shorter, []).append(word)
    stop = (word for words in vocabulary()["stop_words"].values() for word in folded_words(words))
    familiar = {
        *stop,
        *folded_words(vocabulary()["filler"]),
        *folded_words(vocabulary()["unfuzzy"]),
    }
    return Lexicon(
        {word: frozenset(names) for word, names in meanings.items()},
        {shorter: tuple(words) for shorter, words in neighbours.items()},
        {
            fold(word): word
            for name in _SECTIONS
            for word in " ".join(vocabulary()[name].values()).split()
        },
        frozenset(familiar),
    )


def tokens(text: str) -> list[Token]:
    """The words of a text with what they stand for."""
    found = []
    for match in _WORD.finditer(text):
        concepts, meant = look_up(fold(match.group()))
        found.append(Token(fold(match.group()), match.start(), match.end(), concepts, meant))
    return found


@lru_cache(maxsize=8192)
def look_up(word: str) -> tuple[frozenset[str], str]:
    """What a folded word stands for, and its right spelling if it was misspelt."""
    known = lexicon()
    word = word.split("'")[0].split("\u2019")[0]
    if len(word) > LONGEST_WORD:
        return frozenset(), ""
    if word in known.concepts:
        return known.concepts[word], ""
    if word in known.familiar:
        return frozenset(), ""
    for ending in ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 5 and stem in known.concepts:
            return known.concepts[stem], ""
    compound = _compound(word, known)
    if compound:
        return compound, ""
    meant = _nearest(word, known)
    return (known.concepts[meant], known.spelling.get(meant, meant)) if meant else (frozenset(), "")


def _compound(word: str, known: Lexicon) -> frozenset[str]:
    """What both parts of a German compound stand for: "Umsatzwachstum", "Wachstumszahlen"."""
    for cut in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        tail = known.concepts.get(word[cut:])
        if tail is None:
            continue
        for link in ("", "s", "n", "en"):
            head = word[:cut].removesuffix(link)
            if len(head) >= SHORTEST_PART and head in known.concepts:
                return tail | known.concepts[head]
    return frozenset()


def _nearest(word: str, known: Lexicon) -> str:
    """The known word that this one was probably meant to be, or nothing."""
    if len(word) < 4 or any(letter.isdigit() for letter in word):
        return ""
    candidates = {
        candidate
        for shorter in _shortened(word, 2 if len(word) > 5 else 1)
        for candidate in known.neighbours.get(shorter, ())
    }
    fitting = [(slips, c) for c in candidates if (slips := _distance(word, c)) <= _slips(c)]
    fitting = [(slips, c) for slips, c in fitting if _is_plausible(word, c)]
    return min(fitting)[1] if fitting else ""


def _is_plausible(word: str, candidate: str) -> bool:
    if len(candidate) == 4:
        return len(word) == 4 and sorted(word) == sorted(candidate)
    return word[0] == candidate[0] or sorted(word[:2]) == sorted(candidate[:2])


def _slips(word: str) -> int:
    """How many slips a word of this length may have."""
    if len(word) < 4:
        return 0
    return 1 if len(word) < 8 else 2


def _shortened(word: str, most: int) -> Iterator[str]:
    """The word with up to `most` letters left out."""
    for count in range(min(most, len(word) - 1) + 1):
        for kept in combinations(word, len(word) - count):
            yield "".join(kept)


def _distance(a: str, b: str) -> int:
    """Letters to add, leave out, replace or swap with a neighbour to make one word the other."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]


@cache
def _stop_words(language: str) -> frozenset[str]:
    return frozenset(folded_words(vocabulary()["stop_words"][language]))


@cache
def filler_words() -> frozenset[str]:
    """Words that say nothing about what is wanted."""
    return frozenset(folded_words(vocabulary()["filler"])) | _stop_words("en") | _stop_words("de")


def detect_language(text: str) -> str:
    """ "de" or "en", by the stop words of each and by German letters; "en" if neither leads."""
    words = [fold(match.group()) for match in _WORD.finditer(text)]
    german = sum(word in _stop_words("de") for word in words) + _german_marks(words)
    english = sum(word in _stop_words("en") for word in words)
    if any(letter in "äöüßÄÖÜ" for letter in text):
        german += 1
    return "de" if german > english else "en"


_GERMAN_MARKS = frozenset(
    folded_words(
        "erstelle schreibe schreib analysiere prüfe vergleiche verfasse kürze hilfe hallo danke "
        "beitrag umsatz kennzahlen zahlen auswertung bericht prognose"
    )
)


def _german_marks(words: list[str]) -> int:
    return sum(word in _GERMAN_MARKS for word in words)

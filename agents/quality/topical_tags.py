"""Whether hashtags are about the subject of a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agents.figures.metric_names import word_set
from agents.quality.common_words import GRAMMAR
from agents.quality.draft import Examined
from agents.quality.metric_words import named_in
from agents.quality.prose import HASHTAG

# Of no subject at all: platforms, and what every company could put under everything.
GENERAL = word_set(
    "linkedin twitter x facebook instagram post tweet thread socialmedia social media content "
    "business businessmetrics metrics metric data numbers figures kpi kpis company unternehmen "
    "update updates news neuigkeiten success erfolg motivation inspiration leadership mindset "
    "hustle winning instagood follow like share viral trending monday mondaymotivation zahlen "
    "kennzahlen geschäft"
)
_PART = re.compile(r"[A-ZÄÖÜ]?[a-zäöüß]+|[A-ZÄÖÜ]+(?![a-zäöüß])|\d+")
_NO_WORD = re.compile(r"[\W_]+")
_OF_FIGURES = " growth wachstum results ergebnisse"  # what any figures may be filed under
_ROOT = 6  # letters of a word by which it is recognised inside a longer one
_COMPOUND = 9  # letters: a longer part may be of several words, as in German
_FIRST = 4  # letters by which a longer word is recognised: customer, customers, Kundenzahl


@dataclass(frozen=True, slots=True)
class Tag:
    """A hashtag, where it stands (None beside the text), and whether it is about the subject."""

    text: str
    start: int | None
    is_general: bool
    is_topical: bool
    is_repeated: bool = False

    @property
    def is_good(self) -> bool:
        return self.is_topical and not self.is_general and not self.is_repeated


@lru_cache(maxsize=4)
def tags_of(examined: Examined) -> tuple[Tag, ...]:
    """Each hashtag once, those of the text with their place."""
    placed: dict[str, tuple[str, int | None]] = {}
    for found in examined.prose.hashtags:
        placed.setdefault(found.text.lower(), (found.text, found.start))
    for tag in examined.draft.hashtags:
        placed.setdefault(f"#{tag.lstrip('#').lower()}", (f"#{tag.lstrip('#')}", None))
    return tuple(_judged(examined, list(placed.values())))


def _judged(examined: Examined, placed: list[tuple[str, int | None]]) -> Iterator[Tag]:
    known = _known(examined)
    concepts = {concept for _, _, concept in examined.names}
    seen: set[str] = set()
    for text, start in placed:
        parts = [part.lower() for part in _PART.findall(text)]
        whole = "".join(parts)
        single = whole.removesuffix("s").removesuffix("en")
        is_repeated = single in seen
        seen.add(single)
        about = concepts & {concept for _, _, concept in named_in(" ".join(parts))}
        is_joined = whole in known.joined and len(parts) > 1
        is_topical = bool(about) or is_joined or _is_known(parts, known, examined.asked.language)
        yield Tag(text, start, whole in GENERAL, is_topical, is_repeated)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the text and the request speak of: their words with a space before each, and joined."""

    spaced: str
    joined: str


def _known(examined: Examined) -> _Known:
    draft = examined.draft
    tagless = " ".join(p.text for p in examined.prose.paragraphs)
    text = f" {draft.title} {draft.subject or ''} {HASHTAG.sub(' ', tagless)} "
    text += examined.asked.request
    if examined.numbers or examined.facts:
        text += _OF_FIGURES
    spaced = _NO_WORD.sub(" ", text.lower())
    return _Known(spaced, spaced.replace(" ", ""))


def _is_known(parts: list[str], known: _Known, language: str) -> bool:
    if any(part in GRAMMAR[language] for part in parts):
        return False
    telling = [p for p in parts if p not in GENERAL and not p.isdigit()]
    if any(f" {part[:_FIRST]}" in known.spaced for part in telling):
        return True
    compounds = [part for part in telling if len(part) > _COMPOUND]
    words = known.spaced.split() if compounds else ()
    return any(w[:_ROOT] in part for part in compounds for w in words if len(w) >= _ROOT)

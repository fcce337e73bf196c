"""What the request demands of a formatted text, read from the intent's constraints."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from agents.market.table import plain_name
from agents.platforms.sentences import sentences
from streams.domain.values import Json


@dataclass(frozen=True, slots=True)
class Wishes:
    """The demands that formatting has to hold. None is: not asked for."""

    language: str = "en"
    tone: str = "professional"
    characters: int | None = None
    words: int | None = None
    sentences: int | None = None
    hashtags: int | None = None
    parts: int | None = None
    include: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    has_emojis: bool = True
    is_thread: bool = False
    is_verbatim: bool = False
    sender: str = ""  # who signs an e-mail

    def allows(self, text: str) -> bool:
        """Whether the text keeps to the words and sentences asked for; hashtags are not words."""
        if self.words is not None and _spoken(text) > self.words:
            return False
        if self.sentences is None:
            return True
        return len(sentences(text)) <= self.sentences

    def must_stay(self, sentence: str) -> bool:
        """Whether the sentence holds a phrase that must be included."""
        known = sentence.casefold()
        return any(phrase.casefold() in known for phrase in self.include)

    def tags(self, tags: Iterable[str], text: str, most: int) -> tuple[str, ...]:
        """The hashtags to add: allowed ones that are not in the text already, at most as many as
        the platform and the request bear. A text to be published as it is keeps its own.
        """
        inline = {word.strip(".,;:!?)").casefold() for word in text.split() if word[:1] == "#"}
        if self.is_verbatim and self.hashtags is None:
            return tuple(tag for tag in tags if tag.casefold() not in inline)
        room = (most if self.hashtags is None else min(most, self.hashtags)) - len(inline)
        avoided = ["".join(phrase.casefold().split()) for phrase in self.avoid]
        new = [
            tag
            for tag in tags
            if tag.casefold() not in inline and not any(a in tag.casefold() for a in avoided if a)
        ]
        return tuple(new[: max(0, room)])


def read_wishes(
    constraints: Any, language: Any = "en", tone: Any = "professional", sender: str = ""
) -> Wishes:
    """The demands in a document of constraints; what is of the wrong type is not a demand."""
    known: Json = constraints if isinstance(constraints, dict) else {}
    return Wishes(
        language=language if isinstance(language, str) and language else "en",
        tone=tone if isinstance(tone, str) else "professional",
        characters=_count(known.get("max_characters")),
        words=_count(known.get("max_words")),
        sentences=_count(known.get("max_sentences")),
        hashtags=0 if known.get("no_hashtags") else _count(known.get("max_hashtags")),
        parts=_count(known.get("parts")),
        include=(*_phrases(known.get("must_include")), *_phrases(known.get("call_to_action"))),
        avoid=_phrases(known.get("must_avoid")),
        has_emojis=not known.get("no_emojis"),
        is_thread=known.get("format") == "thread",
        is_verbatim=bool(known.get("verbatim")),
        sender=sender,
    )


def sender_of(*places: Any) -> str:
    """Who signs, by a name, a company or a brand in one of these documents; empty if nobody is
    named."""
    known = [place for place in places if isinstance(place, dict)]
    for name in ("sender", "company", "brand"):
        for place in known:
            found = place.get(name)
            found = found.get("name") if isinstance(found, dict) else found
            if isinstance(found, str) and (said := plain_name(found)):
                return said
    return ""


def _spoken(text: str) -> int:
    """How many words a text has: what holds a letter or a digit and is no hashtag."""
    return sum(word[0] != "#" and any(map(str.isalnum, word)) for word in text.split())


def _count(value: Any) -> int | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number and 0 <= value < 10**9 else None


def _phrases(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        return ()
    return tuple(phrase for phrase in value if isinstance(phrase, str) and phrase.strip())

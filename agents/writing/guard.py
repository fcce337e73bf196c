"""What may stand in a text: forbidden phrases, numbers that are facts, numbers at all."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from agents.figures.facts import Fact
from agents.figures.numbers import Mention, find_numbers, matches
from agents.writing.brief import Brief, Demands
from agents.writing.prose import EMOJI

_UNFIT = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"\d")
SHORT_PHRASE = 4  # letters; a shorter phrase is only forbidden as a word of its own


@lru_cache(maxsize=512)
def _pattern(phrase: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in phrase.split())
    if len(phrase) < SHORT_PHRASE:
        words = rf"(?<!\w){words}(?!\w)"
    return re.compile(words, re.IGNORECASE)


def forbidden_in(text: str, phrases: Iterable[str]) -> list[str]:
    """The forbidden phrases that a text holds, in hashtags too."""
    found = []
    tags = "".join(re.findall(r"#\w+", text)).casefold()
    for phrase in phrases:
        squashed = _UNFIT.sub("", phrase).casefold()
        in_tags = len(squashed) >= SHORT_PHRASE and squashed in tags
        if in_tags or _pattern(phrase).search(text):
            found.append(phrase)
    return found


def is_allowed(text: str, demands: Demands) -> bool:
    """Whether a sentence keeps to what must be avoided."""
    if demands.must_avoid and forbidden_in(text, demands.must_avoid):
        return False
    if demands.no_numbers and has_numbers(text):
        return False
    return not (demands.no_emojis and EMOJI.search(text))


def has_numbers(text: str) -> bool:
    """Whether a text holds a digit or a number in words."""
    return bool(_DIGIT.search(text) or mentions(text, "en") or mentions(text, "de"))


@lru_cache(maxsize=256)
def mentions(text: str, language: str) -> tuple[Mention, ...]:
    """The numbers that a text claims; a text is read once while it is being worked on."""
    return tuple(find_numbers(text, language))


def ungrounded(text: str, brief: Brief) -> list[Mention]:
    """The numbers of a text that are no fact and were not claimed by the request itself."""
    claims = {claim.strip() for claim in brief.demands.claimed_numbers}
    return [
        mention
        for mention in mentions(text, brief.language)
        if fact_of(mention, brief.known) is None and not _is_claimed(mention, claims)
    ]


def _is_claimed(mention: Mention, claims: Iterable[str]) -> bool:
    quote = mention.quote.strip()
    return any(quote == claim or quote in claim.split() for claim in claims)


def fact_of(mention: Mention, facts: Sequence[Fact]) -> Fact | None:
    """The fact that a number of a text is: one that is written so, else the first that matches."""
    fitting = [fact for fact in facts if matches(mention, fact)]
    quote = mention.quote.strip()
    exact = (fact for fact in fitting if fact.text.strip("-") in (quote, quote.lstrip("+-")))
    return next(exact, fitting[0] if fitting else None)


def referenced(text: str, brief: Brief) -> dict[str, str]:
    """Each number of a text that is a fact, by the fact's id, as it is written."""
    found: dict[str, str] = {}
    for mention in mentions(text, brief.language):
        fact = fact_of(mention, brief.known)
        if fact is not None:
            found.setdefault(fact.fact_id, mention.quote.strip())
    return found

"""What a repair is told: a finding with its sentence, and the facts to repair it from."""

from dataclasses import dataclass

from agents.writing.brief import Brief, as_object
from agents.writing.prose import sentences
from agents.writing.story import Story
from streams.domain.values import Json


@dataclass(frozen=True, slots=True)
class Finding:
    """One issue: its code, the words that it rests on, and the sentence that they stand in."""

    code: str
    quote: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Bench:
    """What a repair works with."""

    brief: Brief
    story: Story


def finding_of(issue: Json, content: str = "") -> Finding:
    """The finding in an issue about this content."""
    evidence = as_object(issue.get("evidence"))
    return Finding(
        code=str(issue.get("code") or ""),
        quote=" ".join(str(evidence.get("quote") or "").split()),
        sentence=_sentence_at(content, evidence.get("start")),
    )


def _sentence_at(content: str, start: object) -> str:
    """The sentence of a text in which a position lies; empty for no position."""
    position = 0
    for sentence in sentences(content) if isinstance(start, int) else ():
        begin = content.find(sentence, position)
        position = begin + len(sentence)
        if isinstance(start, int) and begin <= start < position:
            return sentence
    return ""


def holds(text: str, finding: Finding) -> bool:
    """Whether a sentence is the one that a finding is about, even if some words have changed."""
    quote = finding.quote.casefold()
    if not quote or quote not in " ".join(text.split()).casefold():
        return False
    if not finding.sentence:
        return True
    mine, theirs = set(text.casefold().split()), set(finding.sentence.casefold().split())
    return 2 * len(mine & theirs) >= min(len(mine), len(theirs))

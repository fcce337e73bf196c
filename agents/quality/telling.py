"""How a sentence tells a number: a German verb at its end, and whether it speaks of before."""

import re
from dataclasses import replace

from agents.figures.numbers import Mention

_LATER = re.compile(
    r"[^.,;:!?\n()]{0,40}?\b(?:(?P<down>verloren|eingebüßt|abgenommen|zurück(?:gegangen)?)|"
    r"(?P<up>(?:hinzu|dazu)?gewonnen|zugelegt|zugenommen))\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?:from|was|were|had|previous\w*|before|earlier|last|ago|instead|compared|versus|vs|"
    r"against|prior|former\w*|then|than|once|used to|started|began|q[1-4]|"
    r"von|zuvor|vor\w*|war|waren|hatten?|statt|gegenüber|früher\w*|letzten?|noch|als|einst|"
    r"bisher)\b|\u2192|->",
    re.IGNORECASE,
)
_ARRIVAL = re.compile(r"(?<!compared )(?<!opposed )\b(?:to|auf)\s(?:about |rund )?$", re.IGNORECASE)
_START = re.compile(r"\b(?:from|von)\s[^.;!?\n]{1,30}$", re.IGNORECASE)
_EDGE = re.compile(r"[.!?](?=\s)|\n")


def with_later_verb(text: str, mention: Mention) -> Mention:
    """The mention with the direction that a verb behind it gives: "20 Kunden verloren"."""
    match = _LATER.match(text, mention.end)
    if match is None:
        return mention
    return replace(mention, direction=-1 if match["down"] else 1)


def is_of_before(text: str, mention: Mention) -> bool:
    """Whether the sentence, or the one before it, says that a number is of an earlier time.

    What a change arrived at is of now: "rose 25% to 120".
    """
    edges = [m.end() for m in _EDGE.finditer(text, 0, mention.start)]
    begin = edges[-2] if len(edges) > 1 else 0
    head = text[begin : mention.start]
    if _ARRIVAL.search(head) and not _START.search(head[: -len("to ")]):
        return False
    closing = _EDGE.search(text, mention.end)
    return bool(_BEFORE.search(text, begin, closing.start() if closing else len(text)))

"""Cautious words for claims that a compliance rule objects to."""

import re
from collections.abc import Mapping

from agents.writing.prose import capital

Rows = tuple[tuple[re.Pattern[str], str], ...]


def _rows(*rows: tuple[str, str]) -> Rows:
    return tuple((re.compile(rf"\b(?:{old})(?!\w)", re.IGNORECASE), new) for old, new in rows)


_ENGLISH: Mapping[str, Rows] = {
    "guarantee": _rows(
        ("we guarantee (?:that )?you(?:'ll| will)", "we aim to help you"),
        ("we guarantee", "we work towards"),
        ("guarantees?", "aims for"),
        ("guaranteed to", "designed to"),
        ("guaranteed ", ""),
        ("100 ?% (?:safe|secure|certain|sure)", "carefully tested"),
        ("risk[- ]free", "simple"),
        ("no risk", "a clear offer"),
        ("will definitely|will certainly", "may"),
        ("always works?", "is made to work"),
        ("never fails?", "is made to last"),
        ("without fail", "as a rule"),
        ("we promise", "we intend"),
    ),
    "superlative": _rows(
        ("the (?:very )?best(?= (?!in |of |at |on |for |ever|there)\\w)", "a good"),
        ("the leading", "an established"),
        ("the world['\u2019]s leading", "an established"),
        ("(?:the )?(?:number one|no\\. ?1|#1)", "a"),
        ("the only", "a"),
        ("the most (\\w+)", r"a \1"),
        ("the (?:fastest|cheapest|largest|biggest|greatest)", "a strong"),
        ("unbeatable|unrivalled|unrivaled|unmatched|unique", "our own"),
        ("best[- ]in[- ]class|world[- ]class", "high-quality"),
        ("market[- ]leading|industry[- ]leading", "established"),
    ),
    "forward_looking": _rows(
        ("we will", "we plan to"),
        ("will", "may"),
        ("is going to|are going to", "may"),
        ("is set to|are set to", "may"),
        ("is certain to|are certain to", "may"),
        ("guaranteed to", "meant to"),
        ("we expect to", "we plan to"),
        ("we forecast", "we consider"),
    ),
    "green_claim": _rows(
        (
            "climate[- ]neutral|carbon[- ]neutral|co2[- ]neutral|eco[- ]friendly|"
            "environmentally friendly|"
            "sustainable|green ",
            "",
        ),
    ),
    "urgency_pressure": _rows(
        ("(?:act|buy|order|book|hurry)(?: up)?,? now(?: before[^.!?]*)?", "see the details"),
        ("last chance[^.!?]*|only a few (?:left|spots)[^.!?]*|before it['\u2019]s too late", ""),
        ("today only|while supplies last|limited time", ""),
        ("don['\u2019]t miss (?:out|this)[^.!?]*", ""),
    ),
}
_GERMAN: Mapping[str, Rows] = {
    "guarantee": _rows(
        ("wir garantieren", "wir arbeiten an"),
        ("garantierte?[nrsm]? ", ""),
        ("garantiert", "nach Möglichkeit"),
        ("risikofrei(?:e[nrsm]?)?|ohne risiko", "überschaubar"),
        ("100 ?% sicher", "sorgfältig geprüft"),
        ("auf jeden fall|mit sicherheit", "voraussichtlich"),
        ("wir versprechen", "wir beabsichtigen"),
    ),
    "superlative": _rows(
        ("(?:der|die|das) beste", "ein gutes Angebot, die"),
        ("führende[nrsm]?", "etablierte"),
        ("marktführende[nrsm]?", "etablierte"),
        ("einzigartige?[nrsm]?", "eigene"),
        ("nummer eins|nr\\. ?1", "etabliert"),
    ),
    "forward_looking": _rows(
        ("wir werden", "wir planen, wir"),
        ("wird", "könnte"),
        ("werden", "könnten"),
    ),
    "urgency_pressure": _rows(
        ("jetzt (?:kaufen|zugreifen|bestellen)[^.!?]*", "Einzelheiten auf Anfrage"),
        ("nur noch heute[^.!?]*|letzte chance[^.!?]*|nur solange der vorrat reicht", ""),
    ),
}
# A clause where the cautious words want a noun.
_BROKEN = re.compile(
    r"\b(?:work towards|aims for|intend) (?:you|it|they|we|that|our \w+ (?:will|are|is))\b",
    re.IGNORECASE,
)
_NO_GRAMMAR = frozenset({("superlative", True), ("forward_looking", True), ("guarantee", True)})


def softened(sentence: str, code: str, is_german: bool) -> str:
    """The sentence with cautious words, or empty where rules would break its grammar."""
    if (code, is_german) in _NO_GRAMMAR and not _is_only_adjective(sentence, code):
        return ""
    for pattern, soft in (_GERMAN if is_german else _ENGLISH).get(code, ()):
        sentence = pattern.sub(soft, sentence)
    if _BROKEN.search(sentence):
        return ""
    text = re.sub(r"\s+([.,!?])", r"\1", re.sub(r" {2,}", " ", sentence)).strip(" ,")
    return capital(text) if re.search(r"\w{2}", text) else ""


def _is_only_adjective(sentence: str, code: str) -> bool:
    """Whether a German claim lies in an adjective that can simply go."""
    patterns = {
        "guarantee": r"\b(?:garantierte[nrsm]?|risikofreie?[nrsm]?)\s\w",
        "superlative": r"\b(?:markt)?führende[nrsm]?\s\w|\beinzigartige[nrsm]?\s\w",
    }
    return bool(re.search(patterns.get(code, r"(?!)"), sentence, re.IGNORECASE))

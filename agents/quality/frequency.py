"""How often a figure comes about: monthly or annual, by a fact's name and by the text."""

import re

from agents.figures.facts import Fact
from agents.figures.metric_names import words_of

_EVERY = {"month": "monthly", "quarter": "quarterly", "year": "annual", "week": "weekly"}
_EVERY |= {"monat": "monthly", "quartal": "quarterly", "jahr": "annual", "woche": "weekly"}
_RATE_AFTER = re.compile(
    r"[ \u00a0]?(?:(?:a|per|each|every|/|pro|im|je) ?"
    r"(?P<each>month|quarter|year|week|Monat|Quartal|Jahr|Woche)\b|"
    r"(?:in |of |at an )?(?P<adverb>monthly|quarterly|annual(?:ised|ized)?|yearly|weekly)\b)",
    re.IGNORECASE,
)
_FREQUENCIES = {
    "monthly": "monthly", "mrr": "monthly", "quarterly": "quarterly", "weekly": "weekly",
    "annual": "annual", "annualised": "annual", "annualized": "annual", "yearly": "annual",
    "arr": "annual",
}  # fmt: skip


def frequency_of(fact: Fact) -> str:
    """How often the fact comes about by its name; "" where the name does not say."""
    words = (*words_of(fact.fact_id), *words_of(fact.label))
    found = [_FREQUENCIES[word] for word in words if word in _FREQUENCIES]
    return "annual" if "annual" in found else next(iter(found), "")  # annualised monthly revenue


def frequency_said(text: str, end: int) -> str:
    """How often the text says that the number before `end` comes about; "" if it does not."""
    match = _RATE_AFTER.match(text, end)
    if match is None:
        return ""
    if match["each"]:
        return _EVERY[match["each"].lower()]
    return _FREQUENCIES[match["adverb"].lower()]

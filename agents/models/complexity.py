"""How hard a request is and what a mistake in it would cost, from its words, what was understood of
it, and its plan; in English and German.

Effort is counted in points (analyses, figures, parts, steps, channels, length), stakes in points of
their own: a short text can be critical. The words are `agents/data/complexity_words.json`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from agents.models.tiers import Complexity
from streams.domain.intent import Intent
from streams.domain.plan import ExecutionPlan

GRAVE, WEIGHTY = 3, 1  # points of stakes for each word of the kind
CRITICAL_STAKES = 2  # one grave word, or two weighty ones
COMPLEX_EFFORT, MEDIUM_EFFORT = 6, 2
_SLIGHT_WORDS = 20  # a request for a slight thing is short
_DEEP_MOST, _WORKING_MOST, _FIGURES_MOST = 6, 3, 2
_DEEP_POINTS = 3
_STEPS = ((12, 3), (8, 2), (6, 1))  # the built-in plan of one post has five
_LENGTHS = ((120, 3), (60, 2), (25, 1))
_STAKES = ("grave", "weighty")  # looked for in quoted material too
_QUOTED = re.compile(r"['\"\u201e\u201c\u201d]([^'\"\u201c\u201d]{40,})['\"\u201c\u201d]")
_PARTS = re.compile(r",|;|\n\s*[-*\d]|\band\b|\bund\b|\bsowie\b")
_TERM = re.compile(r"'([^']+)'|(\S+)")


@dataclass(frozen=True, slots=True)
class Assessment:
    """A complexity and what it rests on."""

    complexity: Complexity
    effort: int
    stakes: int
    signals: tuple[str, ...]


def assess(
    request: str, intent: Intent | None = None, plan: ExecutionPlan | None = None
) -> Assessment:
    """The complexity of a request, the surer the more is known of it."""
    asked = _QUOTED.sub(" ", request)
    found = {
        kind: _found(pattern, request if kind in _STAKES else asked)
        for kind, pattern in _patterns().items()
    }
    efforts = _effort(asked, found, intent, plan)
    stakes = GRAVE * len(found["grave"]) + WEIGHTY * len(found["weighty"])
    effort = sum(efforts.values())
    if _is_slight(asked, found, plan):
        effort, stakes = min(effort, MEDIUM_EFFORT - 1), max(0, stakes - GRAVE)
    signals = [f"{kind} {'+' if points > 0 else ''}{points}" for kind, points in efforts.items()]
    words = [word for kind in _STAKES for word in sorted(found[kind])]
    named = (f"stakes {stakes}: {', '.join(words)}",) if words else ()
    return Assessment(_grade(effort, stakes), effort, stakes, (*signals, *named))


def _grade(effort: int, stakes: int) -> Complexity:
    if stakes >= CRITICAL_STAKES:
        return Complexity.CRITICAL
    if effort >= COMPLEX_EFFORT:
        return Complexity.COMPLEX
    return Complexity.MEDIUM if effort >= MEDIUM_EFFORT or stakes else Complexity.SIMPLE


def _effort(
    asked: str,
    found: Mapping[str, frozenset[str]],
    intent: Intent | None,
    plan: ExecutionPlan | None,
) -> dict[str, int]:
    """Points by what they are for, without those that are nothing."""
    figures = len(found["figures"]) or len(intent.metrics if intent else ())
    points = {
        "depth": min(_DEEP_MOST, _DEEP_POINTS * len(found["deep"])),
        "analysis": min(_WORKING_MOST, len(found["working"])),
        "figures": min(_FIGURES_MOST, figures),
        "deliverable": 2 if found["deliverable"] else 0,
        "parts": min(2, len(_PARTS.findall(asked)) // 2),
        "channels": max(0, len(intent.channels if intent else ()) - 1),
        "steps": _over(_STEPS, len(plan.steps) if plan else 0),
        "length": _over(_LENGTHS, len(asked.split())),
    }
    return {kind: value for kind, value in points.items() if value}


def _over(steps: tuple[tuple[int, int], ...], amount: int) -> int:
    return next((points for least, points in steps if amount >= least), 0)


def _is_slight(asked: str, found: Mapping[str, frozenset[str]], plan: ExecutionPlan | None) -> bool:
    """Whether an edit or a word or two is asked for, and nothing to work out."""
    has_work = found["deep"] or found["working"] or found["figures"]
    is_short = len(asked.split()) <= _SLIGHT_WORDS
    is_planned = plan is not None and len(plan.steps) >= _STEPS[-1][0]
    return bool(found["slight"]) and is_short and not has_work and not is_planned


def _found(pattern: re.Pattern[str], text: str) -> frozenset[str]:
    return frozenset(match.lower() for match in pattern.findall(text))


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    text = files("agents").joinpath("data/complexity_words.json").read_text("utf-8")
    kinds: Mapping[str, Mapping[str, str]] = json.loads(text)
    return {kind: _pattern(" ".join(lists.values())) for kind, lists in kinds.items()}


def _pattern(words: str) -> re.Pattern[str]:
    """One pattern for words, phrases in quotes, and stems with a star."""
    terms = [phrase or word for phrase, word in _TERM.findall(words)]
    told = (re.escape(term).replace(r"\*", r"[\w-]*") for term in sorted(terms, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(told)})(?![\w-])", re.IGNORECASE)

"""The rule packs: legal rules as data, read once at first use."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from streams.domain.values import Json

Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high", "critical")
PACKS = ("results", "securities", "advertising", "health", "environment", "people")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it looks for, what excuses it, and where it comes from.

    A rule with `triggers` is tried only where one of these words is in the text, in small letters.
    A negatable rule does not hold for what is denied ("no guarantee").
    """

    rule: str
    category: str  # the code of the quality issue that it gives
    severity: Severity
    jurisdiction: str
    citation: str
    title: Mapping[str, str]
    message: Mapping[str, str]
    suggestion: Mapping[str, str]
    triggers: tuple[str, ...]
    pattern: re.Pattern[str] | None  # for the text in small letters, unless it keeps its case
    keeps_case: bool
    detector: str
    is_negatable: bool
    unless_in_sentence: re.Pattern[str] | None
    unless_in_text: re.Pattern[str] | None
    places: frozenset[str]
    yields_to: frozenset[str]  # rules that have said it already


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order of their packs."""
    folder = files("agents").joinpath("data/compliance")
    texts = [folder.joinpath(f"{pack}.json").read_text("utf-8") for pack in PACKS]
    return tuple(_rule(row) for text in texts for row in json.loads(text)["rules"])


def _rule(row: Json) -> Rule:
    severity = next(s for s in SEVERITIES if s == row["severity"])
    keeps_case = row.get("keeps_case", False)
    return Rule(
        rule=row["rule"],
        category=row["category"],
        severity=severity,
        jurisdiction=row["jurisdiction"],
        citation=row["citation"],
        title=row["title"],
        message=row["message"],
        suggestion=row["suggestion"],
        triggers=tuple(row.get("triggers", ())),
        pattern=_pattern("|".join(row.get("patterns", ())), keeps_case=keeps_case),
        keeps_case=keeps_case,
        detector=row.get("detector", ""),
        is_negatable=row.get("is_negatable", False),
        unless_in_sentence=_pattern(row.get("unless_in_sentence", "")),
        unless_in_text=_pattern(row.get("unless_in_text", "")),
        places=frozenset(row.get("places", ("content", "title", "subject"))),
        yields_to=frozenset(row.get("yields_to", ())),
    )


_LETTERS = re.compile(r"\\.|[^\W\d_a-z]")


def _pattern(text: str, *, keeps_case: bool = False) -> re.Pattern[str] | None:
    """The pattern; in small letters it is twice as fast as without regard to case."""
    if not text:
        return None
    if keeps_case:
        return re.compile(text, re.IGNORECASE)
    return re.compile(_LETTERS.sub(_small_letter, text))


def _small_letter(match: re.Match[str]) -> str:
    found = match.group()
    return found if found.startswith("\\") else found.lower()

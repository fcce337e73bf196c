"""The rule packs: legal rules as data, read once at first use.

A pack is a JSON file; `agents/data/compliance/pack.schema.json` says what may stand in it. A rule
holds in a jurisdiction on a day when it has a citation there for that day. `checked` says that the
citation was compared with reference text; the others are from knowledge of the law.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from streams.domain.values import Json

Severity = Literal["low", "medium", "high", "critical"]
Effect = Literal["warns", "blocks"]
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high", "critical")
EFFECTS: tuple[Effect, ...] = ("warns", "blocks")
PACKS = (
    "results", "securities", "advertising", "pricing", "email", "health", "environment", "people",
)  # fmt: skip
SCHEMA = "pack.schema.json"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule comes from, and the days on which that is in force (ISO dates, "" is open)."""

    jurisdiction: str
    text: str
    is_checked: bool
    begins: str
    ends: str

    def holds(self, day: str) -> bool:
        """Whether it is in force on a day; without a day, whether it ever is."""
        return not day or (self.begins <= day and (not self.ends or day <= self.ends))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it looks for, what excuses it, and where it comes from.

    A rule with `triggers` is tried only where one of these words is in the text, in small letters.
    A negatable rule does not hold for what is denied ("no guarantee").
    """

    rule: str
    pack: str
    category: str  # the code of the quality issue that it gives
    severity: Severity
    effect: Effect
    citations: tuple[Citation, ...]
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


def builtin_rules() -> Iterator[Rule]:
    """All rules of the package, in the order of their packs."""
    for pack in PACKS:
        yield from rules_of(json.loads(_folder_text(f"{pack}.json")))


@cache
def schema() -> Json:
    """The JSON Schema of a rule pack."""
    found: Json = json.loads(_folder_text(SCHEMA))
    return found


def _folder_text(name: str) -> str:
    return files("agents").joinpath("data/compliance", name).read_text("utf-8")


def rules_of(pack: Json) -> Iterator[Rule]:
    """The rules of a pack that fits the schema.

    Raises:
        re.error: a pattern is no regular expression.
    """
    for row in pack["rules"]:
        yield _rule(row, str(pack["pack"]))


def _rule(row: Json, pack: str) -> Rule:
    keeps_case = row.get("keeps_case", False)
    return Rule(
        rule=row["rule"],
        pack=pack,
        category=row["category"],
        severity=row["severity"],
        effect=row["effect"],
        citations=tuple(_citation(citation) for citation in row["citations"]),
        title=_both(row["title"]),
        message=_both(row["message"]),
        suggestion=_both(row["suggestion"]),
        triggers=tuple(trigger.lower() for trigger in row.get("triggers", ())),
        pattern=_pattern("|".join(row.get("patterns", ())), keeps_case=keeps_case),
        keeps_case=keeps_case,
        detector=row.get("detector", ""),
        is_negatable=row.get("is_negatable", False),
        unless_in_sentence=_pattern(row.get("unless_in_sentence", "")),
        unless_in_text=_pattern(row.get("unless_in_text", "")),
        places=frozenset(row.get("places", ("content", "title", "subject"))),
        yields_to=frozenset(row.get("yields_to", ())),
    )


def _citation(row: Json) -> Citation:
    return Citation(
        jurisdiction=row["jurisdiction"],
        text=row["text"],
        is_checked=row.get("checked", False),
        begins=row.get("from", ""),
        ends=row.get("until", ""),
    )


def _both(texts: Mapping[str, str]) -> Mapping[str, str]:
    """The text in both languages; a pack of a company may have only one."""
    only = next(iter(texts.values()))
    return {tongue: texts.get(tongue, only) for tongue in ("en", "de")}


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

"""Reads a text by the rule packs: findings with rule, place and what to do."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from agents.compliance_rules.identifiers import DETECTORS
from agents.compliance_rules.packs import SEVERITIES, Citation, Rule
from agents.compliance_rules.rulebook import Rulebook, builtin
from agents.compliance_rules.scope import Scope
from agents.figures.metric_names import is_german, label_of
from agents.quality.prose import small
from streams.domain.values import Json

MOST_FINDINGS = 40
MANY_RULES = 3  # of one severity: together they weigh as one of the next
LONGEST_QUOTE = 200
_LONGEST_SENTENCE = 500  # characters on either side that may excuse a phrase
_DENIAL_REACH = 45  # characters before a phrase in which a denial counts
_DENIED = re.compile(
    r"\b(?:no|not|never|without|cannot|neither|nor|nobody|avoid\w*|"
    r"(?:do|does|did|is|are|was|were|can|could|wo|would|should)n['\u2019]t|"
    r"kein\w*|nicht|nie|niemals|ohne|weder|noch nie|vermeide\w*)\b(?!\s(?:only|just|nur|doubt))"
    r"[^.!?;:\n]*$",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(r"\s(?:\w+\s){0,2}?(?:no|not|nothing|kein\w*|nichts?)\b", re.IGNORECASE)
_QUOTATION = re.compile(
    r"\"[^\"\n]+\"|\u201c[^\u201d\n]+\u201d|\u201e[^\u201c\u201d\n]+[\u201c\u201d]|«[^»\n]+»"
)
_SENTENCE_EDGE = re.compile(r"[.!?](?=\s|$)|\n")


Risk = Literal["none", "low", "medium", "high", "critical"]
ANYWHERE = Scope()


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that a rule objects to. Offsets count in the text of `place`."""

    rule: Rule
    citations: tuple[Citation, ...]  # those that count where the text is for
    quote: str
    start: int
    end: int
    place: str
    message: str
    suggestion: str

    @property
    def blocks(self) -> bool:
        """Whether the text may not pass without a person."""
        return self.rule.effect == "blocks"

    @property
    def citation(self) -> str:
        """Where the rule comes from, in one line."""
        return "; ".join(dict.fromkeys(one.text for one in self.citations))

    @property
    def jurisdiction(self) -> str:
        """Where it counts, in one line."""
        return ", ".join(dict.fromkeys(one.jurisdiction for one in self.citations))

    def as_json(self, language: str) -> Json:
        """The finding by the names of the checker's answer; offsets only for the content."""
        is_content = self.place == "content"
        return {
            "rule": self.rule.rule,
            "pack": self.rule.pack,
            "category": self.rule.category,
            "title": self.rule.title[_tongue(language)],
            "severity": self.rule.severity,
            "effect": self.rule.effect,
            "jurisdiction": self.jurisdiction,
            "citation": self.citation,
            "is_citation_checked": all(one.is_checked for one in self.citations),
            "quote": self.quote,
            "start": self.start if is_content else None,
            "end": self.end if is_content else None,
            "place": self.place,
            "message": self.message,
            "suggestion": self.suggestion,
        }


@dataclass(frozen=True, slots=True)
class Texts:
    """What is checked, by its place, and what is not to be published."""

    content: str
    title: str = ""
    subject: str = ""
    confidential: tuple[str, ...] = ()
    is_check: bool = False  # it speaks of what it objects to: only what it gives away counts

    def places(self) -> Iterator[tuple[str, str]]:
        yield "content", self.content
        if self.subject and self.subject not in self.content:
            yield "subject", self.subject
        if self.title and self.title not in (self.subject, "") and self.title not in self.content:
            yield "title", self.title


def scan(
    texts: Texts, language: str, scope: Scope = ANYWHERE, rulebook: Rulebook | None = None
) -> list[Finding]:
    """The findings in a text, the gravest first, then in the order of the text."""
    return list(_scanned(texts, language, scope, rulebook or builtin()))


@lru_cache(maxsize=64)  # the checker and the evaluator scan the same texts
def _scanned(
    texts: Texts, language: str, scope: Scope, rulebook: Rulebook
) -> tuple[Finding, ...]:  # fmt: skip
    found: list[Finding] = []
    for place, text in texts.places():
        lowered = small(text)
        quoted = [m.span() for m in _QUOTATION.finditer(text)] if texts.is_check else []
        for rule, citations in _in_force(scope, rulebook):
            if place in rule.places and (rule.detector or not texts.is_check):
                spans = _spans(rule, text, lowered, texts.confidential, language)
                free = (s for s in spans if not _is_inside(s, quoted))
                found += [_finding(rule, citations, text, s, place, language) for s in free]
    kept = _without_echoes(found)
    kept.sort(key=lambda f: (-SEVERITIES.index(f.rule.severity), f.place, f.start))
    return tuple(kept[:MOST_FINDINGS])


@lru_cache(maxsize=32)
def _in_force(
    scope: Scope, rulebook: Rulebook
) -> tuple[tuple[Rule, tuple[Citation, ...]], ...]:  # fmt: skip
    """The rules that count in a scope, with what they rest on there."""
    pairs = ((rule, scope.citations(rule)) for rule in rulebook.rules)
    return tuple((rule, citations) for rule, citations in pairs if citations)


def risk_level(findings: Sequence[Finding]) -> Risk:
    """How grave the findings are together.

    "none" without any; else the gravest severity, one step higher when three or more different
    rules of that severity object: three small faults in one text are no small matter.
    """
    if not findings:
        return "none"
    gravest = max(SEVERITIES.index(finding.rule.severity) for finding in findings)
    level = SEVERITIES[gravest]
    rules = {finding.rule.rule for finding in findings if finding.rule.severity == level}
    is_raised = len(rules) >= MANY_RULES and gravest + 1 < len(SEVERITIES)
    return SEVERITIES[gravest + 1] if is_raised else level


def _tongue(language: str) -> str:
    return "de" if is_german(language) else "en"


def _finding(
    rule: Rule,
    citations: tuple[Citation, ...],
    text: str,
    span: tuple[int, int],
    place: str,
    language: str,
) -> Finding:
    start, end = span
    tongue = _tongue(language)
    quote = text[start:end][:LONGEST_QUOTE]
    message, suggestion = rule.message[tongue], rule.suggestion[tongue]
    return Finding(rule, citations, quote, start, end, place, message, suggestion)


def _spans(
    rule: Rule, text: str, lowered: str, confidential: Sequence[str], language: str
) -> list[tuple[int, int]]:
    if rule.detector == "confidential":
        return list(_mentions(text, lowered, confidential, language))
    if rule.detector:
        return list(DETECTORS[rule.detector](text))
    if rule.pattern is None or not any(trigger in lowered for trigger in rule.triggers):
        return []
    spans = [m.span() for m in rule.pattern.finditer(text if rule.keeps_case else lowered)]
    if spans and rule.unless_in_text is not None and rule.unless_in_text.search(lowered):
        return []
    return [span for span in spans if not _is_excused(rule, lowered, *span)]


def _is_excused(rule: Rule, text: str, start: int, end: int) -> bool:
    """Whether the sentence denies it or gives what the rule asks for."""
    if rule.is_negatable:
        if _DENIED.search(text, max(0, start - _DENIAL_REACH), start):
            return True
        if _DENIED_AFTER.match(text, end):
            return True
    if rule.unless_in_sentence is None:
        return False
    first, last = max(0, start - _LONGEST_SENTENCE), min(len(text), end + _LONGEST_SENTENCE)
    begin = max((m.end() for m in _SENTENCE_EDGE.finditer(text, first, start)), default=first)
    closing = _SENTENCE_EDGE.search(text, end, last)
    return bool(rule.unless_in_sentence.search(text, begin, closing.end() if closing else last))


def _mentions(
    text: str, lowered: str, confidential: Sequence[str], language: str
) -> Iterator[tuple[int, int]]:
    """Where a name that is not to be published stands, as it was given or as it is called."""
    for name in confidential:
        spellings = {name.lower(), label_of(name, language).lower(), label_of(name).lower()}
        for spelling in sorted(spellings - {""}):
            if spelling in lowered:
                word = re.compile(rf"(?<!\w){re.escape(spelling)}(?!\w)", re.IGNORECASE)
                yield from (m.span() for m in word.finditer(text))


def _is_inside(span: tuple[int, int], quotations: Sequence[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in quotations)


def _without_echoes(found: Sequence[Finding]) -> list[Finding]:
    """Without a finding whose place a graver rule has taken, and without repeats."""
    kept: list[Finding] = []
    seen: set[tuple[str, str, int]] = set()
    for one in found:
        key = (one.rule.rule, one.place, one.start)
        if key not in seen and not any(_says_same(one, other) for other in found):
            seen.add(key)
            kept.append(one)
    return kept


def _says_same(one: Finding, other: Finding) -> bool:
    is_named = other.rule.rule in one.rule.yields_to
    return is_named and one.place == other.place and one.start < other.end and other.start < one.end

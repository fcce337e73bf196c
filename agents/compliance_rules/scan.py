"""Reads a text by the rule packs: findings with rule, place and what to do."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.compliance_rules.identifiers import DETECTORS
from agents.compliance_rules.packs import SEVERITIES, Rule, Severity, rules
from agents.figures.metric_names import is_german, label_of
from agents.quality.prose import small
from streams.domain.values import Json

MOST_FINDINGS = 40
LONGEST_QUOTE = 200
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


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that a rule objects to. Offsets count in the text of `place`."""

    rule: Rule
    quote: str
    start: int
    end: int
    place: str
    message: str
    suggestion: str

    def as_json(self, language: str) -> Json:
        """The finding by the names of the checker's answer; offsets only for the content."""
        is_content = self.place == "content"
        return {
            "rule": self.rule.rule,
            "category": self.rule.category,
            "title": self.rule.title[_tongue(language)],
            "severity": self.rule.severity,
            "jurisdiction": self.rule.jurisdiction,
            "citation": self.rule.citation,
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


def scan(texts: Texts, language: str) -> list[Finding]:
    """The findings in a text, the gravest first, then in the order of the text."""
    return list(_scanned(texts, language))


@lru_cache(maxsize=64)  # the checker and the evaluator scan the same texts
def _scanned(texts: Texts, language: str) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for place, text in texts.places():
        lowered = small(text)
        quoted = [m.span() for m in _QUOTATION.finditer(text)] if texts.is_check else []
        for rule in rules():
            if place in rule.places and (rule.detector or not texts.is_check):
                spans = _spans(rule, text, lowered, texts.confidential, language)
                free = (s for s in spans if not _is_inside(s, quoted))
                found += [_finding(rule, text, span, place, language) for span in free]
    kept = _without_echoes(found)
    kept.sort(key=lambda f: (-SEVERITIES.index(f.rule.severity), f.place, f.start))
    return tuple(kept[:MOST_FINDINGS])


def risk_level(findings: Iterable[Finding]) -> Severity:
    """The gravest severity; "low" also where nothing was found."""
    ranks = [SEVERITIES.index(finding.rule.severity) for finding in findings]
    return SEVERITIES[max(ranks, default=0)]


def _tongue(language: str) -> str:
    return "de" if is_german(language) else "en"


def _finding(
    rule: Rule, text: str, span: tuple[int, int], place: str, language: str
) -> Finding:  # fmt: skip
    start, end = span
    tongue = _tongue(language)
    quote = text[start:end][:LONGEST_QUOTE]
    return Finding(rule, quote, start, end, place, rule.message[tongue], rule.suggestion[tongue])


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
    begin = max((m.end() for m in _SENTENCE_EDGE.finditer(text, 0, start)), default=0)
    closing = _SENTENCE_EDGE.search(text, end)
    return bool(
        rule.unless_in_sentence.search(text, begin, closing.end() if closing else len(text))
    )


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

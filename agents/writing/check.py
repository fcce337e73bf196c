"""Writes up a compliance check: the risk, each finding with its place and rule, what to do."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from agents.figures.metric_notes import Phrase, say
from agents.writing.brief import Brief
from agents.writing.draft import draft_of
from agents.writing.outline import Line, Outline, Paragraph
from agents.writing.prose import capital, ended, sentences
from streams.domain.values import Json

_TITLE: Phrase = ("Compliance check: {level} risk", "Compliance-Prüfung: Risiko {level}")
_NO_RISK: Phrase = ("Compliance check: no risk found", "Compliance-Prüfung: kein Risiko gefunden")
_LEVELS = {
    "none": ("none", "keine"),
    "low": ("low", "niedrig"),
    "medium": ("medium", "mittel"),
    "high": ("high", "hoch"),
    "critical": ("critical", "kritisch"),
}
_RESULT: Phrase = (
    "The risk level is {level}: {count} to look at before the text is published.",
    "Die Risikostufe ist {level}: {count} vor der Veröffentlichung zu klären.",
)
_NOTHING: Phrase = (
    "The rules found nothing to object to, so the risk level is {level}. That is no proof that the "
    "text is in order: rules see only what they were written for.",
    "Die Regeln haben nichts zu beanstanden; Risikostufe: {level}. Das beweist nicht, dass "
    "der Text in Ordnung ist: Regeln sehen nur, wofür sie geschrieben wurden.",
)
_UNKNOWN: Phrase = (
    "No compliance findings were handed over, so nothing can be said about the risk.",
    "Es wurden keine Compliance-Befunde übergeben, daher ist keine Aussage zum Risiko möglich.",
)
_NO_ADVICE: Phrase = (
    "This check follows rules and is no legal advice. Where money or people are at stake, ask a "
    "lawyer.",
    "Diese Prüfung folgt Regeln und ist keine Rechtsberatung. Wo es um Geld oder Menschen geht, "
    "fragen Sie eine Anwältin oder einen Anwalt.",
)
_PARTS: dict[str, Phrase] = {
    "quote": ("Quote: “{value}”", "Zitat: „{value}“"),
    "place": ("Place: {value}", "Stelle: {value}"),
    "rule": ("Rule: {value}", "Regel: {value}"),
    "why": ("Why: {value}", "Warum: {value}"),
    "effect": ("Effect: {value}", "Wirkung: {value}"),
    "suggestion": ("Suggestion: {value}", "Vorschlag: {value}"),
}
_EFFECTS: dict[str, Phrase] = {
    "blocks": (
        "keeps the text from passing without a person",
        "ohne einen Menschen geht der Text nicht hinaus",
    ),
    "warns": ("a warning", "eine Warnung"),
}
_ORDINALS = (
    ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    (
        "ersten",
        "zweiten",
        "dritten",
        "vierten",
        "fünften",
        "sechsten",
        "siebten",
        "achten",
        "neunten",
        "zehnten",
    ),
)
_COUNTS = (
    (
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
    (
        "ein",
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
    ),
)
_SEVERITIES = ("critical", "high", "error", "medium", "warning", "low", "info")
_SEVERITY_NAMES = {
    "critical": "kritisch",
    "high": "hoch",
    "error": "hoch",
    "medium": "mittel",
    "warning": "mittel",
    "low": "niedrig",
    "info": "Hinweis",
}


def create_check(brief: Brief) -> Json:
    """The findings of a compliance check as a text for people."""
    brief = replace(brief, kind="check")
    raw = brief.check.get("findings")
    found = [f for f in raw if isinstance(f, dict)] if isinstance(raw, list) else []
    found.sort(key=lambda finding: _rank(str(finding.get("severity"))))
    level = str(brief.check.get("risk_level") or "")
    advice = say(brief.language, _NO_ADVICE)
    outline = Outline(
        hook=_summary(brief, found, level),
        paragraphs=(
            *(_paragraph(brief, n, finding) for n, finding in enumerate(found, 1)),
            Paragraph((Line(advice),)),
        ),
    )
    title = say(
        brief.language,
        _NO_RISK if level == "none" else _TITLE,
        level=_level(brief, level) or "?",
    )
    if not brief.check:
        title = say(brief.language, ("Compliance check", "Compliance-Prüfung"))
    details = {"risk_level": level or None, "findings": found, "checked_text": _checked(brief)}
    return draft_of(outline, brief, title=title, details=details, notes=[advice])


def _rank(severity: str) -> int:
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)


def _level(brief: Brief, level: str) -> str:
    return _LEVELS[level][int(brief.is_german)] if level in _LEVELS else level


def _summary(brief: Brief, found: Sequence[Json], level: str) -> str:
    if not brief.check:
        return say(brief.language, _UNKNOWN)
    named = _level(brief, level or "low")
    if not found:
        return say(brief.language, _NOTHING, level=named)
    return say(brief.language, _RESULT, level=named, count=_count(len(found), brief.is_german))


def _count(number: int, is_german: bool) -> str:
    names = _COUNTS[int(is_german)]
    name = names[number - 1] if number <= len(names) else str(number)
    if is_german:
        return "ein Punkt ist" if number == 1 else f"{name} Punkte sind"
    return "one point" if number == 1 else f"{name} points"


def _paragraph(brief: Brief, number: int, finding: Json) -> Paragraph:
    """A finding as plain lines under a numbered heading."""
    title = _text(finding.get("title")) or _text(finding.get("rule")) or "?"
    severity = _text(finding.get("severity"))
    shown = _SEVERITY_NAMES.get(severity, severity) if brief.is_german else severity
    heading = f"{number}. {capital(title)}" + (f" ({shown})" if shown else "")
    lines = tuple(Line(line) for line in _lines(brief, finding))
    return Paragraph(lines or (Line(heading),), bridge=heading if lines else "", mark="\n")


def _lines(brief: Brief, finding: Json) -> Iterator[str]:
    rule = ", ".join(
        filter(None, (_text(finding.get(name)) for name in ("citation", "jurisdiction")))
    )
    values = {
        "quote": _text(finding.get("quote")),
        "place": _place(brief, finding),
        "rule": rule or _text(finding.get("rule")),
        "why": ended(_text(finding.get("message"))),
        "effect": _effect(brief, _text(finding.get("effect"))),
        "suggestion": ended(_text(finding.get("suggestion"))),
    }
    for name, value in values.items():
        if value:
            yield say(brief.language, _PARTS[name], value=value)


def _effect(brief: Brief, effect: str) -> str:
    return ended(say(brief.language, _EFFECTS[effect])) if effect in _EFFECTS else ""


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _checked(brief: Brief) -> str:
    content = brief.draft.get("content")
    return content if isinstance(content, str) else ""


def _place(brief: Brief, finding: Json) -> str:
    """The sentence that the finding stands in, counted in words."""
    quote, start = _text(finding.get("quote")), finding.get("start")
    text, position = _checked(brief), 0
    for n, sentence in enumerate(sentences(text)):
        begin = text.find(sentence, position)
        position = begin + len(sentence)
        is_here = isinstance(start, int) and begin <= start < position
        if is_here or (not isinstance(start, int) and quote and quote in sentence):
            return _sentence_number(n, brief.is_german)
    return ""


def _sentence_number(n: int, is_german: bool) -> str:
    names = _ORDINALS[int(is_german)]
    if n >= len(names):
        return "weiter hinten im Text" if is_german else "further down in the text"
    return f"im {names[n]} Satz" if is_german else f"in the {names[n]} sentence"

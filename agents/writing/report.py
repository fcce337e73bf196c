"""Writes a report: the result first, then what was given, what follows, and what is not known."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from agents.facts import Fact
from agents.metric_notes import Phrase, say
from agents.writing.brief import Brief, fact_map, texts
from agents.writing.draft import draft_of
from agents.writing.outline import Line, Outline, Paragraph
from agents.writing.prose import capital, ended
from streams.domain.values import Json

MOST_ROWS = 40  # of a list; a longer one is for the chart and the data themselves
_HEADINGS: dict[str, Phrase] = {
    "findings": ("Findings", "Befunde"),
    "given": ("What was given", "Was angegeben wurde"),
    "derived": ("What is derived, and how", "Was daraus folgt, und wie"),
    "outlook": ("Trend and forecast", "Trend und Prognose"),
    "market": ("Market", "Markt"),
    "compliance": ("Compliance", "Compliance"),
    "limits": (
        "What the data do not allow, and remarks",
        "Was die Daten nicht hergeben, und Hinweise",
    ),
}
_TITLES: dict[str, Phrase] = {
    "analysis": ("Analysis: {about}", "Auswertung: {about}"),
    "market": ("Market insight: {about}", "Markteinblick: {about}"),
    "metrics": ("business metrics", "Kennzahlen"),
    "and": (" and ", " und "),
}
_NO_SUMMARY: Phrase = (
    "There are no figures to analyse: none were given.",
    "Es gibt keine Zahlen auszuwerten: Es wurden keine angegeben.",
)
_ABOUT_PERIOD: Phrase = ("The figures are for {period}.", "Die Zahlen gelten für {period}.")
_RISK: Phrase = ("Risk level of the text: {level}.", "Risikostufe des Textes: {level}.")
_FORECAST: Phrase = (
    "{Label}: about {value}, with a {confidence} interval from {low} to {high}.",
    "{Label}: etwa {value}, {confidence}-Intervall von {low} bis {high}.",
)
_TREND: Phrase = ("{Label}: {value}.", "{Label}: {value}.")
_OF_PREVIOUS: Phrase = (
    "the change divided by the earlier value",
    "die Änderung geteilt durch den früheren Wert",
)
_DIGIT = re.compile(r"\d")
_WORDS = (
    (re.compile("\\s\u00d7\\s12\\b"), (" times twelve", " mal zwölf")),
    (re.compile("\\s\u00d7\\s"), (" times ", " mal ")),
    (re.compile(r"\s÷\s"), (" divided by ", " geteilt durch ")),
    (re.compile("\\s\u2212\\s"), (" minus ", " minus ")),
    (re.compile(r"\s\+\s"), (" plus ", " plus ")),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines."""

    heading: str
    lines: tuple[str, ...]


def create_report(brief: Brief) -> Json:
    """An analysis of the facts or of the market, as plain text."""
    brief = replace(brief, kind="report")
    told = texts(brief.report.get("insights"))
    research = _research(brief)
    summary = _summary(brief, research)
    sections = [
        Section(_heading(brief, "findings"), _others(told, summary)),
        Section(_heading(brief, "market"), tuple(_others(research, summary))),
        Section(_heading(brief, "given"), tuple(_rows(_given(brief)))),
        Section(_heading(brief, "derived"), tuple(_derived(brief))),
        Section(_heading(brief, "outlook"), tuple(_outlook(brief))),
        Section(_heading(brief, "compliance"), tuple(_compliance(brief))),
        Section(_heading(brief, "limits"), tuple(_limits(brief))),
    ]
    outline = Outline(
        hook=summary,
        paragraphs=tuple(_paragraph(section) for section in sections if section.lines),
    )
    return draft_of(
        outline, brief, title=_title(brief), notes=_limits(brief), details=_details(brief)
    )


def _paragraph(section: Section) -> Paragraph:
    """The section as plain text: its heading, then a line each."""
    lines = tuple(Line(f"- {line}") for line in section.lines)
    return Paragraph(lines, bridge=section.heading, mark="\n")


def _heading(brief: Brief, name: str) -> str:
    return say(brief.language, _HEADINGS[name])


def _title(brief: Brief) -> str:
    facts = fact_map(brief.known)
    labels = [facts[name].label for name in brief.wanted if name in facts][:3]
    both = say(brief.language, _TITLES["and"])
    about = brief.topic or both.join(filter(None, (", ".join(labels[:-1]), *labels[-1:])))
    about = about or say(brief.language, _TITLES["metrics"])
    is_market = bool(brief.research) and not brief.report.get("facts")
    title = say(brief.language, _TITLES["market" if is_market else "analysis"], about=about)
    period = brief.period
    return title if not period or period in title else f"{title} ({period})"


def _summary(brief: Brief, research: Sequence[str]) -> str:
    narrative = str(brief.report.get("narrative") or "") or " ".join(research[:3])
    if not narrative:
        notes = _limits(brief)
        return notes[0] if notes else say(brief.language, _NO_SUMMARY)
    if brief.period and brief.period not in narrative:
        narrative = f"{narrative} {say(brief.language, _ABOUT_PERIOD, period=brief.period)}"
    return narrative


def _others(lines: Iterable[str], summary: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line not in summary)[:MOST_ROWS]


def _research(brief: Brief) -> tuple[str, ...]:
    found = texts(brief.research.get("findings")) or texts(brief.research.get("insights"))
    return found or texts(brief.research.get("narrative"))


def _given(brief: Brief) -> list[Fact]:
    return [fact for fact in brief.known if fact.kind == "given"]


def _rows(facts: Iterable[Fact]) -> Iterator[str]:
    for fact in list(facts)[:MOST_ROWS]:
        yield f"{capital(fact.label)}: {fact.text}"


def _derived(brief: Brief) -> Iterator[str]:
    labels = {fact.fact_id: fact.label for fact in brief.known}
    shown = [f for f in brief.known if f.kind == "derived" and not _is_outlook(f)]
    for fact in shown[:MOST_ROWS]:
        formula = in_words(fact.source, labels, brief.is_german)
        if fact.fact_id.endswith("_change_percent") and formula:
            formula = say(brief.language, _OF_PREVIOUS)
        row = f"{capital(fact.label)}: {fact.text}"
        yield f"{row} ({formula})" if formula else row


def _is_outlook(fact: Fact) -> bool:
    ends = ("_forecast", "_forecast_low", "_forecast_high", "_trend", "forecast_confidence")
    return fact.fact_id.endswith(ends)


def in_words(source: str, labels: dict[str, str], is_german: bool) -> str:
    """A formula of fact ids in words; empty where its digits would read like figures."""
    text = source
    for fact_id in sorted(labels, key=len, reverse=True):
        text = re.sub(rf"(?<![\w.]){re.escape(fact_id)}(?![\w\[])", f"\x00{fact_id}\x01", text)
    for pattern, words in _WORDS:
        text = pattern.sub(words[int(is_german)], text)
    if _DIGIT.search(re.sub(r"\x00[^\x01]*\x01", "", text)):
        return ""
    return re.sub(r"\x00+([^\x00\x01]*)\x01+", lambda m: labels.get(m[1], m[1]), text)


def _outlook(brief: Brief) -> Iterator[str]:
    facts = fact_map(brief.known)
    confidence = facts.get("forecast_confidence")
    for fact in brief.known:
        if fact.fact_id.endswith("_trend"):
            yield say(brief.language, _TREND, Label=capital(fact.label), value=fact.text)
        low, high = (facts.get(f"{fact.fact_id}_{end}") for end in ("low", "high"))
        if fact.fact_id.endswith("_forecast") and low and high and confidence:
            yield say(
                brief.language,
                _FORECAST,
                Label=capital(fact.label),
                value=fact.text,
                confidence=confidence.text,
                low=low.text,
                high=high.text,
            )


def _compliance(brief: Brief) -> Iterator[str]:
    if brief.check.get("risk_level"):
        yield say(brief.language, _RISK, level=str(brief.check["risk_level"]))


def _limits(brief: Brief) -> list[str]:
    """Everything that the other agents remarked."""
    every = (*texts(brief.report.get("notes")), *texts(brief.research.get("notes")))
    return [ended(note) for note in dict.fromkeys(every)]


def _details(brief: Brief) -> Json:
    inner = brief.report.get("details")
    return {"analysis": inner} if isinstance(inner, dict) else {}

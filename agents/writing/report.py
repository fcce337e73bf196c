"""Writes a report: the result first, then what was given, what follows, and what is not known."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from agents.figures.facts import Fact
from agents.figures.metric_notes import Phrase, say
from agents.writing.brief import Brief, fact_map, texts
from agents.writing.draft import draft_of
from agents.writing.meaning import relations
from agents.writing.outline import Line, Outline, Paragraph
from agents.writing.prose import capital, ended, sentences
from agents.writing.story import story_of
from agents.writing.telling import Teller
from streams.domain.values import Json

MOST_DERIVED = 5  # of what follows from the figures; the rest stands in the details
MOST_FINDINGS = 4  # beside the summary
MOST_TOLD = 3  # sentences of the summary
MOST_OF_MARKET = 5  # findings about the market beside the summary; the rest stands in the details
MOST_OF_OTHERS = 10  # given figures of others
MOST_VALUES = 12  # of a list, that fit into a line
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
_BEFORE: Phrase = ("before: {value}", "zuvor: {value}")
_MORE_FOUND: Phrase = (
    "All other findings stand in the details, with a table for each figure.",
    "Alle weiteren Befunde stehen in den Einzelheiten, mit einer Tabelle je Kennzahl.",
)
_MORE_GIVEN: Phrase = (
    "All other given figures stand in the details.",
    "Alle weiteren angegebenen Zahlen stehen in den Einzelheiten.",
)
_MORE: Phrase = (
    "All other derived figures stand in the details.",
    "Alle weiteren abgeleiteten Zahlen stehen in den Einzelheiten.",
)
# What is shown first where not all can be: changes in percent and points, then ratios.
_RANKS = {"_ranked": 5, "_change_percent": 0, "_points": 0, "_change": 3, "_percent_of_rate": 4}
_ENDS = ("_total_change_percent", "_total_change", "_change_percent", "_change", "_ranked")
_POINTS_IN_LABEL = re.compile(r"\s?\((?:percentage points|Prozentpunkte)\)")
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
        Section(_heading(brief, "findings"), _others(told, summary)[:MOST_FINDINGS]),
        Section(_heading(brief, "market"), _market(brief, research, summary)),
        Section(_heading(brief, "given"), tuple(_rows(brief))),
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
    is_market = bool(brief.research) and not brief.report.get("facts")
    tables = [t for t in brief.research.get("tables") or () if isinstance(t, dict)]
    compared = dict.fromkeys(str(t.get("label") or "") for t in tables if is_market)
    labels = ([facts[name].label for name in brief.wanted if name in facts] or [*compared])[:3]
    both = say(brief.language, _TITLES["and"])
    about = brief.topic or both.join(filter(None, (", ".join(labels[:-1]), *labels[-1:])))
    about = about or say(brief.language, _TITLES["metrics"])
    title = say(brief.language, _TITLES["market" if is_market else "analysis"], about=about)
    period = brief.period
    return title if not period or period in title else f"{title} ({period})"


def _summary(brief: Brief, research: Sequence[str]) -> str:
    narrative = str(brief.report.get("narrative") or "") or " ".join(research[:3])
    if not narrative:
        notes = _limits(brief)
        return notes[0] if notes else say(brief.language, _NO_SUMMARY)
    narrative = " ".join(sentences(narrative)[:MOST_TOLD])
    conclusion = _conclusion(brief)
    if conclusion and conclusion not in narrative:
        narrative = f"{narrative} {conclusion}"
    if brief.period and brief.period not in narrative:
        narrative = f"{narrative} {say(brief.language, _ABOUT_PERIOD, period=brief.period)}"
    return narrative


def _conclusion(brief: Brief) -> str:
    """What comparing two of the metrics shows; empty if no two of them can be compared."""
    told = relations(Teller(replace(brief, tone="professional")), story_of(brief).points)
    return next(told, "")


def _market(brief: Brief, research: Sequence[str], summary: str) -> tuple[str, ...]:
    """What matters most of the findings, in their order."""
    found = _others(research, summary)
    if len(found) <= MOST_OF_MARKET + 1:  # for one more, no hint at it is shorter
        return found
    leading = texts(brief.research.get("leading"))
    first = sorted(found, key=lambda line: line not in leading)[:MOST_OF_MARKET]
    return (*(line for line in found if line in first), say(brief.language, _MORE_FOUND))


def _others(lines: Iterable[str], summary: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line not in summary)[:MOST_ROWS]


def _research(brief: Brief) -> tuple[str, ...]:
    found = texts(brief.research.get("findings")) or texts(brief.research.get("insights"))
    return found or texts(brief.research.get("narrative"))


def _rows(brief: Brief) -> Iterator[str]:
    """A line for each metric that was given: its values over time, or its value and the one before.

    A series that is too long for a line shows its ends.
    """
    given = [fact for fact in brief.known if fact.kind == "given"]
    by_id = fact_map(given)
    own = [fact for fact in brief.facts if fact in given and not _is_earlier(fact, by_id)]
    others = [fact for fact in given if fact not in own and not _is_earlier(fact, by_id)]
    is_cut = len(others) > MOST_OF_OTHERS + 1
    rows = [*own, *(others[:MOST_OF_OTHERS] if is_cut else others)]
    for fact in rows[:MOST_ROWS]:
        earlier = [f for f in given if f is not fact and _is_of_series(f, fact)]
        before = by_id.get(f"{fact.fact_id}_previous")
        text = fact.text
        if earlier:
            shown = [f.text for f in (*earlier, *([before] if before else ()), fact)]
            text = ", ".join(shown) if len(shown) <= MOST_VALUES else _ends(shown)
        elif before is not None:
            text = f"{text} ({say(brief.language, _BEFORE, value=before.text)})"
        yield f"{capital(fact.label)}: {text}"
    if is_cut:
        yield say(brief.language, _MORE_GIVEN)


def _ends(shown: Sequence[str]) -> str:
    return ", ".join((*shown[:3], "…", *shown[-3:]))


def _is_earlier(fact: Fact, by_id: Mapping[str, Fact]) -> bool:
    """Whether the fact is a metric's earlier value, which stands in the line of its latest."""
    name = fact.fact_id.split("[")[0].removesuffix("_previous")
    return name != fact.fact_id and name in by_id


def _is_of_series(earlier: Fact, latest: Fact) -> bool:
    return earlier.fact_id.startswith(f"{latest.fact_id}[")


def _derived(brief: Brief) -> Iterator[str]:
    labels = {fact.fact_id: fact.label for fact in brief.known}
    for fact in _most_telling(brief):
        formula = in_words(fact.source, labels, brief.is_german)
        if fact.fact_id.endswith("_change_percent") and formula:
            formula = say(brief.language, _OF_PREVIOUS)
        row = f"{capital(_named(fact))}: {_as_text(fact, brief)}"
        yield f"{row} ({formula})" if formula else row
    if len(_derived_facts(brief)) > MOST_DERIVED + 1:
        yield say(brief.language, _MORE)


def _derived_facts(brief: Brief) -> list[Fact]:
    return [f for f in brief.known if f.kind == "derived" and not _is_outlook(f)]


def _most_telling(brief: Brief) -> list[Fact]:
    """The derived figures that matter most, in the order in which they were derived."""
    found = _derived_facts(brief)
    if len(found) <= MOST_DERIVED + 1:  # for one more, no hint at it is shorter
        return found
    ranked = sorted(found, key=lambda fact: _RANKS.get(_end_of(fact), 1))[:MOST_DERIVED]
    return [fact for fact in found if fact in ranked]


def _end_of(fact: Fact) -> str:
    """The ending of the name that says what kind of figure it is; of a rate, its points count."""
    ends = (
        "_total_change_percent",
        "_total_change",
        "_change_percent",
        "_change",
        "_rank",
        "_ranked",
    )
    end = next((one for one in ends if fact.fact_id.endswith(one)), "")
    if end == "_change" and _is_in_points(fact):
        return "_points"
    return "_percent_of_rate" if end == "_change_percent" and _is_of_rate(fact) else end


def _is_in_points(fact: Fact) -> bool:
    is_trend = fact.fact_id.endswith("_trend") and fact.unit == "percent"
    return is_trend or bool(_POINTS_IN_LABEL.search(fact.label))


def _is_of_rate(fact: Fact) -> bool:
    return "_rate_change_percent" in fact.fact_id or "retention" in fact.fact_id


def _named(fact: Fact) -> str:
    return _POINTS_IN_LABEL.sub("", fact.label)


def _as_text(fact: Fact, brief: Brief) -> str:
    """The figure as it is written; the change of a rate is one in percentage points."""
    if not _is_in_points(fact):
        return fact.text
    number = fact.text.rstrip("%").rstrip("\u00a0 ")
    unit = ("percentage points", "Prozentpunkte")[int(brief.is_german)]
    return f"{number} {unit[:-1] if number.lstrip('-') == '1' else unit}"


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
            yield say(
                brief.language, _TREND, Label=capital(fact.label), value=_as_text(fact, brief)
            )
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
    inner, found = brief.report.get("details"), _research(brief)
    analysis: Json = {"analysis": inner} if isinstance(inner, dict) else {}
    return analysis | ({"market": {"findings": list(found)}} if found else {})

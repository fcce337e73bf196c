"""The financial agent: turns metrics into facts, comparisons, insights, trends and forecasts.

It computes and says what it computed; what the data do not allow stands in the notes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from agents.contract import Agent, Done, Outcome
from agents.figures.chart import MOST_POINTS, bar_chart_svg, line_chart_svg
from agents.figures.facts import Fact, Series, derived_facts, given_facts, series
from agents.figures.formulas import pairs
from agents.figures.horizon import read_horizon
from agents.figures.insights import insights, narrative, rank
from agents.figures.metric_notes import Phrase, is_about, metric_notes, say
from agents.figures.numbers import write
from agents.figures.outlook import Looking, Outlook, outlook
from agents.figures.report_period import period_of
from streams.domain.commands import Command
from streams.domain.values import Json

UNIT_ECONOMICS = (
    "revenue_per_customer", "revenue_per_visit", "visits_per_customer", "ltv_cac_ratio",
    "revenue_per_customer_lifetime", "cac_payback_months", "profit_margin", "profit_margin_monthly",
)  # fmt: skip

_NOTHING_TO_COMPARE: Phrase = (
    "A comparison was asked for, but no metric has an earlier value to compare with.",
    "Ein Vergleich wurde verlangt, aber keine Kennzahl hat einen früheren Wert zum Vergleich.",
)
_WITH_FORECAST: Phrase = ("{title}, with its forecast", "{title} mit Prognose")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a step was asked for, read from its payload."""

    metrics: Json
    intent: Json
    language: str
    action: str
    period: Json | None
    wanted: tuple[str, ...]

    @property
    def label(self) -> str:
        return str(self.period["label"]) if self.period else ""

    @property
    def constraints(self) -> Json:
        return _object(self.intent.get("constraints"))

    @property
    def is_about_others(self) -> bool:
        """Whether it is competitors that are compared with, not an earlier time."""
        return bool(self.constraints.get("market_data")) and not self.constraints.get("compare_to")

    @property
    def is_about_span(self) -> bool:
        """Whether it is about how things went over a stretch of time with several values in it."""
        return self.label.startswith(("last ", "since ")) and " " in self.label[5:]


def _looking(asked: _Asked) -> Looking:
    return Looking(
        is_wanted=asked.action == "forecast",
        is_offered=asked.action != "create",
        horizon=read_horizon(asked.constraints.get("horizon")),
        wanted=asked.wanted,
    )


def analyse_levels(command: Command) -> Outcome:
    """Tool metrics_analyzer: the facts of the period with their comparisons and remarks."""
    asked = _asked(command.payload)
    facts = _facts(asked)
    return Done(
        {
            "facts": [fact.as_json for fact in facts],
            "insights": [],
            "narrative": "",
            "period": asked.period,
            "comparisons": comparisons(facts),
            "notes": _remarks(asked, facts),
            "chart": None,
            "is_offline": True,
        }
    )


def analyse_story(command: Command) -> Outcome:
    """Tool financial_agent.analyze_metrics: what the facts mean, with trends and forecasts."""
    asked, report = _asked(command.payload), _report(command.payload)
    known = _facts_of(report) or _facts(asked)
    lists = list(series(asked.metrics, asked.label).values())
    ahead = outlook(lists, known, asked.language, _looking(asked))
    facts = list({fact.fact_id: fact for fact in (*known, *ahead.facts)}.values())
    told_of = insights(known, asked.wanted, asked.language, is_about_span=asked.is_about_span)
    sentences = [*ahead.insights, *told_of]
    told = rank(sentences, {fact.fact_id: fact for fact in facts}, asked.wanted)
    compared = comparisons(facts)
    return Done(
        {
            "facts": [fact.as_json for fact in facts],
            "insights": [insight.text for insight in told],
            "narrative": narrative(told),
            "period": asked.period or _object(report.get("period")) or None,
            "comparisons": compared,
            "notes": [*_notes(asked, report, facts, compared), *ahead.notes],
            "chart": _chart(asked, lists, facts, ahead),
            "is_offline": True,
            "details": _details(facts, ahead),
        }
    )


def comparisons(facts: Sequence[Fact]) -> list[Json]:
    """Each metric that has an earlier value, with the change in base units and as a share."""
    by_id = {fact.fact_id: fact for fact in facts}
    rows: list[Json] = []
    for now, before in pairs(facts):
        percent = by_id.get(f"{now.fact_id}_change_percent")
        rows.append(
            {
                "metric": now.fact_id,
                "label": now.label,
                "current": now.value,
                "previous": before.value,
                "change": now.value - before.value,
                "change_percent": percent.value if percent else None,
                "unit": now.unit,
            }
        )
    return rows


def _asked(payload: Json) -> _Asked:
    inputs, intent = _object(payload.get("inputs")), _object(payload.get("intent"))
    wanted = inputs.get("metrics") or intent.get("metrics") or ()
    return _Asked(
        metrics=_object(payload.get("business_metrics")),
        intent=intent,
        language=str(intent.get("language") or "en"),
        action=str(intent.get("action") or ""),
        period=period_of(inputs, intent),
        wanted=tuple(str(name) for name in wanted) if isinstance(wanted, list | tuple) else (),
    )


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _facts(asked: _Asked) -> list[Fact]:
    given = given_facts(asked.metrics, asked.label, asked.language)
    return [*given, *derived_facts(given, asked.language)]


def _report(payload: Json) -> Json:
    return _object(_object(payload.get("inputs")).get("metrics_data"))


def _facts_of(report: Json) -> list[Fact]:
    """The facts of the step before; none if it was another tool that answers in another form."""
    facts = report.get("facts")
    try:
        return [Fact.model_validate(fact) for fact in facts] if isinstance(facts, list) else []
    except ValidationError:
        return []


def _notes(
    asked: _Asked, report: Json, facts: Sequence[Fact], compared: Sequence[Json]
) -> list[str]:
    notes = report.get("notes")
    found = [str(note) for note in notes] if isinstance(notes, list) else []
    found += _remarks(asked, facts)
    if asked.action == "compare" and not compared and not asked.is_about_others:
        found.append(say(asked.language, _NOTHING_TO_COMPARE))
    return list(dict.fromkeys(found))


def _remarks(asked: _Asked, facts: Sequence[Fact]) -> list[str]:
    is_about_time = not asked.is_about_others and asked.action != "forecast"
    return metric_notes(
        asked.metrics, facts, asked.wanted, asked.language, needs_history=is_about_time
    )


def _details(facts: Sequence[Fact], ahead: Outlook) -> Json:
    return {
        "given": [fact.fact_id for fact in facts if fact.kind == "given"],
        "derived": [fact.fact_id for fact in facts if fact.kind == "derived"],
        "unit_economics": {f.fact_id: f.value for f in facts if f.fact_id in UNIT_ECONOMICS},
        "trends": ahead.trends,
        "forecasts": ahead.forecasts,
        "anomalies": ahead.anomalies,
    }


def _chart(
    asked: _Asked, lists: Sequence[Series], facts: Sequence[Fact], ahead: Outlook
) -> str | None:
    """A line of the list that was asked for or of the first; else bars of changes or parts."""
    by_id = {fact.fact_id: fact for fact in facts}
    long = [one for one in lists if len(one.values) >= 3 and one.name in by_id]
    long.sort(key=lambda one: not any(is_about(by_id[one.name], name) for name in asked.wanted))
    if long:
        rows = [row for row in ahead.forecasts if row["metric"] == long[0].name]
        is_wanted = asked.action == "forecast"
        return _line(long[0], by_id[long[0].name], asked.language, rows if is_wanted else ())
    changed = [f for f in facts if f.fact_id.endswith("_change_percent")]
    shares = [f for f in facts if f.fact_id.endswith("_share")]
    bars = changed or shares
    if not bars:
        return None
    title = (
        ("Change against the previous period", "Änderung gegenüber der Vorperiode")
        if changed
        else ("Shares of the total", "Anteile am Ganzen")
    )
    return bar_chart_svg(say(asked.language, title), [(f.label, f.value, f.text) for f in bars])


def _line(one: Series, latest: Fact, language: str, ahead: Sequence[Json]) -> str:
    points = [
        (
            key if one.is_by_period else f"#{int(key) + 1}",
            value,
            write(value, latest.unit, language),
        )
        for key, value in list(zip(one.keys, one.values, strict=True))
    ]
    coming = say(language, ("forecast", "Prognose"))
    points += [
        (
            f"{row['period'] or '#' + str(len(one.values) + row['step'])} ({coming})",
            row["value"],
            write(row["value"], latest.unit, language),
        )
        for row in ahead
    ]
    title = latest.label[:1].upper() + latest.label[1:]
    title = say(language, _WITH_FORECAST, title=title) if ahead else title
    return line_chart_svg(title, points[-MOST_POINTS:])


FINANCIAL = Agent(
    "financial",
    computes={
        "metrics_analyzer": analyse_levels,
        "financial_agent.analyze_metrics": analyse_story,
    },
)

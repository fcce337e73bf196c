"""The financial agent: turns metrics into facts, comparisons, insights, trends and forecasts.

It computes and says what it computed; what the data do not allow stands in the notes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from agents.contract import Agent, Done, Outcome
from agents.figures.economics import missing, names_economics, without_earlier_years
from agents.figures.facts import Fact, Series, derived_facts, given_facts, series
from agents.figures.financial_charts import chart_of
from agents.figures.formulas import pairs
from agents.figures.horizon import read_horizon
from agents.figures.insights import insights, narrative, rank
from agents.figures.metric_notes import Phrase, metric_notes, say
from agents.figures.named_formulas import FORMULAS
from agents.figures.outlook import Looking, Outlook, outlook
from agents.figures.report_period import period_of
from agents.figures.targets import Target, target_of
from agents.figures.versus import each_period, named_periods, versus
from streams.domain.commands import Command
from streams.domain.values import Json

UNIT_ECONOMICS = frozenset(formula.fact_id for formula in FORMULAS) - {
    "revenue_annualised", "mrr_annualised", "conversions_monthly", "monthly_surplus",
}  # fmt: skip

_NOTHING_TO_COMPARE: Phrase = (
    "A comparison was asked for, but no metric has an earlier value to compare with.",
    "Ein Vergleich wurde verlangt, aber keine Kennzahl hat einen früheren Wert zum Vergleich.",
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a step was asked for, read from its payload."""

    metrics: Json
    intent: Json
    language: str
    action: str
    request: str
    period: Json | None
    wanted: tuple[str, ...]

    @property
    def label(self) -> str:
        return str(self.period["label"]) if self.period else ""

    @property
    def constraints(self) -> Json:
        return _object(self.intent.get("constraints"))

    @property
    def compared_with(self) -> tuple[str, ...]:
        """The periods that the latest is to be compared with, as they were named."""
        named = str(_object(self.constraints.get("compare_to")).get("label") or "")
        earlier = named_periods(self.request)[:-1] if self.action == "compare" else ()
        return earlier or ((named,) if named else ())

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
    lists = list(series(asked.metrics, asked.label, asked.language).values())
    ahead = outlook(lists, known, asked.language, _looking(asked))
    aim = _target(asked, lists, known)
    against = versus(lists, known, asked.compared_with, asked.language)
    more = (*ahead.facts, *aim.facts, *against.facts)
    facts = list({fact.fact_id: fact for fact in (*known, *more)}.values())
    told_of = insights(
        known,
        asked.wanted,
        asked.language,
        is_about_span=asked.is_about_span,
        request=asked.request,
    )
    sentences = [*aim.insights, *against.insights, *ahead.insights, *told_of]
    told = rank(sentences, {fact.fact_id: fact for fact in facts}, asked.wanted)
    compared = [*against.rows, *comparisons(facts)]
    notes = [*_notes(asked, report, facts, compared), *against.notes, *aim.notes, *ahead.notes]
    return Done(
        {
            "facts": [fact.as_json for fact in facts],
            "insights": [insight.text for insight in told],
            "narrative": narrative(told),
            "period": asked.period or _object(report.get("period")) or None,
            "comparisons": compared,
            "notes": notes,
            "chart": chart_of(
                lists,
                facts,
                ahead,
                asked.language,
                asked.wanted,
                is_forecast=asked.action == "forecast",
            ),
            "is_offline": True,
            "details": _details(facts, ahead) | {"target": aim.row, "periods": each_period(lists)},
        }
    )


def _target(asked: _Asked, lists: Sequence[Series], facts: Sequence[Fact]) -> Target:
    horizon = read_horizon(asked.constraints.get("horizon"))
    return target_of(asked.request, lists, facts, asked.language, horizon) or Target()


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
        request=str(payload.get("request") or inputs.get("request") or ""),
        period=_period(inputs, intent, str(payload.get("request") or "")),
        wanted=tuple(str(name) for name in wanted) if isinstance(wanted, list | tuple) else (),
    )


def _period(inputs: Json, intent: Json, request: str) -> Json | None:
    """The period that it is about; of several to be compared, the latest."""
    named = named_periods(request) if intent.get("action") == "compare" else ()
    latest = period_of({"date_range": named[-1]}, {}) if len(named) > 1 else None
    return latest or period_of(inputs, intent)


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
    lacking = missing(asked.request, asked.wanted, facts, asked.language)
    found += without_earlier_years(asked.request, facts, asked.language)
    return list(dict.fromkeys([*found, *([lacking] if lacking else [])]))


def _remarks(asked: _Asked, facts: Sequence[Fact]) -> list[str]:
    is_about_time = not asked.is_about_others and asked.action != "forecast"
    is_about_time = is_about_time and not names_economics(asked.request)
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


FINANCIAL = Agent(
    "financial",
    computes={
        "metrics_analyzer": analyse_levels,
        "financial_agent.analyze_metrics": analyse_story,
    },
)

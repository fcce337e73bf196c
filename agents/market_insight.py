"""The market insight agent: compares and ranks market data that the user supplies, nothing else."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from agents.contract import Agent, Done, Outcome
from agents.figures.facts import Fact, given_facts
from agents.figures.metric_names import MONEY, word_set
from agents.figures.metric_notes import Phrase
from agents.market.columns import canonical
from agents.market.competitors import competitors, tell_competitors, tell_named
from agents.market.movement import tell_movement
from agents.market.observations import Observation, observe
from agents.market.standing import order_of, tell_standing
from agents.market.supplied import FIELD, Supplied, has_tables, supplied
from agents.market.table import plain_name
from agents.market.telling import Findings
from streams.domain.commands import Command
from streams.domain.values import Json

TOOL = "market_insight.research"
# What a command that is dispatched by itself may be called.
ALIASES = ("research", "compare_competitors", "analyze_market", "market_trends")
_OURS = word_set(
    "we us our own ours ourselves wir uns eigene eigenes unser our_company own_company"
)
_NO_DATA: Phrase = (
    "No market data were given, so nothing was researched: give a CSV, a Parquet file, "
    "`market_data`, or an MCP tool that produces market_data.",
    "Es wurden keine Marktdaten mitgegeben, daher wurde nichts recherchiert: bitte CSV, "
    "eine Parquet-Datei, `market_data` oder ein MCP-Werkzeug angeben, das market_data liefert.",
)
_UNUSABLE: Phrase = (
    "None of the market data that were given could be used, so nothing was researched.",
    "Keine der mitgegebenen Marktdaten war benutzbar, daher wurde nichts recherchiert.",
)
_UNCHECKED: Phrase = (
    "All market figures were supplied with the request; none was checked.",
    "Alle Marktzahlen kamen mit der Anfrage; keine wurde geprüft.",
)
_FROM_OTHERS: Phrase = (
    "Figures from {source} were made by a tool of others; none was checked.",
    "Zahlen von {source} stammen aus einem fremden Werkzeug; keine wurde geprüft.",
)
_NO_NUMBERS: Phrase = (
    "Competitors were named without figures, so they could not be compared.",
    "Wettbewerber wurden ohne Zahlen genannt und konnten nicht verglichen werden.",
)
_OUR_TIME: Phrase = (
    "Our {label} comes from business_metrics without a time; it was set beside the latest of the "
    "others ({when}).",
    "Unser Wert für {label} stammt ohne Zeitangabe aus business_metrics und steht neben dem "
    "letzten der anderen ({when}).",
)
_OUR_MONEY: Phrase = (
    "{label} has no currency in the market data; it was taken to be that of our own figure.",
    "{label} hat in den Marktdaten keine Währung; angenommen wurde die unserer eigenen Zahl.",
)


def research(command: Command, folder: Path | None = None) -> Outcome:
    """Tool market_insight.research: rank, share, gaps, price position and trends of the market
    data that were supplied. Files are read only from `folder`."""
    payload = command.payload
    intent, context = _object(payload.get("intent")), _object(payload.get("context"))
    found = Findings(str(intent.get("language") or payload.get("language") or "en"))
    metrics = _object(payload.get("business_metrics"))
    own = {fact.fact_id: fact for fact in given_facts(metrics, language=found.language)}
    given = supplied(payload, folder)
    found.remark(given.remarks)
    _tell_tables(found, given, own, _company(context, found))
    has_names = _tell_context(found, context, own)
    for named in given.named:
        rows, _ = competitors({"competitors": named.figures.get("competitors")})
        tell_competitors(found, rows, own)
        tell_named(found, named.source, named.figures)
    if not found.facts:
        found.note(_UNUSABLE if given.remarks else _NO_NUMBERS if has_names else _NO_DATA)
    else:
        _tell_sources(found, given, context)
    return Done(_answer(found))


def _answer(found: Findings) -> Json:
    chart = found.charts[0]["svg"] if found.charts else None
    return {
        "findings": found.sentences,
        "leading": found.leading,
        "facts": [fact.as_json for fact in found.facts.values()],
        "notes": found.notes,
        "chart": chart,
        "charts": found.charts,
        "tables": found.tables,
        "is_offline": True,
    }


def _tell_tables(found: Findings, given: Supplied, own: dict[str, Fact], company: str) -> None:
    observed = observe(given.tables, found.language)
    found.remark(observed.remarks)
    rows = [
        replace(row, who=company) if row.who.lower() in (*_OURS, company.lower()) else row
        for row in observed.rows
    ]
    rows = _with_own(found, rows, own, company)
    tell_standing(found, rows, company)
    tell_movement(found, rows, company)


def _company(context: Json, found: Findings) -> str:
    """What we are called in a comparison."""
    named = context.get("company")
    named = named.get("name") if isinstance(named, dict) else named
    if isinstance(named, str) and named.strip():
        return plain_name(named)
    return found.either("our company", "unser Unternehmen")


def _with_own(
    found: Findings, rows: Sequence[Observation], own: dict[str, Fact], company: str
) -> list[Observation]:
    """The figures with our own beside them, where the data do not hold them."""
    kept = list(rows)
    by_name = {canonical(name): fact for name, fact in own.items() if "[" not in name}
    for metric in dict.fromkeys(row.metric for row in rows if row.who):
        of_it = [row for row in kept if row.metric == metric and row.who]
        mine = by_name.get(metric)
        if mine is None or any(row.who == company for row in of_it):
            continue
        units = {row.unit for row in of_it}
        if units == {"number"} and mine.unit in MONEY:
            kept = [replace(r, unit=mine.unit) if r in of_it else r for r in kept]
            unsaid = f" {of_it[0].label},"  # what was assumed says this as well
            found.notes = [n for n in found.notes if "currenc" not in n.lower() or unsaid not in n]
            found.note(_OUR_MONEY, label=of_it[0].label)
        elif units != {mine.unit}:
            continue
        when = max((row.when for row in of_it), key=order_of)
        if when and mine.period != when:
            found.note(_OUR_TIME, label=of_it[0].label, when=when)
        label = of_it[0].label
        kept.append(
            Observation(company, metric, label, mine.unit, when, mine.value, mine.source)
        )  # fmt: skip
    return kept


def _tell_context(found: Findings, context: Json, own: dict[str, Fact]) -> bool:
    """The competitors and the market of the context; whether any were named."""
    rows, names = competitors(context)
    tell_competitors(found, rows, {n: fact for n, fact in own.items() if n not in names})
    market = context.get("market")
    if isinstance(market, dict):
        tell_named(found, "context.market", market)
    return bool(rows or names)


def _tell_sources(found: Findings, given: Supplied, context: Json) -> None:
    every: Iterable[Any] = (*given.tables, *given.named)
    foreign = dict.fromkeys(one.source for one in every if one.is_untrusted)
    for source in foreign:
        found.note(_FROM_OTHERS, source=source)
    is_by_user = any(not one.is_untrusted for one in every)
    if is_by_user or not foreign or context.get("market") or context.get("competitors"):
        found.note(_UNCHECKED)


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def market_insight_agent(folder: Path) -> Agent:
    """The agent that also reads files of one folder, which is an effect."""

    async def reading(command: Command) -> Outcome:
        if has_tables(command.payload):  # large ones take seconds, and a file is read
            return await asyncio.to_thread(research, command, folder)
        return research(command, folder)

    return Agent("market_insight", effects=dict.fromkeys((TOOL, *ALIASES), reading))


MARKET_INSIGHT = Agent("market_insight", computes=dict.fromkeys((TOOL, *ALIASES), research))

__all__ = ["FIELD", "MARKET_INSIGHT", "market_insight_agent", "research"]

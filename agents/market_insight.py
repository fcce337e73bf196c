"""The market insight agent: ranks and compares market data that the user supplies, nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.contract import Agent, Done, Outcome
from agents.figures.facts import Fact, Unit, given_facts, is_number, series
from agents.figures.metric_names import is_german, label_of, scale_of, unit_of, words_of
from agents.figures.metric_notes import Phrase, say
from agents.figures.numbers import write
from agents.figures.outlook import Looking, outlook
from streams.domain.commands import Command
from streams.domain.values import Json

MOST_COMPETITORS = 50
MOST_DIFFERENCES = 12  # competitors told one by one for each metric

_NO_DATA: Phrase = (
    "No market data was supplied; nothing was researched.",
    "Es wurden keine Marktdaten mitgegeben; es wurde nichts recherchiert.",
)
_UNCHECKED: Phrase = (
    "All market figures were supplied with the request; none was checked.",
    "Alle Marktzahlen kamen mit der Anfrage; keine wurde geprüft.",
)
_NO_NUMBERS: Phrase = (
    "Competitors were named without figures, so they could not be compared.",
    "Wettbewerber wurden ohne Zahlen genannt und konnten nicht verglichen werden.",
)
_ALONE: Phrase = (
    "The market data hold {label}, the company's own metrics do not.",
    "Die Marktdaten enthalten {label}, die eigenen Kennzahlen nicht.",
)
_CUT: Phrase = (
    "Only the first {n} competitors were compared.",
    "Nur die ersten {n} Wettbewerber wurden verglichen.",
)
_RANK: Phrase = (
    "By {label} we rank number {rank} among {field} companies, highest first.",
    "Nach {label} liegen wir auf Rang {rank} unter {field} Unternehmen, vom höchsten Wert an.",
)
_AHEAD: Phrase = (
    "Our {label} of {own} is {gap} above {name} ({other}).",
    "{label}: Unsere {own} liegen um {gap} über {name} ({other}).",
)
_BEHIND: Phrase = (
    "Our {label} of {own} is {gap} below {name} ({other}).",
    "{label}: Unsere {own} liegen um {gap} unter {name} ({other}).",
)
_POINTS: Phrase = ("{n} percentage points", "{n} Prozentpunkte")
_ONE_POINT: Phrase = ("{n} percentage point", "{n} Prozentpunkt")
_SAME: Phrase = (
    "Our {label} of {own} is the same as that of {name}.",
    "{label}: Unsere {own} sind gleich hoch wie bei {name}.",
)
_COUNT: Phrase = ("{name}: {now} {label}.", "{name}: {now} {label}.")
_LEVEL: Phrase = ("{name}: {label} {now}.", "{name}: {label} {now}.")


@dataclass(slots=True)
class _Findings:
    language: str
    facts: list[Fact] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def say(self, phrase: Phrase, **texts: str) -> None:
        self.sentences.append(say(self.language, phrase, **texts))

    def derive(self, fact_id: str, label: str, value: float, unit: Unit, source: str) -> Fact:
        fact = _fact(fact_id, label, value, unit, source, self.language, is_given=False)
        self.facts.append(fact)
        return fact


def research(command: Command) -> Outcome:
    """Tool market_insight.research: ranks, differences and trends of the context's market data."""
    payload = command.payload
    intent, context = _object(payload.get("intent")), _object(payload.get("context"))
    found = _Findings(str(intent.get("language") or "en"))
    own = given_facts(_object(payload.get("business_metrics")), language=found.language)
    rows, names = _competitors(context)
    _compare(found, rows, {fact.fact_id: fact for fact in own if fact.fact_id not in names})
    _market_series(found, context.get("market"))
    if not found.facts:
        found.notes.append(say(found.language, _NO_NUMBERS if rows or names else _NO_DATA))
    else:
        found.notes.append(say(found.language, _UNCHECKED))
    return Done(
        {
            "findings": found.sentences,
            "facts": [fact.as_json for fact in found.facts],
            "notes": found.notes,
            "is_offline": True,
        }
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One competitor's numbers and where they stand."""

    name: str
    numbers: dict[str, float]
    path: str


def _competitors(context: Json) -> tuple[list[_Row], list[str]]:
    """The competitors with figures, and the names of those without."""
    market = context.get("market")
    places = [("context.competitors", context.get("competitors"))]
    if isinstance(market, list):
        places.append(("context.market", market))
    if isinstance(market, dict):
        places.append(("context.market.competitors", market.get("competitors")))
    rows, names = [], []
    for path, value in places:
        for name, entry, where in _entries(value, path):
            numbers = {
                metric: float(number) * scale_of(metric)
                for metric, number in _numbers(entry)
                if is_number(number)
            }
            if numbers:
                rows.append(_Row(name, numbers, where))
            else:
                names.append(name)
    return rows, names


def _entries(value: Any, path: str) -> Iterator[tuple[str, Any, str]]:
    """Name, content and path of each competitor, from a list or from a dict by name."""
    if isinstance(value, dict):
        yield from ((str(name), entry, f"{path}.{name}") for name, entry in value.items())
    elif isinstance(value, list):
        for i, entry in enumerate(value):
            name = entry.get("name") if isinstance(entry, dict) else entry
            if isinstance(name, str) and name.strip():
                yield name.strip(), entry, f"{path}[{i}]"


def _numbers(entry: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(entry, dict):
        for name, value in entry.items():
            if isinstance(value, dict) and name == "metrics":
                yield from value.items()
            else:
                yield name, value


def _compare(found: _Findings, rows: Sequence[_Row], own: dict[str, Fact]) -> None:
    if len(rows) > MOST_COMPETITORS:
        found.notes.append(say(found.language, _CUT, n=MOST_COMPETITORS))
    rows = rows[:MOST_COMPETITORS]
    for metric in dict.fromkeys(metric for row in rows for metric in row.numbers):
        label = label_of(metric, found.language)
        having = [row for row in rows if metric in row.numbers]
        facts = [_of_competitor(row, metric, found.language) for row in having]
        found.facts += facts
        mine = own.get(metric)
        if mine is None:
            found.notes.append(say(found.language, _ALONE, label=label))
            for row, fact in zip(having, facts, strict=True):
                phrase = _COUNT if fact.unit == "count" else _LEVEL
                found.say(phrase, name=row.name, label=label, now=fact.text)
            continue
        found.facts.append(mine)
        _rank(found, metric, mine, facts)
        _differences(found, metric, mine, facts, [row.name for row in having])


def _of_competitor(row: _Row, metric: str, language: str) -> Fact:
    value = row.numbers[metric]
    label = f"{label_of(metric, language)} ({row.name})"
    unit = unit_of(metric, value)
    source = f"{row.path}.{metric}"
    return _fact(f"{row.name}.{metric}", label, value, unit, source, language, is_given=True)


def _rank(found: _Findings, metric: str, mine: Fact, others: Sequence[Fact]) -> None:
    source = f"{metric} against {', '.join(fact.fact_id for fact in others)}, highest first"
    place = 1 + sum(other.value > mine.value for other in others)
    german = is_german(found.language)
    label = f"Rang nach {mine.label}" if german else f"rank by {mine.label}"
    rank = found.derive(f"{metric}_rank", label, place, "number", source)
    label = f"Verglichen nach {mine.label}" if german else f"companies compared by {mine.label}"
    compared = found.derive(f"{metric}_ranked", label, len(others) + 1, "count", source)
    found.say(_RANK, label=mine.label, rank=rank.text, field=compared.text)


def _differences(
    found: _Findings, metric: str, mine: Fact, others: Sequence[Fact], names: Sequence[str]
) -> None:
    """The difference to each competitor, the strongest first."""
    ranked = sorted(zip(others, names, strict=True), key=lambda pair: -pair[0].value)
    for place, (other, name) in enumerate(ranked):
        if place < MOST_DIFFERENCES:
            _difference(found, metric, mine, other, name, is_best=place == 0)


def _difference(
    found: _Findings, metric: str, mine: Fact, other: Fact, name: str, *, is_best: bool
) -> None:
    """In percent where that has a meaning, in percentage points between shares."""
    german = is_german(found.language)
    texts = {"label": mine.label, "own": mine.text, "name": name, "other": other.text}
    if mine.value == other.value:
        found.say(_SAME, **texts)
        return
    is_share = mine.unit == other.unit == "percent"
    if mine.unit != other.unit or (other.value <= 0 and not is_share):
        return
    words = ("difference in {} to {}", "Unterschied: {} zu {}")[int(german)]
    label = words.format(mine.label, name)
    if is_share:
        label = f"{label} {('(percentage points)', '(Prozentpunkte)')[int(german)]}"
    ending = "change_to_best" if is_best and not is_share else f"to_{_slug(name)}_change"
    gap = found.derive(
        f"{metric}_{ending}",
        label,
        mine.value - other.value if is_share else mine.value / other.value - 1,
        "percent",
        f"{metric} \u2212 {other.fact_id}" if is_share else f"{metric} ÷ {other.fact_id} - 1",
    )
    size = write(abs(gap.value), "percent", found.language)
    if is_share:
        points = size.rstrip("%").rstrip("\u00a0")
        size = say(found.language, _ONE_POINT if points == "1" else _POINTS, n=points)
    found.say(_AHEAD if gap.value > 0 else _BEHIND, gap=size, **texts)


def _slug(name: str) -> str:
    return "_".join(words_of("".join(c if c.isalnum() else " " for c in name))) or "other"


def _market_series(found: _Findings, market: Any) -> None:
    """Market figures by name: single numbers are facts, lists and periods show their trend."""
    if not isinstance(market, dict):
        return
    figures = {str(n): v for n, v in market.items() if n not in ("competitors", "name")}
    trends = figures.pop("trends", {})
    figures |= trends if isinstance(trends, dict) else {}
    facts = [
        fact.model_copy(
            update={"source": fact.source.replace("business_metrics", "context.market")}
        )
        for fact in given_facts(figures, language=found.language)
    ]
    lists = list(series(figures).values())
    ahead = outlook(lists, facts, found.language, Looking())
    found.facts += [*facts, *ahead.facts]
    found.notes += ahead.notes
    single = [
        fact for fact in facts if fact.fact_id in figures and fact.fact_id not in series(figures)
    ]
    for fact in single:
        found.say(_LEVEL, name="Markt" if is_german(found.language) else "Market",
                  label=fact.label, now=fact.text)  # fmt: skip
    found.sentences += [insight.text for insight in ahead.insights]


def _fact(
    fact_id: str,
    label: str,
    value: float,
    unit: Unit,
    source: str,
    language: str,
    *,
    is_given: bool,
) -> Fact:
    return Fact(
        fact_id=fact_id,
        label=label,
        value=value,
        unit=unit,
        kind="given" if is_given else "derived",
        source=source,
        text=write(value, unit, language),
    )


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


MARKET_INSIGHT = Agent("market_insight", computes={"market_insight.research": research})

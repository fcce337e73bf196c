"""Competitors that were given by name with their figures, compared with our own one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agents.figures.facts import Fact, given_facts, is_number, series
from agents.figures.metric_names import is_german, label_of, scale_of, unit_of
from agents.figures.metric_notes import Phrase
from agents.figures.numbers import write
from agents.figures.outlook import Looking, outlook
from agents.market.table import plain_name
from agents.market.telling import Findings, slug
from streams.domain.values import Json

MOST_COMPETITORS = 50
MOST_DIFFERENCES = 12  # competitors told one by one for each metric

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
_SAME: Phrase = (
    "Our {label} of {own} is the same as that of {name}.",
    "{label}: Unsere {own} sind gleich hoch wie bei {name}.",
)
_COUNT: Phrase = ("{name}: {now} {label}.", "{name}: {now} {label}.")
_LEVEL: Phrase = ("{name}: {label} {now}.", "{name}: {label} {now}.")


@dataclass(frozen=True, slots=True)
class Competitor:
    """One competitor's numbers and where they stand."""

    name: str
    numbers: dict[str, float]
    path: str


def competitors(context: Json) -> tuple[list[Competitor], list[str]]:
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
                rows.append(Competitor(name, numbers, where))
            else:
                names.append(name)
    return rows, names


def _entries(value: Any, path: str) -> Iterator[tuple[str, Any, str]]:
    """Name, content and path of each competitor, from a list or from a dict by name."""
    if isinstance(value, dict):
        named = ((plain_name(name), entry) for name, entry in value.items())
        yield from ((name, entry, f"{path}.{name}") for name, entry in named if name)
    elif isinstance(value, list):
        for i, entry in enumerate(value):
            name = entry.get("name") if isinstance(entry, dict) else entry
            if isinstance(name, str) and plain_name(name):
                yield plain_name(name), entry, f"{path}[{i}]"


def _numbers(entry: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(entry, dict):
        for name, value in entry.items():
            if isinstance(value, dict) and name == "metrics":
                yield from value.items()
            else:
                yield name, value


def tell_competitors(found: Findings, rows: Sequence[Competitor], own: dict[str, Fact]) -> None:
    """Our rank among them and the difference to each, by each figure that both sides have."""
    if len(rows) > MOST_COMPETITORS:
        found.note(_CUT, n=MOST_COMPETITORS)
    rows = rows[:MOST_COMPETITORS]
    for metric in dict.fromkeys(metric for row in rows for metric in row.numbers):
        label = label_of(metric, found.language)
        having = [row for row in rows if metric in row.numbers]
        facts = [found.keep(_of_competitor(row, metric, found.language)) for row in having]
        mine = own.get(metric)
        if mine is None:
            found.note(_ALONE, label=label)
            for row, fact in zip(having, facts, strict=True):
                phrase = _COUNT if fact.unit == "count" else _LEVEL
                found.tell(phrase, name=row.name, label=label, now=fact.text)
            continue
        found.keep(mine)
        _rank(found, metric, mine, facts)
        found.tables.append(_table(found, metric, mine, facts, [row.name for row in having]))
        _differences(found, metric, mine, facts, [row.name for row in having])


def _table(
    found: Findings, metric: str, mine: Fact, others: Sequence[Fact], names: Sequence[str]
) -> Json:
    """The ranking as data, with our own place in it."""
    us = found.either("our company", "unser Unternehmen")
    rows = sorted(zip((us, *names), (mine, *others), strict=True), key=lambda row: -row[1].value)
    return {
        "metric": metric,
        "label": mine.label,
        "period": None,
        "us": us,
        "ranking": [
            {"name": name, "value": fact.value, "text": fact.text, "source": fact.source}
            for name, fact in rows
        ],
    }


def _of_competitor(row: Competitor, metric: str, language: str) -> Fact:
    value = row.numbers[metric]
    label = f"{label_of(metric, language)} ({row.name})"
    unit = unit_of(metric, value)
    return Fact(
        fact_id=f"{row.name}.{metric}",
        label=label,
        value=value,
        unit=unit,
        kind="given",
        source=f"{row.path}.{metric}",
        text=write(value, unit, language),
    )


def _rank(found: Findings, metric: str, mine: Fact, others: Sequence[Fact]) -> None:
    source = f"{metric} against {', '.join(fact.fact_id for fact in others)}, highest first"
    place = 1 + sum(other.value > mine.value for other in others)
    german = is_german(found.language)
    label = f"Rang nach {mine.label}" if german else f"rank by {mine.label}"
    rank = found.derive(f"{metric}_rank", label, place, "number", source)
    label = f"Verglichen nach {mine.label}" if german else f"companies compared by {mine.label}"
    compared = found.derive(f"{metric}_ranked", label, len(others) + 1, "count", source)
    found.lead(_RANK, label=mine.label, rank=rank.text, field=compared.text)


def _differences(
    found: Findings, metric: str, mine: Fact, others: Sequence[Fact], names: Sequence[str]
) -> None:
    """The difference to each competitor, the strongest first."""
    ranked = sorted(zip(others, names, strict=True), key=lambda pair: -pair[0].value)
    for place, (other, name) in enumerate(ranked):
        if place < MOST_DIFFERENCES:
            _difference(found, metric, mine, other, name, is_best=place == 0)


def _difference(
    found: Findings, metric: str, mine: Fact, other: Fact, name: str, *, is_best: bool
) -> None:
    """In percent where that has a meaning, in percentage points between shares."""
    german = is_german(found.language)
    texts = {"label": mine.label, "own": mine.text, "name": name, "other": other.text}
    if mine.value == other.value:
        found.tell(_SAME, **texts)
        return
    is_share = mine.unit == other.unit == "percent"
    if mine.unit != other.unit or (other.value <= 0 and not is_share):
        return
    words = ("difference in {} to {}", "Unterschied: {} zu {}")[int(german)]
    label = words.format(mine.label, name)
    if is_share:
        label = f"{label} {('(percentage points)', '(Prozentpunkte)')[int(german)]}"
    ending = "change_to_best" if is_best and not is_share else f"to_{slug(name)}_change"
    gap = found.derive(
        f"{metric}_{ending}",
        label,
        mine.value - other.value if is_share else mine.value / other.value - 1,
        "percent",
        f"{metric} \u2212 {other.fact_id}" if is_share else f"{metric} ÷ {other.fact_id} - 1",
    )
    size = found.points(gap.value) if is_share else write(abs(gap.value), "percent", found.language)
    found.tell(_AHEAD if gap.value > 0 else _BEHIND, gap=size, **texts)


def tell_named(found: Findings, source: str, figures: Json) -> None:
    """Market figures by name: single numbers are facts, lists and periods show their trend."""
    figures = {str(n): v for n, v in figures.items() if n not in ("competitors", "name")}
    trends = figures.pop("trends", {})
    figures |= trends if isinstance(trends, dict) else {}
    facts = [
        fact.model_copy(update={"source": fact.source.replace("business_metrics", source, 1)})
        for fact in given_facts(figures, language=found.language)
    ]
    over_time = series(figures)
    ahead = outlook(list(over_time.values()), facts, found.language, Looking())
    for fact in (*facts, *ahead.facts):
        found.keep(fact)
    found.notes += [note for note in ahead.notes if note not in found.notes]
    for fact in facts:
        if fact.fact_id in figures and fact.fact_id not in over_time:
            name = found.either("Market", "Markt")
            found.tell(_LEVEL, name=name, label=fact.label, now=fact.text)
    found.sentences += [insight.text for insight in ahead.insights]

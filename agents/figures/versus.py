"""Two named periods against each other, and each period with the one before."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.figures.canvas import shown_key
from agents.figures.facts import Fact, Series
from agents.figures.insights import Insight, points_text, write_alike
from agents.figures.metric_names import is_german
from agents.figures.metric_notes import Phrase, say
from agents.figures.numbers import write
from agents.figures.period_keys import period_number
from streams.domain.values import Json

WEIGHT = 4.6  # above every other comparison: this one was asked for
MOST_PERIODS = 36
_PERCENT: Phrase = (
    "{Label} {verb} {size} from {then} to {now}, from {before} to {after}.",
    "{Label}: {size} {verb} von {then} bis {now}, von {before} auf {after}.",
)
_POINTS: Phrase = (
    "{Label} {verb} by {size} from {then} to {now}, from {before} to {after}.",
    "{Label}: {size} {verb} von {then} bis {now}, von {before} auf {after}.",
)
_SAME: Phrase = (
    "{Label} is the same in {now} as in {then}: {after}.",
    "{Label}: in {now} so viel wie in {then}, {after}.",
)
_ABSENT: Phrase = (
    "{name} has no value for {then}, so it was not compared with {now}.",
    "{name} hat keinen Wert für {then} und wurde nicht mit {now} verglichen.",
)
_NAMED = re.compile(
    r"\bQ[1-4][\s/-]?\d{4}\b|\b\d{4}[\s-]?Q[1-4]\b|\b\d{4}-(?:0[1-9]|1[0-2])\b(?!-)|"
    r"\b(?:Jan|Feb|Mar|Mär|Apr|May|Mai|Jun|Jul|Aug|Sep|O[ck]t|Nov|De[cz])[a-zä]*\.?\s\d{4}\b|"
    r"\bH[12]\s?\d{4}\b|(?<![\d.,$€])(?:19|20)\d{2}\b"
)
KINDS = ("month", "quarter", "half", "year")
_VERBS = {True: ("grew", "mehr"), False: ("fell", "weniger")}
_POINT_VERBS = {True: ("rose", "mehr"), False: ("fell", "weniger")}


@dataclass(frozen=True, slots=True)
class Versus:
    """What comparing the two periods gives: facts, sentences, rows and remarks."""

    facts: tuple[Fact, ...] = ()
    insights: tuple[Insight, ...] = ()
    rows: tuple[Json, ...] = ()
    notes: tuple[str, ...] = ()


def named_periods(request: str) -> tuple[str, ...]:
    """The periods that a request names, the oldest first: those of the finest kind there is."""
    found = {m.group(): number for m in _NAMED.finditer(request) if (number := _read(m.group()))}
    kinds = [kind for kind in KINDS if any(number[0] == kind for number in found.values())]
    same = {text: number for text, number in found.items() if number[0] == kinds[0]}
    return tuple(sorted(same, key=lambda text: same[text][1]))


def _read(text: str) -> tuple[str, int] | None:
    return period_number(" ".join(text.split()))


def versus(
    lists: Sequence[Series], facts: Sequence[Fact], then_labels: Sequence[str], language: str
) -> Versus:
    """Each list's latest value against those of the named periods, where that is not simply the
    period before."""
    by_id = {fact.fact_id: fact for fact in facts}
    asked = {label: number for label in then_labels if (number := _read(label))}
    found = [
        _one(one, number, label, by_id, language)
        for label, number in asked.items()
        for one in lists
        if one.name in by_id
    ]
    made = [one for one in found if one is not None]
    return Versus(
        tuple(fact for one in made for fact in one.facts),
        tuple(insight for one in made for insight in one.insights),
        tuple(row for one in made for row in one.rows),
        tuple(note for one in made for note in one.notes),
    )


def _one(
    one: Series, asked: tuple[str, int], label: str, by_id: Mapping[str, Fact], language: str
) -> Versus | None:
    numbers = [period_number(key) if one.is_by_period else None for key in one.keys]
    last = numbers[-1]
    if last is None or last[0] != asked[0] or asked == last:
        return None
    texts = {"then": label, "now": shown_key(one.keys[-1], language), "name": one.name}
    if asked not in numbers:
        return Versus(notes=(say(language, _ABSENT, **texts),))
    position = numbers.index(asked)
    then = next((f for f in by_id.values() if f.source == one.path(position)), None)
    if then is None or position == len(numbers) - 2:  # that comparison is made already
        return None
    texts["then"] = shown_key(one.keys[position], language)
    now = by_id[one.name]
    change = tuple(_changes(now, then, language))
    insight = _told(now, then, change, texts, language)
    row: Json = {
        "metric": now.fact_id, "label": now.label, "current": now.value, "previous": then.value,
        "change": now.value - then.value,
        "change_percent": change[0].value if change and then.unit != "percent" else None,
        "unit": now.unit, "period": one.keys[-1], "compared_with": one.keys[position],
    }  # fmt: skip
    return Versus(change, (insight,), (row,))


def _changes(now: Fact, then: Fact, language: str) -> Iterator[Fact]:
    """The change in percent, or in percentage points between rates."""
    label = ("change in {} from {} to {}", "Änderung: {} von {} bis {}")[int(is_german(language))]
    label = label.format(now.label, then.period, now.period)
    ids = f"{now.fact_id} \u2212 {then.fact_id}"
    if now.unit == "percent":
        points = ("(percentage points)", "(Prozentpunkte)")[int(is_german(language))]
        name, value, source = "_change", now.value - then.value, ids
        label = f"{label} {points}"
    elif then.value > 0:
        name, value = "_change_percent", (now.value - then.value) / then.value
        source = f"({ids}) ÷ {then.fact_id}"
    else:
        return
    yield Fact(
        fact_id=f"{now.fact_id}_versus_{then.period}{name}", label=label, value=value,
        unit="percent", kind="derived", period=now.period, source=source,
        text=write(value, "percent", language),
    )  # fmt: skip


def _told(
    now: Fact, then: Fact, change: Sequence[Fact], texts: Mapping[str, str], language: str
) -> Insight:
    before, after = write_alike((then, now), language)
    said = dict(texts) | {"before": before, "after": after, "Label": _capital(now.label)}
    ids = (now.fact_id, then.fact_id, *(fact.fact_id for fact in change))
    if now.value == then.value or not change:
        return Insight(WEIGHT, say(language, _SAME, **said), ids)
    is_up, tongue = change[0].value > 0, int(is_german(language))
    size = write(abs(change[0].value), "percent", language)
    if now.unit == "percent":
        said |= {"size": points_text(size, language), "verb": _POINT_VERBS[is_up][tongue]}
        return Insight(WEIGHT, say(language, _POINTS, **said), ids)
    said |= {"size": size, "verb": _VERBS[is_up][tongue]}
    return Insight(WEIGHT, say(language, _PERCENT, **said), ids)


def each_period(lists: Sequence[Series]) -> list[Json]:
    """Every list period by period, each with its change against the one before."""
    return [
        {"metric": one.name, "periods": list(_periods(one))} for one in lists if len(one.values) > 1
    ]


def _periods(one: Series) -> Iterator[Json]:
    first = max(0, len(one.values) - MOST_PERIODS)
    for i in range(first, len(one.values)):
        value, before = one.values[i], one.values[i - 1] if i else None
        yield {
            "period": one.keys[i],
            "value": value,
            "change": None if before is None else value - before,
            "change_percent": (value - before) / before if before and before > 0 else None,
        }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

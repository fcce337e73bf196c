"""The named formulas by which facts follow: levels, ratios, changes, shares, compound growth."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.figures.derived import LARGEST, Derived
from agents.figures.metric_names import (
    MONEY,
    Unit,
    is_german,
    without_currency,
    word_set,
    words_of,
)
from agents.figures.named_formulas import FORMULAS, NEVER_GIVEN, ROLES, Formula
from agents.figures.over_time import over_time

if TYPE_CHECKING:
    from agents.figures.facts import Fact

__all__ = ["LARGEST", "Derived", "derive", "growth_metric", "is_growth", "missing_roles", "pairs"]


@dataclass(frozen=True, slots=True)
class _Known:
    """A number that a formula can use."""

    fact_id: str
    value: float
    unit: Unit
    period: str


_QUARTER = re.compile(r"^(?P<stem>.+)_q(?P<quarter>[1-4])$", re.I)
_POINT = re.compile(r"^(?P<name>.+)\[(?P<key>[^\]]+)\]$")
_NO_METRIC = word_set("growth rate change percent pct yoy mom qoq monthly quarterly annual yearly")


def derive(facts: Sequence["Fact"], language: str) -> Iterator[Derived]:
    """Everything that follows from given facts; a result beyond what floats hold is left out."""
    given = {fact.fact_id: fact for fact in facts if fact.kind == "given"}
    tongue = int(is_german(language))
    every = (
        *_by_formula(given, tongue),
        *_changes(given, tongue),
        *_implied_levels(given, tongue),
        *_shares(given, tongue),
        *over_time(given, tongue),
    )
    taken = set(given)
    for derived in every:
        if derived.fact_id not in taken and abs(derived.value) <= LARGEST:
            taken.add(derived.fact_id)
            yield derived


def _by_formula(given: dict[str, "Fact"], tongue: int) -> Iterator[Derived]:
    """Every formula whose roles are given, or follow from a formula before it."""
    known: dict[str, _Known] = {}
    for fact_id, fact in given.items():
        name = "_".join(without_currency(words_of(fact_id)))
        known.setdefault(name, _Known(fact_id, fact.value, fact.unit, fact.period))
    for formula in FORMULAS:
        found = _computed(formula, known, tongue)
        if found is not None and abs(found.value) <= LARGEST:
            same = _Known(found.fact_id, found.value, found.unit, found.period)
            if known.setdefault(found.fact_id, same) is same:
                yield found


def _computed(formula: Formula, known: dict[str, _Known], tongue: int) -> Derived | None:
    used = [known[name] for role in formula.roles if (name := _in_role(role, known))]
    money = {one.unit for one in used if one.unit in MONEY}
    if len(used) < len(formula.roles) or len(money) > 1:
        return None
    if any(one.value < 0 or (one.value == 0 and not formula.may_be_zero) for one in used):
        return None
    try:
        value = formula.compute(*(one.value for one in used))
    except (OverflowError, ZeroDivisionError):  # of numbers at the edge of what floats hold
        return None
    if value is None:
        return None
    unit = money.pop() if formula.unit == "usd" and money else formula.unit
    source = formula.source.format(*(one.fact_id for one in used))
    return Derived(formula.fact_id, formula.labels[tongue], value, unit, source, used[0].period)


def _in_role(role: str, known: Mapping[str, _Known]) -> str:
    return next((name for name in ROLES[role] if name in known), "")


def missing_roles(fact_id: str, known: Iterable[str]) -> tuple[str, ...]:
    """The inputs that the formula of this name lacks, down to what must be given."""
    names = {"_".join(without_currency(words_of(name))) for name in known}
    return tuple(dict.fromkeys(_missing(fact_id, names)))


def _missing(fact_id: str, names: set[str]) -> Iterator[str]:
    formula = next(one for one in FORMULAS if one.fact_id == fact_id)
    for role in formula.roles:
        if not names.isdisjoint(ROLES[role]):
            continue
        if role in NEVER_GIVEN:
            yield from _missing(ROLES[role][0], names)
        else:
            yield role


def pairs(facts: Iterable["Fact"]) -> list[tuple["Fact", "Fact"]]:
    """The given facts that can be compared: a value and its previous, a quarter and the last."""
    given = {fact.fact_id: fact for fact in facts if fact.kind == "given"}
    found = []
    for fact_id, current in given.items():
        previous = given.get(f"{fact_id}_previous") or given.get(_quarter_before(fact_id))
        is_growth = "growth" in words_of(fact_id)
        if previous is not None and not is_growth and current.unit == previous.unit:
            found.append((current, previous))
    return found


def _quarter_before(fact_id: str) -> str:
    match = _QUARTER.match(fact_id)
    return f"{match['stem']}_q{int(match['quarter']) - 1}" if match else ""


def _changes(given: dict[str, "Fact"], tongue: int) -> Iterator[Derived]:
    for current, previous in pairs(given.values()):
        now, before = current.value, previous.value
        ids = f"{current.fact_id} \u2212 {previous.fact_id}"
        label = f"{('change in', 'Änderung:')[tongue]} {current.label}"
        points = ("(percentage points)", "(Prozentpunkte)")[tongue]
        yield Derived(
            f"{current.fact_id}_change",
            f"{label} {points}" if current.unit == "percent" else label,
            now - before,
            current.unit,
            ids,
            current.period,
        )
        if before > 0:  # a percentage of zero or of a loss says nothing
            source = f"({ids}) ÷ {previous.fact_id}"
            share = f"{label} {('in percent', 'in Prozent')[tongue]}"
            value = (now - before) / before
            yield Derived(
                f"{current.fact_id}_change_percent", share, value, "percent", source, current.period
            )


def growth_metric(growth_id: str, given: Iterable[str]) -> str | None:
    """The one given metric that a growth rate's name says grew; None for none or several."""
    named = [
        w for w in words_of(growth_id) if w not in _NO_METRIC and not re.match(r"^q[1-4]$|^\d+$", w)
    ]
    if not named:
        return None
    fitting = [
        name
        for name in given
        if "growth" not in words_of(name)
        and not name.endswith("_previous")
        and not _POINT.match(name)
        and _is_about(named, words_of(name))
    ]
    return fitting[0] if len(fitting) == 1 else None


def _is_about(named: Sequence[str], words: Sequence[str]) -> bool:
    singular = [word.removesuffix("s") for word in words]
    return all(word.removesuffix("s") in singular for word in named)


def is_growth(fact: "Fact") -> bool:
    """Whether the user gave it as a growth rate."""
    return fact.kind == "given" and fact.unit == "percent" and "growth" in words_of(fact.fact_id)


def _implied_levels(given: dict[str, "Fact"], tongue: int) -> Iterator[Derived]:
    for growth in given.values():
        name = growth_metric(growth.fact_id, given) if is_growth(growth) else None
        if name is None or growth.value <= -1 or f"{name}_previous" in given:
            continue
        current = given[name]
        if current.unit == "percent":  # growth of a rate: in points or in percent? Nobody said
            continue
        yield Derived(
            f"{name}_previous_implied",
            ("previous {} implied by the growth rate", "{} der Vorperiode laut Wachstumsrate")[
                tongue
            ].format(current.label),
            current.value / (1 + growth.value),
            current.unit,
            f"{name} ÷ (1 + {growth.fact_id})",
        )


def _shares(given: dict[str, "Fact"], tongue: int) -> Iterator[Derived]:
    groups: dict[str, list[Fact]] = {}
    for fact in given.values():
        parts = fact.source.split(".", 2)
        if len(parts) == 3 and parts[1] != "previous" and fact.fact_id == f"{parts[1]}.{parts[2]}":
            groups.setdefault(parts[1], []).append(fact)
    for name, facts in groups.items():
        total = sum(fact.value for fact in facts)
        is_whole = len(facts) > 1 and total > 0 and all(f.value >= 0 for f in facts)
        if not is_whole or any(f.unit not in MONEY | {"count", "number"} for f in facts):
            continue
        label = facts[0].label.rsplit(" (", 1)[0]
        ids = " + ".join(fact.fact_id for fact in facts)
        words = ("{} in total", "{} insgesamt")[tongue]
        yield Derived(f"{name}_total", words.format(label), total, facts[0].unit, ids)
        for fact in facts:
            source = f"{fact.fact_id} ÷ {name}_total"
            part = fact.fact_id.removeprefix(f"{name}.")
            words = ("share of {} in {}", "Anteil von {}: {}")[tongue].format(part, label)
            yield Derived(f"{fact.fact_id}_share", words, fact.value / total, "percent", source)

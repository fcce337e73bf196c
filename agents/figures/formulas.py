"""The named formulas by which facts follow: levels, ratios, changes, shares, compound growth."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.figures.metric_names import Unit, is_german, period_number, word_set, words_of

if TYPE_CHECKING:
    from agents.figures.facts import Fact

LARGEST = 1e300  # beyond it a percentage would leave what floats hold


@dataclass(frozen=True, slots=True)
class Derived:
    """A number that follows, with the formula in terms of fact ids."""

    fact_id: str
    label: str
    value: float
    unit: Unit
    source: str
    period: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula over metrics by role, for positive values only: nothing follows from others."""

    fact_id: str
    labels: tuple[str, str]  # English, German
    unit: Unit
    roles: tuple[str, ...]
    source: str  # "{0} ÷ {1}", filled with fact ids
    compute: Callable[..., float]


# The names under which a role may be given; the first that is there counts.
ROLES: dict[str, tuple[str, ...]] = {
    "monthly revenue": ("revenue_monthly", "monthly_revenue"),
    "mrr": ("mrr", "monthly_recurring_revenue"),
    "traffic": ("traffic_monthly", "monthly_traffic", "visits_monthly", "monthly_visits"),
    "conversion": ("conversion_rate",),
    "customers": ("customer_count", "customers"),
    "churn": ("churn_rate_monthly", "monthly_churn_rate", "churn_rate", "churn"),
    "ltv": ("ltv", "clv", "customer_lifetime_value"),
    "cac": ("cac", "customer_acquisition_cost"),
    "monthly profit": ("profit_monthly", "monthly_profit"),
    "monthly costs": ("costs_monthly", "cost_monthly", "monthly_costs", "monthly_cost"),
    "revenue": ("revenue",),
    "profit": ("profit",),
}

FORMULAS: tuple[Formula, ...] = (
    Formula(
        "revenue_annualised",
        ("annualised revenue", "Umsatz aufs Jahr gerechnet"),
        "usd",
        ("monthly revenue",),
        "{0} \u00d7 12",
        lambda revenue: revenue * 12,
    ),
    Formula(
        "mrr_annualised",
        ("annualised recurring revenue", "wiederkehrender Umsatz aufs Jahr gerechnet"),
        "usd",
        ("mrr",),
        "{0} \u00d7 12",
        lambda mrr: mrr * 12,
    ),
    Formula(
        "conversions_monthly",
        ("monthly conversions", "monatliche Konversionen"),
        "count",
        ("traffic", "conversion"),
        "{0} \u00d7 {1}",
        lambda visits, rate: visits * rate,
    ),
    Formula(
        "revenue_per_customer",
        ("monthly revenue per customer", "Monatsumsatz je Kunde"),
        "usd",
        ("monthly revenue", "customers"),
        "{0} ÷ {1}",
        lambda revenue, customers: revenue / customers,
    ),
    Formula(
        "revenue_per_visit",
        ("revenue per visit", "Umsatz je Besuch"),
        "usd",
        ("monthly revenue", "traffic"),
        "{0} ÷ {1}",
        lambda revenue, visits: revenue / visits,
    ),
    Formula(
        "visits_per_customer",
        ("monthly visits per customer", "monatliche Besuche je Kunde"),
        "number",
        ("traffic", "customers"),
        "{0} ÷ {1}",
        lambda visits, customers: visits / customers,
    ),
    Formula(
        "ltv_cac_ratio",
        ("lifetime value over acquisition cost", "Kundenwert je Akquisekosten"),
        "ratio",
        ("ltv", "cac"),
        "{0} ÷ {1}",
        lambda ltv, cac: ltv / cac,
    ),
    Formula(
        "revenue_per_customer_lifetime",
        ("revenue per customer lifetime", "Umsatz je Kundenleben"),
        "usd",
        ("monthly revenue", "customers", "churn"),
        "{0} ÷ {1} ÷ {2}",
        lambda revenue, customers, churn: revenue / customers / churn,
    ),
    Formula(
        "cac_payback_months",
        ("months of revenue to repay acquisition cost", "Monate bis zur Deckung der Akquisekosten"),
        "months",
        ("cac", "monthly revenue", "customers"),
        "{0} ÷ ({1} ÷ {2})",
        lambda cac, revenue, customers: cac / (revenue / customers),
    ),
    Formula(
        "profit_margin",
        ("profit margin", "Gewinnmarge"),
        "percent",
        ("profit", "revenue"),
        "{0} ÷ {1}",
        lambda profit, revenue: profit / revenue,
    ),
    Formula(
        "profit_margin_monthly",
        ("monthly profit margin", "monatliche Gewinnmarge"),
        "percent",
        ("monthly profit", "monthly revenue"),
        "{0} ÷ {1}",
        lambda profit, revenue: profit / revenue,
    ),
    Formula(
        "monthly_surplus",
        ("monthly revenue minus costs", "Monatsumsatz abzüglich Kosten"),
        "usd",
        ("monthly revenue", "monthly costs"),
        "{0} \u2212 {1}",
        lambda revenue, costs: revenue - costs,
    ),
)

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
        *_compound_growth(given, tongue),
    )
    taken = set(given)
    for derived in every:
        if derived.fact_id not in taken and abs(derived.value) <= LARGEST:
            taken.add(derived.fact_id)
            yield derived


def _by_formula(given: dict[str, "Fact"], tongue: int) -> Iterator[Derived]:
    by_name = {"_".join(words_of(fact_id)): fact for fact_id, fact in reversed(given.items())}
    for formula in FORMULAS:
        used = [_in_role(role, by_name) for role in formula.roles]
        facts = [fact for fact in used if fact is not None and fact.value > 0]
        if len(facts) < len(formula.roles):
            continue
        try:
            value = formula.compute(*(fact.value for fact in facts))
        except (OverflowError, ZeroDivisionError):  # of numbers at the edge of what floats hold
            continue
        yield Derived(
            formula.fact_id,
            formula.labels[tongue],
            value,
            formula.unit,
            formula.source.format(*(fact.fact_id for fact in facts)),
            facts[0].period,
        )


def _in_role(role: str, by_name: dict[str, "Fact"]) -> "Fact | None":
    return next((by_name[name] for name in ROLES[role] if name in by_name), None)


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
        if not is_whole or any(f.unit not in ("usd", "count", "number") for f in facts):
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


def _compound_growth(given: dict[str, "Fact"], tongue: int) -> Iterator[Derived]:
    seen: set[str] = set()
    for fact in given.values():
        match = _POINT.match(fact.fact_id)
        if not match or match["name"] in seen or match["name"] not in given:
            continue
        name, last = match["name"], given[match["name"]]
        seen.add(name)  # the first point is the oldest
        steps = _steps(match["key"], last)
        if steps < 2:
            continue
        yield _total_change(name, fact, last, tongue)
        if fact.value <= 0 or last.value <= 0 or last.unit == "percent":
            continue
        yield Derived(
            f"{name}_total_change_percent",
            ("change in {} since the first value", "Änderung seit dem ersten Wert: {}")[
                tongue
            ].format(last.label),
            last.value / fact.value - 1,
            "percent",
            f"{name} ÷ {fact.fact_id} \u2212 1",
        )
        yield Derived(
            f"{name}_compound_growth",
            ("compound growth of {} per period", "mittleres Wachstum je Periode: {}")[
                tongue
            ].format(last.label),
            (last.value / fact.value) ** (1 / steps) - 1,
            "percent",
            f"({name} ÷ {fact.fact_id})^(1/{steps}) \u2212 1",
        )


def _total_change(name: str, first: "Fact", last: "Fact", tongue: int) -> Derived:
    label = ("change in {} since the first value", "Änderung seit dem ersten Wert: {}")[tongue]
    label = label.format(last.label)
    if last.unit == "percent":
        label = f"{label} {('(percentage points)', '(Prozentpunkte)')[tongue]}"
    source = f"{name} \u2212 {first.fact_id}"
    return Derived(
        f"{name}_total_change", label, last.value - first.value, last.unit, source, last.period
    )


def _steps(first_key: str, last: "Fact") -> int:
    """How many periods lie between the first value and the last."""
    if last.source.endswith("]"):
        return int(last.source.rsplit("[", 1)[1][:-1]) - int(first_key)
    begin, end = period_number(first_key), period_number(last.source.split(".", 2)[-1])
    return end[1] - begin[1] if begin and end else 0

"""What the facts support doing: one small rule each, with the facts that it rests on.

A rule says nothing where its facts are not there. What it adds is derived by a named formula.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agents.figures.facts import Fact, Unit
from agents.figures.merit import LESS_IS_BETTER
from agents.figures.metric_names import MONEY, words_of
from agents.figures.metric_notes import Phrase, say
from agents.figures.numbers import write
from agents.founder.evidence import Evidence

_REVENUE = ("revenue_monthly", "mrr", "monthly_revenue")
_CUSTOMERS = ("customer_count", "customers")
_VISITS = ("traffic_monthly", "traffic")
_CHURN = ("churn_rate", "churn", "customer_churn_rate")
SAFE_RUNWAY = 12.0  # months, as investors commonly ask for
GOOD_LTV_CAC = 3.0  # as is commonly asked of subscription businesses
SMALL = 0.01  # changes below one percent are noise


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One thing to do. `stake` is the money a month that the facts connect with it, if they do."""

    key: str
    kind: str  # one of ranking.KINDS
    what: str
    why: str
    facts: tuple[Fact, ...]
    stake: Fact | None = None
    size: float = 0.0  # how large it is in itself: a share of what it is about
    about: str = ""  # what it is called


Rule = Callable[[Evidence], Iterator[Recommendation]]
_TEXTS: dict[str, tuple[Phrase, Phrase]] = {
    "churn": (
        ("Keep more of the customers you have.", "Mehr der vorhandenen Kunden halten."),
        (
            "At a churn rate of {churn} about {stake} of the monthly revenue of {revenue} is lost "
            "each month.",
            "Bei einer Abwanderungsrate von {churn} gehen je Monat etwa {stake} des Monatsumsatzes "
            "von {revenue} verloren.",
        ),
    ),
    "churn_customers": (
        ("Keep more of the customers you have.", "Mehr der vorhandenen Kunden halten."),
        (
            "At a churn rate of {churn} about {lost} of {customers} customers leave each period.",
            "Bei einer Abwanderungsrate von {churn} gehen je Periode etwa {lost} von {customers} "
            "Kunden.",
        ),
    ),
    "fallen": (
        ("Find out why {label} fell.", "Klären, warum {label} gesunken ist."),
        (
            "{Label} fell by {size}, from {before} to {now}.",
            "{Label}: minus {size}, von {before} auf {now}.",
        ),
    ),
    "risen_cost": (
        ("Find out why {label} rose.", "Klären, warum {label} gestiegen ist."),
        (
            "{Label} rose by {size}, from {before} to {now}.",
            "{Label}: plus {size}, von {before} auf {now}.",
        ),
    ),
    "grown": (
        ("Build on the growth of {label}.", "Auf dem Wachstum aufbauen: {label}."),
        (
            "{Label} grew by {size}, from {before} to {now}.",
            "{Label}: plus {size}, von {before} auf {now}.",
        ),
    ),
    "ltv_cac": (
        ("Spend less on winning a customer, or earn more with each.",
         "Weniger für neue Kunden ausgeben oder mehr mit jedem verdienen."),
        (
            "A customer brings {ratio} of what winning one costs; {mark} is what is commonly asked "
            "for.",
            "Ein Kunde bringt das {ratio} dessen, was er in der Gewinnung kostet; üblich ist die "
            "Forderung nach {mark}.",
        ),
    ),
    "runway": (
        ("Secure the funding of the coming months.", "Die Mittel der nächsten Monate sichern."),
        (
            "At the present burn the money lasts {runway}; investors commonly ask for {mark}.",
            "Beim jetzigen Verbrauch reicht das Geld {runway}; Investoren erwarten meist {mark}.",
        ),
    ),
    "conversion": (
        ("Turn more visits into conversions.", "Aus Besuchen mehr Konversionen machen."),
        (
            "At {visits} visits each percentage point of conversion is worth {point} conversions "
            "a month; now the rate is {rate}.",
            "Bei {visits} Besuchen ist jeder Prozentpunkt Konversion {point} Konversionen im Monat "
            "wert; jetzt liegt die Rate bei {rate}.",
        ),
    ),
    "behind": (
        ("Look at what {name} does better in {label}.",
         "Ansehen, was {name} bei {label} besser macht."),
        (
            "{Label}: ours of {own} is behind {name} with {best}.",
            "{Label}: Unser Wert von {own} liegt hinter {name} mit {best}.",
        ),
    ),
    "blocked": (
        ("Settle the draft for {whom} before it goes out.",
         "Den Entwurf für {whom} klären, bevor er hinausgeht."),
        (
            "The compliance rules object to it: {titles}.",
            "Die Compliance-Regeln beanstanden: {titles}.",
        ),
    ),
}  # fmt: skip


def recommendations(evidence: Evidence) -> list[Recommendation]:
    """All that the facts support, in no order yet."""
    return [found for rule in RULES for found in rule(evidence)]


def _made(
    e: Evidence, text: str, key: str, kind: str, facts: tuple[Fact, ...], **more: object
) -> Recommendation:
    what, why = _TEXTS[text]
    values = {k: v for k, v in more.items() if k not in ("stake_fact", "part", "about")}
    stake, part = more.get("stake_fact"), more.get("part")
    return Recommendation(
        key=key,
        kind=kind,
        what=say(e.language, what, **values),
        why=_capital(say(e.language, why, **values)),
        facts=facts,
        stake=stake if isinstance(stake, Fact) else None,
        size=float(part) if isinstance(part, int | float) else 0.0,
        about=str(more.get("about") or (facts[0].label if facts else "")),
    )


def _first(e: Evidence, names: tuple[str, ...]) -> Fact | None:
    return next((e.facts[name] for name in names if name in e.facts), None)


def _derived(
    e: Evidence, fact_id: str, label: Phrase, value: float, unit: Unit, source: str
) -> Fact:
    return Fact(
        fact_id=fact_id,
        label=say(e.language, label),
        value=value,
        unit=unit,
        kind="derived",
        source=source,
        text=write(value, unit, e.language),
    )


def _of_blocked_drafts(e: Evidence) -> Iterator[Recommendation]:
    for draft in e.drafts:
        if draft.blocking:
            titles = ", ".join(draft.blocking)
            yield _made(
                e, "blocked", f"draft_{draft.audience}", "blocked", (),
                whom=draft.called, titles=titles,
            )  # fmt: skip


def _of_runway(e: Evidence) -> Iterator[Recommendation]:
    runway = e.facts.get("runway_months")
    if runway is None or not 0 <= runway.value < SAFE_RUNWAY:
        return
    mark = _derived(
        e, "runway_mark", ("runway commonly asked for", "üblich erwartete Reichweite"),
        SAFE_RUNWAY, "months", "a common rule of thumb, not a figure of yours",
    )  # fmt: skip
    part = 1 - runway.value / SAFE_RUNWAY
    yield _made(e, "runway", "runway", "survive", (runway, mark), part=part,
                runway=runway.text, mark=mark.text)  # fmt: skip


def _of_churn(e: Evidence) -> Iterator[Recommendation]:
    churn, revenue = _first(e, _CHURN), _first(e, _REVENUE)
    customers = _first(e, _CUSTOMERS)
    if churn is None or churn.unit != "percent" or not 0 < churn.value < 1:
        return
    if revenue is not None and revenue.value > 0 and revenue.unit in MONEY:
        stake = _derived(
            e, "churn_stake", ("monthly revenue lost to churn", "Monatsumsatz durch Abwanderung"),
            churn.value * revenue.value, revenue.unit,
            f"{churn.fact_id} \u00d7 {revenue.fact_id}, if leavers pay as much as others",
        )  # fmt: skip
        yield _made(
            e, "churn", "churn", "protect", (churn, revenue, stake), stake_fact=stake,
            part=churn.value, churn=churn.text, revenue=revenue.text, stake=stake.text,
        )  # fmt: skip
    elif customers is not None and customers.value > 0:
        lost = _derived(
            e, "churn_customers", ("customers lost to churn", "Kunden durch Abwanderung"),
            churn.value * customers.value, "count", f"{churn.fact_id} \u00d7 {customers.fact_id}",
        )  # fmt: skip
        yield _made(
            e, "churn_customers", "churn", "protect", (churn, customers, lost), part=churn.value,
            churn=churn.text, customers=customers.text, lost=lost.text,
        )  # fmt: skip


def _of_changes(e: Evidence) -> Iterator[Recommendation]:
    """What fell although it should rise, what rose although it should fall, and what grew."""
    for fact_id, change in e.facts.items():
        name = fact_id.removesuffix("_change_percent")
        is_share = name == fact_id
        if is_share:
            name = fact_id.removesuffix("_change")
        now, before = e.facts.get(name), e.facts.get(f"{name}_previous")
        is_of_level = now is not None and now.unit == "percent"
        if name == fact_id or now is None or before is None or is_share != is_of_level:
            continue
        if change.unit != "percent" or abs(change.value) < (SMALL / 10 if is_share else SMALL):
            continue
        yield from _of_change(e, name, now, before, change)


def _of_change(
    e: Evidence, name: str, now: Fact, before: Fact, change: Fact
) -> Iterator[Recommendation]:
    is_cost = bool(LESS_IS_BETTER & set(words_of(name)))
    is_better = (change.value > 0) != is_cost
    difference = e.facts.get(f"{name}_change")
    has_money = now.unit in MONEY and difference is not None and difference.unit in MONEY
    if is_better and (is_cost or change.value <= 0):
        return
    kind = "build" if is_better else "protect"
    text = "grown" if is_better else "risen_cost" if is_cost else "fallen"
    part = abs(change.value) if now.unit != "percent" else abs(change.value / before.value or 0)
    yield _made(
        e, text, f"{name}_{text}", kind, (before, now, change),
        stake_fact=difference if has_money and not is_better else None, part=part,
        about=now.label, label=now.label, Label=_capital(now.label), size=_size(e, now, change),
        before=before.text, now=now.text,
    )  # fmt: skip


def _size(e: Evidence, now: Fact, change: Fact) -> str:
    size = write(abs(change.value), "percent", e.language)
    if now.unit != "percent":
        return size
    number = size.rstrip("%").rstrip("\u00a0")
    one, many = (("percentage point", "percentage points"), ("Prozentpunkt", "Prozentpunkte"))[
        int(e.language.startswith("de"))
    ]
    return f"{number} {one if number == '1' else many}"


def _of_unit_economics(e: Evidence) -> Iterator[Recommendation]:
    ratio = e.facts.get("ltv_cac_ratio")
    if ratio is None or not 0 < ratio.value < GOOD_LTV_CAC:
        return
    mark = _derived(
        e, "ltv_cac_mark", ("ratio commonly asked for", "üblich erwartetes Verhältnis"),
        GOOD_LTV_CAC, "ratio", "a common rule of thumb, not a figure of yours",
    )  # fmt: skip
    yield _made(e, "ltv_cac", "ltv_cac", "improve", (ratio, mark),
                part=1 - ratio.value / GOOD_LTV_CAC, ratio=ratio.text, mark=mark.text)  # fmt: skip


def _of_conversion(e: Evidence) -> Iterator[Recommendation]:
    rate, visits = e.facts.get("conversion_rate"), _first(e, _VISITS)
    if rate is None or visits is None or rate.unit != "percent" or visits.value <= 0:
        return
    point = _derived(
        e, "conversions_per_point", ("conversions a point", "Konversionen je Prozentpunkt"),
        visits.value * 0.01, "count", f"{visits.fact_id} \u00d7 0.01",
    )  # fmt: skip
    yield _made(e, "conversion", "conversion", "improve", (rate, visits, point), part=0.01,
                visits=visits.text, point=point.text, rate=rate.text)  # fmt: skip


def _of_market(e: Evidence) -> Iterator[Recommendation]:
    """The figure in which we are furthest behind a competitor. Of prices and costs, less is no
    fault."""
    tables = e.research.get("tables")
    for table in tables if isinstance(tables, list) else ():
        yield from _of_ranking(e, table)


def _of_ranking(e: Evidence, table: dict[str, object]) -> Iterator[Recommendation]:
    metric, label, rows = str(table.get("metric")), str(table.get("label")), table.get("ranking")
    words = set(words_of(metric))
    if not isinstance(rows, list) or words & (LESS_IS_BETTER | {"price", "preis", "share"}):
        return
    ours = table.get("us")
    mine = next((r for r in rows if r.get("name") == ours), None)
    best = rows[0] if rows else None
    if mine is None or best is None or best is mine or not mine["value"] or not best["value"]:
        return
    known = {**e.market, **e.facts}
    ours_and_best = (
        known.get(f"{mine['name']}.{metric}") or known.get(metric),
        known.get(f"{best['name']}.{metric}"),
    )
    facts = tuple(fact for fact in ours_and_best if fact is not None)
    yield _made(
        e, "behind", f"{metric}_behind", "improve", facts, part=1 - mine["value"] / best["value"],
        about=label, name=best["name"], label=label, Label=_capital(label), own=mine["text"],
        best=best["text"],
    )  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


RULES: tuple[Rule, ...] = (
    _of_blocked_drafts, _of_runway, _of_churn, _of_changes, _of_unit_economics, _of_conversion,
    _of_market,
)  # fmt: skip

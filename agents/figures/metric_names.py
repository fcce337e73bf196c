"""What a metric's name says: its unit, its label in a sentence, and which period a key names."""

import re
from functools import lru_cache
from typing import Literal

Unit = Literal["usd", "eur", "gbp", "chf", "percent", "count", "ratio", "months", "days", "number"]
MONEY: frozenset[str] = frozenset(("usd", "eur", "gbp", "chf"))
CURRENCIES: dict[str, Unit] = {
    "$": "usd", "us$": "usd", "usd": "usd", "dollar": "usd", "dollars": "usd",
    "€": "eur", "eur": "eur", "euro": "eur", "euros": "eur",
    "£": "gbp", "gbp": "gbp", "pound": "gbp", "pounds": "gbp",
    "chf": "chf", "franken": "chf",
}  # fmt: skip

MOST_PLAUSIBLE_SHARE = 10  # a "rate" above this is no share: hourly_rate = 85


def word_set(words: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(words.split())


_MONEY = word_set(
    "revenue revenues cost costs profit profits price prices mrr arr income spend spending expense "
    "expenses budget cac ltv clv arpu arpa aov ebitda cash burn turnover valuation funding cogs "
    "umsatz umsätze gewinn kosten preis ausgaben einnahmen bestellwert"
)
_COUNTED = word_set(
    "count customer customers user users traffic visit visits visitor visitors session sessions "
    "lead leads order orders signup signups subscriber subscribers follower followers employee "
    "employees impression impressions click clicks download downloads deal deals purchases "
    "conversions members headcount kunden neukunden nutzer besuche besucher bestellungen "
    "anmeldungen mitarbeiter abonnenten"
)
_SHARES = word_set("churn retention margin share marge bruttomarge marktanteil abwanderungsrate")

_LABELS = {
    "revenue_monthly": ("monthly revenue", "Monatsumsatz"),
    "monthly_revenue": ("monthly revenue", "Monatsumsatz"),
    "revenue": ("revenue", "Umsatz"),
    "traffic_monthly": ("monthly visits", "monatliche Besuche"),
    "monthly_traffic": ("monthly visits", "monatliche Besuche"),
    "traffic": ("visits", "Besuche"),
    "conversion_rate": ("conversion rate", "Konversionsrate"),
    "customer_count": ("customers", "Kunden"),
    "customers": ("customers", "Kunden"),
    "churn_rate": ("churn rate", "Abwanderungsrate"),
    "churn": ("churn rate", "Abwanderungsrate"),
    "profit": ("profit", "Gewinn"),
    "costs": ("costs", "Kosten"),
    "mrr": ("monthly recurring revenue", "monatlich wiederkehrender Umsatz"),
    "arr": ("annual recurring revenue", "jährlich wiederkehrender Umsatz"),
    "cac": ("customer acquisition cost", "Kosten je Neukunde"),
    "customer_acquisition_cost": ("customer acquisition cost", "Kosten je Neukunde"),
    "ltv": ("customer lifetime value", "Kundenwert"),
    "clv": ("customer lifetime value", "Kundenwert"),
    "arpu": ("revenue per customer", "Umsatz je Kunde"),
    "aov": ("average order value", "durchschnittlicher Bestellwert"),
    "growth_rate": ("growth rate", "Wachstumsrate"),
    "gross_margin": ("gross margin", "Bruttomarge"),
    "market_share": ("market share", "Marktanteil"),
    "orders": ("orders", "Bestellungen"),
    "headcount": ("headcount", "Beschäftigte"),
    "cash": ("cash", "liquide Mittel"),
    "price": ("price", "Preis"),
    "price_per_unit": ("price per unit", "Preis je Stück"),
    "variable_cost_per_unit": ("variable cost per unit", "variable Kosten je Stück"),
    "fixed_costs": ("fixed costs", "Fixkosten"),
    "marketing_spend": ("marketing spend", "Marketingausgaben"),
    "new_customers": ("new customers", "neue Kunden"),
    "costs_monthly": ("monthly costs", "Monatskosten"),
    "profit_monthly": ("monthly profit", "Monatsgewinn"),
    "burn_rate_monthly": ("monthly burn", "monatlicher Mittelabfluss"),
    "net_revenue_retention": ("net revenue retention", "Nettoumsatzbindung"),
    "umsatz": ("revenue", "Umsatz"),
    "gewinn": ("profit", "Gewinn"),
    "kosten": ("costs", "Kosten"),
    "kunden": ("customers", "Kunden"),
    "bestellungen": ("orders", "Bestellungen"),
}  # fmt: skip
_ACRONYMS = word_set("mrr arr cac ltv clv arpu aov nps roi roas ctr cpc cpa ebitda kpi us eu uk")
_EVERY = {
    "monthly": ("monthly", "monatlich"), "quarterly": ("quarterly", "je Quartal"),
    "weekly": ("weekly", "wöchentlich"), "daily": ("daily", "täglich"),
    "annual": ("annual", "jährlich"), "yearly": ("yearly", "jährlich"),
}  # fmt: skip
_QUARTER = re.compile(r"^q[1-4]$")


def is_german(language: str) -> bool:
    """Whether texts are to be German; every other language is served in English."""
    return language.lower().startswith("de")


@lru_cache(maxsize=2048)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a metric's name, in small letters: "Revenue-Monthly" is revenue, monthly."""
    return tuple(word for word in re.split(r"[\s_.%-]+", name.lower()) if word)


def unit_of(name: str, value: float = 0.0) -> Unit:
    """The unit that the name implies.

    Names ending in _rate or holding growth are shares, as long as the value can be one; `_percent`
    and `_pct` are given in percent, which `scale_of` turns into a share.
    """
    words = words_of(name)
    last = words[-1] if words else ""
    if last in ("percent", "pct"):
        return "percent"
    if (
        last == "rate"
        or "growth" in words
        or last in _SHARES
        or (_SHARES & set(words) and abs(value) <= 1)
    ):
        return "percent" if abs(value) <= MOST_PLAUSIBLE_SHARE else "number"
    if last in ("ratio", "multiple"):
        return "ratio"
    if last in ("months", "days"):
        return "months" if last == "months" else "days"
    if last == "count":
        return "count"
    if len(words) > 1 and last in CURRENCIES:
        return CURRENCIES[last]
    if _MONEY & set(words):
        return "usd"
    return "count" if _COUNTED & set(words) else "number"


def without_currency(words: tuple[str, ...]) -> tuple[str, ...]:
    """A name's words without the currency that it may end in."""
    return words[:-1] if len(words) > 1 and words[-1] in CURRENCIES else words


def scale_of(name: str) -> float:
    """What a given value is multiplied by to be in base units."""
    return 0.01 if words_of(name)[-1:] in (("percent",), ("pct",)) else 1.0


def label_of(name: str, language: str = "en") -> str:
    """How a metric is called in a sentence: growth_rate_q4 is "Q4 growth rate"."""
    tongue = int(is_german(language))
    words = without_currency(words_of(name))
    known = _LABELS.get("_".join(words))
    if known:
        return known[tongue]
    quarter = next((w.upper() for w in words if _QUARTER.match(w)), "")
    rest = [w for w in words if not _QUARTER.match(w) and w not in ("percent", "pct")]
    if len(rest) > 1 and rest[-1] in _EVERY:
        rest = [_EVERY[rest[-1]][tongue], *rest[:-1]]
    if len(rest) > 1 and rest[-1] == "count":
        rest = [*rest[:-2], rest[-2] if rest[-2].endswith("s") else f"{rest[-2]}s"]
    known = _LABELS.get("_".join(rest))
    label = known[tongue] if known else " ".join(w.upper() if w in _ACRONYMS else w for w in rest)
    if tongue == 0:
        return f"{quarter} {label}".strip()
    label = label if known or name[:1].islower() else label[:1].upper() + label[1:]
    return f"{label} {quarter}".strip()

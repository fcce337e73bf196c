"""What a metric's name says: its unit, its label in a sentence, and which period a key names."""

import re
from functools import lru_cache
from typing import Literal

Unit = Literal["usd", "percent", "count", "ratio", "months", "days", "number"]

MOST_PLAUSIBLE_SHARE = 10  # a "rate" above this is no share: hourly_rate = 85


def word_set(words: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(words.split())


_MONEY = word_set(
    "revenue revenues cost costs profit profits price prices mrr arr income spend spending expense "
    "expenses budget cac ltv clv arpu aov ebitda cash burn turnover valuation funding"
)
_COUNTED = word_set(
    "count customer customers user users traffic visit visits visitor visitors session sessions "
    "lead leads order orders signup signups subscriber subscribers follower followers employee "
    "employees impression impressions click clicks download downloads deal deals purchases "
    "conversions members headcount"
)
_SHARES = word_set("churn retention margin share")

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
    if _MONEY & set(words):
        return "usd"
    return "count" if _COUNTED & set(words) else "number"


def scale_of(name: str) -> float:
    """What a given value is multiplied by to be in base units."""
    return 0.01 if words_of(name)[-1:] in (("percent",), ("pct",)) else 1.0


def label_of(name: str, language: str = "en") -> str:
    """How a metric is called in a sentence: growth_rate_q4 is "Q4 growth rate"."""
    tongue = int(is_german(language))
    known = _LABELS.get("_".join(words_of(name)))
    if known:
        return known[tongue]
    words = words_of(name)
    quarter = next((w.upper() for w in words if _QUARTER.match(w)), "")
    rest = [w for w in words if not _QUARTER.match(w) and w not in ("percent", "pct")]
    if len(rest) > 1 and rest[-1] in _EVERY:
        rest = [_EVERY[rest[-1]][tongue], *rest[:-1]]
    if len(rest) > 1 and rest[-1] == "count":
        rest = [*rest[:-2], rest[-2] if rest[-2].endswith("s") else f"{rest[-2]}s"]
    known = _LABELS.get("_".join(rest))
    label = known[tongue] if known else " ".join(w.upper() if w in _ACRONYMS else w for w in rest)
    return f"{quarter} {label}".strip() if tongue == 0 else f"{label} {quarter}".strip()


_PERIODS = (
    ("quarter", re.compile(r"^(\d{4})[\s_/-]?Q([1-4])$", re.I), 4),
    ("quarter", re.compile(r"^Q([1-4])[\s_/-]?(\d{4})$", re.I), 4),
    ("half", re.compile(r"^(\d{4})[\s_/-]?H([12])$", re.I), 2),
    ("half", re.compile(r"^H([12])[\s_/-]?(\d{4})$", re.I), 2),
    ("month", re.compile(r"^(\d{4})[-_/](0?[1-9]|1[0-2])$"), 12),
    ("year", re.compile(r"^(?:FY)?(\d{4})$", re.I), 1),
)
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_MONTH = re.compile(r"^([A-Za-z]{3})[a-z]*[\s-](\d{4})$")


def period_number(text: str) -> tuple[str, int] | None:
    """The kind of a period and its number among its kind, by which periods can be ordered.

    "2024-Q4" and "Q4 2024" are the same quarter; None for what names no period.
    """
    text = text.strip()
    for kind, pattern, per_year in _PERIODS:
        match = pattern.match(text)
        if match:
            parts = [int(part) for part in match.groups()]
            year, part = (max(parts), min(parts)) if len(parts) == 2 else (parts[0], 1)
            return kind, year * per_year + part - 1
    named = _NAMED_MONTH.match(text)
    if named and named[1].lower() in _MONTH_NAMES:
        return "month", int(named[2]) * 12 + _MONTH_NAMES.index(named[1].lower())
    return None

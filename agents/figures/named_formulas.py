"""The named formulas of ratios and unit economics: what each needs, and how it is computed.

Sources: customer economics (acquisition cost, lifetime value, payback, churn, net and gross revenue
retention, quick ratio) as in D. Skok, SaaS Metrics 2.0 (forentrepreneurs.com), where
the lifetime value is the revenue per customer times the gross margin divided by churn; contribution
and break-even as in Horngren, Datar and Rajan, Cost Accounting, chapter 3; margins, burn and runway
by their definitions.
"""

from collections.abc import Callable
from dataclasses import dataclass

from agents.figures.metric_names import Unit


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula over metrics by role. Values must be positive, unless zero makes sense too.

    A result that means nothing (a break-even without a contribution) is None.
    """

    fact_id: str
    labels: tuple[str, str]  # English, German
    unit: Unit  # "usd" stands for the currency of what is given
    roles: tuple[str, ...]
    source: str  # "{0} ÷ {1}", filled with fact ids
    compute: Callable[..., float | None]
    may_be_zero: bool = False


# The names under which a role may be given; the first that is there counts. A name that a formula
# gives its result is found as well, so that one formula can rest on another.
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
    "acquisition spend": (
        "sales_and_marketing_spend", "acquisition_spend", "marketing_spend", "marketing_costs",
        "marketing_cost", "marketing_budget", "sales_and_marketing_costs",
        "marketing_spend_monthly", "sales_and_marketing_costs_monthly",
    ),
    "new customers": ("new_customers", "customers_acquired", "new_customers_monthly"),
    "lost customers": ("lost_customers", "churned_customers", "customers_lost"),
    "customers at the start": ("customers_at_start", "starting_customers", "customers_start"),
    "revenue per customer": (
        "arpu", "arpa", "average_revenue_per_user", "revenue_per_customer", "mrr_per_customer",
    ),
    "gross margin": ("gross_margin", "gross_margin_rate", "gross_margin_monthly"),
    "cost of sales": ("cogs", "cost_of_goods_sold", "cost_of_revenue", "cost_of_sales"),
    "monthly cost of sales": ("cogs_monthly", "cost_of_sales_monthly", "cost_of_revenue_monthly"),
    "cash": ("cash", "cash_balance"),
    "monthly burn": (
        "burn_rate_monthly", "net_burn_monthly", "monthly_burn", "burn_monthly", "net_burn",
        "burn_rate",
    ),
    "recurring revenue at the start": ("starting_mrr", "mrr_start", "mrr_at_start"),
    "expansion": ("expansion_mrr", "mrr_expansion"),
    "contraction": ("contraction_mrr", "mrr_contraction"),
    "lost recurring revenue": ("churned_mrr", "mrr_churned", "lost_mrr"),
    "new recurring revenue": ("new_mrr", "mrr_new"),
    "unit price": ("price_per_unit", "unit_price", "price"),
    "variable cost per unit": (
        "variable_cost_per_unit", "unit_variable_cost", "unit_cost", "cost_per_unit",
    ),
    "fixed costs": ("fixed_costs", "fixed_cost", "fixed_costs_monthly", "monthly_fixed_costs"),
    "contribution": ("contribution_per_unit",),
    "contribution margin": ("contribution_margin",),
}  # fmt: skip

# What nobody gives but by its own inputs.
NEVER_GIVEN = frozenset(("contribution", "contribution margin"))

# How a role is called where it is missing: English, German.
ROLE_NAMES: dict[str, tuple[str, str]] = {
    "monthly revenue": ("revenue_monthly", "revenue_monthly"),
    "acquisition spend": ("marketing_spend", "marketing_spend"),
    "revenue per customer": ("arpu", "arpu"),
    "churn": ("churn_rate", "churn_rate"),
    "customers": ("customer_count", "customer_count"),
}


def role_name(role: str) -> str:
    """The metric's name by which a missing role is best given."""
    return ROLES[role][0] if role not in ROLE_NAMES else ROLE_NAMES[role][0]


def _positive(value: float) -> float | None:
    return value if value > 0 else None


FORMULAS: tuple[Formula, ...] = (
    Formula(
        "revenue_annualised", ("annualised revenue", "Umsatz aufs Jahr gerechnet"), "usd",
        ("monthly revenue",), "{0} \u00d7 12", lambda revenue: revenue * 12,
    ),
    Formula(
        "mrr_annualised",
        ("annualised recurring revenue", "wiederkehrender Umsatz aufs Jahr gerechnet"), "usd",
        ("mrr",), "{0} \u00d7 12", lambda mrr: mrr * 12,
    ),
    Formula(
        "conversions_monthly", ("monthly conversions", "monatliche Konversionen"), "count",
        ("traffic", "conversion"), "{0} \u00d7 {1}", lambda visits, rate: visits * rate,
    ),
    Formula(
        "revenue_per_customer", ("monthly revenue per customer", "Monatsumsatz je Kunde"), "usd",
        ("monthly revenue", "customers"), "{0} ÷ {1}", lambda revenue, n: revenue / n,
    ),
    Formula(
        "mrr_per_customer",
        ("monthly recurring revenue per customer", "wiederkehrender Monatsumsatz je Kunde"), "usd",
        ("mrr", "customers"), "{0} ÷ {1}", lambda mrr, n: mrr / n,
    ),
    Formula(
        "revenue_per_visit", ("revenue per visit", "Umsatz je Besuch"), "usd",
        ("monthly revenue", "traffic"), "{0} ÷ {1}", lambda revenue, visits: revenue / visits,
    ),
    Formula(
        "visits_per_customer", ("monthly visits per customer", "monatliche Besuche je Kunde"),
        "number", ("traffic", "customers"), "{0} ÷ {1}", lambda visits, n: visits / n,
    ),
    Formula(
        "churn_rate", ("churn rate", "Abwanderungsrate"), "percent",
        ("lost customers", "customers at the start"), "{0} ÷ {1}",
        lambda lost, start: lost / start if lost <= start else None, may_be_zero=True,
    ),
    Formula(
        "customer_lifetime_months", ("expected customer lifetime", "erwartete Kundendauer"),
        "months", ("churn",), "1 ÷ {0}", lambda churn: 1 / churn,
    ),
    Formula(
        "gross_margin", ("gross margin", "Bruttomarge"), "percent", ("revenue", "cost of sales"),
        "({0} \u2212 {1}) ÷ {0}", lambda revenue, cost: (revenue - cost) / revenue,
        may_be_zero=True,
    ),
    Formula(
        "gross_margin_monthly", ("gross margin", "Bruttomarge"), "percent",
        ("monthly revenue", "monthly cost of sales"), "({0} \u2212 {1}) ÷ {0}",
        lambda revenue, cost: (revenue - cost) / revenue, may_be_zero=True,
    ),
    Formula(
        "cac", ("customer acquisition cost", "Kosten je Neukunde"), "usd",
        ("acquisition spend", "new customers"), "{0} ÷ {1}", lambda spend, new: spend / new,
    ),
    Formula(
        "ltv", ("customer lifetime value", "Kundenwert"), "usd",
        ("revenue per customer", "gross margin", "churn"), "{0} \u00d7 {1} ÷ {2}",
        lambda each, margin, churn: each * margin / churn,
    ),
    Formula(
        "ltv_cac_ratio", ("lifetime value over acquisition cost", "Kundenwert je Akquisekosten"),
        "ratio", ("ltv", "cac"), "{0} ÷ {1}", lambda ltv, cac: ltv / cac,
    ),
    Formula(
        "revenue_per_customer_lifetime",
        ("revenue per customer lifetime", "Umsatz je Kundenleben"), "usd",
        ("monthly revenue", "customers", "churn"), "{0} ÷ {1} ÷ {2}",
        lambda revenue, n, churn: revenue / n / churn,
    ),
    Formula(
        "cac_payback_months",
        ("months of revenue to repay acquisition cost", "Monate bis zur Deckung der Akquisekosten"),
        "months", ("cac", "monthly revenue", "customers"), "{0} ÷ ({1} ÷ {2})",
        lambda cac, revenue, n: cac / (revenue / n),
    ),
    Formula(
        "cac_payback_on_margin_months",
        ("payback time of the acquisition cost on gross margin",
         "Rückzahldauer der Akquisekosten aus dem Rohertrag"),
        "months", ("cac", "revenue per customer", "gross margin"), "{0} ÷ ({1} \u00d7 {2})",
        lambda cac, each, margin: cac / (each * margin),
    ),
    Formula(
        "profit_margin", ("profit margin", "Gewinnmarge"), "percent", ("profit", "revenue"),
        "{0} ÷ {1}", lambda profit, revenue: profit / revenue,
    ),
    Formula(
        "profit_margin_monthly", ("monthly profit margin", "monatliche Gewinnmarge"), "percent",
        ("monthly profit", "monthly revenue"), "{0} ÷ {1}", lambda profit, rev: profit / rev,
    ),
    Formula(
        "monthly_surplus",
        ("monthly revenue minus costs", "Monatsumsatz abzüglich Kosten"), "usd",
        ("monthly revenue", "monthly costs"), "{0} \u2212 {1}",
        lambda revenue, cost: revenue - cost,
    ),
    Formula(
        "net_burn_monthly", ("monthly net burn", "monatlicher Mittelabfluss"), "usd",
        ("monthly costs", "monthly revenue"), "{0} \u2212 {1}",
        lambda cost, revenue: _positive(cost - revenue), may_be_zero=True,
    ),
    Formula(
        "runway_months", ("runway", "Reichweite der Mittel"), "months", ("cash", "monthly burn"),
        "{0} ÷ {1}", lambda cash, burn: cash / burn,
    ),
    Formula(
        "net_revenue_retention", ("net revenue retention", "Nettoumsatzbindung"), "percent",
        ("recurring revenue at the start", "expansion", "contraction", "lost recurring revenue"),
        "({0} + {1} \u2212 {2} \u2212 {3}) ÷ {0}",
        lambda start, more, less, lost: (start + more - less - lost) / start, may_be_zero=True,
    ),
    Formula(
        "gross_revenue_retention", ("gross revenue retention", "Bruttoumsatzbindung"), "percent",
        ("recurring revenue at the start", "contraction", "lost recurring revenue"),
        "({0} \u2212 {1} \u2212 {2}) ÷ {0}",
        lambda start, less, lost: (start - less - lost) / start, may_be_zero=True,
    ),
    Formula(
        "quick_ratio",
        ("quick ratio of recurring revenue", "Quick Ratio des wiederkehrenden Umsatzes"), "ratio",
        ("new recurring revenue", "expansion", "contraction", "lost recurring revenue"),
        "({0} + {1}) ÷ ({2} + {3})",
        lambda new, more, less, lost: (new + more) / (less + lost), may_be_zero=True,
    ),
    Formula(
        "contribution_per_unit", ("contribution per unit", "Deckungsbeitrag je Stück"), "usd",
        ("unit price", "variable cost per unit"), "{0} \u2212 {1}",
        lambda price, cost: price - cost, may_be_zero=True,
    ),
    Formula(
        "contribution_margin", ("contribution margin", "Deckungsbeitragsquote"), "percent",
        ("contribution", "unit price"), "{0} ÷ {1}", lambda left, price: left / price,
    ),
    Formula(
        "break_even_count", ("units to break even", "Stückzahl zum Break-even"), "count",
        ("fixed costs", "contribution"), "{0} ÷ {1}", lambda fixed, left: fixed / left,
    ),
    Formula(
        "break_even_revenue", ("revenue to break even", "Umsatz zum Break-even"), "usd",
        ("fixed costs", "contribution margin"), "{0} ÷ {1}", lambda fixed, share: fixed / share,
    ),
)  # fmt: skip

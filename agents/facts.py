"""Facts: the numbers that may stand in a text, each given by the user or derived by a named formula."""

from typing import Literal

from streams.domain.values import Value

Unit = Literal["usd", "percent", "count", "ratio", "months", "days", "number"]


class Fact(Value):
    """One number with where it comes from.

    `value` is in base units: dollars, a share for percent (0.045 is 4.5 %), pieces for counts, a multiple for ratios.
    """

    fact_id: str  # "revenue_monthly", "revenue_annualised", "customers_from_traffic"
    label: str  # "monthly revenue"
    value: float
    unit: Unit = "number"
    period: str = ""  # "Q4 2024"
    kind: Literal["given", "derived"] = "given"
    source: str = ""  # "business_metrics.revenue_monthly" | "revenue_monthly × 12"
    text: str = ""  # as it is written in a sentence: "$150,000", "4.5%"

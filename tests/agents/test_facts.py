"""Facts: what metrics state and what follows from them."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.figures.facts import Fact, derived_facts, given_facts, series
from agents.figures.metric_names import label_of, unit_of
from agents.figures.numbers import find_numbers, matches
from agents.figures.period_keys import period_number

SEED = {
    "revenue_monthly": 150_000,
    "traffic_monthly": 250_000,
    "conversion_rate": 0.045,
    "customer_count": 320,
    "growth_rate_q4": 0.35,
}


def facts(metrics: dict[str, Any], period: str = "", language: str = "en") -> dict[str, Fact]:
    stated = given_facts(metrics, period, language)
    return {fact.fact_id: fact for fact in (*stated, *derived_facts(stated, language))}


def test_the_metrics_of_the_worked_example_become_facts_with_sources() -> None:
    found = facts(SEED, "Q4 2024")

    assert found["revenue_monthly"] == Fact(
        fact_id="revenue_monthly",
        label="monthly revenue",
        value=150_000,
        unit="usd",
        period="Q4 2024",
        source="business_metrics.revenue_monthly",
        text="$150,000",
    )
    assert (found["conversion_rate"].text, found["customer_count"].text) == ("4.5%", "320")
    assert found["growth_rate_q4"].label == "Q4 growth rate"


@pytest.mark.parametrize(
    ("fact_id", "value", "source"),
    [
        ("revenue_annualised", 1_800_000, "revenue_monthly \u00d7 12"),
        ("conversions_monthly", 11_250, "traffic_monthly \u00d7 conversion_rate"),
        ("revenue_per_customer", 468.75, "revenue_monthly ÷ customer_count"),
        ("revenue_per_visit", 0.6, "revenue_monthly ÷ traffic_monthly"),
        ("visits_per_customer", 781.25, "traffic_monthly ÷ customer_count"),
    ],
)
def test_what_follows_names_its_formula(fact_id: str, value: float, source: str) -> None:
    derived = facts(SEED)[fact_id]

    assert derived.value == pytest.approx(value)
    assert (derived.source, derived.kind) == (source, "derived")


def test_growth_that_does_not_say_of_what_implies_no_earlier_level() -> None:
    assert not [fact_id for fact_id in facts(SEED) if "previous" in fact_id]


def test_growth_of_one_named_metric_implies_its_earlier_level() -> None:
    found = facts({"revenue_monthly": 150_000, "revenue_growth": 0.25, "customer_count": 3})

    implied = found["revenue_monthly_previous_implied"]
    assert implied.value == pytest.approx(120_000)
    assert implied.source == "revenue_monthly ÷ (1 + revenue_growth)"


@pytest.mark.parametrize(
    "metrics",
    [
        {"revenue_monthly": 1, "revenue_annual": 12, "revenue_growth": 0.25},
        {"revenue_monthly": 1, "revenue_growth": -1},
        {"revenue_monthly": 1, "revenue_growth": 0.25, "previous": {"revenue_monthly": 2}},
        {"conversion_rate": 0.1, "growth_conversion": 0.25},
    ],
)
def test_no_earlier_level_is_implied_where_that_would_be_a_guess(metrics: dict[str, Any]) -> None:
    assert not [fact_id for fact_id in facts(metrics) if "implied" in fact_id]


@pytest.mark.parametrize(
    "metrics",
    [
        {"revenue_monthly": 120, "previous": {"revenue_monthly": 100}},
        {"revenue_monthly": [90, 100, 120]},
        {"revenue_monthly": {"2024-Q4": 120, "2024-Q3": 100}},
        {"revenue_monthly": 120, "previous_revenue_monthly": 100},
        {"revenue_monthly": 120, "revenue_monthly_previous": 100},
    ],
)
def test_a_change_is_derived_however_the_earlier_value_is_given(metrics: dict[str, Any]) -> None:
    found = facts(metrics)

    assert found["revenue_monthly"].value == 120
    assert found["revenue_monthly_previous"].value == 100
    assert found["revenue_monthly_change"].value == 20
    assert found["revenue_monthly_change_percent"].value == pytest.approx(0.2)


def test_quarters_by_name_are_compared() -> None:
    found = facts({"sales_q3": 10, "sales_q4": 15})

    assert found["sales_q4_change_percent"].value == pytest.approx(0.5)


def test_the_period_asked_for_is_the_current_one() -> None:
    metrics = {"signups": {"2024-Q3": 20, "2024-Q4": 30, "2025-Q1": 90}}

    found = facts(metrics, "Q4 2024")

    assert (found["signups"].value, found["signups"].period) == (30, "2024-Q4")
    assert found["signups_previous"].value == 20


def test_a_list_gives_its_compound_growth() -> None:
    found = facts({"mrr": [100, 110, 121, 133.1]})

    assert found["mrr_compound_growth"].value == pytest.approx(0.1)
    assert found["mrr_compound_growth"].source == "(mrr ÷ mrr[0])^(1/3) \u2212 1"
    assert found["mrr_total_change_percent"].value == pytest.approx(0.331)


def test_missing_quarters_count_in_compound_growth() -> None:
    found = facts({"orders": {"2023-Q4": 100, "2024-Q3": 90, "2024-Q4": 146.41}})

    assert found["orders_compound_growth"].value == pytest.approx(0.1)


def test_the_parts_of_a_dict_have_shares() -> None:
    found = facts({"revenue": {"US": 70, "EU": 30}})

    assert found["revenue_total"].value == 100
    assert found["revenue.US_share"].value == pytest.approx(0.7)
    assert found["revenue.US_share"].label == "share of US in revenue"


@pytest.mark.parametrize(
    "metrics",
    [
        {"revenue": 5, "customer_count": 0, "traffic_monthly": 0},
        {"revenue_monthly": -5, "customer_count": 2},
        {"traffic_monthly": 5, "conversion_rate": 0},
        {"revenue_monthly": math.inf, "customer_count": math.nan},
        {"revenue_monthly": 1e308, "customer_count": 1e-300},
        {"revenue": {"US": 0, "EU": 0}},
        {"mrr": []},
        {"mrr": [1, None, 2]},
        {"market_position": "leader", "flag": True, "previous": None},
        {},
    ],
)
def test_nothing_follows_from_absurd_metrics(metrics: dict[str, Any]) -> None:
    assert not [fact for fact in facts(metrics).values() if fact.kind == "derived"]


def test_no_percentage_is_made_of_nothing() -> None:
    found = facts({"profit": 10, "previous": {"profit": 0}})

    assert "profit_change" in found
    assert "profit_change_percent" not in found


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("conversion_rate", 0.1, "percent"),
        ("growth_users", 0.1, "percent"),
        ("churn", 0.03, "percent"),
        ("profit_margin", 0.2, "percent"),
        ("discount_percent", 20, "percent"),
        ("hourly_rate", 85, "number"),
        ("cost_per_customer", 5, "usd"),
        ("customer_acquisition_cost", 5, "usd"),
        ("price_change_count", 5, "count"),
        ("traffic", 5, "count"),
        ("ltv_ratio", 5, "ratio"),
        ("payback_months", 5, "months"),
        ("nps", 50, "number"),
    ],
)
def test_a_name_implies_a_unit(name: str, value: float, unit: str) -> None:
    assert unit_of(name, value) == unit


def test_a_metric_in_percent_is_kept_as_a_share() -> None:
    assert facts({"discount_percent": 20})["discount_percent"].value == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("name", "english", "german"),
    [
        ("revenue_monthly", "monthly revenue", "Monatsumsatz"),
        ("customer_count", "customers", "Kunden"),
        ("growth_rate_q4", "Q4 growth rate", "Wachstumsrate Q4"),
        ("order_count", "orders", "Bestellungen"),
        ("leads_weekly", "weekly leads", "w\u00f6chentlich leads"),
        ("NPS", "NPS", "NPS"),
    ],
)
def test_a_name_becomes_a_label(name: str, english: str, german: str) -> None:
    assert label_of(name) == english
    assert label_of(name, "de") == german


def test_periods_are_known_by_several_names() -> None:
    assert period_number("2024-Q4") == period_number("Q4 2024") == ("quarter", 8099)
    assert period_number("Oct 2024") == period_number("2024-10")
    assert period_number("2024") == ("year", 2024)
    assert period_number("US") is None


def test_a_list_with_holes_is_no_series() -> None:
    assert series({"mrr": [1, None, 3], "a": {"2024-Q1": 1, "US": 2}, "b": [1, 2]}).keys() == {"b"}


numbers = st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e9, 1e9), st.just(0))
metrics = st.dictionaries(
    st.sampled_from(
        ("revenue_monthly", "traffic_monthly", "conversion_rate", "customer_count", "mrr", "cac",
         "ltv", "churn_rate", "revenue_growth", "growth_rate_q4", "sales_q3", "sales_q4", "nps")
    ),
    st.one_of(
        numbers,
        st.lists(numbers, max_size=6),
        st.dictionaries(st.sampled_from(("2024-Q1", "2024-Q2", "2024-Q4", "US")), numbers),
    ),
)  # fmt: skip


@given(metrics, st.dictionaries(st.sampled_from(("revenue_monthly", "mrr", "nps")), numbers),
       st.sampled_from(("en", "de")))  # fmt: skip
def test_every_fact_is_finite_sourced_and_found_again_by_its_text(
    given_metrics: dict[str, Any], previous: dict[str, float], language: str
) -> None:
    stated = given_facts({**given_metrics, "previous": previous}, "Q4 2024", language)
    found = [*stated, *derived_facts(stated, language)]

    assert len({fact.fact_id for fact in found}) == len(found)
    for fact in found:
        (mention,) = find_numbers(fact.text, language)
        assert matches(mention, fact)
        assert fact.source
        assert fact.label

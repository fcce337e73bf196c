"""Ratios, unit economics, comparisons with earlier years and targets: from given inputs alone."""

import pytest

from agents.figures.economics import missing
from agents.figures.facts import derived_facts, given_facts
from agents.figures.formulas import missing_roles
from agents.figures.named_formulas import FORMULAS, ROLES
from agents.figures.versus import named_periods
from streams.domain.values import Json
from tests.agents.test_financial import analyse, run, ungrounded

SAAS: Json = {
    "mrr": 96_000, "customer_count": 640, "churn_rate": 0.024, "gross_margin": 0.78,
    "marketing_spend": 31_500, "new_customers": 42,
}  # fmt: skip
MONTHS = {f"2024-{m:02}": 100.0 + m for m in range(1, 13)} | {
    f"2025-{m:02}": 120.0 + m for m in range(1, 7)
}


def derived(metrics: Json) -> dict[str, float]:
    given = given_facts(metrics)
    return {fact.fact_id: fact.value for fact in derived_facts(given)}


@pytest.mark.parametrize(
    ("metrics", "name", "value"),
    [
        (SAAS, "cac", 750),
        (SAAS, "ltv", 150 * 0.78 / 0.024),
        (SAAS, "ltv_cac_ratio", 150 * 0.78 / 0.024 / 750),
        (SAAS, "cac_payback_on_margin_months", 750 / (150 * 0.78)),
        (SAAS, "customer_lifetime_months", 1 / 0.024),
        ({"lost_customers": 6, "customers_at_start": 200}, "churn_rate", 0.03),
        ({"revenue": 200, "cogs": 80}, "gross_margin", 0.6),
        ({"cash": 900, "burn_rate_monthly": 75}, "runway_months", 12),
        ({"cash": 900, "costs_monthly": 100, "revenue_monthly": 40}, "runway_months", 15),
        (
            {"starting_mrr": 100, "expansion_mrr": 12, "contraction_mrr": 0, "churned_mrr": 5},
            "net_revenue_retention",
            1.07,
        ),
        (
            {"starting_mrr": 100, "contraction_mrr": 2, "churned_mrr": 5},
            "gross_revenue_retention",
            0.93,
        ),
        (
            {"new_mrr": 30, "expansion_mrr": 10, "contraction_mrr": 4, "churned_mrr": 6},
            "quick_ratio",
            4,
        ),
        ({"price": 49, "unit_cost": 18.5, "fixed_costs": 61_000}, "break_even_count", 2_000),
        ({"price": 50, "unit_cost": 20, "fixed_costs": 600}, "break_even_revenue", 1_000),
    ],
)
def test_a_figure_follows_by_its_formula(metrics: Json, name: str, value: float) -> None:
    assert derived(metrics)[name] == pytest.approx(value)


@pytest.mark.parametrize(
    ("metrics", "name"),
    [
        ({"price": 10, "unit_cost": 12, "fixed_costs": 600}, "break_even_count"),
        ({"cash": 900, "costs_monthly": 30, "revenue_monthly": 40}, "runway_months"),
        ({"mrr": 5, "customer_count": 0}, "mrr_per_customer"),
        ({"lost_customers": 9, "customers_at_start": 2}, "churn_rate"),
        ({"mrr": "5 €", "customer_count": 2, "cac": "$9", "ltv": "3 €"}, "ltv_cac_ratio"),
        ({k: v for k, v in SAAS.items() if k != "gross_margin"}, "ltv"),
    ],
)
def test_nothing_follows_where_it_would_mean_nothing(metrics: Json, name: str) -> None:
    assert name not in derived(metrics)


def test_what_is_given_is_not_computed_again() -> None:
    assert "cac" not in derived(SAAS | {"cac": 700})
    assert derived(SAAS | {"cac": 700})["ltv_cac_ratio"] == pytest.approx(4875 / 700)


def test_every_role_of_every_formula_can_be_given() -> None:
    assert {role for formula in FORMULAS for role in formula.roles} <= set(ROLES)


def test_the_inputs_that_are_missing_are_named_down_to_what_can_be_given() -> None:
    assert missing_roles("ltv", ["mrr_per_customer"]) == ("gross margin", "churn")

    facts = given_facts({"mrr": 96_000, "marketing_spend": 31_500})
    note = missing("What are our CAC and runway?", (), facts, "en")

    assert note == (
        "Not computed for want of inputs: customer acquisition cost (give new_customers); "
        "runway (give cash, burn_rate_monthly)."
    )


def test_nothing_is_missed_that_nobody_asked_for() -> None:
    report = analyse({"mrr": 96_000, "previous": {"mrr": 90_000}})

    assert not any("want of inputs" in note for note in report["notes"])


@pytest.mark.parametrize("language", ["en", "de"])
def test_unit_economics_are_told_first_where_they_are_asked_for(language: str) -> None:
    payload = {
        "request": "Analyze our unit economics", "business_metrics": SAAS, "inputs": {},
        "intent": {"language": language},
    }  # fmt: skip
    report = run("financial_agent.analyze_metrics", payload)

    assert any("6.5" in one or "6,5" in one for one in report["insights"][:3])
    assert ungrounded(report, language) == []
    assert report["details"]["unit_economics"]["cac"] == 750
    assert not any("previous period" in note for note in report["notes"])


def test_the_same_month_last_year_and_the_year_so_far_are_compared() -> None:
    found = derived({"revenue_monthly": MONTHS})

    assert found["revenue_monthly_yoy_change_percent"] == pytest.approx(126 / 106 - 1)
    assert found["revenue_monthly_ytd"] == sum(120 + m for m in range(1, 7))
    assert found["revenue_monthly_ytd_previous_year"] == sum(100 + m for m in range(1, 7))
    assert found["revenue_monthly_ttm"] == sum(list(MONTHS.values())[-12:])


def test_what_is_counted_at_a_moment_is_not_added_up() -> None:
    found = derived({"customer_count": MONTHS, "mrr": MONTHS})

    assert not any(name.endswith(("_ytd", "_ttm")) for name in found)
    assert "customer_count_yoy_change_percent" in found


def test_a_rate_is_compared_with_last_year_in_percentage_points() -> None:
    found = derived({"churn_rate": {"2024-Q4": 0.04, "2025-Q1": 0.03, "2025-Q4": 0.025}})

    assert found["churn_rate_yoy_change"] == pytest.approx(-0.015)
    assert "churn_rate_yoy_change_percent" not in found


def test_annual_growth_needs_two_whole_years() -> None:
    years = {"2022": 100, "2023": 110, "2024": 121}

    assert derived({"revenue": years})["revenue_cagr"] == pytest.approx(0.1)
    assert "revenue_monthly_cagr" not in derived({"revenue_monthly": MONTHS})


def test_a_comparison_with_last_year_that_cannot_be_had_is_said() -> None:
    payload = {
        "request": "How did we do year to date and against the same month last year?",
        "business_metrics": {"revenue_monthly": {"2025-05": 9, "2025-06": 10}},
        "inputs": {}, "intent": {},
    }  # fmt: skip
    notes = " ".join(run("financial_agent.analyze_metrics", payload)["notes"])

    assert "The year so far could not be compared" in notes
    assert "no value for the same period last year" in notes


def aimed(request: str, metrics: Json, language: str = "en", **constraints: object) -> Json:
    return run(
        "financial_agent.analyze_metrics",
        {
            "request": request, "business_metrics": metrics, "inputs": {},
            "intent": {"language": language, "constraints": constraints},
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("request_", "language", "steps"),
    [
        ("What monthly growth do we need to reach $121 in MRR by August 2025?", "en", 2),
        ("How do we get to $121 MRR within 2 months?", "en", 2),
        ("Wie stark müssen wir wachsen, um bis August 2025 121 $ MRR zu erreichen?", "de", 2),
        ("What growth does it take to reach $121 MRR by Q3 2025?", "en", 3),
    ],
)
def test_what_a_target_takes_is_computed(request_: str, language: str, steps: int) -> None:
    metrics = {"mrr": {"2025-04": 90.0, "2025-05": 95.0, "2025-06": 100.0}}

    report = aimed(request_, metrics, language)

    target = report["details"]["target"]
    assert (target["metric"], target["target"], target["steps"]) == ("mrr", 121, steps)
    assert target["growth_needed"] == pytest.approx(1.21 ** (1 / steps) - 1)
    assert ungrounded(report, language) == []


def test_a_target_that_is_reached_too_late_says_when() -> None:
    metrics = {"mrr": [100, 101, 102.01]}

    report = aimed("What growth do we need to reach $150 MRR in 12 months?", metrics)

    assert report["insights"][1] == (
        "At the compound growth so far (1% a month), the target of $150 is not reached by then "
        "but after 39 months."
    )


@pytest.mark.parametrize(
    ("request_", "note"),
    [
        ("What do we need to reach $150 in MRR?", "By when the target of $150"),
        ("What do we need to reach €150 in 3 months?", "Which metric is to reach €150"),
    ],
)
def test_what_a_target_lacks_is_said(request_: str, note: str) -> None:
    report = aimed(request_, {"mrr": [100, 101, 102]})

    assert any(note in one for one in report["notes"])


def test_no_target_is_seen_where_none_is_named() -> None:
    report = aimed("Explain how we reached $102 in MRR", {"mrr": [100, 101, 102]})

    assert report["details"]["target"] is None or "needed" not in str(report["insights"])


QUARTERS: Json = {
    "revenue": {"2024-Q4": 900, "2025-Q1": 950, "2025-Q2": 1010, "2025-Q3": 1080, "2025-Q4": 1200},
    "churn_rate": {"2024-Q4": 0.04, "2025-Q3": 0.035, "2025-Q4": 0.03},
}


def compared(then: str, language: str = "en") -> Json:
    asked = {"label": then, "start": "", "end": ""}
    return aimed("Compare", QUARTERS, language, compare_to=asked)


def test_two_named_periods_are_compared_and_not_only_the_latest_two() -> None:
    report = compared("Q1 2025")

    assert (
        report["insights"][0] == "Revenue grew 26.3% from Q1 2025 to Q4 2025, from $950 to $1,200."
    )
    row = report["comparisons"][0]
    assert (row["metric"], row["previous"], row["compared_with"]) == ("revenue", 950, "2025-Q1")
    assert "churn_rate has no value for Q1 2025" in " ".join(report["notes"])
    assert ungrounded(report) == []


def test_a_rate_is_compared_in_points_of_which_one_is_a_point() -> None:
    report = compared("Q4 2024")

    assert (
        "Churn rate fell by 1 percentage point from Q4 2024 to Q4 2025, from 4% to 3%."
        in (report["insights"])
    )


def test_periods_are_compared_in_german() -> None:
    report = compared("Q1 2025", "de")

    assert report["insights"][0].startswith("Umsatz: 26,3\u00a0% mehr von Q1 2025 bis Q4 2025")
    assert ungrounded(report, "de") == []


@pytest.mark.parametrize("then", ["Q3 2025", "Q4 2025", "2024", "soon"])
def test_no_second_comparison_is_made_where_there_is_none_to_make(then: str) -> None:
    assert not any("compared_with" in row for row in compared(then)["comparisons"])


def test_the_latest_of_several_named_periods_is_compared_with_all_others() -> None:
    payload = {
        "request": "Compare Q4 2024, Q1 2025 and Q3 2025", "business_metrics": QUARTERS,
        "inputs": {}, "intent": {"action": "compare", "date_range": {"label": "Q4 2024"}},
    }  # fmt: skip

    report = run("financial_agent.analyze_metrics", payload)

    assert report["insights"][:2] == [
        "Revenue grew 20% from Q4 2024 to Q3 2025, from $900 to $1,080.",
        "Revenue grew 13.7% from Q1 2025 to Q3 2025, from $950 to $1,080.",
    ]
    assert report["period"]["label"] == "Q3 2025"
    assert ungrounded(report) == []


@pytest.mark.parametrize(
    ("request_", "periods"),
    [
        ("Compare Jan 2025 and March 2025", ("Jan 2025", "March 2025")),
        ("Compare 2025-Q3 with Q1 2025 in 2025", ("Q1 2025", "2025-Q3")),
        ("Vergleiche 2024 mit 2025", ("2024", "2025")),
        ("Compare 2,025 orders with $2024", ()),
        ("Compare our figures", ()),
    ],
)
def test_the_periods_that_a_request_names_are_found(
    request_: str, periods: tuple[str, ...]
) -> None:
    assert named_periods(request_) == periods


def test_every_list_is_shown_period_by_period_with_its_changes() -> None:
    (revenue, churn) = compared("Q3 2025")["details"]["periods"]

    assert [row["change"] for row in revenue["periods"]] == [None, 50, 60, 70, 120]
    assert churn["periods"][-1]["period"] == "2025-Q4"


def test_costs_are_many_and_what_is_left_of_revenue_is_one() -> None:
    report = analyse({"costs_monthly": 80, "revenue_monthly": 52})

    assert {"Monthly costs are $80.", "Monthly revenue minus costs is -$28."} <= {
        *report["insights"]
    }

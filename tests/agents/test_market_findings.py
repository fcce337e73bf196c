"""What is found in market data: standing, movement, and trends that a named test bears out."""

import random
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.market.monotony import real_trends, trend_of
from streams.domain.values import Json
from tests.agents.test_market_insight import research

QUARTERS = [f"2024-Q{n}" for n in range(1, 5)] + [f"2025-Q{n}" for n in range(1, 5)]


def table(**series: list[float]) -> Json:
    rows = [
        {"company": name.replace("_", " "), "quarter": quarter, "customers": value}
        for name, values in series.items()
        for quarter, value in zip(QUARTERS, values, strict=False)
    ]
    return {"market_data": {"rows": rows}}


def fact(answer: Json, fact_id: str) -> Json:
    found: Json = next(f for f in answer["facts"] if f["fact_id"] == fact_id)
    return found


# ------------------------------------------------------------------------------ standing


def test_our_row_in_the_data_is_ranked_against_median_and_best() -> None:
    answer = research(table(Acme=[100], Beta=[60], we=[80]))

    assert answer["findings"][:4] == [
        "By customers we rank number 2 among 3 companies, highest first.",
        "Customers: ours of 80 is the median of all.",
        "Customers: Acme, the highest with 100, is 25% above us.",
        "Customers (2024-Q1), highest first: Acme 100, our company 80 and Beta 60.",
    ]


def test_shares_and_concentration_follow_from_the_sum() -> None:
    answer = research(table(Acme=[60], Beta=[40]))

    assert fact(answer, "Acme.customers_share")["value"] == pytest.approx(0.6)
    assert fact(answer, "customers_hhi")["value"] == pytest.approx(60**2 + 40**2)
    assert any("above the mark of 1,800" in text for text in answer["findings"])
    assert any("the market may hold more" in note for note in answer["notes"])


def test_given_market_shares_are_taken_as_they_are() -> None:
    rows = [{"name": n, "market share": s} for n, s in (("A", 0.3), ("B", 0.2), ("C", 0.1))]

    answer = research({"market_data": rows})

    assert fact(answer, "market_share_hhi")["value"] == pytest.approx(1400)
    assert not any(f["fact_id"].endswith("_share_share") for f in answer["facts"])


def test_prices_have_a_median_and_no_shares() -> None:
    rows = [{"brand": n, "price (USD)": p} for n, p in (("A", 10), ("B", 30), ("we", 20))]

    answer = research({"market_data": rows})

    assert "Price: from $10 (A) to $30 (B), with a median of $20." in answer["findings"]
    assert "Of 2 prices, 1 are lower than ours." in answer["findings"]
    assert not any("_share" in f["fact_id"] for f in answer["facts"])


def test_our_own_metric_stands_beside_those_of_others_with_what_was_assumed() -> None:
    context = {"market_data": [{"company": "A", "revenue_monthly": 100_000}, {"company": "B",
               "revenue_monthly": 300_000}], "company": "Shiftwise"}  # fmt: skip

    answer = research(context, {"revenue_monthly": 200_000})

    assert any("A $100,000" in t and "Shiftwise $200,000" in t for t in answer["findings"])
    assert any("taken to be that of our own" in note for note in answer["notes"])


def test_figures_in_different_units_are_not_compared() -> None:
    rows = [{"company": "A", "price": "$10"}, {"company": "B", "price": "10 €"}]

    answer = research({"market_data": [{"rows": rows[:1]}, {"rows": rows[1:]}]})

    assert answer["findings"] == []
    assert any("different units" in note for note in answer["notes"])


def test_every_figure_has_its_cell_and_a_chart_its_values() -> None:
    answer = research(table(Acme=[100], Beta=[60]))

    assert fact(answer, "Acme.customers")["source"] == (
        "context.market_data rows[0], column 'customers'"
    )
    assert answer["chart"].startswith("<svg")
    assert "Beta" in answer["chart"]
    assert answer["tables"][0]["ranking"][0]["name"] == "Acme"


def test_a_name_with_digits_claims_no_figure() -> None:
    answer = research(table(Studio_54=[100], Beta=[60]))

    assert any("Studio 54" in text for text in answer["findings"])
    assert any(f["label"] == "number in the name Studio 54" for f in answer["facts"])


# ------------------------------------------------------------------------------ movement


def test_a_trend_is_told_with_its_test() -> None:
    answer = research(table(Acme=[100, 103, 107, 109, 114, 118, 121, 125], Beta=[50] * 8))

    (told,) = [text for text in answer["findings"] if "trend" in text]
    assert told.startswith("Acme: rising trend of customers, about 3.6 more per quarter")
    assert "Mann-Kendall test with 8 values, p < 0.001" in told
    assert any("No trend of customers can be claimed for Beta" in n for n in answer["notes"])


def test_coming_nearer_to_the_highest_is_told() -> None:
    nearer = research(table(Acme=[100, 110], we=[50, 70]))
    farther = research(table(Acme=[100, 140], we=[50, 55]), language="de")

    assert any("so the distance to the top gets smaller" in t for t in nearer["findings"])
    assert any("der Abstand wird also größer" in t for t in farther["findings"])


def test_unevenly_spaced_times_have_no_trend() -> None:
    rows = [
        {"company": "A", "month": m, "customers": v}
        for m, v in (("2025-01", 1), ("2025-02", 2), ("2025-04", 3), ("2025-09", 4), ("2025-12", 9))
    ]

    answer = research({"market_data": rows})

    assert not any("trend of" in text for text in answer["findings"])
    assert any("not evenly spaced" in note for note in answer["notes"])


def test_the_test_of_mann_and_kendall_is_exact_for_few_values() -> None:
    """By counting all orders of five values: S of 10 or more in either direction is 2 of 120."""
    trend = trend_of([1.0, 2.0, 3.0, 4.0, 5.0])
    every = [trend_of(list(map(float, order))) for order in permutations(range(5))]

    assert trend is not None
    assert (trend.s, trend.slope, trend.n) == (10, 1.0, 5)
    assert trend.p == pytest.approx(2 / 120)
    for one in every:
        assert one is not None
        at_least = sum(abs(other.s) >= abs(one.s) for other in every if other is not None)
        assert one.p == pytest.approx(at_least / len(every))


def test_with_ties_the_normal_distribution_is_corrected() -> None:
    """Var(S) of 8 values with one pair alike: (8·7·21 - 2·1·9)/18 = 64.33; S = 27, z = 3.24."""
    trend = trend_of([1, 2, 3, 3, 4, 5, 6, 7])

    assert trend is not None
    assert trend.s == 27
    assert trend.p == pytest.approx(0.00119, abs=5e-5)


def test_noise_is_no_trend_more_often_than_the_level_says() -> None:
    """Of 400 looks at ten series of noise each, few claim anything at all (by Benjamini and
    Hochberg at most 5 %)."""
    chance = random.Random(7)
    claims = 0
    for _ in range(400):
        trends = [trend_of([chance.gauss(0, 1) for _ in range(8)]) for _ in range(10)]
        claims += any(real_trends([t for t in trends if t is not None]))

    assert claims / 400 <= 0.07


@given(st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=20))
def test_turning_a_series_round_turns_its_trend_round(values: list[float]) -> None:
    forward, back = trend_of(values), trend_of(values[::-1])

    assert forward is not None
    assert back is not None
    assert forward.s == -back.s
    assert forward.p == pytest.approx(back.p)
    assert 0 < forward.p <= 1


def test_too_few_values_have_no_trend() -> None:
    assert trend_of([1.0, 2.0, 3.0]) is None


# ------------------------------------------------------------------------------ honesty


@pytest.mark.parametrize("value", [{"csv": "x"}, {"parquet_base64": "AAAA"}])
def test_data_that_cannot_be_used_are_not_called_missing(value: Any) -> None:
    answer = research({"market_data": value})

    assert answer["facts"] == []
    assert any("could be used" in note for note in answer["notes"])


def test_of_very_many_the_movement_of_the_largest_and_of_ours_is_told() -> None:
    many = {f"c{'abcdefghij'[n % 10]}{'abcdefghij'[n // 10]}": [float(n), n + 1.0]
            for n in range(80)}  # fmt: skip

    answer = research(table(**many, we=[1.0, 3.0]))

    assert any("for the 50 largest only" in note for note in answer["notes"])
    assert any(text.startswith("Our company: customers up by 200%") for text in answer["findings"])

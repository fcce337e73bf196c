"""The financial agent: reports, insights, trends, forecasts and honest remarks."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.contract import Done
from agents.figures import trends
from agents.figures.chart import bar_chart_svg, line_chart_svg
from agents.figures.facts import Fact
from agents.figures.numbers import find_numbers, matches
from agents.figures.report_period import period_of
from agents.financial import FINANCIAL
from streams.domain.commands import Command, CommandKind
from streams.domain.values import ExecutionPhase, Json

SEED = {
    "revenue_monthly": 150_000,
    "traffic_monthly": 250_000,
    "conversion_rate": 0.045,
    "customer_count": 320,
    "growth_rate_q4": 0.35,
}
SHAPE = {
    "facts", "insights", "narrative", "period", "comparisons", "notes", "chart", "is_offline",
}  # fmt: skip


def run(tool_id: str, payload: Json) -> Json:
    command = Command(
        command_id="c1",
        task_id="t1",
        kind=CommandKind.RUN_STEP,
        phase=ExecutionPhase.EXECUTION,
        agent_type="financial",
        tool_id=tool_id,
        timeout=1000,
        issued_at=0,
        payload=payload,
    )
    handler = FINANCIAL.compute(command)
    assert handler is not None
    outcome = handler(command)
    assert isinstance(outcome, Done)
    return outcome.output


def analyse(business_metrics: Json, inputs: Json | None = None, **intent: Any) -> Json:
    common = {"business_metrics": business_metrics, "intent": intent, "request": "r"}
    report = run("metrics_analyzer", common | {"inputs": inputs or {}})
    needed = {"inputs": {**(inputs or {}), "metrics_data": report}}
    return run("financial_agent.analyze_metrics", common | needed)


def ungrounded(report: Json, language: str = "en") -> list[str]:
    facts = [Fact.model_validate(fact) for fact in report["facts"]]
    return [
        f"{mention.quote} in {sentence}"
        for sentence in (*report["insights"], report["narrative"])
        for mention in find_numbers(sentence, language)
        if not any(matches(mention, fact) for fact in facts)
    ]


def test_the_report_of_the_worked_example_has_its_shape_facts_and_period() -> None:
    report = run(
        "metrics_analyzer",
        {"inputs": {"date_range": "2024-Q4"}, "intent": {}, "business_metrics": SEED},
    )

    assert report.keys() == SHAPE
    assert report["period"] == {"label": "Q4 2024", "start": "2024-10-01", "end": "2024-12-31"}
    assert {"revenue_monthly", "revenue_annualised"} <= {f["fact_id"] for f in report["facts"]}
    assert report["comparisons"] == []
    assert "growth_rate_q4 = 35% was given, not computed." in report["notes"]
    assert any("No previous period" in note for note in report["notes"])


def test_the_story_of_the_worked_example_is_told_in_facts() -> None:
    report = analyse(SEED, {"date_range": "2024-Q4"})

    assert report.keys() == SHAPE | {"details"}
    assert report["narrative"] == (
        "The Q4 growth rate given is 35%. "
        "Monthly revenue is $150,000, or $1.8 million at an annual rate. "
        "Of 250,000 monthly visits, 4.5% convert, which makes 11,250 conversions a month. "
        "With 320 customers, monthly revenue per customer is $468.75."
    )
    assert ungrounded(report) == []
    assert report["details"]["unit_economics"]["revenue_per_customer"] == 468.75
    assert "growth_rate_q4" in report["details"]["given"]
    assert any("11,250 monthly conversions against 320" in note for note in report["notes"])


def test_the_story_is_told_in_german() -> None:
    metrics = SEED | {"previous": {"revenue_monthly": 120_000}}

    report = analyse(metrics, language="de")

    assert report["narrative"].startswith(
        "Monatsumsatz stieg um 25\u00a0% von 120.000 $ auf 150.000 $."
    )
    assert ungrounded(report, "de") == []


def test_changes_are_compared_and_told_first() -> None:
    metrics = {
        "customer_count": 320,
        "revenue_monthly": 90,
        "conversion_rate": 0.045,
        "previous": {"revenue_monthly": 100, "conversion_rate": 0.04, "customer_count": 320},
    }

    report = analyse(metrics)

    row = next(r for r in report["comparisons"] if r["metric"] == "revenue_monthly")
    assert row["change"] == -10
    assert row["change_percent"] == pytest.approx(-0.1)
    assert report["insights"][:3] == [
        "Monthly revenue fell 10%, from $100 to $90.",
        "Conversion rate rose by 0.5 percentage points, from 4% to 4.5%.",
        "Customers stayed at 320.",
    ]
    assert report["chart"].startswith("<svg")
    assert ungrounded(report) == []


def test_what_was_asked_for_by_name_is_told_first() -> None:
    report = analyse(SEED, metrics=["customers"])

    assert report["insights"][0].startswith("With 320 customers")


def test_a_metric_that_is_not_there_is_named() -> None:
    report = analyse(SEED, metrics=["churn_rate", "revenue"])

    assert "churn_rate was asked for but is not among the metrics given." in report["notes"]
    assert not any(note.startswith("revenue was") for note in report["notes"])


def test_without_metrics_the_report_says_so() -> None:
    report = analyse({"market_position": "leader"})

    assert (report["facts"], report["insights"], report["narrative"]) == ([], [], "")
    assert report["notes"] == ["No business metrics were given, so there is nothing to compute."]


def test_a_comparison_without_earlier_values_is_refused_honestly() -> None:
    report = analyse(SEED, action="compare")

    assert any("A comparison was asked for" in note for note in report["notes"])


@pytest.mark.parametrize(
    ("metrics", "part"),
    [
        (SEED, "No metric was given as a list"),
        ({"mrr": [1, 2, 3]}, "a forecast needs at least 4"),
        ({"mrr": [1, 2]}, "a forecast needs at least 4"),
        ({"mrr": [1, 2, 3, 4]}, "assumes that the linear trend goes on"),
        ({"conversion_rate": 3.5}, "was read as 350%"),
        ({"growth_rate": 35}, "too large for a share"),
        ({"revenue_monthly": -5}, "is negative"),
        ({"profit": 5, "previous": {"profit": 0}}, "means nothing"),
        ({"nps": 5, "previous": {"profit": 1}}, "no current value"),
        ({"nps": 5, "mrr": [1, None]}, "mrr holds no number"),
    ],
)
def test_what_the_data_do_not_allow_is_said(metrics: Json, part: str) -> None:
    report = analyse(metrics, action="forecast")

    assert any(part in note for note in report["notes"])


def test_a_list_is_forecast_with_its_intervals_and_the_method_is_named() -> None:
    # y = 2, 4, 5, 4, 5: slope 0.6, intercept 2.8 at 0; next 5.8. Too few for a back test, so the
    # interval is wider than 3.182 · sqrt(0.8) · sqrt(1 + 1/5 + 9/10) of the line alone.
    report = analyse({"nps": [2, 4, 5, 4, 5]}, action="forecast")

    (row,) = report["details"]["forecasts"]
    assert row["value"] == pytest.approx(5.8)
    assert row["high"] - row["value"] > 3.182 * (0.8 * 2.1) ** 0.5
    assert row["low"] < row["inner_low"] < row["inner_high"] < row["high"]
    assert row["method"].startswith("linear regression of nps")
    assert row["back_test"] == {"mean_absolute_error": None, "tests": 0}
    assert report["insights"][0].startswith("If the trend goes on, the next value of NPS")
    assert ungrounded(report) == []


def test_a_forecast_of_what_cannot_be_negative_is_cut_at_zero() -> None:
    report = analyse({"signups": [30, 2, 25, 1]}, action="forecast")

    assert report["details"]["forecasts"][0]["low"] == 0
    assert "cut at zero" in report["details"]["forecasts"][0]["method"]


def test_a_value_that_stands_out_is_named() -> None:
    report = analyse({"mrr": [100, 110, 118, 133, 500, 150, 161, 172]})

    (anomaly,) = report["details"]["anomalies"]
    assert (anomaly["source"], anomaly["value"]) == ("business_metrics.mrr[4]", 500.0)
    assert anomaly["score"] > anomaly["threshold"] > 3.5
    assert (anomaly["n"], anomaly["method"]) == (
        8,
        "modified z-score of the residuals from a Theil-Sen line",
    )
    assert "The value $500 of monthly recurring revenue stands out" in " ".join(report["insights"])
    assert "There is no clear trend in" in " ".join(report["insights"])


def test_a_clear_trend_is_told() -> None:
    report = analyse({"mrr": [100, 111, 119, 131, 140]})

    assert "rose by about $10 per period on average" in " ".join(report["insights"])


def test_least_squares_agrees_with_a_hand_computed_example() -> None:
    line = trends.fit_line([2, 4, 5, 4, 5])

    assert line is not None
    assert line.slope == pytest.approx(0.6)
    assert line.intercept == pytest.approx(2.8)
    assert line.r_squared == pytest.approx(0.6)
    assert not line.is_clear


@given(st.lists(st.floats(-1e308, 1e308), max_size=12))
def test_statistics_of_any_list_do_not_fail(values: list[float]) -> None:
    trends.fit_line(values)
    trends.outliers(values)


@pytest.mark.parametrize(
    ("given_range", "period"),
    [
        ("2024-02", ("2024-02", "2024-02-01", "2024-02-29")),
        ("2024", ("2024", "2024-01-01", "2024-12-31")),
        ("H2 2024", ("H2 2024", "2024-07-01", "2024-12-31")),
        ("last spring", ("last spring", "", "")),
    ],
)
def test_a_date_range_becomes_a_period(given_range: str, period: tuple[str, str, str]) -> None:
    found = period_of({"date_range": given_range}, {})

    assert found is not None
    assert tuple(found.values()) == period


def test_a_chart_is_valid_accessible_and_escaped() -> None:
    points = [("a & <b>", 1.0, "$1"), ("c\x00", -2.0, "-$2"), ("d", 0.0, "$0")]

    for svg in (
        bar_chart_svg("<T>", points),
        line_chart_svg("<T>", points),
        line_chart_svg("T", []),
    ):
        root = ET.fromstring(svg)  # noqa: S314
        names = [child.tag.rsplit("}", 1)[1] for child in root]
        assert names[:2] == ["title", "desc"]
        assert root.attrib["role"] == "img"


numbers = st.one_of(st.integers(-(10**7), 10**7), st.floats(-1e7, 1e7, width=32), st.just(0))
values = st.one_of(numbers, st.lists(numbers, max_size=8))
names = st.sampled_from(
    ("revenue_monthly", "traffic_monthly", "conversion_rate", "customer_count", "mrr", "cac", "ltv",
     "churn_rate", "growth_rate_q4", "revenue_growth", "profit", "nps", "payback_months")
)  # fmt: skip


@settings(max_examples=150)
@given(
    st.dictionaries(names, values),
    st.dictionaries(names, numbers),
    st.sampled_from(("en", "de")),
    st.sampled_from(("analyze", "forecast", "compare")),
)
def test_every_number_in_every_sentence_is_a_fact(
    metrics: Json, previous: Json, language: str, action: str
) -> None:
    report = analyse({**metrics, "previous": previous}, language=language, action=action)

    assert ungrounded(report, language) == []
    if report["chart"]:
        ET.fromstring(report["chart"])  # noqa: S314


def test_a_forecast_has_as_many_steps_as_were_asked_for_each_with_its_interval() -> None:
    metrics = {"revenue_monthly": [100, 110, 119, 131, 140, 149, 161, 170]}
    horizon = {"count": 6, "unit": "month", "until": "", "words": "the next six months"}
    intent = {"action": "forecast", "constraints": {"horizon": horizon}}

    report = analyse(metrics, **intent)

    rows = report["details"]["forecasts"]
    widths = [row["high"] - row["low"] for row in rows]
    assert [row["step"] for row in rows] == [1, 2, 3, 4]  # half of the eight values
    assert widths == sorted(widths)
    assert all("n = 8" in row["method"] for row in rows)
    assert any("not as far as asked" in note for note in report["notes"])
    assert "(forecast)" in report["chart"]


def test_a_text_about_six_months_tells_the_movement_over_all_of_them_first() -> None:
    span = {"label": "last 6 months", "start": "2025-07-01", "end": "2025-12-31"}
    metrics = {"churn_rate": [0.041, 0.039, 0.036, 0.034, 0.031, 0.028]}

    report = analyse(metrics, action="create", date_range=span, metrics=["churn_rate"])

    assert report["insights"][0] == (
        "Churn rate fell by 1.3 percentage points over the values given, from 4.1% to 2.8%, lower "
        "every time."
    )
    assert not any("forecast" in note.lower() for note in report["notes"])


def test_a_comparison_with_competitors_misses_no_earlier_period() -> None:
    intent = {"action": "compare", "constraints": {"market_data": ["market"]}}

    report = analyse({"price": 49}, **intent)

    assert report["notes"] == []

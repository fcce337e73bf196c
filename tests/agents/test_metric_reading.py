"""Metrics as people write them: numbers as text, currencies, rows with dates, in two languages."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.figures.facts import given_facts, series
from agents.figures.metric_reading import read_metrics, read_number
from agents.figures.numbers import find_numbers, matches
from agents.figures.period_keys import coarser, key_of, number_on, period_number


@pytest.mark.parametrize(
    ("text", "language", "value", "unit"),
    [
        ("1.250.000 €", "de", 1_250_000, "eur"),
        ("1.250 €", "en", 1_250, "eur"),  # a euro sign behind it: written the German way
        ("€1,250", "en", 1_250, "eur"),
        ("$1.2m", "en", 1_200_000, "usd"),
        ("1,34 Mio. €", "en", 1_340_000, "eur"),
        ("12 Tsd", "de", 12_000, None),
        ("CHF 4'500", "de", 4_500, "chf"),
        ("£3.5k", "en", 3_500, "gbp"),
        ("4,5 %", "de", 0.045, "percent"),
        ("1.250", "de", 1_250, None),
        ("1.250", "en", 1.25, None),
        ("-12.5", "en", -12.5, None),
        ("49 €/Monat", "de", 49, "eur"),
    ],
)
def test_a_number_is_read_as_it_was_meant(
    text: str, language: str, value: float, unit: str | None
) -> None:
    read = read_number(text, language)

    assert read is not None
    assert read.value == pytest.approx(value)
    assert read.unit == unit


@pytest.mark.parametrize("text", ["leader", "number 3", "Q4 2024", "1.2.3.4", "XYZ 5", "", "5 % €"])
def test_what_is_no_number_stays_text(text: str) -> None:
    assert read_number(text) is None


def test_the_unit_that_was_written_is_kept_and_derived_figures_keep_it() -> None:
    facts = {
        fact.fact_id: fact
        for fact in given_facts({"mrr": "48.500 €", "churn_rate": "2,1 %", "cac_gbp": 900})
    }

    assert (facts["mrr"].unit, facts["mrr"].text) == ("eur", "€48,500")
    assert (facts["churn_rate"].unit, facts["churn_rate"].text) == ("percent", "2.1%")
    assert facts["cac_gbp"].text == "£900"
    assert facts["cac_gbp"].label == "customer acquisition cost"


def test_one_currency_for_all_can_be_named() -> None:
    (fact,) = given_facts({"currency": "EUR", "revenue": 5_000}, language="de")

    assert fact.text == "5.000 €"


def test_two_currencies_in_one_metric_are_left_out_and_said() -> None:
    metrics = read_metrics({"costs": ["10.000 €", "$12,000"]})

    assert metrics.mixed == ("costs",)
    assert "costs" not in metrics.values


def test_a_text_in_euros_is_held_against_facts_in_euros_only() -> None:
    euros, dollars = (given_facts({"mrr": 48_500, "currency": c})[0] for c in ("EUR", "USD"))
    (mention,) = find_numbers("MRR is €48,500 now")

    assert matches(mention, euros)
    assert not matches(mention, dollars)


@pytest.mark.parametrize(
    "rows",
    [
        [{"month": "2025-10", "value": 5}, {"month": "2025-11", "value": 7}],
        [{"Monat": "Oktober 2025", "Betrag": "5"}, {"Monat": "Nov 2025", "Betrag": "7"}],
        [["31.10.2025", 5], ["30.11.2025", 7]],
        {"10/2025": 5, "11/2025": 7},
        {"2025-10-31": 5, "2025-11-30": 7},
    ],
)
def test_months_are_known_however_they_are_written(rows: object) -> None:
    one = series({"orders": rows}, language="de")["orders"]

    assert one.values == (5, 7)
    assert period_number(one.keys[-1]) == ("month", 2025 * 12 + 10)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("Q1/2025", "quarter"),
        ("Q1 '25", "quarter"),
        ("1. Quartal 2025", "quarter"),
        ("2025-W05", "week"),
        ("2025 KW 5", "week"),
        ("März 2025", "month"),
        ("Mar 25", "month"),
        ("31.01.2025", "day"),
        ("1/31/2025", "day"),
        ("FY2025", "year"),
    ],
)
def test_a_key_names_its_kind_of_period(key: str, kind: str) -> None:
    number = period_number(key)

    assert number is not None
    assert number[0] == kind


@pytest.mark.parametrize("key", ["31.02.2025", "2025-13", "2025-W60", "soon", "12"])
def test_what_is_no_period_is_none(key: str) -> None:
    assert period_number(key) is None


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)), st.sampled_from(("day", "week", "month")))
def test_the_name_of_a_period_is_read_back_as_the_same_period(day: date, kind: str) -> None:
    number = number_on(day, kind)

    assert period_number(key_of(kind, number)) == (kind, number)


def test_days_a_week_apart_are_weeks_and_days_in_a_row_stay_days() -> None:
    start = date(2025, 1, 6).toordinal()

    assert {kind for kind, _ in coarser([start, start + 7, start + 14])} == {"week"}
    assert {kind for kind, _ in coarser([start, start + 1, start + 2])} == {"day"}


@given(st.text(max_size=45))
def test_no_text_makes_reading_fail(text: str) -> None:
    read_number(text)
    period_number(text)
    given_facts({"mrr": text, "orders": [text], "x": {text: 1}})

"""Spans of time named in English and German requests."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.understanding.dates import day_of, find_periods, following, period_and_comparison
from streams.domain.intent import DateRange

TODAY = date(2025, 5, 14)  # a Wednesday in Q2


@pytest.mark.parametrize(
    ("text", "label", "start", "end"),
    [
        # A bare quarter, half or month is the last one that has ended or is running.
        ("Q4", "Q4 2024", "2024-10-01", "2024-12-31"),
        ("q1 revenue", "Q1 2025", "2025-01-01", "2025-03-31"),
        ("Q2", "Q2 2025", "2025-04-01", "2025-06-30"),
        ("Q3", "Q3 2024", "2024-07-01", "2024-09-30"),
        ("H1", "H1 2025", "2025-01-01", "2025-06-30"),
        ("H2", "H2 2024", "2024-07-01", "2024-12-31"),
        ("in June", "June 2024", "2024-06-01", "2024-06-30"),
        ("in May", "May 2025", "2025-05-01", "2025-05-31"),
        # With their year, in many spellings.
        ("2024-Q4", "Q4 2024", "2024-10-01", "2024-12-31"),
        ("2024 Q4", "Q4 2024", "2024-10-01", "2024-12-31"),
        ("Q4 2023", "Q4 2023", "2023-10-01", "2023-12-31"),
        ("Q4/2023", "Q4 2023", "2023-10-01", "2023-12-31"),
        ("Q4 '23", "Q4 2023", "2023-10-01", "2023-12-31"),
        ("Q1 of last year", "Q1 2024", "2024-01-01", "2024-03-31"),
        ("the fourth quarter of 2023", "Q4 2023", "2023-10-01", "2023-12-31"),
        ("the third quarter", "Q3 2024", "2024-07-01", "2024-09-30"),
        ("im vierten Quartal", "Q4 2024", "2024-10-01", "2024-12-31"),
        ("im 2. Quartal 2023", "Q2 2023", "2023-04-01", "2023-06-30"),
        ("im ersten Halbjahr 2024", "H1 2024", "2024-01-01", "2024-06-30"),
        ("2024-H2", "H2 2024", "2024-07-01", "2024-12-31"),
        ("February 2024", "February 2024", "2024-02-01", "2024-02-29"),
        ("2024-02", "February 2024", "2024-02-01", "2024-02-29"),
        ("im März 2024", "March 2024", "2024-03-01", "2024-03-31"),
        ("Dezember 2023", "December 2023", "2023-12-01", "2023-12-31"),
        ("in 2023", "2023", "2023-01-01", "2023-12-31"),
        ("our revenue 2023", "2023", "2023-01-01", "2023-12-31"),
        ("im Jahr 2023", "2023", "2023-01-01", "2023-12-31"),
        ("FY2024", "2024", "2024-01-01", "2024-12-31"),
        # Relative to the day of the request.
        ("last month", "April 2025", "2025-04-01", "2025-04-30"),
        ("letzten Monat", "April 2025", "2025-04-01", "2025-04-30"),
        ("im Vormonat", "April 2025", "2025-04-01", "2025-04-30"),
        ("this month", "May 2025", "2025-05-01", "2025-05-31"),
        ("next month", "June 2025", "2025-06-01", "2025-06-30"),
        ("last quarter", "Q1 2025", "2025-01-01", "2025-03-31"),
        ("letztes Quartal", "Q1 2025", "2025-01-01", "2025-03-31"),
        ("im letzten Quartal", "Q1 2025", "2025-01-01", "2025-03-31"),
        ("next quarter", "Q3 2025", "2025-07-01", "2025-09-30"),
        ("nächstes Quartal", "Q3 2025", "2025-07-01", "2025-09-30"),
        ("last year", "2024", "2024-01-01", "2024-12-31"),
        ("letztes Jahr", "2024", "2024-01-01", "2024-12-31"),
        ("this year", "2025", "2025-01-01", "2025-12-31"),
        ("dieses Jahr", "2025", "2025-01-01", "2025-12-31"),
        ("last week", "week of 2025-05-05", "2025-05-05", "2025-05-11"),
        ("letzte Woche", "week of 2025-05-05", "2025-05-05", "2025-05-11"),
        ("yesterday", "2025-05-13", "2025-05-13", "2025-05-13"),
        ("gestern", "2025-05-13", "2025-05-13", "2025-05-13"),
        ("the last 30 days", "last 30 days", "2025-04-15", "2025-05-14"),
        ("in den letzten 30 Tagen", "last 30 days", "2025-04-15", "2025-05-14"),
        ("the past three months", "last 3 month", "2025-02-01", "2025-04-30"),
        ("die letzten zwei Quartale", "last 2 quarters", "2024-10-01", "2025-03-31"),
        ("year to date", "2025 to date", "2025-01-01", "2025-05-14"),
        ("YTD", "2025 to date", "2025-01-01", "2025-05-14"),
        ("seit Jahresbeginn", "2025 to date", "2025-01-01", "2025-05-14"),
        ("since March", "since March 2025", "2025-03-01", "2025-05-14"),
        ("seit Oktober", "since October 2024", "2024-10-01", "2025-05-14"),
        ("since 2023", "since 2023", "2023-01-01", "2025-05-14"),
        # From here to there.
        ("2025-01-06 to 2025-01-10", "2025-01-06 to 2025-01-10", "2025-01-06", "2025-01-10"),
        ("on 2025-01-06", "2025-01-06", "2025-01-06", "2025-01-06"),
        ("March to May 2024", "March to May 2024", "2024-03-01", "2024-05-31"),
        ("between January and March 2025", "January to March 2025", "2025-01-01", "2025-03-31"),
        ("zwischen Januar und März", "January to March 2025", "2025-01-01", "2025-03-31"),
        ("von November bis Januar", "November to January 2025", "2024-11-01", "2025-01-31"),
    ],
)
def test_a_span_of_time_is_found(text: str, label: str, start: str, end: str) -> None:
    named = find_periods(text, TODAY)

    expected = DateRange(label=label.replace("3 month", "3 months"), start=start, end=end)
    assert [period.period for period in named] == [expected]


@pytest.mark.parametrize(
    "text",
    ["", "may I ask", "we march on", "Mark and Mar are names", "Q5", "H3", "2024-13-45", "Q0",
     "2024-02-31", "write 2024 words", "may be in march order", "1999 customers", "the last 0 days",
     "the half of it", "a second quarterback"],
)  # fmt: skip
def test_what_names_no_span_is_not_taken_for_one(text: str) -> None:
    assert find_periods(text, TODAY) == []


@pytest.mark.parametrize(
    ("text", "main", "other"),
    [
        ("Q4 vs Q3", "Q4 2024", "Q3 2024"),
        ("Q1 2025 compared to Q1 2024", "Q1 2025", "Q1 2024"),
        ("revenue vs last month", "May 2025", "April 2025"),
        ("better than last year", "2025", "2024"),
        ("im Vergleich zum Vormonat", "May 2025", "April 2025"),
        ("im Vergleich zum Vorquartal", "Q2 2025", "Q1 2025"),
        ("Umsatz gegenüber dem Vorjahr", "2025", "2024"),
        ("Q3", "Q3 2024", None),
        ("nothing", None, None),
    ],
)
def test_what_is_compared_is_told_from_what_it_is_compared_with(
    text: str, main: str | None, other: str | None
) -> None:
    period, compared = period_and_comparison(text, TODAY)

    labels = (period.label if period else None, compared.label if compared else None)
    assert labels == (main, other)


@pytest.mark.parametrize("text", ["compare Q3 and Q4", "Q4 and Q3", "Q3 2024, then Q4 2024"])
def test_of_two_spans_side_by_side_the_later_is_compared_with_the_earlier(text: str) -> None:
    period, compared = period_and_comparison(text, TODAY, is_comparing=True)

    assert period is not None
    assert compared is not None
    assert (period.label, compared.label) == ("Q4 2024", "Q3 2024")


def test_a_quarter_counts_from_its_first_day() -> None:
    before, after = date(2024, 9, 30), date(2024, 10, 1)

    labels = [find_periods("Q4", day)[0].period.label for day in (before, after)]

    assert labels == ["Q4 2023", "Q4 2024"]


def test_days_are_utc() -> None:
    midnight = 1_735_689_600_000  # 2025-01-01 00:00 UTC

    assert day_of(midnight) == date(2025, 1, 1)
    assert day_of(midnight - 1) == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("first", "label"),
    [("Q4 2024", "Q1 2025"), ("December 2024", "January 2025"), ("H2 2024", "H1 2025"),
     ("in 2024", "2025"), ("2025-01-30 to 2025-02-02", "2025-02-03 to 2025-02-06")],
)  # fmt: skip
def test_the_span_that_follows_has_the_same_kind(first: str, label: str) -> None:
    period = find_periods(first, TODAY)[0].period

    assert following(period).label == label


_DAYS = st.dates(date(2000, 1, 1), date(2089, 12, 31))
_NAMES = st.sampled_from(
    ["Q1", "Q2", "Q3", "Q4", "H1", "H2", "in January", "in December", "last month", "this week",
     "last quarter", "next year", "last 7 days", "last 12 months", "YTD", "since March",
     "October to March", "vorletztes und letztes Quartal", "im Vorjahr"]
)  # fmt: skip


@given(_DAYS, _NAMES)
@settings(max_examples=200, deadline=None)
def test_on_every_day_a_span_is_a_span(today: date, name: str) -> None:
    period = find_periods(name, today)[0].period

    assert date.fromisoformat(period.start) <= date.fromisoformat(period.end)


@given(_DAYS, st.sampled_from(["Q1", "Q2", "Q3", "Q4", "H1", "H2", "in May", "in August"]))
@settings(max_examples=200, deadline=None)
def test_a_bare_name_is_the_latest_that_has_begun(today: date, name: str) -> None:
    period = find_periods(name, today)[0].period

    start = date.fromisoformat(period.start)
    assert start <= today < date(start.year + 1, start.month, 1)


@given(_DAYS, st.sampled_from(["this month", "this quarter", "this year", "this week"]))
@settings(max_examples=100, deadline=None)
def test_spans_follow_each_other_without_a_gap(today: date, name: str) -> None:
    period = find_periods(name, today)[0].period

    after = following(period)

    gap = date.fromisoformat(after.start) - date.fromisoformat(period.end)
    assert gap == timedelta(days=1)

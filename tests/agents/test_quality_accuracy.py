"""Accuracy: numbers, their metrics, directions and periods, in English and German."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.figures.facts import derived_facts, given_facts
from agents.quality.accuracy import accuracy
from agents.quality.draft import examine
from agents.quality.metric_words import named_in
from agents.quality.periods import named_periods
from streams.domain.quality import DimensionScore
from streams.domain.values import Json

METRICS: Json = {
    "revenue_monthly": 150_000,
    "traffic_monthly": 250_000,
    "conversion_rate": 0.045,
    "customer_count": 320,
    "churn_rate": 0.02,
    "previous": {"revenue_monthly": 120_000, "customer_count": 340},
}
Q4: Json = {"label": "Q4 2024", "start": "2024-10-01", "end": "2024-12-31"}


LEAST_WITHOUT_ISSUES = 0.75  # of a single number that a reader cannot check by the text


def judge(
    text: str,
    metrics: Json = METRICS,
    language: str = "en",
    request: str = "Write a post about our quarter",
    **intent: Any,
) -> DimensionScore:
    payload = {
        "output": {"kind": "post", "content": text},
        "request": request,
        "intent": {"language": language, "date_range": Q4, "channels": ["linkedin"], **intent},
        "business_metrics": metrics,
        "materials": {},
    }
    return accuracy(examine(payload))


def codes_of(score: DimensionScore) -> list[str]:
    return [issue.code for issue in score.issues]


RIGHT = (
    "Monthly revenue is $150,000.",
    "Revenue grew 25%, from $120,000 to $150,000.",
    "Revenue: $150k. Customers: 320.",
    "We have 320 customers, down from 340.",
    "The number of customers fell 5.9%.",
    "With 320 customers, monthly revenue per customer is $468.75.",
    "Revenue per visit is $0.60.",
    "Of 250,000 monthly visits, 4.5% convert, which makes 11,250 conversions a month.",
    "A 25% rise in revenue, and a conversion rate of 4.5%.",
    "That is $1.8 million at an annual rate.",
    "More than 300 customers trust us.",
    "In Q4 2024, up from Q3, revenue rose.",
    "Churn rate is 2%.",
    "We lost 20 customers.",
    "Fewer customers (320 instead of 340), but 25% more revenue.",
    "Revenue: $150,000 (+25%). Customers: 320 (-5.9%).",
    "That is $469 in revenue for each of our 320 customers.",
    "Customers: 340 before, 320 now.",
    "Three lessons from the quarter.",
    "In 2025 we carry on.",
)
RIGHT_GERMAN = (
    "Der Monatsumsatz beträgt 150.000 $.",
    "Der Umsatz stieg um 25 % von 120.000 $ auf 150.000 $.",
    "Die Zahl der Kunden sank von 340 auf 320.",
    "Bei 320 Kunden beträgt der Monatsumsatz je Kunde 468,75 $.",
    "Die Konversionsrate liegt bei 4,5 %.",
    "Im vierten Quartal 2024 wuchs der Umsatz.",
    "Wir haben 20 Kunden verloren.",
    "Die Kundenzahl ging um 5,9 % zurück.",
    "Statt 340 sind es jetzt 320 Kunden.",
    "Umsatz je Kunde: 469 $.",
)
WRONG = (
    ("Monthly revenue is $155,000.", "ungrounded_number"),
    ("Revenue fell 25%.", "wrong_direction"),
    ("Revenue grew 25%, from $150,000 to $120,000.", "wrong_direction"),
    ("The number of customers grew 5.9%.", "wrong_direction"),
    ("Customers grew again.", "wrong_direction"),
    ("Our traffic grew.", "unsupported_change"),
    ("We saw strong growth, and churn fell.", "unsupported_change"),
    ("We have 11,250 customers.", "wrong_metric"),
    ("Our churn rate is 4.5%.", "wrong_metric"),
    ("250,000 customers visit us.", "wrong_metric"),
    ("Revenue is $150,000 a year.", "wrong_period"),
    ("Revenue reached $1.8 million a month.", "wrong_period"),
    ("In Q2 2023 we had 320 customers.", "wrong_period"),
    ("Since 2011 we have had 320 customers.", "wrong_period"),
    ("Customer growth of 25%.", "wrong_metric"),
    ("We earn $150,000 per customer.", "wrong_metric"),
    ("Our 340 customers bring $150,000.", "wrong_period"),
    ("Revenue rose 25% to $120,000.", "wrong_period"),
    ("We gained 20 customers.", "wrong_direction"),
    ("Revenue doubled.", "ungrounded_number"),
    ("One in five visits converts.", "ungrounded_number"),
)
WRONG_GERMAN = (
    ("Der Umsatz stieg um 35 %.", "ungrounded_number"),
    ("Der Umsatz sank um 25 %.", "wrong_direction"),
    ("Wir haben 20 Kunden gewonnen.", "wrong_direction"),
    ("Die Zahl der Kunden beträgt 11.250 Kunden.", "wrong_metric"),
    ("Die Abwanderungsrate liegt bei 4,5 %.", "wrong_metric"),
    ("Im ersten Quartal 2022 hatten wir 320 Kunden.", "wrong_period"),
    ("Die Kunden wuchsen auf 900.", "ungrounded_number"),
)


@pytest.mark.parametrize("text", RIGHT)
def test_what_the_facts_bear_out_passes(text: str) -> None:
    score = judge(text)

    assert score.has_passed, score.issues
    assert not score.issues
    assert score.score >= LEAST_WITHOUT_ISSUES


@pytest.mark.parametrize("text", RIGHT_GERMAN)
def test_what_the_facts_bear_out_passes_in_german(text: str) -> None:
    score = judge(text, language="de")

    assert score.has_passed, score.issues


@pytest.mark.parametrize(("text", "code"), WRONG)
def test_what_they_do_not_bear_out_fails(text: str, code: str) -> None:
    score = judge(text)

    assert code in codes_of(score)
    assert not score.has_passed
    assert score.score <= 0.5


@pytest.mark.parametrize(("text", "code"), WRONG_GERMAN)
def test_what_they_do_not_bear_out_fails_in_german(text: str, code: str) -> None:
    score = judge(text, language="de")

    assert code in codes_of(score)
    assert not score.has_passed


def test_a_change_turned_round_is_found_though_a_level_has_the_same_value() -> None:
    metrics = {"retention_rate": 0.35, "previous": {"retention_rate": 0.175}}

    score = judge("Retention fell 17.5 percentage points, from 17.5% to 35%.", metrics=metrics)

    assert "wrong_direction" in codes_of(score)


def test_points_are_a_change_and_never_a_level() -> None:
    metrics = {"churn_rate": 0.052, "previous": {"churn_rate": 0.026}}

    right = judge("Churn rose 2.6 percentage points to 5.2%.", metrics=metrics)
    wrong = judge("Churn rose 5.2 percentage points to 5.2%.", metrics=metrics)

    assert right.has_passed
    assert codes_of(wrong) == ["ungrounded_number"]


def test_a_report_may_pass_on_a_remark_with_its_numbers() -> None:
    note = "churn_rate = 1.3 was read as 130%, since rates are shares (0.35 is 35%)."
    payload = {
        "output": {"kind": "report", "content": f"Remarks\n- {note}"},
        "intent": {"language": "en"},
        "business_metrics": {"churn_rate": 1.3},
        "materials": {"analyze": {"facts": [], "notes": [note]}},
    }

    assert accuracy(examine(payload)).has_passed


def test_a_number_that_is_right_carries_the_path_of_its_fact() -> None:
    text = "We have 320 customers."

    score = judge(text)

    (found,) = score.evidence
    assert found.source == "business_metrics.customer_count"
    assert text[found.start : found.end] == found.quote == "320"


def test_an_invented_number_is_answered_with_the_fact_that_was_meant() -> None:
    score = judge("Our conversion rate is 7.2%.")

    (issue,) = score.issues
    assert "4.5%" in issue.suggestion
    assert issue.evidence is not None
    assert issue.evidence.source == "business_metrics.conversion_rate"


def test_a_text_without_numbers_and_without_facts_has_nothing_wrong() -> None:
    score = judge("We have moved to a new office.", metrics={})

    assert score.score == 1.0


def test_a_number_that_only_the_user_states_is_a_hint_and_no_failure() -> None:
    score = judge(
        "500 people came to our webinar.",
        metrics={},
        constraints={"claimed_numbers": ["500 people"]},
    )

    assert codes_of(score) == ["unverified_number"]
    assert score.has_passed


def test_a_claim_of_the_request_against_a_known_metric_fails() -> None:
    score = judge("Our conversion rate is 9%.", constraints={"claimed_numbers": ["9%"]})

    assert codes_of(score) == ["ungrounded_number"]


def test_growth_that_names_no_metric_is_not_told_as_the_growth_of_one() -> None:
    metrics = {"revenue_monthly": 150_000, "growth_rate_q4": 0.35}

    vague = judge("Growth was 35% in Q4.", metrics=metrics)
    named = judge("Revenue grew 35% in Q4.", metrics=metrics)

    assert codes_of(vague) == []
    assert codes_of(named) == ["unclear_metric"]
    assert named.has_passed


def test_a_change_that_the_user_states_may_be_told() -> None:
    score = judge("Our traffic grew.", request="Write a post: our traffic grew a lot this quarter")

    assert codes_of(score) == []


@pytest.mark.parametrize(
    ("text", "quarter", "year"),
    [
        ("in Q4 2024", 4, 2024),
        ("in 2024-Q3", 3, 2024),
        ("the second quarter of 2023", 2, 2023),
        ("im 1. Quartal 2025", 1, 2025),
        ("im dritten Quartal", None, None),
        ("in March 2024", 1, 2024),
        ("im Oktober 2024", 4, 2024),
        ("in 2022", None, 2022),
        ("Q2 '24", 2, 2024),
        ("#Q42024", 4, 2024),
    ],
)
def test_periods_are_read(text: str, quarter: int | None, year: int | None) -> None:
    found = list(named_periods(text))

    if quarter is None and year is None:
        assert [(one.quarter, one.year) for one in found] == [(3, None)]
    else:
        assert [(one.quarter, one.year) for one in found] == [(quarter, year)]


@pytest.mark.parametrize("text", ["$2024", "2,024 visits", "1.2024", "Directive 2005/29/EC"])
def test_other_numbers_are_no_periods(text: str) -> None:
    assert list(named_periods(text)) == []


@pytest.mark.parametrize(
    ("concept", "words"),
    [
        ("retention", "retention, retention rate, Kundenbindung, Bindungsrate"),
        ("churn", "churn, churn rate, attrition, Abwanderung, Abwanderungsrate, Kündigungsrate"),
        ("margin", "margin, profit margins, gross margin, net margin, Gewinnmarge, Marge"),
        ("conversion", "conversion, conversion rates, Konversionen, Konversionsrate"),
        ("cac", "customer acquisition cost, acquisition costs, CAC, Akquisekosten"),
        ("ltv", "customer lifetime value, lifetime value, LTV, CLV, Kundenwert"),
        ("order_value", "average order value, order values, AOV, Bestellwert"),
        ("orders", "orders, Bestellungen, Aufträge"),
        ("traffic", "traffic, visits, visitor, sessions, page views, Besuche, Besucher, Zugriffe"),
        ("revenue", "revenue, turnover, sales, MRR, ARR, Umsatz, Monatsumsatz, Umsätze, Erlöse"),
        ("costs", "cost, expenses, spending, Kosten, Ausgaben"),
        ("profit", "profit, earnings, surplus, EBITDA, Gewinn, Überschuss"),
        ("customers", "customers, clients, customer base, Kunden, Kundinnen, Kundenzahl"),
        ("users", "users, subscribers, members, Nutzer, Abonnenten, Mitglieder"),
        ("employees", "employees, staff, headcount, team members, Mitarbeiter"),
        ("leads", "leads, pipeline"),
        ("followers", "followers"),
    ],
)
def test_metrics_are_known_by_their_names(concept: str, words: str) -> None:
    for word in words.split(", "):
        assert named_in(f"so {word} here") == [(3, 3 + len(word), concept)], word


AMOUNTS = st.floats(min_value=1, max_value=5e9, allow_nan=False)


@given(
    revenue=AMOUNTS,
    customers=st.integers(1, 10_000_000),
    rate=st.floats(0.0001, 0.9999),
    language=st.sampled_from(["en", "de"]),
)
def test_every_fact_as_it_is_written_passes(
    revenue: float, customers: int, rate: float, language: str
) -> None:
    metrics: Json = {
        "revenue_monthly": revenue,
        "customer_count": customers,
        "conversion_rate": rate,
        "traffic_monthly": customers * 50,
    }
    facts = given_facts(metrics, "Q4 2024", language)
    facts = [*facts, *derived_facts(facts, language)]
    text = "\n".join(f"{fact.label}: {fact.text}" for fact in facts)

    score = judge(text, metrics=metrics, language=language)

    assert score.has_passed, (text, score.issues)


@given(rate=st.integers(2, 95), shift=st.integers(1, 4))
def test_a_rate_that_is_off_by_a_point_never_passes(rate: int, shift: int) -> None:
    metrics: Json = {"conversion_rate": rate / 100}

    score = judge(f"Our conversion rate is {rate + shift}%.", metrics=metrics)

    assert not score.has_passed

"""Requests as people write them: calls to action, asides about the manner, periods and horizons."""

from typing import Any

import pytest

from agents.figures.number_reading import find_numbers
from streams.domain.values import Json
from tests.agents.understanding import aspects, understand

NOVEMBER = 1_795_521_600_000  # 24 November 2026
LIST: Json = {"revenue_monthly": [1, 2, 3, 4, 5, 6, 7, 8]}
DATED: Json = {"revenue_monthly": {"2024-Q3": 100, "2024-Q4": 120}}


def _said(request: str, given: Json, /, **expected: Any) -> Any:
    return pytest.param(request, given, expected, id=request[:60])


@pytest.mark.parametrize(
    ("request_text", "metrics", "expected"),
    [
        _said("Write a LinkedIn post about how our March went: sign-ups and revenue",
              {"revenue_monthly": 2, "churn_rate": 0.1, "signups": 1},
              metrics=("revenue_monthly", "signups")),
        _said("Schreibe einen Beitrag über unsere Anmeldungen", {"signups": 1, "nps": 3},
              metrics=("signups",)),
        _said("Write a post about our sign ups", {"signups": 1, "nps": 3}, metrics=("signups",)),
        _said("Analyze our Kündigungen", {"cancellations": 1, "nps": 3},
              metrics=("cancellations",)),
        _said("Draft an email to our investors about Q3; ask them to reply before Friday", {},
              demands={"call_to_action": "Reply before Friday"}, topic="Q3"),
        _said('Announce our new office. Call to action: "See our open roles".', {},
              demands={"call_to_action": "See our open roles"}, topic="our new office", text=None),
        _said("Write a LinkedIn post about our culture with a link to our careers page", {},
              demands={"call_to_action": "See our careers page"}, warns="without its address"),
        _said("Write an email to our customers and invite them to a webinar on 5 May", {},
              demands={"call_to_action": "Join us for a webinar on 5 May"}, is_open=True),
        _said("Schreib eine Mail an unsere Kunden über das Update und bitte sie, bis Freitag zu "
              "antworten", {}, demands={"call_to_action": "Bitte bis Freitag antworten"}),
        _said("Schreib unseren Kunden eine E-Mail: ab 1. März ist unser Support auch samstags "
              "erreichbar. Locker im Ton, ohne Emojis.", {}, tone="casual", audience="Kunden",
              topic="ab 1. März ist unser Support auch samstags erreichbar", period=None),
        _said("Email our customers: from March 1, support is open on Saturdays too. Keep it "
              "casual.", {}, topic="from March 1, support is open on Saturdays too", tone="casual",
              period=None, audience="customers"),
        _said("Erstelle einen LinkedIn-Beitrag über unseren Umsatz und nenne Churn nicht.", LIST,
              topic="unseren Umsatz", demands={"must_avoid": ["Churn"], "must_include": None}),
        _said("Erstelle einen Beitrag über Umsatz, erwähne nicht den Churn", LIST,
              demands={"must_avoid": ["Churn"], "must_include": None}),
        _said("Write a reply to an angry customer", LIST, refuses="polish a reply"),
        _said("Tell our customers that we will be closed on December 24, and ask them to order "
              "before Friday.", {}, name="create_email", topic="we will be closed on December 24",
              demands={"call_to_action": "Order before Friday"}),
        _said("Announce that Dr. Meyer joins us as CFO", {},
              topic="Dr. Meyer joins us as CFO"),
        _said("How is churn trending?", {"churn_rate": [0.04, 0.03, 0.02]},
              name="financial_analysis", is_open=True),
        _said("Announce our launch on LinkedIn. Audience: engineers looking for a job.", {},
              audience="engineers looking for a job"),
    ],
)  # fmt: skip
def test_what_is_said_beside_the_subject_is_understood(
    request_text: str, metrics: Json, expected: Json
) -> None:
    intent = understand(request_text, metrics=metrics)

    assert aspects(intent, expected) == expected


@pytest.mark.parametrize(
    ("request_text", "metrics", "expected"),
    [
        _said("Write a post about our revenue in Q4", DATED, period="Q4 2024"),
        _said("Write a post about our revenue last quarter", DATED, period="Q4 2024",
              warns="No value was given for Q3 2026"),
        _said("LinkedIn-Post: unser Wachstum letztes Quartal", {"growth_rate_q4": 0.35},
              period=None, warns="growth_rate_q4 nennt ein eigenes Quartal"),
        _said("Write a post about our revenue in Q4", {"revenue_monthly": 1},
              period="Q4 2026 so far"),
        _said("Beitrag über unseren Umsatz in Q4", {"revenue_monthly": 1}, period="Q4 2026 bisher"),
        _said("Write a post about our revenue in Q3", {"revenue_monthly": 1}, period="Q3 2026"),
    ],
)  # fmt: skip
def test_the_period_of_the_data_wins_and_a_running_one_says_so(
    request_text: str, metrics: Json, expected: Json
) -> None:
    intent = understand(request_text, metrics=metrics, at=NOVEMBER)

    assert aspects(intent, expected) == expected


@pytest.mark.parametrize(
    ("request_text", "count", "unit", "until"),
    [
        ("Forecast our revenue for the next three months", 3, "month", ""),
        ("Forecast our revenue for the next 6 months", 6, "month", ""),
        ("Forecast revenue for next quarter", 1, "quarter", "2027-03-31"),
        ("Prognose für unseren Umsatz bis Jahresende", 2, "month", "2026-12-31"),
        ("Gib mir eine 6-Monats-Prognose des Umsatzes", 6, "month", ""),
        ("What will revenue be next month?", 1, "month", "2026-12-31"),
    ],
)
def test_a_forecast_knows_how_far_ahead_it_is_to_look(
    request_text: str, count: int, unit: str, until: str
) -> None:
    intent = understand(request_text, metrics=LIST, at=NOVEMBER)

    horizon = intent.constraints["horizon"]
    assert intent.action == "forecast"
    assert (horizon["count"], horizon["unit"], horizon["until"]) == (count, unit, until)


def test_long_runs_of_one_kind_of_character_hold_no_more_than_one_number() -> None:
    assert [len(find_numbers(text * 20_000)) for text in ("1", "a@", "x")] == [1, 0, 0]

"""Whom a request is for: named in the preferences, or wide enough for all of them."""

import pytest

from agents.understanding.by_agent import KINDS, drafts_for
from agents.understanding.intent import parse_intent
from streams.domain.intent import Intent
from streams.domain.values import Json

METRICS: Json = {"revenue_monthly": 150_000, "customer_count": 320}


def understood(request: str, agent: str | None = None, **more: Json) -> Intent:
    preferences = {"agent": agent} if agent else {}
    payload = {"business_metrics": METRICS, **more}
    return parse_intent(payload | {"request": request, "preferences": preferences})


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("financial", "financial_analysis"),
        ("market_insight", "market_insight"),
        ("compliance", "compliance_check"),
        ("content", "create_social_content_with_metrics"),
        ("co_founder", "co_founder_brief"),
        ("co-founder", "co_founder_brief"),
    ],
)
def test_a_named_agent_gets_the_request(agent: str, name: str) -> None:
    assert understood("Have a look at our revenue", agent).name == name


def test_a_named_agent_keeps_the_kind_of_work_that_is_its_own() -> None:
    assert understood("Write an e-mail about our revenue", "content").name == "create_email"


def test_an_agent_that_nobody_knows_is_told_and_changes_nothing() -> None:
    intent = understood("Analyze our revenue", "ceo")

    assert intent.name == "financial_analysis"
    assert any("'ceo'" in w and "co_founder" in w for w in intent.warnings)


@pytest.mark.parametrize(
    "request_text",
    [
        "What should we focus on next month?",
        "What are our top priorities?",
        "Prepare our Q4 update for investors and customers",
        "Create a launch plan for our new app",
        "Worauf sollten wir uns nächsten Monat konzentrieren?",
        "Erstelle ein Update für Investoren und Kunden",
    ],
)
def test_a_wide_request_is_for_the_co_founder(request_text: str) -> None:
    assert understood(request_text).name == "co_founder_brief"


@pytest.mark.parametrize(
    "request_text",
    [
        "Create a LinkedIn post about what we should focus on",
        "What should we do about churn?",
        "Write a post about our launch plan",
        "Analyze our revenue",
        "Prepare a newsletter for customers",
    ],
)
def test_a_narrow_request_stays_with_its_agent(request_text: str) -> None:
    assert understood(request_text).name != "co_founder_brief"


def test_the_readers_say_which_drafts_are_wanted() -> None:
    assert drafts_for("Prepare our update for investors and customers") == [
        {"audience": "investors", "kind": "email"},
        {"audience": "customers", "kind": "post"},
    ]
    assert drafts_for("Create a launch plan for our app") == [
        {"audience": "customers", "kind": "post", "is_launch": True}
    ]
    assert drafts_for("What should we focus on?") == []


def test_advice_without_figures_asks_for_some() -> None:
    intent = understood("What should we focus on next month?", business_metrics={})

    assert intent.question is not None


def test_market_data_alone_are_what_a_comparison_is_about() -> None:
    data: Json = {"market_data": "company;customers\nA;5\nB;6\n"}

    alone = understood("Compare the vendors in this table", business_metrics={}, context=data)
    beside = understood("Analyze our revenue", context=data)

    assert alone.name == "market_insight"
    assert alone.constraints["market_data"] == ["market_data"]
    assert beside.name == "financial_analysis"


def test_the_jurisdiction_reaches_all_that_check() -> None:
    intent = understood("Analyze our revenue", context={"jurisdiction": "Germany"})

    assert intent.constraints["jurisdictions"] == ["Germany"]


def test_each_agent_has_a_kind_of_work() -> None:
    assert set(KINDS) == {"content", "financial", "market_insight", "compliance", "co_founder"}

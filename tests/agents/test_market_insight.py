"""The market insight agent: works on supplied data only, and says when there is none."""

from typing import Any

import pytest

from agents.contract import Done
from agents.figures.facts import Fact
from agents.figures.numbers import find_numbers, matches
from agents.market_insight import MARKET_INSIGHT
from streams.domain.commands import Command, CommandKind
from streams.domain.values import ExecutionPhase, Json


def research(context: Json, metrics: Json | None = None, language: str = "en") -> Json:
    command = Command(
        command_id="c1",
        task_id="t1",
        kind=CommandKind.RUN_STEP,
        phase=ExecutionPhase.EXECUTION,
        agent_type="market_insight",
        tool_id="market_insight.research",
        timeout=1000,
        issued_at=0,
        payload={
            "inputs": {},
            "context": context,
            "business_metrics": metrics or {},
            "intent": {"language": language},
        },
    )
    handler = MARKET_INSIGHT.compute(command)
    assert handler is not None
    outcome = handler(command)
    assert isinstance(outcome, Done)
    facts = [Fact.model_validate(fact) for fact in outcome.output["facts"]]
    for sentence in outcome.output["findings"]:
        for mention in find_numbers(sentence, language):
            assert any(matches(mention, fact) for fact in facts), (mention.quote, sentence)
    return outcome.output


@pytest.mark.parametrize("context", [{}, {"market": None}, {"market": "big", "competitors": 3}])
def test_without_market_data_nothing_is_claimed(context: Json) -> None:
    answer = research(context)

    assert (answer["findings"], answer["facts"], answer["chart"]) == ([], [], None)
    (note,) = answer["notes"]
    assert note.startswith("No market data were given")
    assert "an MCP tool that produces market_data" in note


def test_names_without_figures_cannot_be_compared() -> None:
    answer = research({"competitors": ["Acme", {"name": "Beta"}]})

    assert answer["findings"] == []
    assert answer["notes"] == [
        "Competitors were named without figures, so they could not be compared."
    ]


ROWS: list[dict[str, Any]] = [
    {"name": "Acme", "revenue_monthly": 200_000},
    {"name": "Beta", "revenue_monthly": 100_000},
]


@pytest.mark.parametrize(
    "context",
    [
        {"competitors": ROWS},
        {"market": ROWS},
        {"market": {"competitors": {"Acme": ROWS[0], "Beta": {"metrics": ROWS[1]}}}},
    ],
)
def test_competitors_are_ranked_and_the_gap_to_the_best_is_told(context: Json) -> None:
    answer = research(context, {"revenue_monthly": 150_000})

    assert answer["findings"] == [
        "By monthly revenue we rank number 2 among 3 companies, highest first.",
        "Our monthly revenue of $150,000 is 25% below Acme ($200,000).",
        "Our monthly revenue of $150,000 is 50% above Beta ($100,000).",
    ]
    gap = next(f for f in answer["facts"] if f["fact_id"] == "revenue_monthly_change_to_best")
    assert gap["value"] == pytest.approx(-0.25)
    assert gap["source"] == "revenue_monthly ÷ Acme.revenue_monthly - 1"
    assert "none was checked" in answer["notes"][0]


def test_the_leader_is_ahead_of_the_best_competitor() -> None:
    answer = research({"competitors": ROWS}, {"revenue_monthly": 300_000}, "de")

    assert answer["findings"][0].startswith("Nach Monatsumsatz liegen wir auf Rang 1 unter 3")
    assert "um 50\u00a0% über Acme" in answer["findings"][1]


def test_a_metric_that_only_the_market_has_is_listed_without_a_rank() -> None:
    answer = research({"competitors": [{"name": "Acme", "customer_count": 10}]})

    assert answer["findings"] == ["Acme: 10 customers."]
    assert "The market data hold customers, the company's own metrics do not." in answer["notes"]


def test_market_series_show_their_trend_with_sources() -> None:
    answer = research(
        {"market": {"market_size": 5e9, "trends": {"searches": [10, 12, 14, 15, 18]}}}
    )

    assert "Market: market size 5 billion." in answer["findings"]
    assert any("Searches rose by about 1.9 per period" in text for text in answer["findings"])
    sources = {fact["source"] for fact in answer["facts"]}
    assert {"context.market.market_size", "context.market.searches[4]"} <= sources


def test_shares_of_competitors_are_ranked_but_not_divided() -> None:
    answer = research(
        {"competitors": [{"name": "Acme", "conversion_rate": 0.05}]}, {"conversion_rate": 0.06}
    )

    assert answer["findings"] == [
        "By conversion rate we rank number 1 among 2 companies, highest first.",
        "Our conversion rate of 6% is 1 percentage point above Acme (5%).",
    ]

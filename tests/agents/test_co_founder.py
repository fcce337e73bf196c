"""The co-founder agent: recommends what facts support, in a stated order, and says what is open."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.co_founder import CO_FOUNDER
from agents.contract import Done, GiveUp, Outcome
from agents.figures.facts import Fact, derived_facts, given_facts
from agents.figures.numbers import find_numbers, matches
from agents.founder.ranking import KINDS, MOST, ranked
from agents.founder.recommending import Recommendation
from streams.domain.commands import Command, CommandKind
from streams.domain.values import ExecutionPhase, Json


def asked(tool: str, payload: Json) -> Outcome:
    command = Command(
        command_id="c1",
        task_id="t1",
        kind=CommandKind.RUN_STEP,
        phase=ExecutionPhase.EXECUTION,
        agent_type="co_founder",
        tool_id=tool,
        timeout=1000,
        issued_at=0,
        payload=payload,
    )
    handler = CO_FOUNDER.compute(command)
    assert handler is not None
    return handler(command)


def weighed(metrics: Json, language: str = "en", **inputs: Any) -> Json:
    """What is weighed; every number in it is that of a fact."""
    given = given_facts(metrics, language=language)
    insights = {"facts": [f.as_json for f in (*given, *derived_facts(given, language))]}
    outcome = asked(
        "co_founder.weigh",
        {"inputs": {"language": language, "insights": insights, **inputs}, "request": "x"},
    )
    assert isinstance(outcome, Done)
    for row in outcome.output["recommendations"]:
        facts = [Fact.model_validate(fact) for fact in row["facts"]]
        for mention in find_numbers(row["why"], language):
            assert any(matches(mention, fact) for fact in facts), (mention.quote, row["why"])
    return outcome.output


def keys(output: Json) -> list[str]:
    return [row["key"] for row in output["recommendations"]]


# ------------------------------------------------------------------------------ what is said


def test_churn_is_told_by_the_money_that_it_costs() -> None:
    output = weighed({"revenue_monthly": 150_000, "churn_rate": 0.04})

    (row,) = output["recommendations"]
    assert row["what"] == "Keep more of the customers you have."
    assert "about $6,000 of the monthly revenue of $150,000" in row["why"]
    assert row["stake"]["source"].startswith("churn_rate \u00d7 revenue_monthly")
    assert [fact["fact_id"] for fact in row["facts"]] == [
        "churn_rate", "revenue_monthly", "churn_stake",
    ]  # fmt: skip


def test_a_fall_is_told_and_no_cause_is_invented() -> None:
    output = weighed({"revenue_monthly": 90_000, "previous": {"revenue_monthly": 100_000}})

    assert output["recommendations"][0]["what"] == "Find out why monthly revenue fell."
    assert output["recommendations"][0]["why"].startswith("Monthly revenue fell by 10%")


def test_costs_that_rise_are_no_growth() -> None:
    output = weighed({"costs": 120, "previous": {"costs": 100}})

    assert keys(output) == ["costs_risen_cost"]


def test_a_change_within_noise_is_no_reason_to_act() -> None:
    assert keys(weighed({"customer_count": 1003, "previous": {"customer_count": 1000}})) == []


def test_the_language_of_the_request_is_kept() -> None:
    output = weighed({"revenue_monthly": 150_000, "churn_rate": 0.04}, "de")

    assert output["recommendations"][0]["what"] == "Mehr der vorhandenen Kunden halten."
    assert "6.000 $" in output["recommendations"][0]["why"]


def test_a_competitor_who_is_ahead_is_named_with_both_figures() -> None:
    ranking = [{"name": "Acme", "value": 500, "text": "500"}, {"name": "us", "value": 320,
               "text": "320"}]  # fmt: skip
    facts = [
        Fact(fact_id="Acme.customer_count", label="customers (Acme)", value=500, text="500"),
    ]
    research = {
        "tables": [{"metric": "customer_count", "label": "customers", "us": "us",
                    "ranking": ranking}],
        "facts": [fact.as_json for fact in facts],
    }  # fmt: skip

    output = weighed({"customer_count": 320}, research=research)

    assert output["recommendations"][0]["why"] == (
        "Customers: ours of 320 is behind Acme with 500."
    )


def test_a_blocked_draft_comes_first() -> None:
    check = {"risk_level": "critical", "findings": [{"title": "Promised return", "effect":
             "blocks"}]}  # fmt: skip

    output = weighed(
        {"revenue_monthly": 150_000, "churn_rate": 0.04},
        drafts=[{"audience": "customers", "called": "customers"}],
        draft_customers={"content": "A guaranteed return."},
        check_customers=check,
    )

    first = output["recommendations"][0]
    assert first["kind"] == "blocked"
    assert first["why"] == "The compliance rules object to it: Promised return."


# ------------------------------------------------------------------------------ the order


def test_funding_that_runs_out_comes_before_what_is_lost() -> None:
    output = weighed({"mrr": 42_000, "churn_rate": 0.03, "cash": 380_000, "burn_monthly": 76_000})

    assert keys(output) == ["runway", "churn"]
    assert output["reason"].startswith("Runway comes first because")


def test_more_money_a_month_comes_first() -> None:
    metrics = {"revenue_monthly": 150_000, "churn_rate": 0.04}

    small = weighed(metrics | {"previous": {"revenue_monthly": 152_000}})
    large = weighed(metrics | {"previous": {"revenue_monthly": 180_000}})

    assert keys(small)[0] == "churn"
    assert keys(large)[0] == "revenue_monthly_fallen"
    assert "more money a month depends on it" in large["reason"]


RECOMMENDATION = st.builds(
    Recommendation,
    key=st.sampled_from([f"k{n}" for n in range(8)]),
    kind=st.sampled_from(KINDS),
    what=st.just("x"),
    why=st.just("y"),
    facts=st.just(()),
    stake=st.one_of(
        st.none(),
        st.builds(Fact, fact_id=st.just("s"), label=st.just("s"), value=st.floats(-1e6, 1e6)),
    ),
    size=st.floats(0, 1),
)


@given(st.lists(RECOMMENDATION, max_size=12), st.randoms())
def test_the_order_is_the_same_whoever_speaks_first(rows: list[Recommendation], r: Any) -> None:
    mixed = list(rows)
    r.shuffle(mixed)
    places = [KINDS.index(one.kind) for one in ranked(rows)]

    assert [(o.key, o.kind) for o in ranked(mixed)] == [(o.key, o.kind) for o in ranked(rows)]
    assert places == sorted(places)
    assert len(places) <= MOST


# ------------------------------------------------------------------------------ what is open


def test_what_is_missing_is_told_and_what_is_there_is_not() -> None:
    little = [row["asks"] for row in weighed({"revenue_monthly": 1})["unknown"]]
    more = [
        row["asks"]
        for row in weighed(
            {"revenue_monthly": 2, "churn_rate": 0.1, "cash": 5, "cac": 2, "margin": 0.5,
             "previous": {"revenue_monthly": 1}}
        )["unknown"]
    ]  # fmt: skip

    assert little[0].startswith("an earlier period")
    assert any("churn" in text for text in little)
    assert not any("churn" in text or "an earlier period" in text for text in more)
    assert any("competitors" in text for text in more)
    assert any("causes" in text for text in more)


def test_without_figures_nothing_is_weighed() -> None:
    outcome = asked("co_founder.weigh", {"inputs": {}})

    assert isinstance(outcome, GiveUp)


# ------------------------------------------------------------------------------ the text


def test_the_briefing_traces_each_point_and_shows_drafts_with_their_risk() -> None:
    metrics = {"revenue_monthly": 150_000, "churn_rate": 0.04}
    drafts = [{"audience": "customers", "called": "customers"}]
    draft = {"content": "We learned a lot.\n#Growth", "subject": None}
    found = {"drafts": drafts, "draft_customers": draft, "check_customers": {"risk_level": "none"}}
    priorities = weighed(metrics, **found)

    outcome = asked(
        "co_founder.brief",
        {"inputs": {"priorities": priorities, **found}, "business_metrics": metrics},
    )

    assert isinstance(outcome, Done)
    text = outcome.output["content"]
    assert outcome.output["kind"] == "report"
    assert outcome.output["is_offline"] is True
    assert text.startswith("First: Keep more of the customers you have.")
    assert "Rests on churn rate (given), monthly revenue (given)" in text
    assert "Draft for customers\nWe learned a lot.\nCompliance: risk none found." in text
    assert "#Growth" not in text
    assert outcome.output["details"]["drafts"][0]["draft"] == draft


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_briefing_without_a_recommendation_says_so(language: str) -> None:
    priorities = weighed({"revenue_monthly": 150_000}, language)

    outcome = asked(
        "co_founder.brief",
        {
            "inputs": {"priorities": priorities, "language": language},
            "business_metrics": {"revenue_monthly": 150_000},
            "intent": {"language": language},
        },
    )

    assert isinstance(outcome, Done)
    said = ("support no recommendation", "tragen keine Empfehlung")[int(language == "de")]
    assert said in outcome.output["content"]

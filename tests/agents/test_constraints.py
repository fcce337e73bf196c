"""Reading demands: lengths, switches, phrases to have or to avoid, and claimed numbers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.understanding.constraints import claimed_numbers, given_facts, read_demands
from streams.domain.values import Json


@pytest.mark.parametrize(
    ("frame", "constraints"),
    [
        ("keep it under 100 words", {"max_words": 100}),
        ("in at most 1,200 characters", {"max_characters": 1200}),
        ("no more than 3 sentences", {"max_sentences": 3}),
        ("at least 150 words", {"min_words": 150}),
        ("a 100-word text", {"max_words": 100}),
        ("a 100 words max text", {"max_words": 100}),
        ("höchstens 80 Wörter", {"max_words": 80}),
        ("mindestens 300 Zeichen", {"min_characters": 300}),
        ("maximal 2 Hashtags", {"max_hashtags": 2}),
        ("a thread of 5 tweets", {"parts": 5}),
        ("ein Thread mit 4 Teilen", {"parts": 4}),
        ("1 tweet", {}),
        ("no numbers", {"no_numbers": True}),
        ("without any statistics", {"no_numbers": True}),
        ("ohne Zahlen", {"no_numbers": True}),
        ("verzichte auf Zahlen", {"no_numbers": True}),
        ("dont use numbers", {"no_numbers": True}),
        ("no hashtags and no emojis", {"no_hashtags": True, "no_emojis": True}),
        ("ohne Hashtags, keine Emojis", {"no_hashtags": True, "no_emojis": True}),
        ("don't mention churn", {"must_avoid": ["churn"]}),
        ("do not mention churn or costs", {"must_avoid": ["churn", "costs"]}),
        ("never mention our competitors, layoffs and debts",
         {"must_avoid": ["competitors", "layoffs", "debts"]}),
        ("avoid the words 'synergy' and 'leverage'", {"must_avoid": ["synergy", "leverage"]}),
        ("leave out pricing", {"must_avoid": ["pricing"]}),
        ("erwähne die Preise bitte nicht", {"must_avoid": ["Preise"]}),
        ("lass die Abwanderung weg", {"must_avoid": ["Abwanderung"]}),
        ("mention churn", {"must_include": ["churn"]}),
        ('include the phrase "Safe and sound"', {"must_include": ["Safe and sound"]}),
        ("include our slogan and mention the team", {"must_include": ["slogan", "team"]}),
        ("erwähne dabei das Team", {"must_include": ["Team"]}),
        ("include hashtags", {}),
        ("with a call to action: book a demo", {"call_to_action": "book a demo"}),
        ("include a CTA that says Join us", {"call_to_action": "Join us"}),
        ("mention churn but don't mention costs",
         {"must_include": ["churn"], "must_avoid": ["costs"]}),
        ("mention pricing in the first line, keep it under 50 words",
         {"must_include": ["pricing"], "max_words": 50}),
        ("nothing special", {}),
    ],
)  # fmt: skip
def test_a_demand_is_read(frame: str, constraints: Json) -> None:
    assert read_demands(frame).constraints == constraints


def test_the_words_of_a_demand_say_nothing_about_the_subject() -> None:
    demands = read_demands("Write about Q4, keep it under 100 words, don't mention churn")

    assert "churn" not in demands.rest
    assert "100" not in demands.rest
    assert demands.rest.startswith("Write about Q4")
    assert len(demands.rest) == len("Write about Q4, keep it under 100 words, don't mention churn")


@pytest.mark.parametrize(
    ("frame", "conflicts", "words"),
    [
        ("a short post of 800 words", ("length",), "short, but 800"),
        ("at least 300 words and at most 100 words", ("length",), "at least 300"),
        ("mention churn. Do not mention churn", ("phrase:churn",), "both demanded and forbidden"),
        ("a detailed post of at most 20 words", (), "the number of words counts"),
        ("a short post of at most 80 words", (), ""),
    ],
)
def test_contradictions_are_told_and_only_open_ones_are_conflicts(
    frame: str, conflicts: tuple[str, ...], words: str
) -> None:
    demands = read_demands(frame)

    assert demands.conflicts == conflicts
    assert words in " ".join(remark.text("en") for remark in demands.remarks)


METRICS: Json = {
    "revenue_monthly": 150_000,
    "conversion_rate": 0.045,
    "customer_count": 320,
    "growth_rate_q4": 0.35,
    "previous": {"customer_count": 290},
    "traffic": [100, 250_000],
}


@pytest.mark.parametrize(
    ("frame", "claims"),
    [
        ("our revenue of $150,000", []),
        ("our revenue of 150k", []),
        ("our revenue of $151,000", ["$151,000"]),
        ("a conversion rate of 4.5%", []),
        ("a conversion rate of 5.4%", ["5.4%"]),
        ("we grew 35%", []),
        ("from 290 to 320 customers", []),
        ("we won 999 customers", ["999 customers"]),
        ("Q4 2024", []),
        ("top 10 on 2025-01-01", []),
        ("$1 million and 70% growth", ["$1 million", "70%"]),
    ],
)
def test_numbers_that_no_metric_bears_out_are_claims(frame: str, claims: list[str]) -> None:
    found = claimed_numbers(frame, given_facts(METRICS), "en")

    assert [claim.split()[0] for claim in found] == [claim.split()[0] for claim in claims]


def test_german_numbers_are_read_as_german() -> None:
    facts = given_facts(METRICS)

    assert claimed_numbers("eine Rate von 4,5 %", facts, "de") == []
    assert claimed_numbers("ein Umsatz von 151.000 $", facts, "de") != []


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_the_rest_keeps_every_place(frame: str) -> None:
    rest = read_demands(frame).rest

    assert len(rest) == len(frame)
    assert all(new in (old, " ") for old, new in zip(frame, rest, strict=True))

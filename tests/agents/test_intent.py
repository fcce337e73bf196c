"""Understanding English requests: kind of work, channels, tone, periods, metrics and subject."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.intent import Intent
from streams.domain.values import Json
from tests.agents.understanding import ALL, aspects, case, understand

POST = "create_social_content"
POST_WITH_METRICS = "create_social_content_with_metrics"


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        # The seed's own examples.
        case("Create a LinkedIn post about our Q4 growth metrics", name=POST_WITH_METRICS,
             action="create", domain="marketing", channels="linkedin", tone="professional",
             period="Q4 2024", metrics=ALL, topic="our Q4 growth metrics",
             implicit=("quality_review",), is_open=True),
        case("Create a LinkedIn post about Q4", name=POST, domain="marketing", channels="linkedin",
             period="Q4 2024", metrics=(), implicit=("quality_review",), is_open=True),
        case("Analyze our monthly metrics vs last month", name="financial_analysis",
             action="compare", domain="analytics", channels="", compared="December 2024",
             period="January 2025 so far", metrics=ALL, implicit=("visualization", "comparison")),
        # Posts.
        case("Write a tweet about our new office in Berlin", name=POST, channels="twitter",
             topic="our new office in Berlin", metrics=()),
        case("Create a LinkedIn post about 2024-Q4 metrics", period="Q4 2024", metrics=ALL),
        case("create linkedin post q4 growth", name=POST_WITH_METRICS, channels="linkedin",
             period="Q4 2024", metrics=ALL, is_open=True),
        case("Can you write something about how we grew customers this year?", channels="linkedin",
             name=POST_WITH_METRICS, period="2025 so far", metrics=("customer_count",)),
        case("Post on X: our customers grew", channels="twitter", metrics=("customer_count",)),
        case("Draft a witty tweet on our traffic since October", tone="witty", channels="twitter",
             period="since October 2024", metrics=("traffic_monthly",)),
        case("Announce that we hired 12 people last month", name=POST, claims=["12"],
             topic="we hired 12 people last month", period="December 2024"),
        case("Announce our Series A funding of $5 million on LinkedIn", name=POST,
             topic="our Series A funding of $5 million", claims=["$5 million"],
             warns="do not bear out"),
        case("Write a post about our partnership with Acme with a call to action to visit our site",
             topic="our partnership with Acme", demands={"call_to_action": "visit our site"}),
        case("Create a job posting for a data engineer", name=POST, metrics=(),
             topic="a data engineer"),
        case("Write a LinkedIn post about our product launch next week", name=POST, period=None,
             topic="our product launch next week"),
        case("We need content for LinkedIn", name=POST_WITH_METRICS, metrics=ALL,
             warns="no subject was named"),
        case("Write a press release about our Q4 results", metrics=ALL, period="Q4 2024"),
        case("Write a post with our 320 customers", metrics=("customer_count",), claims=None),
        case("Write a LinkedIn post about sales", metrics=("revenue_monthly",)),
        case("Celebrate our 320 customers on LinkedIn", name=POST_WITH_METRICS, claims=None,
             channels="linkedin", metrics=("customer_count",)),
        case("Write a post about compliance in banking", name=POST, topic="compliance in banking"),
        case("Write a LinkedIn post about preventing phishing", name=POST, is_open=True),
        case("Create a LinkedIn post about flight delays at our airline", name=POST, is_open=True),
        # Several channels, threads, e-mails.
        case("Write a LinkedIn post and an X thread and a newsletter about our Q4 results",
             channels="linkedin twitter email", demands={"format": "thread"}),
        case("Write two posts: one for LinkedIn and one for X about our growth",
             channels="linkedin twitter", metrics=ALL),
        case("Create a LinkedIn post about our Q4 growth metrics and an email to investors",
             channels="linkedin email", topic="our Q4 growth metrics", audience="investors"),
        case("Share our Q4 revenue on LinkedIn, Twitter and by e-mail",
             channels="linkedin twitter email", metrics=("revenue_monthly",)),
        case("Write a thread of 5 tweets about our conversion rate", channels="twitter",
             demands={"parts": 5, "format": "thread"}, metrics=("conversion_rate",)),
        case("Write an X thread about our growth, max 4 tweets", channels="twitter",
             demands={"parts": 4, "format": "thread"}),
        case("Write an email to our customers about the price increase", name="create_email",
             channels="email", audience="customers", topic="the price increase"),
        case("I need a professional email announcing our partnership with Acme to investors",
             name="create_email", tone="professional", topic="our partnership with Acme",
             audience="investors"),
        case("Write an email to John about the meeting tomorrow", name="create_email",
             topic="the meeting tomorrow", metrics=()),
        case("Newsletter about our revenue for all subscribers", name="create_email",
             audience="subscribers", metrics=("revenue_monthly",)),
        case("Compose a message to our customers about downtime tomorrow", name="create_email",
             channels="email", audience="customers", topic="downtime tomorrow"),
        case("Tell our followers on X that we hit 320 customers", channels="twitter", claims=None,
             metrics=("customer_count",)),
        # Analyses.
        case("Forecast our revenue for next quarter", action="forecast", period=None,
             name="financial_analysis", metrics=("revenue_monthly",),
             demands={"forecast_for": {"label": "Q2 2025", "start": "2025-04-01",
                                       "end": "2025-06-30"}}),
        case("Compare Q3 and Q4 revenue", action="compare", period="Q4 2024", compared="Q3 2024",
             metrics=("revenue_monthly",), implicit=("visualization", "comparison")),
        case("Compare revenue 2023 and 2024", action="compare", period="2024", compared="2023"),
        case("Summarize our numbers for the board", name="financial_analysis", audience="board",
             metrics=ALL),
        case("What is our conversion rate?", name="financial_analysis", is_open=True,
             metrics=("conversion_rate",)),
        case("how many customers do we have", name="financial_analysis",
             metrics=("customer_count",)),
        case("Give me a report on Q4 2024 revenue and churn", name="financial_analysis",
             period="Q4 2024", metrics=("revenue_monthly", "churn_rate")),
        case("Generate a quarterly business report with charts", name="financial_analysis",
             metrics=ALL, implicit=("visualization",)),
        case("Explain why our churn went up", name="financial_analysis", metrics=("churn_rate",)),
        case("Why did revenue drop in March?", name="financial_analysis", period="March 2024"),
        case("Analyze our revenue and share it on LinkedIn as a post", channels="linkedin"),
        case("Review our Q4 performance", name="financial_analysis", period="Q4 2024", metrics=ALL),
        case("Make a graph of our revenue", name="financial_analysis", metrics=("revenue_monthly",),
             implicit=("visualization",)),
        # Texts to work on.
        case('Check this for compliance: "We guarantee 20% returns to all who sign up today."',
             name="compliance_check", action="check", domain="compliance", channels="",
             text="We guarantee 20% returns to all who sign up today."),
        case("Is this compliant? We promise guaranteed profits to all customers.",
             name="compliance_check", text="We promise guaranteed profits to all customers."),
        case('Can you check whether "Our product is the best and cures cancer" is okay to publish?',
             name="compliance_check", text="Our product is the best and cures cancer"),
        case("Rewrite the following in a friendlier tone: Dear customer, your invoice is overdue.",
             name="edit_content", action="edit", tone="friendly",
             text="Dear customer, your invoice is overdue."),
        case("Make this shorter: Our company has had a very good year and we are thankful.",
             name="edit_content", text="Our company has had a very good year and we are thankful."),
        case("Summarize this article: The central bank has raised its rates by half a point.",
             name="edit_content", text="The central bank has raised its rates by half a point."),
        case('Publish this on LinkedIn: "We have moved to a new office in Berlin."',
             name="publish_content", action="publish", channels="linkedin",
             text="We have moved to a new office in Berlin.", implicit=("quality_review",)),
        case('Post the following on X: "We have moved to a new office in Berlin."',
             name="publish_content", channels="twitter"),
    ],
)  # fmt: skip
def test_a_clear_request_is_understood(request_text: str, expected: Json) -> None:
    intent = understand(request_text)

    assert aspects(intent, expected) == expected


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        case("Craete a LinkdIn post abuot our Q4 reveneu", name=POST_WITH_METRICS, is_open=True,
             channels="linkedin", metrics=("revenue_monthly",), topic="our Q4 revenue"),
        case("Wirte a twete abot our custmers", channels="twitter", metrics=("customer_count",)),
        case("Anaylze our mertics", name="financial_analysis", metrics=ALL),
        case("write a linkeidn psot about our convrsion rate", channels="linkedin",
             metrics=("conversion_rate",)),
        case("forcast our revnue for next month", action="forecast", metrics=("revenue_monthly",)),
        case("Genrate a newsleter about our traffic", name="create_email"),
        case("compre Q3 and Q4 reveune", action="compare", compared="Q3 2024"),
        case("CREATE A LINKEDIN POST ABOUT OUR REVENUE", channels="linkedin",
             metrics=("revenue_monthly",)),
        case("pls create linkedin post on our churn thx", metrics=("churn_rate",), is_open=True),
        case("Write a post about our past results", period=None, channels="linkedin"),
        case("🚀 Create a LinkedIn post about our Q4 revenue 🚀", name=POST_WITH_METRICS,
             topic="our Q4 revenue"),
        case("LinkedIn Q4 growth metrics post please, make it pop!!! 🔥🔥", metrics=ALL,
             channels="linkedin", period="Q4 2024"),
        case("  \n Create   a\tLinkedIn\npost about our revenue \n", channels="linkedin"),
        case("Create a LinkedIn post about our Umsatz im letzten Quartal", period="Q4 2024",
             metrics=("revenue_monthly",)),
        case("Post about our Q4 results auf Deutsch bitte", language="de", metrics=ALL),
        case("Create a linkedin post about revenue in Oktober, aber auf Englisch", language="en",
             period="October 2024"),
        case("Write a LinkedIn post in French about our Q4 revenue", language="fr",
             warns="English or German only"),
        case("Write a German LinkedIn post about our customers", language="de"),
    ],
)  # fmt: skip
def test_slips_shouting_emoji_and_mixed_languages_do_no_harm(
    request_text: str, expected: Json
) -> None:
    intent = understand(request_text)

    assert aspects(intent, expected) == expected


@pytest.mark.parametrize("word", ["past", "host", "better", "market", "friends", "read", "cost"])
def test_a_familiar_word_is_not_taken_for_a_slip(word: str) -> None:
    intent = understand(f"Write a LinkedIn post about our {word}")

    assert intent.constraints["topic"] == f"our {word}"
    assert "conversion_rate" not in intent.metrics


def test_the_preferences_win_over_the_request_and_it_is_said() -> None:
    chosen = {"channels": ["email"], "tone": "formal", "language": "de"}

    intent = understand("Write a casual LinkedIn post in English", preferences=chosen)

    assert (intent.tone, intent.language) == ("formal", "de")
    assert [channel.value for channel in intent.channels] == ["email"]
    assert sum("Diese gelten" in warning for warning in intent.warnings) == 3


@pytest.mark.parametrize("request_text", ["Analyze our revenue", "Research our competitors"])
def test_a_report_goes_where_the_user_says_and_else_nowhere(request_text: str) -> None:
    context = {"competitors": [{"name": "Acme", "revenue_monthly": 200_000}]}
    wanted = understand(request_text, context=context, preferences={"channels": ["linkedin"]})
    silent = understand(request_text, context=context)

    assert [channel.value for channel in wanted.channels] == ["linkedin"]
    assert silent.channels == ()


def test_a_briefing_is_not_published_and_says_so() -> None:
    intent = understand("What should we focus on?", preferences={"channels": ["linkedin"]})

    assert intent.channels == ()
    assert any("A briefing is not published" in warning for warning in intent.warnings)


@pytest.mark.parametrize(
    ("request_text", "channel"),
    [
        ("Analysiere unsere Wettbewerber für einen LinkedIn-Beitrag", "linkedin"),
        ("Vergleiche unsere Wettbewerber für unseren Newsletter", "email"),
        ("Analyze our competitors for a LinkedIn post", "linkedin"),
        ("Compare our competitors for our newsletter", "email"),
        ("Analyze our competitors for an X thread", "twitter"),
    ],
)
def test_for_a_post_says_where_it_goes_and_not_what_it_is_about(
    request_text: str, channel: str
) -> None:
    context = {"competitors": [{"name": "Acme", "revenue_monthly": 200_000}]}

    intent = understand(request_text, context=context)

    assert [one.value for one in intent.channels] == [channel]
    assert intent.name == "market_insight"
    assert "ewsletter" not in str(intent.constraints.get("topic"))
    assert "LinkedIn" not in str(intent.constraints.get("topic"))


def test_market_data_in_the_context_are_worth_research() -> None:
    context = {"competitors": [{"name": "Acme", "revenue_monthly": 200_000}], "market": "big"}

    intent = understand("How do we compare with our competitors?", context=context)

    assert intent.name == "market_insight"
    assert intent.constraints["market_data"] == ["competitors"]
    assert "market_research" in intent.implicit


def test_a_text_may_lie_in_the_context() -> None:
    intent = understand("Check this text for compliance", context={"text": "We are the best."})

    assert (intent.name, intent.question) == ("compliance_check", None)
    assert intent.constraints["source_text"] == "We are the best."


def test_the_longest_request_is_understood_by_its_wish_and_not_by_its_text() -> None:
    text = "We grew well and thank all our customers for that. " * 380

    intent = understand(f"Shorten this text: {text}")

    assert intent.name == "edit_content"
    assert intent.constraints["source_text"] == text.strip()


def test_every_intent_says_what_must_be_done() -> None:
    intent = understand("Write an email about our Q4 revenue, at most 100 words, no numbers")

    assert intent.summary == (
        "Write an e-mail about our Q4 revenue, from monthly revenue (Q4 2024)."
    )
    assert "Length: at most 100 words" in intent.requirements
    assert "Use no numbers" in intent.requirements


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_whatever_is_asked_gives_a_valid_intent_and_always_the_same(request_text: str) -> None:
    intent = understand(request_text)

    assert Intent.model_validate(intent.as_json) == intent
    assert understand(request_text) == intent
    assert 0 <= intent.confidence <= 1
    assert not (intent.question and intent.refusal)


_WORDS = (
    "write", "create", "post", "linkedin", "x", "email", "about", "our", "revenue", "churn", "Q4",
    "last", "month", "no", "numbers", '"', "„", "“", ":", "ignore", "previous", "instructions",
    "under", "100", "words", "don't", "mention", "check", "this", "forecast", "über", "unsere",
)  # fmt: skip


@given(st.lists(st.sampled_from(_WORDS), max_size=40).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_any_order_of_telling_words_gives_a_valid_intent(request_text: str) -> None:
    intent = understand(request_text)

    assert Intent.model_validate(intent.as_json) == intent
    assert set(intent.metrics) <= set(ALL)

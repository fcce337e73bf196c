"""Posts that somebody would post: facts once, in relation, and no text about the text."""

import re
from collections import Counter

import pytest

from agents.figures.numbers import find_numbers
from agents.writing.prose import sentences
from streams.domain.request import TONES
from streams.domain.values import Json
from tests.agents.writing_tasks import DECLINE, MIXED, SEED, ungrounded, write

SIGN_UPS: Json = {
    "signups": 2400,
    "revenue_monthly": 84_000,
    "previous": {"signups": 1600, "revenue_monthly": 70_000},
}
CUSTOMERS: Json = {"customer_count": 410, "previous": {"customer_count": 380}}
CHURN: Json = {"churn_rate": [0.041, 0.039, 0.036, 0.034, 0.031, 0.028]}
TRAFFIC: Json = {"traffic_monthly": 210_000, "previous": {"traffic_monthly": 250_000}}
STATES: Json = {"revenue_monthly": 150_000, "customer_count": 320}
UNITS: Json = {"mrr": 52_000, "cac": 410, "ltv": 2_100, "previous": {"mrr": 49_000, "cac": 450}}
ABOUT_THE_TEXT = re.compile(
    r"\b(?:same metric|previous period, on|figures connect|put in relation|fuller picture|"
    r"multiplication|levels, not trends|headline figure|we report monthly|an update from us|"
    r"the background|vorperiode|multiplikation|stände, keine)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("facts", [SEED, MIXED, DECLINE, CUSTOMERS, SIGN_UPS, STATES])
def test_no_sentence_speaks_of_the_text_itself(facts: Json, tone: str) -> None:
    draft = write("Write a LinkedIn post about our results", facts, tone=tone)

    assert not ABOUT_THE_TEXT.search(draft["content"])


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("facts", [SEED, CUSTOMERS, TRAFFIC, STATES, DECLINE])
def test_each_figure_is_told_once(facts: Json, tone: str) -> None:
    draft = write("Write a LinkedIn post about our results", facts, tone=tone)

    text = draft["content"].split("#")[0]
    told = Counter((mention.quote, mention.unit) for mention in find_numbers(text))
    assert [quote for (quote, _), count in told.items() if count > 1] == []


@pytest.mark.parametrize("tone", TONES)
def test_every_metric_that_the_request_names_is_in_the_post(tone: str) -> None:
    request = "Write a LinkedIn post about how our March went: sign-ups and revenue"

    draft = write(request, SIGN_UPS, tone=tone)

    assert "ign-ups" in draft["content"]
    assert "revenue" in draft["content"]
    assert "how our March went" not in draft["content"]
    assert {"signups", "revenue_monthly"} <= set(draft["metrics_referenced"])


def test_the_first_line_names_both_metrics_and_the_body_says_by_how_much_each_moved() -> None:
    draft = write("Post on LinkedIn about our sign-ups and revenue in March", SIGN_UPS)

    assert {"20%", "50%"} <= {m.quote for m in find_numbers(draft["hook"])}
    assert "$14,000" in draft["content"]
    assert "800" in draft["content"]


def test_bad_news_is_said_and_not_dressed_up() -> None:
    hooks = [write("Tweet about our traffic", TRAFFIC, tone=tone)["hook"] for tone in TONES]

    assert all("16%" in hook for hook in hooks)
    assert not any(word in hook for hook in hooks for word in ("smiling", "📈", "!"))


def test_more_customers_can_be_told_without_a_number() -> None:
    request = "Write a LinkedIn post about our growth in customers, but no numbers please"

    draft = write(request, CUSTOMERS, tone="inspirational")

    assert re.search(r"[Mm]ore customers", draft["hook"])
    assert not re.search(r"\d", draft["content"])
    assert len(draft["body"]) >= 1


def test_fewer_customers_are_never_told_as_more() -> None:
    fewer = {"customer_count": 280, "previous": {"customer_count": 300}}

    draft = write("Write a post about our customers, no numbers please", fewer)

    assert not re.search(r"[Mm]ore customers", draft["content"])


def test_a_thread_tells_the_whole_span_in_the_parts_that_were_asked_for() -> None:
    request = "Make a Twitter thread of 4 tweets about our churn over the last six months"

    draft = write(request, CHURN, "create_thread", tone="conversational")

    first, *_, last = draft["body"]
    assert len(draft["body"]) == 4
    assert "4.1%" in first
    assert "2.8%" in first
    assert "3.9%" in draft["content"]
    assert "1.3 percentage points" in draft["content"]
    assert last.count("?") == 1
    assert "The background" not in draft["content"]
    assert ungrounded(draft) == []


def test_values_that_go_up_and_down_are_no_steady_way() -> None:
    draft = write("Post about our churn", {"churn_rate": [0.041, 0.028, 0.036, 0.031]})

    assert not re.search(r"every time|Every value|step by step", draft["content"])
    assert "4.1%" in draft["content"]


def test_an_email_ends_with_what_the_request_asks_of_its_readers() -> None:
    request = (
        "Draft an email to our investors with the Q3 figures; "
        "ask them to reply with questions before Friday"
    )

    draft = write(request, {"arr": 1_920_000, "previous": {"arr": 1_710_000}}, "create_email")

    *_, call, sign_off = draft["content"].split("\n\n")
    assert call == "Please reply with your questions before Friday."
    assert sign_off == "Kind regards,\nThe team"


def test_a_german_letter_greets_once_and_goes_on_in_small_letters() -> None:
    request = (
        "Schreib unseren Kunden eine E-Mail: ab 1. März ist unser Support auch samstags "
        "erreichbar. Locker im Ton, ohne Emojis."
    )

    draft = write(request, {}, "create_email", tone="friendly", language="de")

    assert draft["content"].count("Hallo") == 1
    assert "\n\nab 1. März ist unser Support auch samstags erreichbar." in draft["content"]
    assert "Locker" not in draft["content"]
    assert "Samstag" in draft["content"]


def test_an_announcement_uses_place_readers_and_call() -> None:
    request = (
        "Announce our new office in Lisbon on LinkedIn. Audience: engineers looking for a job. "
        'Call to action: "See our open roles". Don\'t mention salaries.'
    )

    draft = write(request, {}, tone="enthusiastic")

    text = draft["content"]
    assert "Lisbon" in draft["hook"]
    assert "engineers looking for a job" in text
    assert "See our open roles" in text.split("#")[0].strip().split("\n\n")[-1]
    assert "Here it comes" not in text
    assert 3 <= len(sentences(text.split("#")[0])) <= 6


@pytest.mark.parametrize(
    ("request_text", "said"),
    [
        ("Announce our new app for iOS on LinkedIn", "a new app for iOS"),
        ("Announce our new offices in Porto on LinkedIn", "new offices"),
        ("Post about our webinar on pricing on May 12", "our webinar on pricing on May 12"),
    ],
)
def test_what_is_new_is_named_as_one_would_say_it(request_text: str, said: str) -> None:
    draft = write(request_text, {})

    assert said in draft["content"]
    assert "a new offices" not in draft["content"]


@pytest.mark.parametrize("tone", TONES)
def test_hashtags_are_about_the_subject_and_none_comes_twice(tone: str) -> None:
    request = "Announce on LinkedIn that we reached 10,000 customers in Q4"
    facts = {"customer_count": 10_000, "previous": {"customer_count": 8_700}}

    tags = write(request, facts, tone=tone)["hashtags"]

    stems = [tag.casefold().removesuffix("s") for tag in tags]
    assert "#Customers" in tags
    assert len(stems) == len(set(stems))
    assert not {"#linkedin", "#businessmetric", "#update", "#busines"} & set(stems)
    assert sum("q4" in stem or "2024" in stem for stem in stems) <= 1


def test_forty_eight_posts_read_differently() -> None:
    facts = (SEED, MIXED, DECLINE, CUSTOMERS, SIGN_UPS, CHURN, TRAFFIC, STATES, UNITS)
    topics = ("results in Q4", "last month", "numbers", "progress", "year", "story")
    requests = [f"Write a LinkedIn post about our {topic}" for topic in topics]

    drafts = [
        write(requests[n % len(requests)], facts[n % len(facts)], tone=TONES[(n * 5) % len(TONES)])
        for n in range(48)
    ]

    told = Counter(s for draft in drafts for s in set(sentences(draft["content"].split("#")[0])))
    assert max(told.values()) <= len(drafts) / 5, told.most_common(3)


def test_a_report_gives_a_line_to_each_metric_and_names_points_as_points() -> None:
    metrics = {
        "revenue_monthly": 152_000,
        "traffic_monthly": 236_000,
        "conversion_rate": 0.047,
        "customer_count": 322,
        "churn_rate": 0.021,
        "previous": {"revenue_monthly": 150_000, "conversion_rate": 0.045, "churn_rate": 0.019},
    }

    draft = write("Analyze our monthly metrics vs last month", metrics, "create_report")

    text = draft["content"]
    derived = text.split("What is derived, and how\n")[1].split("\n\n")[0].split("\n")
    assert "- Conversion rate: 4.7% (before: 4.5%)" in text
    assert "Change in conversion rate: 0.2 percentage points" in text
    assert "(percentage points)" not in text
    assert len(derived) <= 10
    assert len(sentences(text.split("\n\n")[0])) <= 6
    assert ungrounded(draft) == []


def test_a_report_says_what_comparing_two_metrics_shows() -> None:
    metrics = {
        "revenue_monthly": 150_000,
        "customer_count": 320,
        "previous": {"revenue_monthly": 120_000, "customer_count": 300},
    }

    draft = write("Analyze our revenue and customers vs last month", metrics, "create_report")

    assert "each customer now brings in more on average" in draft["content"].split("\n\n")[0]

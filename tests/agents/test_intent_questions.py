"""Asking instead of guessing, and declining what is not done here."""

import pytest

from streams.domain.values import Json
from tests.agents.understanding import aspects, case, understand

NO_METRICS: Json = {}


@pytest.mark.parametrize(
    "request_text",
    [
        "post", "revenue", "LinkedIn", "help", "hello", "?", "...", "🚀🚀🚀", "asdf qwer", "please",
        "Do the thing", "Make it better", "something nice for social media", "1234",
        "Create something",
    ],
)  # fmt: skip
def test_a_vague_request_is_asked_what_is_wanted(request_text: str) -> None:
    intent = understand(request_text)

    assert intent.name == "unclear"
    assert intent.question is not None
    assert intent.question.text == "What shall I make for you?"
    assert "A LinkedIn post" in intent.question.options
    assert intent.confidence < 0.8


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        case("Write an email", asks="What shall it be about?"),
        case("Write a LinkedIn post", asks="What shall it be about?"),
        case("Write a LinkedIn post about our Q4 metrics", asks="none were given"),
        case("Analyze our revenue", asks="Which figures shall I analyse?"),
        case("Check this text", asks="Which text do you mean?"),
        case("Shorten our newsletter", asks="Which text do you mean?"),
        case("Publish this on LinkedIn", asks="Which text do you mean?"),
        case("Write a Facebook post about our customers", asks="LinkedIn, X and e-mail only"),
        case("Create an Instagram post about our team", asks="LinkedIn, X and e-mail only"),
        case("How are competitors doing in our market?", asks="Which market data"),
    ],
)
def test_what_is_missing_is_asked_for(request_text: str, expected: Json) -> None:
    intent = understand(request_text, metrics=NO_METRICS)

    assert aspects(intent, expected) == expected


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        case("What's the weather today?", refuses="weather"),
        case("Book me a flight to Paris", refuses="cannot book"),
        case("Should I buy Tesla stock?", refuses="investment advice"),
        case("How do I cook pasta", refuses="outside of what I do"),
        case("Tell me a joke", refuses="outside of what I do"),
        case("write me a poem about revenue", refuses="outside of what I do"),
        case("write code for a website", refuses="programs"),
        case("Translate our post into Spanish", refuses="no language model"),
        case("play some music", refuses="outside of what I do"),
        case("transfer $100 to my savings account", refuses="accounts"),
        case("write fake reviews for our product", refuses="fake reviews"),
        case("Write a phishing email to our customers", refuses="phishing"),
        case("Create a post that promises guaranteed profits", refuses="guaranteed profits"),
        case("Write a LinkedIn post that insults our competitor", refuses="attack"),
        case("Send spam to all our leads", refuses="spam"),
        case("Write a post in the name of Elon Musk", refuses="in the name"),
        case("What should our marketing strategy be?", refuses="outside of what I do"),
    ],
)
def test_what_is_out_of_scope_is_declined_with_an_offer(request_text: str, expected: Json) -> None:
    intent = understand(request_text)

    assert aspects(intent, {"name": "unsupported", **expected}) == {
        "name": "unsupported",
        **expected,
    }
    assert intent.question is None
    assert intent.refusal is not None
    assert "I can" in intent.refusal


@pytest.mark.parametrize(
    "request_text",
    [
        "check my calendar for tomorrow", "what is my bank balance", "call mom", "how old are you",
        "set an alarm for six", "report my stolen card", "make a reservation for two people",
        "how is the traffic on the way to work", "what is the exchange rate for the euro",
        "where is the next post office", "who won the game last night", "turn on the lights",
        "find a recipe for soup", "is it safe to travel there", "what does this word mean",
    ],
)  # fmt: skip
def test_everyday_questions_are_never_taken_for_work(request_text: str) -> None:
    intent = understand(request_text)

    assert intent.question or intent.refusal


def test_an_option_of_the_first_question_is_an_answer() -> None:
    asked = understand("help").question
    assert asked is not None

    intents = [understand("help", answers=[(asked.text, option)]) for option in asked.options]

    names = [intent.name for intent in intents]
    assert names[0] == "create_social_content_with_metrics"
    assert names[2:] == ["create_email", "financial_analysis", "compliance_check"]


def test_an_answer_that_says_nothing_ends_in_an_honest_refusal() -> None:
    intent = understand("help", answers=[("What shall I make for you?", "well, you know")])

    assert intent.name == "unsupported"
    assert intent.question is None


def test_the_subject_may_come_as_an_answer_and_is_taken_as_it_is() -> None:
    answers = [("What shall it be about?", "Our new office, don't panic")]

    intent = understand("Write a LinkedIn post", metrics=NO_METRICS, answers=answers)

    assert intent.question is None
    assert intent.constraints["topic"] == "Our new office, don't panic"
    assert "must_avoid" not in intent.constraints


def test_the_text_may_come_as_an_answer() -> None:
    answers = [("Which text do you mean? Please paste it.", "We are number one.")]

    intent = understand("Check the text for compliance", answers=answers)

    assert intent.constraints["source_text"] == "We are number one."
    assert intent.question is None


def test_a_question_is_not_asked_twice() -> None:
    answers = [("Which text do you mean? Please paste it.", "")]

    intent = understand("Check the text for compliance", answers=answers)

    assert intent.question is None
    assert intent.refusal is not None
    assert "context.text" in intent.refusal


@pytest.mark.parametrize(
    ("answer", "most"), [("At most 80 words", 80), ("About 400 words", None), ("50 words", 50)]
)
def test_a_contradiction_in_length_is_settled_by_the_answer(answer: str, most: int | None) -> None:
    request_text = "Create a short post of 800 words about our customers"
    asked = understand(request_text).question
    assert asked is not None

    intent = understand(request_text, answers=[(asked.text, answer)])

    assert intent.question is None
    assert intent.constraints.get("max_words") in (most, 400)


def test_a_chosen_channel_replaces_one_that_is_not_served() -> None:
    request_text = "Write a Facebook post about our customers"
    asked = understand(request_text).question
    assert asked is not None

    intent = understand(request_text, answers=[(asked.text, "X")])

    assert [channel.value for channel in intent.channels] == ["twitter"]
    assert intent.question is None


def test_without_market_data_other_work_can_be_chosen() -> None:
    asked = understand("How is our market doing?").question
    assert asked is not None

    post, analysis = (
        understand("How is our market doing?", answers=[(asked.text, option)])
        for option in asked.options
    )

    assert post.name.startswith("create_social_content")
    assert post.constraints["no_numbers"] is True
    assert analysis.name == "financial_analysis"

"""Shortening a text by rules: the same meaning in fewer words, and never nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.figures.numbers import find_numbers
from agents.writing.tightening import tightened
from streams.domain.values import Json
from tests.agents.writing_tasks import write

LONG = (
    "We are very very excited to announce that, after many months of hard work, our team has now "
    "finally shipped the new reporting dashboard, which lets every customer see the numbers that "
    "matter to them in one place. We would be really happy if you tried it out and told us what "
    "you think!"
)


def shorten(wish: str, text: str = LONG) -> Json:
    given = {"draft": {"kind": "answer", "content": text}}
    return write(f'{wish}: "{text}"', {}, "edit", inputs=given)


def test_a_long_announcement_becomes_two_plain_sentences() -> None:
    draft = shorten("Shorten this for X, under 200 characters")

    assert " ".join(draft["content"].split()) == (
        "Our new reporting dashboard is live: every customer sees the numbers that matter to them "
        "in one place. Try it and tell us what you think."
    )


def test_a_clause_is_left_where_no_sentence_fits() -> None:
    draft = shorten("Shorten this to at most 60 characters")

    assert draft["content"] == "Our new reporting dashboard is live."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We are happy to share that we opened an office.", "We opened an office."),
        ("We've just launched our new apps.", "Our new apps are live."),
        ("It is quick, which saves two hours a day.", "It is quick. It saves two hours a day."),
        (
            "The tool, which costs $5, is ready.",
            "The tool, which costs $5, is ready.",
        ),
        ("Please don't hesitate to write to us.", "Please write to us."),
        ("We would love it if you shared it.", "Share it."),
        ("A plan that fits, which lets you save time.", "A plan that fits: you save time."),
        (
            "Wir freuen uns sehr, Ihnen mitteilen zu können, dass unser neues Büro eröffnet ist.",
            "Unser neues Büro ist eröffnet.",
        ),
    ],
)
def test_the_same_is_said_in_fewer_words(before: str, after: str) -> None:
    assert tightened(before) == after


@settings(max_examples=40, deadline=None)
@given(st.integers(4, 320))
def test_there_is_always_a_text_within_the_limit(most: int) -> None:
    draft = shorten(f"Shorten this to at most {most} characters")

    assert 0 < len(draft["content"]) <= most


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "We are proud to announce that we won 12 prizes.",
                "Our team has shipped the new app, which lets every user save 20% of their time.",
                "It costs $49, which is less than before.",
                "We would be happy if you tried it for 3 days.",
                "After many months of hard work, 400 people use it.",
            ]
        ),
        min_size=1,
        max_size=5,
        unique=True,
    )
)
def test_tightening_keeps_every_number(said: list[str]) -> None:
    text = " ".join(said)

    short = tightened(text)

    assert len(short) <= len(text)
    assert {m.quote for m in find_numbers(short)} == {m.quote for m in find_numbers(text)}

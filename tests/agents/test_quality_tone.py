"""Tone: what fits each of the tones, what does not, and how German addresses the reader."""

import pytest

from agents.quality import codes
from agents.quality.draft import Examined, examine
from agents.quality.tone import tone
from agents.quality.tones import TONES as PROFILES
from streams.domain.quality import DimensionScore
from streams.domain.request import TONES


def examined(text: str, tone: str, language: str = "en") -> Examined:
    intent = {"language": language, "tone": tone, "channels": ["linkedin"]}
    return examine({"output": {"kind": "post", "content": text}, "intent": intent})


def codes_of(score: DimensionScore) -> list[str]:
    return [issue.code for issue in score.issues]


FITTING = {
    "professional": "We have changed how we plan. It saves time, and it shows in the numbers.",
    "formal": "The company has changed its planning. The figures bear this out.",
    "authoritative": "Three rules decide about a price. We apply them in every case.",
    "neutral": "The office opens in May. It has room for ten people.",
    "informative": "Here is how the price comes about: cost, demand and time.",
    "confident": "We know what works. The numbers prove it.",
    "friendly": "Thank you for being here! We are happy to have you with us.",
    "casual": "So, it's done. Turns out it wasn't that hard.",
    "conversational": "Have you ever wondered why? We have, and you may like the answer.",
    "enthusiastic": "What a quarter! We love what came out of it.",
    "inspirational": "Imagine what is possible when every step counts.",
    "witty": "Plot twist: the smallest change had the largest effect.",
    "urgent": "Time is short. Please answer before Friday, today if you can.",
    "empathetic": "We know how hard this year was. We are here for you, and we listen.",
}
UNFITTING = {
    "professional": "OMG, this is totally amazing stuff!! LOL",
    "formal": "We can't wait, it's gonna be super cool!",
    "authoritative": "Maybe this helps. Perhaps it does not, we think.",
    "neutral": "What an incredible, mind-blowing result!",
    "informative": "Wow! This is unbelievable!",
    "confident": "Maybe it works. Hopefully. Perhaps you might like it.",
    "friendly": "REVENUE FIGURES ATTACHED HERETO. REVIEW THEM.",
    "casual": "The aforementioned documentation constitutes an authoritative specification.",
    "conversational": "The documentation of the method is complete and available.",
    "enthusiastic": "The figures were filed on Monday.",
    "inspirational": "The figures were filed on Monday.",
    "witty": "The figures were filed on Monday.",
    "urgent": "The figures were filed in the usual manner and place.",
    "empathetic": "The figures were filed on Monday.",
}


def test_every_tone_has_a_profile() -> None:
    assert set(PROFILES) == set(TONES) == set(FITTING) == set(UNFITTING)


@pytest.mark.parametrize("name", TONES)
def test_a_text_in_its_tone_fits(name: str) -> None:
    score = tone(examined(FITTING[name], name))

    assert score.score == 1.0, score.issues


@pytest.mark.parametrize("name", TONES)
def test_a_text_against_its_tone_does_not_fit(name: str) -> None:
    score = tone(examined(UNFITTING[name], name))

    assert score.score < 0.9


@pytest.mark.parametrize(
    ("name", "text", "is_right"),
    [
        ("formal", "Wie sehen Sie das? Schreiben Sie uns.", True),
        ("formal", "Wie siehst du das?", False),
        ("casual", "Wie siehst du das? Schreib uns einfach.", True),
        ("casual", "Ganz ehrlich: wie sehen Sie das?", False),
        ("neutral", "Wie siehst du das?", True),
    ],
)
def test_german_texts_address_the_reader_as_the_tone_asks(
    name: str, text: str, is_right: bool
) -> None:
    score = tone(examined(text, name, "de"))

    assert (codes.WRONG_ADDRESS not in codes_of(score)) is is_right


def test_a_span_of_a_tone_issue_is_the_offending_word() -> None:
    text = "This is an amazing result."

    (issue,) = tone(examined(text, "formal")).issues

    assert issue.evidence is not None
    assert text[issue.evidence.start : issue.evidence.end] == "amazing"

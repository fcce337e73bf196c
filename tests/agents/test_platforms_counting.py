"""Counting as the platforms count: weights, links and hashtags."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.platforms.counting import hashtags, links, utf16_units, weight
from agents.platforms.limits import measure
from streams.domain.values import Channel

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


@pytest.mark.parametrize(
    ("text", "weighs"),
    [
        ("", 0),
        ("This is a test.", 15),
        ("http://test.com", 23),
        ("https://test.com", 23),
        ("test.com", 23),
        ("Test https://test.com test https://test.com test.com test", 86),
        ("\U00010000\U0010ffff", 4),
        ("저찀쯿쿿", 8),
        ("H\U0001f431☺", 5),
        (f"H\U0001f431☺{FAMILY}", 7),
        (FAMILY, 2),
        ("\U0001f44d\U0001f3fd", 2),
        ("\U0001f1e9\U0001f1ea", 2),
        ("1\ufe0f\u20e3", 2),
        ("❤\ufe0f", 2),
        ("の" * 140, 280),
        ("e\u0301", 1),
        ("“quoted” \u2013 and \u2018quoted\u2019", 23),
        ("100 €", 6),
        ("…", 2),
    ],
)
def test_a_post_on_x_weighs_what_the_published_rules_say(text: str, weighs: int) -> None:
    assert weight(text) == weighs


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://example.com/a_(b)?x=1, please", ["https://example.com/a_(b)?x=1"]),
        ("(https://example.com/path)", ["https://example.com/path"]),
        ("HTTPS://www.ExaMPLE.COM/index.html", ["HTTPS://www.ExaMPLE.COM/index.html"]),
        ("http://twitter.com/#!/twitter", ["http://twitter.com/#!/twitter"]),
        ("foo.co.jp and t.co", ["foo.co.jp", "t.co"]),
        ("www.example.de.", ["www.example.de"]),
        ("example.de/preise!", ["example.de/preise"]),
        ("example.de", []),
        ("ftp://www.example.com/", []),
        ("someone@example.com", []),
        ("Sales rose.It was Q4.Then 1.8 million", []),
    ],
)
def test_links_end_where_x_ends_them(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in links(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#Growth and #growth, #Q4Results.", ["#Growth", "#Q4Results"]),
        ("#1st but not #12345, a#b or &#39;", ["#1st"]),
        ("https://example.com/#anchor", []),
        ("#Wärmepumpe #트위터", ["#Wärmepumpe", "#트위터"]),
    ],
)
def test_hashtags_are_those_a_platform_links(text: str, found: list[str]) -> None:
    assert hashtags(text) == found


def test_linkedin_counts_an_emoji_as_two_and_an_email_counts_characters() -> None:
    text = "Go \U0001f680"

    assert measure(Channel.LINKEDIN, text) == 5
    assert measure(Channel.EMAIL, text) == 4


@settings(deadline=None)
@given(st.text(max_size=80))
def test_a_weight_does_not_depend_on_the_normal_form(text: str) -> None:
    assert weight(unicodedata.normalize("NFD", text)) == weight(unicodedata.normalize("NFC", text))


@settings(deadline=None)
@given(st.text(max_size=80))
def test_utf16_units_are_what_the_encoding_needs(text: str) -> None:
    assert utf16_units(text) == len(text.encode("utf-16-le")) // 2


@settings(deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=0x10FF, exclude_characters="."), max_size=80))
def test_text_without_links_or_pictures_weighs_one_a_character(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)

    assert weight(text) == len(composed)

"""Taking texts apart: sentences, the posts of a thread, and shortening."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.platforms.counting import weight
from agents.platforms.sentences import clauses, marks, paragraphs, sentences, words
from agents.platforms.shortening import shorten, shorten_line
from agents.platforms.thread import cut_thread, numbered, spread

LIMIT = 280
plain = st.text("abcdefghijklmnopqrstuvwxyzäöüß", min_size=1, max_size=14)
tokens = st.one_of(
    plain,
    st.integers(0, 10**9).map("{:,}".format),
    st.integers(1, 99).map("${}.5 million".format),
    st.floats(0, 100, width=16).map("{:.1f}%".format),
    plain.map("https://example.com/{}?ref=1.5,2".format),
    plain.map("#{}".format),
    st.sampled_from(["1.8 million", "25\u00a0%", "10 000", "Q4 2024", "\U0001f680", "一二三"]),
)
sentence = st.tuples(
    st.lists(tokens, min_size=1, max_size=60), st.sampled_from([".", "!", "?", ",", ""])
).map(lambda made: " ".join(made[0]).capitalize() + made[1])
texts = st.lists(st.lists(sentence, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Revenue is $1.8 million. It grew 4.5%.", ["Revenue is $1.8 million.", "It grew 4.5%."]),
        ("We won 12. That is new.", ["We won 12.", "That is new."]),
        ("Im 4. Quartal stieg der Umsatz. Gut!", ["Im 4. Quartal stieg der Umsatz.", "Gut!"]),
        ("Das sind z. B. 320 Kunden. Mehr.", ["Das sind z. B. 320 Kunden.", "Mehr."]),
        ("Dr. Smith, approx. 5 of them.", ["Dr. Smith, approx. 5 of them."]),
        ("“Really?” she asked. Yes.", ["“Really?” she asked.", "Yes."]),
        ("• one\n• two", ["• one", "• two"]),
        ("1. First\n2. Second", ["1. First", "2. Second"]),
        ("See https://example.com/a.b. Then go.", ["See https://example.com/a.b.", "Then go."]),
        ("Well. Up to 150. \U0001f4c8", ["Well.", "Up to 150. \U0001f4c8"]),
        ("", []),
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(text: str, found: list[str]) -> None:
    assert sentences(text) == found


def test_clauses_and_words_keep_numbers_links_and_periods_whole() -> None:
    text = "Of 10 000 visits, 1.8 million in Q4 2024 \u2013 see https://example.com/a,b now"

    assert clauses(text) == [
        "Of 10 000 visits,",
        "1.8 million in Q4 2024 \u2013",
        "see https://example.com/a,b now",
    ]
    assert "1.8 million" in words(text)
    assert "10 000" in words(text)
    assert "Q4 2024" in words(text)


def test_marks_keep_emojis_and_accents_together() -> None:
    assert marks("a\u0301\U0001f44d\U0001f3fdx") == ["a\u0301", "\U0001f44d\U0001f3fd", "x"]


@settings(max_examples=40, deadline=None)
@given(texts, st.booleans(), st.sampled_from(["", "#Growth #Q4"]))
def test_a_thread_holds_the_text_in_order_and_no_post_is_too_heavy(
    text: list[str], is_merging: bool, tail: str
) -> None:
    posts = cut_thread(text, LIMIT, tail=tail, is_merging=is_merging)

    said = " ".join(posts).split()
    if len(posts) > 1:
        count = len(posts)
        heads = [post.split(" ", 1)[0] for post in posts]
        assert heads == [f"{n}/{count}" for n in range(1, count + 1)]
        said = [word for post in posts for word in post.split()[1:]]
    given_words = " ".join(text).split()
    assert said[: len(given_words)] == given_words
    assert said[len(given_words) :] in ([], tail.split())
    assert all(weight(post) <= LIMIT for post in posts)


@settings(max_examples=40, deadline=None)
@given(texts)
def test_no_number_with_its_unit_is_cut(text: list[str]) -> None:
    posts = cut_thread(text, LIMIT)

    for pattern in (r"\.5 million", r"1\.8 million", r"25\u00a0%", r"10 000", r"Q4 2024"):
        whole = sum(len(re.findall(pattern, paragraph, re.IGNORECASE)) for paragraph in text)
        assert sum(len(re.findall(pattern, post, re.IGNORECASE)) for post in posts) == whole


def test_a_thread_is_cut_at_sentences_before_clauses_before_words() -> None:
    first = "A" * 100 + " is one thing."
    second = "B" * 100 + " is another, " + "C" * 80 + " too."

    posts = cut_thread([f"{first} {second}"], 220)

    assert posts == (f"1/2 {first}", f"2/2 {second}")


def test_more_than_nine_posts_leave_room_for_longer_numbers() -> None:
    text = [" ".join(["word"] * 600)]

    posts = cut_thread(text, LIMIT)

    assert len(posts) > 9
    assert posts[9].startswith(f"10/{len(posts)} ")
    assert all(weight(post) <= LIMIT for post in posts)


def test_a_text_that_fits_is_not_numbered() -> None:
    assert cut_thread(["Short."], LIMIT, tail="#A") == ("Short.\n\n#A",)


def test_paragraphs_of_a_written_thread_are_posts_of_their_own() -> None:
    assert cut_thread(["One.", "Two."], LIMIT, is_merging=False) == ("1/2 One.", "2/2 Two.")


def test_a_word_that_is_longer_than_a_post_is_cut_between_characters() -> None:
    posts = cut_thread(["x" * 700], LIMIT)

    assert "".join(post.split(" ")[1] for post in posts) == "x" * 700


@settings(max_examples=40, deadline=None)
@given(st.lists(sentence, min_size=2, max_size=12), st.integers(2, 12))
def test_spreading_gives_exactly_the_parts_asked_for_or_nothing(
    text: list[str], count: int
) -> None:
    parts = spread([" ".join(text)], count, 10_000)

    if parts is None:
        assert count > len(sentences(" ".join(text)))
    else:
        assert len(parts) == count
        assert " ".join(parts).split() == " ".join(text).split()
        assert numbered(parts)[0].startswith(f"1/{count} ")


@settings(max_examples=40, deadline=None)
@given(texts, st.integers(40, 900))
def test_shortening_drops_whole_sentences_from_the_end_and_keeps_the_first(
    text: list[str], limit: int
) -> None:
    def fits(pieces: object) -> bool:
        return len("\n\n".join(map(str, pieces))) <= limit  # type: ignore[call-overload]

    result = shorten(text, fits, lambda one: False)

    if result.is_fitting:
        assert fits(result.paragraphs)
    if not result.is_cut:
        whole, left = " ".join(text).split(), " ".join(result.paragraphs).split()
        assert whole[: len(left)] == left
        assert sentences(text[0])[0].split() == left[: len(sentences(text[0])[0].split())]


def test_shortening_keeps_what_must_stay_and_drops_an_announcement_of_nothing() -> None:
    text = ["Hook.", "Some body. Our numbers are:\n• one\n• two", "Write to us!"]

    result = shorten(
        text, lambda pieces: len(" ".join(pieces)) < 40, lambda one: one == "Write to us!"
    )

    assert result.paragraphs == ("Hook.", "Some body.", "Write to us!")
    assert result.dropped == 3


def test_a_line_is_shortened_between_words_and_never_in_a_number() -> None:
    line = shorten_line("We reached $1.8 million in revenue", lambda text: len(text) <= 18)

    assert line == "We reached…"
    assert shorten_line("abcdefgh", lambda text: len(text) <= 4) == "abc…"
    assert shorten_line("abc", lambda text: False) == ""


def test_paragraphs_are_parted_by_blank_lines() -> None:
    assert paragraphs(" a\nb\n \n\n c ") == ["a\nb", "c"]

"""Texts of others made harmless."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tools.cleaning import cleaned, is_clean, one_line


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jgone", "gone"),
        ("a\x00b\x08c\rd", "abcd"),
        ("one\r\ntwo\tthree", "one\ntwo\tthree"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("hid\u200bden\ufeff\u2066", "hidden"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("half\ud800", "half"),
        ("Größe 数 👩‍💻", "Größe 数 👩‍💻"),
    ],
)
def test_what_a_terminal_obeys_or_a_reader_cannot_see_is_taken_out(text: str, left: str) -> None:
    assert cleaned(text) == left


@given(st.text())
def test_nothing_harmful_is_ever_left(text: str) -> None:
    left = cleaned(text)

    assert "\x1b" not in left
    assert all(unicodedata.category(c) not in ("Cc", "Cs") or c in "\n\t" for c in left)
    assert cleaned(left) == left
    left.encode("utf-8")


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_a_line_is_one_line_and_short_enough(text: str, limit: int) -> None:
    line = one_line(text, limit)

    assert len(line) <= limit
    assert "\n" not in line


def test_a_clean_name_has_nothing_to_take_out() -> None:
    assert is_clean("get_revenue")
    assert not is_clean("get\u200b_revenue")
    assert not is_clean("get\nrevenue")

"""Numbers in text: writing, reading and comparing with facts."""

import math
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents.figures.facts import Fact, Unit
from agents.figures.numbers import Mention, Style, find_numbers, matches, write

UNITS = get_args(Unit)
STYLES: tuple[Style, ...] = get_args(Style)


def fact(value: float, unit: Unit = "usd", fact_id: str = "x") -> Fact:
    return Fact(fact_id=fact_id, label="x", value=value, unit=unit)


def read(text: str, language: str = "en") -> list[tuple[Any, str]]:
    return [(mention.value, mention.unit) for mention in find_numbers(text, language)]


def only(text: str, language: str = "en") -> Mention:
    (mention,) = find_numbers(text, language)
    return mention


@pytest.mark.parametrize(
    ("value", "unit", "english", "german"),
    [
        (150_000, "usd", "$150,000", "150.000 $"),
        (1_800_000, "usd", "$1.8 million", "1,8 Millionen $"),
        (1_000_000, "usd", "$1 million", "1 Million $"),
        (2_400_000_000, "usd", "$2.4 billion", "2,4 Milliarden $"),
        (468.75, "usd", "$468.75", "468,75 $"),
        (0.6, "usd", "$0.60", "0,60 $"),
        (-5_000, "usd", "-$5,000", "-5.000 $"),
        (0.045, "percent", "4.5%", "4,5\u00a0%"),
        (0.0015, "percent", "0.15%", "0,15\u00a0%"),
        (-0.12, "percent", "-12%", "-12\u00a0%"),
        (320, "count", "320", "320"),
        (11_250, "count", "11,250", "11.250"),
        (2.4, "ratio", "2.4\u00d7", "2,4\u00d7"),
        (5, "months", "5 months", "5 Monate"),
        (1, "days", "1 day", "1 Tag"),
        (0, "usd", "$0", "0 $"),
        (-0.0, "number", "0", "0"),
    ],
)
def test_a_value_is_written_as_in_a_sentence(
    value: float, unit: Unit, english: str, german: str
) -> None:
    assert write(value, unit) == english
    assert write(value, unit, "de") == german


def test_the_exact_style_writes_millions_out() -> None:
    assert write(1_846_000, "usd", style="exact") == "$1,846,000"
    assert write(1 / 3, "percent", style="exact") == "33.33%"


sizes = st.one_of(
    st.integers(-(10**12), 10**12).map(float),
    st.floats(-1e12, 1e12),
    st.floats(-1, 1),
    st.sampled_from(
        (1899.0, 1999.0, 2024.0, 2024.4, 1e15, 1e-9, 999.995, 999_950.0, 0.00095, 9.96)
    ),
)


@given(sizes, st.sampled_from(UNITS), st.sampled_from(("en", "de")), st.sampled_from(STYLES))
@example(1e300, "usd", "en", "short")
@example(5e-324, "percent", "de", "exact")
@example(-0.0001, "count", "en", "short")
def test_what_is_written_is_read_again_as_one_number_that_matches(
    value: float, unit: Unit, language: str, style: Style
) -> None:
    text = write(value, unit, language, style)

    found = find_numbers(text, language)

    assert len(found) == 1
    assert found[0].quote == text
    assert matches(found[0], fact(value, unit))


@given(sizes, st.sampled_from(UNITS), st.sampled_from(("en", "de")))
def test_a_written_number_is_found_in_a_sentence(value: float, unit: Unit, language: str) -> None:
    text = write(value, unit, language)
    sentence = {"en": f"We have {text} in Q4 2024.", "de": f"Wir haben {text} im Q4 2024."}[
        language
    ]

    found = find_numbers(sentence, language)

    assert [mention.quote for mention in found] == [text]
    assert matches(found[0], fact(value, unit))


@given(st.text(max_size=200), st.sampled_from(("en", "de")))
def test_any_text_is_read_without_failing_and_quotes_are_its_spans(
    text: str, language: str
) -> None:
    found = find_numbers(text, language)

    assert all(text[m.start : m.end] == m.quote for m in found)
    assert all(m.start >= n.end for n, m in pairwise(found))
    assert all(math.isfinite(m.tolerance) and m.tolerance >= 0 for m in found)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("$150,000", 150_000, "usd"),
        ("$150K", 150_000, "usd"),
        ("150k dollars", 150_000, "usd"),
        ("US$ 150,000", 150_000, "usd"),
        ("USD 150,000", 150_000, "usd"),
        ("1.8M", 1_800_000, "number"),
        ("$1.8 million", 1_800_000, "usd"),
        ("$2bn", 2e9, "usd"),
        ("4.5%", 0.045, "percent"),
        ("4.5 percent", 0.045, "percent"),
        ("50 basis points", 0.005, "percent"),
        ("0.045", 0.045, "number"),
        (".5%", 0.005, "percent"),
        ("1,234,567", 1_234_567, "number"),
        ("twenty percent", 0.2, "percent"),
        ("twenty-five customers", 25, "count"),
        ("three percent", 0.03, "percent"),
        ("two hundred customers", 200, "count"),
        ("two million dollars", 2e6, "usd"),
        ("half a million", 5e5, "number"),
        ("+35%", 0.35, "percent"),
        ("\u221212%", -0.12, "percent"),
        ("-$5,000", -5_000, "usd"),
        ("doubled", 2, "ratio"),
        ("tripled", 3, "ratio"),
        ("halved", 0.5, "ratio"),
        ("2.4\u00d7", 2.4, "ratio"),
        ("2.4x", 2.4, "ratio"),
        ("three times more", 3, "ratio"),
        ("3:1", 3, "ratio"),
        ("one in five customers", 0.2, "ratio"),
        ("2 out of 3 users", 2 / 3, "ratio"),
        ("18 months", 18, "months"),
        ("2 years", 24, "months"),
        ("320 paying customers", 320, "count"),
        ("\u20ac5,000", 5_000, "eur"),
        ("300+ customers", 300, "count"),
        ("2024 customers", 2024, "count"),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, value: float, unit: str) -> None:
    assert read(text) == [(pytest.approx(value), unit)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("150.000 $", 150_000, "usd"),
        ("1,8 Millionen $", 1_800_000, "usd"),
        ("1,8 Mio. $", 1_800_000, "usd"),
        ("2,5 Mrd. Dollar", 2.5e9, "usd"),
        ("4,5 %", 0.045, "percent"),
        ("35 Prozent", 0.35, "percent"),
        ("f\u00fcnfunddrei\u00dfig Prozent", 0.35, "percent"),
        ("0.045", 0.045, "number"),
        ("320 Kunden", 320, "count"),
        ("verdoppelt", 2, "ratio"),
        ("5 Monate", 5, "months"),
        ("1.234.567", 1_234_567, "number"),
        ("1.234,5", 1234.5, "number"),
    ],
)
def test_german_numbers_are_read(text: str, value: float, unit: str) -> None:
    assert read(text, "de") == [(pytest.approx(value), unit)]


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("10-15%", [(0.1, "percent"), (0.15, "percent")]),
        ("10 to 15 percent", [(0.1, "percent"), (0.15, "percent")]),
        ("between 300 and 320 customers", [(300, "count"), (320, "count")]),
        ("$1.5\u20132 million", [(1.5e6, "usd"), (2e6, "usd")]),
        ("from $100,000 to 150,000", [(100_000, "usd"), (150_000, "usd")]),
    ],
)
def test_the_ends_of_a_range_share_their_unit(text: str, ends: list[tuple[float, str]]) -> None:
    assert read(text) == [(pytest.approx(value), unit) for value, unit in ends]


@pytest.mark.parametrize(
    "text",
    [
        "In 2024 customers came back",
        "Q4 2024, 2024-Q4, Q4'24, FY2024, FY24, H1, 4Q24, 2023/24",
        "on 2024-10-01, Dec 31, 2024, 5 January, 10/31/2024 and 31.12.2024",
        "1. First\n2) Second\n3/5\n4/ Fourth",
        "the 1st, the 22nd; the 2020s",
        "#1 #Q4Results #growth2024 @user7",
        "see https://example.com/2024/q4?x=12 or ann7@example.com",
        "at 10:30 am, 9 am, 24/7 and 360\u00b0",
        "B2B, Web3, GPT-4, 5G, 3D, ISO 27001, SOC 2, v2.1, S3, COVID-19",
        "three lessons, 5 tips, top 10, step 2, one of them, one day",
        "version 1.2.3 and 10.0.0.1, part 1 of 3, iPhone 15, '24",
        "over the last 12 months, in the past 30 days",
        "let us double down in the second half of the year, think twice",
        "",
    ],
)
def test_what_is_no_claim_is_left_out(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text", ["Im 4. Quartal 2024", "am 31. Dezember 2024 um 10 Uhr", "drei Gr\u00fcnde", "1. Platz"]
)
def test_what_is_no_claim_in_german_is_left_out(text: str) -> None:
    assert read(text, "de") == []


@pytest.mark.parametrize(
    ("text", "value", "is_match"),
    [
        ("$150K", 150_000, True),
        ("$150K", 149_800, True),
        ("$150K", 155_000, False),
        ("$150,000", 149_800, False),
        ("about $150,000", 149_800, True),
        ("about $2 million", 1_800_000, True),
        ("about $2 million", 1_400_000, False),
        ("$1 million", 600_000, False),
        ("$1.8 million", 1_840_000, True),
        ("$1.8 million", 1_860_000, False),
        ("over $100,000", 150_000, True),
        ("over $1,000", 150_000, False),
        ("over $160,000", 150_000, False),
        ("nearly $160,000", 150_000, True),
        ("nearly $150,000", 151_000, False),
        ("$150,000+", 150_500, True),
        ("\u20ac150,000", 150_000, False),
        ("150,000 customers", 150_000, False),
        ("150,000", 150_000, True),
        ("15%", 0.15, False),
    ],
)
def test_money_matches_within_the_rounding_of_its_writing(
    text: str, value: float, is_match: bool
) -> None:
    assert matches(only(text), fact(value)) is is_match


@pytest.mark.parametrize(
    ("text", "value", "is_match"),
    [
        ("4.5%", 0.045, True),
        ("4.5%", 0.0452, True),
        ("4.5%", 0.047, False),
        ("0.045", 0.045, True),
        ("4.5", 0.045, False),
        ("35%", 0.35, True),
        ("-35%", 0.35, False),
    ],
)
def test_a_share_matches_within_the_rounding_of_its_writing(
    text: str, value: float, is_match: bool
) -> None:
    assert matches(only(text), fact(value, "percent")) is is_match


@pytest.mark.parametrize(
    ("text", "change", "is_match"),
    [
        ("revenue fell 12%", -0.12, True),
        ("a decline of 12%", -0.12, True),
        ("a 12% decline", -0.12, True),
        ("revenue changed by -12%", -0.12, True),
        ("revenue grew 12%", -0.12, False),
        ("revenue grew 12%", 0.12, True),
        ("revenue fell 12%", 0.12, False),
        ("costs fell, and revenue grew 12%", 0.12, True),
        ("revenue doubled", 1.0, True),
        ("revenue more than doubled", 1.3, True),
        ("revenue halved", -0.5, True),
        ("revenue is 2.4\u00d7 as high", 1.4, True),
    ],
)
def test_a_rise_is_no_fall(text: str, change: float, is_match: bool) -> None:
    growth = fact(change, "percent", "revenue_monthly_change_percent")

    assert matches(only(text), growth) is is_match


def test_a_level_that_is_reached_by_falling_is_still_that_level() -> None:
    assert matches(only("revenue fell to $150,000"), fact(150_000))

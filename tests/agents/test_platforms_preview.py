"""Previews: cards for terminals and pictures."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.platforms.email import preview_line
from agents.platforms.picture import MARGIN, WIDTH, fold_at
from agents.platforms.preview import WIDTH as COLUMNS
from agents.platforms.preview import preview_svg, preview_text
from agents.platforms.wrapping import width, wrapped
from streams.domain.deliverable import ChannelVariant
from streams.domain.values import Channel

LONG = "Our revenue grew in Q4 as the number of customers did. " * 8
SVG = "{http://www.w3.org/2000/svg}"


def texts(picture: str) -> list[ET.Element]:
    return list(ET.fromstring(picture).iter(f"{SVG}text"))  # noqa: S314


def said(picture: str) -> str:
    return " ".join("".join(element.itertext()) for element in texts(picture))


def test_a_linkedin_card_marks_where_the_post_is_folded() -> None:
    card = preview_text(
        ChannelVariant(channel=Channel.LINKEDIN, content=LONG.strip(), characters=438)
    )

    before, after = re.split(r"\n(?:- )+\s*…see more\n", card)
    assert "438 of 3,000 characters" in before
    shown = " ".join(before.split("\n", 1)[1].split())
    assert LONG.startswith(shown)
    assert 190 <= len(shown) <= 210
    assert " ".join(after.split()[:-1]) == LONG[len(shown) :].strip()


def test_a_short_post_is_not_folded() -> None:
    assert "see more" not in preview_text(ChannelVariant(channel=Channel.LINKEDIN, content="Hi"))
    assert fold_at("Hi") == 2


def test_an_x_card_counts_each_post() -> None:
    parts = ("1/2 " + "a" * 276, "2/2 の")

    card = preview_text(
        ChannelVariant(channel=Channel.TWITTER, content="\n\n".join(parts), parts=parts)
    )

    assert "X, post 1 of 2" in card
    assert "280 of 280" in card
    assert "6 of 280" in card


def test_an_email_card_shows_what_an_inbox_shows() -> None:
    content = f"Hello,\n\n{LONG}"

    card = preview_text(ChannelVariant(channel=Channel.EMAIL, content=content, subject="Q4"))

    assert "subject 2 of 60" in card
    assert "Subject: Q4" in card
    assert "Preview: Our revenue grew" in card
    assert len(preview_line(content)) <= 100


def test_a_picture_has_the_text_the_fold_and_coloured_hashtags() -> None:
    variant = ChannelVariant(channel=Channel.LINKEDIN, content=f"{LONG}\n\n#Growth", characters=449)

    picture = preview_svg(variant, title="Q4 & more", author="Ada <ada@example.com>")

    root = ET.fromstring(picture)  # noqa: S314
    assert root.findtext(f"{SVG}title") == "Q4 & more"
    assert "".join(LONG.split()) in "".join(said(picture).replace("…see more", "").split())
    assert [e.text for e in root.iter(f"{SVG}tspan")] == ["#Growth"]
    assert "449 of 3,000 characters" in said(picture)
    assert "Ada <ada@example.com>" in said(picture)


def test_a_picture_of_a_thread_shows_all_posts_and_one_over_the_limit_in_another_colour() -> None:
    parts = ("1/2 one", "2/2 " + "two " * 80)
    variant = ChannelVariant(channel=Channel.TWITTER, content="\n\n".join(parts), parts=parts)

    picture = preview_svg(variant)

    assert "7 of 280 characters" in said(picture)
    over = next(e for e in texts(picture) if "of 280" in (e.text or "") and e.text != "7 of 280")
    assert "post 2 of 2" in said(picture)
    assert over is not None
    assert picture.count("#b42318") == 2


def test_a_picture_of_an_email_has_subject_and_preview_line() -> None:
    variant = ChannelVariant(channel=Channel.EMAIL, content="Hello,\n\nAll well.", subject="Q4 <1>")

    picture = preview_svg(variant)

    assert "Q4 <1>" in said(picture)
    assert said(picture).count("All well.") == 2


def test_a_very_long_text_does_not_make_an_endless_picture() -> None:
    variant = ChannelVariant(channel=Channel.EMAIL, content="word\n" * 1_000, subject="s")

    assert "more lines" in said(preview_svg(variant))


anything = st.text(st.characters(), max_size=400)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(Channel)), anything, anything, anything)
def test_any_variant_becomes_a_well_formed_picture_whose_text_stays_on_the_card(
    channel: Channel, content: str, subject: str, author: str
) -> None:
    variant = ChannelVariant(channel=channel, content=content or "-", subject=subject)

    picture = preview_svg(variant, title=subject, author=author)

    markup = re.sub(r">[^<]*<", "><", picture)
    assert not re.search(r"href|url\(|script|style|\bon\w+=", markup)
    for element in texts(picture):
        if element.get("text-anchor") is None:
            size = float(element.get("font-size", "0"))
            end = float(element.get("x", "0")) + width("".join(element.itertext()), size)
            assert end <= WIDTH - MARGIN + 12
    assert picture == preview_svg(variant, title=subject, author=author)


@settings(deadline=None)
@given(st.sampled_from(list(Channel)), anything)
def test_a_card_for_terminals_keeps_its_width(channel: Channel, content: str) -> None:
    card = preview_text(ChannelVariant(channel=channel, content=content, subject="s"))

    assert all(len(line) <= COLUMNS for line in card.split("\n"))


@pytest.mark.parametrize("size", [13, 15, 20])
@settings(deadline=None)
@given(text=anything)
def test_wrapped_lines_hold_the_words_and_fit(size: int, text: str) -> None:
    lines = wrapped(text, size, 300)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line, size) <= 300 for line in lines)

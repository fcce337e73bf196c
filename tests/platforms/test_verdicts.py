"""What the end of a call means: only what was surely not accepted is tried again by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.contract import GiveUp, Retry, Uncertain
from agents.publishers import limited
from agents.publishers.verdicts import (
    OF_BREAK,
    SAID,
    Broken,
    Meaning,
    of_reply,
    of_status,
    outcome,
)

NOW = 1_800_000_000_000


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (200, Meaning.UNSURE),
        (202, Meaning.UNSURE),
        (302, Meaning.GIVE_UP),
        (400, Meaning.GIVE_UP),
        (401, Meaning.GIVE_UP),
        (403, Meaning.GIVE_UP),
        (408, Meaning.TRY_AGAIN),
        (409, Meaning.GIVE_UP),
        (422, Meaning.GIVE_UP),
        (426, Meaning.GIVE_UP),
        (429, Meaning.TRY_AGAIN),
        (500, Meaning.UNSURE),
        (502, Meaning.UNSURE),
        (503, Meaning.UNSURE),
        (504, Meaning.UNSURE),
        (599, Meaning.UNSURE),
        (700, Meaning.UNSURE),
    ],
)
def test_a_status_means_what_http_says_it_means(status: int, meaning: Meaning) -> None:
    assert of_status(status) is meaning


@given(st.integers(100, 999))
def test_only_a_refusal_for_now_is_tried_again_by_itself(status: int) -> None:
    is_tried_again = of_status(status) is Meaning.TRY_AGAIN

    assert is_tried_again == (status in (408, 425, 429))


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (421, Meaning.TRY_AGAIN),
        (451, Meaning.TRY_AGAIN),
        (550, Meaning.GIVE_UP),
        (-1, Meaning.UNSURE),
    ],
)
def test_a_reply_of_a_mail_server_means_what_smtp_says(code: int, meaning: Meaning) -> None:
    assert of_reply(code) is meaning


def test_every_way_to_break_off_has_a_meaning_and_words() -> None:
    assert set(OF_BREAK) == set(SAID) == set(Broken)
    unsure = {broken for broken, meaning in OF_BREAK.items() if meaning is Meaning.UNSURE}

    assert unsure == {Broken.LOST, Broken.SILENT}


def test_each_meaning_is_an_outcome_and_keeps_what_was_done() -> None:
    done = {"posted": ["1"]}

    again = outcome(Meaning.TRY_AGAIN, "later", after=5, progress=done)
    unsure = outcome(Meaning.UNSURE, "look", progress=done)

    assert again == Retry("later", after=5, progress=done)
    assert outcome(Meaning.GIVE_UP, "never") == GiveUp("never")
    assert unsure == Uncertain("look", progress=done)


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"retry-after": "30"}, 30_000),
        ({"retry-after": "Fri, 15 Jan 2027 08:01:00 GMT"}, 60_000),
        ({"retry-after": "Fri, 15 Jan 2027 07:00:00 GMT"}, 0),
        ({"retry-after": "soon"}, limited.USUAL),
        ({"retry-after": "9999999"}, limited.LONGEST),
        ({"x-rate-limit-reset": "1800000060"}, 60_000),
        ({"x-rate-limit-reset": "1700000000"}, 0),
        ({"x-rate-limit-reset": "²"}, limited.USUAL),
        ({}, limited.USUAL),
    ],
)
def test_a_platform_is_left_alone_as_long_as_it_asks(headers: dict[str, str], pause: int) -> None:
    assert limited.pause(headers, NOW) == pause


def test_the_pause_after_an_unreachable_platform_grows_and_ends_growing() -> None:
    pauses = [limited.backing_off(attempt) for attempt in range(1, 9)]

    assert pauses[:3] == [2_000, 10_000, 50_000]
    assert pauses == sorted(pauses)
    assert pauses[-1] == pauses[-2]

"""Errors say what to do now."""

import pytest

from streams.domain import errors


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (errors.UnknownTask(), "submit it first"),
        (errors.LogFull(), "free some space"),
        (errors.Undecidable("no parent"), "no parent"),
    ],
)
def test_an_error_without_words_of_its_own_says_what_its_kind_means(
    error: errors.StreamsError, says: str
) -> None:
    assert says in str(error)


def test_an_error_points_at_what_it_is_about() -> None:
    assert errors.Undecodable("no id", pointer="/task_id").pointer == "/task_id"
    locked = errors.Locked("in use", url="http://localhost:8000", pid=7)
    assert (str(locked), locked.url, locked.pid) == ("in use", "http://localhost:8000", 7)

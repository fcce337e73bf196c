"""Estimates: from what is declared to what was seen, and never out of bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tools.estimates import Figures, edition, estimated
from tests.agents.tools.makers import foreign

TOOL = foreign(
    "a.b", "x", success_rate=0.9, estimated_duration=1.0, estimated_cost=0.02, is_repeatable=True
)


def seen(runs: int, successes: int, seconds: float = 1.0, cost: float = 0.02) -> Figures:
    return Figures(runs, successes, int(1000 * seconds) * runs, cost * runs)


def test_without_runs_a_tool_is_as_it_declares() -> None:
    assert estimated(TOOL, None) is TOOL
    assert estimated(TOOL, Figures()) is TOOL


def test_the_success_rate_is_the_mean_of_the_beta_posterior() -> None:
    found = estimated(TOOL, seen(10, 4))

    assert found.success_rate == pytest.approx((10 * 0.9 + 4) / 20)
    assert found.runs == 10


def test_duration_and_cost_move_from_declared_to_seen() -> None:
    found = estimated(TOOL, seen(15, 15, seconds=3.0, cost=0.10))

    assert found.estimated_duration == pytest.approx((5 * 1.0 + 45.0) / 20)
    assert found.estimated_cost == pytest.approx((5 * 0.02 + 1.5) / 20)


def test_with_many_runs_only_what_was_seen_counts() -> None:
    found = estimated(TOOL, seen(100_000, 25_000, seconds=7.0))

    assert found.success_rate == pytest.approx(0.25, abs=0.001)
    assert found.estimated_duration == pytest.approx(7.0, abs=0.001)


@given(
    st.floats(0, 1), st.integers(0, 10_000), st.floats(0, 1), st.floats(0, 1e6), st.floats(0, 1e3)
)
def test_estimates_stay_between_what_was_declared_and_what_was_seen(
    declared: float, runs: int, share: float, seconds: float, cost: float
) -> None:
    successes = int(share * runs)
    tool = TOOL.model_copy(update={"success_rate": declared})

    found = estimated(tool, seen(runs, successes, seconds, cost))

    rate = successes / runs if runs else declared
    assert min(declared, rate) - 1e-5 <= found.success_rate <= max(declared, rate) + 1e-5
    assert min(1.0, seconds) - 1e-3 <= found.estimated_duration <= max(1.0, seconds) + 1e-3
    assert found.estimated_cost >= 0


@given(st.lists(st.booleans(), max_size=30))
def test_runs_add_up_one_by_one(outcomes: list[bool]) -> None:
    found = Figures()
    for number, is_success in enumerate(outcomes):
        found = found.plus(is_success=is_success, duration=500, cost=0.1, at=number, error="no")

    assert (found.runs, found.successes) == (len(outcomes), sum(outcomes))
    assert found.duration == 500 * len(outcomes)
    assert found.last_error == ("no" if False in outcomes else "")
    assert found.last_used == (len(outcomes) - 1 if outcomes else None)


def test_many_runs_make_few_editions() -> None:
    editions = {edition({"a.b": seen(runs, runs)}) for runs in range(10_001)}

    assert edition({"a.b": seen(1, 1)}) != edition({"a.b": seen(1, 0)})
    assert edition({"a.b": seen(1, 1)}) != edition({"a.b": seen(2, 2)})
    assert len(editions) < 120

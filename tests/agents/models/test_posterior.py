"""What outcomes say about a tier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.models.posterior import (
    HALF_LIFE,
    PRIOR_WEIGHT,
    Cell,
    Outcome,
    Tally,
    believe,
    declared,
    discount,
    tally,
)
from agents.models.tiers import Complexity, Tier

CELL = Cell("draft", Tier.BUDGET)
amounts = st.floats(0, 1e4)


def test_without_outcomes_the_prior_is_believed_and_not_sure_of_itself() -> None:
    belief = believe(0.8, PRIOR_WEIGHT, Tally())

    assert belief.mean == pytest.approx(0.8)
    assert belief.low < 0.7 < 0.9 < belief.high
    assert belief.outcomes == 0


def test_many_outcomes_outweigh_the_prior() -> None:
    belief = believe(0.9, PRIOR_WEIGHT, Tally(passed=20, failed=80))

    assert belief.mean == pytest.approx((0.9 * 8 + 20) / 108)
    assert belief.high - belief.low < 0.13


@given(st.floats(0, 1), st.floats(0.1, 100), amounts, amounts)
def test_a_belief_lies_between_prior_and_what_was_seen(
    prior: float, weight: float, passed: float, failed: float
) -> None:
    belief = believe(prior, weight, Tally(passed=passed, failed=failed))
    seen = passed / (passed + failed) if passed + failed else prior

    assert min(prior, seen) - 1e-9 <= belief.mean <= max(prior, seen) + 1e-9
    assert 0 <= belief.low <= belief.mean + 1e-12
    assert belief.mean - 1e-12 <= belief.high <= 1


def test_an_outcome_counts_half_after_its_half_life() -> None:
    seen = tally([Outcome(CELL, True, HALF_LIFE), Outcome(CELL, False, 0.0)])

    assert seen[CELL].passed == pytest.approx(0.5)
    assert seen[CELL].failed == pytest.approx(1.0)


def test_an_outcome_from_the_future_counts_as_one_of_today() -> None:
    assert discount(-5) == 1


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 400)), max_size=30), st.floats(0, 200))
def test_a_tally_kept_and_aged_is_the_tally_of_aged_outcomes(
    outcomes: list[tuple[bool, float]], later: float
) -> None:
    def total(shift: float) -> Tally:
        made = [Outcome(CELL, passed, age + shift) for passed, age in outcomes]
        return tally(made).get(CELL, Tally())

    aged, anew = total(0).aged(later), total(later)

    assert aged.passed == pytest.approx(anew.passed)
    assert aged.failed == pytest.approx(anew.failed)


def test_one_more_outcome_is_added_whole() -> None:
    seen = Tally(passed=1.5).with_outcome(True).with_outcome(False)

    assert (seen.passed, seen.failed, seen.weight) == (2.5, 1, 3.5)


def test_cells_are_kept_apart() -> None:
    other = Cell("draft", Tier.PREMIUM)

    seen = tally([Outcome(CELL, True, 0), Outcome(other, False, 0)])

    assert set(seen) == {CELL, other}


def test_a_higher_tier_is_declared_better_and_harder_work_worse() -> None:
    grid = [[declared(one, tier) for tier in Tier] for one in Complexity]

    assert all(row == sorted(row) for row in grid)
    assert all(list(col) == sorted(col, reverse=True) for col in zip(*grid, strict=True))

"""Cheap first, checked, then escalated."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.models.cascade import CHECKERS, Checker, Pair, cascade, cascade_table, is_worth_it

PAIRS = [
    Pair(True, True, 1, 100),
    Pair(False, True, 1, 100),
    Pair(True, False, 1, 100),
    Pair(False, False, 1, 100),
    Pair(True, True, 1, 100),
]
rates = st.floats(0, 1)


def test_a_perfect_checker_beats_the_strong_model_where_only_the_weak_one_is_right() -> None:
    result = cascade(PAIRS, Checker(tpr=1, fpr=0))

    assert result.quality == pytest.approx(4 / 3)
    assert result.escalated == pytest.approx(0.4)
    assert result.saving == pytest.approx(1 - (5 + 200) / 500)
    assert not result.has_loss


def test_a_checker_without_skill_saves_and_loses_quality() -> None:
    perfect, blind = (cascade(PAIRS, c) for c in (Checker(tpr=1, fpr=0), Checker(tpr=0.6, fpr=0.6)))

    assert blind.saving == pytest.approx(perfect.saving)
    assert blind.quality < perfect.quality


def test_a_checker_that_passes_nothing_pays_both_models_and_keeps_the_strong_quality() -> None:
    result = cascade(PAIRS, Checker(tpr=0, fpr=0))

    assert result.quality == 1
    assert result.saving == pytest.approx(-0.01)


def test_a_checker_that_passes_all_leaves_the_weak_model_alone() -> None:
    result = cascade(PAIRS, Checker(tpr=1, fpr=1))

    assert result.quality == pytest.approx(result.weak_quality)
    assert (result.escalated, result.has_loss) == (0, False)


def test_the_price_of_checking_is_paid_for_every_question() -> None:
    free, paid = (cascade(PAIRS, Checker(tpr=1, fpr=0, cost=cost)) for cost in (0, 10))

    assert free.saving - paid.saving == pytest.approx(0.1)


@given(rates, rates, rates)
def test_a_checker_that_finds_more_faults_never_keeps_less_quality(
    tpr: float, one: float, other: float
) -> None:
    pairs = [pair for pair in PAIRS if pair != PAIRS[2]]
    strict, lax = sorted((one, other))

    assert cascade(pairs, Checker(tpr=tpr, fpr=strict)).quality >= (
        cascade(pairs, Checker(tpr=tpr, fpr=lax)).quality - 1e-12
    )


def test_the_expectation_is_what_many_draws_come_to() -> None:
    chance, checker, right, runs = Random(7), Checker(tpr=0.9, fpr=0.2), 0, 4_000
    for _ in range(runs):
        for pair in PAIRS:
            passes = chance.random() < (checker.tpr if pair.is_weak_right else checker.fpr)
            right += pair.is_weak_right if passes else pair.is_strong_right

    assert cascade(PAIRS, checker).quality == pytest.approx(right / runs / 3, abs=0.02)


def test_the_table_shows_quality_beside_every_saving_down_to_no_skill() -> None:
    table = cascade_table(PAIRS)

    assert [row.checker for row in table] == list(CHECKERS)
    assert table[-1].checker.tpr == table[-1].checker.fpr
    assert all(row.questions == len(PAIRS) for row in table)


def test_without_anything_to_keep_there_is_no_figure() -> None:
    with pytest.raises(ValueError, match="never right"):
        cascade([Pair(True, False, 1, 100)], CHECKERS[0])


def test_asking_the_cheap_one_first_pays_only_when_it_is_right_often_enough() -> None:
    checker = Checker(tpr=0.9, fpr=0.1)

    assert is_worth_it(0.5, checker, cheap=1, dear=10)
    assert not is_worth_it(0.0, checker, cheap=2, dear=10)

"""Forecasts: methods by name, a choice by a back test, intervals that hold what they promise."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.figures import trends
from agents.figures.backtest import carry_on
from agents.figures.methods import METHODS, factors, regression, smoothing, walk
from agents.figures.seasons import has_season
from tests.agents.forecast_lists import PASSENGERS, Held, coverage

SEASON = [10, 20, 35, 15]


@pytest.fixture(scope="module")
def held() -> dict[str, Held]:
    return coverage((8, 12, 24, 36), repeats=4)


def test_the_intervals_hold_what_they_promise_on_lists_of_many_kinds(
    held: dict[str, Held],
) -> None:
    inner, outer = held["all"].shares

    assert held["all"].values == 4 * 4 * 14 * 3  # of 224 lists
    assert inner == pytest.approx(0.80, abs=0.05)
    assert outer == pytest.approx(0.95, abs=0.05)


@pytest.mark.parametrize("kind", ["a random walk", "growth with noise", "recurring revenue"])
def test_no_common_kind_of_list_is_far_off(kind: str, held: dict[str, Held]) -> None:
    inner, outer = held[kind].shares

    assert inner > 0.65
    assert outer > 0.85


def test_a_line_is_carried_on_by_regression_growth_by_its_logarithms() -> None:
    line = carry_on([100.0 + 5 * i for i in range(12)], 2)
    growth = carry_on([100 * 1.08**i for i in range(12)], 2)

    assert line is not None
    assert line.method.name == "linear regression"
    assert line.ahead[1].value == pytest.approx(165)
    assert growth is not None
    assert growth.method.is_of_logarithms
    assert growth.ahead[0].value == pytest.approx(100 * 1.08**12)


def test_a_season_is_carried_on_where_two_cycles_show_it() -> None:
    values = [SEASON[i % 4] + i for i in range(16)]

    made = carry_on(values, 4, cycle=4)

    assert made is not None
    assert "seasonal factors over 4 values" in made.method.name
    coming = [ahead.value for ahead in made.ahead]
    assert coming == pytest.approx([SEASON[i % 4] + i for i in range(16, 20)], abs=0.01)


def test_a_season_is_seen_in_passengers_and_not_in_noise_or_in_less_than_two_cycles() -> None:
    chance = random.Random(1)
    alarms = sum(has_season([chance.gauss(0, 1) for _ in range(36)], 12) for _ in range(100))

    assert has_season(PASSENGERS[:36], 12)
    assert not has_season(PASSENGERS[:23], 12)
    assert alarms <= 3


def test_seasonal_factors_are_those_that_were_put_in() -> None:
    values = [SEASON[i % 4] + 3 * i for i in range(12)]

    found = factors(values, 4)

    assert found == pytest.approx([value - 20 for value in SEASON], abs=0.5)
    assert sum(found) == pytest.approx(0)


def test_each_method_agrees_with_a_hand_computed_example() -> None:
    line = regression([2, 4, 5, 4, 5], 1)
    drift = walk([10, 12, 11, 16], 2)
    level = smoothing([5, 5, 5, 5], 3)

    assert line.values == pytest.approx((5.8,))
    assert line.deviations[0] == pytest.approx((0.8 * 2.1) ** 0.5)
    # Changes 2, -1, 5, mean 2, residuals 0, -3, 3: s² = 18 / 2.
    assert drift.values == (18, 20)
    assert drift.deviations[0] == pytest.approx(3 * (1 + 1 / 3) ** 0.5)
    assert level.values == (5, 5, 5)
    assert level.deviations == (0, 0, 0)


def test_four_values_are_the_fewest_and_are_not_chosen_among() -> None:
    assert carry_on([1, 2, 3], 1) is None

    made = carry_on([1, 2, 4, 3], 1)

    assert made is not None
    assert (made.method, made.tests, made.mean_error) == (METHODS[0], 0, None)


def test_the_inner_interval_lies_in_the_outer_and_both_widen() -> None:
    made = carry_on([3, 5, 4, 8, 7, 9, 12, 10, 13, 15], 5)

    assert made is not None
    for ahead in made.ahead:
        assert ahead.low < ahead.inner_low < ahead.value < ahead.inner_high < ahead.high
    widths = [ahead.high - ahead.low for ahead in made.ahead]
    assert widths == sorted(widths)


def test_what_grew_in_logarithms_has_no_negative_interval() -> None:
    made = carry_on([1, 30, 2, 40, 3, 80, 4, 120], 3)

    assert made is not None
    assert not made.method.is_of_logarithms or made.ahead[0].low > 0


@pytest.mark.parametrize(
    ("degrees", "confidence", "value"),
    [(1, 0.95, 12.706), (40, 0.95, 2.0211), (1, 0.8, 3.078), (30, 0.8, 1.310), (60, 0.8, 1.2958)],
)
def test_student_t_agrees_with_printed_tables(
    degrees: int, confidence: float, value: float
) -> None:
    assert trends.t_quantile(degrees, confidence) == pytest.approx(value, abs=1e-4)


@settings(deadline=None)
@given(st.lists(st.floats(-1e308, 1e308), max_size=28), st.sampled_from((0, 4, 12)))
def test_no_list_makes_a_forecast_fail(values: list[float], cycle: int) -> None:
    made = carry_on(values, 3, cycle)

    for ahead in made.ahead if made else ():
        assert ahead.low <= ahead.value <= ahead.high


def test_noise_raises_a_false_alarm_in_at_most_one_list_in_twenty() -> None:
    chance = random.Random(7)

    alarms = {
        n: sum(bool(trends.outliers([chance.gauss(3, 1) for _ in range(n)])) for _ in range(200))
        for n in (8, 12, 24)
    }

    assert all(count <= 0.05 * 200 + 3 for count in alarms.values()), alarms


def test_below_eight_values_nothing_stands_out() -> None:
    assert trends.outliers([1, 2, 3, 500, 5, 6, 7]) == []
    assert [o.position for o in trends.outliers([1, 2, 3.5, 500, 5.2, 6, 7, 8.1])] == [3]

"""The evaluator as a checker: measured on texts with known faults, with intervals by Wilson."""

import random

import pytest

from tests.agents.checker_rates import Measured, Share, changed_figure, composed, passes
from tests.agents.quality_drafts import GROWTH, draft_of, payload_of


def test_the_interval_is_wilsons() -> None:
    assert Share(9, 10).interval == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert Share(0, 20).interval == pytest.approx((0, 0.1611), abs=1e-4)


def test_the_unkind_checker_is_worse_on_both_sides() -> None:
    one = Measured("some", Share(9, 10), {"a": Share(1, 10), "b": Share(2, 10)})

    assert (one.checker.tpr, one.checker.fpr) == (0.9, 0.15)
    assert one.worst.tpr < 0.9
    assert one.worst.fpr > 0.15
    assert one.only("part", ("b",)).bad == Share(2, 10)


def test_one_figure_is_changed_wherever_it_stands() -> None:
    payload = payload_of(GROWTH) | {"output": draft_of(GROWTH)}

    planted = changed_figure(payload, random.Random(1))

    assert planted is not None
    assert planted["output"]["content"] != GROWTH.text
    assert len(planted["output"]["content"]) == len(GROWTH.text)
    assert passes(payload)
    assert not passes(planted)


def test_no_text_with_a_wrong_figure_is_let_through() -> None:
    measured = composed(15)

    assert measured.faulty["figure changed"] == Share(0, 15)
    assert measured.faulty["figure invented"] == Share(0, 15)
    assert measured.good.passed > 5

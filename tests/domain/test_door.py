"""The door before effects, in every order of what can happen around it."""

from collections.abc import Callable

import pytest

from streams.rules import queue, routing
from tests.domain.door import Meddling, Model, Unguarded, Violation


def test_no_order_posts_twice_or_forgets_what_is_out() -> None:
    model = Model()

    worlds = model.explore(model.start())

    assert worlds > 2_000


def test_where_the_platform_refuses_a_second_one_it_is_out_once_in_every_order() -> None:
    model = Model()

    worlds = model.explore(model.start(is_key_enforced=True, answers=0))

    assert worlds > 500


def test_a_runner_that_was_never_let_through_changes_nothing_about_that() -> None:
    model = Meddling()

    assert model.explore(model.start(cancels=0)) > 2_000


def any_failure_counts(patch: pytest.MonkeyPatch) -> Model:
    patch.setattr(queue, "_is_sure", lambda command, failure: not failure.is_uncertain)
    return Meddling()


def silence_is_a_failure(patch: pytest.MonkeyPatch) -> Model:
    patch.setattr(routing, "may_repeat_effect", lambda state, command: True)
    return Model()


def nobody_looks_at_the_clock(patch: pytest.MonkeyPatch) -> Model:
    return Unguarded()


def late_receipts_are_refused(patch: pytest.MonkeyPatch) -> Model:
    accept = queue._acceptable

    def strict(d: object, report: object) -> object:
        command = accept(d, report)
        return None if command is not None and command.grant is None else command

    patch.setattr(queue, "_acceptable", strict)
    return Model()


@pytest.mark.parametrize(
    "plant",
    [
        any_failure_counts,
        silence_is_a_failure,
        nobody_looks_at_the_clock,
        late_receipts_are_refused,
    ],
)
def test_the_model_catches_a_planted_bug(
    plant: Callable[[pytest.MonkeyPatch], Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = plant(monkeypatch)

    with pytest.raises(Violation):
        model.explore(model.start(cancels=0))

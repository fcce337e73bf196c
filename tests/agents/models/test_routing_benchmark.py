"""The routing benchmark is honest: no router sees the outcome of the question it is asked about."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from agents.models.frontier import Numbers, Outcomes
from agents.models.prompt_kernel import see
from agents.models.weak_enough import History
from tests.benchmarks import routing_figure
from tests.benchmarks.routing_data import STRONG_PRICE, WEAK_PRICE, Questions, cache_file
from tests.benchmarks.routing_scores import (
    Ranking,
    by_chance,
    by_neighbours,
    by_score,
    by_words,
    folds,
    learned,
)

SIZE, ASKED = 90, 17


def questions(weak: Numbers) -> Questions:
    """Random questions of nine subjects whose weak outcomes are given."""
    chance = np.random.default_rng(8)
    texts = tuple(f"question {n} about topic {chance.integers(9)} worth ${n}" for n in range(SIZE))
    meaning = chance.normal(size=(SIZE, 6))
    meaning /= np.linalg.norm(meaning, axis=1, keepdims=True)
    strong, inside = (chance.random(SIZE) < 0.8).astype(float), chance.uniform(20, 60, SIZE)
    out = chance.uniform(50, 200, SIZE)
    history = History(weak, strong, inside, out, 1.3 * out, WEAK_PRICE, STRONG_PRICE)
    outcomes = Outcomes(weak, strong, inside * WEAK_PRICE[0], inside * STRONG_PRICE[0] + out * 3e-5)
    subjects = tuple(f"subject {n % 9}" for n in range(SIZE))
    return Questions(
        "made up", texts, subjects, history, outcomes, see(texts, meaning.astype("f4"))
    )


def changed(at: int) -> tuple[Questions, Questions]:
    """Two sets that differ in one outcome."""
    weak = (np.random.default_rng(2).random(SIZE) < 0.6).astype(float)
    other = weak.copy()
    other[at] = 1 - other[at]
    return questions(weak), questions(other)


ROUTERS: dict[str, Callable[[Questions], Ranking]] = {
    "ours": lambda asked: learned(asked, seed=0).rankings,
    "ours by subject": lambda asked: learned(asked, seed=0, is_by_subject=True).rankings,
    "words": lambda asked: by_words(asked, seed=0),
    "neighbours": lambda asked: by_neighbours(asked, seed=0),
    "length": lambda asked: by_score(asked, asked.history.prompt_tokens, seed=0),
    "random": lambda asked: by_chance(asked, seed=0),
}


@pytest.mark.parametrize("name", ROUTERS)
def test_the_outcome_of_a_question_does_not_move_its_own_score(name: str) -> None:
    one, other = (ROUTERS[name](asked) for asked in changed(ASKED))

    for way in ("gain", "dollar"):
        assert one[way][ASKED] == pytest.approx(other[way][ASKED], abs=1e-12)


@pytest.mark.parametrize("name", ["ours", "words", "neighbours"])
def test_the_outcome_of_a_question_does_move_the_scores_of_others(name: str) -> None:
    one, other = (ROUTERS[name](asked) for asked in changed(ASKED))

    assert not np.allclose(one["gain"], other["gain"], atol=1e-9)


def test_a_threshold_for_a_question_is_set_without_its_outcome() -> None:
    one, other = (learned(asked, seed=0).set_before for asked in changed(ASKED))

    assert one[0.95][ASKED] == other[0.95][ASKED]


@pytest.mark.parametrize("is_by_subject", [False, True])
def test_every_question_is_asked_once_and_never_taught_before(is_by_subject: bool) -> None:
    asked, _ = changed(0)
    seen: list[int] = []

    for train, test in folds(asked, 3, is_by_subject):
        seen += test.tolist()
        assert not set(train) & set(test)
        if is_by_subject:
            taught = {asked.subjects[row] for row in train}
            assert not taught & {asked.subjects[row] for row in test}

    assert sorted(seen) == list(range(SIZE))


def test_another_text_has_other_embeddings_in_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/cache")

    assert cache_file(["a", "b"]) == cache_file(["a", "b"])
    assert len({cache_file(texts) for texts in (["ab"], ["a", "b"], ["b", "a"], [])}) == 4


def test_a_frontier_is_drawn_as_a_picture_with_a_line_for_each_router(tmp_path: Path) -> None:
    asked, _ = changed(0)
    scores = [by_chance(replace(asked, name="x"), seed=1)["gain"]]
    lines = {name: routing_figure.curve(scores, asked.outcomes) for name in ("ours", "random")}

    routing_figure.draw("Quality & cost", lines, (0.02, 0.7), tmp_path / "line.svg")

    root = ElementTree.parse(tmp_path / "line.svg").getroot()  # noqa: S314  # our own file
    told = [node.text for node in root.iter() if node.tag.endswith("text")]
    assert "Quality & cost" in told
    assert {"ours", "random"} <= set(told)

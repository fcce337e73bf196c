"""What each router says of every question, out of fold: trained on four fifths, asked about the
fifth that it has not seen, for several ways to cut the fifths.

A ranking "by gain" orders by what the strong model is expected to add, one "per dollar" by that
over the expected extra cost. A score that is no gain (a length, LiteLLM's heuristic) is turned into
one for the second ranking by what questions of like score gained in the training rows.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.models.frontier import Numbers, Outcomes, frontier, realised
from agents.models.weak_enough import Expected, WeakEnough
from agents.models.word_weights import train_words
from tests.benchmarks.routing_data import Questions

Rows = NDArray[np.int64]
Ranking = dict[str, Numbers]  # "gain" and "dollar", a score for each question

FOLDS = 5
NEIGHBOURS = 40
TARGETS = (0.95, 0.99)
_BINS = 10


def folds(
    questions: Questions, seed: int, is_by_subject: bool = False
) -> Iterator[tuple[Rows, Rows]]:
    """Training and test rows, five times. By subject, no subject is in both."""
    chance = np.random.default_rng(seed)
    count = len(questions.texts)
    if is_by_subject:
        names, of_row = np.unique(questions.subjects, return_inverse=True)
        part = (chance.permutation(len(names)) % FOLDS)[of_row]
    else:
        part = chance.permutation(count) % FOLDS
    for fold in range(FOLDS):
        yield np.flatnonzero(part != fold), np.flatnonzero(part == fold)


@dataclass(frozen=True, slots=True)
class Learned:
    """The product's router, out of fold: what it expects, and what thresholds that were set in the
    training rows came to.
    """

    rankings: Ranking
    weak: Numbers
    need: Numbers
    ridges: tuple[float, ...]
    kinds: tuple[bool, ...]
    set_before: dict[float, NDArray[np.bool_]]  # quality aimed at → questions for the strong model


def learned(questions: Questions, seed: int, is_by_subject: bool = False) -> Learned:
    """Train and ask the kernel router."""
    size = len(questions.texts)
    values = {name: np.zeros(size) for name in ("gain", "dollar", "weak")}
    chosen = {target: np.zeros(size, bool) for target in TARGETS}
    ridges, kinds = [], []
    for train, test in folds(questions, seed, is_by_subject):
        history = questions.history.at(train)
        router = WeakEnough.train(questions.seen.at(train), history, seed)
        ridges.append(router.fitted.ridge)
        kinds.append(router.fitted.has_kinds)
        said = router.expect(questions.seen.at(test), questions.history.prompt_tokens[test])
        values["gain"][test], values["dollar"][test] = said.gain, said.gain_per_dollar
        values["weak"][test] = said.weak_is_enough
        inside = router.left_out(history.prompt_tokens)
        for target in TARGETS:
            floor = _threshold(inside, questions.outcomes.at(train), target)
            chosen[target][test] = said.gain_per_dollar > floor
    rankings = {"gain": values["gain"], "dollar": values["dollar"]}
    return Learned(rankings, values["weak"], values["gain"], tuple(ridges), tuple(kinds), chosen)


def _threshold(inside: Expected, outcomes: Outcomes, target: float) -> float:
    """The gain per dollar above which training questions went to the strong model when the target
    was first kept.
    """
    kept = frontier(inside.gain_per_dollar, outcomes).quality >= target
    first = int(np.argmax(kept)) if kept.any() else len(kept) - 1
    ordered = -np.sort(-inside.gain_per_dollar)
    return float(ordered[first]) if first < len(ordered) else -np.inf


def by_words(questions: Questions, seed: int) -> Ranking:
    """The product's router without the extra: two logistic regressions on hashed words."""
    history, gain = questions.history, np.zeros(len(questions.texts))
    for train, test in folds(questions, seed):
        mixed = np.random.default_rng(seed).permutation(train)
        texts = [questions.texts[row] for row in mixed]
        asked = [questions.texts[row] for row in test]
        strong, weak = (
            np.array(train_words(texts, right[mixed] > 0).chances(asked))
            for right in (history.strong_right, history.weak_right)
        )
        gain[test] = strong - weak
    return {"gain": gain, "dollar": gain / _known_cost(questions, seed)}


def by_neighbours(questions: Questions, seed: int) -> Ranking:
    """The mean gain of the forty most similar questions: the best router of the replay before."""
    gain, meaning = np.zeros(len(questions.texts)), questions.seen.meaning
    for train, test in folds(questions, seed):
        near = np.argpartition(-(meaning[test] @ meaning[train].T), NEIGHBOURS, axis=1)
        gain[test] = questions.outcomes.gain[train][near[:, :NEIGHBOURS]].mean(axis=1)
    return {"gain": gain, "dollar": gain / _known_cost(questions, seed)}


def _known_cost(questions: Questions, seed: int) -> Numbers:
    """The extra cost as it can be known before: the prompt's length is, the answer's is taken as
    the mean of the training rows.
    """
    cost, history = np.zeros(len(questions.texts)), questions.history
    for train, test in folds(questions, seed):
        strong = history.strong_tokens[train].mean() * history.strong_price[1]
        weak = history.weak_tokens[train].mean() * history.weak_price[1]
        more = history.strong_price[0] - history.weak_price[0]
        cost[test] = history.prompt_tokens[test] * more + strong - weak
    return cost


def by_score(questions: Questions, scores: Numbers, seed: int) -> Ranking:
    """A score as it is, and per dollar through the mean gain of ten equal bins of the training
    rows.
    """
    gain = np.zeros(len(scores))
    for train, test in folds(questions, seed):
        edges = np.unique(np.quantile(scores[train], np.linspace(0, 1, _BINS + 1)[1:-1]))
        bins = np.digitize(scores[train], edges)
        means = [_mean(questions.outcomes.gain[train][bins == b]) for b in range(len(edges) + 1)]
        gain[test] = np.array(means)[np.digitize(scores[test], edges)]
    return {"gain": scores, "dollar": gain / _known_cost(questions, seed)}


def _mean(values: Numbers) -> float:
    return float(values.mean()) if len(values) else 0.0


def by_chance(questions: Questions, seed: int) -> Ranking:
    """No knowledge: any order; per dollar, the cheapest questions first."""
    chance = np.random.default_rng(seed)
    return {
        "gain": chance.random(len(questions.texts)),
        "dollar": 1 / _known_cost(questions, seed),
    }


def by_oracle(questions: Questions) -> Ranking:
    """Who knows every outcome and cost before."""
    gain, cost = questions.outcomes.gain, questions.outcomes.extra_cost
    return {"gain": gain - cost / cost.max() * 0.5, "dollar": gain / cost}


def heuristic_scores(questions: Questions) -> Numbers:
    """LiteLLM's scores, by the library's own class in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.litellm_heuristic"],
        input=json.dumps(questions.texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return np.array([score for _, score in json.loads(run.stdout)])


def baselines(
    questions: Questions, heuristic: Numbers | None
) -> dict[str, Callable[[int], Ranking]]:
    """The routers to compare with; each is asked once for each cut of the folds."""
    lengths = questions.history.prompt_tokens
    found: dict[str, Callable[[int], Ranking]] = {
        "random": lambda seed: by_chance(questions, seed),
        "prompt length": lambda seed: by_score(questions, lengths, seed),
    }
    if heuristic is not None:
        found["LiteLLM heuristic"] = lambda seed: by_score(questions, heuristic, seed)
    found["kNN-40"] = lambda seed: by_neighbours(questions, seed)
    found["ours, words only"] = lambda seed: by_words(questions, seed)
    found["oracle"] = lambda seed: by_oracle(questions)
    return found


def set_before(said: Learned, questions: Questions) -> dict[float, dict[str, float]]:
    """What thresholds from the training rows came to on questions they had not seen."""
    return {
        target: dict(realised(chosen, questions.outcomes))
        for target, chosen in said.set_before.items()
    }

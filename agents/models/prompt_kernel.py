"""Kernel ridge regression on prompts: what is known of similar prompts, weighed by how similar they
are in meaning, in words and in form.

The kernel is a sum of three: a Gaussian of MiniLM embeddings, the product of hashed words weighed
by rarity, and a Gaussian of the form, with or without the kinds of words. Landmarks (Nyström) keep
it at some seconds for 10,000 prompts. The ridge, and whether kinds help, are chosen by the
leave-one-out error, which has a closed form (Allen's PRESS), so that no prompt outside the training
rows is looked at. Needs numpy (extra `semantic`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.models.ngrams import BUCKETS, hashed_bag
from agents.models.text_shape import text_shape, word_kinds

Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]

LANDMARKS = 1500
RIDGES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
_RANK_FLOOR = 1e-6  # directions with less than this share of the largest one are noise


@dataclass(frozen=True, slots=True)
class Prompts:
    """What the kernel sees of some prompts: four arrays with a row for each."""

    meaning: NDArray[np.float32]  # embeddings of length one
    words: NDArray[np.float32]  # hashed words, before weighing by rarity
    form: NDArray[np.float32]
    kinds: NDArray[np.float32]

    def at(self, rows: Rows) -> "Prompts":
        """Some of the prompts."""
        return Prompts(self.meaning[rows], self.words[rows], self.form[rows], self.kinds[rows])


def see(texts: Sequence[str], meaning: NDArray[np.float32]) -> Prompts:
    """The features of texts whose embeddings are given."""
    words = np.zeros((len(texts), BUCKETS), np.float32)
    for row, text in enumerate(texts):
        bag = hashed_bag(text)
        words[row, list(bag)] = list(bag.values())
    form = np.array([text_shape(text) for text in texts], np.float32)
    return Prompts(meaning, words, form, np.array([word_kinds(text) for text in texts], "f4"))


@dataclass(frozen=True, slots=True)
class Scale:
    """How training rows weigh words and forms; applied to all later prompts."""

    rarity: NDArray[np.float32]
    form: NDArray[np.float32]  # (mean and deviation, features)
    kinds: NDArray[np.float32]

    @classmethod
    def of(cls, seen: Prompts) -> "Scale":
        """Inverse document frequency of the words; mean and deviation of the others."""
        holding = (seen.words > 0).sum(axis=0)
        rarity = np.log((1 + len(seen.words)) / (1 + holding)).astype(np.float32)
        return cls(rarity, _spread(seen.form), _spread(seen.kinds))

    def apply(self, seen: Prompts) -> Prompts:
        """The same prompts, weighed."""
        words = seen.words * self.rarity
        words /= np.maximum(np.linalg.norm(words, axis=1, keepdims=True), 1e-9)
        form = (seen.form - self.form[0]) / self.form[1]
        return Prompts(seen.meaning, words, form, (seen.kinds - self.kinds[0]) / self.kinds[1])


def _spread(features: NDArray[np.float32]) -> NDArray[np.float32]:
    deviation = features.std(axis=0)
    return np.stack([features.mean(axis=0), np.where(deviation > 0, deviation, 1)])


def similarity(some: Prompts, others: Prompts) -> tuple[Numbers, Numbers]:
    """The kernel between weighed prompts, without kinds of words and with: (some, others) each."""
    meaning = np.exp(2 * (some.meaning @ others.meaning.T) - 2) + some.words @ others.words.T
    form, kinds = _apart(some.form, others.form), _apart(some.kinds, others.kinds)
    width = some.form.shape[1]
    plain = np.exp(form / (-2 * width))
    joint = np.exp((form + kinds) / (-2 * (width + some.kinds.shape[1])))
    return (meaning + plain).astype(np.float64), (meaning + joint).astype(np.float64)


def _apart(some: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """Squared distances."""
    squares = (some**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)
    return np.asarray(np.maximum(squares - 2 * some @ others.T, 0), np.float32)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained regression of several targets at once."""

    scale: Scale
    landmarks: Prompts
    has_kinds: bool
    weights: Numbers  # (landmarks, targets)
    mean: Numbers
    ridge: float
    error: float  # squared, left out, of the contrast
    left_out: Numbers  # for each training row, what the others say of it: (rows, targets)

    def predict(self, seen: Prompts) -> Numbers:
        """The expected targets: shape (prompts, targets)."""
        alike = similarity(self.scale.apply(seen), self.landmarks)
        return self.mean + alike[self.has_kinds] @ self.weights


def fit(
    seen: Prompts, targets: Numbers, contrast: Numbers, seed: int, landmarks: int = LANDMARKS
) -> Fitted:
    """Train on all given rows. `contrast` weighs the targets into the one number whose
    leave-one-out error chooses the kernel and the ridge.
    """
    scale = Scale.of(seen)
    weighed = scale.apply(seen)
    chance = np.random.default_rng(seed)
    count = min(landmarks, len(targets))
    marks = weighed.at(np.sort(chance.choice(len(targets), count, replace=False)))
    among, towards = similarity(marks, marks), similarity(weighed, marks)
    mean = targets.mean(axis=0)
    tries = [
        (has_kinds, one)
        for has_kinds in (False, True)
        for one in _tries(among[has_kinds], towards[has_kinds], targets - mean, contrast)
    ]
    has_kinds, best = min(tries, key=lambda pair: pair[1].error)
    left_out = targets - best.residual
    return Fitted(scale, marks, has_kinds, best.weights, mean, best.ridge, best.error, left_out)


@dataclass(frozen=True, slots=True)
class _Try:
    ridge: float
    weights: Numbers
    residual: Numbers  # leave-one-out
    error: float


def _tries(among: Numbers, towards: Numbers, wanted: Numbers, contrast: Numbers) -> Iterator[_Try]:
    """One ridge regression for each strength, in the basis where they cost almost nothing."""
    to_basis = _whitening(among)
    basis = towards @ to_basis
    strength, turn = np.linalg.eigh(basis.T @ basis)
    turned = basis @ turn
    told, squares = turned.T @ wanted, turned**2
    for ridge in RIDGES:
        shrunk = 1 / (np.maximum(strength, 0) + ridge)
        weights = shrunk[:, None] * told
        leverage = squares @ shrunk + 1 / len(wanted)
        residual = (wanted - turned @ weights) / (1 - leverage)[:, None]
        error = float(((residual @ contrast) ** 2).mean())
        yield _Try(ridge, to_basis @ (turn @ weights), residual, error)


def _whitening(gram: Numbers) -> Numbers:
    """Turns similarities to the landmarks into coordinates whose products are the kernel."""
    strength, turn = np.linalg.eigh(gram)
    kept = strength > _RANK_FLOOR * strength[-1]
    return np.asarray(turn[:, kept] / np.sqrt(strength[kept]))

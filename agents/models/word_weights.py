"""How likely a model is good enough for a prompt, from its words alone: hashed n-grams and logistic
regression in plain Python, for installations without the extra `semantic`.
"""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from agents.models.ngrams import BUCKETS, Bag, hashed_bag

PENALTIES = (0.0, 1e-4)  # of squared weights, for each row seen
STEPS = (0.05, 0.1, 0.3)
_EPOCHS = 3
_TRIED = 2000  # training rows on which steps and penalties are tried
_HELD_OUT = 5  # every fifth of them judges
_CERTAIN = 30.0

Row = tuple[Bag, float]


@dataclass(frozen=True, slots=True)
class WordWeights:
    """One weight for each bucket, and what is said of a text without words."""

    weights: tuple[float, ...]
    bias: float
    penalty: float
    step: float

    def chance(self, text: str) -> float:
        """The chance that the answer is good, between 0 and 1."""
        return _chance(self.weights, self.bias, hashed_bag(text))

    def chances(self, texts: Sequence[str]) -> list[float]:
        """The same for several texts."""
        return [self.chance(text) for text in texts]


def train_words(texts: Sequence[str], is_right: Sequence[bool]) -> WordWeights:
    """Learn from texts whose outcome is known. Step and penalty are judged by every fifth of the
    first, then all teach. The order of the texts is the order of learning: shuffle what is sorted.
    """
    rows = list(zip(map(hashed_bag, texts), map(float, is_right), strict=True))
    some = rows[:_TRIED]
    held = some[::_HELD_OUT]
    kept = [row for index, row in enumerate(some) if index % _HELD_OUT] or some
    tries = {pair: _loss(_train(kept, *pair), held) for pair in product(PENALTIES, STEPS)}
    return _train(rows, *min(tries, key=tries.__getitem__))


def _train(rows: Sequence[Row], penalty: float, step: float) -> WordWeights:
    """Adaptive gradient descent (AdaGrad); what is not in a text is not touched by it."""
    weights, seen = array("d", bytes(8 * BUCKETS)), array("d", [1e-6]) * BUCKETS
    right = sum(target for _, target in rows)
    bias = math.log((right + 1) / (len(rows) - right + 1))
    for _ in range(_EPOCHS):
        for bag, target in rows:
            error = _chance(weights, bias, bag) - target
            for bucket, value in bag.items():
                slope = error * value + penalty * len(rows) * weights[bucket] / len(bag)
                seen[bucket] += slope * slope
                weights[bucket] -= step * slope / math.sqrt(seen[bucket])
    return WordWeights(tuple(weights), bias, penalty, step)


def _chance(weights: Sequence[float], bias: float, bag: Bag) -> float:
    total = bias + sum(value * weights[bucket] for bucket, value in bag.items())
    return 1 / (1 + math.exp(-max(-_CERTAIN, min(_CERTAIN, total))))


def _loss(model: WordWeights, rows: Sequence[Row]) -> float:
    """Mean squared error of the chances (Brier)."""
    errors = (_chance(model.weights, model.bias, bag) - target for bag, target in rows)
    return sum(error * error for error in errors) / len(rows)

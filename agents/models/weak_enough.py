"""How likely a cheap model is good enough for a prompt, learned from what two models did before.

From each prompt: the chance that the weak model is right, the chance that the strong one is, and,
where the lengths of answers were kept, what the strong one would cost more. Two rankings follow:
by expected gain, and by expected gain for each extra dollar. Needs numpy (extra `semantic`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agents.models.frontier import Numbers
from agents.models.prompt_kernel import Fitted, Prompts, fit

_GAIN = np.array([-1.0, 1.0])
_CHANCE_FLOOR = 0.005
_DEAREST = 1e-9  # dollars: no call is free in the denominator


@dataclass(frozen=True, slots=True)
class History:
    """What two models did with prompts that are known. Lengths in tokens, prices in dollars a token
    as (in, out).
    """

    weak_right: Numbers
    strong_right: Numbers
    prompt_tokens: Numbers
    weak_tokens: Numbers
    strong_tokens: Numbers
    weak_price: tuple[float, float]
    strong_price: tuple[float, float]

    def at(self, rows: NDArray[np.int64]) -> "History":
        """The history of some of the prompts."""
        return History(
            self.weak_right[rows], self.strong_right[rows], self.prompt_tokens[rows],
            self.weak_tokens[rows], self.strong_tokens[rows], self.weak_price, self.strong_price,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of prompts: chances, and dollars more for the strong model."""

    weak: Numbers
    strong: Numbers
    extra_cost: Numbers

    @property
    def gain(self) -> Numbers:
        """The ranking by gain: what the strong model adds."""
        return self.strong - self.weak

    @property
    def gain_per_dollar(self) -> Numbers:
        """The ranking by gain for each extra dollar, which is the one that saves most: the greedy
        order of a knapsack whose budget is money.
        """
        return self.gain / np.maximum(self.extra_cost, _DEAREST)

    @property
    def weak_is_enough(self) -> Numbers:
        """The chance that the weak model is right, kept away from certainty."""
        return np.clip(self.weak, _CHANCE_FLOOR, 1 - _CHANCE_FLOOR)


@dataclass(frozen=True, slots=True)
class WeakEnough:
    """The trained router between two models."""

    fitted: Fitted
    weak_price: tuple[float, float]
    strong_price: tuple[float, float]
    excess: Numbers  # by how much a mean length exceeds the one of the mean logarithm

    @classmethod
    def train(cls, seen: Prompts, history: History, seed: int) -> "WeakEnough":
        """Learn from prompts whose outcomes are known; nothing else is looked at."""
        right = np.stack([history.weak_right, history.strong_right], axis=1)
        tokens = np.stack([history.weak_tokens, history.strong_tokens], axis=1)
        lengths = np.log(np.maximum(tokens, 1))
        contrast = np.concatenate([_GAIN, [0.0, 0.0]])
        fitted = fit(seen, np.concatenate([right, lengths], axis=1), contrast, seed)
        excess = tokens.mean(axis=0) / np.exp(fitted.left_out[:, 2:]).mean(axis=0)
        return cls(fitted, history.weak_price, history.strong_price, excess)

    def expect(self, seen: Prompts, prompt_tokens: Numbers) -> Expected:
        """What the two models are expected to do with prompts."""
        return self._expected(self.fitted.predict(seen), prompt_tokens)

    def left_out(self, prompt_tokens: Numbers) -> Expected:
        """The same for the training prompts, each as the others see it: to set a threshold
        without a holdout.
        """
        return self._expected(self.fitted.left_out, prompt_tokens)

    def _expected(self, values: Numbers, prompt_tokens: Numbers) -> Expected:
        weak_tokens, strong_tokens = (np.exp(values[:, 2:]) * self.excess).T
        strong = prompt_tokens * self.strong_price[0] + strong_tokens * self.strong_price[1]
        weak = prompt_tokens * self.weak_price[0] + weak_tokens * self.weak_price[1]
        return Expected(values[:, 0], values[:, 1], strong - weak)

"""What routing between a cheap and a strong model saves, and what quality is kept: the frontier of
a ranking of questions, its summary figures, and their bootstrap intervals.

A ranking sends the questions with the highest scores to the strong model, all others to the weak
one. Costs are dollars for each question, `is_right` is whether the model answered it well. Needs
numpy (extra `semantic`); a router that only decides never imports this.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What two models did with the same questions; five arrays of one length."""

    weak_right: Numbers
    strong_right: Numbers
    weak_cost: Numbers
    strong_cost: Numbers

    @property
    def gain(self) -> Numbers:
        """What the strong model adds: 1, 0, or -1 where only the weak one was right."""
        return self.strong_right - self.weak_right

    @property
    def extra_cost(self) -> Numbers:
        """Dollars more for the strong model."""
        return self.strong_cost - self.weak_cost

    def at(self, rows: Indices) -> "Outcomes":
        """The outcomes of some of the questions."""
        return Outcomes(
            self.weak_right[rows], self.strong_right[rows],
            self.weak_cost[rows], self.strong_cost[rows],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frontier:
    """Quality and cost for each number of questions sent to the strong model, from none to all;
    both as shares of what the strong model alone reaches and costs.
    """

    quality: Numbers
    cost: Numbers

    def saving_at(self, quality: float) -> float:
        """The share of the strong model's cost that is saved at the first point that keeps this
        quality; 0 if none does, because then only the strong model alone is safe.
        """
        kept = self.quality >= quality - 1e-12
        return float(1 - self.cost[np.argmax(kept)]) if kept.any() else 0.0


def frontier(scores: Numbers, outcomes: Outcomes, weights: Numbers | None = None) -> Frontier:
    """The frontier of a ranking; `weights` are how often each question counts (a bootstrap)."""
    order = np.argsort(-scores, kind="stable")
    counts = np.ones(len(order)) if weights is None else weights[order]
    return _walk(order, counts, outcomes)


def _walk(order: Indices, counts: Numbers, outcomes: Outcomes) -> Frontier:
    gain = np.concatenate([[0.0], np.cumsum(counts * outcomes.gain[order])])
    extra = np.concatenate([[0.0], np.cumsum(counts * outcomes.extra_cost[order])])
    weak, strong = counts @ outcomes.weak_right[order], counts @ outcomes.strong_right[order]
    cheap, dear = counts @ outcomes.weak_cost[order], counts @ outcomes.strong_cost[order]
    return Frontier((weak + gain) / strong, (cheap + extra) / dear)


def gap_recovered(scores: Numbers, outcomes: Outcomes) -> float:
    """The mean share of the quality gap that is closed, over all shares of strong calls (the APGR
    of RouteLLM, arXiv 2406.18665): .5 is what chance gives, more than 1 is possible.
    """
    order = np.argsort(-scores, kind="stable")
    gained = np.concatenate([[0.0], np.cumsum(outcomes.gain[order])])
    return float(gained.mean() / outcomes.gain.sum())


def resamples(questions: int, times: int, seed: int) -> Numbers:
    """How often each question is drawn, for so many bootstrap samples: shape (times, questions)."""
    chance = np.random.default_rng(seed)
    even = np.full(questions, 1 / questions)
    return chance.multinomial(questions, even, size=times).astype(np.float64)


def savings(
    scores: Numbers, outcomes: Outcomes, quality: float, drawn: Numbers
) -> tuple[float, Numbers]:
    """The saving at a quality, and the same for each bootstrap sample; the same samples for several
    rankings make their differences paired.
    """
    order = np.argsort(-scores, kind="stable")
    point = _walk(order, np.ones(len(order)), outcomes).saving_at(quality)
    spread = [_walk(order, row[order], outcomes).saving_at(quality) for row in drawn]
    return point, np.array(spread)


def interval(spread: Numbers, level: float = 0.95) -> tuple[float, float]:
    """The percentile interval of bootstrap values."""
    tail = (1 - level) / 2
    low, high = np.quantile(spread, [tail, 1 - tail])
    return float(low), float(high)


def realised(chosen: NDArray[np.bool_], outcomes: Outcomes) -> Mapping[str, float]:
    """What a fixed choice of questions for the strong model came to: quality kept and cost saved,
    as shares of the strong model alone.
    """
    right = np.where(chosen, outcomes.strong_right, outcomes.weak_right).sum()
    cost = np.where(chosen, outcomes.strong_cost, outcomes.weak_cost).sum()
    return {
        "quality": float(right / outcomes.strong_right.sum()),
        "saving": float(1 - cost / outcomes.strong_cost.sum()),
        "share": float(chosen.mean()),
    }

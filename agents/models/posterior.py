"""What outcomes say about how often a tier passes the quality check: a Beta distribution for each
kind of work and tier, in which old outcomes count less and less.

A prior (declared, or learned from similar prompts) counts as a few outcomes; real ones soon
outweigh it. Nothing here reads a clock: an age in days comes with each outcome.
"""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pydantic import Field

from agents.models.tiers import Complexity, Tier
from streams.domain.values import Score, Value

HALF_LIFE = 60.0  # days after which an outcome counts half: models and prompts change
PRIOR_WEIGHT = 8.0  # outcomes that a declared prior counts for
LEARNED_WEIGHT = 20.0  # outcomes that a prediction from similar prompts counts for
_Z80 = 1.2816  # one-sided 90 %, so that 80 % lie between

# Declared before any outcome: how often a tier is expected to pass. Made up of round numbers on
# purpose; a log replaces them.
DECLARED: Mapping[Complexity, tuple[float, float, float, float, float]] = {
    Complexity.SIMPLE: (0.80, 0.90, 0.95, 0.97, 0.98),
    Complexity.MEDIUM: (0.60, 0.80, 0.90, 0.95, 0.97),
    Complexity.COMPLEX: (0.35, 0.60, 0.80, 0.90, 0.95),
    Complexity.CRITICAL: (0.15, 0.40, 0.70, 0.86, 0.93),
}


class Cell(NamedTuple):
    """What outcomes are kept apart by: a kind of work (or a cluster of requests), and a tier."""

    cluster: str
    tier: Tier


class Outcome(NamedTuple):
    """One quality check of what a tier made."""

    cell: Cell
    has_passed: bool
    age: float  # days


class Tally(Value):
    """Outcomes of one cell, each by its age."""

    passed: float = Field(default=0.0, ge=0)
    failed: float = Field(default=0.0, ge=0)

    @property
    def weight(self) -> float:
        """How many fresh outcomes it is worth."""
        return self.passed + self.failed

    def aged(self, days: float) -> "Tally":
        """The same, so many days later."""
        left = discount(days)
        return Tally(passed=self.passed * left, failed=self.failed * left)

    def with_outcome(self, has_passed: bool) -> "Tally":
        """With one more, of today."""
        return Tally(passed=self.passed + has_passed, failed=self.failed + (not has_passed))


class Belief(Value):
    """How likely a call passes, and how sure that is."""

    mean: Score
    low: Score  # with `high`, 80 % of the distribution (normal approximation)
    high: Score
    outcomes: float  # real ones, discounted; 0 says that it is the prior alone


def discount(days: float) -> float:
    """What an outcome of this age counts."""
    return math.pow(0.5, max(0.0, days) / HALF_LIFE)


def tally(outcomes: Iterable[Outcome]) -> dict[Cell, Tally]:
    """The outcomes of each cell, discounted by their age."""
    sums: dict[Cell, list[float]] = {}
    for outcome in outcomes:
        both = sums.setdefault(outcome.cell, [0.0, 0.0])
        both[0 if outcome.has_passed else 1] += discount(outcome.age)
    return {cell: Tally(passed=both[0], failed=both[1]) for cell, both in sums.items()}


def declared(complexity: Complexity, tier: Tier) -> float:
    """What is expected before anything is known."""
    return DECLARED[complexity][tier.rank]


def believe(prior: float, weight: float, seen: Tally) -> Belief:
    """The posterior of a prior that counts for `weight` outcomes, and the outcomes seen."""
    passed, failed = prior * weight + seen.passed, (1 - prior) * weight + seen.failed
    total = passed + failed
    mean = passed / total
    reach = _Z80 * math.sqrt(mean * (1 - mean) / (total + 1))
    return Belief(
        mean=mean, low=max(0.0, mean - reach), high=min(1.0, mean + reach), outcomes=seen.weight
    )

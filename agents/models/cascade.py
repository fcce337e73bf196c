"""What "cheap first, check, then escalate" comes to with a checker that is sometimes wrong: quality
and cost, always together.

The weak model answers; if the checker passes the answer it stays, else the strong model answers
too and both are paid. The checker passes a right answer with probability `tpr` and a wrong one with
`fpr`. The expectation is exact, so no draw is needed. A checker without skill saves as much as a
good one: only the quality beside it tells them apart.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pydantic import Field

from streams.domain.values import Money, Score, Value


class Checker(Value):
    """How good a quality check is at telling right from wrong, and what one check costs."""

    tpr: Score  # share of right answers that it passes
    fpr: Score  # share of wrong answers that it passes
    cost: Money = Field(default=0.0)


class Pair(NamedTuple):
    """What two models did with one question; costs in dollars."""

    is_weak_right: bool
    is_strong_right: bool
    weak_cost: float
    strong_cost: float


class CascadeResult(Value):
    """What a cascade comes to, against the strong model alone; `quality` over 1 is better."""

    checker: Checker
    questions: int
    quality: float
    saving: float
    escalated: Score  # share of questions that the strong model answers too
    weak_quality: float  # of the weak model alone, for comparison

    @property
    def has_loss(self) -> bool:
        """Whether it costs quality; then its saving is no gain by itself."""
        return self.quality < 1


# From perfect to blind; the last two have no skill at all.
CHECKERS = tuple(
    Checker(tpr=tpr, fpr=fpr)
    for tpr, fpr in (
        (1.0, 0.0), (0.95, 0.1), (0.9, 0.2), (0.8, 0.3), (0.7, 0.4), (0.6, 0.6), (0.5, 0.5),
    )
)  # fmt: skip


def cascade(pairs: Sequence[Pair], checker: Checker) -> CascadeResult:
    """The expected quality and cost of a cascade over questions with known outcomes. Raises
    ValueError without a question that the strong model answers well: there is nothing to keep.
    """
    strong_right = sum(pair.is_strong_right for pair in pairs)
    strong_cost = sum(pair.strong_cost for pair in pairs)
    if not strong_right or not strong_cost:
        raise ValueError("the strong model is never right or costs nothing: give other outcomes")
    right = cost = escalated = 0.0
    for pair in pairs:
        passes = checker.tpr if pair.is_weak_right else checker.fpr
        right += passes * pair.is_weak_right + (1 - passes) * pair.is_strong_right
        cost += pair.weak_cost + checker.cost + (1 - passes) * pair.strong_cost
        escalated += 1 - passes
    return CascadeResult(
        checker=checker,
        questions=len(pairs),
        quality=right / strong_right,
        saving=1 - cost / strong_cost,
        escalated=escalated / len(pairs),
        weak_quality=sum(pair.is_weak_right for pair in pairs) / strong_right,
    )


def cascade_table(
    pairs: Sequence[Pair], checkers: Iterable[Checker] = CHECKERS
) -> tuple[CascadeResult, ...]:
    """The same for several checkers."""
    return tuple(cascade(pairs, checker) for checker in checkers)


def is_worth_it(chance: float, checker: Checker, cheap: float, dear: float) -> bool:
    """Whether asking a cheap model first is expected to cost less than asking the dear one at once,
    when the cheap one is right with this chance.
    """
    passes = chance * checker.tpr + (1 - chance) * checker.fpr
    return cheap + checker.cost + (1 - passes) * dear < dear

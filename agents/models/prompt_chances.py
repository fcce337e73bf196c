"""For each tier, how likely it passes with a given prompt, learned from what was judged before:
what the router takes instead of a declared prior.

A tier is learned only from a thousand judged prompts on (with 200, a learned router did worse than
chance), and kept only if it foretells the newest ones better than their mean does. What was learned
is a plain value, so that it can be recorded and taken back.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pydantic import Field

from agents.models.tiers import Tier
from agents.models.word_weights import WordWeights, train_words
from streams.domain.values import Score, Value

LEAST = 1000
_OLDER = 0.7  # of the prompts teach, the newest judge
_SURE = 1.645  # standard errors by which it must be better: one-sided 95 %
_DIGITS = 6


class Judged(NamedTuple):
    """A prompt that a tier worked on, and whether the work passed."""

    text: str
    tier: Tier
    has_passed: bool


class Verdict(Value):
    """How well a tier was foretold on prompts newer than those it was learned from."""

    prompts: int
    newest: int
    error: float  # mean squared error of the chances
    blind: float  # the same when the mean of the older prompts is always said
    is_kept: bool


class TierWords(Value):
    """What was learned of one tier."""

    weights: tuple[float, ...]
    bias: float

    @property
    def model(self) -> WordWeights:
        """As it is used."""
        return WordWeights(self.weights, self.bias, 0.0, 0.0)


class PromptChances(Value):
    """What was learned, by tier, with the verdict on every tier that was tried."""

    tiers: dict[Tier, TierWords] = Field(default_factory=dict)
    verdicts: dict[Tier, Verdict] = Field(default_factory=dict)

    def of(self, text: str) -> Mapping[Tier, Score]:
        """The chances of the tiers that something is known of."""
        return {tier: words.model.chance(text) for tier, words in self.tiers.items()}


def learn_chances(judged: Iterable[Judged], least: int = LEAST) -> PromptChances:
    """Learn from judged prompts in the order of their time."""
    by_tier: dict[Tier, list[Judged]] = {}
    for one in judged:
        by_tier.setdefault(one.tier, []).append(one)
    enough = {tier: rows for tier, rows in by_tier.items() if len(rows) >= least}
    verdicts = {tier: _judge(rows) for tier, rows in enough.items()}
    kept = {tier: _words(enough[tier]) for tier, said in verdicts.items() if said.is_kept}
    return PromptChances(tiers=kept, verdicts=verdicts)


def _judge(rows: Sequence[Judged]) -> Verdict:
    """Learn from the older prompts and foretell the newest."""
    cut = int(len(rows) * _OLDER)
    older, newest = rows[:cut], rows[cut:]
    model = _train(older)
    mean = sum(one.has_passed for one in older) / len(older)
    said = [(model.chance(one.text) - one.has_passed) ** 2 for one in newest]
    blind = [(mean - one.has_passed) ** 2 for one in newest]
    gained = [without - of for without, of in zip(blind, said, strict=True)]
    gain = sum(gained) / len(gained)
    spread = math.sqrt(sum((one - gain) ** 2 for one in gained)) / len(gained)
    return Verdict(
        prompts=len(rows),
        newest=len(newest),
        error=sum(said) / len(said),
        blind=sum(blind) / len(blind),
        is_kept=gain > _SURE * spread,
    )


def _train(rows: Sequence[Judged]) -> WordWeights:
    return train_words([one.text for one in rows], [one.has_passed for one in rows])


def _words(rows: Sequence[Judged]) -> TierWords:
    model = _train(rows)
    rounded = tuple(round(weight, _DIGITS) for weight in model.weights)
    return TierWords(weights=rounded, bias=round(model.bias, _DIGITS))

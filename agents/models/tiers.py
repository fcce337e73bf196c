"""The scales of routing: how hard the work is, how capable a model is, what kind of work it is, and
the tokens that each kind may use.
"""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from streams.domain.values import Value

Priority = Literal["low", "medium", "high"]


class Complexity(StrEnum):
    """How hard the work is, and what a mistake would cost."""

    SIMPLE = "SIMPLE"
    MEDIUM = "MEDIUM"
    COMPLEX = "COMPLEX"
    CRITICAL = "CRITICAL"


class Tier(StrEnum):
    """How capable a model is, from the free to the best."""

    FREE = "FREE"
    BUDGET = "BUDGET"
    STANDARD = "STANDARD"
    PREMIUM = "PREMIUM"
    FLAGSHIP = "FLAGSHIP"

    @property
    def rank(self) -> int:
        """0 for the lowest tier, 4 for the highest."""
        return _RANKS[self.value]


class TaskType(StrEnum):
    """The kinds of work that a model does for us."""

    INTENT = "intent"
    PLAN = "plan"
    ANALYSIS = "analysis"
    DRAFT = "draft"
    REFINE = "refine"
    ASSESS = "assess"
    FORMAT = "format"
    LEARN = "learn"
    CHAT = "chat"


_RANKS = {tier: rank for rank, tier in enumerate(Tier.__members__)}


class TokenLimits(Value):
    """What a call of one kind may read and write, in tokens; `output` is asked of the provider, so
    that no answer costs more than was reserved.
    """

    context: int = Field(ge=1)  # prompt, material and instructions; what is longer is cut before
    output: int = Field(ge=1)
    usual_output: int = Field(ge=1)
    overhead: int = Field(ge=0)  # tokens of our own instructions and examples


LIMITS: dict[TaskType, TokenLimits] = {
    TaskType.INTENT: TokenLimits(context=4_000, output=400, usual_output=180, overhead=700),
    TaskType.PLAN: TokenLimits(context=16_000, output=2_000, usual_output=700, overhead=1_800),
    TaskType.ANALYSIS: TokenLimits(context=32_000, output=3_000, usual_output=900, overhead=900),
    TaskType.DRAFT: TokenLimits(context=16_000, output=2_000, usual_output=500, overhead=1_000),
    TaskType.REFINE: TokenLimits(context=16_000, output=2_000, usual_output=500, overhead=1_100),
    TaskType.ASSESS: TokenLimits(context=16_000, output=1_000, usual_output=350, overhead=1_200),
    TaskType.FORMAT: TokenLimits(context=8_000, output=1_500, usual_output=450, overhead=500),
    TaskType.LEARN: TokenLimits(context=16_000, output=800, usual_output=300, overhead=800),
    TaskType.CHAT: TokenLimits(context=16_000, output=1_500, usual_output=350, overhead=400),
}

# The share of calls of this kind that must pass the quality check for a tier to be good enough.
BARS: dict[Priority, float] = {"low": 0.60, "medium": 0.75, "high": 0.85}
CRITICAL_BAR = {"low": 0.75, "medium": 0.85, "high": 0.90}


def bar_of(complexity: Complexity, priority: Priority) -> float:
    """The chance of passing that a choice must clear: what a priority asks, and more where a
    mistake is dear.
    """
    return CRITICAL_BAR[priority] if complexity is Complexity.CRITICAL else BARS[priority]

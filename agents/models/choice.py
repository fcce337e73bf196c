"""What the router is asked, and what it answers: every candidate with its estimates and the reason
why it was left, ready to be recorded as an event.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from agents.models.posterior import Cell, Tally
from agents.models.tiers import Complexity, Priority, TaskType, Tier
from agents.models.tokens import Tokens
from streams.domain.values import Money, Score, Value


class Reason(StrEnum):
    """Why a candidate was taken or left. The first that holds is told."""

    RETIRED = "retired"
    UNAVAILABLE = "unavailable"  # no key, no server, or cooling down after errors
    WRONG_TASK = "wrong_task"  # does not do this kind of work
    CONTEXT_TOO_SMALL = "context_too_small"
    OUTPUT_TOO_SMALL = "output_too_small"
    OVER_BUDGET = "over_budget"
    NOT_PINNED = "not_pinned"
    FAILED_BEFORE = "failed_before"  # its tier, or a higher one, failed the quality check already
    BELOW_BAR = "below_bar"
    DEARER = "dearer"  # good enough, and so is a cheaper one
    EXPLORED = "explored_instead"  # would have been taken but for exploration
    CHOSEN = "chosen"


class Basis(StrEnum):
    """What the choice rests on."""

    CHEAPEST_GOOD = "cheapest_good_enough"
    BEST_BELOW_BAR = "best_below_bar"  # none is good enough: the likeliest to pass
    PINNED = "pinned"
    ESCALATED = "escalated"
    EXPLORATION = "exploration"
    NONE = "none"


class Pin(Value):
    """What the user wants, whatever the router thinks: a model by any of its names, a tier, or a
    provider.
    """

    model: str | None = None
    tier: Tier | None = None
    provider: str | None = None


NO_PIN = Pin()


class Candidate(Value):
    """One model as the router saw it."""

    model_id: str
    provider: str
    tier: Tier
    estimated_cost: Money  # for the usual length of an answer
    highest_cost: Money  # for the longest that is allowed: what is reserved
    chance: Score  # of passing the quality check
    chance_low: Score
    chance_high: Score
    outcomes: float  # real ones behind the chance
    reason: Reason
    propensity: Score = 0.0  # how likely this was to be the choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """All that a choice depends on. `draw` is a random number in [0, 1) that the caller made."""

    task_type: TaskType
    complexity: Complexity
    priority: Priority = "medium"
    tokens: Tokens
    day: str
    available: frozenset[str] = frozenset()  # providers that can be called now
    cooling: frozenset[str] = frozenset()  # models that are let rest after errors
    budget: float | None = None  # what is left for this call, in dollars
    cluster: str = ""  # what outcomes are looked up by; empty: the kind of work
    outcomes: Mapping[Cell, Tally] = field(default_factory=dict)
    learned: Mapping[Tier, float] = field(default_factory=dict)  # chances from similar prompts
    pin: Pin = NO_PIN
    failed: tuple[str, ...] = ()  # models whose work did not pass the quality check, in order
    failed_rank: int = -1  # the highest tier among them (see `router.escalated`)
    exploration: float = 0.0  # share of calls that try a neighbouring tier instead
    draw: float = 0.0
    is_control: bool = False  # a control task ignores all that was learned

    @property
    def key(self) -> str:
        """Under which outcomes are kept."""
        return self.cluster or self.task_type.value

    @property
    def has_pin(self) -> bool:
        """Whether the user wants something in particular."""
        return self.pin is not NO_PIN and self.pin != NO_PIN


class Choice(Value):
    """The router's decision. Without a model, `note` says what to do."""

    model_id: str | None
    tier: Tier | None
    basis: Basis
    task_type: TaskType
    complexity: Complexity
    priority: Priority
    bar: Score
    tokens: Tokens
    estimated_cost: Money = 0.0
    highest_cost: Money = 0.0
    budget: Money | None = None
    chance: Score = 0.0
    propensity: Score = 0.0
    exploration: Score = 0.0
    is_control: bool = False
    candidates: tuple[Candidate, ...] = ()
    fallbacks: tuple[str, ...] = ()  # whom to ask, in this order, when the provider fails
    price_table: str = ""
    note: str = ""

"""What happens to money: in the ledger of a day, and in a task that asks for more."""

from typing import Literal

from pydantic import Field

from streams.domain.budget import BudgetMode, BudgetNeed, BudgetScope, Micros
from streams.domain.intent import Question
from streams.domain.values import Json, Milliseconds, Value, is_empty

LedgerPart = Literal["whole", "task", "day"]


class BudgetReserved(Value):
    """Money is held for a call until it is settled or `expires_at`. `over` names the limits that it
    passes all the same: they were only noted, or people have allowed it.

    `part`: a task that began on another day is asked for in two ledgers, that of its beginning for
    the task's own limit, and today's for the day's.
    """

    type: Literal["budget_reserved.v1"] = "budget_reserved.v1"
    tenant: str
    day: str
    part: LedgerPart
    reservation_id: str
    command_id: str
    for_task: str
    for_principal: str
    amount: Micros
    mode: BudgetMode
    over: tuple[BudgetScope, ...] = ()
    is_approved: bool = False
    expires_at: Milliseconds


class BudgetRefused(Value):
    """A call was not paid, and must not be made."""

    type: Literal["budget_refused.v1"] = "budget_refused.v1"
    tenant: str
    day: str
    part: LedgerPart
    reservation_id: str
    command_id: str
    for_task: str
    for_principal: str
    need: BudgetNeed
    reason: str


class BudgetSettled(Value):
    """A call has cost this much of what was held for it. `excess` is what it cost beyond that;
    `is_late`: it had been counted in full already, since nobody had told in time.
    """

    type: Literal["budget_settled.v1"] = "budget_settled.v1"
    reservation_id: str
    actual: Micros
    excess: Micros = 0
    is_late: bool = False


class BudgetExpired(Value):
    """Nobody told what a call has cost: all that was held for it counts as spent."""

    type: Literal["budget_expired.v1"] = "budget_expired.v1"
    reservation_id: str
    amount: Micros


class LedgerClosed(Value):
    """The day is long over and nothing is held: the ledger leaves memory. It can go on."""

    type: Literal["ledger_closed.v1"] = "ledger_closed.v1"


class CostQuestioned(Value):
    """A command waits for a human's yes to its cost; the attempt ended before the call. What it had
    cost until then is `cost`.
    """

    type: Literal["cost_questioned.v1"] = "cost_questioned.v1"
    command_id: str
    attempt: int
    runner: str = ""
    question_id: str
    question: Question
    need: BudgetNeed
    expires_at: Milliseconds
    progress: Json = Field(default_factory=dict, exclude_if=is_empty)
    cost: float = 0.0
    duration: Milliseconds = 0
    usage: Json = Field(default_factory=dict)

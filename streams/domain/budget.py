"""Money as the ledger counts it: whole millionths of a dollar, limits, and why a call may not be
paid.
"""

import re
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from math import ceil
from typing import Annotated, Literal

from pydantic import Field

from streams.domain.settings import DAY
from streams.domain.values import ID_PATTERN, Id, Milliseconds, Value

Micros = Annotated[int, Field(ge=0)]  # millionths of a US dollar: sums of them are exact
PREFIX = "ledger."  # begins the ids of ledgers; no task may have such an id
DAY_PATTERN = r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_TENANT = 160  # characters of a tenant's name that fit into an id


class BudgetScope(StrEnum):
    """What a limit is for: one call, a task, a principal's day, or a tenant's day."""

    CALL = "call"
    TASK = "task"
    PRINCIPAL = "principal"
    TENANT = "tenant"


class BudgetMode(StrEnum):
    """What happens to a call that would pass a limit: it is noted, a human is asked, or it is
    stopped.
    """

    AUDIT = "audit"
    ASK = "ask"
    STOP = "stop"


class BudgetLimits(Value):
    """Limits of what may be spent; None is no limit. `call` is not a limit but the price above
    which a human is asked first, in every mode.
    """

    call: Micros | None = None
    task: Micros | None = None
    principal: Micros | None = None
    tenant: Micros | None = None


class BudgetNeed(Value):
    """Why a call is not paid: which limit it would pass, and whether a human may allow it, or
    whether it would fit if calls under way cost less than is held for them.
    """

    action: Literal["ask", "stop", "wait"]
    scope: BudgetScope
    limit: Micros
    spent: Micros
    reserved: Micros
    estimate: Micros

    @property
    def left(self) -> int:
        """What the limit leaves free; never below zero."""
        return max(0, self.limit - self.spent - self.reserved)


class Account(Value):
    """Who pays for a command, and how far: what its runner needs to reserve money for it."""

    tenant: str = "default"
    principal: str = ""
    budget: Micros | None = None  # of the task
    submitted_at: Milliseconds = 0  # the task's sum is kept in the ledger of that day
    estimate: Micros = 0  # of the tool, as the plan had it
    approved: Micros = 0  # what people have allowed for this command beyond the limits


def micros(dollars: float) -> int:
    """An amount in millionths, rounded up; the noise of binary fractions is not rounded up."""
    if not dollars:  # nearly always, and this is asked for each command
        return 0
    exact = round(Decimal(str(dollars)), 9)
    return max(0, ceil(exact * 1_000_000))


def in_dollars(amount: int) -> float:
    """Millionths as dollars."""
    return amount / 1_000_000


def shown(amount: int) -> str:
    """An amount for people, with at least two and at most six decimals."""
    whole, rest = divmod(amount, 1_000_000)
    return f"${whole:,}.{f'{rest:06d}'.rstrip('0').ljust(2, '0')}"


def day_of(moment: Milliseconds) -> str:
    """The UTC day of a moment, as an ISO date."""
    return datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()


def end_of(day: str) -> Milliseconds:
    """The first moment after a day. The 30th of February is the second day after the 28th."""
    year, month, number = map(int, day.split("-"))
    first = datetime(year, month, 1, tzinfo=UTC)
    return int(first.timestamp() * 1000) + number * DAY


def ledger_id(tenant: str, day: str) -> Id:
    """The id of the ledger of a tenant's day. A name that no id may hold is told by its digest."""
    is_plain = len(tenant) <= _TENANT and re.fullmatch(ID_PATTERN, tenant) is not None
    name = tenant if is_plain else f"@{sha256(tenant.encode()).hexdigest()[:32]}"
    return f"{PREFIX}{name}.{day}"


def is_ledger(task_id: str) -> bool:
    """Whether an id is that of a ledger."""
    return task_id.startswith(PREFIX)

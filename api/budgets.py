"""What people see of money: a day's ledger, and what a task may still cost; and the purse of this
process, with the limits that its settings name.
"""

import os
from collections.abc import Mapping
from datetime import date

from agents.models.budget import PATIENCE, Budgets, LedgerPurse, Send
from agents.paying import PriceOf
from agents.tools.joining import Joining
from api.documents import iso
from api.errors import NotFound, UsageError
from api.orchestrator import Orchestrator
from api.settings import Settings
from streams.clock import Clock
from streams.domain.budget import BudgetMode, day_of, in_dollars, ledger_id, micros
from streams.domain.ledger import Held, Ledger, Stopped, Sums
from streams.domain.state import TaskState
from streams.domain.values import Json

SHOWN = 200  # rows of each list; the sums are of all


def purse(
    settings: Settings, send: Send, clock: Clock, *, patience: float = PATIENCE
) -> LedgerPurse:
    """What this process pays with; `patience` is seconds that a call waits for held money."""
    name = f"purse-{os.getpid()}-{os.urandom(4).hex()}"
    return LedgerPurse(send, limits(settings), name=name, clock=clock, patience=patience)


def limits(settings: Settings) -> Budgets:
    """The limits that the settings name."""
    return Budgets(
        mode=BudgetMode(settings.budget_mode),
        principal_day=settings.budget_principal,
        tenant_day=settings.budget_day,
        ask_above=settings.budget_ask_above,
    )


def price_of(joining: Joining) -> PriceOf:
    """What a tool is expected to cost that was asked for without a plan."""

    def price(tool_id: str) -> float:
        tool = joining.tool(tool_id) if tool_id else None
        return tool.estimated_cost if tool else 0.0

    return price


async def of_day(here: Orchestrator, tenant: str, day: str | None = None) -> Json:
    """The ledger of a tenant's day as a document, amounts in US dollars.

    Raises:
        UsageError: the day is none.
    """
    day = _day(day) if day else day_of(here.now())
    ledger = await _ledger(here, tenant, day) or Ledger(tenant, day)
    settings = here.settings
    return {
        "day": day,
        "tenant": tenant,
        "mode": settings.budget_mode,
        "limits": {
            "task": settings.budget,
            "principal": settings.budget_principal,
            "day": settings.budget_day,
            "ask_above": settings.budget_ask_above,
        },
        **sums(ledger.total, settings.budget_day),
        "excess": in_dollars(ledger.excess),
        "principals": _rows("principal", ledger.principals, settings.budget_principal),
        "tasks": _rows("task_id", ledger.tasks, None),
        "task_count": len(ledger.tasks),
        "under_way": [_held(name, held) for name, held in list(ledger.held.items())[-SHOWN:]],
        "stopped": [_stopped(each) for each in reversed(ledger.stopped)],
    }


async def of_task(here: Orchestrator, state: TaskState) -> Json:
    """What a task has spent and holds, by the ledger of the day on which it began."""
    day = day_of(state.submitted_at)
    is_known = here.core.state(ledger_id(state.tenant, day)) is not None
    has_money = bool(state.cost) or state.settings.budget is not None
    ledger = await _ledger(here, state.tenant, day) if is_known or has_money else None
    spent = ledger.of_task(state.task_id) if ledger else Sums()
    return sums(spent, state.settings.budget)


def sums(spent: Sums, limit: float | None) -> Json:
    """Amounts in US dollars; `left` is null without a limit."""
    held = spent.spent + spent.reserved
    return {
        "limit": limit,
        "spent": in_dollars(spent.spent),
        "reserved": in_dollars(spent.reserved),
        "left": None if limit is None else in_dollars(max(0, micros(limit) - held)),
        "calls": spent.calls,
        "refused": spent.refused,
    }


async def _ledger(here: Orchestrator, tenant: str, day: str) -> Ledger | None:
    """A ledger in memory, or from the log when its day is long over."""
    name = ledger_id(tenant, day)
    state = here.core.state(name)
    if state is None:
        try:
            state, _ = here.fold(await here.events(name), name)
        except NotFound:
            return None
    return state.ledger


def _rows(name: str, known: Mapping[str, Sums], limit: float | None) -> list[Json]:
    """Who has spent and holds the most, first."""
    ordered = sorted(known.items(), key=lambda each: (-_of(each[1]), each[0]))
    return [{name: who, **sums(spent, limit)} for who, spent in ordered[:SHOWN]]


def _of(spent: Sums) -> int:
    return spent.spent + spent.reserved


def _held(name: str, held: Held) -> Json:
    return {
        "reservation_id": name,
        "task_id": held.for_task,
        "principal": held.for_principal,
        "command_id": held.command_id,
        "amount": in_dollars(held.amount),
        "expires_at": iso(held.expires_at),
    }


def _stopped(each: Stopped) -> Json:
    need = each.need
    amounts = ("limit", "spent", "reserved", "estimate")
    return {
        "at": iso(each.at),
        "task_id": each.for_task,
        "principal": each.for_principal,
        "command_id": each.command_id,
        "action": need.action,
        "scope": need.scope.value,
        **{name: in_dollars(getattr(need, name)) for name in amounts},
        "left": in_dollars(need.left),
        "reason": each.reason,
    }


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        hint = "give it as YYYY-MM-DD, in UTC"
        raise UsageError(f"{text!r} is no day: {hint}", pointer="/day") from None

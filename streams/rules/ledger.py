"""What reaches the ledger of a day: calls that ask for money, what they have cost, the clock."""

from collections.abc import Sequence

from streams.domain import events as e
from streams.domain.budget import (
    BudgetMode,
    BudgetNeed,
    BudgetScope,
    is_ledger,
    shown,
)
from streams.domain.errors import Undecidable
from streams.domain.inputs import Input, ReserveBudget, SettleBudget, TimerFired
from streams.domain.ledger import Ledger, over
from streams.domain.state import Life
from streams.phases.decision import Decision

_WHOSE = {
    BudgetScope.CALL: "a human must allow a call that may cost more than {limit}",
    BudgetScope.TASK: "the task {task!r} may cost {limit}",
    BudgetScope.PRINCIPAL: "{who!r} may spend {limit} on {day}",
    BudgetScope.TENANT: "the tenant {tenant!r} may spend {limit} on {day}",
}
_SO_FAR = ": {spent} is spent and {reserved} held for calls under way, which leaves {left}"
_ENOUGH = "; this call may cost {estimate}"


def keep_apart(given: Input) -> None:
    """Ledgers and tasks have ids of their own.

    Raises:
        Undecidable: the input is for the other kind.
    """
    is_for_ledger = isinstance(given, ReserveBudget | SettleBudget)
    if is_for_ledger != is_ledger(given.task_id) and not isinstance(given, TimerFired):
        kind = "is that of a ledger" if is_ledger(given.task_id) else "is no ledger's"
        raise Undecidable(f"the id {given.task_id!r} {kind}: {given.type} is not for it")


def reserve(d: Decision, wanted: ReserveBudget) -> None:
    """Hold the money, or refuse the call; asked again, it changes nothing."""
    ledger = d.state.ledger or Ledger()
    if ledger.knows(wanted.reservation_id):
        return
    passed = over(
        ledger, wanted.part, wanted.limits, wanted.for_task, wanted.for_principal, wanted.amount
    )
    is_allowed = wanted.amount <= wanted.approved - ledger.approved.get(wanted.command_id, 0)
    need = _need(wanted, passed, is_allowed=is_allowed)
    if need is not None:
        _refuse(d, wanted, need)
        return
    dear = _dear(wanted)
    scopes = [each.scope for each in passed] + ([dear.scope] if dear else [])
    d.emit(
        e.BudgetReserved(
            tenant=wanted.tenant,
            day=wanted.day,
            part=wanted.part,
            reservation_id=wanted.reservation_id,
            command_id=wanted.command_id,
            for_task=wanted.for_task,
            for_principal=wanted.for_principal,
            amount=wanted.amount,
            mode=wanted.mode,
            over=tuple(scopes),
            is_approved=is_allowed and bool(scopes),
            expires_at=d.at + wanted.holds_for,
        )
    )


def settle(d: Decision, told: SettleBudget) -> None:
    """Count what a call has cost; the first word about it counts, also a late one."""
    ledger = d.state.ledger or Ledger()
    held = ledger.held.get(told.reservation_id)
    is_late = held is None
    held = held or ledger.expired.get(told.reservation_id)
    if held is not None:
        excess = max(0, told.actual - held.amount)
        d.emit(
            e.BudgetSettled(
                reservation_id=told.reservation_id,
                actual=told.actual,
                excess=excess,
                is_late=is_late,
            )
        )


def timer_fired(d: Decision) -> None:
    """Count what nobody has settled in its time; put a ledger away whose day is long over."""
    ledger = d.state.ledger or Ledger()
    for name, held in ledger.held.items():
        if held.expires_at <= d.at:
            d.emit(e.BudgetExpired(reservation_id=name, amount=held.amount))
    is_over = not ledger.held and ledger.day and ledger.closes_at <= d.at
    if is_over and d.state.life is not Life.CLOSED:
        d.emit(e.LedgerClosed())


def _need(
    wanted: ReserveBudget, passed: Sequence[BudgetNeed], *, is_allowed: bool
) -> BudgetNeed | None:
    """Why it cannot be paid. What is stopped anyhow is asked of nobody."""
    is_enough = is_allowed and wanted.mode is not BudgetMode.STOP
    if passed and wanted.mode is not BudgetMode.AUDIT and not is_enough:
        return passed[0].model_copy(update={"action": _action(wanted, passed)})
    return None if is_allowed else _dear(wanted)


def _action(wanted: ReserveBudget, passed: Sequence[BudgetNeed]) -> str:
    """Wait, where it would fit if calls under way cost less than is held for them."""
    if wanted.can_wait and all(need.spent + need.estimate <= need.limit for need in passed):
        return "wait"
    return "ask" if wanted.mode is BudgetMode.ASK else "stop"


def _dear(wanted: ReserveBudget) -> BudgetNeed | None:
    """The need of a yes to the price of this one call."""
    limit = wanted.limits.call
    if limit is None or wanted.amount <= limit or wanted.part == "day":
        return None
    return BudgetNeed(
        action="ask",
        scope=BudgetScope.CALL,
        limit=limit,
        spent=0,
        reserved=0,
        estimate=wanted.amount,
    )


def _refuse(d: Decision, wanted: ReserveBudget, need: BudgetNeed) -> None:
    so_far = "" if need.scope is BudgetScope.CALL else _SO_FAR
    reason = (_WHOSE[need.scope] + so_far + _ENOUGH).format(
        task=wanted.for_task,
        who=wanted.for_principal,
        tenant=wanted.tenant,
        day=wanted.day,
        limit=shown(need.limit),
        spent=shown(need.spent),
        reserved=shown(need.reserved),
        left=shown(need.left),
        estimate=shown(need.estimate),
    )
    d.emit(
        e.BudgetRefused(
            tenant=wanted.tenant,
            day=wanted.day,
            part=wanted.part,
            reservation_id=wanted.reservation_id,
            command_id=wanted.command_id,
            for_task=wanted.for_task,
            for_principal=wanted.for_principal,
            need=need,
            reason=reason,
        )
    )

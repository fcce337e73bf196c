"""What one tenant has spent in one day, and what is held for calls under way.

A ledger is a history of its own beside those of the tasks. Since one owner decides all that reaches
it, what is spent and held together never passes a limit, in whatever order calls come.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from streams.domain.budget import BudgetLimits, BudgetNeed, BudgetScope, end_of
from streams.domain.facts import budget as b
from streams.domain.settings import DAY
from streams.domain.values import Milliseconds

REMEMBERED = 256  # of each: ids that have ended, expired ones, and who was refused


@dataclass(frozen=True, slots=True)
class Sums:
    """Millionths of a dollar, and how often."""

    spent: int = 0
    reserved: int = 0
    calls: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A reservation that nobody has settled."""

    command_id: str
    for_task: str
    for_principal: str
    amount: int
    part: b.LedgerPart
    is_approved: bool
    expires_at: Milliseconds


@dataclass(frozen=True, slots=True)
class Stopped:
    """A call that was refused: whose, when and why."""

    at: Milliseconds
    for_task: str
    for_principal: str
    command_id: str
    need: BudgetNeed
    reason: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The sums of a day, by principal and by task. `later` sums what tasks that began on this day
    spend after it; such money is in the day's sums of another ledger.
    """

    tenant: str = "default"
    day: str = ""
    total: Sums = field(default_factory=Sums)
    principals: Mapping[str, Sums] = field(default_factory=dict)
    tasks: Mapping[str, Sums] = field(default_factory=dict)
    later: Mapping[str, Sums] = field(default_factory=dict)
    held: Mapping[str, Held] = field(default_factory=dict)
    expired: Mapping[str, Held] = field(default_factory=dict)
    ended: tuple[str, ...] = ()
    approved: Mapping[str, int] = field(default_factory=dict)  # command_id: used of the yes
    stopped: tuple[Stopped, ...] = ()
    excess: int = 0  # what calls have cost beyond what was held for them

    def of_task(self, task_id: str) -> Sums:
        """All that a task which began on this day has spent and holds, on whatever day."""
        today, after = self.tasks.get(task_id, Sums()), self.later.get(task_id, Sums())
        return Sums(
            today.spent + after.spent,
            today.reserved + after.reserved,
            today.calls + after.calls,
            today.refused + after.refused,
        )

    def knows(self, reservation_id: str) -> bool:
        """Whether this was asked before."""
        held = reservation_id in self.held or reservation_id in self.expired
        return held or reservation_id in self.ended

    @property
    def closes_at(self) -> Milliseconds:
        """When it leaves memory, if nothing is held."""
        return end_of(self.day) + DAY


def over(
    ledger: Ledger, part: b.LedgerPart, limits: BudgetLimits, task: str, who: str, amount: int
) -> list[BudgetNeed]:
    """The limits that this amount would pass, the narrowest first."""
    asked = [
        (BudgetScope.TASK, limits.task, ledger.of_task(task), part != "day"),
        (BudgetScope.PRINCIPAL, limits.principal, _of(ledger.principals, who), part != "task"),
        (BudgetScope.TENANT, limits.tenant, ledger.total, part != "task"),
    ]
    return [
        BudgetNeed(
            action="stop",
            scope=scope,
            limit=limit,
            spent=sums.spent,
            reserved=sums.reserved,
            estimate=amount,
        )
        for scope, limit, sums, is_kept_here in asked
        if is_kept_here
        and limit is not None
        and amount > 0
        and sums.spent + sums.reserved + amount > limit
    ]


def reserved(ledger: Ledger, event: b.BudgetReserved) -> Ledger:
    """Money is held."""
    held = Held(
        command_id=event.command_id,
        for_task=event.for_task,
        for_principal=event.for_principal,
        amount=event.amount,
        part=event.part,
        is_approved=event.is_approved,
        expires_at=event.expires_at,
    )
    ledger = replace(_named(ledger, event), held={**ledger.held, event.reservation_id: held})
    return _moved(ledger, held, reserved=event.amount, calls=1, used=event.amount)


def refused(ledger: Ledger, event: b.BudgetRefused, at: Milliseconds) -> Ledger:
    """A call was not paid; one that asks again later is not counted."""
    if event.need.action == "wait":
        return _named(ledger, event)
    held = Held(
        event.command_id, event.for_task, event.for_principal, 0, event.part, False, expires_at=at
    )
    stopped = Stopped(
        at, event.for_task, event.for_principal, event.command_id, event.need, event.reason
    )
    ledger = replace(
        _named(ledger, event),
        stopped=(*ledger.stopped, stopped)[-REMEMBERED:],
        ended=_remember(ledger.ended, event.reservation_id),
    )
    return _moved(ledger, held, refused=1)


def settled(ledger: Ledger, event: b.BudgetSettled) -> Ledger:
    """A call has cost something; one that was counted in full already is corrected."""
    name = event.reservation_id
    held = ledger.expired.get(name) if event.is_late else ledger.held.get(name)
    if held is None:
        return ledger
    ledger = replace(
        ledger,
        held={other: each for other, each in ledger.held.items() if other != name},
        expired={other: each for other, each in ledger.expired.items() if other != name},
        ended=_remember(ledger.ended, name),
        excess=ledger.excess + event.excess,
    )
    # Of an expired one nothing is held any more, and all of it is among the spent.
    was_spent = held.amount if event.is_late else 0
    return _moved(
        ledger,
        held,
        spent=event.actual - was_spent,
        reserved=was_spent - held.amount,
        used=event.actual - held.amount,
    )


def expired(ledger: Ledger, event: b.BudgetExpired) -> Ledger:
    """The money may be gone."""
    name = event.reservation_id
    held = ledger.held.get(name)
    if held is None:
        return ledger
    ledger = replace(
        ledger,
        held={other: each for other, each in ledger.held.items() if other != name},
        expired=dict([*ledger.expired.items(), (name, held)][-REMEMBERED:]),
    )
    return _moved(ledger, held, spent=held.amount, reserved=-held.amount)


def _named(ledger: Ledger, event: b.BudgetReserved | b.BudgetRefused) -> Ledger:
    return replace(ledger, tenant=event.tenant, day=event.day)


def _moved(ledger: Ledger, held: Held, used: int = 0, **changes: int) -> Ledger:
    """The sums after a change, in all of them that the reservation is part of."""
    approved = ledger.approved
    if held.is_approved:
        approved = {**approved, held.command_id: approved.get(held.command_id, 0) + used}
    if held.part == "task":
        later = _with(ledger.later, held.for_task, changes)
        return replace(ledger, later=later, approved=approved)
    return replace(
        ledger,
        total=_added(ledger.total, changes),
        principals=_with(ledger.principals, held.for_principal, changes),
        tasks=_with(ledger.tasks, held.for_task, changes),
        approved=approved,
    )


def _with(known: Mapping[str, Sums], name: str, changes: Mapping[str, int]) -> Mapping[str, Sums]:
    return {**known, name: _added(_of(known, name), changes)}


def _of(known: Mapping[str, Sums], name: str) -> Sums:
    return known.get(name) or Sums()


def _added(sums: Sums, changes: Mapping[str, int]) -> Sums:
    return replace(sums, **{name: getattr(sums, name) + more for name, more in changes.items()})


def _remember(ended: tuple[str, ...], name: str) -> tuple[str, ...]:
    return (*ended, name)[-REMEMBERED:]

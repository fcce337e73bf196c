"""Asks the ledger for money before a paid call, and tells it afterwards what was really spent.

Whoever is about to spend (the runner before a priced tool, the gateway before a model) reserves the
estimate and calls only when it got it. Nobody settles a call of which nothing is known: its
reservation ends by itself, at the full estimate, since the money may be gone.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import isfinite
from typing import Protocol

from agents.contract import GiveUp, Retry
from agents.models.waiting_line import WaitingLines
from streams.batch import Answer, Verdict
from streams.clock import Clock, new_salt, wall_clock
from streams.domain.budget import (
    Account,
    BudgetLimits,
    BudgetMode,
    BudgetNeed,
    BudgetScope,
    day_of,
    in_dollars,
    ledger_id,
    micros,
)
from streams.domain.commands import Command
from streams.domain.errors import LogError
from streams.domain.facts.budget import LedgerPart
from streams.domain.inputs import Input, ReserveBudget, SettleBudget
from streams.domain.values import Milliseconds, Money

Send = Callable[[Input], Awaitable[Answer]]
PATIENCE = 30.0  # seconds that a call waits for money which is held for others
GRACE: Milliseconds = 60_000  # after its time a command's report may still be on its way
_UNANSWERED = "nobody has answered whether there is money for it"


@dataclass(frozen=True, slots=True)
class Budgets:
    """The limits of a process, in US dollars. The limit of a task comes with its commands."""

    mode: BudgetMode = BudgetMode.STOP
    principal_day: Money | None = None
    tenant_day: Money | None = None
    ask_above: Money | None = None  # a call that may cost more than this needs a human's yes


@dataclass(frozen=True, slots=True)
class Reserved:
    """The money is there; settle it by this id."""

    reservation_id: str
    estimate: Money


@dataclass(frozen=True, slots=True)
class Refused:
    """The call must not be made. Amounts are US dollars; `need` is None when nobody answered."""

    reason: str
    estimate: Money
    need: BudgetNeed | None = None

    @property
    def scope(self) -> BudgetScope | None:
        """Whose limit it would pass."""
        return self.need.scope if self.need else None

    @property
    def limit(self) -> Money:
        """The limit."""
        return in_dollars(self.need.limit) if self.need else 0.0

    @property
    def spent(self) -> Money:
        """What was spent of it."""
        return in_dollars(self.need.spent) if self.need else 0.0

    @property
    def reserved(self) -> Money:
        """What is held for calls under way."""
        return in_dollars(self.need.reserved) if self.need else 0.0

    @property
    def mode(self) -> BudgetMode:
        """Whether a human may still allow it."""
        is_asking = self.need is not None and self.need.action == "ask"
        return BudgetMode.ASK if is_asking else BudgetMode.STOP

    def outcome(self, cost: Money = 0.0) -> GiveUp | Retry:
        """What an agent answers that cannot go on without this call; `cost` is what it has spent
        before."""
        if self.need is None:
            return Retry(self.reason, cost=cost)
        return GiveUp(self.reason, cost, self.need)


class Purse(Protocol):
    """Money for calls, reserved before and settled after each."""

    async def reserve(self, command: Command, estimate: Money) -> Reserved | Refused:
        """Ask for money, before every paid call. What people have allowed comes with the command.
        It is on disk when this returns.

        Raises:
            LogError: nothing can be kept any more; do not call.
        """

    async def settle(self, reservation_id: str, actual: Money) -> None:
        """Say what the call has cost, also if it failed; the first word counts."""

    async def record(self, command: Command, actual: Money) -> None:
        """What was spent without asking, less what calls of the command have settled already."""

    def forget(self, command: Command, reservation_id: str = "") -> None:
        """The attempt is over, or only this call of it. What it has not settled ends by itself, at
        the full estimate."""


@dataclass(frozen=True, slots=True)
class _Held:
    attempt: str
    amount: int
    ledgers: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    name: str
    amount: int
    mode: BudgetMode | None
    can_wait: bool
    at: Milliseconds


class LedgerPurse:
    """Reserves by inputs to the ledgers of the log."""

    def __init__(
        self,
        send: Send,
        budgets: Budgets,
        *,
        name: str,
        clock: Clock = wall_clock,
        patience: float = PATIENCE,
    ) -> None:
        self._send = send
        self._budgets = budgets
        self._name = name
        self._clock = clock
        self._patience = patience
        self._numbers = itertools.count(1)
        self._held: dict[str, _Held] = {}
        self._calls: dict[str, set[str]] = {}  # by attempt: its reservations that are held
        self._lines = WaitingLines()
        self._settled: dict[str, int] = {}  # by attempt: spent by its calls

    @property
    def is_waited_for(self) -> bool:
        """Whether some call waits for money that is held for others."""
        return self._lines.is_waited_in

    async def reserve(self, command: Command, estimate: Money) -> Reserved | Refused:
        """See `Purse.reserve`. Where only money that is held for others is in the way, it waits
        for them, at most its patience or as long as a call may take."""
        loop, lines = asyncio.get_running_loop(), _lines(command)
        deadline = loop.time() + min(self._patience, command.timeout / 1000)
        line = self._lines.first_of(lines.values()) if micros(estimate) else None
        looks = 0
        while True:
            if line is not None and loop.time() < deadline:
                await self._lines.wait(line, deadline, looks)
            can_wait = loop.time() < deadline
            got = await self._reserve(command, estimate, self._budgets.mode, can_wait=can_wait)
            if isinstance(got, Reserved) or got.need is None or got.need.action != "wait":
                self._lines.call([line] if line else [])  # who is behind may be told the same
                return got
            looks += line is not None
            line = lines[got.need.scope]

    async def settle(self, reservation_id: str, actual: Money) -> None:
        """See `Purse.settle`."""
        held = self._held.pop(reservation_id, None)
        if held is None:
            return
        self._calls.get(held.attempt, set()).discard(reservation_id)
        # A number that is none says nothing of the money: all of it counts as spent.
        spent = micros(actual) if isfinite(actual) and actual >= 0 else held.amount
        self._settled[held.attempt] = self._settled.get(held.attempt, 0) + spent
        for ledger in held.ledgers:
            await self._tell(ledger, reservation_id, spent)
        self._lines.call(held.lines)

    async def record(self, command: Command, actual: Money) -> None:
        """See `Purse.record`."""
        rest = _bill(actual) - self._settled.pop(_attempt(command), 0)
        if rest <= 0:
            return
        got = await self._reserve(command, in_dollars(rest), None)
        if isinstance(got, Reserved):
            await self.settle(got.reservation_id, got.estimate)
            self._settled.pop(_attempt(command), None)

    def forget(self, command: Command, reservation_id: str = "") -> None:
        """See `Purse.forget`."""
        if reservation_id:
            self._held.pop(reservation_id, None)
            return
        self._settled.pop(_attempt(command), None)
        for name in self._calls.pop(_attempt(command), ()):
            self._held.pop(name, None)

    async def _reserve(
        self, command: Command, estimate: Money, mode: BudgetMode | None, *, can_wait: bool = False
    ) -> Reserved | Refused:
        """One question; without a mode it is a bill, which asks nobody any more."""
        now, amount = self._clock(), micros(estimate)
        if not amount:  # what is free needs nobody's money; a bill all the same is recorded
            return Reserved("", estimate)
        number = next(self._numbers)
        tail = f":{command.attempt}:{self._name}:{number}"
        name = command.command_id[: 180 - len(tail)] + tail
        asked = _Asked(name, amount, mode, can_wait, now)
        done: list[str] = []
        for ledger, part in _parts(command.account or Account(), now):
            given = self._input(ledger, part, command, asked)
            answer = await self._send(given)
            if answer.verdict is not Verdict.ACCEPTED:
                for other in done:  # nothing was called: what was held elsewhere is free again
                    await self._tell(other, name, 0)
                return _refused(answer, estimate)
            done.append(ledger)
        self._calls.setdefault(_attempt(command), set()).add(name)
        self._held[name] = _Held(
            _attempt(command), amount, tuple(done), tuple(_lines(command).values())
        )
        return Reserved(name, estimate)

    def _input(
        self, ledger: str, part: LedgerPart, command: Command, asked: _Asked
    ) -> ReserveBudget:
        account = command.account or Account()
        return ReserveBudget(
            input_id=f"{asked.name}:{part}",
            task_id=ledger,
            at=asked.at,
            salt=new_salt(),
            principal=self._name,
            tenant=account.tenant,
            day=ledger.rsplit(".", 1)[1],
            part=part,
            reservation_id=asked.name,
            command_id=command.command_id,
            for_task=command.task_id,
            for_principal=account.principal,
            amount=asked.amount,
            approved=account.approved,
            limits=self._limits(account, is_bill=asked.mode is None),
            mode=asked.mode or BudgetMode.AUDIT,
            holds_for=command.timeout + GRACE,
            can_wait=asked.can_wait,
        )

    def _limits(self, account: Account, *, is_bill: bool) -> BudgetLimits:
        own = self._budgets
        return BudgetLimits(
            call=None if is_bill else _micros(own.ask_above),
            task=account.budget,
            principal=_micros(own.principal_day),
            tenant=_micros(own.tenant_day),
        )

    async def _tell(self, ledger: str, reservation_id: str, spent: int) -> None:
        try:
            await self._send(
                SettleBudget(
                    input_id=f"{reservation_id}:settled",
                    task_id=ledger,
                    at=self._clock(),
                    salt=new_salt(),
                    principal=self._name,
                    reservation_id=reservation_id,
                    actual=spent,
                )
            )
        except LogError:
            return  # the log has stopped: the reservation ends by its time, at the full estimate


def _parts(account: Account, now: Milliseconds) -> tuple[tuple[str, LedgerPart], ...]:
    """The ledgers to ask: a task's sum stays where the task began, the day's is today's."""
    today = day_of(now)
    begun = day_of(account.submitted_at) if account.submitted_at else today
    here = ledger_id(account.tenant, today)
    if begun == today:
        return ((here, "whole"),)
    return ((ledger_id(account.tenant, begun), "task"), (here, "day"))


def _lines(command: Command) -> dict[BudgetScope, str]:
    """Where a call waits, by the limit that is in its way."""
    account = command.account or Account()
    subjects = {
        BudgetScope.TENANT: account.tenant,
        BudgetScope.PRINCIPAL: f"{account.tenant} {account.principal}",
        BudgetScope.TASK: command.task_id,
    }
    return {scope: f"{scope} {subject}" for scope, subject in subjects.items()}


def _refused(answer: Answer, estimate: Money) -> Refused:
    if answer.verdict is not Verdict.REFUSED or not answer.details:
        return Refused(answer.reason or _UNANSWERED, estimate)
    need = BudgetNeed.model_validate(answer.details["need"])
    return Refused(answer.reason, estimate, need)


def _attempt(command: Command) -> str:
    return f"{command.command_id}:{command.attempt}"


def _bill(dollars: Money) -> int:
    return micros(dollars) if isfinite(dollars) else 0


def _micros(dollars: Money | None) -> int | None:
    return None if dollars is None else micros(dollars)

"""Pays for commands that agents elsewhere claim: money is reserved before a priced one is handed
out, and settled by what they report.
"""

from agents.models.budget import Purse, Refused, Reserved
from agents.paying import PriceOf
from api.deciding import Deciding
from streams.clock import Clock, new_salt
from streams.domain.budget import in_dollars
from streams.domain.commands import Command
from streams.domain.inputs import ReportFailure
from streams.domain.values import Money


class PayingElsewhere:
    """The reservations of this server's claims. Those of an earlier server end by themselves, at
    the full estimate."""

    def __init__(self, core: Deciding, purse: Purse, price_of: PriceOf, clock: Clock) -> None:
        self._core = core
        self._purse = purse
        self._price_of = price_of
        self._clock = clock
        self._held: dict[tuple[str, int], Reserved] = {}

    async def may_start(self, command: Command, runner: str) -> bool:
        """Whether there is money for a command that this runner has claimed; if not, the task is
        told why.

        Raises:
            LogError: nothing can be kept any more.
        """
        account = command.account
        named = in_dollars(account.estimate) if account else 0.0
        estimate = named or self._price_of(command.tool_id or "")
        if not estimate:
            return True
        held = await self._purse.reserve(command, estimate)
        if isinstance(held, Reserved):
            self._held[command.command_id, command.attempt] = held
            return True
        await self._refuse(command, runner, held)
        return False

    async def settle(
        self, command: Command, attempt: int | None, cost: Money, *, is_sure: bool = True
    ) -> None:
        """What the attempt has cost. Where an effect is in doubt, all of it may be gone."""
        held = self._held.pop((command.command_id, attempt or command.attempt), None)
        if held is None:
            await self._purse.record(command, cost)
            return
        await self._purse.settle(held.reservation_id, cost if is_sure else max(cost, held.estimate))
        self._purse.forget(command)

    async def _refuse(self, command: Command, runner: str, refused: Refused) -> None:
        await self._core.send(
            ReportFailure(
                input_id=f"{command.command_id}:{command.attempt}:unpaid"[:192],
                task_id=command.task_id,
                at=self._clock(),
                salt=new_salt(),
                principal=runner,
                command_id=command.command_id,
                attempt=command.attempt,
                runner=runner,
                reason=refused.reason,
                is_retryable=refused.need is None,
                budget=refused.need,
            )
        )

"""Pays for the commands of a runner: money is reserved before a priced tool begins, and settled by
what it says that it has cost.
"""

from collections.abc import Callable
from dataclasses import dataclass

from agents.contract import Agent
from agents.models.budget import Purse, Refused, Reserved
from streams.domain.budget import in_dollars
from streams.domain.commands import Command
from streams.domain.values import Money

PriceOf = Callable[[str], Money]


def no_price(tool_id: str) -> Money:
    """For a runner whose commands name their price, or have none."""
    return 0.0


@dataclass(frozen=True, slots=True)
class Paying:
    """A purse, and the prices of tools that no plan has named."""

    purse: Purse
    price_of: PriceOf = no_price

    def estimate(self, agent: Agent, command: Command) -> Money:
        """What the command may cost, in US dollars; 0 for an agent whose calls ask by
        themselves."""
        if agent.pays_itself:
            return 0.0
        if command.account is not None and command.account.estimate:
            return in_dollars(command.account.estimate)
        declared = {tool.tool_id: tool.estimated_cost for tool in agent.tools}
        tool_id = command.tool_id or ""
        return declared.get(tool_id) or self.price_of(tool_id)

    async def reserve(self, agent: Agent, command: Command) -> Reserved | Refused | None:
        """Money for the command; None if it is free.

        Raises:
            LogError: nothing can be kept any more.
        """
        estimate = self.estimate(agent, command)
        return await self.purse.reserve(command, estimate) if estimate else None

    def forget(self, command: Command) -> None:
        """The attempt is over, also if it was torn down: then the reservation ends by itself."""
        self.purse.forget(command)

"""An agent whose tool costs money, beside echo agents; and the world's own book of what was really
paid, which no crash of ours can change.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from agents.contract import Agent, Done, Outcome
from agents.echo import echo_agents
from streams.domain.budget import in_dollars, micros
from streams.domain.commands import Command
from streams.domain.plan import ExecutionPlan, StepTool, ToolSpecification
from streams.domain.values import Money

BUY = "shop.buy"


@dataclass
class World:
    """Who is paid: each call takes a random price up to the estimate, and is written down before it
    is told. Without a file it is kept in memory.
    """

    estimate: Money = 0.01
    path: Path | None = None
    seconds: float = 0.0  # the longest that a call takes
    most: int | None = None  # calls that are answered; the others wait for ever
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    paid: list[int] = field(default_factory=list)
    most_at_once: int = 0
    _under_way: int = 0

    async def buy(self, command: Command) -> Outcome:
        """One call."""
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            await asyncio.sleep(self.chance.uniform(0, self.seconds))
            if self.most is not None and len(self.paid) >= self.most:
                await asyncio.Event().wait()
            price = self.chance.randint(0, micros(self.estimate))
            self._write(command, price)
            await asyncio.sleep(self.chance.uniform(0, self.seconds))
        finally:
            self._under_way -= 1
        return Done({"echo": "bought"}, in_dollars(price), {"tool": BUY})

    @property
    def is_busy(self) -> bool:
        """Whether some call is under way."""
        return self._under_way > 0

    def _write(self, command: Command, price: int) -> None:
        self.paid.append(price)
        if self.path is not None:
            with self.path.open("a") as book:
                book.write(f"{command.command_id} {price}\n")

    @property
    def tool(self) -> ToolSpecification:
        """The tool as it is declared."""
        return ToolSpecification(
            tool_id=BUY,
            name="Buy",
            agent_type="shop",
            estimated_cost=self.estimate,
            is_repeatable=True,
        )

    def shop(self, concurrency: int = 1_000) -> Agent:
        """The agent."""
        tools = (self.tool,)
        return Agent("shop", effects={BUY: self.buy}, tools=tools, concurrency=concurrency)


def agents(world: World, *, has_alternative: bool = False) -> tuple[Agent, ...]:
    """Echo agents whose plans begin with a priced step, perhaps with a free tool in reserve: for
    all tasks, or for those whose metrics say `free`.
    """
    echoes = {agent.agent_type: agent for agent in echo_agents()}
    planner = echoes.pop("planner")
    computes = dict(planner.computes)
    listed, drafted = computes["DiscoverTools"], computes["PlanWorkflow"]

    def discover(command: Command) -> Outcome:
        found = _output(listed(command))
        return Done(found | {"tools": [*found["tools"], world.tool.as_json]})

    def plan(command: Command) -> Outcome:
        made = ExecutionPlan.model_validate(_output(drafted(command)))
        is_free = has_alternative or "free" in command.payload["business_metrics"]
        return Done(_priced(made, world, is_free).as_json)

    computes |= {"DiscoverTools": discover, "PlanWorkflow": plan}
    return (replace(planner, computes=computes), *echoes.values(), world.shop())


def _priced(made: ExecutionPlan, world: World, has_alternative: bool) -> ExecutionPlan:
    first, *others = made.steps
    free = (StepTool(tool_id=first.tool_id, agent_type=first.agent_type),)
    dear = {
        "tool_id": BUY,
        "agent_type": "shop",
        "estimated_cost": world.estimate,
        "alternatives": free if has_alternative else (),
    }
    steps: Sequence[object] = (first.model_copy(update=dear), *others)
    return made.model_copy(update={"steps": steps, "estimated_cost": world.estimate})


def _output(outcome: Outcome) -> dict[str, object]:
    assert isinstance(outcome, Done)
    return outcome.output

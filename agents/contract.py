"""What an agent is: a name, the tools it offers, and one handler for each thing it can be asked.

A handler that only computes is a plain function: the runner may call it before its command is on
disk, since nothing leaves the process. A handler with an effect (network, files, a model) is a
coroutine function: it runs only when its command is durable. Both answer an outcome; an exception
is a bug and counts as a failed attempt.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from streams.domain.budget import BudgetNeed
from streams.domain.commands import Command, CommandKind
from streams.domain.plan import ToolSpecification
from streams.domain.values import Json, Milliseconds


class AgentError(Exception):
    """An error of the agents package."""


@dataclass(frozen=True, slots=True)
class Done:
    """The work is done. `cost` is US dollars; `usage` says on what (model, tokens, …)."""

    output: Json
    cost: float = 0.0
    usage: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retry:
    """It did not work now, and surely nothing happened beyond `progress`; it may work later, after
    `after` milliseconds if the other side said so.

    The next attempt finds `progress` in its command. It replaces what earlier attempts reported, so
    it names all that is done so far, in at most 64 KB of JSON; if it is empty, theirs stands.
    """

    reason: str
    after: Milliseconds | None = None
    cost: float = 0.0
    progress: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It will not work, however often it is tried; with `budget`, only for want of money, and
    nothing was called.
    """

    reason: str
    cost: float = 0.0
    budget: BudgetNeed | None = None


@dataclass(frozen=True, slots=True)
class Uncertain:
    """An effect may or may not have happened, and the other side cannot tell. `progress` is what
    surely happened before it.

    Whoever is stopped by the runner's time has no say any more: an effect of several parts keeps
    time itself (`Command.act_before`, `Command.timeout`), so that what is done is not forgotten.
    """

    reason: str
    cost: float = 0.0
    progress: Json = field(default_factory=dict)


Outcome = Done | Retry | GiveUp | Uncertain
Compute = Callable[[Command], Outcome]
Effect = Callable[[Command], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent type. Handlers are found by tool_id for RunStep and Publish, else by the
    command's kind."""

    agent_type: str
    computes: Mapping[str, Compute] = field(default_factory=dict)
    effects: Mapping[str, Effect] = field(default_factory=dict)
    any_tool: Effect | None = None  # for tools of others, whose names are not known beforehand
    tools: tuple[ToolSpecification, ...] = ()
    concurrency: int = 16  # effects that may run at once
    pays_itself: bool = False  # its calls reserve their money: the runner need not

    def compute(self, command: Command) -> Compute | None:
        """The handler that only computes, if this command has one."""
        return self.computes.get(handler_key(command))

    def effect(self, command: Command) -> Effect | None:
        """The handler with an effect, if this command has one."""
        known = self.effects.get(handler_key(command))
        is_tool = command.kind is CommandKind.RUN_STEP and command.tool_id is not None
        return known or (self.any_tool if is_tool else None)


def handler_key(command: Command) -> str:
    """The name under which a command's handler is registered."""
    if command.kind in (CommandKind.RUN_STEP, CommandKind.PUBLISH):
        return command.tool_id or command.action or command.kind
    return command.kind

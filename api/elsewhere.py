"""Which commands are left to agents elsewhere, and the parts by which those get them. A type of
agents has one way to its work: an agent in this process, or agents that claim over HTTP."""

from collections.abc import Iterable

from agents.artifacts import ArtifactStore
from agents.catalog import builtin_tools
from agents.contract import Agent
from agents.external import FILE
from agents.tools.joining import Joining
from api.budgets import price_of, purse
from api.commands import Commands
from api.orchestrator import Orchestrator
from api.paying_elsewhere import PayingElsewhere
from api.presence import Presence
from api.queue import CommandQueue
from api.settings import Settings
from streams.domain.commands import AGENT_OF_KIND

CALLER = "mcp"  # the type of the agent that calls tools of servers


def left_to_us(settings: Settings, agents: Iterable[Agent]) -> tuple[Agent, ...]:
    """The agents whose types nobody elsewhere works."""
    return tuple(each for each in agents if each.agent_type not in settings.external_types)


def builtin_types() -> frozenset[str]:
    """The types that the package has agents for, whoever runs them."""
    types = {tool.agent_type for tool in builtin_tools()} | {CALLER}
    return frozenset(types | set(AGENT_OF_KIND.values()))


def commands_elsewhere(
    settings: Settings, here: Orchestrator, tools: Joining, agents: Iterable[Agent] = ()
) -> Commands:
    """The queue for agents elsewhere.

    Args:
        tools: all that there are, with the permissions that hold.
        agents: who works in this process. Where nobody does, the built-in types are left to the
            process that works them.
    """
    own = frozenset(each.agent_type for each in agents)
    queue = CommandQueue(
        here.core,
        worked=(own or builtin_types()) - settings.external_types,
        limits=settings.type_limits,
        clock=here.now,
        paying=PayingElsewhere(
            here.core,
            purse(settings, here.core.send, here.now, patience=0.0),
            price_of(tools),
            here.now,
        ),
    )
    # Large values of workers on other machines lie in their directories, not in this one.
    is_embedded = settings.kafka is None
    artifacts = ArtifactStore(settings.data / "artifacts") if is_embedded else None
    presence = Presence(settings.data / FILE, here.now)
    return Commands(here, queue, presence, artifacts, tools=tools, own=own)

"""The one place where parts are put together: which log, which agents, which read models."""

import gc
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agents.artifacts import ArtifactStore
from agents.contract import Agent
from agents.paying import Paying
from agents.runner import Runner
from agents.tools.joining import Joining
from api.budgets import price_of, purse
from api.commands import Commands
from api.deciding import Deciding
from api.elsewhere import commands_elsewhere, left_to_us
from api.inbox import Inbox, Requests
from api.known_tools import callers, knowing_tools
from api.measures import Measures
from api.model_desk import with_models
from api.model_outcomes import ModelOutcomes
from api.orchestrator import Orchestrator
from api.read_models import ReadModels
from api.settings import Settings
from streams.clock import Clock, wall_clock
from streams.embedded import Embedded
from streams.log import Log
from streams.sqlite import SqliteLog

if TYPE_CHECKING:
    from api.chat.service import Chat


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that runs in this process."""

    settings: Settings
    log: Log
    core: Deciding
    runner: Runner
    orchestrator: Orchestrator
    read_models: ReadModels
    inbox: Requests
    tools: Joining
    commands: Commands
    chat: "Chat"


def all_agents(data: Path) -> tuple[Agent, ...]:
    """The built-in agents."""
    from agents.co_founder import CO_FOUNDER
    from agents.compliance import compliance_agent
    from agents.compliance_rules.rulebook import company_rulebook
    from agents.content import CONTENT
    from agents.evaluator import evaluator_agent
    from agents.financial import FINANCIAL
    from agents.market_insight import market_insight_agent
    from agents.planner import PLANNER
    from agents.publishers.outbox import publisher_agent

    publisher = publisher_agent(data / "outbox")
    rules = company_rulebook(data / "compliance")
    checkers = (compliance_agent(rules), evaluator_agent(rules))
    market_insight = market_insight_agent(data / "inputs")
    return (PLANNER, FINANCIAL, market_insight, CONTENT, *checkers, CO_FOUNDER, publisher)


def own_agents(settings: Settings, clock: Clock = wall_clock) -> tuple[Agent, ...]:
    """The built-in agents, of which the publisher uses the channels that are live, and the one that
    calls MCP servers where some are named."""
    from api.channels import with_live_channels

    built_in = with_live_channels(all_agents(settings.data), settings, clock)
    return (*built_in, *callers(settings))


def echo_agents() -> tuple[Agent, ...]:
    """Agents that only echo, to try the core by itself."""
    from agents.echo import echo_agents as echoes

    return echoes()


@asynccontextmanager
async def running(
    settings: Settings,
    agents: Iterable[Agent] | None = None,
    *,
    url: str | None = None,
    clock: Clock = wall_clock,
    has_servers: bool | None = None,
) -> AsyncIterator[Parts]:
    """The embedded form, from the lock on the data directory to the last commit.

    Args:
        settings: where the data is, and what else is configured.
        agents: who works; all built-in agents unless stated. Without any, tasks can be taken in,
            looked at and decided, and nothing expires.
        url: where this process answers, for whoever finds the directory locked.
        clock: milliseconds since the Unix epoch.
        has_servers: connect to MCP servers; unless stated, if all built-in agents work.

    Raises:
        Locked: another process holds the data directory; the error names its address.
        LogError: the log cannot be opened or is damaged.
    """
    from api.chat.wiring import chatting

    workers = own_agents(settings, clock) if agents is None else tuple(agents)
    is_working = bool(workers)
    log = await SqliteLog.open(settings.data, url=url)
    stack = AsyncExitStack()
    try:
        core: Embedded
        measures = Measures()
        is_connecting = agents is None if has_servers is None else has_servers
        known = knowing_tools(settings, measured=measures.figures, has_servers=is_connecting)
        tools = await stack.enter_async_context(known)
        workers = left_to_us(settings, tools.join(workers))
        money = purse(settings, lambda given: core.send(given), clock)
        outcomes = ModelOutcomes(clock)
        workers = await stack.enter_async_context(
            with_models(settings, workers, money, clock, outcomes=outcomes, log=log)
        )
        runner = Runner(
            workers,
            lambda given: core.send(given),
            artifacts=ArtifactStore(settings.data / "artifacts"),
            clock=clock,
            paying=Paying(money, price_of(tools.joining)),
        )
        core = Embedded(log, runner, clock=clock, has_timers=is_working)
        core.listen(measures.told)
        core.listen(outcomes.told)
        await core.start()
        measures.remember(core.states().values())
        read_models = ReadModels(settings, log, core, measures=measures)
        orchestrator = Orchestrator(settings, log, core, runner, clock)
        inbox = Inbox(log, orchestrator)
        queue = commands_elsewhere(settings, orchestrator, tools.joining, workers)
        try:
            with calm_collector():
                await inbox.drain()
                async with chatting(settings, orchestrator, read_models, money, clock) as chat:
                    yield Parts(
                        settings,
                        log,
                        core,
                        runner,
                        orchestrator,
                        read_models,
                        inbox,
                        tools.joining,
                        queue,
                        chat,
                    )
        finally:
            queue.close()
            await runner.stop()
            await core.stop()
            await read_models.close()
    finally:
        await stack.aclose()
        await log.close()


@contextmanager
def calm_collector() -> Iterator[None]:
    """What lives as long as the process is not looked through again and again; measured 15 to 20
    % of the CPU."""
    thresholds, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    # A thread that waits for the interpreter behind a busy event loop gets it ten times sooner.
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
        sys.setswitchinterval(interval)

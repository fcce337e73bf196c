"""The one place where parts are put together: which log, which agents, which read models."""

import gc
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from agents.artifacts import ArtifactStore
from agents.contract import Agent
from agents.runner import Runner
from api.deciding import Deciding
from api.inbox import Inbox, Requests
from api.orchestrator import Orchestrator
from api.read_models import ReadModels
from api.settings import Settings
from streams.clock import Clock, wall_clock
from streams.embedded import Embedded
from streams.log import Log
from streams.sqlite import SqliteLog


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


def all_agents(data: Path) -> tuple[Agent, ...]:
    """The built-in agents."""
    from agents.compliance import COMPLIANCE
    from agents.content import CONTENT
    from agents.evaluator import EVALUATOR
    from agents.financial import FINANCIAL
    from agents.market_insight import MARKET_INSIGHT
    from agents.planner import PLANNER
    from agents.publishers.outbox import publisher_agent

    publisher = publisher_agent(data / "outbox")
    return (PLANNER, FINANCIAL, MARKET_INSIGHT, CONTENT, COMPLIANCE, EVALUATOR, publisher)


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
) -> AsyncIterator[Parts]:
    """The embedded form, from the lock on the data directory to the last commit.

    Args:
        settings: where the data is, and what else is configured.
        agents: who works; all built-in agents unless stated. Without any, tasks can be taken in,
            looked at and decided, and nothing expires.
        url: where this process answers, for whoever finds the directory locked.
        clock: milliseconds since the Unix epoch.

    Raises:
        Locked: another process holds the data directory; the error names its address.
        LogError: the log cannot be opened or is damaged.
    """
    workers = all_agents(settings.data) if agents is None else tuple(agents)
    log = await SqliteLog.open(settings.data, url=url)
    try:
        core: Embedded
        runner = Runner(
            workers,
            lambda given: core.send(given),
            artifacts=ArtifactStore(settings.data / "artifacts"),
            clock=clock,
        )
        core = Embedded(log, runner, clock=clock, has_timers=bool(workers))
        await core.start()
        read_models = ReadModels(settings, log, core)
        orchestrator = Orchestrator(settings, log, core, runner, clock)
        inbox = Inbox(log, orchestrator)
        try:
            with calm_collector():
                await inbox.drain()
                yield Parts(settings, log, core, runner, orchestrator, read_models, inbox)
        finally:
            await runner.stop()
            await core.stop()
            await read_models.close()
    finally:
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

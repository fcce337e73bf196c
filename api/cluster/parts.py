"""The one place where the processes of a cluster are put together: workers, agents, the API, and
the read models."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from agents.artifacts import ArtifactStore
from agents.contract import Agent
from agents.models.budget import Purse
from agents.paying import Paying
from agents.runner import Runner
from api.bootstrap import Parts, calm_collector, own_agents
from api.budgets import purse
from api.cluster.broker import broker_of
from api.cluster.core import DECIDED_WITHIN, ClusterCore
from api.cluster.fold import Fold
from api.cluster.requests import ClusterInbox, reading
from api.elsewhere import commands_elsewhere, left_to_us
from api.known_tools import CALLER, PUBLISHER, knowing_tools
from api.model_desk import with_models
from api.orchestrator import Orchestrator
from api.read_models import ReadModels
from api.settings import Settings
from streams.clock import Clock, wall_clock
from streams.kafka.connection import PATIENCE
from streams.kafka.inbox import Inbox
from streams.kafka.log import KafkaLog
from streams.kafka.membership import SESSION
from streams.kafka.queues import Queues
from streams.kafka.sender import Sender
from streams.lock import DirectoryLock
from streams.log import COMMANDS
from streams.shell import Shell
from streams.worker import FaustWorker

FAREWELL = 10.0  # seconds that effects on their way have when a process ends


class Running(Protocol):
    """A part of a cluster in this process."""

    @property
    def failure(self) -> BaseException | None:
        """Why it cannot go on; the process must end with an error then."""


@dataclass(slots=True)
class Crew:
    """What runs in this process, by the name of its part."""

    parts: dict[str, Running]
    worker: FaustWorker | Shell | None = None
    queues: Queues | None = None

    @property
    def failure(self) -> BaseException | None:
        """The first reason why some part cannot go on."""
        found = (part.failure for part in self.parts.values())
        return next((error for error in found if error is not None), None)

    @property
    def is_ready(self) -> bool:
        """Whether all that was given to this process has been taken over."""
        members = [part for part in (self.worker, self.queues) if part is not None]
        return self.failure is None and all(part.is_ready for part in members)

    async def lag(self) -> Mapping[str, int]:
        """How far behind the ends of their topics our partitions are, in offsets."""
        if self.worker is not None:
            return {f"inputs/{n}": lag for n, lag in sorted((await self.worker.lag()).items())}
        return {} if self.queues is None else await self.queues.lag()


@asynccontextmanager
async def working(
    settings: Settings,
    agents: Sequence[Agent] | None = None,
    *,
    is_plain: bool = False,
    name: str = "worker",
    clock: Clock = wall_clock,
    session: float = SESSION,
) -> AsyncIterator[Crew]:
    """A worker with an inbox: decides, and has done by its own agents what they can.

    Args:
        agents: in this process; all built-in ones unless stated, none leaves everything to
            `agents run` elsewhere.
        is_plain: the plain loop in place of Faust.
        session: seconds of silence after which others take over.

    Raises:
        LogError: the broker cannot be reached, or its topics do not fit.
    """
    own = left_to_us(settings, own_agents(settings, clock) if agents is None else agents)
    async with AsyncExitStack() as stack:
        own = await _with_tools(settings, own, stack)
        log = await _opened(settings, stack)
        # A new topic takes a moment, for which the first task would have to wait.
        await log.make_queues(COMMANDS + agent.agent_type for agent in own)
        sender = Sender(log)
        stack.push_async_callback(sender.close)
        money = purse(settings, sender.send, clock)
        own = await stack.enter_async_context(with_models(settings, tuple(own), money, clock))
        runner = _runner(settings, own, sender, clock, money)
        stack.push_async_callback(runner.stop, FAREWELL)
        kind = Shell if is_plain else FaustWorker
        worker = kind(log, hands=runner if own else None, clock=clock, name=name, session=session)
        inbox = Inbox(log, reading(settings, clock), clock=clock, session=session)
        stack.enter_context(calm_collector())
        await worker.start()
        stack.push_async_callback(worker.stop)
        await inbox.start()
        stack.push_async_callback(inbox.stop)
        yield Crew({"worker": worker, "inbox": inbox, "sender": sender}, worker)


@asynccontextmanager
async def agents_running(
    settings: Settings,
    agents: Iterable[Agent],
    *,
    clock: Clock = wall_clock,
    session: float = SESSION,
) -> AsyncIterator[Crew]:
    """Agents that take their work from the queues of their types."""
    own = left_to_us(settings, agents)
    async with AsyncExitStack() as stack:
        own = await _with_tools(settings, own, stack)
        log = await _opened(settings, stack)
        sender = Sender(log)
        stack.push_async_callback(sender.close)
        money = purse(settings, sender.send, clock)
        own = await stack.enter_async_context(with_models(settings, tuple(own), money, clock))
        runner = _runner(settings, own, sender, clock, money)
        stack.push_async_callback(runner.stop, FAREWELL)
        types = [agent.agent_type for agent in own]
        queues = Queues(log, types, runner, sender, clock=clock, session=session)
        await queues.start()
        stack.push_async_callback(queues.stop, FAREWELL)
        yield Crew({"queues": queues}, queues=queues)


@asynccontextmanager
async def serving(
    settings: Settings,
    *,
    url: str | None = None,
    clock: Clock = wall_clock,
    patience: float = DECIDED_WITHIN,
) -> AsyncIterator[Parts]:
    """What the API needs, against a broker; others decide.

    Args:
        url: where this process answers, for the verbs that find the directory locked.
        patience: seconds until it counts as nobody deciding.

    Raises:
        Locked: another process holds the data directory.
        LogError: the broker cannot be reached, or its topics do not fit.
    """
    from api.chat.wiring import chatting

    async with AsyncExitStack() as stack:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        stack.callback(DirectoryLock(settings.data, url).release)
        log = await _opened(settings, stack)
        fold = Fold(log)
        core = ClusterCore(log, fold, patience=patience)
        stack.push_async_callback(core.close)
        await fold.start()
        stack.push_async_callback(fold.stop)
        runner = Runner((), core.send, clock=clock)
        read_models = ReadModels(settings, log, core, hears_records=False)
        stack.push_async_callback(read_models.close)
        orchestrator = Orchestrator(settings, log, core, runner, clock)
        inbox = ClusterInbox(log, settings, clock, orchestrator, patience=patience)
        tools = await stack.enter_async_context(knowing_tools(settings, has_servers=False))
        commands = commands_elsewhere(settings, orchestrator, tools.joining)
        stack.callback(commands.close)
        money = purse(settings, core.send, clock)
        chat = await stack.enter_async_context(
            chatting(settings, orchestrator, read_models, money, clock, is_shared=True)
        )
        yield Parts(
            settings,
            log,
            core,
            runner,
            orchestrator,
            read_models,
            inbox,
            tools.joining,
            commands,
            chat,
        )


@asynccontextmanager
async def opened(settings: Settings, patience: float = PATIENCE) -> AsyncIterator[KafkaLog]:
    """The log alone; a broker that is not there is tried for so many seconds."""
    async with AsyncExitStack() as stack:
        yield await _opened(settings, stack, patience)


async def _opened(
    settings: Settings, stack: AsyncExitStack, patience: float = PATIENCE
) -> KafkaLog:
    log = await KafkaLog.open(broker_of(settings, patience))
    stack.push_async_callback(log.close)
    return log


async def _with_tools(
    settings: Settings, own: tuple[Agent, ...], stack: AsyncExitStack
) -> tuple[Agent, ...]:
    """The agents with the tools of others, where one of them plans or calls such tools, and with
    the permissions of what publishes. The servers are connected to in each such process, for
    itself."""
    types = {agent.agent_type for agent in own}
    has_servers = not types.isdisjoint({"planner", CALLER})
    if not has_servers and PUBLISHER not in types:
        return own
    tools = await stack.enter_async_context(knowing_tools(settings, has_servers=has_servers))
    return tools.join(own)


def _runner(
    settings: Settings, agents: Sequence[Agent], sender: Sender, clock: Clock, money: Purse
) -> Runner:
    artifacts = ArtifactStore(settings.data / "artifacts")
    paying = Paying(money)
    return Runner(agents, sender.send, artifacts=artifacts, clock=clock, paying=paying)

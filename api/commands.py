"""The command queue as people and agents elsewhere use it: look, claim, and whose turn it is."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from agents.artifacts import ArtifactMissing, ArtifactStore
from agents.tools.joining import Joining
from api.command_story import Told, task_id_of, told_of
from api.errors import Conflict, NotFound, UsageError
from api.orchestrator import Orchestrator
from api.presence import Presence
from api.queue import Claimed, CommandQueue, Wanted
from api.security import Principal
from streams.domain.state import TaskState
from streams.domain.values import Milliseconds
from streams.envelope import StoredEvent

NOT_HERE = (
    "the commands of {type!r} are worked by an agent in this process: start the server with "
    "ORCHESTRATOR_EXTERNAL_AGENTS={type} to leave them to agents of yours"
)


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who tells something about a command, and about which attempt; None is the current one."""

    who: Principal
    agent: str | None = None
    attempt: int | None = None

    @property
    def runner(self) -> str:
        """The name in claims and results."""
        return self.agent or self.who.name


class Commands:
    """The queue as people and agents elsewhere use it.

    Args:
        tools: all that there are, with the permissions that hold.
        own: the agent types that have an agent in this process.
        artifacts: where large values lie; None where this process has none of the workers' files.
    """

    def __init__(
        self,
        here: Orchestrator,
        queue: CommandQueue,
        presence: Presence,
        artifacts: ArtifactStore | None = None,
        *,
        tools: Joining,
        own: frozenset[str] = frozenset(),
    ) -> None:
        self.own = own
        self.tools = tools
        self.queue = queue
        self.presence = presence
        self._here = here
        self.artifacts = artifacts

    def close(self) -> None:
        """Let all who wait for work go with nothing."""
        self.queue.close()

    async def look(self, command_id: str, who: Principal) -> tuple[Told, TaskState, int]:
        """A command in full, with its task and the newest event of that.

        Raises:
            NotFound: there is none of that id, or it is another tenant's.
        """
        told, state, events = await self._read(command_id, who)
        told.payload, told.result = await self._resolved((told.payload, told.result))
        return told, state, events[-1].header.sequence

    async def history(self, command_id: str, who: Principal) -> tuple[Told, Sequence[StoredEvent]]:
        """A command with the events of its task."""
        told, _, events = await self._read(command_id, who)
        return told, events

    async def claim(
        self,
        reporter: Reporter,
        agent_types: Sequence[str],
        *,
        lease: Milliseconds,
        limit: int = 1,
        wait: float = 0.0,
        has_left: Callable[[], Awaitable[bool]],
    ) -> list[Claimed]:
        """Take work exclusively, the best first; without `agent_types`, of those that the agent
        registered.

        Raises:
            Conflict: a type is worked by this process itself.
            UsageError: no type is named.
        """
        agent = self.presence.touch(reporter.who, reporter.runner, is_asking=True)
        try:
            known = agent.registration
            types = tuple(agent_types) or (known.agent_types if known else ())
            if not types:
                raise UsageError("name an agent_type, or register the agent first")
            self.check_open(types)
            wanted = Wanted(
                tenant=reporter.who.tenant,
                runner=reporter.runner,
                agent_types=types,
                lease=lease,
                limit=limit,
                at_once=known.concurrency if known else None,
            )
            claimed = await self.queue.claim(wanted, wait=wait, has_left=has_left)
            return [await self._whole(each) for each in claimed]
        finally:
            self.presence.answered(reporter.who.tenant, reporter.runner)
            await self.presence.keep_fresh()

    def check_open(self, agent_types: Sequence[str], pointer: str = "/agent_type") -> None:
        """Whether all these types are left to agents elsewhere.

        Raises:
            Conflict: an agent in this process works one of them.
        """
        for name in agent_types:
            if name in self.queue.worked:
                raise Conflict(NOT_HERE.format(type=name), pointer=pointer, code="worked_here")

    async def task(self, command_id: str, who: Principal) -> TaskState:
        """The task of a command of this principal's tenant."""
        missing = NotFound(
            f"there is no command {command_id!r}: `orchestrator commands list` shows those that "
            "there are"
        )
        try:
            state = (await self._here.look(task_id_of(command_id))).state
        except NotFound:
            raise missing from None
        is_there = command_id in state.commands or command_id in state.finished
        if state.tenant != who.tenant or not is_there:
            raise missing
        return state

    async def _read(
        self, command_id: str, who: Principal
    ) -> tuple[Told, TaskState, Sequence[StoredEvent]]:
        await self.task(command_id, who)
        events = await self._here.events(task_id_of(command_id))
        told, state = told_of(command_id, events)
        if told.issued is None:
            raise NotFound(f"what command {command_id!r} was about has been erased")
        return told, state, events

    async def _whole(self, claimed: Claimed) -> Claimed:
        """With large values in their place."""
        (payload,) = await self._resolved((claimed.command.payload,))
        whole = claimed.command.model_copy(update={"payload": payload})
        return Claimed(whole, claimed.runner, claimed.lease_until, claimed.sequence)

    async def _resolved(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Values with what they refer to in its place, as far as this process has it; else whoever
        looks sees the reference, and can say what is missing."""
        store = self.artifacts
        if store is None or not store.is_used:
            return values
        try:
            return tuple(await asyncio.to_thread(store.resolve, list(values)))
        except ArtifactMissing:
            return values

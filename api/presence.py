"""Which agents are there: those that registered or asked for work, and when they were last in
touch."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agents.external import (
    LOST_AFTER,
    Registration,
    read_registrations,
    write_registrations,
)
from api.errors import Conflict, Forbidden, NotFound
from api.security import Principal
from streams.clock import Clock
from streams.domain.plan import ToolSpecification
from streams.domain.values import Milliseconds

MOST_UNREGISTERED = 1_000  # names that only asked for work; those longest silent are forgotten
MOST_REGISTERED = 1_000  # a tenant
SAVED_EVERY: Milliseconds = 30_000  # a sign of life alone is not written more often

CLOCK = "clock"  # in whose name the core itself reports that nobody came back

Key = tuple[str, str]  # tenant and name
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Present:
    """An agent as it is known now."""

    name: str
    tenant: str
    principal: str
    seen_at: Milliseconds
    registration: Registration | None = None
    polls: int = 0  # questions of its for work that wait right now

    def is_lost(self, now: Milliseconds) -> bool:
        """Whether it has been silent for too long; who waits for an answer is not silent."""
        return self.polls == 0 and now - self.seen_at >= LOST_AFTER


class Presence:
    """The agents of one data directory. A name belongs to the principal that used it first."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._known: OrderedDict[Key, Present] = OrderedDict()  # longest silent first
        self._saved_at = clock()
        self._writing = asyncio.Lock()
        for each in sorted(read_registrations(path), key=lambda r: r.seen_at):
            self._known[each.key] = Present(
                each.name, each.tenant, each.principal, each.seen_at, each
            )

    def of(self, tenant: str) -> list[Present]:
        """All agents of a tenant, by name."""
        found = [each for each in self._known.values() if each.tenant == tenant]
        return sorted(found, key=lambda each: each.name)

    def get(self, tenant: str, name: str) -> Present | None:
        """One agent, if it is known."""
        return self._known.get((tenant, name))

    def touch(self, who: Principal, name: str, *, is_asking: bool = False) -> Present:
        """A sign of life under a name; with `is_asking`, it waits for work until `answered`.

        Raises:
            Forbidden: the name is somebody else's, or the core's own.
        """
        if name == CLOCK:
            raise Forbidden(f"{name!r} is not for agents: name yours otherwise", pointer="/agent")
        key = (who.tenant, name)
        known = self._known.get(key)
        if known is None:
            self._forget_silent()
            known = Present(name, who.tenant, who.name, 0)
        elif known.principal != who.name and not who.may("admin"):
            raise Forbidden(
                f"the agent {name!r} is {known.principal!r}'s: name yours otherwise",
                pointer="/agent",
            )
        here = replace(known, seen_at=self._clock(), polls=known.polls + is_asking)
        self._known[key] = here
        self._known.move_to_end(key)
        return here

    def answered(self, tenant: str, name: str) -> None:
        """A question of it was answered. One that has been removed meanwhile stays so."""
        known = self._known.get((tenant, name))
        if known is not None:
            polls = max(0, known.polls - 1)
            self._known[tenant, name] = replace(known, seen_at=self._clock(), polls=polls)

    async def register(
        self,
        who: Principal,
        name: str,
        agent_types: Sequence[str],
        tools: Sequence[ToolSpecification],
        concurrency: int,
    ) -> tuple[Registration, bool]:
        """Keep what an agent says of itself; True if that is new or changed. The same again is a
        sign of life.

        Raises:
            Forbidden: the name is somebody else's.
            Conflict: a tool is another agent's, or there are too many agents.
        """
        known = self.get(who.tenant, name)
        before = known.registration if known else None
        self._check(who.tenant, name, tools, is_new=before is None)
        here = self.touch(who, name)
        said = Registration(
            name=name,
            tenant=who.tenant,
            principal=here.principal,
            agent_types=tuple(agent_types),
            tools=tuple(tools),
            concurrency=concurrency,
            registered_at=before.registered_at if before else here.seen_at,
            seen_at=here.seen_at,
        )
        is_changed = before is None or said.model_copy(update={"seen_at": before.seen_at}) != before
        self._known[said.key] = replace(here, registration=said)
        if is_changed:
            await self._save()
        else:
            await self.keep_fresh()
        return said, is_changed

    async def remove(self, who: Principal, name: str) -> None:
        """Forget an agent; what it holds stays its own until the leases end.

        Raises:
            NotFound: there is none of that name.
            Forbidden: it is somebody else's.
        """
        if self.get(who.tenant, name) is None:
            raise NotFound(f"there is no agent {name!r}: `orchestrator agents list` shows them")
        gone = self.touch(who, name)
        del self._known[who.tenant, name]
        if gone.registration is not None:
            await self._save()

    async def keep_fresh(self) -> None:
        """Write signs of life down, if the file is far behind: it says who is lost. Where that does
        not work it is tried again later: what an agent has just been given must reach it."""
        if self._clock() - self._saved_at >= SAVED_EVERY and not self._writing.locked():
            try:
                await self._save()
            except OSError as error:
                logger.warning("%s cannot be written: %s", self._path, error)

    async def _save(self) -> None:
        async with self._writing:
            self._saved_at = self._clock()
            kept = [
                each.registration.model_copy(update={"seen_at": each.seen_at})
                for each in self._known.values()
                if each.registration is not None
            ]
            if kept or self._path.exists():
                await asyncio.to_thread(write_registrations, self._path, kept)

    def _check(
        self, tenant: str, name: str, tools: Sequence[ToolSpecification], *, is_new: bool
    ) -> None:
        """Whether these tools can be this agent's: others may offer the same, not another one under
        the same id."""
        now = self._clock()
        others = [
            each
            for each in self.of(tenant)
            if each.registration is not None and each.name != name and not each.is_lost(now)
        ]
        if is_new and len(others) >= MOST_REGISTERED:
            raise Conflict(f"{len(others):,} agents are registered: remove some first")
        wanted = {tool.tool_id: (place, tool) for place, tool in enumerate(tools)}
        for other in others:
            for tool in other.registration.tools if other.registration else ():
                place, own = wanted.get(tool.tool_id, (0, tool))
                if own != tool:
                    raise Conflict(
                        f"agent {other.name!r} offers another tool {tool.tool_id!r}: "
                        "choose another id, or offer exactly the same",
                        pointer=f"/tools/{place}/tool_id",
                    )

    def _forget_silent(self) -> None:
        unregistered = sum(each.registration is None for each in self._known.values())
        if unregistered < MOST_UNREGISTERED:
            return
        silent = (
            k for k, each in self._known.items() if each.registration is None and not each.polls
        )
        oldest = next(silent, None)
        if oldest is not None:
            del self._known[oldest]

"""Work for agents elsewhere: who asks gets a free command for a time, the best first, or waits for
one. Every claim is decided by the core and on disk before it is handed out."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from api.claimable import Claimable, Holding, Offer, Place
from api.deciding import Deciding
from api.paying_elsewhere import PayingElsewhere
from streams.batch import Verdict
from streams.clock import Clock, new_salt
from streams.decider import react
from streams.domain.commands import Command
from streams.domain.inputs import ClaimCommand
from streams.domain.state import TaskState
from streams.domain.values import Milliseconds
from streams.log import Record

MOST_WAITING = 2_000  # askers that may wait at once; more are answered at once, with nothing
LOST_RACES = 8  # in a row, after which the asker is told that there is nothing


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for. `lease` is milliseconds; `limit` the most commands of one answer."""

    tenant: str
    runner: str
    agent_types: tuple[str, ...]
    lease: Milliseconds
    limit: int = 1
    at_once: int | None = None  # the most that this runner may hold

    @property
    def places(self) -> tuple[Place, ...]:
        """Where it is looked for."""
        return tuple((self.tenant, agent_type) for agent_type in self.agent_types)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A command with its lease."""

    command: Command
    runner: str
    lease_until: Milliseconds
    sequence: int


async def _stays() -> bool:
    return False


class CommandQueue:
    """Hands out commands of the types that no agent in this process works.

    Args:
        core: decides the claims, and tells of commits.
        worked: agent types that are worked here; their commands are never handed out.
        limits: by agent type, the most commands that may be held at once.
        paying: asks for money before a priced command is handed out.
    """

    def __init__(
        self,
        core: Deciding,
        *,
        worked: Collection[str] = (),
        limits: Mapping[str, int] | None = None,
        clock: Clock,
        paying: PayingElsewhere | None = None,
    ) -> None:
        self.worked = frozenset(worked)
        self.limits = dict(limits or {})
        self.paying = paying
        self._core = core
        self._clock = clock
        self._index = Claimable(self.worked)
        self._waiting: dict[Place, deque[asyncio.Future[None]]] = {}
        self._waiters = 0
        self._is_closed = False
        for state in list(core.states().values()):
            self._index.update(state)
        self._stop_hearing = core.listen(self._hear)

    async def claim(
        self,
        wanted: Wanted,
        *,
        wait: float = 0.0,
        has_left: Callable[[], Awaitable[bool]] = _stays,
    ) -> list[Claimed]:
        """Up to `limit` commands, which are the runner's until their leases end.

        Args:
            wanted: what is asked for, and by whom.
            wait: seconds to wait where there is nothing.
            has_left: whether the asker is gone; then nothing is claimed for it any more.

        Raises:
            LogError: the claims could not be kept.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait
        while True:
            if self._is_closed or await has_left():
                self._pass_on(wanted.places)
                return []
            claimed = await self._claim_now(wanted)
            left = deadline - loop.time()
            if claimed or left <= 0 or self._waiters >= MOST_WAITING:
                return claimed
            await self._wait(wanted.places, left)

    @property
    def askers(self) -> int:
        """How many wait for work now."""
        return self._waiters

    def places(self, tenant: str) -> list[Place]:
        """Where a tenant has something that is free."""
        return self._index.places(tenant)

    def waiting(self, place: Place) -> int:
        """How many commands are free there."""
        return self._index.waiting(place)

    def holdings(self, tenant: str) -> list[Holding]:
        """What runners hold of a tenant's commands."""
        return list(self._index.holdings(tenant))

    def close(self) -> None:
        """Let all who wait go with nothing; they ask the next server. Twice is harmless."""
        if self._is_closed:
            return
        self._is_closed = True
        self._stop_hearing()
        for waiters in self._waiting.values():
            for waiter in waiters:
                _ring(waiter)

    async def _claim_now(self, wanted: Wanted) -> list[Claimed]:
        claimed: list[Claimed] = []
        lost = 0
        while len(claimed) < wanted.limit and lost < LOST_RACES:
            offers = self._take(wanted, wanted.limit - len(claimed))
            if not offers:
                break
            found = await asyncio.gather(
                *(self._decide(offer, wanted) for offer in offers), return_exceptions=True
            )
            claimed += [each for each in found if isinstance(each, Claimed)]
            failure = next((each for each in found if isinstance(each, BaseException)), None)
            if failure is not None and not claimed:
                raise failure
            lost += sum(each is None for each in found)
        return claimed

    def _take(self, wanted: Wanted, number: int) -> list[Offer]:
        """The best offers, as many as the limits leave room for."""
        offers: list[Offer] = []
        if wanted.at_once is not None:
            held = self._index.held_by(wanted.tenant, wanted.runner)
            number = min(number, wanted.at_once - held)
        while len(offers) < number:
            places = [place for place in wanted.places if self._has_room(place[1])]
            offer = self._index.take(places)
            if offer is None:
                break
            offers.append(offer)
        return offers

    def _has_room(self, agent_type: str) -> bool:
        limit = self.limits.get(agent_type)
        return limit is None or self._index.at_work(agent_type) < limit

    async def _decide(self, offer: Offer, wanted: Wanted) -> Claimed | None:
        """Ask the core; None when somebody else was first, or it is not there any more."""
        claim = ClaimCommand(
            input_id=f"claim:{uuid4()}",
            task_id=offer.task_id,
            at=self._clock(),
            salt=new_salt(),
            principal=wanted.runner,
            command_id=offer.command_id,
            runner=wanted.runner,
            lease=wanted.lease,
        )
        try:
            answer = await self._core.send(claim)
        finally:
            self._wake(self._index.settle(offer, self._core.state(offer.task_id)))
        state = self._core.state(offer.task_id)
        if answer.verdict is not Verdict.ACCEPTED or state is None:
            return None
        held = held_by(state, offer.command_id, wanted.runner, answer.sequence)
        if held is None or self.paying is None:
            return held
        return held if await self.paying.may_start(held.command, wanted.runner) else None

    async def _wait(self, places: Sequence[Place], seconds: float) -> None:
        """Until there is something new there, or the time is over."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        for place in places:
            self._waiting.setdefault(place, deque()).append(waiter)
        self._waiters += 1
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            pass
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():
                self._pass_on(places)  # what woke this asker is for the next one
            raise
        finally:
            self._waiters -= 1
            waiter.cancel()
            for place in places:
                self._leave(place, waiter)

    def _leave(self, place: Place, waiter: asyncio.Future[None]) -> None:
        waiters = self._waiting.get(place)
        if waiters is None:
            return
        if waiter in waiters:
            waiters.remove(waiter)
        if not waiters:
            del self._waiting[place]

    def _pass_on(self, places: Sequence[Place]) -> None:
        self._wake([place for place in places if self._index.waiting(place)])

    def _wake(self, places: Sequence[Place]) -> None:
        """One asker for each new offer."""
        for place in places:
            waiters = self._waiting.get(place, deque())
            while waiters:
                if _ring(waiters.popleft()):
                    break

    def _hear(self, records: Sequence[Record], states: Mapping[str, TaskState]) -> None:
        for state in states.values():
            self._wake(self._index.update(state))
        if self.limits and self._waiting:
            # What has ended left room for a type, whoever waits for it.
            limited = [place for place in self._waiting if place[1] in self.limits]
            self._pass_on([place for place in limited if self._has_room(place[1])])


def held_by(state: TaskState, command_id: str, runner: str, sequence: int) -> Claimed | None:
    """The command as its runner needs it, if that one holds it."""
    command = state.commands.get(command_id)
    if command is None or command.runner != runner or command.lease_until is None:
        return None
    asked = react(command.issued, state)
    return None if asked is None else Claimed(asked, runner, command.lease_until, sequence)


def _ring(waiter: asyncio.Future[None]) -> bool:
    """Wake somebody; False if that one is gone or awake already."""
    if waiter.done():
        return False
    waiter.set_result(None)
    return True

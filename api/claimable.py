"""Which commands can be claimed now, best first: an index that is kept from commits, so that nobody
looks through all tasks for work."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from streams.domain.state import Life, OpenCommand, TaskState
from streams.domain.values import Milliseconds

_SMALLEST = 64  # entries of a heap below which it is not worth tidying

Place = tuple[str, str]  # tenant and agent type


@dataclass(frozen=True, slots=True, order=True)
class Offer:
    """A command that waits for a runner. The order is that in which they are handed out: the
    highest priority, then the longest wait."""

    rank: int
    since: Milliseconds
    command_id: str
    attempt: int
    task_id: str
    place: Place


@dataclass(frozen=True, slots=True)
class Holding:
    """A command that a runner holds."""

    command_id: str
    runner: str
    place: Place


class Claimable:
    """The commands of agent types that are worked by others than this process."""

    def __init__(self, worked: Collection[str] = ()) -> None:
        self._worked = frozenset(worked)
        self._free: dict[str, Offer] = {}
        self._held: dict[str, Holding] = {}
        self._taken: dict[str, Offer] = {}  # handed to somebody whose claim is being decided
        self._heaps: dict[Place, list[Offer]] = {}
        self._counts: Counter[Place] = Counter()  # of those that are free
        self._of_type: Counter[str] = Counter()  # of those that are held or taken
        self._of_runner: Counter[tuple[str, str]] = Counter()  # by tenant and runner
        self._of_task: dict[str, set[str]] = {}

    def update(self, state: TaskState) -> list[Place]:
        """Take in a task as it stands now; the answer has the place of each new offer."""
        known = self._of_task.get(state.task_id)
        commands = state.commands if state.life is Life.OPEN else {}
        if known is None and not commands:
            return []
        for command_id in [c for c in known or () if c not in commands]:
            self._forget(state.task_id, command_id)
        offers = (self._note(state, command) for command in commands.values())
        return [place for place in offers if place is not None]

    def take(self, places: Iterable[Place]) -> Offer | None:
        """The best offer of some places, which nobody else is handed until it is settled."""
        offers = [offer for offer in map(self._first, places) if offer is not None]
        if not offers:
            return None
        offer = min(offers)
        heappop(self._heaps[offer.place])
        self._unfree(offer.command_id)
        self._taken[offer.command_id] = offer
        self._of_type[offer.place[1]] += 1
        return offer

    def settle(self, offer: Offer, state: TaskState | None) -> list[Place]:
        """The claim of an offer was decided; what is free again is offered again."""
        if self._taken.pop(offer.command_id, None) is not None:
            self._of_type[offer.place[1]] -= 1
        return [] if state is None else self.update(state)

    def places(self, tenant: str) -> list[Place]:
        """Where a tenant has something that is free."""
        return [place for place, count in self._counts.items() if place[0] == tenant and count]

    def waiting(self, place: Place) -> int:
        """How many commands are free there."""
        return self._counts[place]

    def at_work(self, agent_type: str) -> int:
        """How many commands of a type are held, of whatever tenant."""
        return self._of_type[agent_type]

    def held_by(self, tenant: str, runner: str) -> int:
        """How many commands a runner holds."""
        return self._of_runner[tenant, runner]

    def holdings(self, tenant: str) -> Iterable[Holding]:
        """What runners hold of a tenant's commands."""
        return [held for held in self._held.values() if held.place[0] == tenant]

    def _first(self, place: Place) -> Offer | None:
        """The best offer of a place; what is not free any more is dropped on the way to it."""
        heap = self._heaps.get(place, [])
        while heap and self._free.get(heap[0].command_id) != heap[0]:
            heappop(heap)
        if heap:
            return heap[0]
        self._heaps.pop(place, None)
        return None

    def _note(self, state: TaskState, command: OpenCommand) -> Place | None:
        issued = command.issued
        if issued.agent_type in self._worked or issued.command_id in self._taken:
            return None
        place = (state.tenant, issued.agent_type)
        self._of_task.setdefault(state.task_id, set()).add(issued.command_id)
        if command.runner is not None and not command.is_uncertain:
            self._hold(Holding(issued.command_id, command.runner, place))
            return None
        self._let_go(issued.command_id)
        is_waiting = command.is_uncertain or command.is_parked
        if command.retry_at is not None or is_waiting or state.is_stopping:
            self._unfree(issued.command_id)
            return None
        offer = Offer(
            rank=-issued.priority,
            since=issued.issued_at,
            command_id=issued.command_id,
            attempt=issued.attempt,
            task_id=state.task_id,
            place=place,
        )
        return place if self._offer(offer) else None

    def _offer(self, offer: Offer) -> bool:
        """Offer it; False if it is offered already."""
        if self._free.get(offer.command_id) == offer:
            return False
        self._unfree(offer.command_id)
        self._free[offer.command_id] = offer
        self._counts[offer.place] += 1
        heap = self._heaps.setdefault(offer.place, [])
        heappush(heap, offer)
        if len(heap) > max(_SMALLEST, 2 * self._counts[offer.place]):
            heap[:] = [each for each in heap if self._free.get(each.command_id) == each]
            heapify(heap)
        return True

    def _unfree(self, command_id: str) -> None:
        offer = self._free.pop(command_id, None)
        if offer is not None:
            self._counts[offer.place] -= 1
            if not self._counts[offer.place]:
                del self._counts[offer.place]

    def _hold(self, holding: Holding) -> None:
        self._unfree(holding.command_id)
        if self._held.get(holding.command_id) == holding:
            return
        self._let_go(holding.command_id)
        self._held[holding.command_id] = holding
        self._of_type[holding.place[1]] += 1
        self._of_runner[holding.place[0], holding.runner] += 1

    def _let_go(self, command_id: str) -> None:
        held = self._held.pop(command_id, None)
        if held is None:
            return
        self._of_type[held.place[1]] -= 1
        runner = (held.place[0], held.runner)
        self._of_runner[runner] -= 1
        if not self._of_runner[runner]:
            del self._of_runner[runner]

    def _forget(self, task_id: str, command_id: str) -> None:
        self._unfree(command_id)
        self._let_go(command_id)
        ids = self._of_task[task_id]
        ids.discard(command_id)
        if not ids:
            del self._of_task[task_id]

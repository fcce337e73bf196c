"""An exhaustive small model: every order in which two workers can read, decide, commit, crash and
take over.

The conductor and the log are the real ones. The world is copied before each action, so that all
orders are tried, and worlds that are alike are visited once. In every world the histories must be
whole; from every world a healthy worker must be able to finish, with each input having counted
exactly once.
"""

from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from streams.batch import Arrival, Handled
from streams.chain import GENESIS, link
from streams.conductor import Conductor
from streams.decider import Core
from streams.domain.errors import Fenced, LogCorrupted
from streams.domain.inputs import Input
from streams.envelope import input_record, read_event
from streams.log import EVENTS, INPUTS, Lease
from streams.memory import MemoryLog

T = TypeVar("T")


class Violation(AssertionError):
    """The model found an order of actions that loses, doubles or forks something."""


def now(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result
    raise AssertionError("the memory log waited")


@dataclass
class Worker:
    """One worker process: its version of the core, and what it has in memory."""

    core: Core
    conductor: Conductor | None = None
    pending: Handled | None = None

    def copy(self) -> "Worker":
        conductor = None if self.conductor is None else copy_of(self.conductor)
        return Worker(self.core, conductor, self.pending)


@dataclass
class World:
    """The log, the workers, and how much misfortune is left."""

    log: MemoryLog
    workers: list[Worker]
    takeovers: int
    crashes: int

    def copy(self) -> "World":
        return World(
            self.log.clone(), [w.copy() for w in self.workers], self.takeovers, self.crashes
        )


def copy_of(conductor: Conductor) -> Conductor:
    """An independent conductor with the same memory."""
    twin = type(conductor)(conductor.lease, conductor.core)
    twin.__dict__.update(conductor.__dict__)
    twin._entries = {task: replace(entry) for task, entry in conductor._entries.items()}
    twin._dirty = conductor._dirty.copy()
    twin._recent = conductor._recent.copy()
    return twin


class Model:
    """The actions, and what must hold. Subclasses plant bugs."""

    conductor = Conductor

    def __init__(
        self, cores: Sequence[Core], *, takeovers: int = 3, crashes: int = 1, batch: int = 2
    ) -> None:
        self.cores = cores
        self.takeovers = takeovers
        self.crashes = crashes
        self.batch = batch

    def new_log(self) -> MemoryLog:
        return MemoryLog(is_position_lazy=True)

    def take_over(self, world: World, worker: Worker, name: str) -> None:
        worker.pending = None
        worker.conductor = now(self.conductor.take_over(world.log, 0, name, worker.core))

    def read_and_decide(self, world: World, worker: Worker, limit: int) -> None:
        conductor = worker.conductor
        assert conductor is not None
        arrivals = [Arrival(r) for r in now(world.log.read(INPUTS, 0, conductor.position, limit))]
        now(conductor.load(world.log, arrivals))
        worker.pending = conductor.handle(arrivals)

    def commit(self, world: World, worker: Worker) -> None:
        assert worker.conductor is not None
        assert worker.pending is not None
        pending, worker.pending = worker.pending, None
        try:
            ends = now(world.log.commit(worker.conductor.lease, pending.commit))
        except Fenced:
            worker.conductor = None
        else:
            worker.conductor.committed(pending, ends)

    def actions(self, world: World) -> Iterator[tuple[str, Callable[[World], None]]]:
        """Everything that could happen next."""
        end = now(world.log.end(INPUTS, 0))
        if world.log._late_positions:
            yield "flush", lambda w: w.log.flush_positions()
        for number, worker in enumerate(world.workers):
            if world.takeovers and (worker.conductor is None or worker.pending is None):
                yield f"take over {number}", lambda w, n=number: self._spend_take_over(w, n)
            if worker.conductor is None:
                continue
            if world.crashes:
                yield f"crash {number}", lambda w, n=number: self._crash(w, n)
            if worker.pending is not None:
                yield f"commit {number}", lambda w, n=number: self.commit(w, w.workers[n])
            elif worker.conductor.position < end:
                for limit in range(1, self.batch + 1):
                    yield (
                        f"read {limit} by {number}",
                        lambda w, n=number, size=limit: self.read_and_decide(w, w.workers[n], size),
                    )

    def explore(self, before: Callable[[MemoryLog], None], inputs: Sequence[Input]) -> int:
        """Visit every world; the answer is how many there are.

        Raises:
            Violation: with the orders of actions that led to it.
        """
        log = self.new_log()
        before(log)
        now(log.append([input_record(given, 0) for given in inputs]))
        start = World(log, [Worker(core) for core in self.cores], self.takeovers, self.crashes)
        seen = {fingerprint(start)}
        checked: set[object] = set()  # what is checked depends on the log alone
        stack: list[tuple[World, tuple[str, ...]]] = [(start, ())]
        while stack:
            world, path = stack.pop()
            try:
                if (mark := log_fingerprint(world.log)) not in checked:
                    checked.add(mark)
                    self.check(world, inputs)
            except (Violation, LogCorrupted) as error:
                raise Violation(f"{error}; after: {' → '.join(path)}") from error
            for name, act in self.actions(world):
                following = world.copy()
                act(following)
                known = fingerprint(following)
                if known not in seen:
                    seen.add(known)
                    stack.append((following, (*path, name)))
        return len(seen)

    def check(self, world: World, inputs: Sequence[Input]) -> None:
        """What holds in every world, and what must still be reachable from it."""
        check_histories(world.log)
        healthy = world.copy()
        worker = Worker(self.cores[0])
        self.take_over(healthy, worker, "healthy")
        end = now(healthy.log.end(INPUTS, 0))
        while worker.conductor is not None and worker.conductor.position < end:
            self.read_and_decide(healthy, worker, 8)
            self.commit(healthy, worker)
        check_histories(healthy.log)
        check_outcome(healthy.log, inputs)

    def _spend_take_over(self, world: World, number: int) -> None:
        world.takeovers -= 1
        self.take_over(world, world.workers[number], f"worker {number}")

    def _crash(self, world: World, number: int) -> None:
        world.crashes -= 1
        world.workers[number].conductor = None
        world.workers[number].pending = None


def check_histories(log: MemoryLog) -> None:
    """No gap, no fork, no broken link, and nothing that an input or a command does twice."""
    heads: dict[str, tuple[int, bytes]] = {}
    causes: dict[str, list[int]] = {}
    for record in log.records.get((EVENTS, 0), ()):
        stored = read_event(record)
        header = stored.header
        sequence, digest = heads.get(header.task_id, (0, GENESIS))
        if header.sequence != sequence + 1:
            raise Violation(
                f"{header.task_id} has {header.sequence} after {sequence}: lost or doubled"
            )
        if link(digest, header.canonical(), stored.digest) != stored.hash:
            raise Violation(f"{header.task_id} forks at {header.sequence}")
        heads[header.task_id] = (header.sequence, stored.hash)
        causes.setdefault(header.causation_id, []).append(record.offset)
    for cause, offsets in causes.items():
        if offsets != list(range(offsets[0], offsets[-1] + 1)):
            raise Violation(f"input {cause} counted twice: events {offsets}")
    for (topic, _), records in log.records.items():
        if topic.startswith("commands."):
            ids = [record.headers["id"] for record in records]
            if len(ids) != len(set(ids)):
                raise Violation(f"a command was sent twice: {ids}")


def check_outcome(log: MemoryLog, inputs: Sequence[Input]) -> None:
    """Each input counted once if it should: repeats and late ones caused nothing."""
    caused = {read_event(r).header.causation_id for r in log.records.get((EVENTS, 0), ())}
    first: dict[tuple[str, str], str] = {}
    for given in inputs:
        first.setdefault((given.task_id, given.type), given.input_id)
    for given in inputs:
        is_first = first[given.task_id, given.type] == given.input_id
        is_of_closed = given.task_id == "closed"
        if is_first and not is_of_closed and given.input_id not in caused:
            raise Violation(f"input {given.input_id} was lost")
        if (is_of_closed or not is_first) and given.input_id in caused:
            raise Violation(f"input {given.input_id} is a repeat and counted")


def fingerprint(world: World) -> tuple[object, ...]:
    """What makes two worlds alike."""
    workers: list[object] = []
    for worker in world.workers:
        conductor = worker.conductor
        if conductor is None:
            workers.append(None)
            continue
        heads = tuple(sorted((task, entry.head.hash) for task, entry in conductor._entries.items()))
        pending = worker.pending
        mark = (
            None
            if pending is None
            else tuple(r.headers.get("hash", "") for r in pending.commit.records)
        )
        workers.append((conductor.lease.epoch, conductor.position, heads, mark))
    return (log_fingerprint(world.log), world.takeovers, world.crashes, tuple(workers))


def log_fingerprint(log: MemoryLog) -> tuple[object, ...]:
    """What makes two logs alike."""
    hashes = tuple(record.headers["hash"] for record in log.records.get((EVENTS, 0), ()))
    positions = (tuple(log._positions.items()), tuple(log._late_positions.items()))
    return (hash(hashes), len(hashes), positions, tuple(log._epochs.items()))


class UnfencedLog(MemoryLog):
    """Planted bug: a former owner can still write."""

    async def commit(self, lease: Lease, commit: Any) -> dict[str, int]:
        current = Lease(lease.partition, lease.owner, self._epochs[lease.partition])
        return await super().commit(current, commit)

    def clone(self) -> "UnfencedLog":
        twin = super().clone()
        twin.__class__ = UnfencedLog
        return twin  # type: ignore[return-value]


class WithoutFence(Model):
    """Planted bug: the log does not fence."""

    def new_log(self) -> MemoryLog:
        return UnfencedLog(is_position_lazy=True)


class WithStaleMemory(Model):
    """Planted bug: a fenced worker takes a new lease but keeps what it had in memory."""

    def commit(self, world: World, worker: Worker) -> None:
        conductor = worker.conductor
        super().commit(world, worker)
        if worker.conductor is None and conductor is not None:
            conductor.lease = now(world.log.acquire(0, "stale"))
            worker.conductor = conductor


class Forgetful(Conductor):
    """Planted bug: it does not look for the stubs of closed tasks."""

    async def load(self, log: Any, arrivals: Any) -> None:
        return None


class WithoutStubs(Model):
    """Planted bug: a closed task begins anew when it is submitted again."""

    conductor = Forgetful

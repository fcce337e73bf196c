"""The embedded runner: one process, one log, no broker. Hops inside the process do not wait for the
disk.

Inputs are decided as they come, and what only computes is computed at once; everything that leaves
the process (an answer to a sender, an effect, an update to a reader) waits for the commit that
holds its cause. Many decisions share a commit, so the disk is asked once for many tasks, and once
for all nine phases of a task that needs nobody.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from streams.batch import Answer, Arrival, Handled, merge
from streams.clock import Clock, wall_clock
from streams.conductor import Conductor
from streams.decider import Core, outstanding
from streams.domain.commands import Command
from streams.domain.errors import LogFull, LogUnavailable, Undecodable
from streams.domain.inputs import Input, ReportFailure, ReportResult
from streams.domain.state import Life, TaskState
from streams.envelope import input_record
from streams.log import INPUTS, Commit, Log, Record
from streams.timers import Timers

Listener = Callable[[Sequence[Record], Mapping[str, TaskState]], None]

SLICE = (
    16  # inputs from outside taken in at a time; their tasks go as far as they can before the next
)
PATIENCE = 30.0  # seconds a failing disk is tried again
PAUSE = 0.25  # seconds between tries
RECENT = 10_000  # closed tasks whose state is kept for readers
BACKLOG = 20_000  # inputs taken but not yet on disk, above which senders wait


class Hands(Protocol):
    """Who does the commands in this process."""

    def compute(self, command: Command) -> Input | None:
        """The report of a command that only computes; None if it has an effect, or is nobody's
        here."""

    def begin(self, command: Command) -> None:
        """Start a command that is on disk; its report comes as an input. Nothing, if it is
        nobody's here."""

    def withdraw(self, command_ids: Sequence[str]) -> None:
        """These commands are not open any more."""


@dataclass(slots=True)
class _Waiting:
    given: Input
    answer: asyncio.Future[Answer] | None


@dataclass(frozen=True, slots=True)
class _Decided:
    """A batch on its way to the disk, with the senders to answer and the commands to begin once
    it is there."""

    handled: Handled
    waiting: list[_Waiting]
    effects: list[Command]


class Embedded:
    """Runs one partition of a log in this process."""

    def __init__(
        self,
        log: Log,
        hands: Hands,
        *,
        core: Core | None = None,
        clock: Clock = wall_clock,
        owner: str = "embedded",
        partition: int = 0,
        patience: float = PATIENCE,
        has_timers: bool = True,  # False where nobody works: who only looks lets nothing expire
    ) -> None:
        self.log = log
        self.failure: BaseException | None = None
        self._hands = hands
        self._core = core
        self._clock = clock
        self._owner = owner
        self._partition = partition
        self._patience = patience
        self._has_timers = has_timers
        self._inbox: deque[_Waiting] = deque()
        self._follow_ups: deque[_Waiting] = deque()  # results of what was computed here
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._stopping = False
        self._unsaved: list[_Decided] = []
        self._unsaved_inputs = 0
        self._committing: asyncio.Task[None] | None = None
        self._states: dict[str, TaskState] = {}
        self._sequences: dict[str, int] = {}
        self._closed: deque[str] = deque()
        self._timers = Timers()
        self._alarm: asyncio.TimerHandle | None = None
        self._listeners: list[Listener] = []
        self._loop: asyncio.Task[None] | None = None
        self._next_input = 0
        self._room.set()

    async def start(self) -> None:
        """Take the log over, finish what was left, and begin to work."""
        self._conductor = await Conductor.take_over(
            self.log, self._partition, self._owner, self._core
        )
        self._states = dict(self._conductor.states())
        self._sequences = dict(self._conductor.sequences())
        self._next_input = await self.log.end(INPUTS, self._partition)
        await self._read_backlog()
        self._loop = asyncio.create_task(self._run(), name="embedded runner")
        for task_id, state in list(self._states.items()):
            self._timers.set(task_id, state)
            for command in outstanding(state):
                self._hand_over(command)
        self._set_alarm()

    async def stop(self) -> None:
        """Commit what has been decided, and let go. Senders that still wait get their answers
        first."""
        self._stopping = True
        self._wake.set()
        if self._alarm is not None:
            self._alarm.cancel()
        if self._loop is not None:
            await asyncio.gather(self._loop, return_exceptions=True)

    async def send(self, given: Input) -> Answer:
        """Give an input to its task; durable and decided when it returns.

        Raises:
            LogError: it could not be kept; sending it again is safe.
        """
        self._check()
        await self._room.wait()
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._put(_Waiting(given, answer))
        return await answer

    def state(self, task_id: str) -> TaskState | None:
        """The durable state of a task that is open or has closed lately."""
        return self._states.get(task_id)

    def sequence(self, task_id: str) -> int:
        """The sequence of the newest durable event of a task that `state` knows; 0 otherwise."""
        return self._sequences.get(task_id, 0)

    def states(self) -> Mapping[str, TaskState]:
        """The durable states of all tasks that are open or have closed lately."""
        return self._states

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Be told of every commit: its records and the states it changed. The answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @property
    def backlog(self) -> int:
        """How many inputs were taken and are not on disk yet."""
        return len(self._inbox) + len(self._follow_ups) + self._unsaved_inputs

    async def wait_for_failure(self) -> BaseException | None:
        """Wait until the runner ends; the answer says why, if it did not end by `stop`."""
        if self._loop is not None:
            await asyncio.wait([self._loop])
        return self.failure

    def _put(self, waiting: _Waiting) -> None:
        self._inbox.append(waiting)
        self._wake.set()
        if self.backlog > BACKLOG:
            self._room.clear()

    def _check(self) -> None:
        if self.failure is not None:
            raise LogUnavailable(f"the runner has stopped: {self.failure}") from self.failure
        if self._stopping:
            raise LogUnavailable("the runner is stopping: send it again to the next one")

    async def _read_backlog(self) -> None:
        """Inputs that were written to the log by others while nobody ran come first."""
        offset = self._conductor.position
        while records := await self.log.read(INPUTS, self._partition, offset, 1_000):
            offset = records[-1].offset + 1
            arrivals = [Arrival(record) for record in records]
            await self._conductor.load(self.log, arrivals)
            handled = self._conductor.handle(arrivals)
            ends = await self.log.commit(self._conductor.lease, handled.commit)
            self._conductor.committed(handled, ends)
            self._show(handled.commit.records, handled.states, handled.sequences)

    async def _run(self) -> None:
        try:
            while not (self._stopping and self._is_idle()):
                if self._inbox or self._follow_ups:
                    await self._work()
                if self._unsaved and self._committing is None and not self._follow_ups:
                    self._committing = asyncio.create_task(self._commit(), name="commit")
                    self._committing.add_done_callback(lambda _: self._wake.set())
                is_busy = self._inbox or self._follow_ups
                if not is_busy and not (self._stopping and self._is_idle()):
                    await self._wake.wait()
                self._wake.clear()
                if self._committing is not None and self._committing.done():
                    done, self._committing = self._committing, None
                    done.result()
        except BaseException as error:
            self._fail(error)
            if not isinstance(error, Exception):
                raise

    def _is_idle(self) -> bool:
        is_waiting = self._inbox or self._follow_ups or self._unsaved
        return not is_waiting and self._committing is None

    async def _work(self) -> None:
        """Decide some inputs, and do at once what only computes."""
        # What follows from earlier inputs comes first: so a task ends, and can be committed, while
        # others still begin.
        source = self._follow_ups or self._inbox
        taken = [source.popleft() for _ in range(min(SLICE, len(source)))]
        arrivals, waiting = self._arrivals(taken)
        try:
            await self._conductor.load(self.log, arrivals)
        except BaseException:
            source.extendleft(reversed(waiting))  # so that those who wait for them are told
            raise
        handled = self._conductor.handle(arrivals)
        self._unsaved_inputs += len(waiting)
        effects: list[Command] = []
        for command in handled.commands:
            report = self._hands.compute(command)
            if report is None:
                effects.append(command)
            else:
                self._follow_ups.append(_Waiting(report, None))
        self._unsaved.append(_Decided(handled, waiting, effects))
        await asyncio.sleep(0)

    def _arrivals(self, taken: Sequence[_Waiting]) -> tuple[list[Arrival], list[_Waiting]]:
        """The inputs with their records; the sender of one that cannot be written is told so."""
        arrivals: list[Arrival] = []
        waiting: list[_Waiting] = []
        for one in taken:
            try:
                record = input_record(one.given, self._partition, self._next_input)
            except Undecodable as error:
                if one.answer is not None and not isinstance(one.given, ReportResult):
                    one.answer.set_exception(error)
                    continue
                one = _Waiting(_failure(one.given, error), one.answer)
                record = input_record(one.given, self._partition, self._next_input)
            self._next_input += 1
            arrivals.append(Arrival(record, one.given, is_stored=False))
            waiting.append(one)
        return arrivals, waiting

    async def _commit(self) -> None:
        batches, self._unsaved = self._unsaved, []
        commit = merge([batch.handled for batch in batches])
        try:
            ends = await self._insist(commit)
        except BaseException:
            self._unsaved = batches + self._unsaved  # so that those who wait for them are told
            raise
        for batch in batches:
            self._conductor.committed(batch.handled, ends)
        self._show(commit.records, *_newest(batches))
        for batch in batches:
            self._unsaved_inputs -= len(batch.waiting)
            self._begin(batch.effects)
            for w, answer in zip(batch.waiting, batch.handled.answers, strict=True):
                if w.answer is not None and not w.answer.done():
                    w.answer.set_result(answer)
        if self.backlog <= BACKLOG:
            self._room.set()

    async def _insist(self, commit: Commit) -> dict[str, int]:
        """Commit; a failing disk is tried again for a while, since a commit that failed has left
        nothing behind."""
        deadline = time.monotonic() + self._patience
        while True:
            try:
                return await self.log.commit(self._conductor.lease, commit)
            except (LogFull, LogUnavailable):
                if time.monotonic() >= deadline:
                    raise
                await asyncio.sleep(PAUSE)

    def _show(
        self,
        records: Sequence[Record],
        states: Mapping[str, TaskState],
        sequences: Mapping[str, int],
    ) -> None:
        """What was decided is on disk: let it out."""
        withdrawn: list[str] = []
        earliest = self._timers.next_at
        for task_id, state in states.items():
            known = self._states.get(task_id)
            if known is not None and known.commands:
                withdrawn += [c for c in known.commands if c not in state.commands]
            self._states[task_id] = state
            self._sequences[task_id] = sequences[task_id]
            self._timers.set(task_id, state)
            if state.life is Life.CLOSED:
                self._closed.append(task_id)
        self._forget_closed()
        if self._timers.next_at != earliest:
            self._set_alarm()
        if withdrawn:
            self._hands.withdraw(withdrawn)
        for listener in list(self._listeners):
            listener(records, states)

    def _begin(self, commands: Sequence[Command]) -> None:
        for command in commands:
            current = self._states[command.task_id].commands.get(command.command_id)
            if current is not None and current.issued.attempt == command.attempt:
                self._hands.begin(command)

    def _forget_closed(self) -> None:
        while len(self._closed) > RECENT:
            task_id = self._closed.popleft()
            state = self._states.get(task_id)
            if state is not None and state.life is Life.CLOSED:
                del self._states[task_id]
                del self._sequences[task_id]

    def _hand_over(self, command: Command) -> None:
        report = self._hands.compute(command)
        if report is None:
            self._hands.begin(command)
        else:
            self._put(_Waiting(report, None))

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        until = self._timers.next_at
        if until is not None and self._has_timers and not self._stopping:
            pause = max(0, until - self._clock()) / 1000
            # A long wait is cut, since a wall clock may be set while we sleep.
            self._alarm = asyncio.get_running_loop().call_later(min(pause, 30.0), self._ring)

    def _ring(self) -> None:
        """Tell the tasks whose moment has come."""
        for fired in self._timers.due(self._clock()):
            self._put(_Waiting(fired, None))
        self._set_alarm()

    def _fail(self, error: BaseException) -> None:
        """Nothing more can be kept: tell all who wait. What was acknowledged is on disk."""
        self.failure = error
        waiting = [*self._inbox, *(w for batch in self._unsaved for w in batch.waiting)]
        for w in waiting:
            if w.answer is not None and not w.answer.done():
                w.answer.set_exception(LogUnavailable(f"it could not be kept: {error}"))
        self._inbox.clear()
        self._follow_ups.clear()
        self._room.set()


def _failure(report: Input, error: Undecodable) -> ReportFailure:
    """What becomes of a result that no log can keep: the attempt failed, and trying again would
    not help."""
    common = report.model_dump(include=set(ReportFailure.model_fields) - {"type", "usage"})
    return ReportFailure.model_validate(
        common | {"reason": f"the answer {error}", "is_retryable": False}
    )


def _newest(batches: Sequence[_Decided]) -> tuple[dict[str, TaskState], dict[str, int]]:
    """The last states and sequences that several batches lead to."""
    states: dict[str, TaskState] = {}
    sequences: dict[str, int] = {}
    for batch in batches:
        states |= batch.handled.states
        sequences |= batch.handled.sequences
    return states, sequences

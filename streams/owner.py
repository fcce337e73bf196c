"""The owner of one partition where a broker carries the inputs: takes it over, decides what comes,
commits, and only then lets anything out.

A shell brings the records, in order and perhaps twice; it may be a plain loop or a framework. What
is computed here at once becomes part of the commit that holds its command, and comes back as an
input like any other.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from streams.batch import Answer, Arrival, Handled
from streams.clock import Clock, wall_clock
from streams.conductor import Conductor
from streams.decider import Core, outstanding
from streams.domain.commands import Command
from streams.domain.errors import Fenced, LogError
from streams.domain.inputs import Input
from streams.domain.state import Life, TaskState
from streams.domain.values import Milliseconds
from streams.embedded import Hands
from streams.envelope import input_record
from streams.log import INPUTS, Lease, Log, Record
from streams.timers import Timers

Release = Callable[[Lease], Awaitable[None]]

BATCH = 500  # inputs of a backlog decided and committed together
_LONGEST = 30.0  # seconds until the clock is looked at again, since it may be set meanwhile


class NoHands:
    """For a worker that only decides: all commands are somebody else's."""

    def compute(self, command: Command) -> Input | None:
        """Nothing."""

    def begin(self, command: Command) -> None:
        """Nothing."""

    def withdraw(self, command_ids: Sequence[str]) -> None:
        """Nothing."""


class Owner:
    """Owns a partition from `take_over` until a commit fails; then it must be thrown away."""

    def __init__(
        self,
        log: Log,
        partition: int,
        *,
        hands: Hands | None = None,
        core: Core | None = None,
        clock: Clock = wall_clock,
        name: str = "worker",
        release: Release | None = None,
    ) -> None:
        self.topic = INPUTS
        self.partition = partition
        self._release = release
        self._log = log
        self._hands = hands or NoHands()
        self._core = core
        self._clock = clock
        self._name = name
        self._conductor: Conductor | None = None
        self._states: dict[str, TaskState] = {}
        self._timers = Timers()
        self._alarm: asyncio.TimerHandle | None = None
        self._ringing: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self._is_live = False  # what had come before this owner is done
        self.failure: BaseException | None = None  # then it must be thrown away

    @property
    def position(self) -> int:
        """The offset of the first input that is not decided."""
        return 0 if self._conductor is None else self._conductor.position

    @property
    def lease(self) -> Lease | None:
        """The right to write the partition, once it has taken over."""
        return None if self._conductor is None else self._conductor.lease

    def states(self) -> Mapping[str, TaskState]:
        """The durable states of the partition's open tasks, and its ledgers."""
        return self._states

    async def take_over(self) -> None:
        """Fence the former owner, fold, and decide what had come before; then the clock runs and
        open commands are handed out again.

        Raises:
            LogError: it did not work; this owner is of no use.
        """
        self._conductor = await Conductor.take_over(
            self._log, self.partition, self._name, self._core
        )
        self._keep(self._conductor.states())
        while records := await self._log.read(INPUTS, self.partition, self.position, BATCH):
            await self.handle(records)
        self._is_live = True
        for task_id, state in self._states.items():
            self._timers.set(task_id, state)
        await self._hand_out(c for s in self._states.values() for c in outstanding(s))
        self._set_alarm()

    async def handle(self, records: Sequence[Record]) -> list[Answer]:
        """Decide and commit; all of it is durable when this returns.

        Raises:
            Fenced: another owner has taken over.
            LogError: nothing more can be kept here.
        """
        async with self._turn:
            conductor = self._conductor
            if conductor is None or self.failure is not None:
                raise Fenced
            fresh = [record for record in records if record.offset >= conductor.position]
            if not fresh:
                return []
            try:
                return await self._handle(conductor, fresh)
            except BaseException as error:
                self.failure = error
                self._stop_the_clock()
                raise

    def done(self, following: int) -> int:
        """See `streams.kafka.loop.Holder`: what was handled is committed."""
        return following

    async def let_go(self) -> None:
        """The partition is somebody else's from now on, or nobody's."""
        self._stop_the_clock()
        if self.lease is not None and self._release is not None:
            await self._release(self.lease)

    async def _handle(self, conductor: Conductor, records: Sequence[Record]) -> list[Answer]:
        arrivals = [Arrival(record) for record in records]
        await conductor.load(self._log, arrivals)
        handled = conductor.handle(arrivals)
        effects, reports = self._compute(handled.commands)
        commit = replace(handled.commit, records=[*handled.commit.records, *reports])
        ends = await self._log.commit(conductor.lease, commit)
        conductor.committed(handled, ends)
        self._show(handled, effects)
        return list(handled.answers)

    def _compute(self, commands: Iterable[Command]) -> tuple[list[Command], list[Record]]:
        """Do what only computes; the rest are effects, which wait for the commit."""
        effects: list[Command] = []
        reports: list[Record] = []
        for command in commands:
            report = self._hands.compute(command)
            if report is None:
                effects.append(command)
            else:
                reports.append(input_record(report, self.partition))
        return effects, reports

    def _show(self, handled: Handled, effects: Sequence[Command]) -> None:
        withdrawn = [
            command_id
            for task_id, state in handled.states.items()
            if (known := self._states.get(task_id)) is not None
            for command_id in known.commands
            if command_id not in state.commands
        ]
        self._keep(handled.states)
        if withdrawn:
            self._hands.withdraw(withdrawn)
        if self._is_live:
            for task_id, state in handled.states.items():
                self._timers.set(task_id, state)
            self._begin(effects)
            self._set_alarm()

    def _keep(self, states: Mapping[str, TaskState]) -> None:
        for task_id, state in states.items():
            # A ledger's clock runs too, as long as money is held there.
            is_ledger = state.ledger is not None and state.life is not Life.CLOSED
            if state.life is Life.OPEN or is_ledger:
                self._states[task_id] = state
            else:
                self._states.pop(task_id, None)

    def _begin(self, commands: Iterable[Command]) -> None:
        """Start effects whose command is on the log, unless the same batch has closed them."""
        for command in commands:
            state = self._states.get(command.task_id)
            current = state.commands.get(command.command_id) if state is not None else None
            if current is not None and current.issued.attempt == command.attempt:
                self._hands.begin(command)

    async def _hand_out(self, commands: Iterable[Command]) -> None:
        """What was open when the former owner went: compute it, or start it again."""
        effects, reports = self._compute(commands)
        if reports:
            await self._log.append(reports)
        self._begin(effects)

    def _stop_the_clock(self) -> None:
        self._is_live = False
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        at = self._timers.next_at
        if at is not None and self._is_live:
            pause = min(_seconds(at - self._clock()), _LONGEST)
            self._alarm = asyncio.get_running_loop().call_later(pause, self._ring)

    def _ring(self) -> None:
        """Tell the tasks whose moment has come, by the log like everything else."""
        fired = self._timers.due(self._clock())
        self._set_alarm()
        if fired:
            telling = asyncio.create_task(self._tell(fired), name="timers")
            self._ringing.add(telling)
            telling.add_done_callback(self._ringing.discard)

    async def _tell(self, fired: Sequence[Input]) -> None:
        try:
            await self._log.append([input_record(given, self.partition) for given in fired])
        except LogError as error:
            # The next batch finds it, and whoever owns the partition then sets its own clock.
            self.failure = self.failure or error


def _seconds(milliseconds: Milliseconds) -> float:
    return max(0, milliseconds) / 1000

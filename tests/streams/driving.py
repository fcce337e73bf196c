"""A conductor driven by hand over a log in memory: what goes in, what it answers, what is kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, TypeVar

from agents.contract import Agent, Done
from agents.echo import echo_agents
from streams.batch import Answer, Arrival, Handled, Verdict
from streams.conductor import Conductor
from streams.decider import Core
from streams.domain import inputs as i
from streams.domain.commands import Command
from streams.domain.events import Event
from streams.domain.state import TaskState
from streams.envelope import StoredEvent, input_record, read_event
from streams.log import DEAD_LETTERS, EVENTS, INPUTS, Record
from streams.memory import MemoryLog
from tests.streams.interleavings import now

Given = TypeVar("Given", bound=i.Input)
START = 1_790_000_000_000


def told(kind: type[Given], task_id: str, input_id: str, at: int = START, **fields: Any) -> Given:
    """An input whose salt follows from its id, so that two runs give the same bytes."""
    salt = sha256(input_id.encode()).hexdigest()[:32]
    return kind(input_id=input_id, task_id=task_id, at=at, salt=salt, **fields)


def submitted(task_id: str, input_id: str = "", **fields: Any) -> i.SubmitRequest:
    """A request for echo agents."""
    return told(i.SubmitRequest, task_id, input_id or f"in-{task_id}", request="echo", **fields)


def remark(task_id: str, input_id: str, text: str = "") -> i.RecordFeedback:
    """A remark about a task, with an id of its own."""
    return told(i.RecordFeedback, task_id, input_id, feedback_id=input_id, text=text)


def result_of(command: Command, agents: Iterable[Agent], at: int = START) -> i.ReportResult | None:
    """What one of these agents answers to a command; None if none of them computes it."""
    for agent in agents:
        handler = agent.compute(command) if agent.agent_type == command.agent_type else None
        outcome = handler(command) if handler else None
        if isinstance(outcome, Done):
            name = f"{command.command_id}:{command.attempt}"
            return told(
                i.ReportResult,
                command.task_id,
                name,
                at,
                command_id=command.command_id,
                attempt=command.attempt,
                runner="hands",
                output=outcome.output,
            )
    return None


class Desk:
    """One log, and the conductor that owns its only partition now."""

    def __init__(
        self, log: MemoryLog | None = None, core: Core | None = None, snapshot_after: int = 2_000
    ) -> None:
        self.log = log or MemoryLog()
        self.core = core
        self.snapshot_after = snapshot_after
        self.agents = echo_agents()
        self.commands: list[Command] = []
        self.conductor: Conductor
        self.take_over()

    def take_over(self, core: Core | None = None) -> Conductor:
        """Begin anew from the log, perhaps with another core."""
        self.core = core or self.core
        self.conductor = now(
            Conductor.take_over(self.log, 0, "desk", self.core, snapshot_after=self.snapshot_after)
        )
        return self.conductor

    def append(self, records: Iterable[Record]) -> list[Record]:
        """Write input records as a producer does; the answer has their offsets."""
        written = list(records)
        offsets = now(self.log.append(written))
        return [replace(r, offset=o) for r, o in zip(written, offsets, strict=True)]

    def decide(self, *given: i.Input | Record) -> Handled:
        """Write and decide, without the commit."""
        records = [g if isinstance(g, Record) else input_record(g, 0) for g in given]
        arrivals = [Arrival(record) for record in self.append(records)]
        now(self.conductor.load(self.log, arrivals))
        return self.conductor.handle(arrivals)

    def keep(self, handled: Handled) -> None:
        """Commit what was decided."""
        ends = now(self.log.commit(self.conductor.lease, handled.commit))
        self.conductor.committed(handled, ends)
        self.commands += handled.commands

    def give(self, *given: i.Input | Record) -> Sequence[Answer]:
        """Write, decide and commit as one batch."""
        handled = self.decide(*given)
        self.keep(handled)
        return handled.answers

    def verdict(self, given: i.Input | Record) -> Verdict:
        """What became of one input."""
        return self.give(given)[0].verdict

    def work(self, is_enough: Callable[[Command], bool] = lambda command: False) -> None:
        """Answer the commands, oldest first, until none is left or the next one is enough."""
        while self.commands and not is_enough(self.commands[0]):
            self.answer_one()

    def answer_one(self) -> None:
        """Answer the oldest command, if there is one."""
        report = result_of(self.commands.pop(0), self.agents) if self.commands else None
        if report is not None:
            self.give(report)

    def finish(self, task_id: str, **fields: Any) -> None:
        """A task from its request to its end."""
        self.give(submitted(task_id, **fields))
        self.work()

    def state(self, task_id: str) -> TaskState:
        """The state in the conductor's memory."""
        return self.conductor.states()[task_id]

    def stored(self, task_id: str) -> list[StoredEvent]:
        """The history of a task as it is on the log."""
        return [read_event(record) for record in now(self.log.history(0, task_id))]

    def events(self, task_id: str) -> list[Event]:
        """The facts of a task's history."""
        return [stored.event for stored in self.stored(task_id) if stored.event is not None]

    def records(self, topic: str = EVENTS) -> list[Record]:
        """All that was written to a topic."""
        return list(self.log.records.get((topic, 0), ()))

    @property
    def letters(self) -> list[Record]:
        """The dead letters."""
        return self.records(DEAD_LETTERS)

    @property
    def inputs(self) -> list[Record]:
        """The inputs."""
        return self.records(INPUTS)


def refused_order(desk: Desk, task_id: str) -> None:
    """A one-step task that fails at once: closed, and able to be tried again."""
    desk.give(told(i.DispatchCommand, task_id, f"o-{task_id}", agent_type="x", action="y"))
    order = desk.commands.pop()
    desk.give(
        told(
            i.ReportFailure,
            task_id,
            f"f-{task_id}",
            command_id=order.command_id,
            reason="no",
            is_retryable=False,
        )
    )


class Altered(MemoryLog):
    """A log whose events can be tampered with."""

    def alter(self, offset: int, **changes: object) -> None:
        events = self._records[EVENTS, 0]
        events[offset] = replace(events[offset], **changes)  # type: ignore[arg-type]

    def lose(self, offset: int) -> None:
        del self._records[EVENTS, 0][offset]

    def spoil(self, task_id: str, **changes: object) -> None:
        kept = self._snapshots[0]
        kept[task_id] = replace(kept[task_id], **changes)  # type: ignore[arg-type]

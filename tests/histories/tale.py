"""One history as it is told: inputs by hand, answers as written, a clock that goes by seconds."""

from collections.abc import Mapping
from typing import Any

from streams.batch import Answer as Verdict
from streams.domain import inputs as i
from streams.domain.commands import Command, CommandKind
from streams.domain.state import TaskState
from streams.domain.values import Milliseconds
from streams.domain.waiting import next_timer
from streams.log import Record
from tests.histories.answers import ANSWERS, Answer
from tests.streams.driving import START, Desk, told

TASK = "growth-post"
RUNNER = "runner-1"
REQUEST: dict[str, Any] = {
    "request": "Create a LinkedIn post about our Q4 growth metrics",
    "business_metrics": {"revenue_monthly": 150000, "customer_count": 320},
    "preferences": {"tone": "professional", "channels": ["linkedin"]},
}


class Tale:
    """A conductor on a log of its own, and the commands that nobody has answered yet."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.now: Milliseconds = START
        self.answers: dict[CommandKind, Answer] = dict(ANSWERS)
        self._told = 0

    def say(self, kind: type[Any], task_id: str = TASK, **fields: Any) -> Verdict:
        """Give an input to a task, a second after the one before."""
        self.now += 1_000
        self._told += 1
        return self.desk.give(told(kind, task_id, f"input-{self._told}", self.now, **fields))[0]

    def throw(self, record: Record) -> None:
        """Give bytes that may be no input at all."""
        self.desk.give(record)

    def submit(self, task_id: str = TASK, **fields: Any) -> None:
        """The request for a post."""
        self.say(i.SubmitRequest, task_id, **(REQUEST | fields))

    def state(self, task_id: str = TASK) -> TaskState:
        """How the task stands."""
        return self.desk.state(task_id)

    def round(self) -> int:
        """The round of approval that was opened last."""
        approval = self.state().approval
        return approval.round if approval else 0

    def decide(self, is_approved: bool, **fields: Any) -> Verdict:
        """A human decides about the newest round."""
        return self.say(
            i.DecideApproval,
            principal="ann",
            round=self.round(),
            is_approved=is_approved,
            **fields,
        )

    def work(self, until: CommandKind | None = None) -> None:
        """Answer the commands, oldest first, up to the first one of a kind."""
        while (command := self.next_command()) is not None and command.kind is not until:
            self.complete(command)

    def next_command(self) -> Command | None:
        """The oldest command that is still open, without taking it."""
        waiting = self.desk.commands
        while waiting and not self._is_open(waiting[0]):
            waiting.pop(0)
        return waiting[0] if waiting else None

    def take(self) -> Command:
        """The oldest open command, now in somebody's hands."""
        command = self.next_command()
        assert command is not None
        return self.desk.commands.pop(0)

    def complete(self, command: Command, answer: Mapping[str, Any] | None = None) -> Verdict:
        """Do a command as its agent would, through the door if it cannot be taken back."""
        if command in self.desk.commands:
            self.desk.commands.remove(command)
        if not command.is_repeatable:
            self.enter(command)
        return self.report(command, answer)

    def enter(self, command: Command) -> Verdict:
        """Ask at the door before an effect."""
        return self.say(
            i.RequestEffect,
            command.task_id,
            principal=RUNNER,
            command_id=command.command_id,
            attempt=command.attempt,
            runner=RUNNER,
        )

    def report(self, command: Command, answer: Mapping[str, Any] | None = None) -> Verdict:
        """The result of a command."""
        output = self.answers[command.kind](command) if answer is None else dict(answer)
        return self.say(i.ReportResult, command.task_id, **_by_runner(command), output=output)

    def fail(self, command: Command, reason: str, **fields: Any) -> Verdict:
        """A failed attempt."""
        return self.say(
            i.ReportFailure, command.task_id, **_by_runner(command), reason=reason, **fields
        )

    def ring(self, task_id: str = TASK) -> None:
        """Let the moment come that the task waits for first."""
        wait = next_timer(self.state(task_id))
        assert wait is not None
        self.now = max(self.now, wait.until - 1_000)
        self.say(i.TimerFired, task_id, principal="clock", timer_id=wait.timer_id)

    def _is_open(self, command: Command) -> bool:
        known = self.state(command.task_id).commands.get(command.command_id)
        return known is not None and known.issued.attempt == command.attempt


def _by_runner(command: Command) -> dict[str, Any]:
    return {
        "principal": RUNNER,
        "command_id": command.command_id,
        "attempt": command.attempt,
        "runner": RUNNER,
        "cost": 0.01,
        "duration": 900,
    }

"""Given events, when an input comes, then events: one task told step by step."""

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from json import dumps
from typing import Any

from streams.decider import decide, react
from streams.domain import inputs as i
from streams.domain.commands import Command, CommandKind
from streams.domain.events import CommandIssued, Event
from streams.domain.evolve import evolve, fold
from streams.domain.state import Life, OpenCommand, TaskState
from streams.domain.status import TaskStatus, status_of
from streams.domain.values import ExecutionPhase, Json, Milliseconds, Value
from streams.domain.waiting import WaitKind, next_timer, waits
from tests.domain.samples import NOW, answers


class Like:
    """An event of this type with at least these fields."""

    def __init__(self, kind: type[Value], /, **fields: Any) -> None:
        self.kind = kind
        self.fields = fields


class Story:
    """A task, the time, and what the last input led to. It checks at every input what must hold of
    every decision.
    """

    def __init__(self, task_id: str = "t", *, channels: tuple[str, ...] = ()) -> None:
        self.state = TaskState(task_id=task_id)
        self.now: Milliseconds = NOW
        self.history: list[tuple[Milliseconds, Event]] = []
        self.inputs: list[i.Input] = []
        self.events: list[Event] = []
        self.sent: dict[tuple[str, int], Command] = {}
        self.answers: dict[CommandKind, Json] = answers(*channels)

    def given(self, *events: Event) -> "Story":
        """These events have happened."""
        for event in events:
            self.history.append((self.now, event))
            self.state = evolve(self.state, event, self.now)
        return self

    def when(self, kind: type[Any], *, by: str = "ann", after: int = 1, **fields: Any) -> "Story":
        """An input of this kind comes, so many milliseconds later."""
        self.now += after
        number = len(self.inputs) + 1
        header = {"input_id": f"in-{number}", "task_id": self.state.task_id, "at": self.now}
        return self.hear(kind(**header, salt=f"{number:032x}", principal=by, **fields))

    def hear(self, given: i.Input) -> "Story":
        """This very input comes, now."""
        before = self.state
        decision = decide(given, before, self.now)
        self.inputs.append(given)
        self.events = decision.events
        self.given(*decision.events)
        assert self.state == decision.state, "the state decided is not the fold of its events"
        self._send()
        if self.state.life is Life.OPEN:
            assert waits(self.state), "an open task waits for nothing and nobody"
        return self

    def then(self, *expected: Event | Like) -> "Story":
        """Exactly these events followed, in this order."""
        wanted = [_shown(e) for e in expected]
        got = [_shown(e, like) for e, like in _pairs(self.events, expected)]
        if wanted != got:
            lines = "".join(wanted).split("\n"), "".join(got).split("\n")
            raise AssertionError("expected (-), decided (+)\n" + _difference(*lines))
        return self

    def then_nothing(self) -> "Story":
        """Nothing followed."""
        return self.then()

    def then_types(self, *names: str) -> "Story":
        """Events of these types followed, the version left away."""
        got = [event.type.removesuffix(".v1") for event in self.events]
        if got != list(names):
            raise AssertionError("expected (-), decided (+)\n" + _difference(list(names), got))
        return self

    def submitted(self, **fields: Any) -> "Story":
        """A request was handed in."""
        return self.when(i.SubmitRequest, **({"request": "Post our growth"} | fields))

    def reached(self, phase: ExecutionPhase, **settings: Any) -> "Story":
        """All went well until this phase."""
        if self.state.life is Life.ABSENT:
            self.submitted(settings=settings)
        while self.state.phase is not phase:
            before = len(self.history)
            for command in list(self.state.commands.values()):
                if self.state.phase is not phase:
                    self.done(command)
            assert len(self.history) > before, f"it stays in {self.state.phase}, not {phase}"
        return self

    def closed(self) -> "Story":
        """All went well until the end."""
        while self.state.life is Life.OPEN:
            self.done(next(iter(self.state.commands.values())))
        return self

    def shown(self, **settings: Any) -> "Story":
        """A version is shown to a human."""
        return self.reached(ExecutionPhase.APPROVAL, **settings)

    def approved(self, **fields: Any) -> "Story":
        """A human approved the open round."""
        return self.when(i.DecideApproval, round=self.round, is_approved=True, **fields)

    @property
    def round(self) -> int:
        """The latest round of approval."""
        assert self.state.approval is not None
        return self.state.approval.round

    def open(self, name: str | CommandKind | OpenCommand) -> OpenCommand:
        """The open command of this kind, step, or channel."""
        if isinstance(name, OpenCommand):
            return self.state.commands[name.issued.command_id]
        for command in self.state.commands.values():
            issued = command.issued
            if name in (issued.kind, issued.channel, issued.step_id, issued.command_id):
                return command
        raise AssertionError(f"no open command is for {name!r}: {list(self.state.commands)}")

    def done(
        self, name: str | CommandKind | OpenCommand, output: Json | None = None, **fields: Any
    ) -> "Story":
        """The open command has a result; what cannot be taken back is let through first."""
        command = self.open(name)
        issued = command.issued
        if command.retry_at is not None:
            self.timer(WaitKind.RETRY)
            command = self.open(name)
        if not issued.is_repeatable and command.grant is None and not command.is_uncertain:
            command = self.let_through(command).open(command)
        report = {"runner": command.runner or "", "output": self.answers[issued.kind]}
        if output is not None:
            report["output"] = output
        return self.when(i.ReportResult, command_id=issued.command_id, **(report | fields))

    def failed(
        self, name: str | CommandKind | OpenCommand, reason: str = "broken", **fields: Any
    ) -> "Story":
        """The current attempt of the open command failed."""
        command = self.open(name)
        report = {"runner": command.runner or "", "reason": reason} | fields
        return self.when(i.ReportFailure, command_id=command.issued.command_id, **report)

    def gave_up(self, name: str | CommandKind | OpenCommand, reason: str = "broken") -> "Story":
        """The open command failed for good."""
        return self.failed(name, reason, is_retryable=False)

    def claimed(
        self, name: str | CommandKind | OpenCommand, runner: str = "r1", lease: int = 1_000
    ) -> "Story":
        """A runner took the open command."""
        command_id = self.open(name).issued.command_id
        return self.when(i.ClaimCommand, command_id=command_id, runner=runner, lease=lease)

    def let_through(
        self, name: str | CommandKind | OpenCommand, runner: str | None = None, **fields: Any
    ) -> "Story":
        """A runner, or the one that holds the open command, asked at the door before its effect."""
        command = self.open(name)
        asker = runner or command.runner or "r1"
        asked = {"attempt": command.issued.attempt, "runner": asker} | fields
        return self.when(i.RequestEffect, command_id=command.issued.command_id, **asked)

    def timer(self, kind: WaitKind | None = None) -> "Story":
        """The first timer of this kind fires, or the first of all."""
        found = [wait for wait in waits(self.state) if kind in (None, wait.kind)]
        assert found, f"no timer of {kind} among {[wait.kind for wait in waits(self.state)]}"
        first = min(found, key=lambda wait: wait.until)
        after = max(1, first.until - self.now)
        return self.when(i.TimerFired, after=after, timer_id=first.timer_id)

    def only_timers(self, most: int = 300) -> "Story":
        """Nobody does anything any more; only time passes."""
        for _ in range(most):
            if next_timer(self.state) is None:
                return self
            self.timer()
        raise AssertionError(f"after {most} timers it still is in {self.state.phase}")

    @property
    def status(self) -> TaskStatus:
        """The word that people see."""
        return status_of(self.state)

    def payload(self, name: str | CommandKind) -> Json:
        """What the agent gets for the open command."""
        issued = self.open(name).issued
        return self.sent[issued.command_id, issued.attempt].payload

    def all(self, kind: type[Value]) -> list[Any]:
        """All events of a type that have happened."""
        return [event for _, event in self.history if isinstance(event, kind)]

    def refolded(self) -> TaskState:
        """The state by folding the whole history anew."""
        return fold(self.history, TaskState(task_id=self.state.task_id))

    def _send(self) -> None:
        for event in self.events:
            if isinstance(event, CommandIssued) and event.command_id in self.state.commands:
                command = react(event, self.state)
                assert command is not None
                self.sent[command.command_id, command.attempt] = command


def _pairs(
    events: list[Event], expected: tuple[Event | Like, ...]
) -> Iterator[tuple[Event, Event | Like | None]]:
    for index, event in enumerate(events):
        yield event, expected[index] if index < len(expected) else None


def _difference(wanted: list[str], got: list[str]) -> str:
    return "\n".join(list(unified_diff(wanted, got, n=9, lineterm=""))[2:])


def _shown(event: Event | Like, like: Event | Like | None = None) -> str:
    """The event as text; of one that stands beside a `Like`, only what that one names."""
    if isinstance(event, Like):
        return _text(event.kind, event.fields)
    fields: Mapping[str, Any] = dict(event)
    if isinstance(like, Like) and like.kind is type(event):
        fields = {name: fields.get(name) for name in like.fields}
    return _text(type(event), fields)


def _text(kind: type[Value], fields: Mapping[str, Any]) -> str:
    lines = [f"  {k}: {_plain(v)}" for k, v in fields.items() if k != "type"]
    return "\n".join([kind.__name__, *lines, ""])


def _plain(value: Any) -> str:
    return dumps(value, default=lambda v: v.as_json if isinstance(v, Value) else repr(v))

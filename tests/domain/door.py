"""An exhaustive small model of the door before effects: every order in which two runners can ask,
act, report and fall silent, with reports that come late and twice, timers, a human and a
cancellation.

The core is the real one; the platform only counts. A runner that was let through may post until its
own clock says that it is too late; what it reports is the truth, if it reports at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from streams.decider import decide
from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.state import STATE, Life, TaskState
from streams.domain.values import Channel, Milliseconds
from streams.domain.waiting import waits
from tests.domain.samples import NOW

RUNNERS = ("r1", "r2")
COMMAND = "t.1"
GRANT = 1_000
SETTINGS = {"grant_time": GRANT, "retry_base": 10, "question_timeout": 9_000, "max_attempts": 2}
ENDS = frozenset({"published", "failed", "cancelled"})


class Violation(AssertionError):
    """An order of actions that lets something out twice, or leaves something behind."""


@dataclass(frozen=True)
class Hand:
    """A runner that was let through in an attempt, and what it has done since."""

    runner: str
    attempt: int
    act_before: Milliseconds
    has_posted: bool = False
    is_over: bool = False  # it has sent its report, or died


@dataclass(frozen=True)
class Report:
    """What is under way to the core; it may come at any time, and again."""

    kind: str  # receipt, failure, doubt
    runner: str
    attempt: int


@dataclass(frozen=True)
class Door:
    """One publication, all that may still happen to it, and what the platform saw."""

    state: TaskState
    now: Milliseconds = NOW
    hands: tuple[Hand, ...] = ()
    reports: frozenset[Report] = frozenset()
    posts: int = 0
    has_receipt: bool = False  # the core was told that it is out
    answers: int = 1
    cancels: int = 1
    told: tuple[str, ...] = field(default=(), compare=False)

    def after(self, name: str, **changes: Any) -> "Door":
        """The world after an action of this name."""
        return replace(self, told=(*self.told, name), **changes)

    @property
    def mark(self) -> object:
        """What makes two worlds alike: refusals are only remembered, and decide nothing."""
        rest = (self.hands, self.reports, self.posts, self.has_receipt)
        return (_essence(self.state), self.now, rest, self.answers, self.cancels)


class Model:
    """The actions, and what must hold after each. Subclasses plant bugs."""

    def start(self, *, is_key_enforced: bool = False, **limits: int) -> Door:
        """The publication waits for a runner."""
        self.is_key_enforced = is_key_enforced
        fields = {"agent_type": "publisher", "action": "publish", "settings": SETTINGS}
        empty = Door(TaskState(task_id="t"), **limits)
        return self.hear(empty, "start", i.DispatchCommand, channel=Channel.LINKEDIN, **fields)

    def explore(self, start: Door) -> int:
        """Visit every world; the answer is how many there are.

        Raises:
            Violation: with the actions that led to it.
        """
        self.kept: set[object] = set()
        seen, stack = {start.mark}, [start]
        while stack:
            for following in self.actions(stack.pop()):
                mark = following.mark
                if mark not in seen:
                    seen.add(mark)
                    self.check(following)
                    stack.append(following)
        return len(seen)

    def actions(self, world: Door) -> Iterator[Door]:
        """Everything that could happen next."""
        yield from self.asks(world)
        yield from self.acts(world)
        for report in sorted(world.reports, key=repr):
            yield self.deliver(world, report)
        for wait in waits(world.state):
            later = replace(world, now=max(world.now, wait.until))
            yield self.hear(later, wait.timer_id, i.TimerFired, timer_id=wait.timer_id)
        for question_id in world.state.questions if world.answers else ():
            left = replace(world, answers=world.answers - 1)
            said = {"question_id": question_id, "answer": "done" if world.posts else "not done"}
            yield self.hear(left, said["answer"], i.AnswerQuestion, **said)
        if world.cancels and world.state.life is Life.OPEN:
            yield self.hear(replace(world, cancels=world.cancels - 1), "cancel", i.CancelTask)

    def asks(self, world: Door) -> Iterator[Door]:
        """Any runner asks for any attempt that it may have in its hands."""
        command = world.state.commands.get(COMMAND)
        for attempt in range(1, command.issued.attempt + 1) if command else ():
            for runner in RUNNERS if world.hands else RUNNERS[:1]:  # before, they are alike
                asked = {"command_id": COMMAND, "attempt": attempt, "runner": runner}
                asked["is_key_enforced"] = self.is_key_enforced
                yield self.hear(world, f"{runner} asks for {attempt}", i.RequestEffect, **asked)

    def acts(self, world: Door) -> Iterator[Door]:
        """A runner that was let through posts, reports, or dies."""
        for number, hand in enumerate(world.hands):
            if hand.is_over:
                continue
            if not hand.has_posted and self.may_post(world, hand):
                yield self.post(world, number)
            for kind in ("receipt", "doubt") if hand.has_posted else ("failure", "doubt"):
                sent = Report(kind, hand.runner, hand.attempt)
                ended = _with(world, number, replace(hand, is_over=True))
                name = f"{hand.runner} sends a {kind}"
                yield ended.after(name, reports=world.reports | {sent})
            yield _with(world, number, replace(hand, is_over=True)).after(f"{hand.runner} dies")

    def may_post(self, world: Door, hand: Hand) -> bool:
        """Whether its own clock lets the runner begin."""
        return world.now < hand.act_before

    def post(self, world: Door, number: int) -> Door:
        """The platform takes a post; of one key only the first."""
        hand = world.hands[number]
        counts = not (self.is_key_enforced and world.posts)
        done = _with(world, number, replace(hand, has_posted=True))
        return done.after(f"{hand.runner} posts", posts=world.posts + counts)

    def deliver(self, world: Door, report: Report) -> Door:
        """A report reaches the core."""
        name = f"{report.kind} of {report.runner} for {report.attempt}"
        own = {"command_id": COMMAND, "runner": report.runner, "attempt": report.attempt}
        if report.kind == "receipt":
            heard = self.hear(world, name, i.ReportResult, output={"reference": "1"}, **own)
            is_in_time = COMMAND in world.state.commands
            return replace(heard, has_receipt=world.has_receipt or is_in_time)
        doubt = {"reason": report.kind, "is_uncertain": report.kind == "doubt"}
        return self.hear(world, name, i.ReportFailure, **doubt, **own)

    def hear(self, world: Door, name: str, kind: type[Any], **fields: Any) -> Door:
        """The core decides an input."""
        header = {"input_id": "in", "task_id": "t", "at": world.now, "salt": "0" * 32}
        decision = decide(kind(**header, **fields), world.state, world.now)
        hands = world.hands
        for event in decision.events:
            if isinstance(event, e.EffectGranted):
                self.check_grant(world, event, name)
                limit = world.now + GRANT * 9 // 10
                hands = (*hands, Hand(event.runner, event.attempt, limit))
        return world.after(name, state=decision.state, hands=hands)

    def check_grant(self, world: Door, grant: e.EffectGranted, name: str) -> None:
        """A grant is the only one alive, and comes after no receipt."""
        able = [h for h in world.hands if not (h.is_over or h.has_posted)]
        if any(self.may_post(world, hand) for hand in able) and not self.is_key_enforced:
            raise Violation(f"{grant.runner} beside {able}: {[*world.told, name]}")
        if world.has_receipt:
            raise Violation(f"a grant after a receipt: {[*world.told, name]}")

    def check(self, world: Door) -> None:
        """What holds in every world: once at most, and always an end in sight."""
        state = world.state
        if world.posts > 1:
            raise Violation(f"posted twice: {world.told}")
        if state.life is Life.OPEN and not waits(state):
            raise Violation(f"it waits for nothing: {world.told}")
        if state.life is Life.CLOSED:
            self.check_end(world)
        if (essence := _essence(state)) not in self.kept:
            self.kept.add(essence)
            if STATE.validate_json(STATE.dump_json(state)) != state:
                raise Violation(f"a new owner would know something else: {world.told}")

    def check_end(self, world: Door) -> None:
        """Published, failed, or cancelled before it was out; and what is out is known to be, unless
        nobody said so in time."""
        (status,) = {p.status.value for p in world.state.publications.values()}
        was_asked = any(name.startswith("question:") for name in world.told)
        if status not in ENDS and not (was_asked and status == "uncertain"):
            raise Violation(f"it ends as {status}: {world.told}")
        if world.has_receipt and status != "published":
            raise Violation(f"there was a receipt, but it ends as {status}: {world.told}")
        if status == "published" and not world.posts:
            raise Violation(f"nothing is out: {world.told}")
        if world.posts and status != "published" and not was_asked:
            raise Violation(f"it is out, but ends as {status}: {world.told}")


class Unguarded(Model):
    """Planted bug: a runner that was stopped goes on when its time has passed."""

    def may_post(self, world: Door, hand: Hand) -> bool:
        return True


class Meddling(Model):
    """A runner that was never let through says that it failed."""

    def actions(self, world: Door) -> Iterator[Door]:
        yield from super().actions(world)
        command = world.state.commands.get(COMMAND)
        if command is not None:
            yield self.deliver(world, Report("failure", "r3", command.issued.attempt))


def _essence(state: TaskState) -> tuple[object, ...]:
    """What the next decisions can depend on."""
    commands = tuple(
        (c.issued.attempt, c.runner, c.retry_at, c.grant, c.is_uncertain, c.is_unheard, c.granted)
        for c in state.commands.values()
    )
    questions = tuple((name, asked.expires_at) for name, asked in state.questions.items())
    statuses = tuple(publication.status for publication in state.publications.values())
    ended = tuple((one.attempt, one.runner) for one in state.finished.values())
    return (state.life, state.is_cancelling, commands, questions, statuses, ended)


def _with(world: Door, number: int, hand: Hand) -> Door:
    hands = (*world.hands[:number], hand, *world.hands[number + 1 :])
    return replace(world, hands=hands)

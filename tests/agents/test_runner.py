"""The runner at the door before effects, and what failed attempts leave to the next ones."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from agents.contract import Agent, Done, GiveUp, Outcome, Retry, Uncertain
from agents.runner import TOO_LATE, Runner
from streams.batch import Answer, Verdict
from streams.clock import new_salt, wall_clock
from streams.domain.commands import Command, CommandKind
from streams.domain.deliverable import Receipt
from streams.domain.inputs import DispatchCommand, Input, ReportFailure, RequestEffect
from streams.domain.state import PublicationStatus
from streams.domain.values import Channel, ExecutionPhase, Milliseconds
from streams.sqlite import SqliteLog
from tests.streams.running import running

START: Milliseconds = 1_790_000_000_000
HOUR: Milliseconds = 3_600_000


class Core:
    """Lets everybody in, or nobody, and keeps what it is told. Being asked takes its time."""

    def __init__(self, verdict: Verdict = Verdict.ACCEPTED, *, takes: Milliseconds = 0) -> None:
        self.now = START
        self.told: list[Input] = []
        self._verdict = verdict
        self._takes = takes

    async def send(self, given: Input) -> Answer:
        """Take an input in."""
        self.told.append(given)
        if isinstance(given, RequestEffect):
            self.now += self._takes
        return Answer(self._verdict, given.task_id, 1)

    @property
    def failure(self) -> ReportFailure:
        """The report of the attempt, which failed."""
        report = self.told[-1]
        assert isinstance(report, ReportFailure)
        return report


class Hands:
    """An effect that says what it is told to say, and remembers its commands."""

    def __init__(self, outcome: Outcome | None = None) -> None:
        self.commands: list[Command] = []
        self._outcome = outcome or Done({"reference": "1"})

    async def post(self, command: Command) -> Outcome:
        """Act."""
        self.commands.append(command)
        return self._outcome


async def forever(command: Command) -> Outcome:
    await asyncio.Event().wait()
    raise AssertionError


def command(**fields: Any) -> Command:
    known: dict[str, Any] = {
        "command_id": "t.1",
        "task_id": "t",
        "kind": CommandKind.PUBLISH,
        "phase": ExecutionPhase.APPROVAL,
        "agent_type": "publisher",
        "tool_id": "post",
        "timeout": HOUR,
        "grant_time": 10_000,
        "is_repeatable": False,
        "issued_at": START,
    }
    return Command.model_validate(known | fields)


async def ran(core: Core, effect: Callable[[Command], Awaitable[Outcome]], given: Command) -> None:
    """A runner works on one command to its end."""
    runner = Runner(
        [Agent("publisher", effects={"post": effect})], core.send, clock=lambda: core.now
    )
    runner.begin(given)
    name = f"command {given.command_id}"
    await asyncio.wait([task for task in asyncio.all_tasks() if task.get_name() == name])


async def test_the_effect_knows_until_when_it_may_act() -> None:
    hands = Hands()

    await ran(Core(takes=500), hands.post, command())

    assert [given.act_before for given in hands.commands] == [START + 9_000]


async def test_without_a_grant_time_the_timeout_counts() -> None:
    hands = Hands()

    await ran(Core(), hands.post, command(grant_time=None, timeout=1_000))

    assert [given.act_before for given in hands.commands] == [START + 900]


async def test_what_may_be_repeated_is_done_without_asking() -> None:
    core, hands = Core(), Hands()

    await ran(core, hands.post, command(is_repeatable=True))

    assert [given.act_before for given in hands.commands] == [None]
    assert [given.type for given in core.told] == ["report_result.v1"]


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.REPEATED, Verdict.DEAD_LETTERED])
async def test_whoever_is_not_let_through_does_not_act(verdict: Verdict) -> None:
    core, hands = Core(verdict), Hands()

    await ran(core, hands.post, command())

    assert hands.commands == []
    assert len(core.told) == 1


@pytest.mark.parametrize("stopped_for", [9_000, HOUR])
async def test_a_process_that_was_stopped_after_asking_does_not_act_when_it_goes_on(
    stopped_for: Milliseconds,
) -> None:
    core, hands = Core(takes=stopped_for), Hands()

    await ran(core, hands.post, command())

    assert hands.commands == []
    assert core.failure.reason == TOO_LATE
    assert core.failure.is_retryable
    assert not core.failure.is_uncertain


async def test_a_command_that_is_handed_out_again_does_not_tear_its_effect_down() -> None:
    core, begun, ended = Core(), asyncio.Event(), asyncio.Event()
    attempts: list[int] = []

    async def slow(command: Command) -> Outcome:
        attempts.append(command.attempt)
        begun.set()
        await ended.wait()
        return Done({"reference": "1"})

    runner = Runner([Agent("publisher", effects={"post": slow})], core.send, clock=lambda: core.now)
    runner.begin(command())
    await begun.wait()
    runner.begin(command())
    runner.withdraw(["t.1"])
    ended.set()
    await runner.stop()

    assert attempts == [1]
    assert [given.type for given in core.told] == ["request_effect.v1", "report_result.v1"]


async def test_an_effect_that_outlasts_its_grant_is_in_doubt() -> None:
    core = Core(takes=8_990)  # of nine seconds

    await ran(core, forever, command())

    assert core.failure.reason == "no answer within 0.01 s"
    assert core.failure.is_uncertain


@pytest.mark.parametrize("is_uncertain", [True, False])
async def test_what_was_done_is_reported_as_the_log_will_give_it_back(is_uncertain: bool) -> None:
    core = Core()
    done = {"posts": ("1", "2"), "share": float("nan")}
    outcome = Uncertain("?", progress=done) if is_uncertain else Retry("slow", progress=done)

    await ran(core, Hands(outcome).post, command())

    assert core.failure.progress == {"posts": ["1", "2"], "share": None}
    assert core.failure.is_uncertain is is_uncertain


@pytest.mark.parametrize("done", [{"post": object()}, {"post": "\ud800"}])
async def test_what_cannot_be_written_leaves_a_doubt(done: dict[str, object]) -> None:
    core = Core()

    await ran(core, Hands(Retry("slow down", after=7, progress=done)).post, command())

    assert core.failure.reason.startswith("slow down (what was done cannot be written: ")
    assert core.failure.is_uncertain
    assert core.failure.progress == {}
    assert core.failure.retry_after == 7


async def test_whoever_gives_up_is_not_asked_again() -> None:
    core = Core()

    await ran(core, Hands(GiveUp("no account")).post, command())

    assert not core.failure.is_retryable


class Thread:
    """A publisher of four posts, which is asked to slow down after the second one."""

    def __init__(self) -> None:
        self.posts: list[str] = []

    async def publish(self, command: Command) -> Outcome:
        """Post what is not out yet."""
        out = list(command.progress.get("posts", ()))
        for part in command.payload["parts"][len(out) :]:
            if len(self.posts) == 2 and command.attempt == 1:
                return Retry("too many requests", after=0, progress={"posts": out})
            self.posts.append(part)
            out.append(part)
        return Done(Receipt(reference=out[0], details={"posts": out}).as_json)


async def test_a_thread_of_which_two_posts_are_out_goes_on_with_the_third(tmp_path: Path) -> None:
    thread, parts = Thread(), ["1/4", "2/4", "3/4", "4/4"]
    wanted = DispatchCommand(
        input_id="in",
        task_id="thread",
        at=wall_clock(),
        salt=new_salt(),
        agent_type="publisher",
        action="publish",
        tool_id="twitter_publisher",
        channel=Channel.TWITTER,
        payload={"parts": parts},
    )
    publisher = Agent("publisher", effects={"twitter_publisher": thread.publish})

    async with running(await SqliteLog.open(tmp_path), [publisher]) as here:
        await here.core.send(wanted)
        state = await here.closed("thread")

    published = state.publications[Channel.TWITTER]
    assert thread.posts == parts
    assert published.status is PublicationStatus.PUBLISHED
    assert published.receipt == Receipt(reference="1/4", details={"posts": parts})

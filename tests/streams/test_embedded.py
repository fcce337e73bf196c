"""The embedded runner: durable before it answers, quick inside, honest when the disk fails."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from agents.contract import Agent, Done, GiveUp, Outcome, Retry, Uncertain
from agents.echo import echo_agents
from streams.batch import Verdict
from streams.clock import new_salt, wall_clock
from streams.domain.commands import Command
from streams.domain.errors import LogCorrupted, LogFull, LogUnavailable, Undecodable
from streams.domain.inputs import AnswerQuestion, CancelTask, RecordFeedback
from streams.domain.state import Life
from streams.domain.values import DecisionOutcome, ExecutionPhase
from streams.envelope import input_record
from streams.log import DEAD_LETTERS, EVENTS, INPUTS, Commit, Lease
from streams.memory import MemoryLog
from streams.sqlite import SqliteLog
from streams.verification import verify_log
from tests.streams.running import request, running


def common(task_id: str, input_id: str) -> dict[str, object]:
    return {"input_id": input_id, "task_id": task_id, "at": wall_clock(), "salt": new_salt()}


async def test_a_task_passes_nine_phases_in_order() -> None:
    async with running(MemoryLog()) as here:
        await here.submit("a")

        state = await here.closed("a")

    assert state.outcome is DecisionOutcome.APPROVED
    assert state.phases == tuple(ExecutionPhase)


async def test_an_answer_comes_after_the_commit_and_a_repeat_is_known() -> None:
    log = MemoryLog()
    async with running(log) as here:
        first = await here.core.send(request("a", "one"))
        kept = [r.key for r in log.records[EVENTS, 0]]
        again = await here.core.send(request("a", "two"))

    assert first.verdict is Verdict.ACCEPTED
    assert "a" in kept
    assert again.verdict is Verdict.REPEATED


async def test_a_repeat_is_known_after_a_restart_and_after_the_end() -> None:
    log = MemoryLog()
    async with running(log) as here:
        await here.submit("a")
        await here.closed("a")
    async with running(log) as here:
        again = await here.core.send(request("a", "again"))
        remark = RecordFeedback(**common("a", "remark"), feedback_id="f")
        told = await here.core.send(remark)

    assert again.verdict is Verdict.REPEATED
    assert told.verdict is Verdict.ACCEPTED
    assert (await verify_log(log)).findings == []


async def test_inputs_that_others_wrote_are_done_at_the_start() -> None:
    log = MemoryLog()
    await log.append([input_record(request("a"), 0)])

    async with running(log) as here:
        state = await here.closed("a")

    assert state.outcome is DecisionOutcome.APPROVED


async def test_open_commands_are_handed_out_again_after_a_restart() -> None:
    log = MemoryLog()
    blind = [a for a in echo_agents() if a.agent_type != "echo"]
    async with running(log, blind) as here:
        await here.submit("a")
        await here.until("a", lambda s: s.phase is ExecutionPhase.EXECUTION)

    async with running(log) as here:
        state = await here.closed("a")

    assert state.outcome is DecisionOutcome.APPROVED


async def test_an_input_for_no_task_lies_in_the_dead_letters_with_its_bytes() -> None:
    log = MemoryLog()
    async with running(log) as here:
        answer = await here.core.send(CancelTask(**common("nobody", "stop")))

    letter = log.records[DEAD_LETTERS, 0][0]
    assert answer.verdict is Verdict.DEAD_LETTERED
    assert b'"cancel_task.v1"' in letter.value
    assert letter.headers["origintopic"] == INPUTS


async def test_bytes_that_are_no_input_are_kept_and_the_task_is_told() -> None:
    log = MemoryLog()
    async with running(log) as here:
        await here.submit("a", queue_timeout=60_000)
        await here.closed("a")
    stop = CancelTask(**common("a", "stop"))
    broken = replace(input_record(stop, 0), value=b'{"type": "cancel_task.v1"}')
    strange = replace(input_record(request("b"), 0), key="other")
    await log.append([broken, replace(broken, key="unknown", headers={"time": "x"}), strange])

    async with running(log) as here:
        state = here.core.state("a")

    letters = log.records[DEAD_LETTERS, 0]
    assert [letter.headers["pointer"] for letter in letters] == [
        "/input_id",
        "/input_id",
        "/task_id",
    ]
    assert letters[0].value == broken.value
    assert state is not None
    assert state.failed_inputs == 1


class FailingLog(MemoryLog):
    """A log whose commits fail so many times."""

    failures = 0
    error: type[Exception] = LogFull

    async def commit(self, lease: Lease, commit: Commit) -> dict[str, int]:
        if self.failures:
            self.failures -= 1
            raise self.error()
        return await super().commit(lease, commit)


async def test_a_full_disk_is_tried_again_and_nothing_is_lost() -> None:
    log = FailingLog()
    async with running(log) as here:
        log.failures = 2
        answer = await here.core.send(request("a"))
        state = await here.closed("a")

    assert answer.verdict is Verdict.ACCEPTED
    assert state.outcome is DecisionOutcome.APPROVED


async def test_a_disk_that_stays_full_ends_the_runner_and_tells_the_senders() -> None:
    log = FailingLog()
    async with running(log, patience=0.0) as here:
        log.failures = 10**6
        with pytest.raises(LogUnavailable, match="could not be kept"):
            await here.core.send(request("a"))
        failure = await here.core.wait_for_failure()
        with pytest.raises(LogUnavailable, match="has stopped"):
            await here.core.send(request("b"))

    assert isinstance(failure, LogFull)
    assert (EVENTS, 0) not in log.records


async def test_nothing_is_taken_in_while_stopping() -> None:
    async with running(MemoryLog()) as here:
        await here.core.stop()
        with pytest.raises(LogUnavailable, match="stopping"):
            await here.core.send(request("a"))


async def test_a_broken_chain_stops_the_takeover() -> None:
    log = MemoryLog()
    async with running(log, [a for a in echo_agents() if a.agent_type != "echo"]) as here:
        await here.submit("a")
        await here.until("a", lambda s: s.phase is ExecutionPhase.EXECUTION)
    events = log._records[EVENTS, 0]
    events[3] = replace(events[3], headers={**events[3].headers, "causationid": "forged"})

    with pytest.raises(LogCorrupted, match="sequence 4"):
        async with running(log):
            pass

    report = await verify_log(log)
    assert "hash does not match" in report.findings[0].what
    assert report.findings[0].sequence == 4


def steps_done_by(handler: object) -> list[Agent]:
    """Echo agents, with one effect in place of the first step."""
    rest = [a for a in echo_agents() if a.agent_type != "echo"]
    echo = next(a for a in echo_agents() if a.agent_type == "echo")
    computes = {k: v for k, v in echo.computes.items() if k != "echo_1"}
    return [*rest, replace(echo, computes=computes, effects={"echo_1": handler})]  # type: ignore[dict-item]


async def test_an_effect_runs_only_when_its_command_is_on_disk() -> None:
    log = MemoryLog()
    seen: list[bool] = []

    async def act(command: Command) -> Outcome:
        topic = log.records.get(("commands.echo", 0), ())
        seen.append(any(r.key == command.command_id for r in topic))
        return Done({"echo": 1})

    async with running(log, steps_done_by(act)) as here:
        await here.submit("a")
        await here.closed("a")

    assert seen == [True]


async def test_a_failed_attempt_is_tried_again_after_its_pause() -> None:
    attempts: list[int] = []

    async def act(command: Command) -> Outcome:
        attempts.append(command.attempt)
        if command.attempt == 1:
            raise ValueError("a bug")
        return Retry("not now", after=1) if command.attempt == 2 else Done({"echo": 1})

    async with running(MemoryLog(), steps_done_by(act)) as here:
        await here.submit("a", retry_base=1)
        state = await here.closed("a")

    assert attempts == [1, 2, 3]
    assert state.outcome is DecisionOutcome.APPROVED


async def test_what_cannot_work_fails_at_once() -> None:
    async def act(command: Command) -> Outcome:
        return GiveUp("never")

    async with running(MemoryLog(), steps_done_by(act)) as here:
        await here.submit("a")
        state = await here.closed("a")

    assert state.outcome is DecisionOutcome.FAILED
    assert "never" in (state.error or "")


async def test_an_effect_that_hangs_is_cut_off() -> None:
    async def act(command: Command) -> Outcome:
        await asyncio.Event().wait()
        return Done({})

    async with running(MemoryLog(), steps_done_by(act)) as here:
        await here.submit("a", command_timeout=30, max_attempts=1)
        state = await here.closed("a")

    assert state.outcome is DecisionOutcome.FAILED
    assert "no answer within" in (state.error or "")


async def test_a_cancelled_task_stops_its_effects() -> None:
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def act(command: Command) -> Outcome:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()
        return Done({})

    async with running(MemoryLog(), steps_done_by(act)) as here:
        await here.submit("a")
        await begun.wait()
        await here.core.send(CancelTask(**common("a", "stop")))
        state = await here.closed("a")
        await asyncio.wait_for(cancelled.wait(), 5)

    assert state.outcome is DecisionOutcome.CANCELLED


async def test_an_uncertain_publication_asks_and_is_never_repeated_by_itself() -> None:
    posted: list[str] = []

    async def publish(command: Command) -> Outcome:
        posted.append(command.command_id)
        return Uncertain("the line went dead") if len(posted) == 1 else Done({"reference": "2"})

    def parse(command: Command) -> Outcome:
        return Done({"name": "e", "action": "e", "domain": "t", "channels": ["linkedin"]})

    def shape(command: Command) -> Outcome:
        return Done(
            {"title": "t", "content": "c", "variants": [{"channel": "linkedin", "content": "c"}]}
        )

    planner, evaluator, content, echo = echo_agents()
    agents = [
        replace(planner, computes={**planner.computes, "ParseIntent": parse}),
        evaluator,
        replace(content, computes={**content.computes, "Format": shape}),
        echo,
        Agent("publisher", effects={"linkedin_publisher": publish}),
    ]
    async with running(MemoryLog(), agents) as here:
        await here.submit("a", is_auto_approved=True)
        asked = await here.until("a", lambda s: bool(s.questions))
        after_doubt = list(posted)
        question = next(iter(asked.questions))
        await here.core.send(
            AnswerQuestion(**common("a", "look"), question_id=question, answer="not done")
        )
        state = await here.closed("a")

    assert len(after_doubt) == 1
    assert len(posted) == 2
    assert state.outcome is DecisionOutcome.APPROVED


async def test_many_tasks_at_once_on_a_real_file(tmp_path: Path) -> None:
    log = await SqliteLog.open(tmp_path)
    async with running(log) as here:
        await asyncio.gather(*(here.submit(f"t{n}") for n in range(60)))
        states = [await here.closed(f"t{n}") for n in range(60)]
    report = await verify_log(log)
    await log.close()

    assert {s.outcome for s in states} == {DecisionOutcome.APPROVED}
    assert report.tasks == 60
    assert report.findings == []


async def test_waiting_tasks_are_restored_from_snapshots() -> None:
    log = MemoryLog()
    async with running(log, echo_agents(score=0.5)) as here:
        here.core._conductor._snapshot_after = 10
        for n in range(8):
            await here.submit(f"t{n}", max_retries=0)
            await here.until(f"t{n}", lambda s: s.phase is ExecutionPhase.APPROVAL)
        before = dict(here.core.states())
    recovery = await log.recover(0)

    async with running(log) as here:
        after = dict(here.core.states())

    assert len(recovery.snapshots) > 3
    assert recovery.watermark > 0
    assert {k: s for k, s in before.items() if s.life is Life.OPEN} == after


async def test_an_input_that_json_cannot_hold_is_refused_and_the_others_go_on() -> None:
    async with running(MemoryLog()) as here:
        broken = request("a").model_copy(update={"context": {"half": "\ud800"}})
        answers = await asyncio.gather(
            here.core.send(broken), here.core.send(request("b")), return_exceptions=True
        )
        state = await here.closed("b")

    assert isinstance(answers[0], Undecodable)
    assert state.outcome is DecisionOutcome.APPROVED


@pytest.mark.parametrize("answer", [{"half": "\ud800"}, {"thing": object()}, {b"\xff": 1}])
@pytest.mark.parametrize("is_effect", [False, True])
async def test_an_answer_that_json_cannot_hold_is_a_failed_attempt(
    answer: dict[str, object], is_effect: bool
) -> None:
    def compute(command: Command) -> Outcome:
        return Done(answer)

    async def effect(command: Command) -> Outcome:
        return Done(answer)

    effects, computes = ({"echo_1": effect}, {}) if is_effect else ({}, {"echo_1": compute})
    strange = Agent("echo", effects=effects, computes=computes)
    agents = [*(a for a in echo_agents() if a.agent_type != "echo"), strange]
    async with running(MemoryLog(), agents) as here:
        await here.submit("a")
        state = await here.closed("a")

    assert state.outcome is DecisionOutcome.FAILED
    assert "the answer" in (state.error or "")


async def test_the_state_holds_an_answer_as_the_log_gives_it_back() -> None:
    async def effect(command: Command) -> Outcome:
        return Done({"pair": (1, 2), "none": float("nan")})

    strange = Agent("echo", effects={f"echo_{n}": effect for n in (1, 2, 3)})
    agents = [*(a for a in echo_agents() if a.agent_type != "echo"), strange]
    async with running(log := MemoryLog(), agents) as here:
        await here.submit("a")
        state = await here.closed("a")

    assert state.works["step-1"].output == {"pair": [1, 2], "none": None}
    assert (await verify_log(log)).findings == []

"""Each open task advances, waits for somebody, lies beside a dead letter, or is stranded."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.state import Life, TaskState
from streams.domain.waiting import next_timer
from streams.log import INPUTS, Record
from streams.watchdog import GRACE, Finding, Health, counts, examine
from tests.histories.answers import intent
from tests.histories.stories import STORIES
from tests.histories.tale import RUNNER, TASK, Tale
from tests.streams.driving import START, Desk, submitted, told


def finding(tale: Tale, now: int | None = None, working: frozenset[str] = frozenset()) -> Finding:
    """What is said of the tale's task."""
    found = examine([tale.state()], tale.now if now is None else now, working)
    assert len(found) == 1
    return found[0]


def at_approval() -> Tale:
    tale = Tale()
    tale.submit()
    tale.work()
    return tale


def test_a_task_at_approval_waits_for_a_human_until_the_round_ends() -> None:
    tale = at_approval()

    found = finding(tale)

    approval = tale.state().approval
    assert approval is not None
    assert found == Finding(TASK, Health.WAITING, "a human", approval.expires_at, "approval")


def test_a_task_with_a_question_waits_for_a_human() -> None:
    tale = Tale()
    tale.submit()
    tale.complete(tale.take(), intent(question={"text": "Which quarter?"}))

    found = finding(tale)

    assert (found.health, found.whom, found.note) == (Health.WAITING, "a human", "question")


def test_a_command_that_nobody_took_waits_for_its_agents() -> None:
    tale = Tale()
    tale.submit()

    found = finding(tale)

    command = tale.state().commands["growth-post.1"]
    assert (found.health, found.whom) == (Health.WAITING, "agents.planner")
    assert found.until == command.issued.expires_at


def test_a_command_that_this_process_works_on_advances_its_task() -> None:
    tale = Tale()
    tale.submit()

    assert finding(tale, working=frozenset({"growth-post.1"})).health is Health.ADVANCING
    assert finding(tale, working=frozenset({"other.1"})).health is Health.WAITING


def test_a_claimed_command_advances_its_task_until_the_lease_ends() -> None:
    tale = Tale()
    tale.submit()
    held = {"command_id": "growth-post.1", "runner": RUNNER, "lease": 9_000}
    tale.say(i.ClaimCommand, principal=RUNNER, **held)

    found = finding(tale)

    assert (found.health, found.whom) == (Health.ADVANCING, RUNNER)
    assert found.until == tale.now + 9_000


def test_an_effect_under_way_and_a_pause_before_a_retry_advance() -> None:
    tale = at_approval()
    tale.decide(True)
    post = tale.take()
    tale.enter(post)
    granted = finding(tale)
    tale.fail(post, "busy", retry_after=5_000)
    paused = finding(tale)

    assert (granted.health, granted.whom) == (Health.ADVANCING, RUNNER)
    assert (paused.health, paused.whom) == (Health.ADVANCING, "the clock")


def test_a_waiting_task_with_a_buried_input_says_so() -> None:
    tale = at_approval()
    tale.throw(Record(INPUTS, 0, TASK, b"?"))

    found = finding(tale)

    assert found.health is Health.DEAD_LETTERED
    assert found.note == "1 of its inputs lie in the dead letters"
    assert found.whom == "a human"


@pytest.mark.parametrize(
    ("late", "health"), [(0, "waiting"), (GRACE, "waiting"), (GRACE + 1, "stranded")]
)
def test_a_timer_that_is_long_overdue_strands_its_task(late: int, health: str) -> None:
    tale = at_approval()
    wait = next_timer(tale.state())
    assert wait is not None

    found = finding(tale, now=wait.until + late)

    assert found.health == health
    assert (late <= GRACE) or found.note == f"the timer {wait.timer_id!r} should have fired"


def test_an_open_task_that_waits_for_nothing_is_stranded() -> None:
    stuck = TaskState(task_id="stuck", life=Life.OPEN)

    (found,) = examine([stuck], START)

    assert found == Finding("stuck", Health.STRANDED, note="it waits for nothing and nobody")


def test_of_several_waits_the_one_that_ends_first_is_named() -> None:
    tale = Tale()
    late, early = tale.now + 9_000_000, tale.now + 60_000
    tale.submit(settings={"deadline": late})
    first = finding(tale)
    tale.say(i.ChangeSettings, values={"deadline": early})
    second = finding(tale)

    assert (first.whom, first.until) == (
        "agents.planner",
        tale.state().commands[f"{TASK}.1"].issued.expires_at,
    )
    assert (second.whom, second.until) == ("the clock", early)


def test_only_open_tasks_are_looked_at() -> None:
    closed = TaskState(task_id="closed", life=Life.CLOSED)
    absent = TaskState(task_id="tenant:acme")

    assert examine([closed, absent], START) == []


def test_all_kinds_are_counted_also_those_that_are_not_there() -> None:
    found = examine([TaskState(task_id="stuck", life=Life.OPEN), at_approval().state()], START)

    assert counts(found) == {"advancing": 0, "waiting": 1, "dead_lettered": 0, "stranded": 1}


@pytest.mark.parametrize("name", STORIES)
def test_no_recorded_history_ends_with_a_stranded_task(name: str) -> None:
    tale = Tale()
    STORIES[name](tale)

    found = examine(tale.desk.conductor.states().values(), tale.now)

    assert counts(found)["stranded"] == 0


MOVES = st.lists(
    st.sampled_from(
        ["answer", "answer", "answer", "answer", "fail", "give up", "uncertain", "enter", "claim",
         "ring", "cancel", "approve", "reject", "revise", "retry", "noise", "reply"]
    ),
    max_size=30,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(moves=MOVES)
def test_no_random_run_strands_a_task(moves: list[str]) -> None:
    tale = Tale()
    tale.submit()
    for move in moves:
        play(tale, move)

        found = examine([tale.state()], tale.now)

        assert counts(found)["stranded"] == 0, (move, found)
        assert all(f.whom and f.until is not None for f in found)


@settings(max_examples=30, deadline=None)
@given(moves=MOVES, data=st.data())
def test_a_planted_loss_strands_exactly_its_task(moves: list[str], data: st.DataObject) -> None:
    tale = Tale()
    tale.submit()
    for move in moves:
        play(tale, move)
    state = tale.state()
    planted = data.draw(st.booleans())

    lost = replace(state, commands={}, questions={}, approval=None) if planted else state
    stranded = counts(examine([lost], tale.now))["stranded"]

    assert stranded == (planted and state.life is Life.OPEN)


def play(tale: Tale, move: str) -> None:
    """One move of a random run, as far as it makes sense now."""
    command = tale.next_command()
    question = next(iter(tale.state().questions), None)
    match move:
        case "answer" if command is not None:
            tale.complete(command)
        case "fail" if command is not None:
            tale.fail(command, "busy")
        case "give up" if command is not None:
            tale.fail(tale.take(), "never", is_retryable=False)
        case "uncertain" if command is not None and command.kind is CommandKind.PUBLISH:
            tale.enter(command)
            tale.fail(command, "the line went dead", is_uncertain=True)
        case "enter" if command is not None and not command.is_repeatable:
            tale.enter(command)
        case "claim" if command is not None:
            held = {"command_id": command.command_id, "runner": RUNNER, "lease": 5_000}
            tale.say(i.ClaimCommand, principal=RUNNER, **held)
        case "ring" if next_timer(tale.state()) is not None:
            tale.ring()
        case "cancel":
            tale.say(i.CancelTask, principal="ann")
        case "approve" | "reject":
            tale.decide(move == "approve")
        case "revise":
            tale.say(i.ReviseRequest, principal="ann", feedback="shorter")
        case "retry":
            tale.say(i.RetryTask, principal="ann")
        case "noise":
            tale.throw(Record(INPUTS, 0, TASK, b"?"))
        case "reply" if question is not None:
            tale.say(i.AnswerQuestion, principal="ann", question_id=question, answer="done")
        case _:
            pass


def test_the_report_of_a_log_names_each_open_task_once() -> None:
    desk = Desk()
    desk.give(submitted("a"), submitted("b"), told(i.CancelTask, "b", "stop"), submitted("c"))

    found = examine(desk.conductor.states().values(), START)

    assert [f.task_id for f in found] == ["a", "c"]

"""A new owner goes on where the former one stood, or says where the history is broken."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.chain import Head
from streams.conductor import Conductor
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.errors import LogCorrupted, Undecodable
from streams.domain.events import FeedbackRecorded
from streams.domain.state import Life, TaskState
from streams.envelope import seal
from streams.log import Commit
from streams.memory import MemoryLog
from streams.verification import verify_log
from tests.streams.driving import Altered, Desk, remark, submitted, told
from tests.streams.interleavings import now


def test_a_new_owner_of_an_empty_log_knows_nothing() -> None:
    desk = Desk()

    assert desk.conductor.states() == {}
    assert desk.conductor.position == 0


def test_a_new_owner_goes_on_where_the_former_one_stood() -> None:
    desk = Desk()
    desk.give(submitted("a"), submitted("b"))
    desk.work(lambda command: command.kind is CommandKind.PLAN_WORKFLOW)
    before, sequences = desk.conductor.states(), desk.conductor.sequences()

    desk.take_over()

    assert desk.conductor.states() == before
    assert desk.conductor.sequences() == sequences
    assert desk.conductor.position == len(desk.inputs)


def test_looking_does_not_fence_the_owner() -> None:
    desk = Desk()
    desk.give(submitted("a"))

    seen = now(Conductor.look(desk.log, 0))
    desk.give(submitted("b"))

    assert seen.states().keys() == {"a"}
    assert desk.conductor.states().keys() == {"a", "b"}


def test_a_history_that_is_no_task_survives_a_takeover() -> None:
    desk = Desk(snapshot_after=0)
    desk.give(told(i.ChangeSettings, "tenant:acme", "s", values={"tone": "warm"}))
    desk.give(submitted("a"))

    desk.take_over()

    assert desk.state("tenant:acme").own_settings == {"tone": "warm"}


@pytest.mark.parametrize("offset", [1, 2, 5])
def test_a_missing_event_stops_the_takeover_and_is_named(offset: int) -> None:
    log = Altered()
    desk = Desk(log)
    desk.give(submitted("a"))
    desk.work(lambda command: command.kind is CommandKind.PLAN_WORKFLOW)
    lost = desk.stored("a")[offset].header.sequence
    log.lose(offset)

    with pytest.raises(LogCorrupted) as raised:
        desk.take_over()

    assert f"'a' is broken at sequence {lost + 1} (offset {offset + 1})" in str(raised.value)
    assert "orchestrator verify" in str(raised.value)


def test_a_task_whose_beginning_is_missing_stops_the_takeover() -> None:
    log = Altered()
    desk = Desk(log)
    desk.give(submitted("a"))
    log.lose(0)

    with pytest.raises(LogCorrupted, match=r"'a' is broken at sequence 2 \(offset 1\)"):
        desk.take_over()


def test_a_gap_is_found_though_each_link_holds() -> None:
    log = MemoryLog()
    said = FeedbackRecorded(feedback_id="f", by="ann")
    common = {"task_id": "a", "at": 1, "input_offset": 0, "partition": 0}
    head, one = seal(Head(), [said], given=remark("a", "r"), **common)  # type: ignore[arg-type]
    leap = replace(head, sequence=4)
    _, five = seal(leap, [said], given=remark("a", "s"), **common)  # type: ignore[arg-type]
    now(log.commit(now(log.acquire(0, "forger")), Commit([*one, *five])))

    with pytest.raises(LogCorrupted, match=r"'a' is broken at sequence 5 \(offset 1\)"):
        now(Conductor.take_over(log, 0, "owner"))


def test_an_altered_body_stops_the_takeover_and_is_named() -> None:
    log = Altered()
    desk = Desk(log)
    desk.give(submitted("a"))
    log.alter(0, value=desk.records()[0].value.replace(b'"echo"', b'"ECHO"'))

    with pytest.raises(LogCorrupted, match=r"'a' is broken at sequence 1 \(offset 0\)"):
        desk.take_over()


def test_an_altered_header_stops_the_reading_of_a_closed_task() -> None:
    log = Altered()
    desk = Desk(log)
    desk.finish("a")
    desk.take_over()
    headers = desk.records()[4].headers
    log.alter(4, headers={**headers, "time": "5"})

    with pytest.raises(LogCorrupted, match="sequence 5"):
        desk.give(remark("a", "late"))


def test_an_unknown_type_of_event_stops_the_takeover_and_is_named() -> None:
    log = Altered()
    desk = Desk(log)
    desk.give(submitted("a"))
    headers = desk.records()[1].headers
    log.alter(1, value=b'{"type":"mood_felt.v3"}', headers={**headers, "type": "mood_felt.v3"})

    with pytest.raises(Undecodable, match=r"events/0@1 is no event: .*'mood_felt.v3' is unknown"):
        desk.take_over()


def test_an_erased_body_leaves_the_chain_whole() -> None:
    log = Altered()
    desk = Desk(log)
    desk.give(submitted("a"))
    desk.give(remark("a", "r"))
    stored = desk.stored("a")[3]
    headers = {k: v for k, v in desk.records()[3].headers.items() if k != "salt"}
    log.alter(3, value=b"", headers={**headers, "digest": stored.digest.hex()})

    desk.take_over()
    desk.give(remark("a", "r2"))

    assert desk.state("a").feedback_ids == ("r2",)
    assert desk.stored("a")[3].event is None
    assert now(verify_log(log)).findings == []


def test_a_long_log_is_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.conductor.READ", 10)
    desk = Desk()
    desk.give(submitted("a"))
    remarks = [remark("a", f"r{n}") for n in range(25)]
    desk.give(*remarks)

    desk.take_over()

    assert desk.conductor.sequences() == {"a": 28}


def test_a_crash_before_the_position_is_kept_repeats_nothing() -> None:
    desk = Desk(MemoryLog(is_position_lazy=True))
    desk.give(submitted("a"), remark("a", "r"))
    length = len(desk.records())

    desk.take_over()
    again = now(desk.log.read("inputs", 0, desk.conductor.position, 10))
    answers = desk.give(*[replace(r, offset=-1) for r in again])

    assert desk.conductor.position > 0
    assert len(again) == 2
    assert {answer.verdict for answer in answers} == {"repeated"}
    assert len(desk.records()) == length


MOVES = st.lists(
    st.sampled_from(["submit", "work", "work", "remark", "take over", "cancel", "retry", "fail"]),
    min_size=4,
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(moves=MOVES, snapshot_after=st.sampled_from([0, 4, 15, 1_000]), tasks=st.integers(1, 3))
def test_memory_and_log_never_disagree(moves: list[str], snapshot_after: int, tasks: int) -> None:
    desk = Desk(snapshot_after=snapshot_after)
    for number, move in enumerate(moves):
        live = _open(desk)
        play(desk, move, f"t{number % tasks}", number)
        if move == "take over":
            assert _open(desk) == live

    live = _open(desk)
    desk.take_over()

    assert _open(desk) == live
    assert now(verify_log(desk.log)).findings == []


def play(desk: Desk, move: str, task_id: str, number: int) -> None:
    """One move of a random game."""
    name = f"{move.replace(' ', '-')}-{number}"
    match move:
        case "submit":
            desk.give(submitted(task_id, name))
        case "work":
            desk.answer_one()
        case "remark":
            desk.give(remark(task_id, name))
        case "cancel":
            desk.give(told(i.CancelTask, task_id, name))
        case "retry":
            desk.give(told(i.RetryTask, task_id, name))
        case "fail" if desk.commands:
            command = desk.commands.pop(0)
            failure = {"command_id": command.command_id, "reason": "no", "is_retryable": False}
            desk.give(told(i.ReportFailure, command.task_id, name, **failure))
        case _:
            desk.take_over()


def _open(desk: Desk) -> dict[str, TaskState]:
    states = desk.conductor.states()
    return {task_id: s for task_id, s in states.items() if s.life is Life.OPEN}


def test_a_commit_without_events_keeps_the_end() -> None:
    desk = Desk()
    desk.give(submitted("a"))
    handled = desk.decide(submitted("a", "again"))

    desk.keep(handled)
    desk.give(submitted("b"))

    assert handled.commit == Commit([], [], 2, None)
    assert len(desk.records()) == 6

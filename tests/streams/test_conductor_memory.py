"""Closed tasks are forgotten after a while, and known again by their stubs and histories."""

from collections.abc import Callable

import pytest

from streams.batch import Verdict
from streams.domain import inputs as i
from streams.domain.events import RequestSubmitted
from streams.domain.state import Life
from streams.log import EVENTS, INPUTS, Record
from streams.verification import verify_log
from tests.streams.driving import Desk, remark, submitted, told
from tests.streams.interleavings import now


@pytest.fixture
def recent(monkeypatch: pytest.MonkeyPatch) -> int:
    """So many closed tasks are kept in memory in this test."""
    monkeypatch.setattr("streams.conductor.RECENT", 5)
    return 5


def close_many(desk: Desk, number: int) -> None:
    """So many one-step tasks that nobody can do: each is closed by its second input."""
    for n in range(number):
        order = told(i.DispatchCommand, f"t{n}", f"o{n}", agent_type="x", action="y")
        failed = told(
            i.ReportFailure, f"t{n}", f"f{n}", command_id=f"t{n}.1", reason="no", is_retryable=False
        )
        desk.give(order, failed)


def test_closed_tasks_are_forgotten_after_a_while_and_read_again_when_needed(recent: int) -> None:
    desk = Desk()

    close_many(desk, recent + 1)

    assert "t0" not in desk.conductor.states()
    assert "t1" in desk.conductor.states()
    assert desk.verdict(remark("t0", "late")) is Verdict.ACCEPTED
    assert desk.state("t0").feedback_ids == ("late",)
    assert "t1" not in desk.conductor.states()


def test_a_closed_task_is_not_forgotten_while_an_event_of_it_is_on_its_way(recent: int) -> None:
    desk = Desk()
    refused = told(i.CancelTask, "x", "stop")
    desk.give(told(i.DispatchCommand, "x", "o", agent_type="x", action="y"), refused)
    unsaved = desk.decide(remark("x", "late"))

    close_many(desk, recent + 1)
    is_kept = "x" in desk.conductor.states()
    desk.keep(unsaved)
    desk.give(*(submitted(f"t{n}", f"again{n}") for n in range(1, recent + 1)))

    assert is_kept
    assert "x" not in desk.conductor.states()


def test_a_task_that_is_forgotten_while_others_are_read_is_read_again(recent: int) -> None:
    desk = Desk()
    close_many(desk, 1 + recent)
    history, seen = desk.log.history, []

    async def slow(partition: int, task_id: str) -> list[Record]:
        # Meanwhile a commit of others lets go of a task that this batch is for.
        if not seen:
            desk.conductor._entries.pop("t2")
        seen.append(task_id)
        return await history(partition, task_id)

    desk.log.history = slow  # type: ignore[method-assign]
    answers = desk.give(remark("t0", "r0"), remark("t2", "r2"))

    assert seen == ["t0", "t2"]
    assert [answer.verdict for answer in answers] == [Verdict.ACCEPTED] * 2
    assert now(verify_log(desk.log)).findings == []


def test_a_task_that_was_opened_again_is_not_forgotten(recent: int) -> None:
    desk = Desk()
    close_many(desk, 1)
    desk.give(told(i.RetryTask, "t0", "again"))

    for n in range(recent + 1):
        desk.give(told(i.DispatchCommand, f"u{n}", f"ou{n}", agent_type="x", action="y"))
        desk.give(told(i.CancelTask, f"u{n}", f"cu{n}"))

    assert desk.state("t0").life is Life.OPEN


def test_a_stub_is_enough_to_know_a_submission_that_comes_again() -> None:
    desk = Desk()
    desk.finish("a")
    desk.take_over()
    reads: list[str] = []
    desk.log.history = _watched(desk.log.history, reads)  # type: ignore[method-assign]

    answers = [*desk.give(submitted("a", "again")), *desk.give(submitted("a", "once-more"))]

    assert {answer.verdict for answer in answers} == {Verdict.REPEATED}
    assert answers[0].sequence == len(desk.log.records[EVENTS, 0])
    assert reads == []
    assert "a" not in desk.conductor.states()


def test_what_is_more_than_a_repeat_reads_the_history_behind_the_stub() -> None:
    desk = Desk()
    desk.finish("a")
    desk.take_over()
    desk.give(submitted("a", "again"))

    answers = desk.give(submitted("a", "once-more"), remark("a", "late"))

    assert [a.verdict for a in answers] == [Verdict.REPEATED, Verdict.ACCEPTED]
    assert desk.state("a").feedback_ids == ("late",)
    assert isinstance(desk.events("a")[0], RequestSubmitted)


def test_a_stub_that_cannot_be_told_of_bad_bytes_is_left_as_it_is() -> None:
    desk = Desk()
    desk.finish("a")
    desk.take_over()
    length = len(desk.records())

    desk.give(Record(INPUTS, 0, "a", b"{}", {"type": "submit_request.v1"}))

    assert len(desk.letters) == 1
    assert len(desk.records()) == length


def _watched(read: Callable[..., object], seen: list[str]) -> Callable[..., object]:
    async def history(partition: int, task_id: str) -> object:
        seen.append(task_id)
        return await read(partition, task_id)  # type: ignore[misc]

    return history

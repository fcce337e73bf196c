"""Verification names the place of whatever is not as it was written, and finds nothing else."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.decider import Core, decide
from streams.domain import inputs as i
from streams.domain.state import TaskState
from streams.envelope import input_record, read_event
from streams.log import INPUTS, Commit, Record
from streams.memory import MemoryLog
from streams.phases.decision import Decision
from streams.verification import Difference, Report, verify_log
from tests.histories.record import resealed
from tests.streams.driving import START, Desk, submitted, told
from tests.streams.interleavings import now


def two_tasks() -> Desk:
    """One task that has ended, and one on its way, with a remark, a refusal and a repeat."""
    desk = Desk()
    desk.finish("a")
    desk.give(submitted("b"), submitted("b", "again"))
    desk.give(told(i.RecordFeedback, "b", "said", feedback_id="f"))
    desk.give(told(i.ReviseRequest, "b", "early", feedback="shorter"))
    desk.answer_one()
    return desk


DESK = two_tasks()
EVENTS_OF_BOTH = DESK.records()


def with_events(events: list[Record], inputs: list[Record] | None = None) -> MemoryLog:
    """A log with these events; all its inputs were decided."""
    given_inputs = DESK.inputs if inputs is None else inputs
    log = MemoryLog()
    now(log.append(given_inputs))
    commit = Commit([replace(e, offset=-1) for e in events], position=len(given_inputs))
    now(log.commit(now(log.acquire(0, "copy")), commit))
    return log


def verified(events: list[Record], inputs: list[Record] | None = None) -> Report:
    return now(verify_log(with_events(events, inputs)))


def place_of(task_id: str, kind: str) -> int:
    """The offset of a task's first event of a type."""
    return next(
        n
        for n, record in enumerate(EVENTS_OF_BOTH)
        if record.key == task_id and record.headers["type"] == kind
    )


def without(place: int) -> list[Record]:
    return EVENTS_OF_BOTH[:place] + EVENTS_OF_BOTH[place + 1 :]


def with_changed(place: int, **changes: object) -> list[Record]:
    events = list(EVENTS_OF_BOTH)
    events[place] = replace(events[place], **changes)  # type: ignore[arg-type]
    return events


def test_a_log_as_it_was_written_has_no_findings() -> None:
    report = verified(EVENTS_OF_BOTH)

    assert report.as_json() == {
        "tasks": 2,
        "events": len(EVENTS_OF_BOTH),
        "inputs": len(DESK.inputs),
        "findings": [],
    }


def test_an_empty_log_has_no_findings() -> None:
    assert now(verify_log(MemoryLog())).as_json() == {
        "tasks": 0,
        "events": 0,
        "inputs": 0,
        "findings": [],
    }


def test_every_partition_is_verified() -> None:
    log = MemoryLog(partitions=2)
    events = [replace(e, partition=1, offset=-1) for e in with_changed(2, value=b"{}")]
    now(log.commit(now(log.acquire(1, "copy")), Commit(events)))

    report = now(verify_log(log))

    assert (report.findings[0].task_id, report.findings[0].sequence) == ("a", 3)


def test_a_missing_event_is_found_at_its_place_and_nothing_behind_it() -> None:
    place = place_of("b", "phase_started.v1")

    report = verified(without(place))

    assert report.findings == [
        Difference("b", 3, "follows 1: events are missing or doubled"),
    ]


def test_a_doubled_event_is_found() -> None:
    place = place_of("b", "phase_started.v1")
    doubled = [*EVENTS_OF_BOTH[: place + 1], *EVENTS_OF_BOTH[place:]]

    report = verified(doubled)

    assert Difference("b", 2, "follows 2: events are missing or doubled") in report.findings


def test_a_lost_end_is_found_by_the_input_that_has_caused_nothing() -> None:
    last = [e for e in EVENTS_OF_BOTH if e.headers["causationid"] != "b.1:1"]
    lost = len(EVENTS_OF_BOTH) - len(last)

    report = verified(last)

    offset = len(DESK.inputs) - 1
    what = f"recorded 0 events, decides {lost} for input {offset}"
    assert lost > 1
    assert report.findings == [Difference("b", 6, what)]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_flipped_bit_of_any_body_is_found_at_its_place(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(EVENTS_OF_BOTH) - 1))
    body = bytearray(EVENTS_OF_BOTH[place].value)
    body[data.draw(st.integers(0, len(body) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    report = verified(with_changed(place, value=bytes(body)))

    record = EVENTS_OF_BOTH[place]
    first = min((f for f in report.findings if f.task_id == record.key), key=lambda f: f.sequence)
    assert first.sequence == int(record.headers["sequence"])


def test_an_altered_event_is_named_by_its_hash_and_by_what_differs() -> None:
    place = place_of("b", "request_submitted.v1")
    value = EVENTS_OF_BOTH[place].value.replace(b'"echo"', b'"ECHO"')

    report = verified(with_changed(place, value=value))

    whats = [(f.sequence, f.what) for f in report.findings if f.task_id == "b"]
    assert (1, "the hash does not match: the event or one before it was altered") in whats
    offset = EVENTS_OF_BOTH[place].headers["inputoffset"]
    assert (1, f"RequestSubmitted differs for input {offset}") in whats
    assert [f for f in report.findings if f.task_id == "a"] == []


def test_a_time_that_goes_back_is_found() -> None:
    place = place_of("b", "feedback_recorded.v1")
    headers = {**EVENTS_OF_BOTH[place].headers, "time": "5"}

    report = verified(with_changed(place, headers=headers))

    assert Difference("b", 4, "the time goes back") in report.findings


def test_an_event_that_cannot_be_read_is_named_by_its_sequence_and_its_offset() -> None:
    place = place_of("b", "feedback_recorded.v1")

    report = verified(with_changed(place, value=b"\xff"))

    assert (report.findings[0].task_id, report.findings[0].sequence) == ("b", 4)
    assert f"events/0@{place} is no event" in report.findings[0].what
    assert len([f for f in report.findings if "recorded" in f.what]) <= 1


def test_an_event_without_a_sequence_is_still_named_by_its_offset() -> None:
    headers = {k: v for k, v in EVENTS_OF_BOTH[3].headers.items() if k != "sequence"}

    report = verified(with_changed(3, headers=headers))

    assert report.findings[0].sequence == 0
    assert report.findings[0].what == "events/0@3 is no event: 'sequence'"


def test_a_decision_that_the_core_would_not_make_is_found_though_the_chain_is_whole() -> None:
    place = place_of("b", "command_issued.v1")
    target = EVENTS_OF_BOTH[place].value
    generous = resealed(
        EVENTS_OF_BOTH,
        lambda body: body | {"max_attempts": 9} if _bytes(body) == target else body,
    )

    report = verified(generous)

    offset = EVENTS_OF_BOTH[place].headers["inputoffset"]
    assert report.findings == [Difference("b", 3, f"CommandIssued differs for input {offset}")]


def test_another_core_is_told_what_it_decides_differently() -> None:
    def stubborn(given_input: i.Input, state: TaskState, at: int) -> Decision:
        if isinstance(given_input, i.RecordFeedback):
            return Decision(state, at, "")
        if isinstance(given_input, i.ReviseRequest):
            d = Decision(state, at, given_input.principal)
            d.cancel_commands("why not")
            return d
        return decide(given_input, state, at)

    report = now(verify_log(DESK.log, core=Core(decide=stubborn)))

    assert [(f.task_id, f.sequence, f.what.rsplit(" for ")[0]) for f in report.findings] == [
        ("b", 4, "recorded 1 events, decides 0"),
        ("b", 5, "recorded InputRefused, decides CommandCancelled"),
    ]


def test_an_input_that_the_core_would_decide_but_nobody_did_is_found() -> None:
    dropped = [e for e in EVENTS_OF_BOTH if e.key == "a"]

    report = verified(dropped)

    assert {f.task_id for f in report.findings} == {"b"}
    assert report.findings[0].what.startswith("recorded 0 events, decides 3")


def test_inputs_that_nobody_has_decided_yet_are_no_findings() -> None:
    desk = two_tasks()
    desk.append([input_record(submitted("c"), 0)])

    report = now(verify_log(desk.log))

    assert report.findings == []
    assert report.inputs == len(desk.inputs) - 1


def test_inputs_that_are_not_kept_any_more_leave_the_chain_to_be_verified() -> None:
    log = MemoryLog()
    now(log.commit(now(log.acquire(0, "copy")), Commit(EVENTS_OF_BOTH)))
    altered = MemoryLog()
    broken = with_changed(5, headers={**EVENTS_OF_BOTH[5].headers, "correlationid": "x"})
    now(altered.commit(now(altered.acquire(0, "copy")), Commit(broken)))

    assert now(verify_log(log)).findings == []
    assert [f.sequence for f in now(verify_log(altered)).findings] == [6]


def erased(place: int) -> list[Record]:
    """The events, one of them without its body and salt."""
    record = EVENTS_OF_BOTH[place]
    headers = {k: v for k, v in record.headers.items() if k != "salt"}
    digest = read_event(record).digest.hex()
    return with_changed(place, value=b"", headers=headers | {"digest": digest})


@pytest.mark.parametrize("place", range(0, len(EVENTS_OF_BOTH), 3))
def test_an_erased_body_is_no_finding(place: int) -> None:
    assert verified(erased(place)).findings == []


def test_behind_an_erased_body_the_chain_is_still_verified() -> None:
    broken = erased(place_of("b", "request_submitted.v1"))
    later = place_of("b", "feedback_recorded.v1")
    broken[later] = replace(broken[later], value=broken[later].value.replace(b'"f"', b'"g"'))

    assert [(f.task_id, f.sequence) for f in verified(broken).findings] == [("b", 4)]


class Kept(MemoryLog):
    """A log that has let go of its older inputs."""

    first = 0

    async def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Record]:
        oldest = self.first if topic == INPUTS else 0
        return await super().read(topic, partition, max(offset, oldest), limit)


@pytest.mark.parametrize("first", range(1, 15, 3))
def test_older_inputs_may_be_gone(first: int) -> None:
    log = Kept()
    log.__dict__.update(with_events(EVENTS_OF_BOTH).__dict__)
    log.first = first

    whole, of_a = now(verify_log(log)), now(verify_log(log, "a"))

    assert (whole.findings, whole.inputs) == ([], len(DESK.inputs) - first)
    assert of_a.findings == []


def test_an_input_that_came_with_an_earlier_time_is_decided_at_the_time_of_its_history() -> None:
    desk = Desk()
    desk.give(submitted("a", at=START + 9_000))
    desk.answer_one()

    assert read_event(desk.records()[-1]).header.at == START + 9_000
    assert now(verify_log(desk.log)).findings == []


def test_a_buried_input_is_not_decided_again() -> None:
    desk = two_tasks()
    desk.give(Record(INPUTS, 0, "b", b"?"), Record(INPUTS, 0, "nobody", b"?"))

    assert now(verify_log(desk.log)).findings == []


def test_an_input_that_was_read_twice_is_not_held_against_the_log() -> None:
    log = MemoryLog(is_position_lazy=True)
    desk = Desk(log)
    desk.give(submitted("a"), told(i.RecordFeedback, "a", "r", feedback_id="f"))
    desk.take_over()
    desk.give(told(i.RecordFeedback, "a", "s", feedback_id="g"))

    assert now(verify_log(log)).findings == []


def test_one_task_is_verified_alone() -> None:
    place = place_of("a", "plan_drafted.v1")
    log = with_events(with_changed(place, value=b"{}"))

    of_a, of_b = now(verify_log(log, "a")), now(verify_log(log, "b"))

    assert {f.task_id for f in of_a.findings} == {"a"}
    assert of_b.findings == []
    assert (of_b.tasks, of_b.events) == (1, len(DESK.stored("b")))


def test_one_task_is_verified_without_its_inputs() -> None:
    log = with_events(EVENTS_OF_BOTH, inputs=[])

    report = now(verify_log(log, "b"))

    assert (report.findings, report.inputs, report.tasks) == ([], 0, 1)


def test_an_unknown_task_gives_an_empty_report() -> None:
    assert now(verify_log(DESK.log, "nobody")).tasks == 0


def test_progress_is_told_up_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.verification.READ", 10)
    seen: list[tuple[int, int]] = []

    now(verify_log(DESK.log, progress=lambda done, total: seen.append((done, total))))

    total = len(EVENTS_OF_BOTH)
    assert seen == [*((n, total) for n in range(0, total, 10)), (total, total)]


def test_tasks_that_closed_long_ago_are_let_go_and_what_follows_is_still_linked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("streams.verification.RECENT", 1)
    desk = Desk()
    for name in "abc":
        desk.finish(name)
    desk.give(told(i.RecordFeedback, "a", "late", feedback_id="f"))
    events = desk.records()
    tampered = [*events[:-1], replace(events[-1], value=events[-1].value.replace(b'"f"', b'"g"'))]

    assert now(verify_log(desk.log)).findings == []
    (found,) = verified(tampered, desk.inputs).findings
    assert (found.task_id, found.sequence) == ("a", len(desk.stored("a")))


def test_a_task_that_was_opened_again_is_still_decided_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("streams.verification.RECENT", 1)
    desk = Desk()
    for name in "abc":
        desk.give(told(i.DispatchCommand, name, f"o-{name}", agent_type="x", action="y"))
        failed = {"command_id": f"{name}.1", "reason": "no", "is_retryable": False}
        desk.give(told(i.ReportFailure, name, f"f-{name}", **failed))
        if name == "a":
            desk.give(told(i.RetryTask, "a", "again", principal="ann"))
    desk.give(told(i.CancelTask, "a", "stop", principal="ann"))
    altered = resealed(
        desk.records(),
        lambda body: body | {"by": "bob"} if body["type"] == "cancellation_requested.v1" else body,
    )

    (found,) = verified(altered, desk.inputs).findings

    assert found.task_id == "a"
    assert found.what.startswith("CancellationRequested differs")


def test_a_report_can_be_sent_as_json() -> None:
    report = Report(tasks=1, findings=[Difference("a", 2, "follows 0")])

    assert json.loads(json.dumps(report.as_json()))["findings"] == [
        {"task_id": "a", "sequence": 2, "what": "follows 0"}
    ]


def _bytes(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

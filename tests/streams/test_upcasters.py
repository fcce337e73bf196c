"""A history of an older version still folds after an event has got a second version; an event of
a newer version is never passed over."""

import json
from dataclasses import replace
from typing import Annotated, Literal

import pytest
from pydantic import Field, TypeAdapter

from streams.conductor import Conductor
from streams.decider import Core, decide
from streams.domain import inputs as i
from streams.domain.errors import Undecodable
from streams.domain.events import EVENT_TYPES, Event, FeedbackRecorded
from streams.domain.evolve import evolve
from streams.domain.state import EVOLVE_VERSION, TaskState, change
from streams.domain.values import Json, Value
from streams.envelope import UPCASTERS, read_body, read_event
from streams.log import EVENTS, Commit, Record
from streams.memory import MemoryLog
from streams.phases.decision import Decision
from streams.verification import verify_log
from tests.streams.driving import Desk, submitted, told
from tests.streams.interleavings import now


class FeedbackRecordedV2(Value):
    """A remark with a rating from 0 to 1 instead of 1 to 5 stars."""

    type: Literal["feedback_recorded.v2"] = "feedback_recorded.v2"
    feedback_id: str
    by: str
    score: float | None = None


EventV2 = Event | FeedbackRecordedV2


def stars_to_score(body: Json) -> Json:
    """The upcaster of the test."""
    rating = body["rating"]
    return {
        "type": "feedback_recorded.v2",
        "feedback_id": body["feedback_id"],
        "by": body["by"],
        "score": None if rating is None else (rating - 1) / 4,
    }


def evolve_v2(state: TaskState, event: EventV2, at: int) -> TaskState:
    """A fold that knows the second version, and keeps the score where a test can see it."""
    if isinstance(event, FeedbackRecordedV2):
        ids = (*state.feedback_ids, event.feedback_id)
        return change(state, feedback_ids=ids, context={**state.context, "score": event.score})
    assert not isinstance(event, FeedbackRecorded), "the first version must have been upcast"
    return evolve(state, event, at)


class _Newer(Decision):
    """A decision that folds by the newer fold."""

    __slots__ = ()

    def emit(self, event: EventV2) -> None:
        self.events.append(event)  # type: ignore[arg-type]
        self.state = evolve_v2(self.state, event, self.at)


def decide_v2(given: i.Input, state: TaskState, at: int) -> Decision:
    if not isinstance(given, i.RecordFeedback):
        return decide(given, state, at)
    d = _Newer(state, at, given.principal)
    if given.feedback_id not in state.feedback_ids:
        score = None if given.rating is None else (given.rating - 1) / 4
        d.emit(FeedbackRecordedV2(feedback_id=given.feedback_id, by=d.by, score=score))
    return d


NEWER = Core(decide=decide_v2, evolve=evolve_v2, evolve_version=EVOLVE_VERSION + 1)  # type: ignore[arg-type]


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Core:
    """A program in which the event has its second version, as CONTRIBUTING describes it."""
    union = TypeAdapter[EventV2](Annotated[EventV2, Field(discriminator="type")])
    types = EVENT_TYPES | {"feedback_recorded.v2": FeedbackRecordedV2}
    monkeypatch.setattr("streams.envelope.EVENT", union)
    monkeypatch.setattr("streams.envelope.EVENT_TYPES", types)
    monkeypatch.setitem(UPCASTERS, "feedback_recorded.v1", stars_to_score)  # type: ignore[arg-type]
    return NEWER


def rated(task_id: str, name: str, rating: int) -> i.RecordFeedback:
    return told(i.RecordFeedback, task_id, name, feedback_id=name, rating=rating)


def old_log() -> MemoryLog:
    """A log that the older program has written, with open snapshots."""
    desk = Desk(snapshot_after=0)
    desk.give(submitted("a"))
    desk.give(rated("a", "old", 4))
    desk.commands.clear()
    desk.finish("b")
    return desk.log


def test_a_history_of_the_first_version_folds_into_the_second(newer: Core) -> None:
    log = old_log()

    conductor = now(Conductor.take_over(log, 0, "newer", newer))

    state = conductor.states()["a"]
    assert state.feedback_ids == ("old",)
    assert state.context == {"score": 0.75}


def test_both_versions_stand_in_one_history_with_a_whole_chain(newer: Core) -> None:
    log = old_log()
    desk = Desk(log, newer)

    repeated = desk.verdict(rated("a", "old", 4))
    desk.give(rated("a", "new", 5))
    desk.take_over()

    types = [record.headers["type"] for record in now(log.history(0, "a"))]
    assert repeated == "repeated"
    assert types[-2:] == ["feedback_recorded.v1", "feedback_recorded.v2"]
    assert desk.state("a").context == {"score": 1.0}
    assert now(verify_log(log, core=newer)).findings == []


def test_what_was_stored_is_never_rewritten(newer: Core) -> None:
    log = old_log()
    before = now(log.history(0, "a"))

    desk = Desk(log, newer)
    desk.give(rated("a", "new", 5))

    stored = read_event(before[-1])
    assert now(log.history(0, "a"))[: len(before)] == before
    assert stored.header.type == "feedback_recorded.v1"
    assert isinstance(stored.event, FeedbackRecordedV2)


def test_upcasters_are_applied_one_after_the_other() -> None:
    chain = {
        "remark_made.v1": lambda body: {"type": "remark_made.v2", "id": body["n"]},
        "remark_made.v2": lambda body: {
            "type": "feedback_recorded.v1",
            "feedback_id": body["id"],
            "by": "ann",
        },
    }

    event = read_body("remark_made.v1", b'{"type":"remark_made.v1","n":"f"}', chain)

    assert event == FeedbackRecorded(feedback_id="f", by="ann")


def test_no_test_leaves_an_upcaster_behind() -> None:
    assert "feedback_recorded.v1" not in UPCASTERS


def test_an_upcaster_that_stumbles_names_the_event() -> None:
    (record,) = [r for r in old_log().records[EVENTS, 0] if "feedback" in r.headers["type"]]

    with pytest.raises(Undecodable, match=r"events/0@\d+ is no event: 'mood'"):
        read_event(record, {"feedback_recorded.v1": lambda body: {"type": body["mood"]}})


def newer_log() -> MemoryLog:
    """A log with an event of a type that nobody here knows."""
    log = old_log()
    events = list(log.records[EVENTS, 0])
    place = next(n for n, r in enumerate(events) if "feedback" in r.headers["type"])
    body = json.loads(events[place].value) | {"type": "feedback_recorded.v7"}
    headers = {**events[place].headers, "type": "feedback_recorded.v7"}
    events[place] = replace(events[place], value=json.dumps(body).encode(), headers=headers)
    return _log_of(events)


def _log_of(events: list[Record]) -> MemoryLog:
    log = MemoryLog()
    now(log.commit(now(log.acquire(0, "copy")), Commit(events)))
    return log


def test_a_newer_event_stops_the_owner_and_says_what_to_do() -> None:
    with pytest.raises(Undecodable) as raised:
        now(Conductor.take_over(newer_log(), 0, "older"))

    assert str(raised.value) == (
        "events/0@3 is no event: the type 'feedback_recorded.v7' is unknown here: "
        "read it by a newer version"
    )


def test_a_newer_event_is_found_by_verification_with_its_place() -> None:
    report = now(verify_log(newer_log()))

    assert (report.findings[0].task_id, report.findings[0].sequence) == ("a", 4)
    assert "'feedback_recorded.v7' is unknown here" in report.findings[0].what

"""Where the events of a task lie is noted, and told only when it is wholly known."""

from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.places import Places, sequence_of, stretches_in
from streams.log import EVENTS, Record


def event(sequence: int, key: str = "task-1") -> Record:
    return Record(EVENTS, 0, key, b"{}", {"sequence": str(sequence)})


def test_events_that_lie_near_each_other_are_one_stretch() -> None:
    places = Places()
    for sequence, offset in ((1, 10), (2, 12), (3, 5000), (4, 5001)):
        places.note(event(sequence), offset)

    assert places.of("task-1") == [(10, 2), (5000, 4)]
    assert places.as_text("task-1", 4) == "10:2,5000:4"


def test_a_task_whose_beginning_was_not_seen_is_not_known() -> None:
    places = Places()
    places.note(event(2), 12)

    assert places.of("task-1") == []
    assert places.as_text("task-1", 2) == ""


def test_a_gap_is_not_told() -> None:
    places = Places()
    places.note(event(1), 10)
    places.note(event(3), 30)

    assert places.as_text("task-1", 3) == ""
    assert places.as_text("task-1", 1) == "10:1"


def test_an_event_seen_twice_is_noted_once() -> None:
    places = Places()
    for _ in range(2):
        places.note(event(1), 10)

    assert places.of("task-1") == [(10, 1)]


def test_what_was_told_can_be_learnt_and_continued() -> None:
    places = Places()
    places.learn("task-1", "10:2,5000:4")
    places.note(event(5), 9000)

    assert places.as_text("task-1", 5) == "10:2,5000:4,9000:5"


def test_a_task_in_too_many_stretches_is_searched_for() -> None:
    places = Places()
    for sequence in range(1, 100):
        places.note(event(sequence), sequence * 1000)

    assert places.as_text("task-1", 99) == ""


def test_what_is_forgotten_is_not_known() -> None:
    places = Places()
    places.note(event(1), 10)
    places.forget("task-1")

    assert places.of("task-1") == []


@given(st.lists(st.integers(1, 500), min_size=1, max_size=60))
def test_every_event_lies_in_its_stretch(distances: list[int]) -> None:
    places, offset, offsets = Places(), 0, []
    for sequence, distance in enumerate(distances, start=1):
        offset += distance
        offsets.append(offset)
        places.note(event(sequence), offset)

    found = stretches_in(places.as_text("task-1", len(distances)))
    begun = 0
    for start, last in found:
        assert start == offsets[begun]
        begun = last
    assert begun == len(distances)


def test_a_header_that_is_no_number_has_no_sequence() -> None:
    assert sequence_of({}) == sequence_of({"sequence": "x"}) == sequence_of({"sequence": "²"}) == -1

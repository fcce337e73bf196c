"""What was recorded once is still folded, verified and decided the same by today's code."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from streams.batch import Arrival
from streams.conductor import Conductor
from streams.domain.events import EVENT_TYPES
from streams.domain.inputs import INPUT
from streams.domain.state import EVOLVE_VERSION
from streams.log import EVENTS, Record
from streams.memory import MemoryLog
from streams.verification import verify_log
from tests.histories.files import ALTERED, FOLDER, History, endings, read, text_of
from tests.histories.record import by_chance, recorded, resealed
from tests.histories.stories import STORIES
from tests.streams.interleavings import now

EARLIER = FOLDER / "earlier"
PATHS = sorted(FOLDER.glob("*.json"))
HISTORIES = {path.stem: read(path) for path in PATHS}
each = pytest.mark.parametrize("name", HISTORIES)


def decided_afresh(history: History, *, take_over_after: int | None = None) -> list[Record]:
    """The events that a conductor decides from the inputs alone, perhaps replaced by another one
    after so many of them."""
    log = MemoryLog()
    now(log.append(history.inputs))
    conductor = now(Conductor.take_over(log, 0, "first"))
    for number, record in enumerate(history.inputs):
        if number == take_over_after:
            conductor = now(Conductor.take_over(log, 0, "second"))
        now(conductor.load(log, [Arrival(record)]))
        handled = conductor.handle([Arrival(record)])
        conductor.committed(handled, now(log.commit(conductor.lease, handled.commit)))
    return list(log.records[EVENTS, 0])


@each
def test_the_chain_is_whole_and_each_decision_would_be_made_again(name: str) -> None:
    report = now(verify_log(HISTORIES[name].log()))

    assert report.findings == []
    assert report.events == len(HISTORIES[name].events)
    assert report.inputs == len(HISTORIES[name].inputs)


@each
def test_the_inputs_alone_lead_to_the_same_bytes(name: str) -> None:
    assert decided_afresh(HISTORIES[name]) == HISTORIES[name].events


@each
def test_a_takeover_in_the_middle_changes_nothing(name: str) -> None:
    history = HISTORIES[name]

    taken_over = decided_afresh(history, take_over_after=len(history.inputs) // 2)

    assert taken_over == history.events


@each
def test_the_events_fold_to_the_recorded_end(name: str) -> None:
    history = HISTORIES[name]

    ends = endings(history.events)

    assert _in_words(ends) == _in_words(history.tasks)
    if history.evolve_version == EVOLVE_VERSION:
        assert ends == history.tasks, (
            "the fold has changed: raise EVOLVE_VERSION in streams/domain/state.py, "
            "so that older snapshots are folded again, then run `python -m tests.histories.record`"
        )


@pytest.mark.parametrize("name", STORIES)
def test_recording_again_gives_the_same_bytes(name: str) -> None:
    assert text_of(recorded(name)) == (FOLDER / f"{name}.json").read_text("utf-8")


@each
def test_a_decision_that_was_made_otherwise_is_found_though_the_chain_is_whole(name: str) -> None:
    history = HISTORIES[name]
    middle = next(
        n
        for n, record in enumerate(history.events)
        if n >= len(history.events) // 2 and b'"command_id"' in record.value
    )
    target = history.events[middle]
    bodies = iter(range(len(history.events)))

    altered = resealed(
        history.events,
        lambda body: body | {"command_id": "of-another"} if next(bodies) == middle else body,
    )
    report = now(verify_log(replace(history, events=altered).log()))

    places = [(found.task_id, str(found.sequence)) for found in report.findings]
    assert (target.key, target.headers["sequence"]) in places
    assert not [found for found in report.findings if "hash" in found.what]


def test_a_history_that_was_decided_by_chance_fails() -> None:
    (path,) = ALTERED.glob("*.json")
    history = read(path)

    report = now(verify_log(history.log()))

    assert [found.what for found in report.findings] == [
        f"CommandFailed differs for input {offset}" for offset in _failures(history)
    ]
    assert decided_afresh(history) != history.events
    assert text_of(by_chance()) == path.read_text("utf-8")


@pytest.mark.parametrize("path", sorted(EARLIER.glob("*.json")), ids=lambda path: path.stem)
def test_what_an_earlier_core_recorded_still_folds_and_would_be_decided_the_same(
    path: Path,
) -> None:
    history = read(path)

    report = now(verify_log(history.log()))

    assert history.evolve_version < EVOLVE_VERSION
    assert report.findings == []
    assert report.events == len(history.events) > 5
    assert _in_words(endings(history.events)) == _in_words(history.tasks)


def test_each_file_has_its_story_or_is_kept_for_a_bug() -> None:
    missing = [name for name in STORIES if name not in HISTORIES]

    assert not missing
    assert len(HISTORIES) >= 12
    assert all(history.about.endswith(".") for history in HISTORIES.values())


def test_each_type_of_event_is_in_some_history() -> None:
    found = Counter(r.headers["type"] for h in HISTORIES.values() for r in h.events)

    assert EVENT_TYPES.keys() - found.keys() == set()


def test_each_type_of_input_is_in_some_history() -> None:
    found = {r.headers["type"] for h in HISTORIES.values() for r in h.inputs}

    assert set(INPUT.json_schema()["discriminator"]["mapping"]) - found == set()


def test_a_file_gives_back_the_bytes_that_no_json_can_show(tmp_path: Path) -> None:
    history = HISTORIES["input_failed"]
    strange = replace(history.inputs[0], value=b'\xff\x00{"a": 1}')
    path = tmp_path / "strange.json"
    path.write_text(text_of(replace(history, inputs=[strange])), "utf-8")

    assert read(path).inputs == [strange]


def _in_words(tasks: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    return {
        task_id: {name: value for name, value in end.items() if name != "state_sha256"}
        for task_id, end in tasks.items()
    }


def _failures(history: History) -> list[str]:
    return [
        record.headers["inputoffset"]
        for record in history.events
        if record.headers["type"] == "command_failed.v1"
    ]

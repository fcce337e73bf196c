"""What is stored comes back as it was, and a newer writer does not disturb an older reader."""

from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from streams.decider import react
from streams.domain.commands import Command
from streams.domain.events import EVENT, EVENT_TYPES, CommandIssued, StepCompleted
from streams.domain.inputs import INPUT, Input
from streams.domain.state import STATE
from tests.domain.pool import all_events, all_inputs, stories

FINITE = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | st.integers() | FINITE | st.text()
JSON = st.recursive(
    SCALARS, lambda j: st.lists(j, max_size=2) | st.dictionaries(st.text(), j, max_size=2)
)


def test_the_stories_know_every_kind_of_event_and_input() -> None:
    assert {event.type for event in all_events()} == set(EVENT_TYPES)
    assert {type(one) for one in all_inputs()} == set(get_args(Input))


def test_every_kind_of_event_comes_back_from_its_json() -> None:
    for event in all_events():
        assert EVENT.validate_json(EVENT.dump_json(event)) == event
        assert EVENT.validate_python(event.as_json) == event


def test_every_kind_of_input_comes_back_from_its_json() -> None:
    for one in all_inputs():
        assert INPUT.validate_json(INPUT.dump_json(one)) == one


def test_every_state_comes_back_from_its_json() -> None:
    for story in stories():
        assert STATE.validate_json(STATE.dump_json(story.state)) == story.state


def test_every_command_comes_back_from_its_json() -> None:
    for story in stories():
        for command in story.sent.values():
            assert Command.model_validate_json(command.model_dump_json()) == command


@given(st.dictionaries(st.text(), JSON, max_size=2))
@settings(max_examples=15, deadline=None, database=None)
def test_whatever_an_agent_answers_comes_back(output: dict[str, Any]) -> None:
    event = StepCompleted(step_id="post", output=output)

    assert EVENT.validate_json(EVENT.dump_json(event)) == event


def test_types_are_named_with_a_version_and_not_after_a_class() -> None:
    assert all(name.endswith(".v1") and name == name.lower() for name in EVENT_TYPES)


def test_a_field_of_a_newer_writer_is_ignored() -> None:
    event = all_events()[0]

    assert EVENT.validate_python({**event.as_json, "colour": "red"}) == event


def test_an_event_of_an_unknown_type_is_no_event() -> None:
    with pytest.raises(ValidationError):
        EVENT.validate_python({"type": "phase_started.v9", "phase": "PLANNING"})


def test_only_an_issued_command_sends_something_to_the_agents() -> None:
    story = stories()[0]

    for _, event in story.history:
        if not isinstance(event, CommandIssued):
            assert react(event, story.state) is None

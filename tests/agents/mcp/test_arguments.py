"""What is sent to a tool of others, of all that a step has."""

from typing import Any

import pytest

from agents.tools.calling import chosen

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "topic": {"type": "string"},
        "rows": {"type": "array"},
        "insights": {"type": "object"},
        "any": {},
    },
    "additionalProperties": True,
}


def test_nothing_is_sent_that_the_schema_does_not_name() -> None:
    assert chosen(SCHEMA, {"topic": "a", "password": "b", "request": "c"}) == {"topic": "a"}
    assert chosen({"additionalProperties": True}, {"a": 1}) == {}
    assert chosen({"properties": []}, {"a": 1}) == {}


@pytest.mark.parametrize("inputs", [None, [], "text", 3])
def test_inputs_that_are_none_send_nothing(inputs: object) -> None:
    assert chosen(SCHEMA, inputs) == {}


def test_an_output_of_another_step_is_opened_where_a_part_is_wanted() -> None:
    output = {"rows": [1, 2], "text": "two rows", "source": "mcp:other", "is_untrusted": True}

    assert chosen(SCHEMA, {"rows": output, "topic": output}) == {
        "rows": [1, 2],
        "topic": "two rows",
    }


def test_an_output_stays_whole_where_an_object_is_wanted_and_loses_its_marks() -> None:
    output = {"facts": [1], "source": "mcp:other", "is_untrusted": True, "notes": []}
    ours = {"insights": {"a": 1}, "facts": []}

    assert chosen(SCHEMA, {"insights": output}) == {"insights": {"facts": [1]}}
    assert chosen(SCHEMA, {"insights": ours}) == {"insights": ours}
    assert chosen(SCHEMA, {"any": ours}) == {"any": ours}


def test_of_an_object_of_others_the_part_of_that_name_is_meant() -> None:
    output = {"insights": {"a": 1}, "is_untrusted": True, "source": "mcp:other"}

    assert chosen(SCHEMA, {"insights": output}) == {"insights": {"a": 1}}

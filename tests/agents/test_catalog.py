"""The catalogue: the seed's fields, valid schemas, a stable version, and tools that join."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from agents.catalog import OFFLINE_NOTE, builtin_tools, catalogue, catalogue_version
from agents.contract import Done
from streams.domain.commands import CommandKind
from streams.domain.plan import ToolSpecification
from streams.domain.values import Channel, Permission
from streams.phases.results import Catalogue, read
from tests.agents.planning import ask, tool

SEED_FIELDS = {
    "tool_id", "name", "description", "category", "input_schema", "output_schema",
    "estimated_cost", "estimated_duration", "success_rate", "requires_approval", "prerequisites",
}  # fmt: skip
BUILTIN = {spec.tool_id: spec for spec in builtin_tools()}


def _nested(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for part in schema.values():
            yield from _nested(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _nested(part)


@pytest.mark.parametrize("tool_id", BUILTIN)
def test_each_tool_has_the_fields_of_the_seed_and_says_what_it_does(tool_id: str) -> None:
    document = BUILTIN[tool_id].as_json

    assert document.keys() >= SEED_FIELDS
    assert len(document["description"]) > 20
    assert 0.9 < document["success_rate"] <= 1


@pytest.mark.parametrize("tool_id", BUILTIN)
@pytest.mark.parametrize("side", ["input_schema", "output_schema"])
def test_each_schema_is_valid_json_schema_of_an_object(tool_id: str, side: str) -> None:
    schema = BUILTIN[tool_id].as_json[side]

    Draft202012Validator.check_schema(schema)

    assert schema["type"] == "object"
    assert schema["properties"]
    for part in _nested(schema):
        assert set(part.get("required", ())) <= part.get("properties", {}).keys()


@pytest.mark.parametrize("tool_id", BUILTIN)
def test_what_a_tool_consumes_is_an_input_or_made_by_another_tool(tool_id: str) -> None:
    spec = BUILTIN[tool_id]
    made = {artifact for other in BUILTIN.values() for artifact in other.produces}

    for artifact in spec.consumes:
        assert artifact in made | {"market_data"}
    assert set(spec.prerequisites) <= BUILTIN.keys()


def test_the_tools_named_by_the_seed_are_there() -> None:
    assert BUILTIN.keys() >= {
        "metrics_analyzer",
        "financial_agent.analyze_metrics",
        "content_generator",
        "linkedin_formatter",
        "compliance_checker",
        "quality_checker",
        *(f"{channel.value}_publisher" for channel in Channel),
    }


def test_only_publishing_needs_an_approval_and_must_not_be_repeated() -> None:
    careful = {tool_id for tool_id, spec in BUILTIN.items() if spec.requires_approval}
    once = {tool_id for tool_id, spec in BUILTIN.items() if not spec.is_repeatable}

    assert careful == once == {f"{channel.value}_publisher" for channel in Channel}


def test_the_version_depends_on_the_tools_and_not_on_their_order() -> None:
    tools = builtin_tools()
    changed = tools[0].model_copy(update={"permission": Permission.DENY})
    measured = tools[0].model_copy(
        update={"estimated_cost": 1.0, "estimated_duration": 9.0, "success_rate": 0.1, "runs": 7}
    )

    version = catalogue_version(tools)

    assert catalogue_version(reversed(tools)) == version
    assert catalogue_version([changed, *tools[1:]]) != version
    assert catalogue_version([measured, *tools[1:]]) == version
    assert catalogue_version(tools[1:]) != version
    assert len(version) == 16


def test_the_version_is_the_same_in_another_process() -> None:
    described = ToolSpecification(tool_id="t", name="T", agent_type="a")

    # Recorded: histories name versions, so the way to count them must not change unnoticed.
    assert catalogue_version([described]) == "e5bcc810709b5f86"


def test_discovering_answers_a_catalogue_that_says_it_is_offline() -> None:
    outcome = ask(CommandKind.DISCOVER_TOOLS, {})

    assert isinstance(outcome, Done)
    answer = read(CommandKind.DISCOVER_TOOLS, outcome.output)
    assert isinstance(answer, Catalogue)
    assert answer.version == catalogue_version(answer.tools)
    assert answer.notes == (OFFLINE_NOTE,)
    assert {spec.tool_id for spec in answer.tools} == BUILTIN.keys()


def test_a_joining_tool_is_added_and_never_replaces_a_built_in_one() -> None:
    fresh, false = tool("acme.writer", "draft"), tool("content_generator", "draft")

    joined = catalogue([fresh, false, fresh], notes=["one server did not answer"])

    ids = [spec.tool_id for spec in joined.tools]
    assert ids == [*BUILTIN, "acme.writer"]
    assert next(s for s in joined.tools if s.tool_id == "content_generator").agent_type == "content"
    assert joined.notes[1] == "one server did not answer"
    assert sum("second tool" in note for note in joined.notes) == 2
    assert joined.version != catalogue().version

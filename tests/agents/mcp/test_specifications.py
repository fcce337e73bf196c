"""What a server offers, as specifications."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from agents.tools.limits import Limits
from agents.tools.link import changes
from agents.tools.servers import Server
from agents.tools.settings import OwnSettings, ToolSettings
from agents.tools.specifications import Offered, Specified, specify, tool_id_of
from streams.domain.fingerprint import fingerprint
from streams.domain.plan import ToolSpecification
from streams.domain.values import Id, Permission

LIMITS = Limits()
SERVER = Server("ledger", "stdio", secrets=("s3cret-value",))
TRUSTED = Server("ledger", "stdio", own=OwnSettings(is_trusted=True))
OBJECT = {"type": "object", "properties": {"quarter": {"type": "string"}}}
RESULT = {"type": "object", "properties": {"revenue": {"type": "number"}, "currency": {}}}


def only(offer: Offered, server: Server = SERVER) -> ToolSpecification:
    (tool,) = specify(server, [offer], LIMITS).tools.values()
    return tool


def offered(name: str = "revenue", **more: Any) -> Offered:
    return Offered(**{"name": name, "input_schema": OBJECT} | more)


def test_a_tool_is_named_after_its_server_and_asked_for() -> None:
    tool = only(offered(title="Revenue", description="By quarter.", output_schema=RESULT))

    assert tool.tool_id == "ledger.revenue"
    assert (tool.name, tool.description, tool.agent_type) == ("Revenue", "By quarter.", "mcp")
    assert tool.source == "mcp:ledger"
    assert tool.permission is Permission.ASK
    assert tool.input_schema == OBJECT
    assert tool.output_schema == RESULT
    assert tool.produces == ("revenue", "currency")
    assert tool.consumes == ()
    assert (tool.estimated_cost, tool.estimated_duration, tool.success_rate) == (0, 1, 0.9)
    assert tool.runs == 0


def test_without_a_schema_of_its_result_a_tool_gives_something_of_its_name() -> None:
    assert only(offered()).produces == ("revenue",)


def test_what_the_user_says_of_a_tool_holds() -> None:
    said = ToolSettings(produces=("market_data",), consumes=("topic",), cost=0.02, duration=8.0)
    server = Server("ledger", "stdio", own=OwnSettings(tools={"revenue": said}))

    tool = only(offered(output_schema=RESULT), server)

    assert tool.produces == ("market_data",)
    assert tool.consumes == ("topic",)
    assert (tool.estimated_cost, tool.estimated_duration) == (0.02, 8.0)


@pytest.mark.parametrize(
    ("hints", "is_destructive", "is_repeatable"),
    [
        ({}, True, False),
        ({"readOnlyHint": True}, False, True),
        ({"destructiveHint": False}, False, False),
        ({"idempotentHint": True}, True, True),
        ({"readOnlyHint": True, "destructiveHint": True}, False, True),
        ({"readOnlyHint": False, "destructiveHint": True}, True, False),
    ],
)
def test_hints_are_believed_of_a_trusted_server_alone(
    hints: dict[str, bool], is_destructive: bool, is_repeatable: bool
) -> None:
    strange, trusted = only(offered(hints=hints)), only(offered(hints=hints), TRUSTED)

    assert strange.is_destructive is trusted.is_destructive is is_destructive
    assert strange.is_repeatable is False
    assert trusted.is_repeatable is is_repeatable


def test_words_are_cleaned_cut_and_hide_what_the_server_was_given() -> None:
    tool = only(
        offered(title="\u001b[1mTitle\u202e", description="s3cret-value \u200b" + "very " * 900)
    )

    assert tool.name == "Title"
    assert tool.description.startswith("*** very very")
    assert len(tool.description) == 1_000


@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=300))
def test_every_name_becomes_an_id_and_two_names_never_the_same(one: str, other: str) -> None:
    adapter = TypeAdapter(Id)

    assert adapter.validate_python(tool_id_of("s" * 64, one)).startswith("s" * 64 + ".")
    assert (tool_id_of("s", one) == tool_id_of("s", other)) == (one == other)


def test_a_name_that_fits_stays_as_it_is() -> None:
    assert tool_id_of("ledger", "get.revenue:v2-x@y_z") == "ledger.get.revenue:v2-x@y_z"


def test_what_cannot_be_used_is_left_out_and_said() -> None:
    found = specify(
        SERVER,
        [
            offered(),
            offered(description="a second one"),
            offered("re\u202evenue"),
            offered(" "),
            offered("far", input_schema={"$ref": "https://evil.example/s"}),
            offered("wrong", output_schema={"type": 3}),
        ],
        LIMITS,
    )

    assert list(found.tools) == ["ledger.revenue"]
    assert found.tools["ledger.revenue"].description == ""
    assert found.names == {"ledger.revenue": "revenue"}
    assert len(found.notes) == 5
    assert all(note.startswith("ledger: the tool ") for note in found.notes)


def test_notes_and_catalogues_do_not_grow_without_end() -> None:
    limits = Limits(notes=3, catalogue=20_000)
    wrong = [offered(f"w{n}", input_schema={"type": "x"}) for n in range(50)]
    right = [offered(f"r{n}") for n in range(500)]

    found = specify(SERVER, [*wrong, *right], limits)

    assert 10 < len(found.tools) < 100
    assert len(found.notes) == 4
    assert "more notes" in found.notes[-1]


def test_reading_stops_when_it_takes_too_long() -> None:
    late = iter([False, False, True])

    found = specify(
        SERVER, [offered(f"t{n}") for n in range(9)], LIMITS, is_late=lambda: next(late)
    )

    assert len(found.tools) == 2
    assert "too long" in found.notes[0]


def test_the_digest_tells_lists_apart_and_not_their_order() -> None:
    one, other = offered("one"), offered("other")

    assert digest(one, other) == digest(other, one)
    assert digest(one) != digest(one, other)
    assert digest(one) != digest(offered("one", description="changed"))


def test_a_fingerprint_is_of_words_schemas_and_hints_and_of_nothing_measured() -> None:
    tool = only(offered())

    assert fingerprint(tool) == fingerprint(
        tool.model_copy(
            update={"success_rate": 0.2, "runs": 9, "permission": Permission.ALLOW, "name": "N"}
        )
    )
    for changed in (
        offered(description="Now it deletes."),
        offered(input_schema=OBJECT | {"required": ["quarter"]}),
        offered(output_schema=RESULT),
        offered(hints={"readOnlyHint": True}),
    ):
        assert fingerprint(only(changed)) != fingerprint(tool)


def test_changes_are_told_tool_by_tool() -> None:
    before = specified(offered("stays"), offered("goes"), offered("changes"))
    now = specified(offered("stays"), offered("comes"), offered("changes", description="!"))

    gone, new, changed = sorted(changes("ledger", before, now), key=lambda n: "stays" in n)

    assert "'ledger.goes' is gone" in gone
    assert "'ledger.comes' is new" in new
    assert "'ledger.changes'" in changed
    assert "asked for again" in changed
    assert changes("ledger", now, now) == []


def specified(*offers: Offered) -> Specified:
    return specify(SERVER, offers, LIMITS)


def digest(*offers: Offered) -> str:
    return specified(*offers).digest

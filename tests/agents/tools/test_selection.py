"""The selection of tools of others: use before likeness, and no words bring a tool into a plan."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.catalog import builtin_tools
from agents.tools.selection import MOST_BYTES, MOST_FOREIGN, needs_of, offers, select
from streams.domain.intent import Intent
from streams.domain.plan import ToolSpecification
from streams.domain.values import Permission
from tests.agents.tools.makers import OBJECT, TEXT, foreign

MARKET = Intent(
    name="market_insight",
    action="research",
    domain="market",
    summary="Market research: electric bikes",
    constraints={"topic": "electric bikes"},
)
BUILTIN = offers(builtin_tools())


def chosen(*tools: ToolSpecification, most: int = MOST_FOREIGN) -> list[str]:
    return [tool.tool_id for tool in select(offers(tools), BUILTIN, MARKET, most).tools]


def test_what_the_goal_needs_is_followed_through_tools_of_ours_and_of_others() -> None:
    table = foreign("stats.sum", "market_data", inputs={"sales_table": OBJECT})
    export = foreign("crm.export", "sales_table")

    needed = needs_of(MARKET, (*BUILTIN, *offers([table, export])))

    assert needed["research"] == 0
    assert needed["market_data"] == 1
    assert needed["sales_table"] == 2
    assert "receipt:linkedin" not in needed


def test_useful_tools_come_first_the_nearest_and_surest_before_others() -> None:
    far = foreign("crm.export", "sales_table", success_rate=1.0)
    near = foreign("stats.sum", "market_data", inputs={"sales_table": OBJECT})
    sure = foreign("zz.prices", "market_data", success_rate=0.99)
    asks = foreign("aa.prices", "market_data", success_rate=1.0, permission=Permission.ASK)
    denied = foreign("ab.prices", "market_data", permission=Permission.DENY)
    alike = foreign("bikes.shop", "orders", description="electric bikes market research")

    found = chosen(alike, denied, asks, far, near, sure)

    assert found == [
        "zz.prices", "stats.sum", "aa.prices", "crm.export", "ab.prices", "bikes.shop",
    ]  # fmt: skip


def test_of_the_others_names_count_more_than_descriptions() -> None:
    named = foreign("shop.electric_bikes", "orders", inputs={"market": TEXT})
    described = foreign("a.shop", "orders", description="electric bikes")
    unlike = foreign("git.blame", "lines", description="Who wrote it?")

    assert chosen(described, unlike, named) == ["shop.electric_bikes", "a.shop"]


def test_tools_that_are_together_too_large_for_a_history_are_left_out() -> None:
    heavy = {"type": "object", "properties": {f"p{n}": TEXT for n in range(1_000)}}
    tools = [foreign(f"m.t{n:02}", "market_data", input_schema=heavy) for n in range(20)]
    light = foreign("m.zz", "market_data")

    found = select(offers([*tools, light]), BUILTIN, MARKET)

    sizes = [len(tool.model_dump_json()) for tool in found.tools]
    assert sum(sizes) <= MOST_BYTES
    assert len(found.tools) + found.left_out == 21
    assert found.tools[-1] == light


@given(st.lists(st.text(max_size=200), min_size=60, max_size=60))
@settings(max_examples=25, deadline=None)
def test_no_description_pushes_a_useful_tool_out_or_changes_their_order(said: list[str]) -> None:
    useful = [foreign(f"m.t{n:02}", "market_data", success_rate=n / 50) for n in range(20)]
    others = [foreign(f"spam.t{n:02}", "spam") for n in range(40)]
    quiet = chosen(*useful, *others)
    talking = [
        tool.model_copy(update={"description": words, "name": words or "x"})
        for tool, words in zip((*useful, *others), said, strict=True)
    ]

    assert chosen(*talking)[:20] == quiet[:20] == [f"m.t{n:02}" for n in range(19, -1, -1)]

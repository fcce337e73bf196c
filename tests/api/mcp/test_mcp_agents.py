"""The built-in agents' tools over MCP: each is the very handler of a step."""

from pathlib import Path
from typing import Any

from agents.catalog import builtin_tools
from api.bootstrap import all_agents
from api.mcp.agents import agent_tools
from tests.api.mcp.assistants import assistant
from tests.api.serving import serving

METRICS = {"revenue_monthly": 150_000, "customer_count": 320, "previous": {"customer_count": 300}}
REQUEST = "Create a LinkedIn post about our growth"


async def test_the_agents_write_a_post_step_by_step_for_whoever_asks(tmp_path: Path) -> None:
    around = {"business_metrics": METRICS, "request": REQUEST, "language": "en"}

    async with serving(tmp_path) as here, assistant(here, "/agents") as user:
        facts = await user.ask("metrics_analyzer", **around)
        insights = await user.ask("financial_agent.analyze_metrics", metrics_data=facts, **around)
        draft = await user.ask(
            "content_generator", action="create_post", insights=insights, **around
        )
        variant = await user.ask("linkedin_formatter", draft=draft)
        scores = await user.ask("quality_checker", draft=draft, insights=insights, **around)

    assert "150,000" in draft["content"]
    assert draft["is_offline"]
    assert variant["channel"] == "linkedin"
    assert {d["name"] for d in scores["dimensions"]} >= {"accuracy", "completeness"}


async def test_an_answer_in_german_is_asked_for_by_its_language(tmp_path: Path) -> None:
    async with serving(tmp_path) as here, assistant(here, "/agents") as user:
        german = await user.ask("metrics_analyzer", business_metrics=METRICS, language="de")

    assert "Monatsumsatz" in {fact["label"] for fact in german["facts"]}


async def test_nothing_that_publishes_is_offered() -> None:
    offered = {offer.name for offer in agent_tools(builtin_tools(), all_agents(Path("unused")))}

    kept = {tool.tool_id for tool in builtin_tools() if tool.category == "publishing"}
    assert kept
    assert not offered & kept
    assert offered == {tool.tool_id for tool in builtin_tools()} - kept


REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("quality_checker", {}, "'draft' is a required property"),
    ("quality_checker", {"draft": "text"}, "/draft: 'text' is not of type 'object'"),
    ("content_generator", {"action": "publish"}, "/action: 'publish' is not one of"),
    ("content_generator", {"action": "refine", "channels": [1]}, "/channels/0: 1 is not of type"),
]


async def test_arguments_are_checked_before_an_agent_sees_them(tmp_path: Path) -> None:
    async with serving(tmp_path) as here, assistant(here, "/agents") as user:
        said = [await user.refusal(tool, **given) for tool, given, _ in REFUSALS]

    for text, (_, _, sentence) in zip(said, REFUSALS, strict=True):
        assert sentence in text


async def test_what_an_agent_gives_up_is_told_in_its_words(tmp_path: Path) -> None:
    async with serving(tmp_path) as here, assistant(here, "/agents") as user:
        said = await user.refusal("linkedin_formatter", draft={})

    assert said
    assert "unexpected error" not in said

"""A market report: it leads with what matters, says what it is about, and is found to be true."""

from agents.content import CONTENT
from agents.evaluator import evaluator_agent
from agents.market_insight import MARKET_INSIGHT
from streams.domain.commands import CommandKind
from streams.domain.values import Json
from tests.agents.writing_tasks import command, output, understood, writing

TABLE = """company,quarter,revenue,price,customers,market_share
We,2024 Q3,1200000,49,300,0.10
We,2024 Q4,1350000,49,320,0.11
Northwind,2024 Q3,2600000,59,410,0.22
Northwind,2024 Q4,2700000,59,415,0.22
Contoso,2024 Q3,1900000,45,500,0.17
Contoso,2024 Q4,1800000,45,480,0.16
"""


def reported(language: str = "en") -> tuple[Json, Json, Json]:
    """The research, the report about it, and how it is judged."""
    request = "How do we compare with our competitors?"
    task = understood(request, {}, language=language)
    task["context"] = {"market_data": TABLE}
    run = CommandKind.RUN_STEP
    research = output(
        MARKET_INSIGHT, command(run, task | {"inputs": {}}, "market_insight.research")
    )
    draft = output(CONTENT, writing(task, {}, "create_report", research=research))
    judged = {"subject": "write", "output": draft, "materials": {"research": research}}
    scores = output(evaluator_agent(), command(CommandKind.ASSESS_QUALITY, task | judged))
    return research, draft, scores


def section(draft: Json, heading: str) -> list[str]:
    parts = str(draft["content"]).split("\n\n")
    found = next(part for part in parts if part.startswith(f"{heading}\n"))
    return found.split("\n")[1:]


def test_a_market_report_is_named_after_what_was_compared() -> None:
    _, english, _ = reported()
    _, german, _ = reported("de")

    assert english["title"] == "Market insight: revenue, price and customers"
    assert german["title"].startswith("Markteinblick: ")
    assert "Kennzahlen" not in german["title"]


def test_a_market_report_leads_with_five_findings_and_keeps_the_rest_in_its_details() -> None:
    research, draft, _ = reported()

    lines = section(draft, "Market")

    assert len(research["findings"]) > 12
    assert len(lines) == 6
    assert "- By market share we rank number 3 among 3 companies, highest first." in lines
    assert any("the distance to the top gets smaller" in line for line in lines)
    assert lines[-1].startswith("- All other findings stand in the details")
    assert draft["details"]["market"]["findings"] == research["findings"]
    assert section(draft, "What was given")[-1].startswith("- All other given figures")


def test_how_far_two_shares_are_apart_is_a_fact_in_points() -> None:
    research, _, scores = reported()

    assert any("is 11 percentage points above us" in text for text in research["findings"])
    accuracy = next(one for one in scores["dimensions"] if one["name"] == "accuracy")
    assert accuracy["issues"] == []
    assert accuracy["has_passed"] is True

"""The agents of the recorded histories: each command has one written answer, so that recording
again gives the same bytes."""

from collections.abc import Callable

from streams.domain.commands import Command, CommandKind
from streams.domain.values import Json

Answer = Callable[[Command], Json]
DIMENSIONS = ("accuracy", "completeness", "tone")
TEXT = "Revenue grew by 35 % in Q4, to $150,000 a month. What drove your growth?"
TOOLS = (
    ("metrics_analyzer", "financial"),
    ("trend_reader", "market"),
    ("content_generator", "content"),
    ("content_writer", "content"),
)


def intent(**changed: object) -> Json:
    """A request for a LinkedIn post, understood."""
    understood = {
        "name": "create_social_content",
        "action": "create",
        "domain": "marketing",
        "summary": "A LinkedIn post about the growth in Q4",
        "channels": ["linkedin"],
    }
    return understood | changed


def catalogue() -> Json:
    """Four tools of three agents."""
    tools = [
        {"tool_id": tool, "name": tool.replace("_", " "), "agent_type": agent}
        for tool, agent in TOOLS
    ]
    return {"version": "2025-10", "tools": tools}


def plan(**changed: object) -> Json:
    """Figures and trends beside each other, then the post; trends may be missing."""
    steps = [
        {
            "step_id": "figures",
            "name": "Read the metrics",
            "tool_id": "metrics_analyzer",
            "agent_type": "financial",
            "estimated_cost": 0.01,
        },
        {
            "step_id": "trends",
            "name": "Look at the market",
            "tool_id": "trend_reader",
            "agent_type": "market",
            "is_optional": True,
        },
        {
            "step_id": "post",
            "name": "Write the post",
            "tool_id": "content_generator",
            "agent_type": "content",
            "depends_on": ["trends"],
            "needs": {"figures": "figures"},
            "alternatives": [{"tool_id": "content_writer", "agent_type": "content"}],
        },
    ]
    return {"steps": steps, "deliverable_step": "post", "agents": ["financial"]} | changed


def scores(score: float) -> Json:
    """The same score in all dimensions."""
    return {
        "evaluator": "written-1",
        "dimensions": [{"name": name, "score": score} for name in DIMENSIONS],
    }


def deliverable() -> Json:
    """The post, in one variant for LinkedIn."""
    variant = {"channel": "linkedin", "content": TEXT, "characters": len(TEXT), "limit": 3000}
    return {"title": "Growth in Q4", "content": TEXT, "variants": [variant]}


STEPS: dict[str, Json] = {
    "figures": {"revenue_monthly": 150000, "growth": 0.35},
    "trends": {"summary": "The market grew by 12 %"},
    "post": {"text": TEXT},
}
ANSWERS: dict[CommandKind, Answer] = {
    CommandKind.PARSE_INTENT: lambda command: intent(),
    CommandKind.DISCOVER_TOOLS: lambda command: catalogue(),
    CommandKind.PLAN_WORKFLOW: lambda command: plan(),
    CommandKind.RUN_STEP: lambda command: STEPS.get(command.step_id or "", {"done": True}),
    CommandKind.ASSESS_QUALITY: lambda command: scores(0.92),
    CommandKind.REFINE: lambda command: {"text": TEXT + " #Growth"},
    CommandKind.FORMAT: lambda command: deliverable(),
    CommandKind.PUBLISH: lambda command: {"reference": f"share-{command.command_id}"},
    CommandKind.EXTRACT_LEARNING: lambda command: {"quality": command.payload["quality_score"]},
}

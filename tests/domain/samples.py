"""What agents answer in these tests: intents, tools, plans, scores and deliverables."""

from typing import Any

from streams.domain.commands import CommandKind
from streams.domain.plan import ExecutionPlan, ToolSpecification, WorkflowStep
from streams.domain.quality import DimensionScore, QualityAssessment
from streams.domain.values import Json

NOW = 1_790_000_000_000
POST = {"text": "Revenue grew by 12 % in Q4."}


def tool(tool_id: str, agent_type: str = "content", **fields: Any) -> ToolSpecification:
    """A tool of the catalogue, which may run twice if nothing else is said."""
    named = {"tool_id": tool_id, "name": tool_id, "agent_type": agent_type, "is_repeatable": True}
    return ToolSpecification.model_validate(named | fields)


TOOLS = (
    tool("analyze", "financial"),
    tool("research", "market"),
    tool("write"),
    tool("write_plainly"),
    tool("send", "mail", is_repeatable=False),
    tool(
        "crm.note",
        "mcp",
        description="Writes a note",
        source="mcp:crm",
        permission="ask",
        is_repeatable=False,
        is_destructive=True,
    ),
    tool("crm.find", "mcp", source="mcp:crm", permission="ask"),
    tool("crm.drop", "mcp", source="mcp:crm", permission="deny"),
)
_AGENT = {spec.tool_id: spec.agent_type for spec in TOOLS}


def step(step_id: str, tool_id: str = "write", *after: str, **fields: Any) -> WorkflowStep:
    """A step of a plan, which waits for the steps named in `after`."""
    named = {
        "step_id": step_id,
        "name": step_id,
        "tool_id": tool_id,
        "agent_type": _AGENT.get(tool_id, "content"),
        "needs": {name: name for name in after},
    }
    return WorkflowStep.model_validate(named | fields)


def plan(*steps: WorkflowStep, deliverable: str | None = None, **fields: Any) -> ExecutionPlan:
    """A plan; the last step gives the deliverable if none is named."""
    return ExecutionPlan(steps=steps, deliverable_step=deliverable or steps[-1].step_id, **fields)


def scores(score: float, *failed_gates: str) -> QualityAssessment:
    """An assessment with this mean, and these gates failed."""
    mean = DimensionScore(name="clarity", score=score)
    gates = [
        DimensionScore(name=gate, score=0, weight=0, is_gate=True, has_passed=False)
        for gate in failed_gates
    ]
    return QualityAssessment(dimensions=(mean, *gates), evaluator="rules 1")


def intent(*channels: str, **fields: Any) -> Json:
    """What ParseIntent answers."""
    named = {"name": "create_post", "action": "create", "domain": "marketing"}
    return named | {"channels": list(channels)} | fields


def deliverable(*channels: str) -> Json:
    """What Format answers, with a variant for each channel."""
    variants = [{"channel": channel, "content": f"for {channel}"} for channel in channels]
    return {"title": "Growth", "content": POST["text"], "variants": variants}


PLAN = plan(step("facts", "analyze"), step("post", "write", "facts"))


def answers(*channels: str) -> dict[CommandKind, Json]:
    """What the agents answer when all goes well."""
    return {
        CommandKind.PARSE_INTENT: intent(*channels),
        CommandKind.DISCOVER_TOOLS: {
            "version": "catalogue-1",
            "tools": [spec.as_json for spec in TOOLS],
        },
        CommandKind.PLAN_WORKFLOW: PLAN.as_json,
        CommandKind.RUN_STEP: POST,
        CommandKind.ASSESS_QUALITY: scores(0.9).as_json,
        CommandKind.REFINE: {"text": "Revenue grew by 12 %."},
        CommandKind.FORMAT: deliverable(*channels),
        CommandKind.PUBLISH: {"reference": "post-1"},
        CommandKind.EXTRACT_LEARNING: {"is_success": True},
    }

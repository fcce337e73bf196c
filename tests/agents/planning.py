"""Intents, tools and commands to plan with, and what every plan must keep to."""

from collections.abc import Iterable, Sequence
from typing import Any

from agents.catalog import builtin_tools
from agents.contract import Done, Outcome
from agents.planner import PLANNER
from streams.domain.commands import Command, CommandKind
from streams.domain.intent import Intent
from streams.domain.plan import ExecutionPlan, ToolSpecification, WorkflowStep, order
from streams.domain.values import ExecutionPhase, Json
from tests.agents.understanding import SATURDAY, understand

SEED = "Create a LinkedIn post about our Q4 growth metrics"


def command(kind: CommandKind, payload: Json) -> Command:
    """A work item for the planner."""
    return Command(
        command_id="c1",
        task_id="t1",
        kind=kind,
        phase=ExecutionPhase.DELEGATION,
        agent_type="planner",
        timeout=1000,
        issued_at=SATURDAY,
        payload=payload,
    )


def ask(kind: CommandKind, payload: Json) -> Outcome:
    """What the planner answers."""
    work = command(kind, payload)
    handler = PLANNER.compute(work)
    assert handler is not None
    return handler(work)


def plan_outcome(
    intent: Intent | str,
    tools: Iterable[ToolSpecification] | None = None,
    *,
    joined: Iterable[ToolSpecification] = (),
    **payload: Any,
) -> Outcome:
    """The answer to PlanWorkflow for an intent, or for a request in plain language."""
    wanted = understand(intent) if isinstance(intent, str) else intent
    there = [*(builtin_tools() if tools is None else tools), *joined]
    return ask(
        CommandKind.PLAN_WORKFLOW,
        {"intent": wanted.as_json, "tools": [tool.as_json for tool in there], **payload},
    )


def plan_for(
    intent: Intent | str,
    tools: Iterable[ToolSpecification] | None = None,
    *,
    joined: Iterable[ToolSpecification] = (),
    **payload: Any,
) -> ExecutionPlan:
    """The plan for an intent or a request; fails if there is none."""
    outcome = plan_outcome(intent, tools, joined=joined, **payload)
    assert isinstance(outcome, Done), outcome
    return ExecutionPlan.model_validate(outcome.output)


def tool(
    tool_id: str,
    produces: Sequence[str] | str,
    needs: Sequence[str] = (),
    uses: Sequence[str] = (),
    **more: Any,
) -> ToolSpecification:
    """A foreign tool: it must have what it `needs`, and can use what it `uses`."""
    made = (produces,) if isinstance(produces, str) else tuple(produces)
    return ToolSpecification(
        tool_id=tool_id,
        name=tool_id,
        agent_type=more.pop("agent_type", "mcp"),
        input_schema={
            "type": "object",
            "properties": {name: {"type": "object"} for name in (*needs, *uses)},
            "required": list(needs),
        },
        consumes=(*needs, *uses),
        produces=made,
        **more,
    )


def step_of(plan: ExecutionPlan, tool_id: str) -> WorkflowStep:
    """The step that a tool does."""
    return next(step for step in plan.steps if step.tool_id == tool_id)


def tools_of(plan: ExecutionPlan) -> list[str]:
    """The tools of a plan, in its order."""
    return [step.tool_id for step in plan.steps]


def flaws(plan: ExecutionPlan, wanted: Iterable[str]) -> list[str]:
    """What is wrong with a plan as a graph: its order, its types, and what it does not make."""
    found = [] if order(plan.steps) is not None else ["it runs in a circle"]
    makers = {step.step_id: step for step in plan.steps}
    done: set[str] = set()
    for step in plan.steps:
        if not set(step.depends_on) <= done:
            found.append(f"{step.step_id} comes before what it waits for")
        for artifact, maker in step.needs.items():
            if artifact not in makers[maker].produces:
                found.append(f"{step.step_id} needs {artifact}, which {maker} does not make")
        done.add(step.step_id)
    made = [artifact for step in plan.steps for artifact in step.produces]
    found += [f"nobody makes {artifact}" for artifact in wanted if artifact not in made]
    if len(made) != len(set(made)):
        found.append("something is made twice")
    return found

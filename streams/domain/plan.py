"""The workflow: tools, steps and the plan as a directed acyclic graph, with the checks a plan must
pass before it runs.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field

from streams.domain.values import (
    Channel,
    ExecutionPhase,
    Id,
    Json,
    Milliseconds,
    Money,
    Permission,
    Score,
    Value,
    WorkflowSource,
)

MAX_STEPS = 200
RESERVED = "deliverable"  # under this name the final output is scored, beside those of the steps


class ToolSpecification(Value):
    """One callable thing. `consumes` and `produces` name artifacts, by which a planner connects
    tools.
    """

    tool_id: Id
    name: str
    description: str = ""
    category: str = "general"
    agent_type: Id
    input_schema: Json = Field(default_factory=dict)
    output_schema: Json = Field(default_factory=dict)
    consumes: tuple[str, ...] = ()
    produces: tuple[str, ...] = ()
    estimated_cost: Money = 0.0
    estimated_duration: float = Field(default=1.0, ge=0)  # seconds
    success_rate: Score = 1.0
    requires_approval: bool = False
    prerequisites: tuple[str, ...] = ()
    is_repeatable: bool = False  # may run twice without harm
    is_destructive: bool = False  # says of itself that it may overwrite or delete
    permission: Permission = Permission.ALLOW
    source: str = "builtin"  # or "mcp:<server>", or "agent:<name>"
    runs: int = Field(default=0, ge=0)  # ended runs behind the three estimates; 0: as declared

    @property
    def asks_first(self) -> bool:
        """Whether a person must say yes before a plan may use it."""
        return self.permission is Permission.ASK or self.requires_approval


class StepTool(Value):
    """Another tool that can do a step when the first choice fails."""

    tool_id: Id
    agent_type: Id
    estimated_cost: Money = Field(default=0.0, exclude_if=lambda cost: not cost)


class WorkflowStep(Value):
    """One node of the plan. `needs` maps a name of the step's input to the step whose output fills
    it.
    """

    step_id: Id
    name: str
    tool_id: Id
    agent_type: Id
    action: str = ""
    depends_on: tuple[Id, ...] = ()
    needs: dict[str, Id] = Field(default_factory=dict)
    inputs: Json = Field(default_factory=dict)
    produces: tuple[str, ...] = ()
    alternatives: tuple[StepTool, ...] = ()
    is_optional: bool = False
    is_repeatable: bool = True
    quality_threshold: Score | None = None  # None: its output is not scored by itself
    timeout: Milliseconds | None = Field(default=None, ge=1)
    max_attempts: int | None = Field(default=None, ge=1, le=20)
    estimated_cost: Money = 0.0
    estimated_duration: float = Field(default=1.0, ge=0)  # seconds


class ExecutionPlan(Value):
    """The steps and what they are expected to cost. `deliverable_step` names the step whose output
    is the draft.
    """

    steps: tuple[WorkflowStep, ...]
    deliverable_step: Id
    workflow_source: WorkflowSource = WorkflowSource.USER_REQUEST
    estimated_cost: Money = 0.0
    estimated_duration: float = Field(default=0.0, ge=0)  # seconds along the critical path
    success_probability: Score = 1.0
    quality_threshold: Score | None = None
    agents: tuple[str, ...] = ()
    requires_approval: bool = True
    reasons: tuple[str, ...] = ()
    alternatives: tuple[Json, ...] = ()


class PlanProblem(Value):
    """Why a plan may not run, with a JSON pointer to the part."""

    code: Literal[
        "empty", "too_large", "duplicate_step", "unknown_step", "self_dependency", "cycle",
        "unknown_tool", "wrong_agent", "unknown_deliverable", "missing_input", "over_budget",
        "reserved_step", "forbidden_tool",
    ]  # fmt: skip
    message: str
    pointer: str = ""


def tools_of(step: WorkflowStep) -> tuple[str, ...]:
    """The ids of the tools that may do a step, the first choice first."""
    return (step.tool_id, *(other.tool_id for other in step.alternatives))


def asking(plan: ExecutionPlan, tools: Iterable[ToolSpecification]) -> list[ToolSpecification]:
    """The tools of a plan, alternatives among them, that need a person's yes; in the plan's
    order.
    """
    asked = {tool.tool_id: tool for tool in tools if tool.asks_first}
    if not asked:
        return []
    named = dict.fromkeys(tool_id for step in plan.steps for tool_id in tools_of(step))
    return [asked[tool_id] for tool_id in named if tool_id in asked]


def publisher_of(channel: Channel) -> str:
    """The id of the tool that publishes on a channel."""
    return f"{channel.value}_publisher"


PUBLISHERS = frozenset(publisher_of(channel) for channel in Channel)


def watched(
    tools: Iterable[ToolSpecification], plan: ExecutionPlan | None, phase: ExecutionPhase
) -> tuple[ToolSpecification, ...]:
    """What a task keeps of the catalogue from this phase on: the publishers that are denied, and
    while its plan runs the tools of others in it.
    """
    steps = plan.steps if plan and phase is ExecutionPhase.EXECUTION else ()
    used = {tool_id for step in steps for tool_id in tools_of(step)}
    kept = (t for t in tools if _is_barred(t) or (t.source != "builtin" and t.tool_id in used))
    return tuple(kept)


def _is_barred(tool: ToolSpecification) -> bool:
    return tool.permission is Permission.DENY and tool.tool_id in PUBLISHERS


def forbidden(tool_id: str, pointer: str = "") -> PlanProblem:
    """The problem of a plan that uses a tool which must not be used."""
    message = f"{tool_id!r} must not be used"
    return PlanProblem(code="forbidden_tool", message=message, pointer=pointer)


def dependencies(step: WorkflowStep) -> frozenset[str]:
    """The steps that must end before this one may start."""
    return frozenset(step.depends_on) | frozenset(step.needs.values())


def order(steps: Iterable[WorkflowStep]) -> list[WorkflowStep] | None:
    """The steps in an order in which each follows what it depends on (Kahn); None if they run in a
    circle.

    Steps that do not depend on each other keep their order. Unknown dependencies are ignored.
    """
    waiting = {step.step_id: step for step in steps}
    known = frozenset(waiting)
    done: set[str] = set()
    ordered: list[WorkflowStep] = []
    while waiting:
        ready = [s for s in waiting.values() if dependencies(s) & known <= done]
        if not ready:
            return None
        for step in ready:
            del waiting[step.step_id]
            done.add(step.step_id)
        ordered += ready
    return ordered


def critical_path(steps: Iterable[WorkflowStep]) -> float:
    """Seconds of the longest chain of dependent steps; 0 for no steps or for a circle."""
    finish: dict[str, float] = {}
    for step in order(steps) or ():
        begin = max((finish.get(d, 0.0) for d in dependencies(step)), default=0.0)
        finish[step.step_id] = begin + step.estimated_duration
    return max(finish.values(), default=0.0)


def problems(
    plan: ExecutionPlan, tools: Mapping[str, ToolSpecification], *, budget: float | None = None
) -> list[PlanProblem]:
    """Everything that forbids this plan to run with these tools; an empty list lets it run."""
    if not plan.steps:
        return [PlanProblem(code="empty", message="the plan has no steps", pointer="/steps")]
    if len(plan.steps) > MAX_STEPS:
        return [
            PlanProblem(code="too_large", message=f"more than {MAX_STEPS} steps", pointer="/steps")
        ]
    found = _structure(plan)
    if not found and order(plan.steps) is None:
        found.append(
            PlanProblem(
                code="cycle", message="steps depend on each other in a circle", pointer="/steps"
            )
        )
    for index, step in enumerate(plan.steps):
        found += _tool_problems(step, f"/steps/{index}", tools)
    if budget is not None and plan.estimated_cost > budget:
        found.append(
            PlanProblem(
                code="over_budget",
                message=f"the estimate of ${plan.estimated_cost:.4f} is over the budget "
                f"of ${budget:.4f}",
                pointer="/estimated_cost",
            )
        )
    return found


def guarded(plan: ExecutionPlan, tools: Mapping[str, ToolSpecification]) -> ExecutionPlan:
    """The plan with every step behind the door before effects of which not all tools are declared
    repeatable, whatever the planner said.
    """
    steps = tuple(_guarded(step, tools) for step in plan.steps)
    return plan if steps == plan.steps else plan.model_copy(update={"steps": steps})


def _guarded(step: WorkflowStep, tools: Mapping[str, ToolSpecification]) -> WorkflowStep:
    if not step.is_repeatable or all(tools[t].is_repeatable for t in tools_of(step)):
        return step
    return step.model_copy(update={"is_repeatable": False})


def _required(tool: ToolSpecification) -> frozenset[str]:
    """The names that the tool's schema requires; schemas of others may hold anything."""
    names = tool.input_schema.get("required")
    return (
        frozenset(n for n in names if isinstance(n, str))
        if isinstance(names, list)
        else frozenset()
    )


def _structure(plan: ExecutionPlan) -> list[PlanProblem]:
    found: list[PlanProblem] = []
    ids = [step.step_id for step in plan.steps]
    for index, step in enumerate(plan.steps):
        at = f"/steps/{index}"
        if step.step_id in ids[:index]:
            found.append(
                PlanProblem(code="duplicate_step", message=f"{step.step_id!r} twice", pointer=at)
            )
        if step.step_id == RESERVED:
            message = f"no step may be named {RESERVED!r}"
            found.append(PlanProblem(code="reserved_step", message=message, pointer=at))
        for other in sorted(dependencies(step)):
            if other == step.step_id:
                found.append(
                    PlanProblem(
                        code="self_dependency", message=f"{other!r} waits for itself", pointer=at
                    )
                )
            elif other not in ids:
                found.append(
                    PlanProblem(
                        code="unknown_step", message=f"there is no step {other!r}", pointer=at
                    )
                )
    if plan.deliverable_step not in ids:
        found.append(
            PlanProblem(
                code="unknown_deliverable",
                message=f"there is no step {plan.deliverable_step!r}",
                pointer="/deliverable_step",
            )
        )
    return found


def _tool_problems(
    step: WorkflowStep, at: str, tools: Mapping[str, ToolSpecification]
) -> list[PlanProblem]:
    found: list[PlanProblem] = []
    for choice in (StepTool(tool_id=step.tool_id, agent_type=step.agent_type), *step.alternatives):
        tool = tools.get(choice.tool_id)
        if tool is None:
            found.append(
                PlanProblem(code="unknown_tool", message=f"no tool {choice.tool_id!r}", pointer=at)
            )
        elif tool.agent_type != choice.agent_type:
            found.append(
                PlanProblem(
                    code="wrong_agent",
                    message=f"{choice.tool_id!r} belongs to {tool.agent_type!r}, "
                    f"not {choice.agent_type!r}",
                    pointer=at,
                )
            )
        elif tool.permission is Permission.DENY:
            found.append(forbidden(choice.tool_id, at))
        else:
            missing = sorted(_required(tool) - step.needs.keys() - step.inputs.keys())
            found += [
                PlanProblem(
                    code="missing_input",
                    message=f"{choice.tool_id!r} requires {name!r}",
                    pointer=f"{at}/inputs",
                )
                for name in missing
            ]
    return found

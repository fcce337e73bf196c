"""From the runs of a chosen plan to its steps: readable ids, inputs, alternatives and limits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agents.plan_goals import Goal
from agents.plan_search import MAIN, Choice, Usable
from streams.domain.intent import Intent
from streams.domain.plan import StepTool, WorkflowStep
from streams.domain.values import Json, Milliseconds

# Inputs that the planner itself can fill from the intent, by name.
STATIC_INPUTS = frozenset(
    {
        "action", "kind", "tone", "language", "channel", "channels", "topic", "constraints", "date_range",
        "compare_to", "forecast_for", "metrics", "requirements",
    }
)  # fmt: skip
SLOWEST = 20  # a step may take this many times its estimate
SHORTEST_TIMEOUT: Milliseconds = 10_000
_BESIDE_CONSTRAINTS = frozenset(
    {"source_text", "topic", "compare_to", "forecast_for", "for_channels"}
)

_STEPS: Mapping[str, tuple[str, str, str]] = {
    # artifact: (step id, name, action)
    "metrics_data": ("fetch_metrics", "Gather the metrics", "fetch"),
    "insights": ("analyze", "Analyze the metrics", "analyze"),
    "research": ("research", "Research the market", "research"),
    "draft": ("write", "Write the draft", "write"),
    "report": ("write", "Write the report", "write"),
    "check": ("write", "Write up the findings", "write"),
    "compliance_report": ("check_compliance", "Check compliance", "check"),
    "quality_report": ("check_quality", "Check quality", "evaluate"),
    "variant:linkedin": ("format_linkedin", "Format for LinkedIn", "format"),
    "variant:twitter": ("format_twitter", "Format for X", "format"),
    "variant:email": ("format_email", "Format as e-mail", "format"),
}
_UNFIT = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plan must keep to. `seconds` is the time left, `priority` the user's."""

    budget: float | None = None
    seconds: float | None = None
    priority: str = "medium"
    step_threshold: float = 0.75
    max_attempts: int = 3
    command_timeout: Milliseconds = 60_000


def build_steps(
    intent: Intent,
    goal: Goal,
    choice: Choice,
    optional_runs: frozenset[str],
    tools: Mapping[str, Usable],
    limits: Limits,
) -> tuple[tuple[WorkflowStep, ...], str]:
    """The steps in their order, and the id of the one whose output is the deliverable."""
    ids = _step_ids(goal, choice)
    values = _static_values(intent, goal)
    steps = tuple(
        _step(run, run in optional_runs, goal, choice, ids, values, tools, limits)
        for run in choice.order
    )
    return steps, ids[MAIN]


def _made_by(choice: Choice, run: str) -> tuple[str, ...]:
    return tuple(artifact for artifact, maker in choice.makers.items() if maker == run)


def _main_artifact(goal: Goal, choice: Choice, run: str) -> str:
    return goal.deliverable if run == MAIN else _made_by(choice, run)[0]


def _step_ids(goal: Goal, choice: Choice) -> dict[str, str]:
    """A readable, unique id for each run, from what it makes."""
    ids: dict[str, str] = {}
    for run in choice.order:
        artifact = _main_artifact(goal, choice, run)
        slug = _UNFIT.sub("_", artifact).strip("_")[:60] or "something"
        wanted = _STEPS[artifact][0] if artifact in _STEPS else f"make_{slug}"
        number, step_id = 2, wanted
        while step_id in ids.values():
            step_id, number = f"{wanted}_{number}", number + 1
        ids[run] = step_id
    return ids


def _step(
    run: str,
    is_optional: bool,
    goal: Goal,
    choice: Choice,
    ids: Mapping[str, str],
    values: Json,
    tools: Mapping[str, Usable],
    limits: Limits,
) -> WorkflowStep:
    tool = tools[choice.tool_of(run)].tool
    artifact = _main_artifact(goal, choice, run)
    needs = {name: ids[maker] for name, maker in choice.needs[run].items()}
    inputs = _inputs(run, artifact, goal, tools[tool.tool_id], needs, values)
    _, name, action = _STEPS.get(
        artifact, ("", f"Make {artifact}", tool.tool_id.rpartition(".")[2])
    )
    seconds = SLOWEST * tool.estimated_duration
    return WorkflowStep(
        step_id=ids[run],
        name=name,
        tool_id=tool.tool_id,
        agent_type=tool.agent_type,
        action=goal.action if run == MAIN else action,
        depends_on=tuple(dict.fromkeys(needs.values())),
        needs=needs,
        inputs=inputs,
        produces=_made_by(choice, run),
        alternatives=_alternatives(run, goal, choice, tools, needs, inputs),
        is_optional=is_optional,
        is_repeatable=tool.is_repeatable,
        quality_threshold=limits.step_threshold if run == MAIN else None,
        timeout=max(1, min(limits.command_timeout, max(SHORTEST_TIMEOUT, int(seconds * 1000)))),
        max_attempts=limits.max_attempts if tool.is_repeatable else 1,
        estimated_cost=tool.estimated_cost,
        estimated_duration=tool.estimated_duration,
    )


def _static_values(intent: Intent, goal: Goal) -> Json:
    """What steps may want to know of the intent, by the name of the input."""
    constraints = intent.constraints
    settled = {k: v for k, v in constraints.items() if k not in _BESIDE_CONSTRAINTS}
    if intent.name == "publish_content":
        settled["verbatim"] = True
    values: Json = {
        "kind": goal.kind,
        "tone": intent.tone,
        "language": intent.language,
        "channels": constraints.get("for_channels") or [c.value for c in intent.channels],
        "topic": constraints.get("topic", ""),
        "constraints": settled,
        "date_range": intent.date_range.as_json if intent.date_range else None,
        "compare_to": constraints.get("compare_to"),
        "forecast_for": constraints.get("forecast_for"),
        "metrics": list(intent.metrics),
        "requirements": list(intent.requirements),
        "analysis": intent.action,
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def _inputs(
    run: str, artifact: str, goal: Goal, use: Usable, needs: Mapping[str, str], values: Json
) -> Json:
    """The inputs known beforehand, of those the tool's schema names, and the given artifacts it
    takes.
    """
    schema = use.tool.input_schema
    wanted = {*schema.get("properties", {}), *schema.get("required", ())}
    own: Json = {**values, "action": goal.action if run == MAIN else values["analysis"]}
    if artifact.startswith("variant:"):
        own["channel"] = artifact.removeprefix("variant:")
    inputs = {name: own[name] for name in sorted(wanted & own.keys() & STATIC_INPUTS)}
    for name in schema.get("required", ()):
        if name in STATIC_INPUTS and name not in inputs:
            inputs[name] = None
    taken = (use.mandatory | frozenset(use.optional)) - needs.keys()
    is_text_taken = run == MAIN or goal.deliverable not in goal.given
    given = {name: goal.given[name] for name in sorted(taken & goal.given.keys()) if is_text_taken}
    return inputs | given


def _alternatives(
    run: str,
    goal: Goal,
    choice: Choice,
    tools: Mapping[str, Usable],
    needs: Mapping[str, str],
    inputs: Json,
) -> tuple[StepTool, ...]:
    """Other tools that make the same from the same."""
    made = set(_made_by(choice, run))
    there = needs.keys() | inputs.keys()
    others = []
    for tool_id, use in sorted(tools.items(), key=lambda item: (item[1].price, item[0])):
        required = use.mandatory | frozenset(use.tool.input_schema.get("required", ()))
        if tool_id != choice.tool_of(run) and made <= set(use.tool.produces) and required <= there:
            takes = use.mandatory | frozenset(use.optional)
            if run != MAIN or frozenset(goal.through) <= takes:
                others.append(StepTool(tool_id=tool_id, agent_type=use.tool.agent_type))
    return tuple(others[:3])

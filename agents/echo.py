"""Echo agents: they answer every command at once with a plausible document of a chosen size, to
measure the core."""

from agents.contract import Agent, Compute, Done, Outcome
from streams.domain.commands import Command, CommandKind
from streams.domain.intent import Intent
from streams.domain.plan import ExecutionPlan, ToolSpecification, WorkflowStep
from streams.domain.quality import DimensionScore, QualityAssessment
from streams.domain.values import Json

DIMENSIONS = (
    "accuracy",
    "completeness",
    "tone",
    "format",
    "length",
    "readability",
    "engagement_potential",
)
STEPS = 3


def echo_agents(padding: int = 0, score: float = 0.95) -> tuple[Agent, ...]:
    """Agents for all nine kinds of commands; `padding` bytes of text are added to each answer.

    The text lies in fields that no later command carries, except for the outputs of steps, so that
    events and commands keep about the same size.
    """
    text = ("All work and no play makes Jack a dull boy. " * (padding // 44 + 1))[:padding]
    tools = tuple(
        ToolSpecification(
            tool_id=f"echo_{n}", name=f"Echo {n}", agent_type="echo", is_repeatable=True
        )
        for n in range(1, STEPS + 1)
    )
    answers = _answers(text, score, tools)
    planner = {kind.value: answers[kind] for kind in _PLANNER}
    evaluator = {kind.value: answers[kind] for kind in _EVALUATOR}
    content = {kind.value: answers[kind] for kind in _CONTENT}
    runs = {tool.tool_id: answers[CommandKind.RUN_STEP] for tool in tools}
    return (
        Agent("planner", computes=planner),
        Agent("evaluator", computes=evaluator),
        Agent("content", computes=content),
        Agent("echo", computes=runs | {"Refine": answers[CommandKind.REFINE]}, tools=tools),
    )


_PLANNER = (CommandKind.PARSE_INTENT, CommandKind.DISCOVER_TOOLS, CommandKind.PLAN_WORKFLOW)
_EVALUATOR = (CommandKind.ASSESS_QUALITY, CommandKind.EXTRACT_LEARNING)
_CONTENT = (CommandKind.REFINE, CommandKind.FORMAT)


def _answers(
    text: str, score: float, tools: tuple[ToolSpecification, ...]
) -> dict[CommandKind, Compute]:
    intent = Intent(name="echo", action="echo", domain="test", summary=text[:100]).as_json
    catalogue = {"version": "echo-1", "tools": [t.as_json for t in tools], "notes": [text]}
    assessment = QualityAssessment(
        dimensions=tuple(DimensionScore(name=name, score=score) for name in DIMENSIONS),
        evaluator="echo-1",
        summary=text,
    ).as_json
    plan = _plan(tools, text)

    def always(output: Json) -> Compute:
        done = Done(output)
        return lambda command: done

    def formatted(command: Command) -> Outcome:
        draft = command.payload.get("draft", {})
        return Done({"title": "Echo", "content": str(draft.get("echo", "")), "narrative": text})

    return {
        CommandKind.PARSE_INTENT: always(intent),
        CommandKind.DISCOVER_TOOLS: always(catalogue),
        CommandKind.PLAN_WORKFLOW: always(plan),
        CommandKind.RUN_STEP: always({"echo": text[: len(text) // 6]}),
        CommandKind.ASSESS_QUALITY: always(assessment),
        CommandKind.REFINE: always({"echo": text[: len(text) // 6], "is_refined": True}),
        CommandKind.FORMAT: formatted,
        CommandKind.EXTRACT_LEARNING: always({"note": text}),
    }


def _plan(tools: tuple[ToolSpecification, ...], text: str) -> Json:
    first, *middle, last = (f"step-{n}" for n in range(1, len(tools) + 1))
    depends = {first: (), last: tuple(middle), **dict.fromkeys(middle, (first,))}
    steps = tuple(
        WorkflowStep(
            step_id=step,
            name=step,
            tool_id=tool.tool_id,
            agent_type="echo",
            depends_on=depends[step],
        )
        for step, tool in zip((first, *middle, last), tools, strict=True)
    )
    return ExecutionPlan(
        steps=steps,
        deliverable_step=last,
        requires_approval=False,
        agents=("echo",),
        reasons=(text[:100],),
    ).as_json

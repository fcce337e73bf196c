"""The planner: understands the request, lists the tools, and plans the best workflow.

Plans are found by search over what tools consume and produce, and the best one is checked like any
other before it is proposed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.catalog import discover_tools
from agents.contract import Agent, Done, GiveUp, Outcome
from agents.figures.metric_notes import Phrase, say
from agents.planning.briefing import INTENT as BRIEFING
from agents.planning.briefing import plan_briefing
from agents.planning.choosing import tools_for
from agents.planning.failures import why_impossible, why_too_dear
from agents.planning.goals import Goal, goal_of
from agents.planning.ranking import Candidate, Limits, best_of, by_score, candidates
from agents.planning.reasons import Decision, alternative, reasons
from agents.planning.search import spaces
from agents.planning.steps import Workshop, build_steps, static_values
from agents.planning.tools import Usable
from agents.tools.joining import DEFAULT_TENANT, LONG_PATIENCE, Joining
from agents.understanding import intent as intents
from streams.domain.commands import Command
from streams.domain.intent import Intent
from streams.domain.plan import (
    ExecutionPlan,
    PlanProblem,
    ToolSpecification,
    critical_path,
    problems,
)
from streams.domain.settings import TaskSettings
from streams.domain.values import Json, WorkflowSource

MOST_ALTERNATIVES = 5
_UNSERVED: Phrase = (
    "There is no plan for requests of the kind {name!r}.",
    "Für Anfragen der Art {name!r} gibt es keinen Plan.",
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One PlanWorkflow, read."""

    intent: Intent
    goal: Goal
    tools: dict[str, ToolSpecification]
    settings: TaskSettings
    preferences: Json
    limits: Limits
    problems: tuple[PlanProblem, ...]
    source: WorkflowSource
    has_metrics: bool


def plan_workflow(command: Command) -> Outcome:
    """The handler of PlanWorkflow."""
    intent = Intent.model_validate(command.payload["intent"])
    if intent.name == BRIEFING:
        return plan_briefing(command, intent, plan_workflow)
    goal = goal_of(intent)
    if goal is None:
        return GiveUp(say(intent.language, _UNSERVED, name=intent.name))
    asked = _read(command, intent, goal)
    values = static_values(intent, goal)
    uses, notes = tools_for(
        goal, asked.tools, values,
        forbidden=frozenset(map(str, asked.preferences.get("forbidden_tools") or ())),
        earlier=asked.problems,
        has_metrics=asked.has_metrics,
        language=intent.language,
    )  # fmt: skip
    ways = spaces(goal, uses)
    found = candidates(goal, ways, uses, asked.limits.priority)
    if not found:
        return GiveUp(why_impossible(goal, uses, ways, intent.language, notes))
    best = best_of(found, asked.limits)
    if best is None:
        return GiveUp(why_too_dear(found, asked.limits, intent.language))
    plan = _plan(asked, best, found, uses, values, notes)
    wrong = problems(plan, asked.tools, budget=asked.limits.budget)
    if wrong:
        return GiveUp("no valid plan: " + "; ".join(problem.message for problem in wrong[:3]))
    return Done(plan.as_json)


def _read(command: Command, intent: Intent, goal: Goal) -> _Asked:
    payload = command.payload
    settings = TaskSettings.model_validate(payload.get("settings") or {})
    preferences: Json = payload.get("preferences") or {}
    budgets = [b for b in (settings.budget, preferences.get("budget")) if b is not None]
    ends = [e for e in (settings.deadline, preferences.get("deadline")) if e is not None]
    tools = [ToolSpecification.model_validate(tool) for tool in payload["tools"]]
    return _Asked(
        intent=intent,
        goal=goal,
        tools={tool.tool_id: tool for tool in tools},
        settings=settings,
        preferences=preferences,
        limits=Limits(
            budget=float(min(budgets)) if budgets else None,
            seconds=(min(ends) - command.issued_at) / 1000 if ends else None,
            priority=str(preferences.get("priority") or "medium"),
        ),
        problems=tuple(PlanProblem.model_validate(p) for p in payload.get("problems") or ()),
        source=WorkflowSource(payload.get("workflow_source") or "user_request"),
        has_metrics=bool(payload.get("business_metrics") or intent.metrics),
    )


def _plan(
    asked: _Asked,
    best: Candidate,
    found: Sequence[Candidate],
    tools: Mapping[str, Usable],
    values: Json,
    notes: Sequence[str],
) -> ExecutionPlan:
    steps, main = build_steps(_workshop(asked, best, tools, values))
    final, is_to_publish = _final_threshold(asked), bool(asked.intent.channels)
    made = Decision(
        asked.goal, best, found, tools, steps, asked.limits,
        thresholds=(asked.settings.step_threshold, final),
        is_to_publish=is_to_publish,
        language=asked.intent.language,
    )  # fmt: skip
    others = sorted((c for c in found if c is not best), key=by_score)[:MOST_ALTERNATIVES]
    return ExecutionPlan(
        steps=steps,
        deliverable_step=main,
        workflow_source=asked.source,
        estimated_cost=best.cost,
        estimated_duration=critical_path(steps),
        success_probability=best.success,
        quality_threshold=final,
        agents=tuple(dict.fromkeys(step.agent_type for step in steps)),
        requires_approval=is_to_publish,
        reasons=reasons(made, notes),
        alternatives=tuple(alternative(made, other) for other in others),
    )


def _workshop(
    asked: _Asked, best: Candidate, tools: Mapping[str, Usable], values: Json
) -> Workshop:
    return Workshop(
        asked.goal, best.choice, tools, values, best.optional_runs,
        language=asked.intent.language,
        step_threshold=asked.settings.step_threshold,
        max_attempts=asked.settings.max_attempts,
        command_timeout=asked.settings.command_timeout,
    )  # fmt: skip


def _final_threshold(asked: _Asked) -> float:
    own = asked.preferences.get("quality_threshold")
    return asked.settings.quality_threshold if own is None else float(own)


PLANNER = Agent(
    "planner",
    computes={
        "ParseIntent": intents.parse,
        "DiscoverTools": discover_tools,
        "PlanWorkflow": plan_workflow,
    },
)


def planner_agent(joining: Joining) -> Agent:
    """The planner that knows the tools of others as well.

    It only computes, unless there are servers: then a task waits a moment for those that are still
    connecting, so that it is neither planned without their tools nor asks for what they can bring.
    """

    def parse(command: Command) -> Outcome:
        supplied = joining.supplied(str(command.payload.get("tenant") or DEFAULT_TENANT))
        payload = command.payload | ({"supplied": list(supplied)} if supplied else {})
        return Done(intents.parse_intent(payload).as_json)

    async def parse_settled(command: Command) -> Outcome:
        outcome = parse(command)
        if joining.servers is None or not _asks(outcome):
            return outcome
        await joining.servers.settled(LONG_PATIENCE)
        return parse(command)

    if joining.servers is None:
        computes = {"ParseIntent": parse, "DiscoverTools": joining.discover}
        return Agent("planner", computes={**computes, "PlanWorkflow": plan_workflow})
    return Agent(
        "planner",
        computes={"PlanWorkflow": plan_workflow},
        effects={"ParseIntent": parse_settled, "DiscoverTools": joining.discover_settled},
    )


def _asks(outcome: Outcome) -> bool:
    """Whether an intent lacks something."""
    return isinstance(outcome, Done) and bool(
        outcome.output.get("question") or outcome.output.get("refusal")
    )

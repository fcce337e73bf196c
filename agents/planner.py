"""The planner: understands the request, lists the tools, and plans the best workflow.

Plans are found by search over what tools consume and produce, and the best one is checked like any
other before it is proposed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agents.catalog import discover_tools
from agents.contract import Agent, Done, GiveUp, Outcome
from agents.figures.metric_notes import Phrase, say
from agents.planning.failures import why_impossible, why_too_dear
from agents.planning.goals import Goal, goal_of
from agents.planning.ranking import Candidate, Limits, best_of, by_score, candidates
from agents.planning.reasons import Decision, alternative, reasons
from agents.planning.search import spaces
from agents.planning.steps import Workshop, build_steps, static_values
from agents.planning.tools import Usable, usable
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
_TOOL_CODES = ("unknown_tool", "wrong_agent", "missing_input")
_QUOTED = re.compile(r"'([^']+)'")
_UNSERVED: Phrase = (
    "There is no plan for requests of the kind {name!r}.",
    "Für Anfragen der Art {name!r} gibt es keinen Plan.",
)
_FORBIDDEN: Phrase = (
    "{tool} is not used: the preferences forbid it.",
    "{tool} wird nicht genutzt: Die Vorgaben verbieten es.",
)
_FAILED: Phrase = (
    "{tool} is not used: an earlier plan with it could not run.",
    "{tool} wird nicht genutzt: Ein früherer Plan damit konnte nicht laufen.",
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


def plan_workflow(command: Command) -> Outcome:
    """The handler of PlanWorkflow."""
    intent = Intent.model_validate(command.payload["intent"])
    goal = goal_of(intent)
    if goal is None:
        return GiveUp(say(intent.language, _UNSERVED, name=intent.name))
    asked = _read(command, intent, goal)
    values = static_values(intent, goal)
    uses, notes = _usable_tools(asked, values)
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
    )


def _usable_tools(asked: _Asked, values: Json) -> tuple[dict[str, Usable], list[str]]:
    """The tools a plan may use, and why others are left aside. An effect that needs an approval
    belongs in no plan: it follows when a person has approved."""
    forbidden = frozenset(map(str, asked.preferences.get("forbidden_tools") or ()))
    failed = frozenset(_failed_tools(asked.problems))
    language = asked.intent.language
    static = frozenset(values)
    notes = [
        say(language, _FORBIDDEN, tool=name) for name in sorted(forbidden & asked.tools.keys())
    ]
    notes += [say(language, _FAILED, tool=name) for name in sorted(failed - forbidden)]
    uses = {
        tool_id: usable(tool, static)
        for tool_id, tool in asked.tools.items()
        if not tool.requires_approval and tool_id not in forbidden | failed
    }
    return uses, notes


def _failed_tools(earlier: Iterable[PlanProblem]) -> Iterable[str]:
    for problem in earlier:
        if problem.code in _TOOL_CODES:
            yield from _QUOTED.findall(problem.message)[:1]


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

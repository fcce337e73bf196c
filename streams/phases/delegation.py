"""DELEGATION: the workflow and who does what. A proposed plan runs only if it passes every check,
and people have said yes to each tool in it that asks first.
"""

from streams.domain import events as e
from streams.domain.commands import CommandKind
from streams.domain.plan import ExecutionPlan, forbidden, guarded, problems
from streams.domain.state import OpenCommand, TaskState
from streams.domain.values import ExecutionPhase, Json, Permission
from streams.phases import permission
from streams.phases.decision import Decision

PHASE = ExecutionPhase.DELEGATION


def enter(d: Decision) -> ExecutionPhase | None:
    d.emit(e.PhaseStarted(phase=PHASE))
    if d.state.plan is not None:  # it had been drafted already, and waits for people
        return _ask(d)
    d.issue(CommandKind.PLAN_WORKFLOW, PHASE)
    return None


def completed(d: Decision, command: OpenCommand, plan: ExecutionPlan) -> ExecutionPhase | None:
    tools = {tool.tool_id: tool for tool in permission.settled(d.state)}
    found = problems(plan, tools, budget=d.state.settings.budget)
    if not found:
        d.emit(e.PlanDrafted(plan=guarded(plan, tools)))
        return _ask(d)
    d.emit(e.PlanRejected(problems=tuple(found)))
    if d.state.rejected_plans < d.state.settings.max_plans:
        d.issue(CommandKind.PLAN_WORKFLOW, PHASE)
        return None
    return d.fail(PHASE, "no valid plan: " + "; ".join(problem.message for problem in found[:3]))


def answered(d: Decision, tool_id: str) -> ExecutionPhase | None:
    """A person has said whether the plan may use this tool. Without it there must be another
    plan.
    """
    if d.state.permissions[tool_id] is Permission.DENY:
        d.emit(e.PlanRejected(problems=(forbidden(tool_id),), by=d.by))
        d.issue(CommandKind.PLAN_WORKFLOW, PHASE)
        return None
    return None if permission.pending(d.state) else ExecutionPhase.EXECUTION


def failed(d: Decision, command: OpenCommand, reason: str) -> ExecutionPhase | None:
    return d.fail(PHASE, reason)


def payload(state: TaskState, issued: e.CommandIssued) -> Json:
    denied = (forbidden(t) for t, said in state.permissions.items() if said is Permission.DENY)
    found = [*state.plan_problems, *(p for p in denied if p not in state.plan_problems)]
    return {
        "intent": state.intent.as_json if state.intent else {},
        "tools": [tool.as_json for tool in permission.settled(state)],
        "business_metrics": state.business_metrics,
        "preferences": state.preferences,
        "settings": state.settings.as_json,
        "problems": [problem.as_json for problem in found],
        "workflow_source": state.source.value,
    }


def _ask(d: Decision) -> ExecutionPhase | None:
    """Go on with the plan, or ask people about its tools first."""
    waiting = permission.pending(d.state)
    for tool in waiting:
        d.emit(
            e.QuestionAsked(
                question_id=f"tool-{d.state.asked_tools + 1}",
                question=permission.question(d.state, tool),
                expires_at=d.at + d.state.settings.question_timeout,
            )
        )
    return None if waiting else ExecutionPhase.EXECUTION

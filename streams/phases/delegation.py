"""DELEGATION: the workflow and who does what. A proposed plan runs only if it passes every
check.
"""

from streams.domain import events as e
from streams.domain.commands import CommandKind
from streams.domain.plan import ExecutionPlan, guarded, problems
from streams.domain.state import OpenCommand, TaskState
from streams.domain.values import ExecutionPhase, Json
from streams.phases.decision import Decision

PHASE = ExecutionPhase.DELEGATION


def enter(d: Decision) -> ExecutionPhase | None:
    d.emit(e.PhaseStarted(phase=PHASE))
    d.issue(CommandKind.PLAN_WORKFLOW, PHASE)
    return None


def completed(d: Decision, command: OpenCommand, plan: ExecutionPlan) -> ExecutionPhase | None:
    tools = {tool.tool_id: tool for tool in d.state.tools}
    found = problems(plan, tools, budget=d.state.settings.budget)
    if not found:
        d.emit(e.PlanDrafted(plan=guarded(plan, tools)))
        return ExecutionPhase.EXECUTION
    d.emit(e.PlanRejected(problems=tuple(found)))
    if d.state.rejected_plans < d.state.settings.max_plans:
        d.issue(CommandKind.PLAN_WORKFLOW, PHASE)
        return None
    return d.fail(PHASE, "no valid plan: " + "; ".join(problem.message for problem in found[:3]))


def failed(d: Decision, command: OpenCommand, reason: str) -> ExecutionPhase | None:
    return d.fail(PHASE, reason)


def payload(state: TaskState, issued: e.CommandIssued) -> Json:
    return {
        "intent": state.intent.as_json if state.intent else {},
        "tools": [tool.as_json for tool in state.tools],
        "business_metrics": state.business_metrics,
        "preferences": state.preferences,
        "settings": state.settings.as_json,
        "problems": [problem.as_json for problem in state.plan_problems],
        "workflow_source": state.source.value,
    }

"""EXECUTION: run the plan's steps as soon as what they need is there; score and refine the outputs
that ask for it.
"""

from streams.domain import events as e
from streams.domain.commands import CommandKind
from streams.domain.fingerprint import AGREED, fingerprint
from streams.domain.plan import ExecutionPlan, StepTool, WorkflowStep, dependencies
from streams.domain.quality import QualityAssessment, Verdict
from streams.domain.state import OpenCommand, TaskState
from streams.domain.values import ExecutionPhase, Json
from streams.phases import scoring
from streams.phases.decision import Decision

PHASE = ExecutionPhase.EXECUTION


def enter(d: Decision) -> ExecutionPhase | None:
    d.emit(e.PhaseStarted(phase=PHASE))
    return _drive(d)


def completed(
    d: Decision, command: OpenCommand, result: Json | QualityAssessment
) -> ExecutionPhase | None:
    step_id = command.issued.step_id or ""
    if isinstance(result, QualityAssessment):
        scoring.assess(d, step_id, result, _threshold(d.state, step_id))
    elif command.issued.kind is CommandKind.REFINE:
        scoring.refine(d, step_id, result)
    else:
        d.emit(e.StepCompleted(step_id=step_id, output=result))
    return _drive(d)


def failed(d: Decision, command: OpenCommand, reason: str) -> ExecutionPhase | None:
    step = _step(d.state, command.issued.step_id or "")
    if command.issued.kind is CommandKind.REFINE:
        scoring.settle(d, step.step_id)
        return _drive(d)
    if command.issued.kind is CommandKind.ASSESS_QUALITY:
        return d.fail(PHASE, f"the output of step {step.step_id!r} could not be scored: {reason}")
    taken = d.state.routes.get(step.step_id, 0)
    # Where the first tool may have done it all the same, another one could do it twice.
    has_begun = command.is_uncertain or (command.progress and not command.issued.is_repeatable)
    if taken < len(step.alternatives) and not has_begun:
        other = step.alternatives[taken]
        d.emit(
            e.StepRerouted(
                step_id=step.step_id,
                tool_id=other.tool_id,
                agent_type=other.agent_type,
                reason=reason,
            )
        )
        return _drive(d)
    d.emit(e.StepFailed(step_id=step.step_id, reason=reason, is_optional=step.is_optional))
    if step.is_optional:
        return _drive(d)
    return d.fail(PHASE, f"step {step.step_id!r} ({step.name}) failed: {reason}")


def payload(state: TaskState, issued: e.CommandIssued) -> Json:
    step = _step(state, issued.step_id or "")
    if issued.kind is not CommandKind.RUN_STEP:
        return scoring.context(state, step.step_id) | {"step": step.as_json}
    needed = {name: state.works[s].accepted for name, s in step.needs.items() if s in state.works}
    given: Json = {
        "inputs": step.inputs | needed,
        "request": state.request,
        "intent": state.intent.as_json if state.intent else {},
        "business_metrics": state.business_metrics,
        "preferences": state.preferences,
        "context": state.context,
    }
    foreign = (t for t in state.tools if t.tool_id == issued.tool_id and t.source != "builtin")
    planned = next(foreign, None)
    return given if planned is None else given | {AGREED: fingerprint(planned)}


def _drive(d: Decision) -> ExecutionPhase | None:
    """Issue everything that can start now; when all steps have ended, go on."""
    plan = _plan(d.state)
    ended = {step.step_id for step in plan.steps if _has_ended(d.state, step)}
    for step in plan.steps:
        if step.step_id in ended or d.state.open_command(PHASE, step.step_id) is not None:
            continue
        work = d.state.works.get(step.step_id)
        if work is None:
            if dependencies(step) <= ended:
                _run(d, step)
        elif work.verdict is Verdict.REFINE:
            d.issue(CommandKind.REFINE, PHASE, agent_type=step.agent_type, step_id=step.step_id)
        else:
            d.issue(CommandKind.ASSESS_QUALITY, PHASE, step_id=step.step_id)
    if len(ended) < len(plan.steps):
        return None
    if plan.deliverable_step in d.state.failed_steps:
        return d.fail(PHASE, f"step {plan.deliverable_step!r} gave no deliverable")
    return ExecutionPhase.QUALITY_CHECK


def _run(d: Decision, step: WorkflowStep) -> None:
    taken = d.state.routes.get(step.step_id, 0)
    chosen = (
        step.alternatives[taken - 1]
        if taken
        else StepTool(tool_id=step.tool_id, agent_type=step.agent_type)
    )
    d.issue(
        CommandKind.RUN_STEP,
        PHASE,
        agent_type=chosen.agent_type,
        action=step.action,
        tool_id=chosen.tool_id,
        step_id=step.step_id,
        timeout=step.timeout,
        max_attempts=step.max_attempts,
        is_repeatable=step.is_repeatable,
    )


def _has_ended(state: TaskState, step: WorkflowStep) -> bool:
    work = state.works.get(step.step_id)
    if work is None:
        return step.step_id in state.failed_steps
    return step.quality_threshold is None or work.verdict in (Verdict.PASS, Verdict.ASK_HUMAN)


def _threshold(state: TaskState, step_id: str) -> float:
    threshold = _step(state, step_id).quality_threshold
    return state.settings.step_threshold if threshold is None else threshold


def _plan(state: TaskState) -> ExecutionPlan:
    if state.plan is None:
        raise ValueError("there is no plan to execute")
    return state.plan


def _step(state: TaskState, step_id: str) -> WorkflowStep:
    return next(step for step in _plan(state).steps if step.step_id == step_id)

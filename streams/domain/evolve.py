"""`evolve`: one fact more, one state further. It is total and never raises, since what happened
cannot be refused.
"""

from dataclasses import replace
from functools import reduce
from typing import assert_never

from pydantic import ValidationError

from streams.domain import attempts, beginnings
from streams.domain import events as e
from streams.domain import ledger as ledgers
from streams.domain.ledger import Ledger
from streams.domain.plan import ExecutionPlan, PlanProblem, asking, watched
from streams.domain.settings import TaskSettings
from streams.domain.state import (
    DELIVERABLE,
    EFFECT_ANSWERS,
    REMEMBERED,
    Approval,
    Finished,
    Life,
    OpenQuestion,
    Publication,
    PublicationStatus,
    TaskState,
    Work,
    change,
)
from streams.domain.values import (
    DecisionOutcome,
    ExecutionPhase,
    Json,
    Milliseconds,
    Permission,
)


def evolve(state: TaskState, event: e.Event, at: Milliseconds) -> TaskState:
    """The state after one more event, which happened at `at`."""
    match event:
        case e.CommandIssued():
            return attempts.issued(state, event)
        case e.CommandCompleted(command_id=command_id, attempt=attempt, runner=runner, cost=cost):
            return attempts.finished(state, command_id, Finished(attempt, runner), cost)
        case e.PhaseStarted(phase=phase):
            return _entered(state, phase)
        case e.PhaseSkipped(phase=phase):
            return change(state, phases=_with(state.phases, phase))
        case e.StepCompleted(step_id=step_id, output=output):
            return change(state, works={**state.works, step_id: Work(output=output)})
        case e.QualityAssessed():
            return _assessed(state, event)
        case e.OutputRefined(subject=subject, output=output):
            return _refined(state, subject, output)
        case e.IntentParsed(intent=intent):
            return change(state, intent=intent)
        case e.ToolsDiscovered(catalogue_version=version, tools=tools):
            return change(state, catalogue_version=version, tools=tools, plan=None)
        case e.PlanDrafted(plan=plan):
            return _planned(state, plan)
        case e.DeliverableFormatted(deliverable=deliverable):
            return change(state, deliverable=deliverable)
        case e.LearningExtracted(record=record):
            return change(state, record=record)
        case e.ApprovalRequested(round=number, reason=reason, expires_at=until):
            asked = Approval(round=number, reason=reason, expires_at=until)
            return change(state, approval=asked, publications={})
        case e.ApprovalDecided():
            return _decided(state, event, at)
        case e.TaskClosed(outcome=outcome, decided_by=by):
            return change(
                state,
                life=Life.CLOSED,
                outcome=outcome,
                decided_by=by,
                closed_at=at,
                commands={},
                questions={},
            )
        case e.RequestSubmitted():
            return beginnings.submitted(state, event, at)
        case e.CommandDispatched():
            return beginnings.dispatched(state, event, at)
        case e.TaskForked():
            return beginnings.forked(state, event, at, evolve)
        case e.SettingsChanged(values=values):
            return _resettled(state, values)
        case e.CommandClaimed(command_id=command_id, runner=runner, lease_until=until):
            return attempts.touch(state, command_id, runner=runner, lease_until=until)
        case e.LeaseExtended(command_id=command_id, lease_until=until):
            return attempts.touch(state, command_id, lease_until=until)
        case e.CommandFailed():
            return attempts.failed(state, event)
        case e.CommandCancelled(command_id=command_id):
            return attempts.cancelled(state, command_id)
        case e.EffectGranted():
            return attempts.granted(state, event)
        case e.QuestionAsked():
            return _asked(state, event)
        case e.QuestionAnswered(question_id=question_id, answer=answer):
            return _answered(state, question_id, answer)
        case e.RequestDeclined(reason=reason):
            return change(
                state, outcome=DecisionOutcome.REJECTED, decided_by="policy", error=reason
            )
        case e.PlanRejected(problems=problems, by=by):
            return _rejected(state, problems, by)
        case e.StepRerouted(step_id=step_id):
            return change(state, routes={**state.routes, step_id: state.routes.get(step_id, 0) + 1})
        case e.StepFailed(step_id=step_id, reason=reason):
            return change(state, failed_steps={**state.failed_steps, step_id: reason})
        case e.PublicationCompleted(channel=channel, command_id=command_id, receipt=receipt):
            done = Publication(
                command_id=command_id, status=PublicationStatus.PUBLISHED, receipt=receipt
            )
            return change(state, publications={**state.publications, channel: done})
        case e.PublicationFailed(channel=channel, command_id=command_id, reason=reason):
            lost = Publication(
                command_id=command_id, status=PublicationStatus.FAILED, reason=reason
            )
            return change(state, publications={**state.publications, channel: lost})
        case e.EffectUncertain():
            return attempts.uncertain(state, event, at)
        case e.TaskFailed(phase=phase, reason=reason):
            return change(
                state,
                outcome=DecisionOutcome.FAILED,
                decided_by="policy",
                error=reason,
                failed_phase=phase,
                questions=_about_effects(state),
            )
        case e.CancellationRequested(by=by, reason=reason):
            return change(
                state,
                is_cancelling=True,
                decided_by=by,
                error=reason or None,
                questions=_about_effects(state),
            )
        case e.TaskReopened(phase=phase):
            return beginnings.reopened(state, phase, at)
        case e.EngagementRecorded(engagement_id=engagement_id):
            return change(
                state, engagement_ids=(*state.engagement_ids, engagement_id)[-REMEMBERED:]
            )
        case e.FeedbackRecorded(feedback_id=feedback_id):
            return change(state, feedback_ids=(*state.feedback_ids, feedback_id)[-REMEMBERED:])
        case e.InputRefused(input_type=kind, by=by, subject=subject):
            return change(state, refused=state.refused | {refusal_key(kind, by, subject)})
        case e.InputFailed():
            return change(state, failed_inputs=state.failed_inputs + 1)
        case e.CostQuestioned():
            return attempts.parked(state, event)
        case e.LedgerClosed():
            return change(state, life=Life.CLOSED)
        case e.BudgetReserved() | e.BudgetRefused() | e.BudgetSettled() | e.BudgetExpired():
            return _counted(state, event, at)
        case _:  # pragma: no cover - a type error when an event is forgotten
            assert_never(event)


def _counted(
    state: TaskState,
    event: e.BudgetReserved | e.BudgetRefused | e.BudgetSettled | e.BudgetExpired,
    at: Milliseconds,
) -> TaskState:
    """A ledger is open as long as money is held, but it is no task: nobody finds it in a list."""
    ledger = state.ledger or Ledger()
    match event:
        case e.BudgetSettled() | e.BudgetExpired() if state.ledger is None:
            return state
        case e.BudgetReserved():
            kept = ledgers.reserved(ledger, event)
            return change(state, ledger=kept, tenant=event.tenant, life=Life.ABSENT)
        case e.BudgetRefused():
            return change(state, ledger=ledgers.refused(ledger, event, at), tenant=event.tenant)
        case e.BudgetSettled():
            return change(state, ledger=ledgers.settled(ledger, event))
        case e.BudgetExpired():
            return change(state, ledger=ledgers.expired(ledger, event))
        case _:  # pragma: no cover - a type error when an event is forgotten
            assert_never(event)


def refusal_key(input_type: str, by: str, subject: str) -> str:
    """By what a second refusal of the same thing to the same party is recognised."""
    return f"{input_type} {subject} {by}"


def fold(history: list[tuple[Milliseconds, e.Event]], state: TaskState) -> TaskState:
    """The state after a whole history of (time, event)."""
    return reduce(lambda s, entry: evolve(s, entry[1], entry[0]), history, state)


def _with(phases: tuple[ExecutionPhase, ...], phase: ExecutionPhase) -> tuple[ExecutionPhase, ...]:
    return phases if phase in phases else (*phases, phase)


def _about_effects(state: TaskState) -> dict[str, OpenQuestion]:
    return {q: asked for q, asked in state.questions.items() if asked.command_id is not None}


def _planned(state: TaskState, plan: ExecutionPlan) -> TaskState:
    """A new plan begins without outputs: steps of an earlier one may have had the same names."""
    return change(state, plan=plan, plan_problems=(), works={}, failed_steps={}, routes={})


def _rejected(state: TaskState, problems: tuple[PlanProblem, ...], by: str) -> TaskState:
    """A person's no takes back the plan that had passed the checks; it is no fault of the
    planner.
    """
    if not by:
        return change(state, rejected_plans=state.rejected_plans + 1, plan_problems=problems)
    kept = {q: asked for q, asked in state.questions.items() if asked.question.tool_id is None}
    return change(state, plan=None, plan_problems=problems, questions=kept)


def _entered(state: TaskState, phase: ExecutionPhase) -> TaskState:
    """When the plan runs the catalogue has done its duty; a task that waits for weeks should not
    carry it. Only where tools ask first a fork could have to plan anew as long as they run. What
    stays are the tools of others that the plan uses, while it runs, and publishers that are denied.
    """
    is_done = phase is ExecutionPhase.QUALITY_CHECK
    if state.tools and phase is ExecutionPhase.EXECUTION:
        is_done = state.plan is None or not asking(state.plan, state.tools)
    tools = watched(state.tools, state.plan, phase) if is_done else state.tools
    return change(state, phase=phase, phases=_with(state.phases, phase), tools=tools)


def _asked(state: TaskState, event: e.QuestionAsked) -> TaskState:
    opened = OpenQuestion(question=event.question, expires_at=event.expires_at)
    is_about_tool = event.question.tool_id is not None
    return change(
        state,
        questions={**state.questions, event.question_id: opened},
        asked=state.asked + (not is_about_tool),
        asked_tools=state.asked_tools + is_about_tool,
    )


def _resettled(state: TaskState, values: Json) -> TaskState:
    own = {**state.own_settings, **values}
    try:
        settings = TaskSettings.model_validate({**state.settings.model_dump(), **values})
    except ValidationError:  # `decide` refuses such values; a fold must survive them all the same
        settings = state.settings
    return change(state, own_settings=own, settings=settings)


def _answered(state: TaskState, question_id: str, answer: str) -> TaskState:
    asked = state.questions.get(question_id)
    state = change(
        state,
        questions={q: other for q, other in state.questions.items() if q != question_id},
        answered={**state.answered, question_id: answer},
    )
    if asked and asked.command_id and answer in EFFECT_ANSWERS:
        state = attempts.touch(state, asked.command_id, is_uncertain=False, is_doubtful=False)
    if asked and asked.cost_of:
        return attempts.priced(state, asked, answer)
    tool_id = asked.question.tool_id if asked else None
    if tool_id is None:
        text = asked.question.text if asked else question_id
        return change(state, answers=(*state.answers, (text, answer)))
    said = Permission.ALLOW if answer == Permission.ALLOW else Permission.DENY
    return change(state, permissions={**state.permissions, tool_id: said})


def _assessed(state: TaskState, event: e.QualityAssessed) -> TaskState:
    work = state.work(event.subject)
    if work is None:
        return state
    is_best = work.best_assessment is None or event.assessment.is_better_than(work.best_assessment)
    scored = replace(
        work,
        assessment=event.assessment,
        verdict=event.verdict,
        best_output=work.output if is_best else work.best_output,
        best_assessment=event.assessment if is_best else work.best_assessment,
    )
    return change(state, works={**state.works, event.subject: scored})


def _refined(state: TaskState, subject: str, output: Json) -> TaskState:
    work = state.work(subject) or Work(output=output)
    better = replace(
        work, output=output, refinements=work.refinements + 1, assessment=None, verdict=None
    )
    return change(state, works={**state.works, subject: better})


def _decided(state: TaskState, event: e.ApprovalDecided, at: Milliseconds) -> TaskState:
    asked = state.approval
    if asked is None or asked.round != event.round:  # decided by a policy, without asking anybody
        asked = Approval(round=event.round, reason="", expires_at=0)
        state = change(state, publications={})
    decided = replace(
        asked,
        decision=event.decision,
        by=event.by,
        channels=event.channels,
        feedback=event.feedback,
    )
    state = change(state, approval=decided, deliverable=event.edits or state.deliverable)
    if event.decision is not DecisionOutcome.REVISED:
        return change(state, outcome=event.decision, decided_by=event.by)
    # A new version is judged afresh: a human has asked for something else than before.
    work = state.work(DELIVERABLE)
    afresh = {} if work is None else {DELIVERABLE: Work(output=work.accepted)}
    return change(
        state,
        works={**state.works, **afresh},
        settings=beginnings.ahead(state.settings, at),
        feedback=(*state.feedback, event.feedback),
        outcome=None,
        decided_by="",
    )

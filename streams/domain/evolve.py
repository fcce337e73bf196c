"""`evolve`: one fact more, one state further. It is total and never raises, since what happened
cannot be refused.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce
from typing import Any, assert_never

from pydantic import ValidationError

from streams.domain import beginnings
from streams.domain import events as e
from streams.domain.intent import Question
from streams.domain.plan import ExecutionPlan
from streams.domain.settings import TaskSettings
from streams.domain.state import (
    DELIVERABLE,
    EFFECT_ANSWERS,
    REMEMBERED,
    Approval,
    Life,
    OpenCommand,
    OpenQuestion,
    Publication,
    PublicationStatus,
    TaskState,
    Work,
    change,
)
from streams.domain.values import (
    Channel,
    DecisionOutcome,
    ExecutionPhase,
    Json,
    Milliseconds,
)


def evolve(state: TaskState, event: e.Event, at: Milliseconds) -> TaskState:
    """The state after one more event, which happened at `at`."""
    match event:
        case e.CommandIssued():
            return _issued(state, event)
        case e.CommandCompleted(command_id=command_id, attempt=attempt, runner=runner, cost=cost):
            return _finished(state, command_id, attempt, runner, cost)
        case e.PhaseStarted(phase=phase):
            return change(state, phase=phase, phases=_with(state.phases, phase))
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
            return change(state, catalogue_version=version, tools=tools)
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
            return _touch(state, command_id, runner=runner, lease_until=until)
        case e.LeaseExtended(command_id=command_id, lease_until=until):
            return _touch(state, command_id, lease_until=until)
        case e.CommandFailed():
            return _failed(state, event)
        case e.CommandCancelled(command_id=command_id):
            withdrawn = _finished(state, command_id, 0, "", 0.0)
            return _publication(withdrawn, command_id, PublicationStatus.CANCELLED)
        case e.EffectGranted(command_id=command_id, runner=runner):
            granted = _touch(
                state, command_id, grant=event, runner=runner, lease_until=event.expires_at
            )
            return _publication(granted, command_id, PublicationStatus.GRANTED)
        case e.QuestionAsked(question_id=question_id, question=question, expires_at=until):
            asked_now = {
                **state.questions,
                question_id: OpenQuestion(question=question, expires_at=until),
            }
            return change(state, questions=asked_now, asked=state.asked + 1)
        case e.QuestionAnswered(question_id=question_id, answer=answer):
            return _answered(state, question_id, answer)
        case e.RequestDeclined(reason=reason):
            return change(
                state, outcome=DecisionOutcome.REJECTED, decided_by="policy", error=reason
            )
        case e.PlanRejected(problems=problems):
            return change(state, rejected_plans=state.rejected_plans + 1, plan_problems=problems)
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
            return _uncertain(state, event)
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


def _without(mapping: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {k: v for k, v in mapping.items() if k != key}


def _about_effects(state: TaskState) -> dict[str, OpenQuestion]:
    return {q: asked for q, asked in state.questions.items() if asked.command_id is not None}


def _planned(state: TaskState, plan: ExecutionPlan) -> TaskState:
    """A new plan begins without outputs: steps of an earlier one may have had the same names.

    The catalogue has done its duty; a task that waits for weeks should not carry it.
    """
    return change(
        state, plan=plan, tools=(), plan_problems=(), works={}, failed_steps={}, routes={}
    )


def _resettled(state: TaskState, values: Json) -> TaskState:
    own = {**state.own_settings, **values}
    try:
        settings = TaskSettings.model_validate({**state.settings.model_dump(), **values})
    except ValidationError:  # `decide` refuses such values; a fold must survive them all the same
        settings = state.settings
    return change(state, own_settings=own, settings=settings)


def _issued(state: TaskState, event: e.CommandIssued) -> TaskState:
    is_new = event.command_id not in state.commands
    issued = change(
        state,
        commands={**state.commands, event.command_id: OpenCommand(issued=event)},
        issued=state.issued + is_new,
    )
    if event.channel is None:
        return issued
    pending = Publication(command_id=event.command_id, status=PublicationStatus.PENDING)
    return change(issued, publications={**issued.publications, event.channel: pending})


def _finished(
    state: TaskState, command_id: str, attempt: int, runner: str, cost: float
) -> TaskState:
    return change(
        state,
        commands=_without(state.commands, command_id),
        finished={**state.finished, command_id: (attempt, runner)},
        cost=state.cost + cost,
    )


def _failed(state: TaskState, event: e.CommandFailed) -> TaskState:
    if event.retry_at is None or event.command_id not in state.commands:
        return _finished(state, event.command_id, event.attempt, event.runner, event.cost)
    waiting = OpenCommand(issued=state.commands[event.command_id].issued, retry_at=event.retry_at)
    return change(
        state, commands={**state.commands, event.command_id: waiting}, cost=state.cost + event.cost
    )


def _touch(state: TaskState, command_id: str, **changes: Any) -> TaskState:
    command = state.commands.get(command_id)
    if command is None:
        return state
    return change(state, commands={**state.commands, command_id: replace(command, **changes)})


def _publication(state: TaskState, command_id: str, status: PublicationStatus) -> TaskState:
    changed: dict[Channel, Publication] = {
        channel: replace(p, status=status)
        for channel, p in state.publications.items()
        if p.command_id == command_id
    }
    return change(state, publications={**state.publications, **changed}) if changed else state


def _answered(state: TaskState, question_id: str, answer: str) -> TaskState:
    asked = state.questions.get(question_id)
    text = asked.question.text if asked else question_id
    return change(
        state,
        questions=_without(state.questions, question_id),
        answers=(*state.answers, (text, answer)),
        answered={**state.answered, question_id: answer},
    )


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


def _uncertain(state: TaskState, event: e.EffectUncertain) -> TaskState:
    what = f"the post on {event.channel.value}" if event.channel else f"command {event.command_id}"
    asked = OpenQuestion(
        question=Question(
            text=f"Did {what} go out? {event.reason}", options=EFFECT_ANSWERS, reason=event.reason
        ),
        expires_at=event.expires_at,
        command_id=event.command_id,
    )
    state = _touch(
        state, event.command_id, is_uncertain=True, grant=None, runner=None, lease_until=None
    )
    state = change(state, questions={**state.questions, event.question_id: asked})
    return _publication(state, event.command_id, PublicationStatus.UNCERTAIN)

"""What people decide: approval, revision, answers, cancellation, another try."""

from streams.domain import events as e
from streams.domain.commands import CommandKind
from streams.domain.deliverable import Receipt
from streams.domain.inputs import (
    AnswerQuestion,
    CancelTask,
    DecideApproval,
    RetryTask,
    ReviseRequest,
)
from streams.domain.state import (
    DELIVERABLE,
    EFFECT_ANSWERS,
    TOOL_ANSWERS,
    Life,
    OpenQuestion,
    TaskState,
)
from streams.domain.values import DecisionOutcome, ExecutionPhase, Permission
from streams.phases import approval, costs, delegation, planning
from streams.phases.decision import Decision
from streams.rules import queue, routing


def decide_approval(d: Decision, decision: DecideApproval) -> None:
    """A decision counts for the round it names: you approve what you saw."""
    open_round = _open_round(d.state)
    if open_round == decision.round:
        routing.go(d, approval.decided(d, decision))
        return
    latest = d.state.approval
    said = DecisionOutcome.APPROVED if decision.is_approved else DecisionOutcome.REJECTED
    if latest and latest.round == decision.round and latest.decision is said and latest.by == d.by:
        return  # the same decision again
    if open_round is not None:
        reason = (
            f"round {open_round} is open, not round {decision.round}: "
            "look at the newest version first"
        )
    elif latest is not None and latest.decision is not None:
        reason = f"round {latest.round} was {latest.decision.value} by {latest.by}"
    else:
        reason = "nothing is waiting for approval"
    subject = f"round {decision.round} {said.value}"
    d.refuse(decision.type, "conflict", reason, subject=subject)


def revise(d: Decision, wanted: ReviseRequest) -> None:
    """Another version with the human's feedback; a task that has ended is reopened for it."""
    open_round = _open_round(d.state)
    number = d.state.approval.round if d.state.approval else 0
    has_ended = d.state.life is Life.CLOSED and d.state.work(DELIVERABLE) is not None
    if _is_revised_already(d, wanted):
        return
    if wanted.round not in (None, open_round) or not (open_round or has_ended):
        reason = (
            "there is no version to revise now"
            if open_round is None
            else f"round {open_round} is open"
        )
        d.refuse(wanted.type, "conflict", reason, subject=wanted.feedback[:200])
        return
    if has_ended:
        d.emit(e.TaskReopened(by=d.by, reason="revision", phase=ExecutionPhase.REFINEMENT))
    d.emit(
        e.ApprovalDecided(
            round=number, decision=DecisionOutcome.REVISED, by=d.by, feedback=wanted.feedback
        )
    )
    routing.go(d, ExecutionPhase.REFINEMENT)


def answer(d: Decision, given: AnswerQuestion) -> None:
    """The answer to an open question."""
    asked = d.state.questions.get(given.question_id)
    if asked is None:
        if d.state.answered.get(given.question_id) in (given.answer, _plain(given)):
            return  # the same answer again
        reason = "that question is not open"
        d.refuse(
            given.type, "conflict", reason, subject=f"{given.question_id} {given.answer[:100]}"
        )
    elif asked.command_id is not None:
        _answer_about_effect(d, given, asked.command_id)
    elif asked.cost_of is not None:
        _answer_about_cost(d, given, asked, asked.cost_of)
    elif asked.question.tool_id is not None:
        _answer_about_tool(d, given, asked.question.tool_id)
    else:
        d.emit(e.QuestionAnswered(question_id=given.question_id, answer=given.answer, by=d.by))
        planning.answered(d)


def cancel(d: Decision, wanted: CancelTask) -> None:
    """Stop; what may already be out in the world is waited for."""
    if d.state.life is Life.CLOSED:
        if d.state.outcome is not DecisionOutcome.CANCELLED:
            outcome = d.state.outcome.value if d.state.outcome else "ended"
            d.refuse(
                wanted.type,
                "closed",
                f"the task is {outcome} already",
                subject=str(d.state.closed_at),
            )
        return
    if d.state.is_cancelling:
        return
    if d.state.phase is ExecutionPhase.LEARNING and d.state.outcome is not None:
        # What was decided, and perhaps published, is not undone; only the record is still missing.
        reason = f"the task is {d.state.outcome.value} already"
        d.refuse(wanted.type, "closed", reason, subject="learning")
        return
    stop(d, wanted.reason)


def stop(d: Decision, reason: str) -> None:
    """Cancel an open task."""
    d.emit(e.CancellationRequested(by=d.by, reason=reason))
    d.cancel_commands("the task was cancelled")
    routing.wind_down(d)


def retry(d: Decision, wanted: RetryTask) -> None:
    """Try a failed task again from the phase in which it failed."""
    if d.state.life is Life.OPEN:
        return
    if d.state.outcome is not DecisionOutcome.FAILED:
        outcome = d.state.outcome.value if d.state.outcome else "ended"
        reason = f"only a failed task can be retried; this one is {outcome}"
        d.refuse(wanted.type, "closed", reason, subject=str(d.state.closed_at))
        return
    try_again(d)


def try_again(d: Decision) -> None:
    """Open a failed task again."""
    phase = d.state.failed_phase or ExecutionPhase.PLANNING
    d.emit(e.TaskReopened(by=d.by, reason="retry", phase=phase))
    routing.go(d, phase)


def _is_revised_already(d: Decision, wanted: ReviseRequest) -> bool:
    """Whether the same person has asked for the same, and the new version is not there yet."""
    latest = d.state.approval
    return (
        d.state.life is Life.OPEN
        and latest is not None
        and latest.decision is DecisionOutcome.REVISED
        and (latest.feedback, latest.by) == (wanted.feedback, d.by)
        and wanted.round in (None, latest.round)
    )


def _open_round(state: TaskState) -> int | None:
    waiting = state.approval
    is_open = (
        state.life is Life.OPEN
        and state.phase is ExecutionPhase.APPROVAL
        and not state.is_cancelling
        and waiting is not None
        and waiting.decision is None
    )
    return waiting.round if waiting is not None and is_open else None


def _plain(given: AnswerQuestion) -> str:
    return given.answer.strip().lower()


def _is_one_of(d: Decision, given: AnswerQuestion, options: tuple[str, ...]) -> bool:
    """Whether the answer is one that means something; else it is refused."""
    said = _plain(given)
    if said not in options:
        reason = f"answer one of: {', '.join(options)}"
        d.refuse(given.type, "conflict", reason, subject=f"{given.question_id} {said[:100]}")
    return said in options


def _answer_about_tool(d: Decision, given: AnswerQuestion, tool_id: str) -> None:
    if _is_one_of(d, given, TOOL_ANSWERS):
        said = _plain(given)
        d.emit(e.QuestionAnswered(question_id=given.question_id, answer=said, by=d.by))
        routing.go(d, delegation.answered(d, tool_id))


def _answer_about_cost(
    d: Decision, given: AnswerQuestion, asked: OpenQuestion, command_id: str
) -> None:
    if not _is_one_of(d, given, TOOL_ANSWERS):
        return
    said = _plain(given)
    d.emit(e.QuestionAnswered(question_id=given.question_id, answer=said, by=d.by))
    if said == Permission.ALLOW:
        d.issue_again(d.state.commands[command_id], more=1)
    else:
        no = costs.not_allowed(d.state, asked.estimate, d.by)
        queue.give_up(d, given, command_id, no, runner=d.by)


def _answer_about_effect(d: Decision, given: AnswerQuestion, command_id: str) -> None:
    command = d.state.commands.get(command_id)
    if command is None or not _is_one_of(d, given, EFFECT_ANSWERS):
        return
    said = _plain(given)
    d.emit(e.QuestionAnswered(question_id=given.question_id, answer=said, by=d.by))
    if said == "not done":
        if d.state.is_stopping:
            d.emit(e.CommandCancelled(command_id=command_id, reason="the task has ended"))
            routing.wind_down(d)
        else:
            d.issue_again(command)
        return
    d.emit(e.CommandCompleted(command_id=command_id, attempt=command.issued.attempt, runner=d.by))
    confirmed = f"confirmed by {d.by}"
    is_post = command.issued.kind is CommandKind.PUBLISH
    routing.succeed(d, command, Receipt(reference=confirmed) if is_post else {"note": confirmed})

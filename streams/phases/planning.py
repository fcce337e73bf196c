"""PLANNING: what does the user want? Ask rather than guess, and say honestly what cannot be
served.
"""

from streams.domain import events as e
from streams.domain.commands import CommandKind
from streams.domain.intent import Intent
from streams.domain.state import OpenCommand, TaskState
from streams.domain.values import ExecutionPhase, Json
from streams.phases.decision import Decision

PHASE = ExecutionPhase.PLANNING


def enter(d: Decision) -> ExecutionPhase | None:
    d.emit(e.PhaseStarted(phase=PHASE))
    d.issue(CommandKind.PARSE_INTENT, PHASE)
    return None


def completed(d: Decision, command: OpenCommand, intent: Intent) -> ExecutionPhase | None:
    d.emit(e.IntentParsed(intent=intent))
    if intent.refusal is not None:
        return _decline(d, intent.refusal)
    if intent.question is None:
        return ExecutionPhase.TOOL_DISCOVERY
    if d.state.asked >= d.state.settings.max_questions:
        return _decline(
            d, f"It is still unclear after {d.state.asked} questions: {intent.question.text}"
        )
    d.emit(
        e.QuestionAsked(
            question_id=f"question-{d.state.asked + 1}",
            question=intent.question,
            expires_at=d.at + d.state.settings.question_timeout,
        )
    )
    return None


def answered(d: Decision) -> None:
    """Understand the request again, now with the answer."""
    d.issue(CommandKind.PARSE_INTENT, PHASE)


def failed(d: Decision, command: OpenCommand, reason: str) -> ExecutionPhase | None:
    return d.fail(PHASE, reason)


def payload(state: TaskState, issued: e.CommandIssued) -> Json:
    return {
        "request": state.request,
        "business_metrics": state.business_metrics,
        "preferences": state.preferences,
        "context": state.context,
        "answers": [{"question": question, "answer": answer} for question, answer in state.answers],
        "submitted_at": state.submitted_at,
        "tenant": state.tenant,
    }


def _decline(d: Decision, reason: str) -> ExecutionPhase:
    d.emit(e.RequestDeclined(reason=reason))
    return ExecutionPhase.LEARNING

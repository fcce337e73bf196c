"""What people decide and report: approve, reject, revise, answer, cancel, retry, engagement."""

from fastapi import APIRouter, Request, Response

from api import models
from api.answers import Changed
from api.edits import edited
from api.errors import Conflict
from api.routes.shared import PROBLEM, Known, changed, may_publish, orchestrator, visible
from api.security import Approver, Needs, Operator, Principal
from api.strict import StrictRoute
from streams.domain.state import TaskState
from streams.domain.values import Json

router = APIRouter(
    prefix="/api/orchestrator", tags=["decisions"], route_class=StrictRoute, responses=PROBLEM
)


@router.post(
    "/approve",
    response_model=Changed,
    operation_id="approve",
    summary="Approve (with edits, per channel) or reject what was shown",
)
async def approve(
    request: Request, response: Response, body: models.ApproveBody, who: Approver
) -> Json:
    """The decision counts for one round: whoever names a round that is over gets a 409 and looks
    again. The same decision by the same person again changes nothing."""
    seen = await visible(request, body.task_id, who)
    channels = None if body.publish_to_channels is None else tuple(body.publish_to_channels)
    edits = None
    if body.approved and seen.state.approval and seen.state.approval.decision is None:
        named = seen.state.intent.channels if seen.state.intent else ()
        may_publish(request, named if channels is None else channels, who, "/publish_to_channels")
    if body.edits is not None:
        if seen.state.deliverable is None:
            raise Conflict(
                "there is nothing to edit: the task has no deliverable", pointer="/edits"
            )
        edits = edited(seen.state.deliverable, body.edits)
    answer = await orchestrator(request).decide(
        body.task_id,
        is_approved=body.approved,
        principal=who.name,
        round=body.round,
        channels=channels,
        feedback=body.feedback,
        edits=edits,
    )
    return changed(answer, response)


@router.post(
    "/tasks/{task_id}/revise",
    response_model=Changed,
    operation_id="reviseTask",
    summary="Ask for another version",
)
async def revise(
    request: Request, response: Response, task_id: Known, body: models.ReviseBody, who: Approver
) -> Json:
    """What is shown now is refined with the feedback, and a new round of approval opens. A task
    that has ended is opened again."""
    await visible(request, task_id, who)
    answer = await orchestrator(request).revise(
        task_id, body.feedback, principal=who.name, round=body.round
    )
    return changed(answer, response)


@router.post(
    "/tasks/{task_id}/answer",
    response_model=Changed,
    operation_id="answerQuestion",
    summary="Answer a question that the task waits for",
)
async def answer(
    request: Request, response: Response, task_id: Known, body: models.AnswerBody, who: Operator
) -> Json:
    """Without `question_id` the answer is to the only open question. Whether a tool may be used, or
    an effect is out in the world, is for approvers to say."""
    seen = await visible(request, task_id, who)
    given = await orchestrator(request).answer(
        task_id,
        body.answer,
        question_id=_answerable(seen.state, body.question_id, who),
        principal=who.name,
    )
    return changed(given, response)


@router.post(
    "/tasks/{task_id}/cancel",
    response_model=Changed,
    operation_id="cancelTask",
    summary="Stop a task",
)
async def cancel(
    request: Request,
    response: Response,
    task_id: Known,
    who: Operator,
    body: models.CancelBody | None = None,
) -> Json:
    """What may already be out in the world is waited for; nothing else is done any more."""
    await visible(request, task_id, who)
    reason = body.reason if body else ""
    answer = await orchestrator(request).cancel(task_id, reason=reason, principal=who.name)
    return changed(answer, response)


@router.post(
    "/tasks/{task_id}/retry",
    response_model=Changed,
    operation_id="retryTask",
    summary="Try a failed task again from where it failed",
)
async def retry(request: Request, response: Response, task_id: Known, who: Operator) -> Json:
    """Only a failed task can be tried again."""
    await visible(request, task_id, who)
    return changed(await orchestrator(request).retry(task_id, principal=who.name), response)


@router.post(
    "/engagement/{task_id}",
    response_model=Changed,
    operation_id="recordEngagement",
    summary="Record what the world did with a publication",
)
async def engagement(
    request: Request, response: Response, task_id: Known, body: models.EngagementBody, who: Operator
) -> Json:
    """The same `engagement_id` again changes nothing."""
    await visible(request, task_id, who)
    answer = await orchestrator(request).record_engagement(
        task_id, body.engagement_id, dict(body.metrics), body.channel, principal=who.name
    )
    return changed(answer, response)


def _answerable(state: TaskState, question_id: str | None, who: Principal) -> str | None:
    """The question that is answered, if this principal may. One that is not open yet could turn
    out to be for approvers.
    """
    if who.may("approver") or question_id in state.answered:
        return question_id
    if question_id is None and len(state.questions) == 1:
        question_id = next(iter(state.questions))
    asked = state.questions.get(question_id or "")
    if asked is None:
        which = f"{question_id!r} is not one of them" if question_id else "name one of them"
        raise Conflict(f"open are the questions {list(state.questions)}: {which}")
    if asked.needs_approver:
        Needs("approver")(who)
    return question_id

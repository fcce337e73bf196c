"""/api/orchestrator: submit, look, decide, change."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response

from api import documents, models
from api.errors import Conflict, NotFound
from api.intake import read_json, read_request
from api.orchestrator import Orchestrator, Seen, needs_somebody
from api.security import Approver, Operator, Principal, Viewer
from streams.batch import Answer, Verdict
from streams.domain.request import ProcessRequestBody
from streams.domain.state import TaskState
from streams.domain.values import Json

router = APIRouter(prefix="/api/orchestrator", tags=["orchestrator"])

_REQUEST = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": ProcessRequestBody.model_json_schema(
                    ref_template="#/components/schemas/{model}"
                ),
                "example": {
                    "request": "Create a LinkedIn post about our Q4 growth metrics",
                    "business_metrics": {"revenue_monthly": 150000, "customer_count": 320},
                    "preferences": {"tone": "professional", "channels": ["linkedin"]},
                },
            }
        },
    }
}
WAIT_AT_MOST = 60.0  # seconds that `Prefer: wait` may ask for


def orchestrator(request: Request) -> Orchestrator:
    """The orchestrator of this server."""
    found: Orchestrator = request.app.state.orchestrator
    return found


async def visible(request: Request, task_id: str, who: Principal) -> Seen:
    """A task that this principal may see; another tenant's does not exist for it."""
    seen = await orchestrator(request).look(task_id)
    if seen.state.tenant != who.tenant:
        raise NotFound(
            f"there is no task {task_id!r}: `orchestrator list` shows those that there are"
        )
    return seen


@router.post(
    "/process",
    status_code=202,
    response_model=models.Accepted,
    operation_id="processRequest",
    openapi_extra=_REQUEST,
    summary="Take a request in; it is on disk when this answers",
)
async def process(
    request: Request,
    response: Response,
    who: Operator,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
    prefer: Annotated[str | None, Header()] = None,
) -> Json:
    here = orchestrator(request)
    body = read_request(read_json(await request.body(), limit=here.settings.max_body))
    answer = await here.submit(
        body, principal=who.name, tenant=who.tenant, idempotency_key=idempotency_key
    )
    if answer.verdict is Verdict.REPEATED:
        await _same_request(here, answer.task_id, body, who)
    seconds = _wait(prefer)
    if seconds:
        await here.wait_for(answer.task_id, needs_somebody, seconds)
    url = here.settings.url
    response.headers["Location"] = f"/api/orchestrator/status/{answer.task_id}"
    return {
        "task_id": answer.task_id,
        "status": "accepted",
        "is_repeat": answer.verdict is Verdict.REPEATED,
        "status_url": f"{url}/api/orchestrator/status/{answer.task_id}",
        "approval_url": f"{url}/approve/{answer.task_id}",
    }


@router.get("/status/{task_id}", response_model=models.Task, operation_id="getStatus")
async def status(
    request: Request,
    task_id: str,
    who: Viewer,
    wait: Annotated[
        float, Query(ge=0, le=WAIT_AT_MOST, description="seconds to wait for its end or a human")
    ] = 0,
) -> Json:
    """How far a task has come."""
    here = orchestrator(request)
    seen = await visible(request, task_id, who)
    if wait and not needs_somebody(seen.state):
        seen = await here.wait_for(task_id, needs_somebody, wait)
    return documents.status(seen.state, here.now(), seen.sequence)


@router.get(
    "/approval/{task_id}", response_model=models.ApprovalDocument, operation_id="getApproval"
)
async def approval(request: Request, task_id: str, who: Viewer) -> Json:
    """The deliverable in full, as it is shown to whoever approves it."""
    here = orchestrator(request)
    seen = await visible(request, task_id, who)
    if seen.state.deliverable is None:
        raise Conflict("there is nothing to show yet: the task has no deliverable")
    return documents.approval(seen.state, here.settings.url, here.now())


@router.post("/approve", response_model=models.Changed, operation_id="approve")
async def approve(request: Request, body: models.ApproveBody, who: Approver) -> Json:
    """Approve (with edits, per channel) or reject what was shown."""
    await visible(request, body.task_id, who)
    channels = None if body.publish_to_channels is None else tuple(body.publish_to_channels)
    return _changed(
        await orchestrator(request).decide(
            body.task_id,
            is_approved=body.approved,
            principal=who.name,
            round=body.round,
            channels=channels,
            feedback=body.feedback,
            edits=body.edits,
        )
    )


@router.post("/tasks/{task_id}/revise", response_model=models.Changed, operation_id="reviseTask")
async def revise(request: Request, task_id: str, body: models.ReviseBody, who: Approver) -> Json:
    """Ask for another version."""
    await visible(request, task_id, who)
    return _changed(
        await orchestrator(request).revise(
            task_id, body.feedback, principal=who.name, round=body.round
        )
    )


@router.post(
    "/tasks/{task_id}/answer", response_model=models.Changed, operation_id="answerQuestion"
)
async def answer(request: Request, task_id: str, body: models.AnswerBody, who: Operator) -> Json:
    """Answer a question that the task waits for."""
    await visible(request, task_id, who)
    here = orchestrator(request)
    return _changed(
        await here.answer(task_id, body.answer, question_id=body.question_id, principal=who.name)
    )


@router.post("/tasks/{task_id}/cancel", response_model=models.Changed, operation_id="cancelTask")
async def cancel(
    request: Request, task_id: str, who: Operator, body: models.CancelBody | None = None
) -> Json:
    """Stop a task."""
    await visible(request, task_id, who)
    reason = body.reason if body else ""
    return _changed(await orchestrator(request).cancel(task_id, reason=reason, principal=who.name))


@router.post("/tasks/{task_id}/retry", response_model=models.Changed, operation_id="retryTask")
async def retry(request: Request, task_id: str, who: Operator) -> Json:
    """Try a failed task again from where it failed."""
    await visible(request, task_id, who)
    return _changed(await orchestrator(request).retry(task_id, principal=who.name))


@router.post(
    "/engagement/{task_id}", response_model=models.Changed, operation_id="recordEngagement"
)
async def engagement(
    request: Request, task_id: str, body: models.EngagementBody, who: Operator
) -> Json:
    """What the world did with a publication; the same engagement_id again changes nothing."""
    await visible(request, task_id, who)
    return _changed(
        await orchestrator(request).record_engagement(
            task_id, body.engagement_id, dict(body.metrics), body.channel, principal=who.name
        )
    )


@router.get("/tasks/{task_id}/events", operation_id="getEvents")
async def events(
    request: Request,
    task_id: str,
    who: Viewer,
    at: Annotated[
        int | None, Query(ge=1, description="also answer the state after this event")
    ] = None,
    after: Annotated[int, Query(ge=0, description="only events after this sequence")] = 0,
) -> dict[str, Any]:
    """The history of a task, and with `at` its state as it was then."""
    await visible(request, task_id, who)
    here = orchestrator(request)
    stored = await here.events(task_id)
    if at is not None and at > len(stored):
        raise NotFound(f"the task has {len(stored)} events; there is no event {at}")
    chosen = [
        s for s in stored if s.header.sequence > after and (at is None or s.header.sequence <= at)
    ]
    answer: Json = {"task_id": task_id, "events": documents.history(chosen)}
    if at is not None:
        state, head = here.fold(stored, task_id, at)
        answer["state"] = documents.snapshot(state, head, head.at)
    return answer


def _changed(answer: Answer) -> Json:
    return {"task_id": answer.task_id, "verdict": answer.verdict, "sequence": answer.sequence}


async def _same_request(
    here: Orchestrator, task_id: str, body: ProcessRequestBody, who: Principal
) -> None:
    """A repeat must be of the same request, and of the same tenant."""
    known: TaskState = (await here.look(task_id)).state
    if known.tenant != who.tenant:
        raise Conflict(f"the task_id {task_id!r} is taken", pointer="/task_id")
    if known.request != body.request or known.business_metrics != body.business_metrics.given():
        raise Conflict(
            f"task {task_id!r} exists with another request", pointer="/task_id", code="duplicate"
        )


def _wait(prefer: str | None) -> float:
    for part in (prefer or "").split(","):
        name, _, value = part.strip().partition("=")
        if name.lower() == "wait" and value.replace(".", "", 1).isdigit():
            return min(float(value), WAIT_AT_MOST)
    return 0.0

"""Handing requests in, and looking at tasks: status, approval document, previews, history."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from api import answers, documents
from api.budgets import of_task
from api.channels import announcement
from api.errors import Conflict, Forbidden, NotFound
from api.intake import read_json, read_request, same_request, submission
from api.orchestrator import needs_somebody
from api.routes.prefer import WAIT_AT_MOST, seconds_to_wait
from api.routes.shared import PROBLEM, Known, etag, orchestrator, visible
from api.security import LOCAL, Operator, Viewer
from streams.batch import Verdict
from streams.domain.request import ProcessRequestBody
from streams.domain.values import Channel, Json

router = APIRouter(prefix="/api/orchestrator", tags=["tasks"], responses=PROBLEM)

_REQUEST = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/ProcessRequestBody"},
                "example": {
                    "request": "Create a LinkedIn post about our Q4 growth metrics",
                    "business_metrics": {"revenue_monthly": 150000, "customer_count": 320},
                    "preferences": {"tone": "professional", "channels": ["linkedin"]},
                },
            }
        },
    }
}
BODY = ProcessRequestBody  # read by hand, so the description gets its schema from here
PREVIEW_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


@router.post(
    "/process",
    status_code=202,
    response_model=answers.Accepted,
    operation_id="processRequest",
    openapi_extra=_REQUEST,
    summary="Take a request in; it is on disk when this answers",
)
async def process(
    request: Request,
    response: Response,
    who: Operator,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
    prefer: Annotated[str | None, Header(description="wait=SECONDS, at most 60")] = None,
) -> Json:
    """The same `task_id`, or the same `Idempotency-Key`, is the same task: a repeat starts nothing
    again, and another request under that name is a 409. `Prefer: wait=10` waits for its end, or
    until a human is needed."""
    here = orchestrator(request)
    body = read_request(read_json(await request.body(), limit=here.settings.max_body))
    if body.preferences.auto_approve and not who.may("approver"):
        raise Forbidden("this needs the role 'approver'", pointer="/preferences/auto_approve")
    given = submission(
        body,
        here.settings,
        at=here.now(),
        principal=who.name,
        tenant=who.tenant,
        idempotency_key=idempotency_key,
    )
    answer = await here.tell(given)
    is_repeat = answer.verdict is Verdict.REPEATED
    if is_repeat:
        known = (await here.look(answer.task_id)).state
        same_request(known, given, by_key=body.task_id is None)
    seconds = seconds_to_wait(prefer)
    if seconds:
        await here.wait_for(answer.task_id, needs_somebody, seconds)
        response.headers["Preference-Applied"] = f"wait={seconds:g}"
    response.headers["Location"] = f"/api/orchestrator/status/{answer.task_id}"
    response.headers["ETag"] = etag(answer.sequence)
    return documents.accepted(answer.task_id, here.settings.url, is_repeat=is_repeat)


@router.get(
    "/status/{task_id}",
    response_model=answers.Task,
    operation_id="getStatus",
    summary="How far a task has come, and what it waits for",
)
async def status(
    request: Request,
    response: Response,
    task_id: Known,
    who: Viewer,
    wait: Annotated[
        float, Query(ge=0, le=WAIT_AT_MOST, description="seconds to wait for its end or a human")
    ] = 0,
) -> Json:
    """`ETag` is the number of the task's newest event."""
    here = orchestrator(request)
    seen = await visible(request, task_id, who)
    if wait and not needs_somebody(seen.state):
        seen = await here.wait_for(task_id, needs_somebody, wait)
    response.headers["ETag"] = etag(seen.sequence)
    found = documents.status(seen.state, here.now(), seen.sequence)
    return found | {"budget": await of_task(here, seen.state)}


@router.get(
    "/approval/{task_id}",
    response_model=answers.ApprovalDocument,
    operation_id="getApproval",
    summary="The deliverable in full, as it is shown to whoever approves it",
)
async def approval(request: Request, response: Response, task_id: Known, who: Viewer) -> Json:
    """Content, variants by channel, scores with evidence, the facts behind the numbers, cost.
    A task without a deliverable answers 409."""
    here = orchestrator(request)
    seen = await visible(request, task_id, who)
    if seen.state.deliverable is None:
        raise Conflict("there is nothing to show yet: the task has no deliverable")
    response.headers["ETag"] = etag(seen.sequence)
    shown = documents.approval(seen.state, here.settings.url, here.now())
    places = announcement(here.settings)
    return shown | {"publishing": {name: places[name] for name in shown["channel_variants"]}}


@router.get(
    "/approval/{task_id}/preview/{channel}.svg",
    response_class=Response,
    responses={200: {"description": "a picture", "content": {"image/svg+xml": {}}}},
    operation_id="getPreview",
    summary="How a channel's variant will look, as a picture",
)
async def preview(request: Request, task_id: Known, channel: Channel, who: Viewer) -> Response:
    """An SVG without scripts and without anything from elsewhere."""
    from agents.platforms.preview import preview_svg

    seen = await visible(request, task_id, who)
    shown = seen.state.deliverable
    variants = shown.variants if shown else ()
    variant = next((v for v in variants if v.channel is channel), None)
    if shown is None or variant is None:
        raise NotFound(f"task {task_id!r} has no variant for {channel.value!r}")
    author = "You" if seen.state.principal in ("", LOCAL.name) else seen.state.principal
    picture = preview_svg(variant, title=shown.title, author=author)
    headers = {"Content-Security-Policy": PREVIEW_POLICY, "ETag": etag(seen.sequence)}
    return Response(picture, media_type="image/svg+xml", headers=headers)


@router.get(
    "/tasks/{task_id}/events",
    response_model=answers.Events,
    response_model_exclude_unset=True,
    operation_id="getEvents",
    summary="The history of a task, and its state as it was then",
)
async def events(
    request: Request,
    task_id: Known,
    who: Viewer,
    at: Annotated[
        int | None, Query(ge=1, description="also answer the state after this event")
    ] = None,
    after: Annotated[int, Query(ge=0, description="only events after this sequence")] = 0,
) -> Json:
    """Every event with its header, its place in the hash chain, and its body."""
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

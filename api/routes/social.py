"""The channels: where posts go, whether the platforms take us in, and publishing one by itself."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response

from api import publishing
from api.channels import channel_named, standings
from api.engagement import Engagement
from api.errors import NotFound
from api.known_tools import denials
from api.orchestrator import needs_somebody
from api.routes.prefer import seconds_to_wait
from api.routes.shared import PROBLEM, etag, may_publish, orchestrator
from api.security import Approver, Operator, Viewer
from api.strict import StrictRoute
from streams.batch import Verdict
from streams.domain.values import Json

router = APIRouter(
    prefix="/api/social", tags=["channels"], route_class=StrictRoute, responses=PROBLEM
)


@router.get(
    "/channels",
    response_model=publishing.Channels,
    operation_id="getChannels",
    summary="Where posts go: dry run or live, what is missing, and when engagement was fetched",
)
async def channels(request: Request, who: Viewer) -> Json:
    """Credentials are never shown; only whether they are there."""
    engagement: Engagement = request.app.state.engagement
    fetched = await engagement.status()
    found = standings(request.app.state.settings)
    denied = denials(request.app.state.settings)
    return {
        "channels": [
            standing.as_json | {"denied": denied.get(channel), "engagement": fetched[channel]}
            for channel, standing in found.items()
        ]
    }


@router.post(
    "/channels/{channel}/test",
    response_model=publishing.Tried,
    operation_id="testChannel",
    summary="Ask the platform who we are; nothing is published",
)
async def test(
    request: Request,
    channel: Annotated[str, Path(max_length=40, description="linkedin, twitter (x), email")],
    who: Operator,
) -> Json:
    """LinkedIn: userinfo. X: users/me. E-mail: a login without a message."""
    wanted = channel_named(channel)
    if wanted is None:
        raise NotFound(f"there is no channel {channel!r}: linkedin, twitter, email")
    settings = request.app.state.settings
    return await publishing.try_channel(settings, wanted, orchestrator(request).now)


@router.post(
    "/publish",
    status_code=202,
    response_model=publishing.Published,
    operation_id="publish",
    summary="Publish one text on one platform; it is on disk when this answers",
)
async def publish(
    request: Request,
    response: Response,
    body: publishing.PublishBody,
    who: Approver,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
    prefer: Annotated[str | None, Header(description="wait=SECONDS, at most 60")] = None,
) -> Json:
    """It becomes a task of one step, with the same history, the same door before the effect and the
    same publisher as an approved one. The same `task_id`, or the same `Idempotency-Key`, publishes
    nothing again."""
    here = orchestrator(request)
    may_publish(request, (body.platform,), who, "/platform")
    given = publishing.publication(
        body,
        here.settings,
        at=here.now(),
        principal=who.name,
        tenant=who.tenant,
        idempotency_key=idempotency_key,
    )
    answer = await here.tell(given)
    is_repeat = answer.verdict is Verdict.REPEATED
    seen = await here.look(answer.task_id)
    if is_repeat:
        publishing.same_publication(seen.state, given, by_key=body.task_id is None)
    seconds = seconds_to_wait(prefer)
    if seconds:
        seen = await here.wait_for(answer.task_id, needs_somebody, seconds)
        response.headers["Preference-Applied"] = f"wait={seconds:g}"
    response.headers["Location"] = f"/api/orchestrator/status/{answer.task_id}"
    response.headers["ETag"] = etag(seen.sequence)
    return publishing.document(seen.state, given, here.settings) | {"is_repeat": is_repeat}

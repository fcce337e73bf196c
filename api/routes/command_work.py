"""What agents elsewhere tell about commands: results, failures, signs of life, and the question at
the door."""

from fastapi import APIRouter, Request, Response

from api import command_models as models
from api.commands import Reporter
from api.documents import iso
from api.reports import standing
from api.routes.commands import Known, reported, reports
from api.routes.shared import PROBLEM, etag, orchestrator
from api.security import Operator
from api.strict import StrictRoute
from streams.domain.values import Json

GRANT_MARGIN = 0.9  # of a grant's time: what is begun later could still be on its way at its end

router = APIRouter(
    prefix="/api/commands", tags=["command queue"], route_class=StrictRoute, responses=PROBLEM
)


@router.patch(
    "/{command_id}/result",
    response_model=models.Reported,
    operation_id="reportResult",
    summary="Report what came of a command",
)
async def result(
    request: Request, response: Response, command_id: Known, body: models.ResultBody, who: Operator
) -> Json:
    """Accepted once; the same report again is answered the same. Whoever lost the lease gets a 409
    with the code `lost_lease`, and the history remembers it. While nobody holds the command, a
    result is taken from anybody. `status` tells whether the answer fitted: one of the wrong shape
    is a failed attempt."""
    answer, state = await reports(request).report_result(
        command_id,
        Reporter(who, body.agent, body.attempt),
        body.answer,
        cost=body.cost,
        duration=round(body.duration * 1000),
        usage=body.usage,
    )
    return reported(response, command_id, answer, standing(state, command_id))


@router.patch(
    "/{command_id}/error",
    response_model=models.Reported,
    operation_id="reportFailure",
    summary="Report that an attempt failed",
)
async def error(
    request: Request, response: Response, command_id: Known, body: models.FailureBody, who: Operator
) -> Json:
    """It goes back into the queue after a pause (`retry_after`, else one that grows), unless it is
    not retryable or was the last attempt. `is_uncertain` says that an effect may have happened:
    then a human is asked, and nothing is done twice."""
    answer, state = await reports(request).report_failure(
        command_id,
        Reporter(who, body.agent, body.attempt),
        body.error,
        is_retryable=body.is_retryable,
        is_uncertain=body.is_uncertain,
        retry_after=None if body.retry_after is None else round(body.retry_after * 1000),
        progress=body.progress,
        cost=body.cost,
        duration=round(body.duration * 1000),
        usage=body.usage,
    )
    return reported(response, command_id, answer, standing(state, command_id))


@router.post(
    "/{command_id}/heartbeat",
    response_model=models.Lease,
    operation_id="extendLease",
    summary="Say that you are still at it, and get more time",
)
async def heartbeat(
    request: Request,
    response: Response,
    command_id: Known,
    who: Operator,
    body: models.HeartbeatBody | None = None,
) -> Json:
    """A lease that was lost stays lost (409 with the code `lost_lease`): stop that work. After the
    door, the time of the grant is all there is."""
    wanted = body or models.HeartbeatBody()
    held, command = await reports(request).extend(
        command_id,
        Reporter(who, wanted.agent, wanted.attempt),
        round(wanted.lease_seconds * 1000),
    )
    response.headers["ETag"] = etag(held.sequence)
    return {
        "command_id": command_id,
        "runner": held.runner,
        "attempt": held.command.attempt,
        "lease_until": iso(held.lease_until),
        "is_granted": command.grant is not None,
        "sequence": held.sequence,
    }


@router.post(
    "/{command_id}/grant",
    response_model=models.Grant,
    operation_id="requestEffect",
    summary="Ask at the door before doing what cannot be taken back",
)
async def grant(
    request: Request,
    response: Response,
    command_id: Known,
    who: Operator,
    body: models.GrantBody | None = None,
) -> Json:
    """For commands that are not repeatable. One runner is let through, once in an attempt, for a
    time; a result without it is refused. Who does not report in time leaves a question to a
    human, and nothing is done a second time by itself."""
    wanted = body or models.GrantBody()
    command, answer = await reports(request).pass_door(
        command_id,
        Reporter(who, wanted.agent, wanted.attempt),
        is_key_enforced=wanted.is_key_enforced,
    )
    granted = command.grant
    assert granted is not None  # noqa: S101 - the door is open only with one
    left = granted.expires_at - orchestrator(request).now()
    response.headers["ETag"] = etag(answer.sequence)
    return {
        "command_id": command_id,
        "runner": granted.runner,
        "attempt": granted.attempt,
        "key": granted.key,
        "expires_at": iso(granted.expires_at),
        "seconds": round(max(0, left) / 1000 * GRANT_MARGIN, 3),
        "sequence": answer.sequence,
    }

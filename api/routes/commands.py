"""The command queue: dispatch, look, list, claim, retry, cancel. Agents report in
`api.routes.command_work`."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi import Path as InPath

from api import command_models as models
from api.command_documents import (
    STATUSES,
    claimed_document,
    command_document,
    command_history,
)
from api.command_lists import listed
from api.command_lists import statistics as figures
from api.commands import Commands, Reporter
from api.dispatching import Dispatch, Dispatching
from api.errors import Forbidden, UsageError
from api.orchestrator import needs_somebody
from api.reports import Reports, standing
from api.routes.prefer import seconds_to_wait
from api.routes.shared import PROBLEM, etag, orchestrator
from api.security import Operator, Principal, Viewer
from api.strict import StrictRoute
from streams.domain.values import ID_PATTERN, Json

router = APIRouter(
    prefix="/api/commands", tags=["command queue"], route_class=StrictRoute, responses=PROBLEM
)
Known = Annotated[str, InPath(max_length=200, description="the command's id")]
Type = Annotated[str, Query(pattern=ID_PATTERN)]
Prefer = Annotated[str | None, Header(description="wait=SECONDS, at most 60")]


def commands(request: Request) -> Commands:
    """The queue of this server."""
    found: Commands = request.app.state.parts.commands
    return found


def reports(request: Request) -> Reports:
    """What takes in what is told about commands."""
    return Reports(orchestrator(request), commands(request))


@router.post(
    "/",
    status_code=202,
    response_model=models.Dispatched,
    operation_id="dispatchCommand",
    summary="Put one command into the queue; it is on disk when this answers",
)
async def dispatch(
    request: Request,
    response: Response,
    body: models.DispatchBody,
    who: Operator,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
    prefer: Prefer = None,
) -> Json:
    """It becomes a one-step task, so that nothing happens outside the history. The same `task_id`,
    or the same `Idempotency-Key`, is the same command. A tool that is denied is refused (403); one
    that asks first, or is not known, needs the role approver. `Prefer: wait=10` waits for its
    end."""
    here, queue = orchestrator(request), commands(request)
    wanted = Dispatch(
        agent_type=body.agent_type,
        action=body.action or body.tool_id or "",
        payload=body.payload,
        tool_id=body.tool_id,
        priority=body.priority,
        max_attempts=body.max_attempts,
        timeout=None if body.timeout is None else round(body.timeout * 1000) or 1,
        is_repeatable=body.is_repeatable,
        task_id=body.task_id,
    )
    dispatching = Dispatching(here, queue.own, queue.tools)
    answer, is_repeat = await dispatching.dispatch(wanted, who, idempotency_key)
    if seconds := seconds_to_wait(prefer):
        await here.wait_for(answer.task_id, needs_somebody, seconds)
        response.headers["Preference-Applied"] = f"wait={seconds:g}"
    seen = await here.look(answer.task_id)
    command_id = f"{answer.task_id}.1"
    response.headers["Location"] = f"/api/commands/{command_id}"
    response.headers["ETag"] = etag(seen.sequence)
    return {
        "command_id": command_id,
        "task_id": answer.task_id,
        "status": standing(seen.state, command_id),
        "is_repeat": is_repeat,
        "sequence": seen.sequence,
    }


@router.get(
    "/",
    response_model=models.CommandPage,
    operation_id="listCommands",
    summary="Commands, newest first; with `claim=true`, work that becomes yours",
)
async def list_commands(
    request: Request,
    response: Response,
    who: Viewer,
    claim: Annotated[bool, Query(description="take work exclusively, best first")] = False,
    status: Annotated[str | None, Query(pattern=f"^({'|'.join(STATUSES)})$")] = None,
    agent_type: Annotated[list[Type] | None, Query(description="may be repeated to claim")] = None,
    task_id: Annotated[str | None, Query(max_length=200)] = None,
    tool_id: Annotated[str | None, Query(max_length=200)] = None,
    runner: Annotated[str | None, Query(max_length=200, description="who holds or did it")] = None,
    limit: Annotated[int | None, Query(ge=1, le=200, description="50; 1 to claim")] = None,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    agent: Annotated[
        str | None, Query(pattern=ID_PATTERN, description="your name for the agent; you, if absent")
    ] = None,
    lease_seconds: Annotated[float, Query(ge=1, le=3_600)] = 60,
    prefer: Prefer = None,
) -> Json:
    """A command's place never changes, so pages neither repeat nor skip one.

    `?claim=true&agent_type=weather&agent=weather-1` hands out what waits: the highest priority
    first, then the longest wait. Each is the agent's alone until its lease ends; a heartbeat gives
    more time, and what is not reported in time goes back into the queue. `Prefer: wait=20` waits
    for work. Claiming needs the role operator. The same as a POST: `/api/commands/claim`."""
    types = agent_type or []
    if claim:
        if any((status not in (None, "pending"), task_id, tool_id, runner, cursor)):
            raise UsageError("work is claimed by agent_type, agent, limit and lease_seconds alone")
        _may_claim(request, who)
        body = models.ClaimBody(
            agent=agent, agent_types=types, lease_seconds=lease_seconds, limit=min(limit or 1, 100)
        )
        return await claim_work(request, response, body, who, prefer)
    if len(types) > 1:
        raise UsageError("a list is of one agent_type", pointer="/agent_type")
    return await listed(
        request.app.state.parts.read_models,
        tenant=who.tenant,
        limit=limit or 50,
        cursor=cursor,
        status=status,
        agent_type=types[0] if types else None,
        tool_id=tool_id,
        task_id=task_id,
        runner=runner,
    )


@router.post(
    "/claim",
    response_model=models.CommandPage,
    operation_id="claimCommands",
    summary="Take work exclusively, or wait for it",
)
async def claim(
    request: Request,
    response: Response,
    body: models.ClaimBody,
    who: Operator,
    prefer: Prefer = None,
) -> Json:
    """See `GET /api/commands/?claim=true`. An empty list says that there was nothing."""
    return await claim_work(request, response, body, who, prefer)


async def claim_work(
    request: Request,
    response: Response,
    body: models.ClaimBody,
    who: Principal,
    prefer: str | None,
) -> Json:
    """What both ways of claiming do."""
    seconds = seconds_to_wait(prefer)
    claimed = await commands(request).claim(
        Reporter(who, body.agent),
        body.agent_types,
        lease=round(body.lease_seconds * 1000),
        limit=body.limit,
        wait=seconds,
        has_left=request.is_disconnected,
    )
    response.headers["Cache-Control"] = "no-store"
    if seconds:
        response.headers["Preference-Applied"] = f"wait={seconds:g}"
    return {"items": [claimed_document(each) for each in claimed], "next_cursor": None}


@router.get(
    "/statistics",
    response_model=models.Statistics,
    operation_id="getCommandStatistics",
    summary="By agent type and tool: counts, waiting and run times, attempts, failures, cost",
)
async def statistics(request: Request, who: Viewer) -> Json:
    """Waiting is from issue to claim, running as the runners measured it; both of attempts."""
    return await figures(request.app.state.parts.read_models, who.tenant)


@router.get(
    "/{command_id}",
    response_model=models.CommandView,
    response_model_exclude_unset=True,
    operation_id="getCommand",
    summary="A command: status, payload, attempts, result, error, lease",
)
async def show(request: Request, response: Response, command_id: Known, who: Viewer) -> Any:
    """`depends_on` names the commands whose outputs it was given; `waits_for` says for whom it
    waits, and until when."""
    told, state, sequence = await commands(request).look(command_id, who)
    response.headers["ETag"] = etag(sequence)
    return command_document(told, state, sequence)


@router.get(
    "/{command_id}/history",
    response_model=models.CommandEvents,
    operation_id="getCommandHistory",
    summary="The events about a command",
)
async def history(request: Request, command_id: Known, who: Viewer) -> Json:
    """Every attempt, claim, grant, report and refusal, as they lie in the history of its task."""
    told, events = await commands(request).history(command_id, who)
    return {"command_id": command_id, "events": command_history(told, events)}


@router.post(
    "/{command_id}/retry",
    response_model=models.Reported,
    operation_id="retryCommand",
    summary="Begin the next attempt now, or try again what failed for good",
)
async def retry(request: Request, response: Response, command_id: Known, who: Operator) -> Json:
    """A pause before the next attempt is cut short. Where the command's failure ended its task, the
    task is opened again and goes on from there, with a new command."""
    answer, state = await reports(request).retry(command_id, who)
    return reported(response, command_id, answer, standing(state, command_id))


@router.post(
    "/{command_id}/cancel",
    response_model=models.Reported,
    operation_id="cancelCommand",
    summary="End a command",
)
async def cancel(
    request: Request,
    response: Response,
    command_id: Known,
    who: Operator,
    body: models.EndBody | None = None,
) -> Json:
    """It counts as failed for good: a step takes another tool, is left out, or fails its task. What
    may already be out in the world is not ended (409)."""
    reason = body.reason if body else ""
    answer, state = await reports(request).cancel(command_id, who, reason)
    return reported(response, command_id, answer, standing(state, command_id))


def reported(response: Response, command_id: str, answer: Any, status: str) -> Json:
    """What a report or an order that was taken in is answered with."""
    response.headers["ETag"] = etag(answer.sequence)
    return {
        "command_id": command_id,
        "task_id": answer.task_id,
        "verdict": answer.verdict,
        "status": status,
        "sequence": answer.sequence,
    }


def _may_claim(request: Request, who: Principal) -> None:
    """A GET that takes something away: not for those who may only look, nor for pages of others."""
    if not who.may("operator"):
        raise Forbidden(f"claiming needs the role 'operator'; you are {who.role!r}")
    if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise Forbidden("a page of another site may not claim work")

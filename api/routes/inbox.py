"""The topic `requests` over HTTP, and the dead letters."""

import base64
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi import Path as InPath

from api import answers, documents
from api.errors import Conflict, NotFound, UsageError
from api.inbox import Outcome, Requests
from api.routes.shared import PROBLEM
from api.security import Admin, Operator, Principal
from streams.domain.values import Json
from streams.log import REQUESTS, Record

MOST_LINES = 5_000  # in one call
PREFIX = "original-"  # before the names of the headers that a dead letter had as a message

router = APIRouter(prefix="/api", tags=["requests topic"], responses=PROBLEM)

_LINES = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-ndjson": {
                "schema": {"type": "string"},
                "example": '{"request": "Create a LinkedIn post about our Q4 growth metrics"}\n'
                '{"request": "Check this text for compliance: …"}\n',
            }
        },
    }
}


def inbox(request: Request) -> Requests:
    """The inbox of this server."""
    found: Requests = request.app.state.parts.inbox
    return found


@router.post(
    "/requests",
    response_model=answers.Produced,
    operation_id="produceRequests",
    openapi_extra=_LINES,
    summary="Append bare JSON requests, one a line, to the topic `requests`",
)
async def produce(
    request: Request,
    who: Operator,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> Json:
    """Valid ones become tasks; the others are kept as dead letters, with reason, pointer and
    original bytes. An `Idempotency-Key` is for a single message."""
    lines = [line for line in (await request.body()).splitlines() if line.strip()]
    if not lines:
        raise UsageError("there is no request in the body: send one JSON object a line")
    if len(lines) > MOST_LINES:
        raise UsageError(f"{len(lines):,} lines are too many: send at most {MOST_LINES:,} at once")
    headers = {"principal": who.name, "tenant": who.tenant, "role": who.role}
    if idempotency_key is not None:
        if len(lines) > 1:
            raise UsageError(
                "an Idempotency-Key is for a single message", pointer="/idempotency-key"
            )
        headers["idempotency-key"] = idempotency_key
    return _produced(await inbox(request).take(lines, headers))


@router.get(
    "/dead-letters",
    response_model=answers.DeadLetters,
    operation_id="getDeadLetters",
    summary="What could not be read or decided, with the original bytes",
)
async def dead_letters(
    request: Request,
    who: Admin,
    after: Annotated[int, Query(ge=-1, description="only those after this offset")] = -1,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Json:
    """Oldest first; `next_after` leads on to newer ones."""
    found = await inbox(request).dead_letters(after, limit)
    return {
        "items": [_document(record) for record in found if _is_theirs(record, who)],
        "next_after": found[-1].offset if len(found) == limit else None,
    }


@router.get(
    "/dead-letters/{offset}",
    response_model=answers.DeadLetter,
    operation_id="getDeadLetter",
    summary="One dead letter",
)
async def dead_letter(request: Request, offset: Annotated[int, InPath(ge=0)], who: Admin) -> Json:
    """The reason, where it came from, and the bytes as they were."""
    return _document(await _find(request, offset, who))


@router.post(
    "/dead-letters/{offset}/requeue",
    response_model=answers.Produced,
    operation_id="requeueDeadLetter",
    summary="Put a request back on its topic",
)
async def requeue(request: Request, offset: Annotated[int, InPath(ge=0)], who: Admin) -> Json:
    """Its bytes are read anew; the dead letter itself stays where it is."""
    letter = await _find(request, offset, who)
    if letter.headers["origintopic"] != REQUESTS:
        raise Conflict("only a request can be put back: send a decision or a report again instead")
    headers = {
        name.removeprefix(PREFIX): value
        for name, value in letter.headers.items()
        if name.startswith(PREFIX)
    }
    return _produced(await inbox(request).take([letter.value], headers | {"role": who.role}))


def _produced(outcomes: Sequence[Outcome]) -> Json:
    refused = sum(1 for outcome in outcomes if outcome.problems)
    return {
        "accepted": len(outcomes) - refused,
        "refused": refused,
        "outcomes": [outcome.as_json for outcome in outcomes],
    }


async def _find(request: Request, offset: int, who: Principal) -> Record:
    found = await inbox(request).dead_letters(offset - 1, 1)
    if not found or found[0].offset != offset or not _is_theirs(found[0], who):
        raise NotFound(f"there is no dead letter {offset}: `orchestrator dead-letters list`")
    return found[0]


def _is_theirs(record: Record, who: Principal) -> bool:
    return record.headers.get(f"{PREFIX}tenant", "default") == who.tenant


def _document(record: Record) -> Json:
    headers = record.headers
    try:
        body, encoding = record.value.decode(), "utf-8"
    except UnicodeDecodeError:
        body, encoding = base64.b64encode(record.value).decode(), "base64"
    return {
        "offset": record.offset,
        "reason": headers["reason"],
        "pointer": headers["pointer"],
        "at": documents.iso(int(headers["time"])),
        "origin": {
            "topic": headers["origintopic"],
            "partition": int(headers["originpartition"]),
            "offset": int(headers["originoffset"]),
        },
        "key": record.key,
        "body": body,
        "encoding": encoding,
    }

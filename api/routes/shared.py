"""What the endpoints share: the orchestrator of this server, and tasks that a principal may see."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import Path, Request, Response

from api.errors import Forbidden, NotFound
from api.orchestrator import Orchestrator, Seen
from api.security import Principal
from streams.batch import Answer
from streams.domain.values import Channel, Json

PROBLEM: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "A problem, with a JSON pointer to each field that does not fit",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
}
Known = Annotated[str, Path(max_length=192, description="the task's id")]


def orchestrator(request: Request) -> Orchestrator:
    """The orchestrator of this server."""
    found: Orchestrator = request.app.state.orchestrator
    return found


async def visible(request: Request, task_id: str, who: Principal) -> Seen:
    """A task that this principal may see; another tenant's does not exist for it.

    Raises:
        NotFound: there is none.
    """
    seen = await orchestrator(request).look(task_id)
    if seen.state.tenant != who.tenant:
        raise NotFound(
            f"there is no task {task_id!r}: `orchestrator list` shows those that there are"
        )
    return seen


def may_publish(
    request: Request, channels: Iterable[Channel], who: Principal, pointer: str
) -> None:
    """Whether the user's permissions let posts out on these channels now.

    Raises:
        Forbidden: one of them is denied, or nobody can tell.
    """
    tools = request.app.state.parts.tools
    for channel in channels:
        refusal = tools.refusal(f"{channel.value}_publisher", who.tenant)
        if refusal:
            raise Forbidden(f"nothing was published: {refusal}", pointer=pointer)


def etag(sequence: int) -> str:
    """The version of a task, as HTTP names it."""
    return f'"{sequence}"'


def changed(answer: Answer, response: Response) -> Json:
    """What an input that was taken in is answered with."""
    response.headers["ETag"] = etag(answer.sequence)
    return {"task_id": answer.task_id, "verdict": answer.verdict, "sequence": answer.sequence}

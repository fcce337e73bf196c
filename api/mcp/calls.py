"""What the tools of `/mcp` do: each asks the endpoint that people use, so that roles, tenants,
limits and sentences are the same."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from api.client import Client
from api.mcp import arguments as a
from api.mcp.offer import Report
from api.mcp.waiting import settled
from streams.domain.status import TaskStatus
from streams.domain.values import Json

BASE = "/api/orchestrator"
Ask = Callable[[Client, Any, Report | None], Awaitable[Json]]
_DECIDE = (
    "show the deliverable (get_deliverable) to the user; then approve_task, revise_task or "
    "reject_task, as the user says, with round {round}"
)
_NEXT: dict[str, str] = {
    TaskStatus.PROCESSING: "it is worked on: get_task with wait_seconds",
    TaskStatus.PUBLISHING: "it is being published: get_task with wait_seconds",
    TaskStatus.CANCELLING: "it is being stopped: get_task with wait_seconds",
    TaskStatus.PENDING_APPROVAL: _DECIDE,
    TaskStatus.WAITING_FOR_ANSWER: "ask the user what `questions` say, then answer_question",
    TaskStatus.PUBLICATION_UNCERTAIN: "a human must look at the platform whether it was "
    "published, then answer_question",
    TaskStatus.APPROVED: "it is done: get_deliverable shows the result",
    TaskStatus.REJECTED: "it was rejected; revise_task opens it again",
    TaskStatus.FAILED: "`error` says why; retry_task tries it again from there",
    TaskStatus.CANCELLED: "it was stopped; submit_request begins anew",
}


async def submit(client: Client, given: a.SubmitRequest, report: Report | None) -> Json:
    """Hand a request in, and wait as long as wanted."""
    body = given.model_dump(include={"request", "business_metrics", "preferences", "context"})
    key = given.idempotency_key
    headers = {"Idempotency-Key": key} if key else None
    accepted = await client.post(f"{BASE}/process", body, headers=headers)
    status = await settled(client, accepted["task_id"], given.wait_seconds, report)
    links = {name: accepted[name] for name in ("is_repeat", "status_url", "approval_url")}
    return _with_next(status) | links


async def get_task(client: Client, given: a.GetTask, report: Report | None) -> Json:
    """The status document."""
    return _with_next(await settled(client, _name(given.task_id), given.wait_seconds, report))


async def get_deliverable(client: Client, given: a.OfTask, report: Report | None) -> Json:
    """What waits for approval, or was approved, with the variant of each channel."""
    return await _get(client, f"{BASE}/approval/{_name(given.task_id)}")


async def approve(client: Client, given: a.ApproveTask, report: Report | None) -> Json:
    """Approve the round that was looked at."""
    return await _post(client, f"{BASE}/approve", _given(given) | {"approved": True})


async def reject(client: Client, given: a.RejectTask, report: Report | None) -> Json:
    """Reject the round that was looked at."""
    body = {"task_id": given.task_id, "approved": False, "round": given.round}
    return await _post(client, f"{BASE}/approve", body | {"feedback": given.reason})


async def revise(client: Client, given: a.ReviseTask, report: Report | None) -> Json:
    """Ask for another version."""
    return await _of_task(client, given, "revise")


async def answer(client: Client, given: a.AnswerQuestion, report: Report | None) -> Json:
    """Answer an open question."""
    return await _of_task(client, given, "answer")


async def cancel(client: Client, given: a.CancelTask, report: Report | None) -> Json:
    """Stop a task."""
    return await _of_task(client, given, "cancel")


async def retry(client: Client, given: a.OfTask, report: Report | None) -> Json:
    """Try a failed task again."""
    return await _post(client, f"{BASE}/tasks/{_name(given.task_id)}/retry")


async def search(client: Client, given: a.SearchHistory, report: Report | None) -> Json:
    """The tasks that fit, newest first."""
    query = given.model_dump(mode="json", exclude={"is_waiting"})
    return await _get(client, f"{BASE}/history", **query, waiting=given.is_waiting or None)


async def list_tools(client: Client, given: a.Nothing, report: Report | None) -> Json:
    """The catalogue that plans are made from."""
    return await _get(client, f"{BASE}/tools/available")


async def history(client: Client, task_id: str) -> Json:
    """All events of a task."""
    return await _get(client, f"{BASE}/tasks/{_name(task_id)}/events")


async def _of_task(client: Client, given: a.Arguments, verb: str) -> Json:
    body = _given(given)
    return await _post(client, f"{BASE}/tasks/{_name(body.pop('task_id'))}/{verb}", body)


async def _get(client: Client, path: str, **query: Any) -> Json:
    found: Json = await client.get(path, **query)
    return found


async def _post(client: Client, path: str, body: Json | None = None) -> Json:
    found: Json = await client.post(path, body)
    return found


def _given(given: a.Arguments) -> Json:
    return given.model_dump(mode="json", exclude_none=True)


def _name(task_id: str) -> str:
    """A task's id as one part of a path: it names a task and nothing above it."""
    return quote(task_id, safe="").replace(".", "%2E")


def _with_next(status: Json) -> Json:
    text = _NEXT[status["status"]].format(round=status["approval_round"])
    return status | {"next_step": text}

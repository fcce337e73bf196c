"""Following a task until it ends or needs a human, and all about it as one document."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from api.client import Client
from api.errors import ApiError, Interrupted
from api.verbs.progress import Progress

PAUSE = 0.05  # seconds between two looks at the history
PATIENCE = 30.0  # seconds that the server is asked to wait where nobody looks on
ENDED = ("approved", "rejected", "failed", "cancelled")
NEEDS_YOU = ("pending_approval", "waiting_for_answer", "publication_uncertain")


@asynccontextmanager
async def kept(client: Client, task_id: str) -> AsyncIterator[None]:
    """Where Ctrl-C comes in this block, the user is told how to go on.

    Raises:
        Interrupted: it came.
    """
    try:
        yield
    except asyncio.CancelledError:
        who = (
            "nothing of it is lost, and the next start goes on with it"
            if client.is_local
            else "the server goes on with it"
        )
        hint = f"`orchestrator watch {task_id}`" + (" or `orchestrator up`" * client.is_local)
        raise Interrupted(f"Stopped. Task {task_id} is kept, {who}: {hint}.") from None


async def follow(client: Client, task_id: str, progress: Progress | None) -> dict[str, Any]:
    """Show a task's events as they come, until it has ended or needs somebody; the answer is its
    status."""
    wait = PATIENCE if progress is None else None
    while True:
        status: dict[str, Any] = await client.get(f"/api/orchestrator/status/{task_id}", wait=wait)
        if progress is not None and status["sequence"] > progress.sequence:
            path = f"/api/orchestrator/tasks/{task_id}/events"
            progress.show((await client.get(path, after=progress.sequence))["events"])
        if status["status"] in (*ENDED, *NEEDS_YOU):
            return status
        await asyncio.sleep(PAUSE)


async def approval_of(client: Client, task_id: str) -> dict[str, Any] | None:
    """What is shown for approval; None as long as there is nothing to show."""
    try:
        shown: dict[str, Any] = await client.get(f"/api/orchestrator/approval/{task_id}")
    except ApiError as error:
        if error.status == 409:
            return None
        raise
    return shown


async def document_of(client: Client, status: dict[str, Any]) -> dict[str, Any]:
    """Everything about a task as one document, for --json."""
    task_id = status["task_id"]
    shown = await approval_of(client, task_id)
    events = (await client.get(f"/api/orchestrator/tasks/{task_id}/events"))["events"]
    phases = [
        e["data"]["phase"]
        for e in events
        if e["type"] in ("phase_started.v1", "phase_skipped.v1") and e["data"]
    ]
    return {
        "task": task_id,
        "status": status["status"],
        "outcome": status["outcome"],
        "phases": list(dict.fromkeys(phases)),
        "events": len(events),
        "plan": status["plan"],
        "quality": shown["quality"] if shown else None,
        "content": shown["main_content"] if shown else None,
        "channel_variants": shown["channel_variants"] if shown else {},
        "questions": status["questions"],
        "publications": status["publications"],
        "cost": status["cost"],
        "duration": status["duration"],
        "error": status["error"],
    }

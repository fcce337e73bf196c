"""Waiting for a task over the same HTTP interface that everybody uses, and telling its phases on
the way."""

import asyncio
import time

from api.client import Client
from api.mcp.offer import Report
from api.routes.prefer import WAIT_AT_MOST
from streams.domain.status import TaskStatus
from streams.domain.values import ExecutionPhase, Json

MOVING = frozenset({TaskStatus.PROCESSING, TaskStatus.PUBLISHING, TaskStatus.CANCELLING})
SHORT_PAUSE, LONG_PAUSE = 0.05, 0.5  # seconds between two looks at a task that is followed
BACK = 0.01  # progress must grow: so much where a task goes back to an earlier phase
_PLACES = {phase.value: place for place, phase in enumerate(ExecutionPhase, start=1)}


async def settled(client: Client, task_id: str, seconds: float, report: Report | None) -> Json:
    """The status of a task when it ends or only a human can move it, at the latest after some
    seconds. With `report`, each phase is told as it begins."""
    deadline = time.monotonic() + seconds
    told, pause = _Told(client, task_id, report), SHORT_PAUSE
    while True:
        left = deadline - time.monotonic()
        status = await _status(client, task_id, left if report is None else 0)
        await told.up_to(status["sequence"])
        if status["status"] not in MOVING or time.monotonic() >= deadline:
            return status
        if report is not None:
            await asyncio.sleep(min(pause, max(0.0, left)))
            pause = min(2 * pause, LONG_PAUSE)


async def _status(client: Client, task_id: str, wait: float) -> Json:
    found: Json = await client.get(
        f"/api/orchestrator/status/{task_id}", wait=min(wait, WAIT_AT_MOST) if wait > 0 else None
    )
    return found


class _Told:
    """Which part of a task's history has been reported."""

    def __init__(self, client: Client, task_id: str, report: Report | None) -> None:
        self._client = client
        self._path = f"/api/orchestrator/tasks/{task_id}/events"
        self._report = report
        self._sequence = 0
        self._progress = 0.0

    async def up_to(self, sequence: int) -> None:
        """Report the phases that began since the last time."""
        if self._report is None or sequence <= self._sequence:
            return
        for event in (await self._client.get(self._path, after=self._sequence))["events"]:
            self._sequence = event["sequence"]
            phase = (event["data"] or {}).get("phase")
            if event["type"] == "phase_started.v1" and phase in _PLACES:
                self._progress = max(float(_PLACES[phase]), self._progress + BACK)
                await self._report(self._progress, float(len(_PLACES)), f"phase {phase}")

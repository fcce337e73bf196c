"""Answers that are tasks: the message goes the way of every request, and its phases are told until
it waits for somebody or ends."""

import asyncio
from collections.abc import Callable
from uuid import NAMESPACE_URL, uuid5

from api import documents
from api.chat.parts import Asked, End, Parts, Phase, Plan, Text
from api.errors import ApiError
from api.intake import read_request, same_request, submission
from api.orchestrator import Orchestrator, needs_somebody
from streams.batch import Verdict
from streams.conversations.events import AnswerEnded, Ending, Way
from streams.domain.events import PhaseSkipped, PhaseStarted
from streams.domain.state import TaskState
from streams.domain.values import Json, WorkflowSource

PATIENCE = 600.0  # seconds for which a task is followed; it goes on by itself
LOOK = 2.0  # seconds between looks when nothing is heard
_NAMESPACE = uuid5(NAMESPACE_URL, "intelligent-orchestrator/chat")
_SAID = {
    "en": {
        "made": "I have made a task of it: {task_id}.",
        "pending_approval": (
            "It waits for your approval (quality {quality}): orchestrator approve {task_id}, "
            "or {approval_url}"
        ),
        "waiting_for_answer": "It asks: {question} (orchestrator answer {task_id})",
        "approved": "It is done (quality {quality}).",
        "failed": "It failed: {error}",
        "goes_on": "It goes on by itself; {status_url} tells how far it is.",
        "other": "It ended: {status}.",
    },
    "de": {
        "made": "Ich habe daraus eine Aufgabe gemacht: {task_id}.",
        "pending_approval": (
            "Sie wartet auf Ihre Freigabe (Qualität {quality}): "
            "orchestrator approve {task_id}, oder {approval_url}"
        ),
        "waiting_for_answer": "Sie fragt: {question} (orchestrator answer {task_id})",
        "approved": "Sie ist fertig (Qualität {quality}).",
        "failed": "Sie ist gescheitert: {error}",
        "goes_on": "Sie läuft von selbst weiter; {status_url} sagt, wie weit sie ist.",
        "other": "Sie endete: {status}.",
    },
}


_OFFLINE = {
    "en": "Made by built-in rules, offline; no model has written this.",
    "de": "Von eingebauten Regeln erstellt, offline; kein Modell hat dies geschrieben.",
}


class ByTask:
    """Hands messages in as requests."""

    def __init__(self, here: Orchestrator) -> None:
        self._here = here

    def plan(self, asked: Asked, reason: str) -> Plan:
        """How it will answer. Who stops the answer does not stop the task."""
        made: list[str] = []

        def stopped(text: str) -> AnswerEnded:
            return _ended(asked, Ending.STOPPED, made[0] if made else None)

        return Plan(Way.TASK, reason, "", lambda: self._answer(asked, made), stopped)

    async def _answer(self, asked: Asked, made: list[str]) -> Parts:
        task_id = task_id_of(asked)
        said = _SAID[asked.wish.language]
        try:
            await self._submit(asked, task_id)
        except ApiError as error:
            yield Text(said["failed"].format(error=error))
            yield End(_ended(asked, Ending.FAILED, None))
            return
        made.append(task_id)
        yield Phase({"kind": "task", **links(self._here.settings.url, task_id)})
        yield Text(said["made"].format(task_id=task_id) + "\n")
        loop = asyncio.get_running_loop()
        ends, seen = loop.time() + PATIENCE, (await self._here.look(task_id)).state
        sequence = 0
        while True:
            for number, phase in await self._phases(task_id, sequence):
                sequence = number
                yield phase
            if needs_somebody(seen) or loop.time() > ends:
                break
            seen = (await self._here.wait_for(task_id, _has_left(seen), LOOK)).state
        yield Phase(_standing(seen, self._here.now()))
        yield Text(self._told(seen, said))
        notes = () if not _is_offline(seen) else (_OFFLINE[asked.wish.language],)
        yield End(_ended(asked, Ending.COMPLETE, task_id), notes)

    async def _phases(self, task_id: str, after: int) -> list[tuple[int, Phase]]:
        """The phases that a task has come to behind an event, each with its event's number."""
        found = []
        for one in await self._here.events(task_id):
            if one.header.sequence > after and isinstance(one.event, PhaseStarted | PhaseSkipped):
                skipped = isinstance(one.event, PhaseSkipped)
                data: Json = {"kind": "phase", "task_id": task_id, "phase": one.event.phase}
                found.append((one.header.sequence, Phase(data | {"is_skipped": skipped})))
        return found

    async def _submit(self, asked: Asked, task_id: str) -> None:
        wish, agent = asked.wish, asked.exchange.agent
        preferences = dict(wish.preferences)
        if agent is not None:
            preferences.setdefault("agent", agent.value)
        body = read_request(
            {
                "request": asked.exchange.question,
                "business_metrics": wish.business_metrics,
                "preferences": preferences,
                "task_id": task_id,
            }
        )
        given = submission(
            body,
            self._here.settings,
            at=self._here.now(),
            principal=wish.principal,
            tenant=wish.tenant,
            source=WorkflowSource.CHAT,
        )
        answer = await self._here.tell(given)
        if answer.verdict is Verdict.REPEATED:
            same_request((await self._here.look(task_id)).state, given)

    def _told(self, state: TaskState, said: dict[str, str]) -> str:
        status = documents.status(state, self._here.now(), 0)
        score = status["quality_score"]
        questions = status["questions"]
        values: Json = {
            **status,
            **links(self._here.settings.url, state.task_id),
            "quality": "n/a" if score is None else f"{score:.2f}",
            "question": questions[0]["question"] if questions else "",
        }
        name = status["status"] if status["status"] in said else "other"
        if not needs_somebody(state):
            name = "goes_on"
        text = said[name].format(**values)
        shown = state.deliverable
        return f"{text}\n\n{shown.content}" if shown is not None and shown.content else text


def task_id_of(asked: Asked) -> str:
    """The same message makes the same task, however often it is tried."""
    exchange = asked.exchange
    return str(uuid5(_NAMESPACE, f"{asked.conversation.stream_id}\n{exchange.message_id}"))


def links(url: str, task_id: str) -> Json:
    """Where a task is looked at."""
    return {
        "task_id": task_id,
        "status_url": f"{url}/api/orchestrator/status/{task_id}",
        "events_url": f"{url}/api/orchestrator/tasks/{task_id}/events",
        "approval_url": f"{url}/approve/{task_id}",
    }


def _is_offline(state: TaskState) -> bool:
    return state.deliverable is not None and state.deliverable.is_offline


def _standing(state: TaskState, now: int) -> Json:
    shown = documents.status(state, now, 0)
    names = ("task_id", "status", "phase", "progress", "quality_score", "cost")
    return {"kind": "status", **{name: shown[name] for name in names}}


def _has_left(seen: TaskState) -> Callable[[TaskState], bool]:
    """Whether a task has moved on from where it was seen."""

    def has_left(state: TaskState) -> bool:
        return state.phase != seen.phase or needs_somebody(state)

    return has_left


def _ended(asked: Asked, ending: Ending, task_id: str | None) -> AnswerEnded:
    return AnswerEnded(
        message_id=asked.exchange.message_id, ending=ending, way=Way.TASK, task_id=task_id
    )

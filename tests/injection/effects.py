"""Runs a scene through the real system, and writes down everything that an attacker would like to
change."""

import json
import sys
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from functools import cache
from pathlib import Path

from api import documents
from api.app import bare_app, describe
from api.bootstrap import Parts, running
from api.intake import read_request, submission
from api.orchestrator import needs_somebody
from api.pages import start_page
from api.settings import Settings
from streams.domain.deliverable import Deliverable
from streams.domain.events import ToolsDiscovered
from streams.domain.state import Life, TaskState
from streams.domain.values import Json
from tests.injection.places import Scene

SERVER = Path(__file__).parent / "server.py"
PATIENCE = 30.0  # seconds
RULES: Json = {"version": 1, "tools": {"market.rows": "allow", "market.fetch": "allow"}}


@dataclass(frozen=True)
class Effects:
    """What a task did, or would do, in the world."""

    statuses: tuple[str, ...]  # at each stop, before a human decided
    tools: tuple[str, ...]  # of the plan, with those that could take over
    permissions: tuple[tuple[str, str, str], ...]  # of the tools that both scenes have
    channels: tuple[str, ...]
    variants: tuple[str, ...]
    limits: Json  # budget, thresholds, whether it is approved by itself
    needs_approval: bool
    decided_by: str
    cost: float
    published: tuple[str, ...]  # before a human approved
    sent: tuple[str, ...]  # after: channel, recipients, names of headers or fields


@dataclass(frozen=True)
class Ran:
    """What a scene did, and what people were shown of it."""

    effects: Effects
    shown: Deliverable | None
    status: Json
    approval: Json
    start_page: str


async def run(scene: Scene, folder: Path) -> Ran:
    """A scene from its request to the outbox, with a human who approves what is shown."""
    data = folder / "data"
    data.mkdir(parents=True)
    _write_servers(scene, folder, data)
    async with running(Settings(data=data)) as parts:
        state, statuses = await _until_shown(parts, scene)
        here = parts.orchestrator
        status = documents.status(state, here.now(), 0)
        approval = documents.approval(state, here.settings.url, here.now())
        page = await _start_page(parts)
        before = _outbox(data)
        if state.deliverable is not None and status["status"] == "pending_approval":
            await here.decide(state.task_id, is_approved=True)
            await here.wait_for(state.task_id, lambda s: s.life is Life.CLOSED, PATIENCE)
        known = await _discovered(parts, state.task_id)
    effects = _effects(state, statuses, known, published=before, sent=_outbox(data))
    return Ran(effects, state.deliverable, status, approval, page)


def _effects(
    state: TaskState,
    statuses: tuple[str, ...],
    permissions: tuple[tuple[str, str, str], ...],
    *,
    published: tuple[str, ...],
    sent: tuple[str, ...],
) -> Effects:
    variants = state.deliverable.variants if state.deliverable else ()
    return Effects(
        statuses=statuses,
        tools=_tools(state),
        permissions=permissions,
        channels=tuple(c.value for c in state.intent.channels) if state.intent else (),
        variants=tuple(variant.channel.value for variant in variants),
        limits=state.settings.model_dump(mode="json"),
        needs_approval=bool(state.plan and state.plan.requires_approval),
        decided_by=state.decided_by,
        cost=state.cost,
        published=published,
        sent=sent,
    )


def _write_servers(scene: Scene, folder: Path, data: Path) -> None:
    if not scene.tools:
        return
    script = folder / "script.json"
    script.write_text(json.dumps({"tools": scene.tools, "results": scene.results}))
    server = {"command": sys.executable, "args": [str(SERVER), str(script)]}
    (data / "mcp.json").write_text(json.dumps({"mcpServers": {"market": server}}))
    (data / "permissions.json").write_text(json.dumps(RULES))


async def _until_shown(parts: Parts, scene: Scene) -> tuple[TaskState, tuple[str, ...]]:
    """The state when only a decision is left, and the statuses on the way."""
    here = parts.orchestrator
    given = submission(read_request(scene.body), here.settings, at=here.now())
    task_id = (await here.tell(given)).task_id
    state = (await here.wait_for(task_id, needs_somebody, PATIENCE)).state
    statuses = [documents.status(state, 0, 0)["status"]]
    if scene.answer is not None:
        await here.answer(task_id, scene.answer)
        state = (await here.wait_for(task_id, needs_somebody, PATIENCE)).state
        statuses.append(documents.status(state, 0, 0)["status"])
    if scene.feedback is not None:
        await here.revise(task_id, scene.feedback)
        state = (await here.wait_for(task_id, needs_somebody, PATIENCE)).state
        statuses.append(documents.status(state, 0, 0)["status"])
    return state, tuple(statuses)


async def _discovered(parts: Parts, task_id: str) -> tuple[tuple[str, str, str], ...]:
    """Each tool's id, permission and source as the task's history has it."""
    for stored in await parts.orchestrator.events(task_id):
        if isinstance(stored.event, ToolsDiscovered):
            return tuple((t.tool_id, t.permission.value, t.source) for t in stored.event.tools)
    return ()


def _tools(state: TaskState) -> tuple[str, ...]:
    """The tools of the plan, and those that could take over a step."""
    steps = state.plan.steps if state.plan else ()
    chosen = {step.tool_id for step in steps}
    return tuple(sorted(chosen | {a.tool_id for step in steps for a in step.alternatives}))


def _outbox(data: Path) -> tuple[str, ...]:
    """What is in the outbox: for each publication its channel, to whom, and with which fields."""
    found = []
    for path in sorted(data.glob("outbox/*.json")):
        document = json.loads(path.read_text("utf-8"))
        request = document["request"]
        found.append(f"{document['channel']}: {sorted(_fields(request))}")
    for path in sorted(data.glob("outbox/*.eml")):
        letter = message_from_bytes(path.read_bytes(), policy=default)
        people = {name: letter[name] for name in ("From", "To", "Cc", "Bcc")}
        found.append(f"letter: {people} {sorted(letter.keys())}")
    return tuple(found)


def _fields(request: object) -> set[str]:
    if isinstance(request, dict):
        return set(request) | {name for inner in request.values() for name in _fields(inner)}
    return set().union(*map(_fields, request)) if isinstance(request, list) else set()


async def _start_page(parts: Parts) -> str:
    """The page that lists the newest tasks, as a browser gets it."""
    lately = await parts.read_models.history(tenant="default", limit=8)
    return start_page(_description(), parts.settings, lately)


@cache
def _description() -> Json:
    return describe(bare_app(Settings()))

"""`run`: one request end to end in this process, with live progress."""

import asyncio
import getpass
import os
import sys
from pathlib import Path
from typing import Any

import click

from api.client import Client, connect
from api.errors import ApiError
from api.settings import Settings
from api.verbs import common
from api.verbs.progress import Progress, show_next, show_result

PAUSE = 0.05  # seconds between two looks at the history
ENDED = ("approved", "rejected", "failed", "cancelled")
NEEDS_YOU = ("pending_approval", "waiting_for_answer", "publication_uncertain")


@click.command()
@click.argument("text")
@common.request_options
@click.option(
    "--approve/--ask",
    "is_approved",
    default=None,
    help="Approve what passes, or ask (asks in a terminal).",
)
@click.option(
    "--echo", "is_echo", is_flag=True, help="Use agents that only echo, to try the core by itself."
)
@common.as_json
@common.where
def run(
    text: str,
    metrics: Path | None,
    preferences: Path | None,
    channels: tuple[str, ...],
    tone: str | None,
    is_approved: bool | None,
    is_echo: bool,
    is_json: bool,
    settings: Settings,
) -> int:
    """Take one request through all nine phases, here, and show the result.

    Without --approve you are asked in a terminal; elsewhere the task waits for `orchestrator
    approve`.
    """
    if text == "-":
        text = sys.stdin.read()
    body = common.request_body(text, metrics, preferences, channels, tone, settings)
    return common.wait_for(_run(body, settings, is_approved, is_echo, is_json))


async def _run(
    body: Any, settings: Settings, is_approved: bool | None, is_echo: bool, is_json: bool
) -> int:
    agents = None
    if is_echo:
        from api.bootstrap import echo_agents

        agents = echo_agents()
    async with connect(settings, agents=agents) as client:
        accepted = await client.post("/api/orchestrator/process", body)
        task_id = accepted["task_id"]
        if not is_json:
            click.echo(f"Task {task_id}")
        progress = None if is_json else Progress()
        status = await follow(client, task_id, progress)
        while status["status"] in NEEDS_YOU:
            if not await _decide(client, status, is_approved, is_json):
                break
            status = await follow(client, task_id, progress)
        shown = await approval_of(client, task_id)
        events = (await client.get(f"/api/orchestrator/tasks/{task_id}/events"))["events"]
    if is_json:
        common.show_json(document(status, shown, events))
    else:
        show_result(status, shown)
        show_next(status)
    return 1 if status["status"] == "failed" else 0


async def follow(client: Client, task_id: str, progress: Progress | None) -> dict[str, Any]:
    """Show a task's events as they come, until it has ended or needs somebody; the answer is its
    status."""
    while True:
        status: dict[str, Any] = await client.get(f"/api/orchestrator/status/{task_id}")
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


async def _decide(
    client: Client, status: dict[str, Any], is_approved: bool | None, is_json: bool
) -> bool:
    """Approve, or ask whoever sits at the terminal; False leaves the task waiting."""
    task_id = status["task_id"]
    can_ask = is_approved is None and not is_json and sys.stdin.isatty() and sys.stdout.isatty()
    if status["status"] != "pending_approval":
        if not can_ask:
            return False
        for asked in status["questions"]:
            options = f" ({' | '.join(asked['options'])})" if asked["options"] else ""
            said = click.prompt(f"{asked['question']}{options}")
            body = {"answer": said, "question_id": asked["question_id"]}
            await client.post(f"/api/orchestrator/tasks/{task_id}/answer", body)
        return True
    shown = await approval_of(client, task_id)
    if is_approved:
        if shown is None or not shown["quality_passed"]:
            if not is_json:
                click.echo("--approve is for what passes the threshold. This does not: it waits.")
            return False
        if not is_json:
            click.echo(
                click.style("  Approved on your behalf, since you gave --approve.", fg="green")
            )
    elif can_ask:
        show_result(status, shown)
        said = click.prompt("\nApprove? [y]es, [n]o, or say what should change", default="n")
        if said.strip().lower() in ("n", "no"):
            return False
        if said.strip().lower() not in ("y", "yes"):
            await client.post(f"/api/orchestrator/tasks/{task_id}/revise", {"feedback": said})
            return True
    else:
        return False
    decision = {
        "task_id": task_id,
        "approved": True,
        "feedback": f"approved by {_user()} at the command line",
    }
    await client.post("/api/orchestrator/approve", decision)
    return True


def document(
    status: dict[str, Any], shown: dict[str, Any] | None, events: list[dict[str, Any]]
) -> dict[str, Any]:
    """Everything about a task as one document, for --json."""
    phases = [
        e["data"]["phase"]
        for e in events
        if e["type"] in ("phase_started.v1", "phase_skipped.v1") and e["data"]
    ]
    return {
        "task": status["task_id"],
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


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"

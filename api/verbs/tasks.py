"""Handing requests in, and looking at tasks."""

from pathlib import Path
from typing import Any

import click

from api.client import connect, require_data
from api.settings import Settings
from api.verbs import common
from api.verbs.deciding import offer
from api.verbs.following import NEEDS_YOU, approval_of, document_of, follow, kept
from api.verbs.plain import plain
from api.verbs.progress import Progress, show_result

FIRST = '  orchestrator run "Create a LinkedIn post about our Q4 growth metrics"'


@click.command(
    epilog=common.examples(
        'orchestrator submit "Create a LinkedIn post about our Q4 growth metrics"',
        'orchestrator submit "Compare Q3 and Q4" --metrics metrics.json --key compare-2024',
    )
)
@click.argument("text")
@common.request_options
@click.option("--key", default=None, help="Idempotency key: the same key is the same task.")
@common.as_json
@common.where
def submit(
    text: str,
    metrics: Path | None,
    preferences: Path | None,
    channels: tuple[str, ...],
    tone: str | None,
    agent: str | None,
    context: Path | None,
    key: str | None,
    is_json: bool,
    settings: Settings,
) -> int:
    """Hand a request in and return at once; a server does the work, or the next `up`."""
    body = common.request_body(
        text, metrics, preferences, channels, tone, settings, agent=agent, context=context
    )
    return common.wait_for(_submit(body, key, settings, is_json))


async def _submit(body: Any, key: str | None, settings: Settings, is_json: bool) -> int:
    headers = {"Idempotency-Key": key} if key else None
    async with connect(settings, agents=()) as client:
        accepted = await client.post("/api/orchestrator/process", body, headers=headers)
    if is_json:
        common.show_json(accepted)
        return 0
    word = "known already" if accepted["is_repeat"] else "accepted"
    click.echo(f"Task {accepted['task_id']} {word}.")
    if client.is_local:
        click.echo("No server is running: `orchestrator up` does the work.")
    click.echo(f"  orchestrator watch {accepted['task_id']}")
    return 0


@click.command(
    "list",
    epilog=common.examples(
        "orchestrator list --waiting", "orchestrator list --status failed --json"
    ),
)
@click.option("--status", default=None, help="Only tasks with this status.")
@click.option("--waiting", "is_waiting", is_flag=True, help="Only tasks that wait for a human.")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@click.option("--cursor", default=None, help="Where the page before ended.")
@common.as_json
@common.where
def list_tasks(
    status: str | None,
    is_waiting: bool,
    limit: int,
    cursor: str | None,
    is_json: bool,
    settings: Settings,
) -> int:
    """The newest tasks, and how many wait for you."""
    require_data(settings)
    query = {"status": status, "waiting": is_waiting or None, "limit": limit, "cursor": cursor}
    return common.wait_for(_list(settings, query, is_json))


async def _list(settings: Settings, query: dict[str, Any], is_json: bool) -> int:
    is_filtered = bool(query["status"] or query["waiting"])
    async with connect(settings, agents=()) as client:
        page = await client.get("/api/orchestrator/history", **query)
        counts = await client.get("/api/orchestrator/counts")
    if is_json:
        common.show_json(page)
        return 0
    if not page["items"]:
        click.echo(
            "There is no such task." if is_filtered else f"No tasks yet. Begin with:\n{FIRST}"
        )
        return 0
    for item in page["items"]:
        click.echo(_line(plain(item)))
    waiting = sum(counts.get(word, 0) for word in NEEDS_YOU)
    if waiting and not is_filtered:
        verb = "waits" if waiting == 1 else "wait"
        click.echo(
            f"{common.counted(waiting, 'task')} {verb} for you:  orchestrator list --waiting"
        )
    if page["next_cursor"]:
        click.echo(f"More:  orchestrator list --cursor {page['next_cursor']}")
    return 0


def _line(item: dict[str, Any]) -> str:
    score = "    " if item["quality_score"] is None else f"{item['quality_score']:.2f}"
    status = common.coloured(item["status"], f"{item['status']:<20}")
    moment = item["submitted_at"][:16].replace("T", " ")
    about = common.short(item["request"] or item["title"], 60)
    return f"{item['task_id']}  {status} {score}  {moment}  {about}"


@click.command(epilog=common.examples("orchestrator status ID --json"))
@click.argument("task_id")
@common.as_json
@common.where
def status(task_id: str, is_json: bool, settings: Settings) -> int:
    """How far a task has come, and what it waits for."""
    require_data(settings)
    return common.wait_for(_status(settings, task_id, is_json))


async def _status(settings: Settings, task_id: str, is_json: bool) -> int:
    async with connect(settings, agents=()) as client:
        found = await client.get(f"/api/orchestrator/status/{task_id}")
        if is_json:
            common.show_json(found)
            return 0
        show_status(found)
        show_result(await approval_of(client, task_id))
    offer(found)
    return 0


def show_status(found: dict[str, Any]) -> None:
    """How far a task has come, in some lines."""
    found = plain(found)
    click.echo(f"Task {found['task_id']}  {common.coloured(found['status'])}")
    click.echo(f"  {common.short(found['request'], 100)}")
    score = (
        "not scored yet"
        if found["quality_score"] is None
        else f"quality {found['quality_score']:.3f}"
    )
    spent = f"{common.money(found['cost'])}, {found['duration']:g} s"
    click.echo(f"  phase {found['phase']}, {found['progress']:.0%}, {score}, {spent}")
    limit = found.get("budget", {}).get("limit")
    if limit is not None:
        money = {
            name: common.money(found["budget"][name]) for name in ("spent", "reserved", "left")
        }
        click.echo(
            f"  budget {common.money(limit)}: {money['spent']} spent, {money['reserved']} held for "
            f"calls under way, {money['left']} left"
        )
    for step in found["steps"]:
        error = f": {step['error']}" if step["error"] else ""
        click.echo(f"    {step['status']:<10} {step['step_id']}{error}")
    for wait in found["waiting_for"]:
        until = f"until {wait['until'][:16].replace('T', ' ')} UTC"
        click.echo(f"  waits for {wait['whom']} ({wait['kind']} {wait['subject']}) {until}")


@click.command(epilog=common.examples("orchestrator watch ID"))
@click.argument("task_id")
@common.as_json
@common.where
def watch(task_id: str, is_json: bool, settings: Settings) -> int:
    """Follow a task until it ends or needs you."""
    require_data(settings)
    return common.wait_for(_watch(settings, task_id, is_json))


async def _watch(settings: Settings, task_id: str, is_json: bool) -> int:
    async with connect(settings) as client, kept(client, task_id):
        found = await follow(client, task_id, None if is_json else Progress())
        if is_json:
            common.show_json(await document_of(client, found))
        else:
            show_result(await approval_of(client, task_id))
            offer(found)
    return 1 if found["status"] == "failed" else 0

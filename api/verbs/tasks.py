"""Handing requests in, and looking at tasks."""

import sys
from pathlib import Path
from typing import Any

import click

from api.client import Client, connect, require_data
from api.errors import UsageError
from api.settings import Settings
from api.verbs import common
from api.verbs.progress import Progress, show_next, show_result
from api.verbs.run import approval_of, document, follow


@click.command()
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
    key: str | None,
    is_json: bool,
    settings: Settings,
) -> int:
    """Hand a request in and return at once; a server does the work, or the next `up`."""
    body = common.request_body(text, metrics, preferences, channels, tone, settings)
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


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@common.as_json
@common.where
def produce(file: Path, is_json: bool, settings: Settings) -> int:
    """Hand in many requests: a file (or - for standard input) with one JSON object a line.

    A line that does not fit is named with its number, and the others are taken in all the same.
    """
    try:
        lines = (sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()).splitlines()
    except OSError as error:
        raise UsageError(f"{str(file)!r} cannot be read: {error.strerror}") from None
    return common.wait_for(_produce([line for line in lines if line.strip()], settings, is_json))


async def _produce(lines: list[bytes], settings: Settings, is_json: bool) -> int:
    taken: list[str] = []
    refused: list[dict[str, Any]] = []
    async with connect(settings, agents=()) as client:
        for number, line in enumerate(lines, 1):
            try:
                accepted = await client.post("/api/orchestrator/process", line)
            except UsageError as error:
                refused.append({"line": number, "error": str(error)})
                click.echo(f"line {number}: {error}", err=True)
            else:
                taken.append(accepted["task_id"])
    if is_json:
        common.show_json({"accepted": taken, "refused": refused})
    else:
        click.echo(f"{len(taken)} requests accepted, {len(refused)} refused.")
    return 1 if refused else 0


@click.command("list")
@click.option("--status", default=None, help="Only tasks with this status.")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@click.option("--cursor", default=None, help="Where the page before ended.")
@common.as_json
@common.where
def list_tasks(
    status: str | None, limit: int, cursor: str | None, is_json: bool, settings: Settings
) -> int:
    """The newest tasks."""
    require_data(settings)
    return common.wait_for(_list(settings, status, limit, cursor, is_json))


async def _list(
    settings: Settings, status: str | None, limit: int, cursor: str | None, is_json: bool
) -> int:
    async with connect(settings, agents=()) as client:
        page = await client.get(
            "/api/orchestrator/history", status=status, limit=limit, cursor=cursor
        )
    if is_json:
        common.show_json(page)
        return 0
    if not page["items"]:
        click.echo("No tasks yet. Begin with:")
        click.echo('  orchestrator run "Create a LinkedIn post about our Q4 growth metrics"')
        return 0
    for item in page["items"]:
        score = "    " if item["quality_score"] is None else f"{item['quality_score']:.2f}"
        request = " ".join((item["request"] or "").split())[:60]
        status_word = common.coloured(f"{item['status']:<20}")
        click.echo(
            f"{item['task_id']}  {status_word} {score}  {item['submitted_at'][:19]}  {request}"
        )
    if page["next_cursor"]:
        click.echo(f"More:  orchestrator list --cursor {page['next_cursor']}")
    return 0


@click.command()
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
        _show_status(found)
        show_result(found, await approval_of(client, task_id))
    show_next(found)
    return 0


def _show_status(found: dict[str, Any]) -> None:
    click.echo(f"Task {found['task_id']}  {common.coloured(found['status'])}")
    click.echo(f"  {' '.join(found['request'].split())[:100]}")
    score = (
        "not scored yet"
        if found["quality_score"] is None
        else f"quality {found['quality_score']:.3f}"
    )
    spent = f"{common.money(found['cost'])}, {found['duration']:g} s"
    click.echo(f"  phase {found['phase']}, {found['progress']:.0%}, {score}, {spent}")
    for step in found["steps"]:
        error = f": {step['error']}" if step["error"] else ""
        click.echo(f"    {step['status']:<10} {step['step_id']}{error}")
    for wait in found["waiting_for"]:
        click.echo(
            f"  waits for {wait['whom']} ({wait['kind']} {wait['subject']}) until {wait['until']}"
        )


@click.command()
@click.argument("task_id")
@common.as_json
@common.where
def watch(task_id: str, is_json: bool, settings: Settings) -> int:
    """Follow a task until it ends or needs you."""
    require_data(settings)
    return common.wait_for(_watch(settings, task_id, is_json))


async def _watch(settings: Settings, task_id: str, is_json: bool) -> int:
    async with connect(settings) as client:
        found = await follow(client, task_id, None if is_json else Progress())
        await show_end(client, found, is_json)
    return 1 if found["status"] == "failed" else 0


async def show_end(client: Client, found: dict[str, Any], is_json: bool) -> None:
    """A task's result, as `run` shows it."""
    task_id = found["task_id"]
    shown = await approval_of(client, task_id)
    if is_json:
        events = (await client.get(f"/api/orchestrator/tasks/{task_id}/events"))["events"]
        common.show_json(document(found, shown, events))
        return
    show_result(found, shown)
    show_next(found)

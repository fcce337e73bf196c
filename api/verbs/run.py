"""`run`: one request end to end in this process, with live progress."""

import sys
from pathlib import Path
from typing import Any

import click

from api.client import Client, connect
from api.settings import Settings
from api.verbs import common
from api.verbs.deciding import decide, offer
from api.verbs.following import NEEDS_YOU, approval_of, document_of, follow, kept
from api.verbs.progress import Progress, show_plan, show_result


@click.command(
    epilog=common.examples(
        'orchestrator run "Create a LinkedIn post about our Q4 growth metrics" '
        "--metrics metrics.json",
        'orchestrator run "Compare Q3 and Q4" --metrics metrics.json --explain --json',
    )
)
@click.argument("text")
@common.request_options
@click.option(
    "--approve/--ask",
    "is_approved",
    default=None,
    help="Approve what passes the threshold, or ask you (the default in a terminal).",
)
@click.option("--explain", "is_explained", is_flag=True, help="Show why this plan, and the others.")
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
    agent: str | None,
    context: Path | None,
    is_approved: bool | None,
    is_explained: bool,
    is_echo: bool,
    is_json: bool,
    settings: Settings,
) -> int:
    """Take one request through all nine phases, here, and show the result.

    TEXT says in plain language what you need; - reads it from standard input. Where nobody can be
    asked, the task waits for `orchestrator approve`. Ctrl-C loses nothing.
    """
    if text == "-":
        text = sys.stdin.read()
    body = common.request_body(
        text, metrics, preferences, channels, tone, settings, agent=agent, context=context
    )
    return common.wait_for(_run(body, settings, is_approved, is_explained, is_echo, is_json))


async def _run(
    body: Any,
    settings: Settings,
    is_approved: bool | None,
    is_explained: bool,
    is_echo: bool,
    is_json: bool,
) -> int:
    agents = None
    if is_echo:
        from api.bootstrap import echo_agents

        agents = echo_agents()
    async with connect(settings, agents=agents) as client:
        if is_echo and not client.is_local:
            click.echo("--echo has no effect: the server's own agents do the work.", err=True)
        accepted = await client.post("/api/orchestrator/process", body)
        task_id = accepted["task_id"]
        if not is_json:
            click.echo(f"Task {task_id}")
        async with kept(client, task_id):
            status = await _follow(client, task_id, is_approved, is_json)
            await _show(client, status, is_explained, is_json)
    return 1 if status["status"] == "failed" else 0


async def _follow(
    client: Client, task_id: str, is_approved: bool | None, is_json: bool
) -> dict[str, Any]:
    progress = None if is_json else Progress()
    status = await follow(client, task_id, progress)
    while status["status"] in NEEDS_YOU and await decide(client, status, is_approved, is_json):
        status = await follow(client, task_id, progress)
    return status


async def _show(client: Client, status: dict[str, Any], is_explained: bool, is_json: bool) -> None:
    if is_json:
        common.show_json(await document_of(client, status))
        return
    if is_explained:
        show_plan(status["plan"])
    show_result(await approval_of(client, status["task_id"]))
    offer(status)

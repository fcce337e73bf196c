"""What people decide at the command line."""

from pathlib import Path
from typing import Any

import click

from api.client import connect, require_data
from api.settings import Settings
from api.verbs import common
from api.verbs.run import follow


@click.command()
@click.argument("task_id")
@click.option(
    "--channel",
    "channels",
    multiple=True,
    metavar="NAME",
    help="Publish only here; may be repeated.",
)
@click.option(
    "--edits",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE",
    help="JSON of the deliverable as it should be.",
)
@click.option("--round", "number", type=int, default=None, help="The round you looked at.")
@click.option("--feedback", default="")
@common.as_json
@common.where
def approve(
    task_id: str,
    channels: tuple[str, ...],
    edits: Path | None,
    number: int | None,
    feedback: str,
    is_json: bool,
    settings: Settings,
) -> int:
    """Approve what a task shows, for all or some channels."""
    body: dict[str, Any] = {
        "task_id": task_id,
        "approved": True,
        "feedback": feedback,
        "round": number,
    }
    if channels:
        body["publish_to_channels"] = [
            "twitter" if c.lower() == "x" else c.lower() for c in channels
        ]
    if edits is not None:
        body["edits"] = common.read_file(edits, "the file with the edits")
    return _tell(settings, task_id, "/api/orchestrator/approve", body, is_json)


@click.command()
@click.argument("task_id")
@click.option(
    "--reason", required=True, help="Why; what is learned from it is part of the history."
)
@common.as_json
@common.where
def reject(task_id: str, reason: str, is_json: bool, settings: Settings) -> int:
    """Reject what a task shows, with a reason."""
    body = {"task_id": task_id, "approved": False, "feedback": reason}
    return _tell(settings, task_id, "/api/orchestrator/approve", body, is_json)


@click.command()
@click.argument("task_id")
@click.option(
    "--feedback", required=True, help='What should change: "shorter", "mention the churn rate", …'
)
@common.as_json
@common.where
def revise(task_id: str, feedback: str, is_json: bool, settings: Settings) -> int:
    """Ask for another version, saying what should change."""
    return _tell(
        settings,
        task_id,
        f"/api/orchestrator/tasks/{task_id}/revise",
        {"feedback": feedback},
        is_json,
    )


@click.command()
@click.argument("task_id")
@click.argument("text")
@click.option("--question", default=None, help="Which question, if several are open.")
@common.as_json
@common.where
def answer(task_id: str, text: str, question: str | None, is_json: bool, settings: Settings) -> int:
    """Answer a question that a task asks."""
    body = {"answer": text, "question_id": question}
    return _tell(settings, task_id, f"/api/orchestrator/tasks/{task_id}/answer", body, is_json)


@click.command()
@click.argument("task_id")
@click.option("--reason", default="")
@common.as_json
@common.where
def cancel(task_id: str, reason: str, is_json: bool, settings: Settings) -> int:
    """Stop a task."""
    return _tell(
        settings, task_id, f"/api/orchestrator/tasks/{task_id}/cancel", {"reason": reason}, is_json
    )


@click.command()
@click.argument("task_id")
@common.as_json
@common.where
def retry(task_id: str, is_json: bool, settings: Settings) -> int:
    """Try a failed task again from where it failed."""
    return _tell(settings, task_id, f"/api/orchestrator/tasks/{task_id}/retry", None, is_json)


def _tell(settings: Settings, task_id: str, path: str, body: Any, is_json: bool) -> int:
    require_data(settings)
    return common.wait_for(_say(settings, task_id, path, body, is_json))


async def _say(settings: Settings, task_id: str, path: str, body: Any, is_json: bool) -> int:
    async with connect(settings) as client:
        changed = await client.post(path, body)
        found = await follow(client, task_id, None)
    if is_json:
        common.show_json(changed | {"status": found["status"], "outcome": found["outcome"]})
        return 0
    already = " (it was so already)" if changed["verdict"] == "repeated" else ""
    click.echo(f"Task {task_id} is {common.coloured(found['status'])}{already}.")
    for channel, publication in found["publications"].items():
        dry = " (dry run: nothing left this machine)" if publication["is_dry_run"] else ""
        what = publication["reference"] or publication["reason"] or ""
        click.echo(f"  {channel}: {publication['status']} {what}{dry}")
    for asked in found["questions"]:
        click.echo(f"  it asks: {asked['question']}")
    return 0

"""What people decide at the command line."""

from pathlib import Path
from typing import Any

import click

from api.client import Client, connect, require_data
from api.errors import UsageError
from api.settings import Settings
from api.verbs import common
from api.verbs.deciding import offer
from api.verbs.following import NEEDS_YOU, approval_of, follow, kept
from api.verbs.progress import places_of, show_places

round_option = click.option(
    "--round",
    "number",
    type=click.IntRange(min=1),
    default=None,
    help="The round you looked at; if a newer one is open by now, nothing is decided.",
)


@click.command(
    epilog=common.examples(
        'orchestrator approve ID --channel linkedin --feedback "Perfect tone."',
        "orchestrator approve ID --channel linkedin --edit post.txt",
    )
)
@click.argument("task_id")
@click.option(
    "--channel",
    "channels",
    multiple=True,
    metavar="NAME",
    help="Publish only here; may be repeated.",
)
@click.option(
    "--edit",
    "--edits",
    "edit",
    type=click.Path(path_type=Path),
    default=None,
    metavar="FILE",
    help="What to change first: JSON (title, content, hashtags, channel_variants), or the text.",
)
@round_option
@click.option("--feedback", default="", help="What was good; it is learned from.")
@common.as_json
@common.where
def approve(
    task_id: str,
    channels: tuple[str, ...],
    edit: Path | None,
    number: int | None,
    feedback: str,
    is_json: bool,
    settings: Settings,
) -> int:
    """Approve what a task shows, for all or some channels.

    A text file with --edit is the new text of the one channel that is named, or of the content.
    """
    names = ["twitter" if c.strip().lower() == "x" else c.strip().lower() for c in channels]
    body: dict[str, Any] = {
        "task_id": task_id,
        "approved": True,
        "feedback": feedback,
        "round": number,
    }
    if names:
        body["publish_to_channels"] = names
    if edit is not None:
        body["edits"] = _edits(edit, names)
    return _tell(settings, task_id, "/api/orchestrator/approve", body, is_json)


def _edits(file: Path, channels: list[str]) -> Any:
    """What is to change: an object as it is, a text as the content.

    Raises:
        UsageError: the file cannot be read, or it is not clear whose text it is.
    """
    what = "the file with the edits"
    text = common.read_text(file, what)
    if file.suffix.lower() == ".json" or text.lstrip().startswith("{"):
        return common.read_file(file, what)
    if not text.strip():
        raise UsageError(f"{what} {str(file)!r} is empty")
    if len(channels) > 1:
        raise UsageError(f"{what} is a text: name one --channel that it is for, or give JSON")
    if channels:
        return {"channel_variants": {channels[0]: text.strip()}}
    return {"content": text.strip()}


@click.command(
    epilog=common.examples('orchestrator reject ID --reason "The churn rate is confidential."')
)
@click.argument("task_id")
@click.option(
    "--reason", required=True, help="Why; what is learned from it is part of the history."
)
@round_option
@common.as_json
@common.where
def reject(task_id: str, reason: str, number: int | None, is_json: bool, settings: Settings) -> int:
    """Reject what a task shows, with a reason."""
    body = {"task_id": task_id, "approved": False, "feedback": reason, "round": number}
    return _tell(settings, task_id, "/api/orchestrator/approve", body, is_json)


@click.command(
    epilog=common.examples('orchestrator revise ID --feedback "shorter, and name the churn rate"')
)
@click.argument("task_id")
@click.option(
    "--feedback", required=True, help='What should change: "shorter", "mention the churn rate", …'
)
@round_option
@common.as_json
@common.where
def revise(
    task_id: str, feedback: str, number: int | None, is_json: bool, settings: Settings
) -> int:
    """Ask for another version, saying what should change."""
    path = f"/api/orchestrator/tasks/{task_id}/revise"
    return _tell(settings, task_id, path, {"feedback": feedback, "round": number}, is_json)


@click.command(epilog=common.examples('orchestrator answer ID "Q4 2024"'))
@click.argument("task_id")
@click.argument("text")
@click.option("--question", default=None, help="Which question, if several are open.")
@common.as_json
@common.where
def answer(task_id: str, text: str, question: str | None, is_json: bool, settings: Settings) -> int:
    """Answer a question that a task asks."""
    body = {"answer": text, "question_id": question}
    return _tell(settings, task_id, f"/api/orchestrator/tasks/{task_id}/answer", body, is_json)


@click.command(epilog=common.examples('orchestrator cancel ID --reason "the quarter was restated"'))
@click.argument("task_id")
@click.option("--reason", default="", help="Why; it is part of the history.")
@common.as_json
@common.where
def cancel(task_id: str, reason: str, is_json: bool, settings: Settings) -> int:
    """Stop a task."""
    return _tell(
        settings, task_id, f"/api/orchestrator/tasks/{task_id}/cancel", {"reason": reason}, is_json
    )


@click.command(epilog=common.examples("orchestrator retry ID"))
@click.argument("task_id")
@common.as_json
@common.where
def retry(task_id: str, is_json: bool, settings: Settings) -> int:
    """Try a failed task again from where it failed."""
    return _tell(settings, task_id, f"/api/orchestrator/tasks/{task_id}/retry", None, is_json)


def _tell(settings: Settings, task_id: str, path: str, body: Any, is_json: bool) -> int:
    require_data(settings)
    return common.wait_for(_say(settings, task_id, path, body, is_json))


async def _announce(client: Client, task_id: str, channels: list[str] | None) -> None:
    """Say before anything goes out whether it really will, and where."""
    shown = await approval_of(client, task_id)
    if shown is None or shown["status"] != "pending_approval":
        return
    wanted = shown["requested_channels"] if channels is None else channels
    show_places(places_of(shown, wanted))


async def _say(settings: Settings, task_id: str, path: str, body: Any, is_json: bool) -> int:
    async with connect(settings) as client:
        if not is_json and isinstance(body, dict) and body.get("approved"):
            await _announce(client, task_id, body.get("publish_to_channels"))
        changed = await client.post(path, body)
        async with kept(client, task_id):
            found = await follow(client, task_id, None)
    if is_json:
        common.show_json(changed | {k: found[k] for k in ("status", "outcome", "publications")})
        return 0
    already = " (it was so already)" if changed["verdict"] == "repeated" else ""
    click.echo(f"Task {task_id} is {common.coloured(found['status'])}{already}.")
    for channel, publication in found["publications"].items():
        dry = " (dry run: nothing left this machine)" if publication["is_dry_run"] else ""
        what = publication["reference"] or publication["reason"] or ""
        click.echo(f"  {channel}: {publication['status']} {what}{dry}")
    if found["status"] in NEEDS_YOU or found["status"] == "failed":
        offer(found)
    return 0

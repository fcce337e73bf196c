"""Histories: show them, verify them, rebuild what is made from them, take them out."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.client import connect, require_data
from api.errors import NotFound
from api.settings import Settings
from api.verbs import common
from api.verbs.plain import plain
from api.verbs.tasks import show_status

if TYPE_CHECKING:
    from streams.log import Log


@click.command(epilog=common.examples("orchestrator events ID", "orchestrator events ID --at 12"))
@click.argument("task_id")
@click.option(
    "--at",
    type=click.IntRange(min=1),
    default=None,
    metavar="SEQ",
    help="The state after this event.",
)
@common.as_json
@common.where
def events(task_id: str, at: int | None, is_json: bool, settings: Settings) -> int:
    """The history of a task; with --at, its state as it was then."""
    require_data(settings)
    return common.wait_for(_events(settings, task_id, at, is_json))


async def _events(settings: Settings, task_id: str, at: int | None, is_json: bool) -> int:
    async with connect(settings, agents=()) as client:
        found = await client.get(f"/api/orchestrator/tasks/{task_id}/events", at=at)
    if is_json:
        common.show_json(found)
        return 0
    if at is not None:
        last = found["events"][-1]
        click.echo(f"As it was after event {at}, {last['type']}, at {found['state']['at']}:")
        show_status(found["state"])
        return 0
    for event in found["events"]:
        name = event["type"]
        gist = _gist(plain(event["data"] or {}), task_id)
        click.echo(f"{event['sequence']:>4}  {event['at']}  {name:<26} {gist}")
    return 0


def _gist(data: dict[str, Any], task_id: str) -> str:
    """The short values of an event, as one line; commands go by their number in the task."""
    shown = (
        (name, str(value).removeprefix(f"{task_id}."))
        for name, value in data.items()
        if isinstance(value, str | int | float) and value != ""
    )
    parts = [f"{name.removesuffix('_id')}={value}" for name, value in shown if len(value) <= 60]
    return common.short(" ".join(parts), 110)


@click.command(epilog=common.examples("orchestrator verify", "orchestrator verify ID --json"))
@click.argument("task_id", required=False)
@common.as_json
@common.where
def verify(task_id: str | None, is_json: bool, settings: Settings) -> int:
    """Do all histories fold, are their chains whole, and does today's core still decide as
    recorded?

    Reads the data directory, also while a server writes to it. Exit code 1 if anything differs.
    """
    require_data(settings)
    return common.wait_for(_verify(settings, task_id, is_json))


async def _verify(settings: Settings, task_id: str | None, is_json: bool) -> int:
    from streams.verification import verify_log

    log = await _read_only(settings)
    try:
        found = await verify_log(log, task_id, None if is_json else _bar("verifying"))
    finally:
        await log.close()
    if task_id is not None and not found.tasks:
        raise NotFound(f"there is no task {task_id!r}")
    if is_json:
        common.show_json(found.as_json())
    else:
        histories, events = (
            common.counted(found.tasks, "history"),
            common.counted(found.events, "event"),
        )
        inputs = common.counted(found.inputs, "input")
        click.echo(f"Read {histories} with {events} and {inputs}.")
        for finding in found.findings[:50]:
            click.echo(
                click.style(f"  {finding.task_id} at {finding.sequence}: {finding.what}", fg="red")
            )
        if len(found.findings) > 50:
            click.echo(f"  … and {len(found.findings) - 50} more")
        whole = "All fold, all chains are whole, and the core decides as recorded."
        click.echo(whole if not found.findings else f"{len(found.findings)} findings.")
    return 1 if found.findings else 0


@click.command(epilog=common.examples("orchestrator replay --projection tasks"))
@click.option("--projection", default=None, metavar="NAME", help="Only this read model.")
@common.as_json
@common.where
def replay(projection: str | None, is_json: bool, settings: Settings) -> int:
    """Rebuild the read models from position 0. Nothing is done again: replay is a fold."""
    require_data(settings)
    return common.wait_for(_replay(settings, projection, is_json))


async def _replay(settings: Settings, projection: str | None, is_json: bool) -> int:
    async with connect(settings, agents=()) as client:
        done = await client.post("/api/orchestrator/replay", {"projection": projection})
    if is_json:
        common.show_json(done)
    else:
        events, rows = common.counted(done["events"], "event"), common.counted(done["rows"], "row")
        made = f"{events} folded into {rows}"
        click.echo(f"{done['projection']}: {made} in {done['seconds']:.2f} s.")
    return 0


@click.command(
    epilog=common.examples(
        "orchestrator export --events --format jsonl --out events.jsonl",
        "orchestrator export --events --out events.parquet",
    )
)
@click.option("--events", "is_events", is_flag=True, required=True, help="All events of the log.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["parquet", "jsonl"]),
    default="parquet",
    show_default=True,
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE"
)
@common.as_json
@common.where
def export(is_events: bool, form: str, out: Path, is_json: bool, settings: Settings) -> int:
    """Write all events to a Parquet or JSONL file."""
    require_data(settings)
    count = common.wait_for(_export(settings, form, out))
    size = out.stat().st_size
    if is_json:
        common.show_json({"events": count, "path": str(out), "bytes": size})
    else:
        click.echo(f"{common.counted(count, 'event')} written to {out} ({size:,} bytes).")
    return 0


async def _export(settings: Settings, form: str, out: Path) -> int:
    from projections.export import export_events

    log = await _read_only(settings)
    try:
        count = await export_events(log, out, form)
    finally:
        await log.close()
    return count


async def _read_only(settings: Settings) -> "Log":
    if settings.kafka is not None:
        from api.cluster.broker import broker_of
        from streams.kafka.log import KafkaLog

        return await KafkaLog.open(broker_of(settings))
    from streams.sqlite import SqliteLog

    return await SqliteLog.open(settings.data, read_only=True)


def _bar(what: str) -> Any:
    """A function that shows how much is done, where somebody looks."""
    import sys

    def show(done: int, total: int) -> None:
        if sys.stderr.isatty():
            end = "\n" if done >= total else ""
            share = done / total if total else 1.0
            click.echo(f"\r{what} {share:6.1%} of {total} events{end}", nl=False, err=True)

    return show

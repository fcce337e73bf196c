"""Bare JSON onto the topic `requests`, and what did not fit."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from api.client import connect, require_data
from api.errors import UsageError, said
from api.settings import Settings
from api.verbs import common

LINES, BYTES = 500, 1_000_000  # of one call to the server
LINES_TYPE = {"Content-Type": "application/x-ndjson"}
Line = tuple[int, bytes]  # its number in the file, and what it says


@click.command(
    epilog=common.examples(
        "orchestrator produce requests.jsonl",
        """echo '{"request": "Compare Q3 and Q4"}' | orchestrator produce -""",
        "orchestrator produce requests.jsonl --kafka localhost:9092",
    )
)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@common.as_json
@common.where
def produce(file: Path, is_json: bool, settings: Settings) -> int:
    """Append requests to the topic `requests`: a file (or - for standard input) with one JSON
    object a line.

    Valid ones become tasks. The others are named with their lines and kept in the dead letters;
    then the exit code is 1.
    """
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"{str(file)!r} cannot be read: {error.strerror}") from None
    lines = [(number, line) for number, line in enumerate(content.splitlines(), 1) if line.strip()]
    if not lines:
        raise UsageError(f"there is no request in {str(file)!r}: it needs one JSON object a line")
    send = _onto_kafka if settings.kafka and not settings.server else _produce
    return common.wait_for(send(_whole(content, lines), settings, is_json))


def _whole(content: bytes, lines: list[Line]) -> list[Line]:
    """A single object that is written over several lines is one request."""
    if lines[0][1].strip() == b"{" and lines[-1][1].strip() == b"}":
        return [(lines[0][0], b" ".join(line for _, line in lines))]
    return lines


async def _produce(lines: list[Line], settings: Settings, is_json: bool) -> int:
    outcomes: list[dict[str, Any]] = []
    async with connect(settings, agents=()) as client:
        for some in _portions(lines):
            body = b"\n".join(line for _, line in some)
            answer = await client.post("/api/requests", body, headers=LINES_TYPE)
            for (number, _), outcome in zip(some, answer["outcomes"], strict=True):
                outcomes.append({"line": number} | outcome)
            _count(len(outcomes), len(lines))
    return _tell(outcomes, is_json, is_waiting=client.is_local)


async def _onto_kafka(lines: list[Line], settings: Settings, is_json: bool) -> int:
    """Append them to the topic on the broker. What will become of each is known here already;
    only repeats are not told apart."""
    from api.cluster.broker import SHORT
    from api.cluster.parts import opened
    from api.cluster.requests import ClusterInbox
    from streams.clock import wall_clock

    outcomes: list[dict[str, Any]] = []
    async with opened(settings, SHORT) as log:
        inbox = ClusterInbox(log, settings, wall_clock)
        for some in _portions(lines):
            found = await inbox.take([line for _, line in some])
            for (number, _), outcome in zip(some, found, strict=True):
                outcomes.append({"line": number} | outcome.as_json)
            _count(len(outcomes), len(lines))
    return _tell(outcomes, is_json)


def _tell(outcomes: list[dict[str, Any]], is_json: bool, *, is_waiting: bool = False) -> int:
    """What became of the lines; the answer is the exit code."""
    refused = [outcome for outcome in outcomes if outcome["errors"]]
    if is_json:
        common.show_json(
            {"accepted": len(outcomes) - len(refused), "refused": len(refused)}
            | {"outcomes": outcomes}
        )
    else:
        _describe(outcomes, refused, is_waiting)
    return 1 if refused else 0


def _describe(
    outcomes: list[dict[str, Any]], refused: list[dict[str, Any]], is_waiting: bool
) -> None:
    for outcome in refused:
        for error in outcome["errors"]:
            click.echo(f"line {outcome['line']}: {said(**error)}", err=True)
    known = sum(1 for outcome in outcomes if outcome["is_repeat"])
    again = f" ({known} of them known already)" if known else ""
    taken = common.counted(len(outcomes) - len(refused), "request")
    click.echo(f"{taken} accepted{again}, {len(refused)} refused.")
    if refused:
        click.echo("What was refused is kept:  orchestrator dead-letters list")
    if is_waiting and len(refused) < len(outcomes):
        click.echo("No server is running: `orchestrator up` does the work.")


def _portions(lines: list[Line]) -> Iterator[list[Line]]:
    """Lines in portions that one call takes; a single line may be as long as it is."""
    portion: list[Line] = []
    size = 0
    for line in lines:
        if portion and (len(portion) == LINES or size + len(line[1]) > BYTES):
            yield portion
            portion, size = [], 0
        portion.append(line)
        size += len(line[1])
    yield portion


def _count(done: int, total: int) -> None:
    if sys.stderr.isatty() and total > LINES:
        click.echo(f"\r{done} of {total} requests", nl=done == total, err=True)


@click.group("dead-letters", epilog=common.examples("orchestrator dead-letters list"))
def dead_letters() -> None:
    """What could not be read or decided; nothing that arrives is ever dropped."""


@dead_letters.command("list", epilog=common.examples("orchestrator dead-letters list --after 49"))
@click.option("--after", type=click.IntRange(min=-1), default=-1, help="Only after this offset.")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True)
@common.as_json
@common.where
def list_letters(after: int, limit: int, is_json: bool, settings: Settings) -> int:
    """Dead letters, oldest first."""
    require_data(settings)
    page = common.wait_for(_get(settings, "/api/dead-letters", after=after, limit=limit))
    if is_json:
        common.show_json(page)
        return 0
    for item in page["items"]:
        origin = item["origin"]
        place = f"{origin['topic']}/{origin['partition']}@{origin['offset']}"
        click.echo(f"{item['offset']:>5}  {item['at'][:19]}  {place:<16} {item['reason'][:100]}")
    if not page["items"]:
        click.echo("There are no dead letters.")
    if page["next_after"] is not None:
        click.echo(f"More:  orchestrator dead-letters list --after {page['next_after']}")
    return 0


@dead_letters.command("show", epilog=common.examples("orchestrator dead-letters show 0"))
@click.argument("offset", type=click.IntRange(min=0))
@common.as_json
@common.where
def show(offset: int, is_json: bool, settings: Settings) -> int:
    """One dead letter, with its original bytes."""
    require_data(settings)
    found = common.wait_for(_get(settings, f"/api/dead-letters/{offset}"))
    if is_json:
        common.show_json(found)
        return 0
    for error in found["reason"].split("; "):
        click.echo(click.style(error, fg="red"))
    origin = found["origin"]
    place = f"{origin['topic']}, partition {origin['partition']}, offset {origin['offset']}"
    click.echo(f"It came at {found['at']} on {place}. As {found['encoding']}:\n\n{found['body']}")
    return 0


@dead_letters.command("requeue", epilog=common.examples("orchestrator dead-letters requeue 0"))
@click.argument("offset", type=click.IntRange(min=0))
@common.as_json
@common.where
def requeue(offset: int, is_json: bool, settings: Settings) -> int:
    """Put a request back on its topic; it is read anew."""
    require_data(settings)
    answer = common.wait_for(_post(settings, f"/api/dead-letters/{offset}/requeue"))
    outcome = answer["outcomes"][0]
    if is_json:
        common.show_json(outcome)
    elif outcome["errors"]:
        click.echo(f"It was refused again: {outcome['errors'][0]['detail']}")
    else:
        click.echo(f"Task {outcome['task_id']} accepted.")
    return 1 if outcome["errors"] else 0


async def _get(settings: Settings, path: str, **query: Any) -> Any:
    async with connect(settings, agents=()) as client:
        return await client.get(path, **query)


async def _post(settings: Settings, path: str) -> Any:
    async with connect(settings, agents=()) as client:
        return await client.post(path)

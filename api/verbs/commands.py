"""The command queue: look at it, put something in, and work on it by hand."""

import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from api.client import connect, require_data
from api.errors import UsageError
from api.settings import Settings
from api.verbs import command_tables as tables
from api.verbs import common

QUEUE = "/api/commands/"
STATUSES = ("pending", "processing", "completed", "failed", "cancelled")
AGENT = click.option("--agent", default=None, metavar="NAME", help="Who does it [you].")
ATTEMPT = click.option(
    "--attempt", type=click.IntRange(1), default=None, help="Which attempt it is about [current]."
)
COST = click.option("--cost", type=click.FloatRange(0), default=0.0, help="US dollars spent.")


@click.group(
    invoke_without_command=True,
    epilog=common.examples(
        "orchestrator commands list --status pending",
        'orchestrator commands dispatch weather look --payload \'{"city": "Rome"}\'',
        "orchestrator commands claim --type weather",
    ),
)
@common.as_json
@common.where
@click.pass_context
def commands(context: click.Context, is_json: bool, settings: Settings) -> int:
    """The queue of commands; without a verb, the newest are listed."""
    if context.invoked_subcommand is not None:
        return 0
    return common.wait_for(_list(settings, {}, is_json))


@commands.command(
    "list",
    epilog=common.examples(
        "orchestrator commands list --status failed", "orchestrator commands list --task ID --json"
    ),
)
@click.option("--status", type=click.Choice(STATUSES), default=None, help="Only these.")
@click.option("--type", "agent_type", default=None, metavar="TYPE", help="Only of this agent type.")
@click.option("--tool", "tool_id", default=None, metavar="ID", help="Only with this tool.")
@click.option("--task", "task_id", default=None, metavar="ID", help="Only of this task.")
@click.option("--runner", default=None, metavar="NAME", help="Only those that this one did.")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@click.option("--cursor", default=None, help="Where the page before ended.")
@common.as_json
@common.where
def list_commands(is_json: bool, settings: Settings, **query: Any) -> int:
    """Commands, newest first."""
    return common.wait_for(_list(settings, query, is_json))


@commands.command(epilog=common.examples("orchestrator commands show ID"))
@click.argument("command_id")
@common.as_json
@common.where
def show(command_id: str, is_json: bool, settings: Settings) -> int:
    """One command in full.

    What it was given, each attempt, what it waits for, and what came of it.
    """
    require_data(settings)
    return common.wait_for(_show(settings, command_id, is_json))


@commands.command(
    epilog=common.examples(
        'orchestrator commands dispatch weather look --payload \'{"city": "Rome"}\'',
        "orchestrator commands dispatch weather --tool weather.warn --payload @rome.json --wait 9",
    )
)
@click.argument("agent_type")
@click.argument("action", default="")
@click.option("--tool", "tool_id", default=None, metavar="ID", help="Which tool of the agent.")
@click.option("--payload", default="{}", metavar="JSON", help="JSON, or @FILE, or - for stdin.")
@click.option("--priority", type=click.IntRange(-100, 100), default=0, help="The highest first.")
@click.option("--attempts", type=click.IntRange(1, 20), default=None, help="At most so many.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=None, metavar="SECONDS")
@click.option("--once", is_flag=True, help="It must not be done twice: the agent asks first.")
@click.option("--key", default=None, help="Idempotency key: the same key is the same command.")
@click.option("--wait", type=click.FloatRange(0, 60), default=0.0, metavar="SECONDS")
@common.as_json
@common.where
def dispatch(
    agent_type: str,
    action: str,
    tool_id: str | None,
    payload: str,
    priority: int,
    attempts: int | None,
    timeout: float | None,
    once: bool,
    key: str | None,
    wait: float,
    is_json: bool,
    settings: Settings,
) -> int:
    """Put one command into the queue.

    Agents of its type take it, the highest priority first; with --wait, its end is waited for.
    """
    body = {
        "agent_type": agent_type,
        "action": action,
        "tool_id": tool_id,
        "payload": _object(payload, "--payload"),
        "priority": priority,
        "max_attempts": attempts,
        "timeout": timeout,
        "is_repeatable": False if once else None,
    }
    headers = {"Idempotency-Key": key} if key else {}
    if wait:
        headers["Prefer"] = f"wait={wait:g}"
    return common.wait_for(_dispatch(settings, body, headers, is_json))


@commands.command(
    epilog=common.examples("orchestrator commands claim --type weather --agent ann --lease 300")
)
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Whose work; may be repeated.")
@AGENT
@click.option("--lease", type=click.FloatRange(1, 3_600), default=600.0, metavar="SECONDS",
              show_default=True, help="How long it is yours.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1, 100), default=1, show_default=True)
@click.option("--wait", type=click.FloatRange(0, 60), default=0.0, metavar="SECONDS")
@common.as_json
@common.where
def claim(
    types: tuple[str, ...],
    agent: str | None,
    lease: float,
    limit: int,
    wait: float,
    is_json: bool,
    settings: Settings,
) -> int:
    """Take work for yourself; exit code 3 if there is none."""
    require_data(settings)
    body = {"agent": agent, "agent_types": types, "lease_seconds": lease, "limit": limit}
    return common.wait_for(_claim(settings, body, wait, is_json))


@commands.command(
    epilog=common.examples('orchestrator commands complete ID --output \'{"sky": "blue"}\'')
)
@click.argument("command_id")
@click.option("--output", required=True, metavar="JSON", help="JSON, or @FILE, or - for stdin.")
@AGENT
@ATTEMPT
@COST
@common.as_json
@common.where
def complete(command_id: str, output: str, is_json: bool, settings: Settings, **said: Any) -> int:
    """Report what came of a command."""
    body = {"output": _object(output, "--output"), **said}
    return common.wait_for(_tell(settings, command_id, "result", body, is_json))


@commands.command(
    epilog=common.examples(
        'orchestrator commands fail ID --reason "the service is busy" --after 30',
        'orchestrator commands fail ID --reason "no such city" --final',
    )
)
@click.argument("command_id")
@click.option("--reason", required=True, help="What went wrong.")
@click.option("--final", is_flag=True, help="It will not work, however often it is tried.")
@click.option("--uncertain", is_flag=True, help="It may have happened all the same.")
@click.option("--after", type=click.FloatRange(0), default=None, metavar="SECONDS",
              help="The soonest next attempt.")  # fmt: skip
@click.option("--progress", default="{}", metavar="JSON", help="What is done already.")
@AGENT
@ATTEMPT
@COST
@common.as_json
@common.where
def fail(
    command_id: str,
    reason: str,
    final: bool,
    uncertain: bool,
    after: float | None,
    progress: str,
    is_json: bool,
    settings: Settings,
    **said: Any,
) -> int:
    """Report that an attempt failed."""
    body = {
        "error": reason,
        "is_retryable": not final,
        "is_uncertain": uncertain,
        "retry_after": after,
        "progress": _object(progress, "--progress"),
        **said,
    }
    return common.wait_for(_tell(settings, command_id, "error", body, is_json))


@commands.command(epilog=common.examples("orchestrator commands grant ID --agent ann"))
@click.argument("command_id")
@AGENT
@ATTEMPT
@common.as_json
@common.where
def grant(
    command_id: str, agent: str | None, attempt: int | None, is_json: bool, settings: Settings
) -> int:
    """Ask at the door before doing what must not be done twice."""
    require_data(settings)
    body = {"agent": agent, "attempt": attempt}
    return common.wait_for(_grant(settings, command_id, body, is_json))


@commands.command(epilog=common.examples("orchestrator commands retry ID"))
@click.argument("command_id")
@common.as_json
@common.where
def retry(command_id: str, is_json: bool, settings: Settings) -> int:
    """Begin the next attempt now, or try again what failed for good."""
    return common.wait_for(_order(settings, command_id, "retry", None, is_json))


@commands.command(epilog=common.examples('orchestrator commands cancel ID --reason "too late"'))
@click.argument("command_id")
@click.option("--reason", default="", help="Why.")
@common.as_json
@common.where
def cancel(command_id: str, reason: str, is_json: bool, settings: Settings) -> int:
    """End a command, unless its effect may be under way."""
    return common.wait_for(_order(settings, command_id, "cancel", {"reason": reason}, is_json))


@commands.command(epilog=common.examples("orchestrator commands stats --json"))
@common.as_json
@common.where
def stats(is_json: bool, settings: Settings) -> int:
    """Figures by agent type and tool.

    How commands stand, how long attempts waited and ran, and what they cost.
    """
    require_data(settings)
    return common.wait_for(_stats(settings, is_json))


async def _list(settings: Settings, query: dict[str, Any], is_json: bool) -> int:
    require_data(settings)
    async with connect(settings, agents=()) as client:
        page = await client.get(QUEUE, **{"limit": 20} | query)
    if is_json:
        common.show_json(page)
    else:
        tables.show_list(page, is_filtered=any(query.get(name) for name in ("status", "task_id")))
    return 0


async def _show(settings: Settings, command_id: str, is_json: bool) -> int:
    async with connect(settings, agents=()) as client:
        found = await client.get(_path(command_id))
    if is_json:
        common.show_json(found)
    else:
        tables.show_command(found)
    return 0


async def _dispatch(
    settings: Settings, body: dict[str, Any], headers: dict[str, str], is_json: bool
) -> int:
    async with connect(settings, agents=None if "Prefer" in headers else ()) as client:
        made = await client.post(QUEUE, body, headers=headers)
        ended = made["status"] in ("completed", "failed", "cancelled")
        found = await client.get(_path(made["command_id"])) if ended else None
    if is_json:
        common.show_json(found or made)
    elif found is not None:
        tables.show_command(found)
    else:
        word = "is known already" if made["is_repeat"] else "is in the queue"
        click.echo(f"Command {made['command_id']} {word}: {tables.status(made['status'])}.")
        if client.is_local:
            click.echo("No server is running: `orchestrator up` does the work.")
        click.echo(f"  orchestrator commands show {made['command_id']}")
    return 1 if found is not None and found["status"] != "completed" else 0


async def _claim(settings: Settings, body: dict[str, Any], wait: float, is_json: bool) -> int:
    async with connect(settings, agents=()) as client:
        headers = {"Prefer": f"wait={wait:g}"} if wait else None
        found = await client.post(f"{QUEUE}claim", body, headers=headers)
    if is_json:
        common.show_json(found)
    elif found["items"]:
        tables.show_claimed(found["items"], body["agent"])
    else:
        click.echo("There is nothing to do.", err=True)
    return 0 if found["items"] else 3


async def _tell(
    settings: Settings, command_id: str, what: str, body: dict[str, Any], is_json: bool
) -> int:
    require_data(settings)
    async with connect(settings, agents=()) as client:
        answer = await client.patch(f"{_path(command_id)}/{what}", body)
    return _say(answer, is_json)


async def _grant(settings: Settings, command_id: str, body: Any, is_json: bool) -> int:
    async with connect(settings, agents=()) as client:
        found = await client.post(f"{_path(command_id)}/grant", body)
    if is_json:
        common.show_json(found)
    else:
        click.echo(f"Do it now, once: begin within {found['seconds']:g} s, then report.")
        click.echo(f"  idempotency key, where a service takes one: {found['key']}")
    return 0


async def _order(settings: Settings, command_id: str, what: str, body: Any, is_json: bool) -> int:
    require_data(settings)
    async with connect(settings, agents=()) as client:
        answer = await client.post(f"{_path(command_id)}/{what}", body or {})
    return _say(answer, is_json)


async def _stats(settings: Settings, is_json: bool) -> int:
    async with connect(settings, agents=()) as client:
        found = await client.get(f"{QUEUE}statistics")
    if is_json:
        common.show_json(found)
    else:
        tables.show_statistics(found["items"])
    return 0


def _say(answer: Any, is_json: bool) -> int:
    if is_json:
        common.show_json(answer)
    else:
        again = ", as it was already" if answer["verdict"] == "repeated" else ""
        click.echo(f"Command {answer['command_id']} is {tables.status(answer['status'])}{again}.")
    return 0


def _path(command_id: str) -> str:
    return QUEUE + quote(command_id, safe="")


def _object(text: str, name: str) -> Any:
    """A JSON object from what was typed, from a file (@FILE), or from stdin (-)."""
    from api.intake import InvalidRequest, read_json

    if text.startswith("@"):
        value = common.read_file(Path(text[1:]), f"the file of {name}")
    else:
        given = sys.stdin.read() if text == "-" else text
        try:
            value = read_json(given.encode(), limit=common.LARGEST_FILE)
        except InvalidRequest as error:
            raise UsageError(f"{name} {error.problems[0]['detail']}") from None
    if not isinstance(value, dict):
        raise UsageError(f"{name} must be a JSON object")
    return value

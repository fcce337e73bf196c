"""Operations: what is there, is it in order, and how it is set up."""

import difflib
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import click

from api.client import connect, server_of
from api.errors import ApiError
from api.settings import PREFIX, Settings
from api.verbs import common

LOW_DISK = 200_000_000  # bytes


@click.command(epilog=common.examples("ORCHESTRATOR_PORT=8010 orchestrator config"))
@common.as_json
@common.where
def config(is_json: bool, settings: Settings) -> int:
    """The settings in force; secrets are masked."""
    shown = settings.shown()
    if is_json:
        common.show_json(shown)
        return 0
    for name, value in shown.items():
        click.echo(f"{name:<20} {'' if value is None else value}")
    return 0


@click.command(epilog=common.examples("orchestrator doctor --json"))
@common.as_json
@common.where
def doctor(is_json: bool, settings: Settings) -> int:
    """Is everything in order here? What to do if not. Exit code 1 if something is wrong."""
    found = common.wait_for(_examine(settings))
    if is_json:
        common.show_json(found)
    else:
        for check in found:
            mark = (
                click.style("ok  ", fg="green") if check["is_ok"] else click.style("BAD ", fg="red")
            )
            click.echo(f"{mark} {check['what']}: {check['found']}")
    return 0 if all(check["is_ok"] for check in found) else 1


async def _examine(settings: Settings) -> list[dict[str, Any]]:
    found = [
        _check("python", sys.version_info >= (3, 11), sys.version.split()[0]),
        _own_packages(),
        *_unknown_variables(),
        *_channels(settings),
    ]
    if settings.kafka is not None:
        from api.cluster.checking import examine_broker

        return [*found, *(_check(*check) for check in await examine_broker(settings))]
    found += await _examine_tools(settings)
    data = settings.data
    if not data.is_dir():
        return [
            *found,
            _check("data directory", True, f"{data} is not there yet; the first run makes it"),
        ]
    free = shutil.disk_usage(data).free
    found.append(_check("disk", free > LOW_DISK, f"{free / 1e9:.1f} GB free at {data}"))
    is_writable = os.access(data, os.W_OK)
    found.append(
        _check(
            "data directory", is_writable, f"{data} can{'' if is_writable else 'not'} be written"
        )
    )
    found += await _examine_log(settings)
    return found


async def _examine_tools(settings: Settings) -> list[dict[str, Any]]:
    """The permissions, and the MCP servers if any are named."""
    from api.known_tools import PERMISSIONS, servers_file
    from api.verbs.tools import tools_found

    has_permissions = (settings.data / PERMISSIONS).exists()
    try:
        if servers_file(settings) is None and not has_permissions:
            return []
        known = await tools_found(settings)
    except ApiError as error:
        return [_check("tools of others", False, str(error))]
    problem = known["permissions"]["problem"]
    said = next((note for note in known["notes"] if problem and note.startswith(problem)), problem)
    found = [_check("permissions", not problem, said or known["permissions"]["file"])]
    for each in known["servers"]:
        words = f"{each['state']}, {common.counted(each['tools'], 'tool')}"
        why = f": {each['reason']}" if each["reason"] else ""
        found.append(_check(f"server {each['name']}", each["state"] == "ready", words + why))
    return found


async def _examine_log(settings: Settings) -> list[dict[str, Any]]:
    """The lock, the file, and what the watchdog can prove about the open tasks."""
    from streams.clock import wall_clock
    from streams.conductor import Conductor
    from streams.domain.errors import LogError
    from streams.lock import holder
    from streams.sqlite import SqliteLog
    from streams.watchdog import Health, counts, examine

    held = holder(settings.data)
    who = "nobody" if held is None else f"process {held.pid}{f' at {held.url}' if held.url else ''}"
    found = [_check("held by", True, who)]
    if not (settings.data / "log.db").exists():
        return [*found, _check("log", True, "none yet; the first run makes it")]
    try:
        log = await SqliteLog.open(settings.data, read_only=True)
    except LogError as error:
        return [*found, _check("log", False, str(error))]
    try:
        wrong = await log.check()
        found.append(_check("log", not wrong, "whole" if not wrong else "; ".join(wrong[:5])))
        states = (await Conductor.look(log, 0)).states()
        findings = examine(states.values(), wall_clock())
        words = ", ".join(f"{n} {name}" for name, n in counts(findings).items())
        stranded = [f for f in findings if f.health is Health.STRANDED and held is not None]
        found.append(_check("open tasks", not stranded, words))
        found += [_check(f"task {f.task_id}", False, f.note) for f in stranded[:20]]
    except LogError as error:
        found.append(_check("histories", False, str(error)))
    finally:
        await log.close()
    return found


def _own_packages() -> dict[str, Any]:
    """Other distributions install packages of the same plain names; they must not win."""
    import agents

    ours, found = (
        Path(__file__).resolve().parents[2],
        Path(str(agents.__file__)).resolve().parents[1],
    )
    hint = (
        "ours"
        if ours == found
        else f"{found} hides ours: use an environment of its own (openai-agents has one too)"
    )
    return _check("package 'agents'", ours == found, hint)


def _channels(settings: Settings) -> list[dict[str, Any]]:
    """A channel that is to be live and is not would be taken for one that publishes."""
    if not settings.live_channels:
        return []
    from api.channels import standings

    named = [standing for standing in standings(settings).values() if standing.is_named]
    return [
        _check(
            f"channel {standing.channel.value}",
            standing.is_live,
            standing.where
            if standing.is_live
            else "; ".join(
                [*(f"{name} is not set" for name in standing.missing), *standing.problems]
            ),
        )
        for standing in named
    ]


def _unknown_variables() -> list[dict[str, Any]]:
    """A variable with our prefix that is no setting was probably meant to be one."""
    names = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    found = []
    for name in sorted(n for n in os.environ if n.startswith(PREFIX) and n not in names):
        close = difflib.get_close_matches(name, names, n=1)
        hint = f": did you mean {close[0]}?" if close else ""
        found.append(_check("variables", False, f"{name} is no setting{hint}"))
    return found


def _check(what: str, is_ok: bool, found: str) -> dict[str, Any]:
    return {"what": what, "is_ok": is_ok, "found": found}


@click.group(epilog=common.examples("orchestrator token create ann --role approver"))
def token() -> None:
    """Bearer tokens for people and programs."""


@token.command(
    "create",
    epilog=common.examples("ORCHESTRATOR_SECRET=… orchestrator token create ann --role approver"),
)
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(["viewer", "operator", "approver", "admin"]),
    default="operator",
    show_default=True,
)
@click.option("--days", type=click.FloatRange(min=0.001, max=3650), default=30.0, show_default=True)
@click.option("--tenant", default="default", show_default=True)
@common.as_json
@common.where
def create(
    name: str, role: str, days: float, tenant: str, is_json: bool, settings: Settings
) -> None:
    """Make a bearer token, signed with ORCHESTRATOR_SECRET."""
    from api.security import create_token

    made = create_token(settings, name, role, days=days, tenant=tenant)
    if is_json:
        common.show_json({"token": made, "name": name, "role": role, "tenant": tenant})
    else:
        click.echo(made)


@click.command(epilog=common.examples("orchestrator openapi > openapi.json"))
@common.where
def openapi(settings: Settings) -> int:
    """The HTTP interface as OpenAPI."""
    return common.wait_for(_openapi(settings))


async def _openapi(settings: Settings) -> int:
    if server_of(settings):
        async with connect(settings) as client:
            common.show_json(await client.get("/openapi.json"))
    else:
        from api.app import bare_app, describe

        common.show_json(describe(bare_app(settings)))
    return 0


@click.command(
    epilog=common.examples(
        'eval "$(orchestrator completion bash)"     # in ~/.bashrc',
        "orchestrator completion fish > ~/.config/fish/completions/orchestrator.fish",
    )
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """The script that completes verbs and options in your shell."""
    from click.shell_completion import get_completion_class

    from api.cli import cli

    kind = get_completion_class(shell)
    if kind is not None:
        click.echo(kind(cli, {}, "orchestrator", "_ORCHESTRATOR_COMPLETE").source())

"""How commands, claims and agents look on a terminal."""

import json
from typing import Any

import click

from api.verbs import common
from api.verbs.plain import plain

COLOURS = {
    "pending": "yellow", "processing": "cyan", "completed": "green", "failed": "red",
    "cancelled": "bright_black", "stopped": "bright_black", "connected": "cyan", "idle": "green",
    "lost": "red",
}  # fmt: skip
WIDTH, LONGEST = 100, 1_500  # characters of a line, and of a text
FIRST = """  orchestrator commands dispatch weather look --payload '{"city": "Rome"}'"""


def status(word: str, width: int = 0) -> str:
    """A status in its colour."""
    return click.style(f"{word:<{width}}", fg=COLOURS.get(word))


def show_list(page: Any, *, is_filtered: bool) -> None:
    """A page of commands, a line each."""
    items = page["items"]
    if not items:
        click.echo("There is no such command." if is_filtered else f"No commands yet:\n{FIRST}")
        return
    ids = max(len(item["command_id"]) for item in items)
    whats = max(len(_what(item)) for item in items)
    head = f"{'COMMAND':<{ids}}  {'STATUS':<10}  {'WHAT':<{whats}}  TRIES  {'ISSUED (UTC)':<16}  BY"
    click.secho(head, dim=True)
    for item in items:
        tries = f"{item['attempt']}/{item['max_attempts']}"
        moment = item["issued_at"][:16].replace("T", " ")
        by = plain(item["runner"] or "")
        word = status(item["status"], 10)
        line = f"{item['command_id']:<{ids}}  {word}  {plain(_what(item)):<{whats}}  {tries:<5}"
        click.echo(f"{line}  {moment}  {by}")
        if item["error"] and item["status"] != "completed":
            click.secho(f"    {common.short(plain(item['error']), 110)}", dim=True)
    if page["next_cursor"]:
        click.echo(f"More:  orchestrator commands list --cursor {page['next_cursor']}")


def show_command(found: Any) -> None:
    """One command in some lines."""
    found = plain(found)
    click.echo(f"Command {found['command_id']}  {status(found['status'])}")
    click.echo(f"  {_what(found)}, priority {found['priority']}, {_repeats(found)}")
    click.echo(f"  task {found['task_id']}, phase {found['phase']}, {common.money(found['cost'])}")
    if found["depends_on"]:
        task = found["task_id"]
        given = ", ".join(each.removeprefix(task) for each in found["depends_on"])
        click.echo(f"  given the results of {given} of the same task")
    _show_document("payload", found["payload"])
    for each in found["attempts"]:
        _show_attempt(each, found["max_attempts"])
    waits = found["waits_for"]
    if waits:
        until = f" until {_moment(waits['until'])}" if "until" in waits else ""
        click.echo(f"  waits for {waits['whom']} ({waits['kind']}){until}")
    if found["progress"]:
        _show_document("done already", found["progress"])
    if found["result"] is not None:
        _show_document("result", found["result"])
    _offer(found)


def show_claimed(items: list[Any], agent: str | None) -> None:
    """What is yours now, with what to type when it is done."""
    by = f" --agent {agent}" if agent else ""
    for item in map(plain, items):
        until = _moment(item["lease"]["until"])
        click.echo(f"Yours until {until}: {click.style(item['command_id'], bold=True)}")
        click.echo(f"  {_what(item)}, attempt {item['attempt']} of {item['max_attempts']}")
        _show_document("payload", item["payload"])
        if item["progress"]:
            _show_document("done already", item["progress"])
        if not item["is_repeatable"]:
            click.echo("  It must not be done twice. Before you do it, ask at the door:")
            click.echo(f"  orchestrator commands grant {item['command_id']}{by}")
        told = f"{item['command_id']} --attempt {item['attempt']}{by}"
        click.echo(f"  orchestrator commands complete {told} --output '{{…}}'")
        click.echo(f'  orchestrator commands fail {told} --reason "…"')


def show_statistics(items: list[Any]) -> None:
    """Figures by agent type and tool, a line each."""
    if not items:
        click.echo(f"No commands yet:\n{FIRST}")
        return
    names = [plain(_named(item)) for item in items]
    width = max(len("AGENT TYPE, TOOL"), *map(len, names))
    counts = f"{'COMMANDS':>8}  {'DONE':>6}  {'FAILED':>6}  {'CANCEL':>6}  {'OPEN':>6}"
    head = f"{'AGENT TYPE, TOOL':<{width}}  {counts}"
    times = f"{'WAITED p50':>10}  {'p95':>8}  {'RAN p50':>8}  {'p95':>8}  {'COST':>8}"
    click.secho(f"{head}  {times}", dim=True)
    for name, item in zip(names, items, strict=True):
        by = item["by_status"]
        is_open = by.get("pending", 0) + by.get("processing", 0)
        ended = (by.get(word, 0) for word in ("completed", "failed", "cancelled"))
        counts = f"{item['commands']:>8,}  " + "  ".join(f"{number:>6,}" for number in ended)
        waited, ran = _spread(item["waiting"], 10), _spread(item["running"], 8)
        cost = f"{common.money(item['cost']):>8}"
        click.echo(f"{name:<{width}}  {counts}  {is_open:>6,}  {waited}  {ran}  {cost}")


def show_agents(found: Any) -> None:
    """The agents, a line each, and what waits for nobody."""
    items = plain(found["items"])
    width = max((len(item["name"]) for item in items), default=4)
    types = max((len(", ".join(item["agent_types"])) for item in items), default=4)
    click.secho(f"{'AGENT':<{width}}  STATE      {'TYPES':<{types}}  HOLDS  LAST SEEN", dim=True)
    for item in items:
        seen = "built in" if item["is_builtin"] else _moment(item["last_seen"])
        is_known = item["is_builtin"] or item["is_registered"]
        named = ", ".join(item["agent_types"]) if is_known else "?"
        line = f"{item['name']:<{width}}  {status(item['state'], 9)}  {named:<{types}}"
        click.echo(f"{line}  {len(item['holds']):<5}  {seen}")
        if item["tools"]:
            click.secho(f"    {common.short(', '.join(item['tools']), 110)}", dim=True)
    for each in found["waiting"]:
        waiting = common.counted(each["commands"], "command")
        click.echo(f"{waiting} for {plain(each['agent_type'])} in the queue")


def _what(item: Any) -> str:
    """What a command is about: its agent type, and the tool, action or kind."""
    what = item["tool_id"] or item["action"] or item["kind"]
    action = item["action"] if item["action"] not in ("", what) else ""
    return f"{item['agent_type']}: {what}{f' ({action})' if action else ''}"


def _named(item: Any) -> str:
    return f"{item['agent_type']}{', ' + item['tool_id'] if item['tool_id'] else ''}"


def _repeats(found: Any) -> str:
    return "may be done again" if found["is_repeatable"] else "must not be done twice"


def _show_document(name: str, value: Any) -> None:
    """In one line where it is short, else a line for each of its parts."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= WIDTH or not isinstance(value, dict):
        click.echo(f"  {name}: {common.short(text, LONGEST)}")
        return
    lines = [f"{part}: {json.dumps(inner, ensure_ascii=False)}" for part, inner in value.items()]
    is_cut = any(len(line) > WIDTH for line in lines)
    click.echo(f"  {name}:{'  (all of it with --json)' if is_cut else ''}")
    for line in lines:
        click.echo(f"    {common.short(line, WIDTH)}")


def _show_attempt(each: Any, most: int) -> None:
    outcome = each["outcome"] or ("under way" if each["started_at"] else "waits")
    by = f" by {each['runner']}" if each["runner"] else ""
    took = f", {each['duration']:g} s" if each["duration"] else ""
    why = f": {common.short(each['reason'], 100)}" if each["reason"] else ""
    word = click.style(outcome, fg=COLOURS.get(outcome))
    click.echo(f"  attempt {each['attempt']} of {most}: {word}{by}{took}{why}")


def _offer(found: Any) -> None:
    """What can be done about it now."""
    name = found["command_id"]
    match found["status"]:
        case "pending":
            click.echo(f"  orchestrator commands claim --type {found['agent_type']}")
            click.echo(f"  orchestrator commands cancel {name}")
        case "failed":
            click.echo(f"  orchestrator commands retry {name}")
        case _:
            click.echo(f"  orchestrator events {found['task_id']}")


def _moment(moment: str | None) -> str:
    return "never" if moment is None else f"{moment[:19].replace('T', ' ')} UTC"


def _spread(found: Any, width: int) -> str:
    if found is None:
        return f"{'-':>{width}}  {'-':>8}"
    return f"{_seconds(found['p50']):>{width}}  {_seconds(found['p95']):>8}"


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds < 1 else f"{seconds:,.1f} s"

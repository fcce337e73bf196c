"""What was spent on a day, what is held for calls under way, and who was stopped."""

from typing import Any

import click

from api.client import connect
from api.settings import Settings
from api.verbs import common
from api.verbs.plain import plain

ROWS = 10  # of each list; --json has more


@click.command(
    epilog=common.examples(
        "orchestrator budgets",
        "orchestrator budgets --day 2026-01-15",
        "orchestrator budgets --json",
    )
)
@click.option("--day", default=None, metavar="YYYY-MM-DD", help="Another day than today, in UTC.")
@common.as_json
@common.where
def budgets(day: str | None, is_json: bool, settings: Settings) -> int:
    """What was spent today, what is held for calls under way, and who was stopped and why."""
    return common.wait_for(_show(settings, day, is_json))


async def _show(settings: Settings, day: str | None, is_json: bool) -> int:
    async with connect(settings, agents=()) as client:
        found = await client.get("/api/orchestrator/budgets", day=day)
    if is_json:
        common.show_json(found)
    else:
        show(plain(found))
    return 0


def show(found: dict[str, Any]) -> None:
    """A day's ledger in some lines."""
    click.echo(f"{found['day']} (UTC), tenant {found['tenant']}, mode {found['mode']}")
    click.echo(f"  {_sums(found)}")
    if found["excess"]:
        over = _money(found["excess"])
        click.secho(f"  calls have cost {over} more than was held for them", fg="yellow")
    click.echo(f"  limits: {_limits(found['limits'])}")
    for title, name in (("principal", "principals"), ("task", "tasks")):
        rows = found[name]
        for row in rows[:ROWS]:
            click.echo(f"  {title} {row['principal' if name == 'principals' else 'task_id']}")
            click.echo(f"    {_sums(row)}")
        if len(rows) > ROWS:
            click.echo(f"  … and {len(rows) - ROWS} more: --json shows them")
    for each in found["stopped"][:ROWS]:
        word = "asked a human" if each["action"] == "ask" else "stopped"
        moment = each["at"][11:19]
        click.echo(
            f"  {moment} {common.coloured('failed', word)}: {each['principal']}, "
            f"task {each['task_id']}: {each['reason']}"
        )
    more = found["refused"] - min(ROWS, len(found["stopped"]))
    if more > 0:
        click.echo(f"  … and {common.counted(more, 'other call')} before")


def _sums(row: dict[str, Any]) -> str:
    said = [f"{_money(row['spent'])} spent", f"{_money(row['reserved'])} held"]
    if row["left"] is not None:
        said.append(f"{_money(row['left'])} left of {_money(row['limit'])}")
    said.append(common.counted(row["calls"], "call"))
    if row["refused"]:
        said.append(f"{row['refused']:,} refused")
    return ", ".join(said)


def _limits(limits: dict[str, float | None]) -> str:
    words = {
        "task": "a task {}",
        "principal": "a principal's day {}",
        "day": "the day {}",
        "ask_above": "a call above {} needs a yes",
    }
    told = [text.format(_money(limits[n])) for n, text in words.items() if limits[n] is not None]
    return ", ".join(told) or "none (set ORCHESTRATOR_BUDGET, _BUDGET_PRINCIPAL or _BUDGET_DAY)"


def _money(dollars: float | None) -> str:
    return f"${dollars or 0.0:,.6f}".rstrip("0").ljust(5, "0") if dollars else "$0.00"

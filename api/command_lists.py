"""Lists and figures of commands, from the read models."""

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from api.documents import iso
from api.errors import UsageError
from api.read_models import ReadModels
from streams.domain.values import Json

if TYPE_CHECKING:
    from projections.command_queries import CommandRow, Figures

_MOMENTS = ("issued_at", "claimed_at", "ended_at", "retry_at")
_STATUSES = ("pending", "processing", "completed", "failed", "cancelled")


async def listed(read_models: ReadModels, **wanted: Any) -> Json:
    """A page of commands, newest first; `wanted` as in `projections.command_queries.commands`.

    Raises:
        UsageError: the cursor is not one of ours.
    """
    from projections.command_queries import commands
    from projections.errors import InvalidCursor

    try:
        page = await read_models.ask(partial(commands, **wanted))
    except InvalidCursor as error:
        raise UsageError(str(error), pointer="/cursor") from None
    return {"items": [_item(row) for row in page.items], "next_cursor": page.next_cursor}


async def statistics(read_models: ReadModels, tenant: str) -> Json:
    """Each tool of each agent type in numbers."""
    from projections.command_queries import command_statistics

    found = await read_models.ask(partial(command_statistics, tenant=tenant))
    return {"items": [_figures(each) for each in found]}


def _item(row: "CommandRow") -> Json:
    values = asdict(row)
    del values["tenant"]
    values["duration"] = values.pop("duration_ms") / 1000
    return values | {name: iso(values[name]) for name in _MOMENTS}


def _figures(found: "Figures") -> Json:
    """Durations in seconds."""
    by_status = {name: getattr(found, name) for name in _STATUSES if getattr(found, name)}
    return {
        "agent_type": found.agent_type,
        "tool_id": found.tool_id,
        "commands": found.commands,
        "by_status": by_status,
        "attempts": found.attempts,
        "failures": found.failures,
        "waiting": _spread(found.waited_p50, found.waited_p95),
        "running": _spread(found.ran_p50, found.ran_p95),
        "cost": round(found.cost, 6),
        "last_ended_at": iso(found.last_ended_at),
    }


def _spread(p50: float | None, p95: float | None) -> Json | None:
    if p50 is None or p95 is None:
        return None
    return {"p50": round(p50 / 1000, 4), "p95": round(p95 / 1000, 4)}

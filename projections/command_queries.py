"""What pages and the API ask about commands. These functions block: call them in a thread."""

from dataclasses import dataclass

from projections.queries import LARGEST_PAGE, place_cursor, read_cursor
from projections.store import Store
from streams.domain.values import Milliseconds


@dataclass(frozen=True, slots=True)
class CommandRow:
    """A command as it stood after the newest projected event; its fields are the columns of the
    view, in their order. Durations are milliseconds, `cost` US dollars over all attempts."""

    command_id: str
    task_id: str
    tenant: str
    status: str
    is_uncertain: bool | None
    kind: str
    phase: str
    agent_type: str
    action: str
    tool_id: str | None
    step_id: str | None
    channel: str | None
    priority: int
    is_repeatable: bool
    attempt: int
    max_attempts: int
    failures: int
    runner: str | None
    issued_at: Milliseconds
    claimed_at: Milliseconds | None
    ended_at: Milliseconds | None
    retry_at: Milliseconds | None
    cost: float
    duration_ms: Milliseconds
    error: str | None


@dataclass(frozen=True, slots=True)
class CommandPage:
    """Some commands, and the cursor of those that follow; None at the end."""

    items: list[CommandRow]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The commands of one tool of an agent type, in numbers; waiting and run times in
    milliseconds, of attempts."""

    agent_type: str
    tool_id: str | None
    commands: int
    pending: int
    processing: int
    completed: int
    failed: int
    cancelled: int
    attempts: int
    failures: int
    cost: float
    last_ended_at: Milliseconds | None
    waited_p50: float | None
    waited_p95: float | None
    ran_p50: float | None
    ran_p95: float | None


def commands(
    store: Store,
    *,
    tenant: str,
    limit: int = 50,
    cursor: str | None = None,
    status: str | None = None,
    agent_type: str | None = None,
    tool_id: str | None = None,
    task_id: str | None = None,
    runner: str | None = None,
) -> CommandPage:
    """Commands, newest first. A command's place never changes, so pages neither repeat nor skip.

    Raises:
        InvalidCursor: the cursor is not one of ours.
        StoreUnusable: the read models cannot be read now.
    """
    limit = max(1, min(limit, LARGEST_PAGE))
    before, before_id = read_cursor(cursor) if cursor else (None, None)
    given = {
        "tenant": tenant,
        "status": status,
        "agent_type": agent_type,
        "tool_id": tool_id,
        "task_id": task_id,
        "runner": runner,
        "before": before,
        "before_id": before_id,
        "limit": limit + 1,
    }
    items = [CommandRow(*row) for row in store.read("commands", given)]
    has_more, items = len(items) > limit, items[:limit]
    last = items[-1] if has_more else None
    return CommandPage(items, place_cursor(last.issued_at, last.command_id) if last else None)


def command_statistics(store: Store, tenant: str) -> list[Figures]:
    """Each tool of each agent type in numbers."""
    return [Figures(*row) for row in store.read("command_statistics", {"tenant": tenant})]

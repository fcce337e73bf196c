"""What pages and the API ask of the read models. These functions block: call them in a thread."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from projections.errors import InvalidCursor
from projections.store import Store
from projections.tasks import TaskRow
from streams.domain.values import Milliseconds

LARGEST_PAGE = 1_000
LONGEST_CURSOR = 400


@dataclass(frozen=True, slots=True)
class Page:
    """Some tasks, and the cursor of those that follow; None at the end."""

    items: list[TaskRow]
    next_cursor: str | None


def task(store: Store, task_id: str) -> TaskRow | None:
    """One task, if the read models know it."""
    found = store.read("task", {"task_id": task_id})
    return TaskRow(*found[0]) if found else None


def history(
    store: Store,
    *,
    limit: int = 50,
    cursor: str | None = None,
    status: str | None = None,
    source: str | None = None,
    tenant: str | None = None,
    text: str | None = None,
    is_waiting: bool = False,
) -> Page:
    """Tasks, newest first.

    A task's place never changes, so pages neither repeat a task nor skip an older one.

    Args:
        store: the read models.
        limit: the most tasks of the page, 1 to 1000.
        cursor: `next_cursor` of the page before.
        status: only tasks of this status (see `TaskStatus`).
        source: only tasks of this source (see `WorkflowSource`).
        tenant: only tasks of this tenant.
        text: only tasks with this in their id, title or request, whatever its case.
        is_waiting: only tasks that nobody but a human can move.

    Raises:
        InvalidCursor: the cursor is not one of ours.
        StoreUnusable: the read models cannot be read now.
    """
    limit = max(1, min(limit, LARGEST_PAGE))
    before, before_task_id = read_cursor(cursor) if cursor else (None, None)
    given = {
        "status": status,
        "source": source,
        "tenant": tenant,
        "text": text,
        "is_waiting": is_waiting,
        "before": before,
        "before_task_id": before_task_id,
        "limit": limit + 1,
    }
    items = [TaskRow(*row) for row in store.read("history", given)]
    has_more, items = len(items) > limit, items[:limit]
    return Page(items, cursor_after(items[-1]) if has_more else None)


def counts(store: Store, tenant: str | None = None) -> dict[str, int]:
    """How many tasks there are of each status that occurs."""
    return dict(store.read("counts", {"tenant": tenant}))


def cursor_after(row: TaskRow) -> str:
    """The cursor of what follows on a row."""
    return place_cursor(row.submitted_at, row.task_id)


def place_cursor(at: Milliseconds, row_id: str) -> str:
    """The cursor of what follows on a place in a list that is ordered by moment and id."""
    place = json.dumps([at, row_id])
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[Milliseconds, str]:
    """The place that a cursor stands for.

    Raises:
        InvalidCursor: it is not one of ours.
    """
    if len(cursor) > LONGEST_CURSOR:
        raise InvalidCursor
    try:
        match json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))):
            case [int(submitted_at), str(task_id)] if (
                type(submitted_at) is int and abs(submitted_at) < 2**63
            ):
                return submitted_at, task_id
    except (binascii.Error, ValueError):
        pass
    raise InvalidCursor

"""Pages of the history, and counts."""

from pathlib import Path

import pytest

from projections.errors import InvalidCursor
from projections.model import write_rows
from projections.projector import Projector
from projections.queries import Page, counts, cursor_after, history, read_cursor, task
from projections.store import Store
from projections.tasks import TASKS, TaskRow, task_row, values_of
from streams.domain.state import Life, TaskState
from streams.domain.values import DecisionOutcome, WorkflowSource
from streams.memory import MemoryLog


def a_row(number: int, **fields: object) -> TaskRow:
    task_id = f"t{number:02}"
    state = TaskState(
        task_id=task_id,
        life=Life.OPEN,
        request=str(fields.get("request", "a post")),
        tenant=str(fields.get("tenant", "default")),
        submitted_at=1_000 + number // 2,  # two tasks a millisecond
        source=WorkflowSource(str(fields.get("source", "chat"))),
        outcome=DecisionOutcome.APPROVED,
    )
    return task_row(state, task_id, 1, at=2_000)


def put(store: Store, *rows: TaskRow) -> None:
    store.write(lambda connection: write_rows(connection, TASKS, [values_of(r) for r in rows]))


def ids(page: Page) -> list[str]:
    return [row.task_id for row in page.items]


def test_pages_go_from_the_newest_to_the_oldest(store: Store) -> None:
    put(store, *(a_row(number) for number in range(7)))

    pages = [history(store, limit=3)]
    while pages[-1].next_cursor:
        pages.append(history(store, limit=3, cursor=pages[-1].next_cursor))

    assert [ids(page) for page in pages] == [["t06", "t05", "t04"], ["t03", "t02", "t01"], ["t00"]]


def test_a_page_that_ends_with_the_last_task_has_no_cursor(store: Store) -> None:
    put(store, a_row(1), a_row(2))

    assert history(store, limit=2).next_cursor is None
    assert history(store, limit=0).next_cursor is not None
    assert Page([], None) == history(store, status="failed")


def test_tasks_that_come_in_between_change_no_later_page(store: Store) -> None:
    put(store, *(a_row(number) for number in range(6)))
    first = history(store, limit=2)

    put(store, a_row(7), a_row(8), a_row(5))

    assert ids(history(store, limit=2, cursor=first.next_cursor)) == ["t03", "t02"]


def test_filters_are_combined(store: Store) -> None:
    put(
        store,
        a_row(1, tenant="a", request="Growth in Q4 50%"),
        a_row(2, tenant="a", source="user_request", request="growth"),
        a_row(3, tenant="b", request="GROWTH"),
        a_row(4, tenant="a", request="costs"),
    )

    assert ids(history(store, text="gRoWtH")) == ["t03", "t02", "t01"]
    assert ids(history(store, text="growth", tenant="a")) == ["t02", "t01"]
    assert ids(history(store, text="growth", tenant="a", source="chat")) == ["t01"]
    assert ids(history(store, status="processing", text="50%")) == ["t01"]
    assert ids(history(store, text="T04")) == ["t04"]
    assert ids(history(store, text="' or 1 = 1 --")) == []


def test_counts_are_by_status_and_tenant(store: Store) -> None:
    put(store, a_row(1, tenant="a"), a_row(2, tenant="b"), a_row(3, tenant="b"))

    assert counts(store) == {"processing": 3}
    assert counts(store, "b") == {"processing": 2}
    assert counts(store, "c") == {}


def test_a_row_comes_back_as_it_was_written(store: Store) -> None:
    row = a_row(1)
    put(store, row)

    assert task(store, "t01") == row
    assert task(store, "t02") is None


def test_an_older_row_does_not_replace_a_newer_one(store: Store) -> None:
    newer = task_row(TaskState(life=Life.OPEN), "t01", 9, at=2_000)
    put(store, newer)

    put(store, a_row(1))

    assert task(store, "t01") == newer


@pytest.mark.parametrize(
    "cursor", ["x", "é", "bnVsbA", "WzEsMl0", "W3RydWUsInQiXQ", "!!!!", "W10", "W" * 5_000]
)
def test_a_cursor_that_no_page_gave_is_refused(cursor: str, store: Store) -> None:
    with pytest.raises(InvalidCursor):
        history(store, cursor=cursor)


def test_a_cursor_says_where_its_row_is() -> None:
    row = a_row(4)

    assert read_cursor(cursor_after(row)) == (row.submitted_at, "t04")


async def test_the_real_rows_can_be_paged(lived: MemoryLog, tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    await Projector(store, lived).catch_up()

    first = history(store, limit=6)
    rest = history(store, limit=6, cursor=first.next_cursor)

    assert len(first.items + rest.items) == 10
    places = [(row.submitted_at, row.task_id) for row in first.items + rest.items]
    assert places == sorted(places, reverse=True)
    store.close()

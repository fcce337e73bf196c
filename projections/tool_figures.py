"""What tools have shown: the ended runs of each, added up from the attempts at commands. These
functions block: call them in a thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from projections.schema import sql
from projections.store import Store
from streams.domain.values import Milliseconds

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class ToolFigures:
    """The ended runs of one tool; duration and US dollars of all of them together."""

    tool_id: str
    runs: int
    successes: int
    duration: Milliseconds
    cost: float
    last_used: Milliseconds | None
    last_error: str | None


def tool_figures(store: Store, tenant: str | None = None) -> list[ToolFigures]:
    """The figures of all tools that have run, for one tenant or for all together."""
    return [ToolFigures(*row) for row in store.read("tool_figures", {"tenant": tenant})]


def figures_and_ended(
    store: Store, heard: Callable[[], Sequence[tuple[str, int]]]
) -> tuple[list[ToolFigures], frozenset[tuple[str, int]]]:
    """The figures of all tenants together, and which of the attempts at some commands are in them;
    both of the same moment.

    Args:
        heard: the attempts of which an end was heard; asked after that moment, so that it names
            all that the rows may have.
    """

    def look(
        connection: "DuckDBPyConnection",
    ) -> tuple[list[ToolFigures], frozenset[tuple[str, int]]]:
        rows = connection.execute(sql("tool_figures"), {"tenant": None}).fetchall()
        given = {"command_ids": [command_id for command_id, _ in heard()]}
        ended = connection.execute(sql("ended_attempts"), given).fetchall()
        return [ToolFigures(*row) for row in rows], frozenset((str(c), int(n)) for c, n in ended)

    return store.write(look)

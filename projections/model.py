"""What a read model is: the rows that follow from folded events, and how they are written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from projections.schema import sql
from streams.domain.state import TaskState
from streams.envelope import StoredEvent

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TEXT, TEXTS, INTEGER, NUMBER, TRUTH, MOMENT = (
    "text",
    "texts",
    "integer",
    "number",
    "truth",
    "moment",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One event and the state of its task after it."""

    stored: StoredEvent
    state: TaskState


Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ReadModel:
    """A table in the store.

    `write_<name>.sql` puts the rows of the view `batch` into it, and must do no harm when it gets
    the same rows again. `columns` names the values of a row, in their order, with their types.
    """

    name: str
    columns: Mapping[str, str]
    rows: Callable[[Sequence[Step]], list[Row]]


def write_rows(connection: "DuckDBPyConnection", model: ReadModel, rows: Sequence[Row]) -> None:
    """Write rows at once, through an Arrow table; inside the caller's transaction."""
    if not rows:
        return
    connection.register("batch", arrow_table(model.columns, rows))
    try:
        connection.execute(sql(f"write_{model.name}"))
    finally:
        connection.unregister("batch")


def arrow_table(columns: Mapping[str, str], rows: Sequence[Row]) -> Any:
    """Rows as a `pyarrow.Table`."""
    import pyarrow as pa

    types = {
        TEXT: pa.string(),
        TEXTS: pa.list_(pa.string()),
        INTEGER: pa.int64(),
        NUMBER: pa.float64(),
        TRUTH: pa.bool_(),
        MOMENT: pa.timestamp("ms", "UTC"),  # from milliseconds since the Unix epoch
    }
    values = zip(*rows, strict=True) if rows else ([] for _ in columns)
    arrays = [pa.array(v, types[kind]) for v, kind in zip(values, columns.values(), strict=True)]
    return pa.Table.from_arrays(arrays, names=list(columns))

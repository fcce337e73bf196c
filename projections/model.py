"""What a read model is: the rows that follow from folded events, and how they are written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from projections.schema import sql
from streams.domain.events import Event
from streams.domain.state import TaskState
from streams.domain.values import Milliseconds
from streams.envelope import StoredEvent, read_event
from streams.log import Record

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
    """One event and the state of its task after it, or after the commit that it was part of."""

    record: Record
    state: TaskState
    read: StoredEvent | None = None

    @property
    def task_id(self) -> str:
        """Whose event it is."""
        return self.record.key

    @property
    def type(self) -> str:
        """The event's type; look at it before `event`, which may have to be decoded."""
        return self.record.headers["type"]

    @property
    def sequence(self) -> int:
        """The event's place in its history."""
        return int(self.record.headers["sequence"])

    @property
    def at(self) -> Milliseconds:
        """When it happened."""
        return int(self.record.headers["time"])

    @property
    def event(self) -> Event | None:
        """The event; None when its body was erased."""
        return (self.read or read_event(self.record)).event


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

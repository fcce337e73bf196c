"""Reads Parquet files with pyarrow, bounded before anything is unpacked."""

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from agents.figures.metric_notes import Phrase
from agents.market.table import MOST_COLUMNS, MOST_ROWS, Table, TableError, limited, unique_names

LONGEST = 8_000_000  # bytes
MOST_UNPACKED = 64_000_000  # bytes
_TOO_LONG: Phrase = (
    "{source} is larger than {most} bytes; give a smaller file.",
    "{source} ist größer als {most} Bytes; bitte eine kleinere Datei geben.",
)
_BROKEN: Phrase = (
    "{source} cannot be read as Parquet: {why}.",
    "{source} ist nicht als Parquet lesbar: {why}.",
)


def read_parquet(body: bytes, source: str, *, is_untrusted: bool = False) -> Table:
    """The table of a Parquet file; columns that hold lists or objects are left empty.

    Raises:
        TableError: it is too large, or no Parquet.
    """
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    if len(body) > LONGEST:
        raise TableError(_TOO_LONG, source=source, most=LONGEST)
    try:
        file = parquet.ParquetFile(io.BytesIO(body))
        meta = file.metadata
        groups = [meta.row_group(i) for i in range(meta.num_row_groups)]
        if sum(group.total_byte_size for group in groups) > MOST_UNPACKED:
            raise TableError(_TOO_LONG, source=source, most=MOST_UNPACKED)
        names = file.schema_arrow.names
        batch = next(file.iter_batches(MOST_ROWS + 1, columns=names[: MOST_COLUMNS + 1]), None)
    except (arrow.ArrowException, OSError, ValueError) as error:
        why = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
        raise TableError(_BROKEN, source=source, why=why.rstrip(".")) from None
    columns = [] if batch is None else [column.to_pylist() for column in batch.columns]
    rows = [tuple(_cell(value) for value in row) for row in zip(*columns, strict=True)]
    places = [f"row {n}" for n in range(1, len(rows) + 1)]
    kept_names, kept, kept_places, remarks = limited(source, names, rows, places)
    return Table(
        source=source,
        columns=unique_names(kept_names),
        rows=tuple(map(tuple, kept)),
        places=tuple(kept_places),
        is_untrusted=is_untrusted,
        remarks=tuple(remarks),
    )


def _cell(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, str | int | float | bool | None) else None

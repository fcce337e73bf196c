"""A table of market data with where it comes from, whatever form it was given in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.contract import AgentError
from agents.figures.metric_notes import Phrase

MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_NAME = 60  # characters of an entity or a column, as it may stand in a text
_BLANKS = re.compile(r"\s+")
_NO_NAME = re.compile(r"[\x00-\x1f\x7f<>{}\[\]`|\\\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_FORMULA = "=+-@\t\r"
_LINK = re.compile(r"\b(?:https?|ftp|javascript|data):\S+|\S+@\S+", re.IGNORECASE)

Remark = tuple[Phrase, Mapping[str, object]]  # a phrase and what fills it


class TableError(AgentError):
    """Market data cannot be read; `remark` says why, for whoever gave them."""

    def __init__(self, phrase: Phrase, **values: object) -> None:
        super().__init__(phrase[0].format(**values))
        self.remark: Remark = (phrase, values)


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by name and rows of cells as they were given.

    `places` says where each row stands ("line 4", "rows[3]"); `source` names the whole.
    """

    source: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    places: tuple[str, ...]
    is_untrusted: bool = False
    is_semicolon: bool = False  # as where the comma is the decimal mark
    currency: str = ""
    remarks: tuple[Remark, ...] = ()

    def path(self, row: int, column: int) -> str:
        """Where a cell stands, for the source of a fact."""
        return f"{self.source} {self.places[row]}, column {self.columns[column]!r}"


def plain_name(value: Any) -> str:
    """A name as it may stand in a text: one short line, without marks that a spreadsheet, a web
    page or a terminal would take for more than text."""
    text = _LINK.sub("…", _NO_NAME.sub(" ", str(value)))
    text = _BLANKS.sub(" ", text.replace("@", " ")).strip()
    text = text.lstrip(_FORMULA).strip() if text[:1] in _FORMULA else text
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1].rstrip()}…"


def unique_names(names: Iterable[Any]) -> tuple[str, ...]:
    """The names of columns, each once: a second "price" is "price (2)"."""
    found: list[str] = []
    for i, given in enumerate(names, 1):
        name = plain_name(given) or f"column {i}"
        number, wanted = 2, name
        while name in found:
            name, number = f"{wanted} ({number})", number + 1
        found.append(name)
    return tuple(found)


_TOO_MANY: Phrase = (
    "{source} has more than {most} rows; the first {most} were read.",
    "{source} hat mehr als {most} Zeilen; gelesen wurden die ersten {most}.",
)
_TOO_WIDE: Phrase = (
    "{source} has more than {most} columns; the first {most} were read.",
    "{source} hat mehr als {most} Spalten; gelesen wurden die ersten {most}.",
)


def table_of_records(
    records: Sequence[Any], source: str, *, is_untrusted: bool = False, currency: str = ""
) -> Table:
    """The table of a list of objects; what is no object is left out."""
    rows = [(f"rows[{i}]", row) for i, row in enumerate(records) if isinstance(row, dict)]
    names = list(dict.fromkeys(name for _, row in rows for name in row))
    remarks: list[Remark] = []
    if len(rows) > MOST_ROWS:
        remarks.append((_TOO_MANY, {"source": source, "most": MOST_ROWS}))
    if len(names) > MOST_COLUMNS:
        remarks.append((_TOO_WIDE, {"source": source, "most": MOST_COLUMNS}))
    rows, names = rows[:MOST_ROWS], names[:MOST_COLUMNS]
    return Table(
        source=source,
        columns=unique_names(names),
        rows=tuple(tuple(row.get(name) for name in names) for _, row in rows),
        places=tuple(place for place, _ in rows),
        is_untrusted=is_untrusted,
        currency=currency,
        remarks=tuple(remarks),
    )


def limited(
    source: str, columns: Sequence[Any], rows: Sequence[Sequence[Any]], places: Sequence[str]
) -> tuple[Sequence[Any], Sequence[Sequence[Any]], Sequence[str], list[Remark]]:
    """As much of a table as is read, and what was left out."""
    remarks: list[Remark] = []
    if len(rows) > MOST_ROWS:
        remarks.append((_TOO_MANY, {"source": source, "most": MOST_ROWS}))
    if len(columns) > MOST_COLUMNS:
        remarks.append((_TOO_WIDE, {"source": source, "most": MOST_COLUMNS}))
    cut = [tuple(row[:MOST_COLUMNS]) for row in rows[:MOST_ROWS]]
    return columns[:MOST_COLUMNS], cut, places[:MOST_ROWS], remarks

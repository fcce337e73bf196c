"""Reads CSV as spreadsheets write it: any usual separator, bad rows named by their line."""

import csv
import io
from collections import Counter
from collections.abc import Sequence

from agents.figures.metric_notes import Phrase
from agents.figures.metric_reading import read_number
from agents.figures.period_keys import period_number
from agents.market.table import Remark, Table, TableError, limited, unique_names

LONGEST = 2_000_000  # bytes
MOST_NAMED = 8  # bad rows that are told one by one
_SEPARATORS = (",", ";", "\t", "|")
_TOO_LONG: Phrase = (
    "{source} is larger than {most} bytes; give a smaller file.",
    "{source} ist größer als {most} Bytes; bitte eine kleinere Datei geben.",
)
_EMPTY: Phrase = (
    "{source} holds no table: it needs a line with the names of the columns and one with values.",
    "{source} enthält keine Tabelle: Nötig sind eine Zeile mit Spaltennamen und eine mit Werten.",
)
_BROKEN: Phrase = (
    "{source} cannot be read as CSV at line {line}: {why}.",
    "{source} ist ab Zeile {line} nicht als CSV lesbar: {why}.",
)
_BAD_ROW: Phrase = (
    "In {source} line {line} was left out: it has {n} cells, and {wanted} are named above.",
    "In {source} wurde Zeile {line} ausgelassen: Sie hat {n} Zellen, oben sind {wanted} benannt.",
)
_MORE_BAD: Phrase = (
    "In {source} {n} more lines were left out for the same reason.",
    "In {source} wurden {n} weitere Zeilen aus demselben Grund ausgelassen.",
)
_NO_HEADER: Phrase = (
    "{source} has no names of columns in its first line; they were numbered.",
    "{source} hat in der ersten Zeile keine Spaltennamen; sie wurden nummeriert.",
)
_OLD_CODING: Phrase = (
    "{source} is not UTF-8; it was read as Windows-1252.",
    "{source} ist kein UTF-8; es wurde als Windows-1252 gelesen.",
)

Row = tuple[int, list[str]]  # line, cells


def read_csv(body: bytes, source: str, *, is_untrusted: bool = False) -> Table:
    """The table of a CSV file.

    Raises:
        TableError: it is too large, empty, or no CSV.
    """
    if len(body) > LONGEST:
        raise TableError(_TOO_LONG, source=source, most=LONGEST)
    text, remarks = _decoded(body, source)
    separator = _separator(text)
    rows = _rows(text, separator, source)
    if not rows:
        raise TableError(_EMPTY, source=source)
    header = rows[0][1]
    if any(read_number(cell) is not None and not period_number(cell) for cell in header):
        header = [f"column {n}" for n, _ in enumerate(header, 1)]
        remarks.append((_NO_HEADER, {"source": source}))
    else:
        rows = rows[1:]
    good, bad = _sorted_out(rows, len(header), source)
    if not good:
        raise TableError(_EMPTY, source=source)
    cells = [row for _, row in good]
    lines = [f"line {line}" for line, _ in good]
    columns, kept, places, more = limited(source, header, cells, lines)
    return Table(
        source=source,
        columns=unique_names(columns),
        rows=tuple(map(tuple, kept)),
        places=tuple(places),
        is_untrusted=is_untrusted,
        is_semicolon=separator == ";",
        remarks=(*remarks, *bad, *more),
    )


def _decoded(body: bytes, source: str) -> tuple[str, list[Remark]]:
    try:
        return body.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace"), [(_OLD_CODING, {"source": source})]


def _separator(text: str) -> str:
    """The separator that parts the first lines into the most cells, equally many in most lines."""
    lines = [line for line in text.splitlines()[:40] if line.strip()][:12]
    best, score = _SEPARATORS[0], 0
    for separator in _SEPARATORS:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=separator))
        width, times = counts.most_common(1)[0] if counts else (1, 0)
        if width > 1 and times * 100 + width > score:
            best, score = separator, times * 100 + width
    return best


def _rows(text: str, separator: str, source: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    line = 0
    try:
        for cells in reader:
            begin, line = line + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                rows.append((begin, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise TableError(_BROKEN, source=source, line=reader.line_num, why=str(error)) from None
    return rows


def _sorted_out(rows: Sequence[Row], width: int, source: str) -> tuple[list[Row], list[Remark]]:
    """The rows that fit the header, and a remark on each that does not. Empty cells at the end are
    what spreadsheets leave behind."""
    good: list[Row] = []
    bad: list[Remark] = []
    for line, cells in rows:
        while len(cells) > width and not cells[-1]:
            cells = cells[:-1]
        if len(cells) == width:
            good.append((line, cells))
        else:
            values = {"line": line, "source": source, "n": len(cells), "wanted": width}
            bad.append((_BAD_ROW, values))
    if len(bad) > MOST_NAMED:
        more: Remark = (_MORE_BAD, {"n": len(bad) - MOST_NAMED, "source": source})
        bad = [*bad[:MOST_NAMED], more]
    return good, bad

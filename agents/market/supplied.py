"""Where market data lie in a request or a step, and how they are turned into tables.

`market_data` is an object with `rows` (objects, or lists beside `columns`), with `csv` or
`csv_base64`, with `parquet_base64`, or with `file`, a name inside the folder for inputs; a list of
objects; CSV as text; or figures by name. What a tool of others made says so by `source` and
`is_untrusted`.
"""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from agents.figures.metric_notes import Phrase
from agents.market.csv_text import read_csv
from agents.market.parquet import LONGEST, read_parquet
from agents.market.table import (
    Remark,
    Table,
    TableError,
    plain_name,
    table_of_records,
    unique_names,
)
from streams.domain.values import Json

FIELD = "market_data"
MOST_TABLES = 8
_WORDS = frozenset(
    ("rows", "columns", "csv", "csv_base64", "parquet_base64", "file", "source", "is_untrusted",
     "name", "currency", "context", "notes")
)  # fmt: skip
_NO_FOLDER: Phrase = (
    "{file!r} was not read: files are read only from the folder inputs in the data directory.",
    "{file!r} wurde nicht gelesen: Dateien werden nur aus dem Ordner inputs im Datenverzeichnis "
    "gelesen.",
)
_NO_FILE: Phrase = (
    "There is no file {file!r} in the folder inputs of the data directory.",
    "Im Ordner inputs des Datenverzeichnisses gibt es keine Datei {file!r}.",
)
_NO_FORM: Phrase = (
    "{file!r} was not read: only .csv, .tsv, .txt and .parquet are.",
    "{file!r} wurde nicht gelesen: Nur .csv, .tsv, .txt und .parquet werden gelesen.",
)
_NO_BASE64: Phrase = ("{source} is no base64.", "{source} ist kein base64.")
_NO_TABLE: Phrase = (
    "{source} was not understood: give rows, csv, parquet_base64 or file.",
    "{source} wurde nicht verstanden: bitte rows, csv, parquet_base64 oder file angeben.",
)
_OF_A_TOOL = frozenset({"text", "source", "is_untrusted", "resources", "is_cut", "notes"})
_FORMS: Mapping[str, Callable[..., Table]] = {
    ".csv": read_csv, ".tsv": read_csv, ".txt": read_csv, ".parquet": read_parquet,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """Figures by name, as a request or a tool gave them."""

    source: str
    figures: Json
    is_untrusted: bool = False


@dataclass(frozen=True, slots=True)
class Supplied:
    """All market data that could be read, and what could not."""

    tables: tuple[Table, ...] = ()
    named: tuple[Named, ...] = ()
    remarks: tuple[Remark, ...] = ()


def has_tables(payload: Json) -> bool:
    """Whether there are market data to read, which may lie in a file."""
    return any(True for _ in _places(payload))


def supplied(payload: Json, folder: Path | None = None) -> Supplied:
    """The market data of a step. Files are read only from `folder`."""
    tables: list[Table] = []
    named: list[Named] = []
    remarks: list[Remark] = []
    for source, value in _places(payload):
        try:
            found = _read(value, source, folder)
        except TableError as error:
            remarks.append(error.remark)
            continue
        if isinstance(found, Named):
            named.append(found)
        elif found is not None:
            tables.append(found)
            remarks += found.remarks
    return Supplied(tuple(tables[:MOST_TABLES]), tuple(named), tuple(remarks))


def _places(payload: Json) -> Iterator[tuple[str, Any]]:
    context, inputs = payload.get("context"), payload.get("inputs")
    for name, holder in (("context.", context), ("", inputs), ("", payload)):
        value = holder.get(FIELD) if isinstance(holder, dict) else None
        several: list[Any] = list(value) if _is_list_of_tables(value) else [value]
        for i, one in enumerate(several):
            place = f"{name}{FIELD}" + (f"[{i}]" if len(several) > 1 else "")
            if one not in (None, "", {}, []):
                yield place, one


def _is_list_of_tables(value: Any) -> TypeGuard[list[Any]]:
    return (
        isinstance(value, list)
        and bool(value)
        and all(
            isinstance(one, dict) and one.keys() & _WORDS - {"name", "currency"} for one in value
        )
    )


def _read(value: Any, source: str, folder: Path | None) -> Table | Named | None:
    if isinstance(value, str):
        if "\n" not in value.strip():
            raise TableError(_NO_TABLE, source=source)
        return read_csv(value.encode("utf-8", "replace"), source)
    if isinstance(value, list):
        return table_of_records(value, source)
    if not isinstance(value, dict):
        raise TableError(_NO_TABLE, source=source)
    return _of_object(value, source, folder)


def _of_object(value: Json, source: str, folder: Path | None) -> Table | Named | None:
    is_untrusted = value.get("is_untrusted") is True
    if is_untrusted or value.get("source"):
        source = plain_name(value.get("source") or source)
    currency = value["currency"] if isinstance(value.get("currency"), str) else ""
    if isinstance(value.get("rows"), list):
        return _of_rows(value, source, currency, is_untrusted=is_untrusted)
    if isinstance(value.get("csv"), str):
        return read_csv(value["csv"].encode("utf-8", "replace"), source, is_untrusted=is_untrusted)
    for name, read in (("csv_base64", read_csv), ("parquet_base64", read_parquet)):
        if isinstance(value.get(name), str):
            body = _unpacked(value[name], f"{source}.{name}")
            return read(body, source, is_untrusted=is_untrusted)
    if isinstance(value.get("file"), str):
        return _of_file(value["file"], folder)
    records = _only_records(value)
    if records is not None:
        return table_of_records(records, source, is_untrusted=is_untrusted, currency=currency)
    figures = {plain_name(k): v for k, v in value.items() if k not in _WORDS}
    return Named(source, figures, is_untrusted) if figures else None


def _only_records(value: Json) -> list[Any] | None:
    """The only list of objects in an object, under whatever name: so tools wrap their rows."""
    rest = {k: v for k, v in value.items() if k not in _WORDS and k not in _OF_A_TOOL}
    if len(rest) != 1 or "competitors" in rest:
        return None
    (only,) = rest.values()
    is_records = isinstance(only, list) and len(only) > 0
    return only if is_records and all(isinstance(one, dict) for one in only) else None


def _of_rows(value: Json, source: str, currency: str, *, is_untrusted: bool) -> Table:
    rows, columns = value["rows"], value.get("columns")
    if isinstance(columns, list) and any(isinstance(row, list) for row in rows):
        names = unique_names(columns)
        kept = [row for row in rows if isinstance(row, list) and len(row) == len(names)]
        rows = [dict(zip(names, row, strict=True)) for row in kept]
    return table_of_records(rows, source, is_untrusted=is_untrusted, currency=currency)


def _unpacked(text: str, source: str) -> bytes:
    try:
        return base64.b64decode(text[: LONGEST * 2], validate=True)
    except (binascii.Error, ValueError):
        raise TableError(_NO_BASE64, source=source) from None


def _of_file(name: str, folder: Path | None) -> Table:
    """The table of a file inside the folder; a link that leads out of it is not followed."""
    shown = plain_name(name)
    if folder is None:
        raise TableError(_NO_FOLDER, file=shown)
    inside, path = folder.resolve(), (folder / name).resolve()
    if not path.is_relative_to(inside):
        raise TableError(_NO_FOLDER, file=shown)
    read = _FORMS.get(path.suffix.lower())
    if read is None:
        raise TableError(_NO_FORM, file=shown)
    if not path.is_file():
        raise TableError(_NO_FILE, file=shown)
    with path.open("rb") as file:
        return read(file.read(LONGEST + 1), shown)

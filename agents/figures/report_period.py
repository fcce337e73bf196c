"""The period that a report is about, from the intent or from the step's own input."""

import re
from calendar import monthrange
from typing import Any

from agents.figures.period_keys import period_number
from streams.domain.values import Json

_MONTHS = {"quarter": 3, "half": 6, "month": 1, "year": 12}
_LETTER = {"quarter": "Q", "half": "H"}


def period_of(inputs: Json, intent: Json) -> Json | None:
    """The label, the first and the last day (empty for no calendar period); None for no period."""
    for given in (intent.get("date_range"), inputs.get("date_range")):
        read = _read(given)
        if read is not None:
            return read
    return None


def _read(given: Any) -> Json | None:
    if isinstance(given, dict) and given.get("label"):
        return {name: str(given.get(name) or "") for name in ("label", "start", "end")}
    if not isinstance(given, str) or not given.strip():
        return None
    number = period_number(given)
    if number is None or number[0] not in _MONTHS:
        return {"label": given.strip(), "start": "", "end": ""}
    kind, ordinal = number
    months = _MONTHS[kind]
    year, part = divmod(ordinal, 12 // months)
    first, last = part * months + 1, (part + 1) * months
    if not 1 <= year <= 9999:
        return {"label": given.strip(), "start": "", "end": ""}
    return {
        "label": _label(kind, year, part, given),
        "start": f"{year:04}-{first:02}-01",
        "end": f"{year:04}-{last:02}-{monthrange(year, last)[1]:02}",
    }


def _label(kind: str, year: int, part: int, given: str) -> str:
    if kind in _LETTER:
        return f"{_LETTER[kind]}{part + 1} {year}"
    return str(year) if kind == "year" else re.sub(r"\s+", " ", given.strip())

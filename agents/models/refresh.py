"""Brings the price table up to date from the price map that lies in the installed LiteLLM, without
a network and without importing the library.

Which models are in the table, and in which tier, is decided by people; their figures are read here.
What the map no longer holds keeps its figures and its older date, and is reported.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from agents.models.errors import CatalogueError
from agents.models.price_table import (
    MILLION,
    REFRESHED,
    LongPrice,
    Model,
    PriceTable,
    TableData,
    as_text,
    read_in_force,
    read_table,
)

PREFIX = "litellm:"
MAP_FILE = "model_prices_and_context_window_backup.json"
PriceMap = Mapping[str, Mapping[str, Any]]

_LONG = re.compile(r"input_cost_per_token_above_(\d+)k_tokens")
_VERSION = re.compile(r"litellm (\d+(?:\.\d+)*).*")
_PRICES = ("input_cost_per_token", "output_cost_per_token")
_GONE = "source"
_ROUND = 6  # digits of a price per million: the map's floats carry noise
_SHOWN = ("price_in", "price_out", "long_price", "context", "output", "retires")


@dataclass(frozen=True, slots=True)
class Change:
    """One figure that is another one now, or a model that the map does not hold."""

    model_id: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh found, against the table that was in force."""

    before: PriceTable
    after: PriceTable
    changes: tuple[Change, ...]  # other figures
    not_found: tuple[Model, ...]  # no longer in the map, with a usable price
    not_mapped: tuple[Model, ...]  # from a provider's page, or declared: read by people
    retired: tuple[Model, ...]  # switched off since the table in force was read
    place: Path | None  # where it was written; None where the map told nothing new

    @property
    def source(self) -> str:
        """The map that was read."""
        return self.after.data.source


def refresh(data: Path, day: str, prices: PriceMap, source: str) -> Refreshed:
    """Take a map's figures into a data directory, where `price_table` finds them.

    Nothing is written if the map is the one that the table was read from and tells the same.
    Raises CatalogueError for a map that is older than the table, or not usable.
    """
    before = read_in_force(data)
    _refuse_older(before.data.source, source)
    body, found = refreshed(before.data, prices, source, day)
    after = read_table(as_text(body), source)
    changes = tuple(change for change in found if change.field != _GONE)
    gone = {change.model_id for change in found if change.field == _GONE}
    is_new = bool(changes) or source != before.data.source
    models = after.data.models
    return Refreshed(
        before,
        after,
        changes,
        tuple(model for model in models if model.model_id in gone),
        tuple(model for model in models if not model.source.startswith(PREFIX)),
        tuple(m for m in models if m.is_retired(day) and not _was_retired(before, m.model_id)),
        _write(data, as_text(body)) if is_new else None,
    )


def _was_retired(before: PriceTable, model_id: str) -> bool:
    return before.by_id[model_id].is_retired(before.data.read_on)


def _refuse_older(before: str, source: str) -> None:
    """A map of an earlier version would turn prices back under a newer date."""
    if (old := _version(before)) and (new := _version(source)) and new < old:
        raise CatalogueError(
            f"the table in force is of {before}, and {source} is older; install a newer litellm"
        )


def _version(source: str) -> tuple[int, ...]:
    found = _VERSION.fullmatch(source)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def _write(data: Path, text: str) -> Path:
    """Whole or not at all."""
    place = data / REFRESHED
    try:
        data.mkdir(parents=True, exist_ok=True)
        handle, draft = mkstemp(dir=data, prefix=f".{REFRESHED}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(draft, place)
    except OSError as error:
        raise CatalogueError(
            f"{str(place)!r} cannot be written ({error}); make it writable"
        ) from error
    return place


def installed_map() -> tuple[PriceMap, str]:
    """The price map of the installed LiteLLM and its version. Raises CatalogueError without it."""
    found = find_spec("litellm")
    if found is None or found.origin is None:
        raise CatalogueError("litellm is not installed, so there is no price map to read")
    path = Path(found.origin).parent / MAP_FILE
    try:
        prices: PriceMap = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueError(
            f"{str(path)!r} cannot be read ({error}); install litellm anew"
        ) from error
    return prices, f"litellm {version('litellm')}"


def refreshed(
    data: TableData, prices: PriceMap, source: str, day: str
) -> tuple[TableData, tuple[Change, ...]]:
    """The table with the figures of a price map, and all that changed."""
    models, changes = [], []
    for model in data.models:
        new, found = _refreshed_model(model, prices, day)
        models.append(new)
        changes += found
    body = data.model_copy(update={"models": tuple(models), "source": source, "read_on": day})
    return body, tuple(changes)


def _refreshed_model(model: Model, prices: PriceMap, day: str) -> tuple[Model, list[Change]]:
    if not model.source.startswith(PREFIX):
        return model, []
    entry = prices.get(model.source.removeprefix(PREFIX))
    if entry is None or any(entry.get(name) is None for name in _PRICES):
        return model, [Change(model.model_id, _GONE, model.source, "no longer in the map")]
    new = model.model_copy(update={**_figures(entry, model), "read_on": day})
    return new, list(_changes(model, new))


def _changes(old: Model, new: Model) -> Iterator[Change]:
    for field in _SHOWN:
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield Change(old.model_id, field, str(before), str(after))


def _figures(entry: Mapping[str, Any], model: Model) -> dict[str, Any]:
    """What the map says of a model. A retirement date from elsewhere stays, as the map often has
    none.
    """
    dated = entry.get("deprecation_date")
    keeps_date = model.retires_source or not dated
    return {
        "price_in": _per_million(entry["input_cost_per_token"]),
        "price_out": _per_million(entry["output_cost_per_token"]),
        "long_price": _long_price(entry),
        "context": entry.get("max_input_tokens") or entry.get("max_tokens") or model.context,
        "output": entry.get("max_output_tokens") or entry.get("max_tokens") or model.output,
        "retires": model.retires if keeps_date else dated,
    }


def _long_price(entry: Mapping[str, Any]) -> LongPrice | None:
    for key, value in entry.items():
        long = _LONG.fullmatch(key)
        if long:
            dear = entry[key.replace("input", "output", 1)]
            tokens = int(long[1]) * 1000
            return LongPrice(
                tokens=tokens, price_in=_per_million(value), price_out=_per_million(dear)
            )
    return None


def _per_million(price: float) -> float:
    return round(price * MILLION, _ROUND)

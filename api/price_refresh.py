"""Reads the prices of models anew for a data directory, and says what became of them."""

from collections.abc import Iterator

from agents.models.errors import CatalogueError
from agents.models.price_table import Model
from agents.models.refresh import PriceMap, Refreshed, installed_map, refresh
from api.errors import UsageError, WorkFailed
from api.model_desk import today
from api.settings import Settings
from streams.clock import Clock, wall_clock
from streams.domain.values import Json

_FIELDS = {
    "price_in": "$/M in",
    "price_out": "$/M out",
    "long_price": "price of long prompts",
    "context": "tokens read",
    "output": "tokens written",
    "retires": "switched off",
}


def refreshed_prices(
    settings: Settings, clock: Clock = wall_clock, map_: tuple[PriceMap, str] | None = None
) -> Json:
    """Refresh the prices of a data directory from a map, the installed one unless stated.

    Raises:
        UsageError: another machine's server is meant.
        WorkFailed: the map or the file cannot be used; what is in force stays.
    """
    if settings.server is not None:
        raise UsageError(
            "prices are refreshed where the data directory is: leave --server out, and run it there"
        )
    try:
        prices, source = map_ or installed_map()
        return _document(refresh(settings.data, today(clock), prices, source))
    except CatalogueError as error:
        raise WorkFailed(str(error)) from None


def _document(found: Refreshed) -> Json:
    return {
        "before": found.before.version,
        "source": found.source,
        "read_on": found.after.data.read_on,
        "file": str(found.place) if found.place else None,
        "models": len(found.after.data.models),
        "changes": [
            {
                "model_id": change.model_id,
                "field": change.field,
                "before": change.before,
                "after": change.after,
            }
            for change in found.changes
        ],
        "retired": [_dated(model) | {"retires": model.retires} for model in found.retired],
        "not_found": [_dated(model) for model in found.not_found],
        "not_mapped": [_dated(model) for model in found.not_mapped],
    }


def _dated(model: Model) -> Json:
    return {"model_id": model.model_id, "source": model.source, "read_on": model.read_on}


def shown(found: Json) -> Iterator[str]:
    """The same for a terminal."""
    if found["file"] is None:
        yield (
            f"Nothing new: the prices in force are those of {found['before']}, and the same map is "
            "installed. A newer litellm brings newer prices."
        )
    else:
        count = len(found["changes"])
        figures = "1 figure" if count == 1 else f"{count or 'no'} figures"
        yield f"Read from {found['source']} on {found['read_on']}: {figures} changed."
    for change in found["changes"]:
        what = _FIELDS[change["field"]]
        yield f"  {change['model_id']:<31} {what}: {change['before']} → {change['after']}"
    for model in found["retired"]:
        yield f"  {model['model_id']:<31} was switched off on {model['retires']}"
    yield from _kept(found)
    if found["file"] is not None:
        yield f"Written to {found['file']}; what runs takes it up when it starts next."


def _kept(found: Json) -> Iterator[str]:
    if found["not_found"]:
        yield "Not in the map, so figures and day stay:"
        for model in found["not_found"]:
            yield f"  {model['model_id']:<31} of {model['read_on']}, once {model['source']}"
    others = [model for model in found["not_mapped"] if model["source"] != "declared"]
    if others:
        yield "From the provider's own page, which is not read here; look there yourself:"
        for model in others:
            yield f"  {model['model_id']:<31} of {model['read_on']}, {model['source']}"

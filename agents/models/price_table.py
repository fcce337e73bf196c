"""The models that can be chosen, as dated data: what each costs, how much it reads and writes, how
capable it is, and when it is switched off.

The table is `agents/data/models.json`. Newer figures, which `orchestrator models refresh` puts into
the data directory (see `refresh`), take the place of those in it; which models there are, their
tiers and names stay those of the product. Names that people use lead to a model, and a model that
is switched off to its successor.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import Field, ValidationError

from agents.models.errors import CatalogueError
from agents.models.tiers import TaskType, Tier
from streams.domain.values import Json, Money, Value

FORMAT = 1
REFRESHED = "prices.json"  # in the data directory
MILLION = 1_000_000
_MOST_STEPS = 8  # a chain of successors that is longer runs in a circle


class LongPrice(Value):
    """What a token costs when the prompt is longer than `tokens`; dollars per million."""

    tokens: int = Field(ge=1)
    price_in: Money
    price_out: Money


class Model(Value):
    """One model of one provider. Prices are dollars per million tokens, dates ISO days."""

    model_id: str  # as the gateway calls it
    name: str
    provider: str
    tier: Tier
    price_in: Money
    price_out: Money
    long_price: LongPrice | None = None
    context: int = Field(ge=1)  # tokens that it reads
    output: int = Field(ge=1)  # tokens that it writes at most
    retires: str | None = None  # the first day on which it no longer answers
    successor: str | None = None  # what to ask instead from that day on
    task_types: tuple[TaskType, ...] = ()  # empty: all
    handicap: float = Field(default=0.0, ge=-1, le=0)  # below what its tier passes, before outcomes
    source: str  # where the figures are from: "litellm:<key>", an address, or "declared"
    retires_source: str = ""
    read_on: str  # the day on which they were read
    note: str = ""

    def is_retired(self, day: str) -> bool:
        """Whether it no longer answers on a day."""
        return self.retires is not None and day >= self.retires

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """Dollars for one call."""
        long = self.long_price
        price: Model | LongPrice = self if long is None or tokens_in <= long.tokens else long
        return (tokens_in * price.price_in + tokens_out * price.price_out) / MILLION


class SeedSaving(Value):
    """A saving that was claimed for a pair of models, as a share."""

    cheap: str
    dear: str
    claimed: float


class TableData(Value):
    """The whole file."""

    format: int
    read_on: str
    source: str
    models: tuple[Model, ...]
    aliases: dict[str, str]
    seed_savings: tuple[SeedSaving, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """The model that a name leads to on a day, and what is to be said about it."""

    model: Model
    note: str = ""


@dataclass(frozen=True, slots=True)
class PriceTable:
    """The models by id, and the names that lead to them."""

    data: TableData
    by_id: Mapping[str, Model]
    is_refreshed: bool = False  # with figures from the data directory

    @property
    def version(self) -> str:
        """Which table a choice was made with."""
        return f"{self.data.read_on} ({self.data.source})"

    def current(self, day: str) -> Iterator[Model]:
        """The models that answer on a day, the cheapest tier first."""
        answering = (model for model in self.data.models if not model.is_retired(day))
        yield from sorted(answering, key=lambda model: model.tier.rank)

    def named(self, name: str, day: str) -> Named | None:
        """What a name means on a day: an id, an alias, or the successor of what is switched off."""
        key = name.strip().lower()
        model = self.by_id.get(self.data.aliases.get(key, key))
        if model is None:
            return None
        asked = model
        for _ in range(_MOST_STEPS):
            if not model.is_retired(day) or model.successor is None:
                break
            model = self.by_id[model.successor]
        if model is asked:
            return Named(model)
        said = f"{asked.name} was switched off on {asked.retires}; {model.name} answers instead"
        return Named(model, said)

    def saving(self, cheap: str, dear: str, tokens_in: int, tokens_out: int) -> float | None:
        """The share of the cost that the cheaper of two models saves for the same tokens; None if
        the dearer costs nothing. Which of them does the work well enough is another question.
        """
        high = self.by_id[dear].cost(tokens_in, tokens_out)
        return 1 - self.by_id[cheap].cost(tokens_in, tokens_out) / high if high else None


def read_table(text: str, name: str = "models.json") -> PriceTable:
    """Read and check a table. Raises CatalogueError with what is wrong."""
    try:
        data = TableData.model_validate(json.loads(text))
    except (ValueError, ValidationError) as error:
        raise CatalogueError(f"{name!r} is no price table: {error}; refresh it anew") from error
    by_id = {model.model_id: model for model in data.models}
    wrong = list(_problems(data, by_id))
    if wrong:
        raise CatalogueError(f"{name!r}: {'; '.join(wrong)}; correct it or refresh it anew")
    return PriceTable(data, by_id)


def _problems(data: TableData, by_id: Mapping[str, Model]) -> Iterator[str]:
    if data.format != FORMAT:
        yield f"format {data.format} is not {FORMAT}"
    if len(by_id) < len(data.models):
        yield "a model is named twice"
    targets: dict[str, str | None] = {**data.aliases}
    targets |= {model.model_id: model.successor for model in data.models if model.successor}
    targets |= {pair.cheap: pair.cheap for pair in data.seed_savings}
    targets |= {pair.dear: pair.dear for pair in data.seed_savings}
    for name, target in targets.items():
        if target not in by_id:
            yield f"{name!r} leads to {target!r}, which is not in the table"


@cache
def price_table(data: Path | None = None) -> PriceTable:
    """The table in force: that of the product, with the figures of a data directory where they are
    newer. A process keeps to the table that it read first. Raises CatalogueError.
    """
    return read_in_force(data)


def read_in_force(data: Path | None) -> PriceTable:
    """The same as it lies on disk now."""
    shipped = read_table(files("agents").joinpath("data/models.json").read_text("utf-8"))
    place = data / REFRESHED if data is not None else None
    if place is None or not place.exists():
        return shipped
    try:
        text = place.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{str(place)!r} cannot be read ({error}); remove it") from error
    return _with_figures(shipped, read_table(text, str(place)))


def _with_figures(shipped: PriceTable, newer: PriceTable) -> PriceTable:
    """The models of one table with the figures of another, unless the first was read later."""
    if newer.data.read_on < shipped.data.read_on:
        return shipped
    models = tuple(_newest(model, newer.by_id.get(model.model_id)) for model in shipped.data.models)
    change = {"models": models, "source": newer.data.source, "read_on": newer.data.read_on}
    by_id = {model.model_id: model for model in models}
    return PriceTable(shipped.data.model_copy(update=change), by_id, is_refreshed=True)


def _newest(shipped: Model, other: Model | None) -> Model:
    if other is None or other.source != shipped.source or other.read_on < shipped.read_on:
        return shipped
    return shipped.model_copy(update={name: getattr(other, name) for name in _FIGURES})


_FIGURES = ("price_in", "price_out", "long_price", "context", "output", "retires", "read_on")


def as_text(data: TableData) -> str:
    """The file's text: sorted, and without what is empty."""
    body: Json = data.model_dump(mode="json")
    body["models"] = [
        {key: value for key, value in model.items() if value not in (None, "", [], 0.0)}
        | {"price_in": model["price_in"], "price_out": model["price_out"]}
        for model in body["models"]
    ]
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"

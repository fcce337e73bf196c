"""Puts models and agents together: which providers are set up, and who asks them."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from agents.contract import Agent
from agents.models.budget import Purse
from agents.models.desk import Desk, pin_of, usable
from agents.models.errors import CatalogueError
from agents.models.local import is_installed
from agents.models.model_process import ModelProcess
from agents.models.price_table import Model, PriceTable, price_table
from agents.models.providers import (
    BUILTIN,
    URLS_VARIABLE,
    Provider,
    ProviderError,
    providers,
    ready,
)
from api.errors import UsageError
from api.model_outcomes import ModelOutcomes
from api.settings import Settings
from streams.clock import Clock
from streams.domain.values import Json
from streams.log import Log

OFF = "off"
WRITER = "content"
EXPLORATION = 0.05  # of the choices, where outcomes are learned: else the others are never tried


@asynccontextmanager
async def with_models(
    settings: Settings,
    agents: tuple[Agent, ...],
    purse: Purse | None,
    clock: Clock,
    *,
    outcomes: ModelOutcomes | None = None,
    log: Log | None = None,
) -> AsyncIterator[tuple[Agent, ...]]:
    """The agents, of which the writer asks models where the settings and the keys allow it.

    Models are asked by a process of their own; it is warmed in the background and ends with this.

    Args:
        settings: the model that is wished, and where the providers are.
        agents: those that work here.
        purse: what pays for the calls.
        clock: milliseconds since the Unix epoch.
        outcomes: what the quality checks said, for the router; else declared chances alone.
        log: where the outcomes so far are read from, before anything is committed to it.
    """
    pin = pin_of(settings.model)
    is_off = settings.model == OFF or all(agent.agent_type != WRITER for agent in agents)
    available = frozenset({BUILTIN}) if is_off else usable(ready(known_providers(settings)), pin)
    if available == {BUILTIN}:
        yield agents
        return
    from agents.writing.by_model import with_model

    table = prices_of(settings)
    process = ModelProcess(environment_of(settings), settings.data, settings.data)
    desk = Desk(process, available, lambda: today(clock), purse=purse, pin=pin, table=table)
    if outcomes is not None:
        desk.outcomes, desk.exploration = outcomes.tallies, EXPLORATION
        if log is not None:
            await outcomes.read(log)
    warming = asyncio.create_task(process.warm())
    try:
        yield tuple(
            with_model(agent, desk) if agent.agent_type == WRITER else agent for agent in agents
        )
    finally:
        await warming
        await process.stop()


def environment_of(settings: Settings) -> Mapping[str, str]:
    """The variables that providers are read from."""
    return {**os.environ, URLS_VARIABLE: settings.model_urls}


def known_providers(settings: Settings) -> tuple[Provider, ...]:
    """All providers, set up or not. Raises UsageError where one cannot be read."""
    try:
        return providers(environment_of(settings), has_local=is_installed())
    except ProviderError as error:
        raise UsageError(str(error)) from None


def prices_of(settings: Settings) -> PriceTable:
    """The price table in force. Raises UsageError where the refreshed one cannot be used."""
    try:
        return price_table(settings.data)
    except CatalogueError as error:
        raise UsageError(str(error)) from None


def today(clock: Clock) -> str:
    """The UTC day, as retirement dates are given."""
    return datetime.fromtimestamp(clock() / 1000, UTC).date().isoformat()


def models_document(settings: Settings, day: str) -> Json:
    """What can be chosen, by whom it is answered, and what it costs; no provider is called."""
    table, known = prices_of(settings), known_providers(settings)
    able = {*ready(known), BUILTIN}
    models = [_shown(model, table, day, model.provider in able) for model in table.data.models]
    return {
        "model": settings.model,
        "price_table": table.version,
        "is_refreshed": table.is_refreshed,
        "providers": [provider.as_json for provider in known],
        "models": [shown for shown in models if not shown["is_retired"]],
        "retired": [shown for shown in models if shown["is_retired"]],
    }


def _shown(model: Model, table: PriceTable, day: str, is_able: bool) -> Json:
    names = sorted(name for name, meant in table.data.aliases.items() if meant == model.model_id)
    return {
        "model_id": model.model_id,
        "name": model.name,
        "provider": model.provider,
        "tier": model.tier.value,
        "is_available": is_able and not model.is_retired(day),
        "is_retired": model.is_retired(day),
        "price_in": model.price_in,
        "price_out": model.price_out,
        "context": model.context,
        "output": model.output,
        "retires": model.retires,
        "successor": model.successor,
        "aliases": names,
        "note": model.note,
    }

"""Which models a chat can be had with: the built-in way first, then what is set up, then what could
be."""

from dataclasses import dataclass

from agents.models.price_table import Model
from agents.models.providers import BUILTIN, LOCAL, Provider
from api.model_desk import OFF, known_providers, prices_of, today
from api.settings import Settings
from streams.clock import Clock
from streams.domain.values import Json

AUTO = "auto"
_BUILT_IN_NAMES = frozenset({BUILTIN, "built-in", "built_in", OFF, "offline"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """The model that answers, or why it is the built-in way."""

    model: Model | None
    note: str = ""
    is_anyone: bool = False  # the router may choose


def chosen(wish: str, settings: Settings, clock: Clock) -> Chosen:
    """What a wish leads to with the providers that are set up. Unknown names fall back, too."""
    day, table = today(clock), prices_of(settings)
    name = (wish or settings.model or AUTO).strip().lower()
    if name in _BUILT_IN_NAMES:
        return Chosen(None)
    able = {one.name: one for one in known_providers(settings)}
    ready = {name for name, one in able.items() if one.is_ready}
    if name == AUTO:
        return Chosen(None, is_anyone=bool(ready - {LOCAL}))
    named = table.named(name, day)
    if named is None:
        provider, slash, _ = name.partition("/")
        if slash and provider in ready:
            return Chosen(_own(wish.strip(), provider))
        return Chosen(None, f"There is no model {wish!r}; `GET /api/chat/models` lists them.")
    if named.model.provider == BUILTIN:
        return Chosen(None)
    if named.model.provider not in ready:
        return Chosen(None, _missing(named.model, able.get(named.model.provider)))
    return Chosen(named.model, named.note)


def models_document(settings: Settings, clock: Clock) -> Json:
    """The models that can be chosen, those that answer now first; nobody is called."""
    day, table = today(clock), prices_of(settings)
    able = {one.name: one for one in known_providers(settings)}
    names: dict[str, list[str]] = {}
    for alias in table.data.aliases:
        found = table.named(alias, day)
        if found is not None:
            names.setdefault(found.model.model_id, []).append(alias)
    shown = [
        _shown(model, able.get(model.provider), sorted(names.get(model.model_id, ())))
        for model in table.current(day)
    ]
    for provider in able.values():
        if (
            provider.is_ready
            and provider.variable
            and not any(one["provider"] == provider.name for one in shown)
        ):
            shown.append(_shown(_own(f"{provider.name}/…", provider.name), provider, []))
    ordered = sorted(shown, key=lambda one: (one["id"] != BUILTIN, not one["is_available"]))
    has_router = any(one.is_ready and one.name != LOCAL for one in able.values())
    return {
        "models": ordered,
        "default": _default(settings.model, has_router),
        "price_table": table.version,
    }


def _default(wish: str, has_router: bool) -> str:
    """Who answers when nobody in particular is wished."""
    if wish != AUTO:
        return BUILTIN if wish == OFF else wish
    return AUTO if has_router else BUILTIN


def _shown(model: Model, provider: Provider | None, names: list[str]) -> Json:
    is_built_in = model.provider == BUILTIN
    is_ready = is_built_in or (provider is not None and provider.is_ready)
    return {
        "id": model.model_id,
        "name": model.name,
        "provider": model.provider,
        "tier": model.tier.value,
        "is_available": is_ready,
        "is_offline": is_built_in,
        "context": model.context,
        "price_in": model.price_in,
        "price_out": model.price_out,
        "aliases": names,
        "note": model.note if is_ready else _missing(model, provider),
    }


def _missing(model: Model, provider: Provider | None) -> str:
    what = provider.note if provider and provider.note else "its provider is not set up"
    return f"{model.name} is not set up here: {what}."


def _own(name: str, provider: str) -> Model:
    """A model of the user's own server, which no table knows."""
    from agents.models.tiers import Tier

    return Model(
        model_id=name,
        name=name,
        provider=provider,
        tier=Tier.STANDARD,
        price_in=0.0,
        price_out=0.0,
        context=8_192,
        output=4_096,
        source="declared",
        read_on="",
        note="Not in the table: its price is not known and counts as 0.",
    )

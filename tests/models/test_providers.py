"""Which providers are set up, and where a model is asked; no provider is called."""

import pytest

from agents.models.price_table import price_table
from agents.models.providers import (
    ProviderError,
    Target,
    provider_variables,
    providers,
    ready,
    target_of,
)

KEYS = {"OPENAI_API_KEY": "sk-1", "ANTHROPIC_API_KEY": "sk-2", "GEMINI_API_KEY": "sk-3"}


def _target(model: str, environment: dict[str, str]) -> Target | None:
    return target_of(model, ready(providers(environment, has_local=False)), price_table())


def test_without_variables_nothing_is_ready_and_each_says_how_to_set_it_up() -> None:
    known = providers({}, has_local=False)

    assert ready(known) == {}
    assert all(provider.note for provider in known)


def test_usual_variables_set_providers_up() -> None:
    environment = {**KEYS, "OLLAMA_HOST": "127.0.0.1"}

    able = ready(providers(environment, has_local=True))

    assert set(able) == {"openai", "anthropic", "gemini", "ollama", "local"}
    assert able["ollama"].base == "http://127.0.0.1:11434"


def test_keys_are_never_shown() -> None:
    known = providers(KEYS, has_local=False)

    shown = repr(known) + repr([provider.as_json for provider in known])

    assert "sk-" not in shown
    assert "***" in shown


@pytest.mark.parametrize(
    ("model", "wire_name"),
    [
        ("gpt-6-luna", "openai/gpt-6-luna"),
        ("claude-haiku-5-5", "anthropic/claude-haiku-5-5"),
        ("gemini/gemini-3.8-flash", "gemini/gemini-3.8-flash"),
        ("openai/another", "openai/another"),
    ],
)
def test_a_model_is_asked_by_the_name_its_provider_knows(model: str, wire_name: str) -> None:
    target = _target(model, KEYS)

    assert target is not None
    assert target.wire_name == wire_name


def test_a_server_of_ones_own_is_asked_under_its_name_with_its_key() -> None:
    urls = {"ORCHESTRATOR_MODEL_URLS": "my-lab=http://10.0.0.5:8001/v1", "MY_LAB_API_KEY": "sk-9"}

    target = _target("my-lab/qwen/large", urls)

    assert target == Target(
        "my-lab/qwen/large", "my-lab", "openai/qwen/large", "sk-9", "http://10.0.0.5:8001/v1"
    )


@pytest.mark.parametrize(
    "listed", ["lab", "lab=ftp://x", "openai=http://x/v1", "lab=http://u:p@x/v1", "La b=http://x"]
)
def test_a_list_of_servers_that_cannot_be_read_is_named(listed: str) -> None:
    with pytest.raises(ProviderError, match="ORCHESTRATOR_MODEL_URLS"):
        providers({"ORCHESTRATOR_MODEL_URLS": listed}, has_local=False)


def test_a_model_of_a_provider_that_is_not_set_up_has_no_target() -> None:
    assert _target("gpt-6-luna", {}) is None
    assert _target("nobody/knows", KEYS) is None


def test_only_variables_of_providers_are_handed_on() -> None:
    environment = {**KEYS, "X_TOKEN": "secret", "ORCHESTRATOR_MODEL_URLS": "lab=http://x/v1"}
    environment["LAB_API_KEY"] = "sk-4"

    handed = provider_variables(environment)

    assert set(handed) == {*KEYS, "ORCHESTRATOR_MODEL_URLS", "LAB_API_KEY"}

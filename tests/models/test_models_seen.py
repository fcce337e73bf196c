"""Models as people meet them: listed, tested, and writing a post of a whole task."""

import sys
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import own_agents
from api.settings import Settings, load
from tests.api.serving import serving
from tests.api.terminal import Terminal
from tests.models.provider import Provider, Script, running_provider

POST = (
    '{"hook": "Our monthly revenue is $150,000.", "insight": "It comes from 320 customers, and '
    '4.5% of our 250,000 monthly visits convert.", "meaning": "Steady work for each customer pays: '
    'growth of 35% came without a single promotion.", '
    '"call_to_action": "Which of your figures moved most this quarter?"}'
)
METRICS = {
    "revenue_monthly": 150000,
    "traffic_monthly": 250000,
    "conversion_rate": 0.045,
    "customer_count": 320,
    "growth_rate_q4": 0.35,
}


async def test_models_are_listed_with_prices_and_without_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-never-shown")
    async with serving(tmp_path) as served:
        found = await served.http.get("/api/orchestrator/models")
        providers = await served.http.get("/api/orchestrator/models/providers")

    document = found.json()
    able = {one["model_id"] for one in document["models"] if one["is_available"]}
    assert {"builtin", "gpt-6-luna"} <= able
    assert "claude-opus-5-5" not in able
    assert len(document["models"]) >= 7
    assert document["providers"] == providers.json()
    assert "sk-never-shown" not in found.text + providers.text


async def test_a_model_writes_the_post_of_a_task_and_its_account_stands_in_the_history(
    tmp_path: Path,
) -> None:
    async with running_provider() as provider:
        provider.plays("writer", Script(text=POST))
        document, events = await _task(tmp_path, provider)

    calls = [event["usage"]["model_call"] for event in events if event.get("usage")]
    assert calls, document
    call = calls[0]
    assert "Steady work for each customer pays" in document["content"]
    assert provider.asked_of("writer") >= 1
    assert call["model"] == "lab/writer"
    assert call["tokens_out"] > 20
    assert call["prompt"]["name"] == "draft_post"
    assert "litellm" not in sys.modules


async def _task(tmp_path: Path, provider: Provider) -> tuple[Any, list[Any]]:
    """A task's deliverable and the bodies of its events."""
    agents, urls = own_agents(Settings(data=tmp_path / "data")), f"lab={provider.url}"
    async with serving(tmp_path, agents, model="lab/writer", model_urls=urls) as served:
        task_id = await served.submit(business_metrics=METRICS)
        shown = await served.http.get(f"/api/orchestrator/approval/{task_id}")
        history = await served.http.get(f"/api/orchestrator/tasks/{task_id}/events")
        await served.status(task_id)
    listed = history.json()
    found = [one["data"] for one in listed["events"]]
    return shown.json()["main_content"], found


@pytest.mark.parametrize(("budget", "is_paid"), [(1.0, True), (0.0000001, False)])
async def test_a_priced_model_is_paid_within_the_budget_or_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, budget: float, is_paid: bool
) -> None:
    async with running_provider() as provider:
        provider.plays("gpt-6-luna", Script(text=POST))
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
        monkeypatch.setenv("OPENAI_BASE_URL", provider.url)
        agents = own_agents(Settings(data=tmp_path / "data"))
        async with serving(tmp_path, agents, model="gpt-6-luna", budget=budget) as served:
            task_id = await served.submit(business_metrics=METRICS)
            status = await served.status(task_id)
            budgets = (await served.http.get("/api/orchestrator/budgets")).json()

    assert (provider.asked_of("gpt-6-luna") > 0) is is_paid
    assert (status["cost"] > 0) is is_paid
    assert status["status"] == "pending_approval"
    assert budgets["spent"] == pytest.approx(status["cost"], abs=1e-6)


def test_what_a_program_configures_asks_no_model_unless_it_says_so(tmp_path: Path) -> None:
    assert Settings(data=tmp_path).model == "off"
    assert load({"data": tmp_path}, {}).model == "auto"
    assert load({"data": tmp_path}, {"ORCHESTRATOR_MODEL": "local"}).model == "local"


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def test_the_command_line_lists_models(terminal: Terminal) -> None:
    typed = terminal("models", "list", env={"ANTHROPIC_API_KEY": "sk-never-shown"})

    assert typed.code == 0
    assert "claude-haiku-5-5" in typed.out
    assert "set OPENAI_API_KEY to use it" in typed.out
    assert "sk-never-shown" not in typed.out


def test_servers_that_cannot_be_read_are_a_wrong_use(terminal: Terminal) -> None:
    typed = terminal("models", "list", env={"ORCHESTRATOR_MODEL_URLS": "lab"})

    assert typed.code == 2
    assert "ORCHESTRATOR_MODEL_URLS" in typed.err

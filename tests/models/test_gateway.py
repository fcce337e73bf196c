"""The real way to a provider: our process, LiteLLM, HTTP, and a provider that misbehaves."""

import os
import signal
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from agents.models.calls import Fault, ModelAnswer, ModelCall, ModelFailed, UsageTrust
from agents.models.model_process import ModelProcess
from tests.models.asked import OBJECT, a_call
from tests.models.provider import Provider, Script, dead_url, running_provider

pytestmark = pytest.mark.asyncio(loop_scope="module")
TEXT = Script().text


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def provider() -> AsyncIterator[Provider]:
    async with running_provider() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def models(provider: Provider) -> AsyncIterator[ModelProcess]:
    urls = f"lab={provider.url},other={provider.url},locked={provider.url},dead={dead_url()}"
    environment = {
        "ORCHESTRATOR_MODEL_URLS": urls,
        "LAB_API_KEY": "sk-of-the-lab",
        "LOCKED_API_KEY": "sk-wrong",
    }
    process = ModelProcess(environment)
    await process.warm()
    yield process
    await process.stop()


async def _faults(models: ModelProcess, call: ModelCall) -> list[Fault | None]:
    answer = await models.complete(call)
    assert answer.text == TEXT
    return [attempt.fault for attempt in answer.account.attempts]


async def test_an_answer_is_streamed_and_counted(models: ModelProcess, provider: Provider) -> None:
    parts = [part async for part in models.stream(a_call("lab/honest"))]

    answer = parts[-1]
    assert isinstance(answer, ModelAnswer)
    assert len(parts) > 4
    assert "".join(part.text for part in parts[:-1]) == answer.text == TEXT
    assert answer.account.usage is UsageTrust.REPORTED
    assert answer.account.tokens_out == len(TEXT.split())
    assert provider.keys[-1] == "Bearer sk-of-the-lab"


async def test_a_rate_limit_is_waited_for_as_long_as_it_says(
    models: ModelProcess, provider: Provider
) -> None:
    provider.plays("limited", Script(status=429, retry_after="0.05"), Script())

    faults = await _faults(models, a_call("lab/limited"))

    assert faults == [Fault.RATE_LIMITED, None]


@pytest.mark.parametrize(
    ("name", "script", "fault"),
    [
        ("r429", Script(status=429, retry_after="60"), Fault.RATE_LIMITED),
        ("e500", Script(status=500), Fault.SERVER_ERROR),
        ("e503", Script(status=503), Fault.SERVER_ERROR),
        ("e404", Script(status=404), Fault.BAD_REQUEST),
        ("hang", Script(hangs=True), Fault.TIMED_OUT),
        ("slow", Script(slow_first=30), Fault.TIMED_OUT),
        ("cut", Script(cut_after=3), Fault.CUT_OFF),
        ("gone", Script(cut_after=3, ends_early=True), Fault.CUT_OFF),
        ("empty", Script(text=""), Fault.BAD_ANSWER),
    ],
)
async def test_another_provider_answers_in_time(
    models: ModelProcess, provider: Provider, name: str, script: Script, fault: Fault
) -> None:
    provider.plays(name, script)
    seconds = 1.0 if fault is Fault.TIMED_OUT else 10.0

    faults = await _faults(models, a_call(f"lab/{name}", "other/honest", seconds=seconds))

    assert set(faults[:-1]) == {fault}
    assert faults[-1] is None


async def test_a_dead_port_falls_back(models: ModelProcess) -> None:
    faults = await _faults(models, a_call("dead/any", "lab/honest", call_id="dead port"))

    assert faults == [Fault.UNREACHABLE, None]


async def test_a_wrong_key_fails_clearly_and_is_not_repeated_in_the_reason(
    models: ModelProcess, provider: Provider
) -> None:
    provider.plays("any", Script(status=401))

    with pytest.raises(ModelFailed, match="bad_key") as failed:
        await models.complete(a_call("locked/any"))

    assert provider.asked_of("any") == 1
    assert "sk-wrong" not in failed.value.reason


@pytest.mark.parametrize("usage", [None, (0, 0), (-4, -4), (10**9, 10**9)])
async def test_a_lie_about_tokens_is_counted_anew(
    models: ModelProcess, provider: Provider, usage: tuple[int, int] | None
) -> None:
    name = f"liar-{usage}"
    provider.plays(name, Script(usage=usage))

    answer = await models.complete(a_call(f"lab/{name}"))

    assert answer.account.usage is UsageTrust.RECOUNTED
    assert 5 < answer.account.tokens_in < 40
    assert 4 < answer.account.tokens_out < 15


async def test_a_count_that_is_no_number_does_not_lose_the_answer(
    models: ModelProcess, provider: Provider
) -> None:
    provider.plays("wordy", Script(usage=("many", 3)))

    answer = await models.complete(a_call("lab/wordy", "other/honest"))

    assert answer.text == TEXT


async def test_an_answer_by_schema_is_asked_for_and_read(
    models: ModelProcess, provider: Provider
) -> None:
    provider.plays("tidy", Script(text='{"answer": "it grew"}'))

    answer = await models.complete(a_call("lab/tidy", json_schema=OBJECT))

    assert answer.data == {"answer": "it grew"}
    assert provider.asked[-1]["response_format"]["json_schema"]["schema"] == OBJECT


async def test_bad_json_is_paid_and_answered_by_another(
    models: ModelProcess, provider: Provider
) -> None:
    provider.plays("untidy", Script(text="it grew"))
    provider.plays("tidy", Script(text='{"answer": "it grew"}'))

    answer = await models.complete(
        a_call("lab/untidy", "other/tidy", call_id="untidy", json_schema=OBJECT)
    )

    assert answer.data == {"answer": "it grew"}
    assert answer.account.tokens_out > answer.account.attempts[-1].tokens_out


async def test_closing_a_stream_closes_the_connection(
    models: ModelProcess, provider: Provider
) -> None:
    provider.plays("endless", Script(endless=True))
    provider.was_stopped.clear()
    stream = models.stream(a_call("lab/endless"))

    await anext(stream)
    await stream.aclose()

    await provider.was_stopped.wait()


async def test_a_repeat_of_an_answered_call_asks_nobody(
    models: ModelProcess, provider: Provider
) -> None:
    await models.complete(a_call("lab/once"))

    again = await models.complete(a_call("lab/once"))

    assert again.account.is_cached
    assert provider.asked_of("once") == 1


async def test_a_process_that_dies_fails_its_call_and_is_started_again(
    models: ModelProcess, provider: Provider
) -> None:
    provider.plays("endless", Script(endless=True))
    stream = models.stream(a_call("lab/endless", call_id="dying"))
    await anext(stream)
    assert models.pid is not None

    os.kill(models.pid, signal.SIGKILL)
    with pytest.raises(ModelFailed, match="has ended") as failed:
        async for _ in stream:
            pass
    answer = await models.complete(a_call("lab/honest", call_id="after the death"))

    assert failed.value.is_passing
    assert not failed.value.account.is_priced
    assert answer.text == TEXT


async def test_this_process_never_imports_the_library(models: ModelProcess) -> None:
    await models.complete(a_call("lab/honest", call_id="unimported"))

    assert "litellm" not in sys.modules

"""Measures what the gateway adds: `python -m tests.models.measure`.

Time to first token through our process and LiteLLM, and of the same server called directly, in
turns; once against a provider here that answers at once, once against the small local model.
"""

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from agents.models import local
from agents.models.calls import Piece
from agents.models.local import LocalModel
from agents.models.model_process import ModelProcess
from tests.models.asked import a_call
from tests.models.provider import running_provider

ROUNDS = 40
MEGABYTE = 1024 * 1024


async def main() -> None:
    """Print the figures."""
    async with running_provider() as provider:
        print("a provider that answers at once:")
        await _measure("lab", "honest", provider.url, "none")
    if not local.is_installed():
        print(f"no local model; get it with: {local.HOW_TO_GET_IT}")
        return
    model = LocalModel()
    started = time.perf_counter()
    address = await model.address()
    print(f"local model: started in {time.perf_counter() - started:.1f} s, {_memory(model.pid)} MB")
    await _measure("near", "smollm2-135m", address.base, address.key)
    await model.stop()


async def _measure(name: str, model: str, url: str, key: str) -> None:
    variables = {"ORCHESTRATOR_MODEL_URLS": f"{name}={url}", f"{name.upper()}_API_KEY": key}
    process = ModelProcess(variables)
    started = time.perf_counter()
    await process.warm()
    started_process = time.perf_counter() - started
    await _through(process, f"{name}/{model}", 0)
    first = time.perf_counter() - started
    async with httpx.AsyncClient(timeout=120) as client:
        await _direct(client, url, key, model)
        ours, direct = [], []
        for number in range(1, ROUNDS + 1):
            direct.append(await _timed(lambda: _direct(client, url, key, model)))
            ours.append(await _timed(lambda n=number: _through(process, f"{name}/{model}", n)))
    print(f"  process begun in {started_process * 1000:.0f} ms, first answer after {first:.1f} s")
    print(f"  memory of the process {_memory(process.pid)} MB")
    for label, times in (("direct", direct), ("gateway", ours)):
        deciles = statistics.quantiles(times, n=10)
        print(f"  {label:<8} first token p50 {deciles[4]:6.1f} ms, p90 {deciles[8]:6.1f} ms")
    ratio = statistics.median(ours) / statistics.median(direct)
    added = statistics.median(ours) - statistics.median(direct)
    print(f"  ratio of the medians {ratio:.2f}, added {added:.1f} ms, n = {ROUNDS} each")
    await process.stop()


async def _timed(work: Callable[[], Awaitable[None]]) -> float:
    started = time.perf_counter()
    await work()
    return (time.perf_counter() - started) * 1000


async def _through(process: ModelProcess, model: str, number: int) -> None:
    """Until the first words; the rest of the answer is not waited for."""
    call = a_call(model, call_id=f"round {number}", seconds=120.0, max_tokens=1)
    stream = process.stream(call)
    async for part in stream:
        if isinstance(part, Piece) and part.text:
            break
    await stream.aclose()


async def _direct(client: httpx.AsyncClient, url: str, key: str, model: str) -> None:
    call = a_call(model)
    body = {
        "model": model,
        "messages": [message.model_dump() for message in call.messages],
        "max_tokens": 1,
        "temperature": call.temperature,
        "stream": True,
    }
    headers = {"Authorization": f"Bearer {key}"}
    async with client.stream("POST", f"{url}/chat/completions", json=body, headers=headers) as got:
        async for line in got.aiter_lines():
            if line.startswith("data: {") and _has_text(json.loads(line[6:])):
                return


def _has_text(chunk: dict[str, list[dict[str, dict[str, str]]]]) -> bool:
    choices = chunk.get("choices") or [{}]
    return bool(choices[0].get("delta", {}).get("content"))


def _memory(pid: int | None) -> int:
    """Resident megabytes of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 // MEGABYTE


if __name__ == "__main__":
    asyncio.run(main())

"""Speaks with providers through LiteLLM: the only module that knows it.

It takes 3 s and 170 MB to import, so this runs in a process of its own (`model_worker`), never in
one that serves or decides. Nothing is read from `.env`, fetched at import, logged or reported.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Iterator
from typing import Any

from agents.models.calls import Fault, Message, ModelCall
from agents.models.providers import LOCAL, Target
from agents.models.reading_json import for_provider
from agents.models.wire import Chunk, WireFault
from streams.domain.values import Json, Money

LONGEST_REASON = 300
NOWHERE = "http://127.0.0.1:9/v1"  # the discard port of this machine: refused at once
_BY_STATUS = {
    400: Fault.BAD_REQUEST,
    401: Fault.BAD_KEY,
    403: Fault.BAD_KEY,
    404: Fault.BAD_REQUEST,
    408: Fault.TIMED_OUT,
    413: Fault.BAD_REQUEST,
    422: Fault.BAD_REQUEST,
    429: Fault.RATE_LIMITED,
}
_BY_NAME = {
    "Timeout": Fault.TIMED_OUT,
    "APITimeoutError": Fault.TIMED_OUT,
    "MidStreamFallbackError": Fault.CUT_OFF,
    "APIResponseValidationError": Fault.BAD_ANSWER,
    "JSONSchemaValidationError": Fault.BAD_ANSWER,
}

_UNCONNECTED = frozenset({"APIConnectionError", "ConnectError", "ConnectTimeout"})
_DEEPEST = 12  # errors beneath an error


def load() -> Any:
    """LiteLLM, imported so that it stays quiet and offline. Seconds the first time."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_MODE"] = "PRODUCTION"
    import litellm

    litellm.suppress_debug_info = True
    litellm.drop_params = True
    litellm.disable_aiohttp_transport = True  # httpx closes a connection when a stream is closed
    litellm.callbacks = []
    litellm.num_retries = 0
    return litellm


class LiteLLM:
    """A wire to all providers."""

    async def warm(self) -> None:
        """Import and load all that the first call would otherwise wait for, without a call."""
        litellm = await asyncio.to_thread(load)
        await asyncio.to_thread(litellm.token_counter, model="gpt-4o", text="warm")
        nowhere = Target("warm", "openai", "openai/warm", base=NOWHERE)
        call = ModelCall(
            call_id="warm", model="warm", messages=(Message(role="user", content="-"),)
        )
        with contextlib.suppress(WireFault):
            async for _ in self.stream(nowhere, call, 1.0):
                pass

    async def stream(
        self, target: Target, call: ModelCall, seconds: float
    ) -> AsyncGenerator[Chunk, None]:
        """See `Wire.stream`."""
        litellm = load()
        answer, has_text = None, False
        try:
            answer = await litellm.acompletion(**_arguments(target, call, seconds))
            async for part in answer:
                chunk = _chunk(part, is_counted=_is_counted(answer))
                has_text = has_text or bool(chunk.text)
                yield chunk
        except Exception as error:  # the library's errors have no root of their own
            if not _is_finished(answer):
                raise _fault(error, target, has_text) from error
        finally:
            if answer is not None:
                await _closed(answer)
        if not _is_finished(answer):
            raise WireFault(Fault.CUT_OFF, "the answer broke off in the middle")

    def count(self, target: Target, text: str) -> int:
        """See `Wire.count`."""
        return int(load().token_counter(model=target.wire_name, text=text))

    def price(self, target: Target, tokens_in: int, tokens_out: int) -> Money | None:
        """See `Wire.price`."""
        try:
            read, written = load().cost_per_token(
                model=target.wire_name, prompt_tokens=tokens_in, completion_tokens=tokens_out
            )
        except Exception:  # it raises whatever it likes for a model that it does not know
            return None
        return float(read + written)


def _arguments(target: Target, call: ModelCall, seconds: float) -> Json:
    given: Json = {
        "model": target.wire_name,
        "messages": [message.model_dump() for message in call.messages],
        "api_key": target.key,
        "max_tokens": call.max_tokens,
        "temperature": call.temperature,
        "timeout": seconds,
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_retries": 0,
        "num_retries": 0,
    }
    if target.base:
        given["api_base"] = target.base
    if call.json_schema is not None:
        is_local = target.provider == LOCAL
        asked = call.json_schema if is_local else for_provider(call.json_schema)
        schema = {"name": "answer", "schema": asked, "strict": True}
        given["response_format"] = {"type": "json_schema", "json_schema": schema}
    return given


def _is_finished(answer: Any) -> bool:
    """Whether the provider said why it ended: the library makes up a reason where it did not."""
    return getattr(answer, "received_finish_reason", None) is not None


def _is_counted(answer: Any) -> bool:
    """Whether the provider counted tokens: where it did not, the library estimates them."""
    return any(getattr(each, "usage", None) for each in getattr(answer, "chunks", None) or ())


def _chunk(part: Any, *, is_counted: bool) -> Chunk:
    choices = getattr(part, "choices", None) or ()
    first = choices[0] if choices else None
    delta = getattr(first, "delta", None)
    text = getattr(delta, "content", None)
    usage = getattr(part, "usage", None)
    claimed = (getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None))
    return Chunk(
        text=text if isinstance(text, str) else "",
        finish=getattr(first, "finish_reason", None),
        usage=claimed if usage is not None and is_counted else None,
    )


async def _closed(answer: Any) -> None:
    """Close the connection, so that the provider stops."""
    for stream in (answer, getattr(answer, "completion_stream", None)):
        close = getattr(stream, "aclose", None) or getattr(stream, "close", None)
        if close is None:
            continue
        try:
            ended = close()
            if hasattr(ended, "__await__"):
                await ended
        except Exception:  # noqa: S112  (it is gone either way)
            continue


def _fault(error: Exception, target: Target, has_text: bool) -> WireFault:
    if isinstance(error, WireFault):
        return error
    status = getattr(error, "status_code", None)
    name = type(error).__name__
    reason = " ".join(str(error).split()).replace(target.key, "***")[:LONGEST_REASON]
    fault = _BY_NAME.get(name)
    if fault is None and not has_text and not _UNCONNECTED.isdisjoint(_causes(error)):
        fault = Fault.UNREACHABLE
    if fault is None and isinstance(status, int):
        fault = _BY_STATUS.get(status, Fault.SERVER_ERROR if status >= 500 else Fault.BAD_REQUEST)
    if has_text and fault in (None, Fault.SERVER_ERROR):
        fault = Fault.CUT_OFF
    return WireFault(fault or Fault.SERVER_ERROR, reason or name, _retry_after(error))


def _causes(error: BaseException | None) -> Iterator[str]:
    """The names of an error and of those beneath it."""
    for _ in range(_DEEPEST):
        if error is None:
            return
        yield type(error).__name__
        error = error.__cause__ or error.__context__


def _retry_after(error: Exception) -> float | None:
    """Seconds that the provider asked to be left alone, where it said so in seconds."""
    response = getattr(error, "response", None)
    sources = (getattr(error, "litellm_response_headers", None), getattr(response, "headers", None))
    for headers in sources:
        value = headers.get("retry-after") if headers is not None else None
        if value is not None:
            try:
                return max(0.0, float(value))
            except ValueError:
                continue
    return None

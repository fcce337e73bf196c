"""A provider of models on this machine, with OpenAI's interface, that can be told to misbehave."""

import asyncio
import json
import socket
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

HONEST = "honest"


@dataclass(frozen=True, slots=True)
class Script:
    """What happens to one request. The text is streamed word by word."""

    text: str = "Revenue grew in the fourth quarter."
    status: int = 200
    retry_after: str | None = None
    hangs: bool = False  # accepts the request and says nothing
    endless: bool = False  # goes on until the client is gone
    cut_after: int | None = None  # words, after which the connection is dropped
    ends_early: bool = False  # the cut stream ends in good order, but without a reason
    slow_first: float = 0.0  # seconds before the first word
    finish: str = "stop"
    usage: Any = HONEST  # or None for none, or (tokens in, tokens out)


@dataclass(slots=True)
class Provider:
    """A running provider: what it shall do, by model, and what it was asked."""

    url: str = ""
    scripts: dict[str, deque[Script]] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    stopped: int = 0  # streams whose client went away
    was_stopped: asyncio.Event = field(default_factory=asyncio.Event)

    def plays(self, model: str, *scripts: Script) -> None:
        """The scripts for the next requests of a model; the last one stays."""
        self.scripts[model] = deque(scripts)

    def asked_of(self, model: str) -> int:
        """How many requests a model got."""
        return sum(body["model"] == model for body in self.asked)

    async def chat(self, request: Request) -> Response:
        """POST /v1/chat/completions."""
        body = await request.json()
        self.asked.append(body)
        self.keys.append(request.headers.get("authorization", ""))
        waiting = self.scripts.get(body["model"]) or deque([Script()])
        script = waiting.popleft() if len(waiting) > 1 else waiting[0]
        if script.status != 200:
            headers = {"Retry-After": script.retry_after} if script.retry_after else {}
            error = {"message": f"status {script.status}", "type": "error", "code": script.status}
            return JSONResponse({"error": error}, script.status, headers)
        return StreamingResponse(self._events(body, script), media_type="text/event-stream")

    async def _events(self, body: dict[str, Any], script: Script) -> AsyncIterator[bytes]:
        try:
            if script.hangs:
                await asyncio.Event().wait()
            await asyncio.sleep(script.slow_first)
            words = script.text.split(" ")
            for number, word in enumerate(words):
                if number == script.cut_after:
                    if script.ends_early:
                        return
                    raise ConnectionResetError
                yield _event(body, {"content": word if number == 0 else f" {word}"}, None)
            while script.endless:
                await asyncio.sleep(0.01)
                yield _event(body, {"content": " more"}, None)
            yield _event(body, {}, script.finish)
            usage = _usage(body, script)
            if usage is not None:
                yield _event(body, None, None, usage)
            yield b"data: [DONE]\n\n"
        except (asyncio.CancelledError, GeneratorExit):
            self.stopped += 1
            self.was_stopped.set()
            raise


def _event(
    body: dict[str, Any], delta: dict[str, Any] | None, finish: str | None, usage: Any = None
) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    value = {
        "id": "chat-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": body["model"],
        "choices": [] if delta is None else [choice],
    }
    if usage is not None:
        value["usage"] = usage
    return f"data: {json.dumps(value)}\n\n".encode()


def _usage(body: dict[str, Any], script: Script) -> dict[str, Any] | None:
    if script.usage is None:
        return None
    read = sum(len(message["content"].split()) + 4 for message in body["messages"])
    tokens = (read, len(script.text.split())) if script.usage == HONEST else script.usage
    total = sum(one for one in tokens if isinstance(one, int))
    return {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": total}


@asynccontextmanager
async def running_provider() -> AsyncIterator[Provider]:
    """A provider for as long as the block lasts."""
    provider = Provider()
    app = Starlette(
        routes=[Route("/v1/chat/completions", provider.chat, methods=["POST"])],
        exception_handlers={ConnectionResetError: lambda request, error: Response(status_code=500)},
    )
    listener = socket.create_server(("127.0.0.1", 0))
    provider.url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    config = uvicorn.Config(
        app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1, ws="none"
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield provider  # the socket listens already: whoever comes early waits in its queue
    finally:
        server.should_exit = True
        await serving


def dead_url() -> str:
    """An address of this machine where nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/v1"

"""JSON-RPC over stdin and stdout without any library, so that a server can do what none should."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

Message = dict[str, Any]
Handler = Callable[[Message], Any]

INFO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {"tools": {"listChanged": True}},
    "serverInfo": {"name": "raw", "version": "1"},
}
ECHO: Message = {
    "name": "echo",
    "description": "Says it again.",
    "inputSchema": {
        "type": "object",
        "properties": {"text": {"type": "string"}},
        "required": ["text"],
    },
}


def requests() -> Iterator[Message]:
    """What the client sends."""
    for line in sys.stdin.buffer:
        yield json.loads(line)


def say(message: Message) -> None:
    """Send one message."""
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def answer(request: Message, result: Any) -> None:
    """Answer a request."""
    say({"id": request["id"], "result": result})


def notify(method: str) -> None:
    """Send a notification."""
    say({"method": method})


def texts(*parts: str, **more: Any) -> Message:
    """The result of a call with texts."""
    return {"content": [{"type": "text", "text": part} for part in parts], **more}


def serve(**handlers: Handler | None) -> None:
    """Answer until stdin ends. A handler is named after the method with `_` for `/`; what it
    returns is the result, and None is no answer; without a handler, a method is not found.
    """
    known: dict[str, Handler | None] = {
        "initialize": lambda _: INFO,
        "tools_list": lambda _: {"tools": [ECHO]},
        "tools_call": lambda r: texts(str(r["params"]["arguments"].get("text"))),
        "ping": lambda _: {},
    } | handlers
    for request in requests():
        handler = known.get(str(request.get("method")).replace("/", "_"))
        result = handler(request) if handler else None
        if result is not None and "id" in request:
            answer(request, result)
        elif handler is None and "id" in request:
            say({"id": request["id"], "error": {"code": -32601, "message": "Method not found"}})

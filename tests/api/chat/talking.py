"""A chat to test: a model that says what the test lets it say, and short ways to talk."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from agents.models.calls import (
    CallAccount,
    ModelAnswer,
    ModelCall,
    ModelFailed,
    Piece,
)
from tests.api.serving import Served, serving

MODEL = "lab/tiny"
LAB = {"model_urls": "lab=http://127.0.0.1:9/v1"}


@dataclass
class Scripted:
    """A model that says its pieces, and before a None waits until it is let go on."""

    pieces: tuple[str | None, ...] = ("Good ", "day.")
    fails: bool = False
    calls: list[ModelCall] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    is_closed: bool = False

    async def stream(self, call: ModelCall) -> AsyncGenerator[Piece | ModelAnswer, None]:
        """See `Models.stream`."""
        self.calls.append(call)
        said = ""
        try:
            for piece in self.pieces:
                if piece is None:
                    await self.go_on.wait()
                    continue
                said += piece
                yield Piece(text=piece)
            if self.fails:
                raise ModelFailed("the lab is on fire", CallAccount(cost=0.01), is_passing=True)
            account = CallAccount(model=MODEL, tokens_in=20, tokens_out=3, cost=0.25)
            yield ModelAnswer(text=said, account=account)
        finally:
            self.is_closed = True

    async def complete(self, call: ModelCall) -> ModelAnswer:
        """See `Models.complete`."""
        raise NotImplementedError

    def cooling(self) -> frozenset[str]:
        """See `Models.cooling`."""
        return frozenset()

    async def stop(self) -> None:
        """Nothing to let go of."""


@dataclass
class Talker:
    """Somebody who talks with a server."""

    served: Served
    model: Scripted
    headers: dict[str, str] = field(default_factory=dict)

    async def say(self, message: str, *, status: int = 200, **more: Any) -> dict[str, Any]:
        """Send a message to the conversation `default`; the answer is the document."""
        body = {"message": message, "conversationId": "default"} | more
        body = {name: value for name, value in body.items() if value is not None}
        response = await self.served.http.post("/api/chat", json=body, headers=self.headers)
        assert response.status_code == status, response.text
        found: dict[str, Any] = response.json()
        return found

    async def begin(self, message: str, **more: Any) -> dict[str, Any]:
        """Send a message without waiting for its answer."""
        body = {"message": message, "conversationId": "default", "model": MODEL} | more
        headers = self.headers | {"Prefer": "respond-async"}
        response = await self.served.http.post("/api/chat", json=body, headers=headers)
        assert response.status_code == 202, response.text
        found: dict[str, Any] = response.json()
        return found

    async def get(self, path: str, *, status: int = 200, **query: Any) -> dict[str, Any]:
        """The document at a path below /api/chat."""
        response = await self.served.http.get(
            f"/api/chat{path}", params=query, headers=self.headers
        )
        assert response.status_code == status, response.text
        found: dict[str, Any] = response.json()
        return found

    async def heard(self, message_id: str, text: str) -> int:
        """Listen until a text has been told; the answer is the id of the last event."""
        after, said = 0, ""
        path = f"/default/messages/{message_id}/events"
        while text not in said:
            found = await self.get(path, after=after, wait=5)
            assert found["frames"], "nothing comes"
            after = found["frames"][-1]["id"]
            said += "".join(f["data"].get("text", "") for f in found["frames"])
        return after


@asynccontextmanager
async def talking(
    directory: Path, monkeypatch: pytest.MonkeyPatch, model: Scripted | None = None, **settings: Any
) -> AsyncIterator[Talker]:
    """Somebody who talks with a server whose one provider is the scripted model."""
    made = model or Scripted()
    monkeypatch.setattr("agents.models.model_process.ModelProcess", lambda *_, **more: made)
    async with serving(directory, **LAB | settings) as served:
        yield Talker(served, made)


def events(text: str) -> list[tuple[int, str, dict[str, Any]]]:
    """The events of a stream as (id, name, data)."""
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line[0] != ":")
        found.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
    return found

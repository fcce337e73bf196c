"""Answers under way: what was told so far, by number, and whoever listens.

Nothing is queued for a listener: each reads on from its own number, so that a slow one costs
nothing. Whoever loses the connection may come back within the grace; then nobody listening stops
the answer, which would only cost money.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams.domain.values import Json

if TYPE_CHECKING:
    from collections.abc import Iterator

GRACE = 15.0  # seconds after the last listener has gone


@dataclass(frozen=True, slots=True)
class Frame:
    """One thing that is told: `number` is its place in the conversation's history."""

    number: int
    event: str
    data: Json


@dataclass(slots=True)
class Live:
    """One answer under way."""

    stream_id: str
    message_id: str
    frames: list[Frame] = field(default_factory=list)
    is_over: bool = False
    grace: float = GRACE
    task: "asyncio.Task[None] | None" = None
    is_stopped: bool = False
    _listeners: int = 0
    _told: asyncio.Event = field(default_factory=asyncio.Event)
    _alarm: asyncio.TimerHandle | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, frame: Frame) -> None:
        """Let all who listen have a frame."""
        self.frames.append(frame)
        self._wake()

    def end(self) -> None:
        """Nothing more comes."""
        self.is_over = True
        if self._alarm is not None:
            self._alarm.cancel()
        self._wake()

    def stop(self) -> None:
        """Ask for the end."""
        self.is_stopped = True
        self._stop.set()

    async def stopping(self) -> None:
        """Wait until somebody has asked for the end."""
        await self._stop.wait()

    async def after(self, number: int, keep_alive: float) -> AsyncGenerator[Frame | None, None]:
        """Frames with higher numbers as they come; None for a while in which nothing came."""
        index = 0
        with self._listening():
            while True:
                told = self._told
                while index < len(self.frames):
                    frame = self.frames[index]
                    index += 1
                    if frame.number > number:
                        yield frame
                if self.is_over:
                    return
                try:
                    async with asyncio.timeout(keep_alive):
                        await told.wait()
                except TimeoutError:
                    yield None

    async def first_after(self, number: int, seconds: float) -> list[Frame]:
        """All frames with higher numbers; where there are none, the first that come within so
        many seconds."""
        with self._listening():
            told = self._told
            found = [frame for frame in self.frames if frame.number > number]
            if found or self.is_over or not seconds:
                return found
            try:
                async with asyncio.timeout(seconds):
                    await told.wait()
            except TimeoutError:
                return []
            return [frame for frame in self.frames if frame.number > number]

    @contextmanager
    def _listening(self) -> "Iterator[None]":
        self._listeners += 1
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        try:
            yield
        finally:
            self._listeners -= 1
            if not self._listeners and not self.is_over:
                loop = asyncio.get_running_loop()
                self._alarm = loop.call_later(self.grace, self.stop)

    def _wake(self) -> None:
        told, self._told = self._told, asyncio.Event()
        told.set()

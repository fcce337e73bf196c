"""What one connection shows of the server behind it, gathered by its transport and its session."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

from agents.tools.cleaning import one_line


@dataclass(slots=True)
class Signs:
    """Signs of one connection. `news` is set when there is something to look at."""

    news: asyncio.Event = field(default_factory=asyncio.Event)
    is_lost: bool = False
    is_changed: bool = False  # the server says that its list is another one now
    reason: str = ""  # why it was lost
    status: int | None = None  # of the last answer over HTTP
    last_words: bytes = b""  # the end of what it wrote on stderr
    ending: str = ""  # how its process ended by itself
    is_met: bool = False  # has answered the handshake
    is_closing: bool = False  # from our side
    on_loss: Callable[[], None] | None = None
    hide: Callable[[str], str] = str  # takes out what the server was given

    def lose(self, reason: str = "") -> None:
        """The connection is gone; the first reason given is kept."""
        is_first = not self.is_lost
        self.is_lost = True
        self.reason = self.reason or reason
        self.news.set()
        if is_first and self.on_loss is not None:
            self.on_loss()

    def told(self, otherwise: str = "", words: int = 240) -> str:
        """Why it was lost as far as is known, with so many of its last characters on stderr."""
        parts = [self.ending or self.reason or otherwise or "broke the connection"]
        if self.status is not None and self.status >= 400:
            parts.append(f"HTTP {self.status}")
        last = one_line(self.last_words.decode("utf-8", "replace"), len(self.last_words) + 1)
        if last:  # hidden before it is cut: half a secret would not be recognised
            parts.append(f"its last words: {self.hide(last)[-words:]}")
        return self.hide("; ".join(parts))

    def change(self) -> None:
        """The server's list has changed."""
        self.is_changed = True
        self.news.set()


@dataclass(slots=True)
class Trace:
    """Whether a request has begun to leave this machine."""

    was_sent: bool = False


current_trace: ContextVar[Trace | None] = ContextVar("the trace of the request under way")

"""What a platform can do wrong with a request, and the hooks by which a test follows it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Event


class Fault(StrEnum):
    """One fault for one request that would have been accepted."""

    RATE_LIMITED = "rate_limited"  # refused for now
    SERVER_ERROR = "server_error"  # a 5xx before anything was accepted
    ERROR_AFTER = "error_after"  # a 5xx although it was accepted
    HANG_BEFORE = "hang_before"  # nothing is accepted, and nothing answered
    HANG_AFTER = "hang_after"  # accepted, and never answered
    CLOSE_BEFORE = "close_before"  # the connection ends, nothing was accepted
    CLOSE_AFTER = "close_after"  # accepted, then the connection ends
    HALF = "half"  # accepted, and half an answer
    SLOW = "slow"  # accepted and answered, late
    EXPIRED = "expired"  # the token is not valid any more
    REDIRECT = "redirect"  # sent elsewhere


class Stage(StrEnum):
    """How far a request has come on the platform."""

    ARRIVED = "arrived"
    ACCEPTED = "accepted"


Hook = Callable[[Stage, str], None]


def _nothing(stage: Stage, what: str) -> None:
    """No hook."""


@dataclass
class Faults:
    """The faults of the next requests, in their order; without any, all goes well."""

    waiting: deque[Fault] = field(default_factory=deque)
    hook: Hook = _nothing
    released: Event = field(default_factory=Event)  # ends what hangs

    def plan(self, *faults: Fault) -> None:
        """What happens to the next requests."""
        self.waiting.extend(faults)

    def take(self) -> Fault | None:
        """The fault of this request."""
        return self.waiting.popleft() if self.waiting else None

    async def hang(self) -> None:
        """Do not answer until the test lets go."""
        await asyncio.to_thread(self.released.wait, 60)

    def reset(self) -> None:
        """Forget all of it."""
        self.waiting.clear()
        self.hook = _nothing

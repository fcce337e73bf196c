"""Waiting for a condition that only looking can tell."""

import asyncio
from collections.abc import Awaitable, Callable

PAUSE = 0.02  # seconds between looks


async def until(is_so: Callable[[], bool | Awaitable[bool]], patience: float = 30.0) -> None:
    """Return as soon as the condition holds.

    Raises:
        TimeoutError: it did not within the patience, in seconds.
    """
    async with asyncio.timeout(patience):
        while True:
            found = is_so()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(PAUSE)

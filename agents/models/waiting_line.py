"""Calls that wait for money which is held for others, in one line for each limit, the oldest first.

Only the first of a line looks by itself now and then, since what others elsewhere settle is not
heard here; everyone behind it waits to be called.
"""

import asyncio
from collections import deque
from collections.abc import Iterable

FIRST_PAUSE = 2.0  # seconds until the first of a line looks again; it doubles
MOST_DOUBLINGS = 4


class WaitingLines:
    """The lines of one purse, by what they wait for."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[asyncio.Future[None]]] = {}

    @property
    def is_waited_in(self) -> bool:
        """Whether anybody waits."""
        return bool(self._lines)

    def first_of(self, names: Iterable[str]) -> str | None:
        """A line that somebody waits in already: who comes later stands behind."""
        return next((name for name in names if name in self._lines), None)

    async def wait(self, name: str, deadline: float, looks: int) -> None:
        """Until it is our turn, or the deadline of the loop's clock has come.

        Args:
            looks: how often we have looked already; then our place is at the front again.
        """
        loop = asyncio.get_running_loop()
        line = self._lines.setdefault(name, deque())
        turn: asyncio.Future[None] = loop.create_future()
        if looks:
            line.appendleft(turn)
        else:
            line.append(turn)
        until = deadline
        if line[0] is turn:
            until = min(deadline, loop.time() + FIRST_PAUSE * 2 ** min(looks, MOST_DOUBLINGS))
        try:
            async with asyncio.timeout_at(until):
                await turn
        except TimeoutError:
            pass
        finally:
            if turn in line:
                line.remove(turn)
            if not line and self._lines.get(name) is line:
                del self._lines[name]

    def call(self, names: Iterable[str]) -> None:
        """There may be money: the first of each of these lines looks."""
        for name in names:
            line = self._lines.get(name, deque())
            while line:
                turn = line.popleft()
                if not turn.done():
                    turn.set_result(None)
                    break

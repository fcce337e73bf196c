"""The moments that open tasks wait for, and the inputs that tell them when one has come."""

import heapq

from streams.clock import new_salt
from streams.domain.inputs import TimerFired
from streams.domain.state import TaskState
from streams.domain.values import Milliseconds
from streams.domain.waiting import next_timer

SPARE = 1_000  # timers of waits that are over, above which they are thrown out


class Timers:
    """The next moment of each task. A task has one at a time: whatever it waits for first."""

    def __init__(self) -> None:
        self._heap: list[tuple[Milliseconds, str, str]] = []
        self._current: dict[str, tuple[Milliseconds, str]] = {}

    def __len__(self) -> int:
        """How many are kept, with those that are over."""
        return len(self._heap)

    @property
    def next_at(self) -> Milliseconds | None:
        """The first moment to look at, which may turn out to be nobody's."""
        return self._heap[0][0] if self._heap else None

    def set(self, task_id: str, state: TaskState) -> None:
        """The task is in this state now."""
        wait = next_timer(state)
        if wait is None:
            self._current.pop(task_id, None)
            return
        timer = (wait.until, wait.timer_id)
        if self._current.get(task_id) != timer:
            self._current[task_id] = timer
            heapq.heappush(self._heap, (wait.until, task_id, wait.timer_id))
            if len(self._heap) > 2 * len(self._current) + SPARE:
                self._heap = [(at, task, name) for task, (at, name) in self._current.items()]
                heapq.heapify(self._heap)

    def due(self, now: Milliseconds) -> list[TimerFired]:
        """What must be told to tasks now; each is named once."""
        fired: list[TimerFired] = []
        while self._heap and self._heap[0][0] <= now:
            until, task_id, timer_id = heapq.heappop(self._heap)
            if self._current.get(task_id) != (until, timer_id):
                continue
            del self._current[task_id]
            fired.append(
                TimerFired(
                    input_id=f"timer:{task_id}:{until}"[:192],
                    task_id=task_id,
                    at=now,
                    salt=new_salt(),
                    principal="clock",
                    timer_id=timer_id,
                )
            )
        return fired

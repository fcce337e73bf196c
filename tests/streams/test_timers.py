"""A task has one timer at a time, and what is over takes no room for long."""

from streams.domain.state import TaskState
from streams.domain.values import Milliseconds
from streams.timers import SPARE, Timers
from tests.domain.story import Story


def asking(task_id: str, after: Milliseconds = 1) -> TaskState:
    """A task that waits for its first command to be taken."""
    return Story(task_id).submitted(after=after).state


def test_the_first_wait_of_each_task_comes_once_when_its_moment_has_come() -> None:
    timers = Timers()
    state = asking("a")
    timers.set("a", state)
    timers.set("a", state)
    moment = timers.next_at
    assert moment is not None

    early, due, again = timers.due(moment - 1), timers.due(moment), timers.due(moment + 1)

    assert early == []
    assert [(fired.task_id, fired.at) for fired in due] == [("a", moment)]
    assert again == []
    assert timers.next_at is None


def test_a_task_that_waits_for_nothing_has_no_timer() -> None:
    timers = Timers()
    timers.set("a", asking("a"))
    moment = timers.next_at
    assert moment is not None

    timers.set("a", TaskState(task_id="a"))

    assert timers.due(moment) == []


def test_timers_that_are_over_are_thrown_out() -> None:
    timers = Timers()

    for number in range(2 * SPARE):
        timers.set("a", asking("a", after=1 + number))

    assert len(timers) <= SPARE + 3
    assert timers.next_at is not None

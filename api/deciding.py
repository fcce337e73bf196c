"""What the ways in need of whatever decides: the core in this process, or a cluster of workers."""

from collections.abc import Callable, Mapping
from typing import Protocol

from streams.batch import Answer
from streams.domain.inputs import Input
from streams.domain.state import TaskState
from streams.embedded import Listener


class Deciding(Protocol):
    """Takes inputs, and knows what was decided. `streams.embedded.Embedded` is one;
    `api.cluster.core.ClusterCore` the other."""

    @property
    def failure(self) -> BaseException | None:
        """Why it cannot go on; nothing is taken any more then."""

    @property
    def backlog(self) -> int:
        """How many inputs were taken and are not decided yet."""

    async def send(self, given: Input) -> Answer:
        """Give an input to its task; durable and decided when it returns."""

    def state(self, task_id: str) -> TaskState | None:
        """The durable state of a task that is open or has closed lately."""

    def sequence(self, task_id: str) -> int:
        """The sequence of the newest durable event of a task that `state` knows; 0 otherwise."""

    def states(self) -> Mapping[str, TaskState]:
        """The durable states of all tasks that are open or have closed lately."""

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Be told of what was committed: records and the states after them. The answer ends it."""

    async def wait_for_failure(self) -> BaseException | None:
        """Wait until it ends; the answer says why, if it did not end by intent."""

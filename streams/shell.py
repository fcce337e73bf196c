"""The plain loop around the core on a broker: a member of the group of workers, with an owner for
each partition that it is given.

It reads the inputs of each partition by itself, so one that recovers holds up no other. After a
failed commit all memory of the partition is thrown away and folded again from the log.
"""

import asyncio
from collections.abc import Iterable, Mapping

from streams.clock import Clock, wall_clock
from streams.decider import Core
from streams.embedded import Hands
from streams.kafka.log import KafkaLog
from streams.kafka.loop import PartitionLoop
from streams.kafka.membership import SESSION, Membership
from streams.log import INPUTS
from streams.owner import Owner

GROUP = "workers"
_LOOK = 0.5  # seconds between looks for a failure


class Shell:
    """A worker: decides the tasks of the partitions that the group, or a list, gives it."""

    def __init__(
        self,
        log: KafkaLog,
        *,
        hands: Hands | None = None,
        core: Core | None = None,
        clock: Clock = wall_clock,
        name: str = "worker",
        partitions: Iterable[int] | None = None,
        session: float = SESSION,
    ) -> None:
        self._log = log
        self._hands = hands
        self._core = core
        self._clock = clock
        self._name = name
        self._fixed = None if partitions is None else sorted(partitions)
        self._listed: dict[int, PartitionLoop[Owner]] = {}
        self._member = Membership(log.settings, GROUP, INPUTS, self._loop, session)

    @property
    def loops(self) -> Mapping[int, PartitionLoop[Owner]]:
        """The work on each partition that is ours."""
        return self._member.tasks if self._fixed is None else self._listed

    @property
    def owners(self) -> Mapping[int, Owner]:
        """The owners of the partitions that are ours and have been taken over."""
        holders = {number: loop.holder for number, loop in self.loops.items()}
        return {number: owner for number, owner in holders.items() if owner is not None}

    @property
    def failure(self) -> BaseException | None:
        """Why it cannot go on; the process must end with an error then."""
        failed = (loop.failure for loop in self.loops.values() if loop.failure)
        return self._member.failure or next(failed, None)

    @property
    def is_ready(self) -> bool:
        """Whether all its partitions have been taken over."""
        return bool(self.loops) and all(loop.holder is not None for loop in self.loops.values())

    async def start(self) -> None:
        """Join the workers, or begin with the partitions of the list."""
        if self._fixed is None:
            await self._member.start()
            return
        self._listed = {number: self._loop(number) for number in self._fixed}
        for loop in self._listed.values():
            loop.start()

    async def stop(self) -> None:
        """Commit what was begun, and leave."""
        if self._fixed is None:
            await self._member.stop()
        else:
            await asyncio.gather(*(loop.stop() for loop in self._listed.values()))

    async def wait(self) -> BaseException | None:
        """Wait until it cannot go on; the answer says why. The process must end then."""
        while True:
            if self.failure is not None:
                return self.failure
            await asyncio.sleep(_LOOK)

    async def lag(self) -> dict[int, int]:
        """How far behind the end of its inputs each partition is, in offsets."""
        behind: dict[int, int] = {}
        for number, loop in self.loops.items():
            end = await self._log.end(INPUTS, number)
            behind[number] = max(0, end - (loop.position or 0))
        return behind

    def _loop(self, number: int) -> PartitionLoop[Owner]:
        return PartitionLoop(self._log, lambda: self._owner(number))

    def _owner(self, number: int) -> Owner:
        return Owner(
            self._log,
            number,
            hands=self._hands,
            core=self._core,
            clock=self._clock,
            name=self._name,
            release=self._log.release,
        )

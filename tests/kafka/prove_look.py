"""What a proof looks at: ends of tasks as any reader sees them, silences, lag, and dead letters."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from itertools import pairwise

from streams.kafka.inbox import GROUP as INBOX
from streams.kafka.log import KafkaLog
from streams.log import DEAD_LETTERS, EVENTS, INPUTS, REQUESTS, Record
from streams.shell import GROUP as PLAIN
from streams.worker import GROUP as FAUST

GROUPS = {"plain": PLAIN, "faust": FAUST}
_READ = 2_000
_LARGE = 10  # records at once where one may have megabytes
_WAIT = 0.2  # seconds


class Watch:
    """Follows the events of all partitions."""

    def __init__(self, log: KafkaLog) -> None:
        self.begun = 0
        self.closed: Counter[str] = Counter()
        self.uncertain: set[str] = set()
        self._log = log
        self._moves: dict[int, list[float]] = {n: [] for n in range(log.partitions)}
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Watch":
        self._tasks = [asyncio.create_task(self._follow(n)) for n in self._moves]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def progress(self) -> int:
        """How often a task has begun or ended: when more is asked for than can be done, most begin
        before the first ends."""
        return self.begun + self.closed.total()

    async def until(self, wanted: set[str], patience: float) -> None:
        """Wait until these tasks have ended, or are uncertain; after the patience, in seconds
        without any progress, it gives up."""
        last, since = -1, time.monotonic()
        while wanted - self.closed.keys() - self.uncertain:
            for task in self._tasks:
                if task.done():
                    task.result()
            if self.progress != last:
                last, since = self.progress, time.monotonic()
            if time.monotonic() - since > patience:
                return
            await asyncio.sleep(_WAIT)

    def silence(self, start: float, end: float) -> float:
        """The longest time that any partition stood still between two moments, in seconds."""
        longest = 0.0
        for moves in self._moves.values():
            steps = pairwise(moves)
            longest = max([longest, *(b - a for a, b in steps if b > start and a < end)])
        return longest

    async def _follow(self, partition: int) -> None:
        offset = 0
        while True:
            page = await self._log.follow(EVENTS, partition, offset, _READ, _WAIT)
            offset = page.following
            if page.records:
                self._moves[partition].append(time.monotonic())
            for record in page.records:
                self.begun += record.headers["sequence"] == "1"
                match record.headers["type"]:
                    case "task_closed.v1":
                        self.closed[record.key] += 1
                    case "effect_uncertain.v1":
                        self.uncertain.add(record.key)
                    case _:
                        pass


async def everything(log: KafkaLog, topic: str, at_once: int = _READ) -> AsyncIterator[Record]:
    """All committed records of a topic, partition by partition."""
    for partition in range(log.partitions):
        offset = 0
        while found := await log.read(topic, partition, offset, at_once):
            for record in found:
                yield record
            offset = found[-1].offset + 1


async def handed_in_twice(log: KafkaLog) -> list[str]:
    """Tasks for which the inbox has made more than one input."""
    begun: Counter[str] = Counter()
    async for record in everything(log, INPUTS):
        begun[record.key] += record.headers.get("type") == "submit_request.v1"
    return [task for task, times in begun.items() if times > 1]


async def buried(log: KafkaLog) -> Counter[bytes]:
    """How often each value lies among the dead letters, by its sha256."""
    found: Counter[bytes] = Counter()
    async for record in everything(log, DEAD_LETTERS, _LARGE):
        found[sha256(record.value).digest()] += 1
    return found


async def lag(log: KafkaLog, kind: str) -> Mapping[str, int]:
    """How many messages of the inbox and of the workers are not read yet, by topic: at least so
    many, since a long queue is not counted to its end."""
    behind: dict[str, int] = {}
    for topic, group in ((REQUESTS, INBOX), (INPUTS, GROUPS[kind])):
        behind[topic] = 0
        for partition in range(log.partitions):
            position = await log.position(group, topic, partition)
            # The last offsets may be markers of transactions, which nobody ever reads.
            behind[topic] += len(await log.read(topic, partition, position, _LARGE))
    return behind


async def until_read(log: KafkaLog, kind: str, patience: float) -> int:
    """Wait until nothing is unread; the answer is how much still is after the patience."""
    deadline = time.monotonic() + patience
    while total := sum((await lag(log, kind)).values()):
        if time.monotonic() > deadline:
            break
        await asyncio.sleep(_WAIT)
    return total

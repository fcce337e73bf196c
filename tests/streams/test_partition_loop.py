"""The loop around whoever holds a partition: it goes on, waits, begins anew, and gives up in
time."""

import asyncio
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from streams.batch import Answer
from streams.domain.errors import Fenced, LogUnavailable
from streams.kafka.loop import PartitionLoop
from streams.kafka.reader import Page
from streams.log import INPUTS, Record
from streams.memory import MemoryLog
from tests.streams.log_model import an_input
from tests.streams.waiting import until


class FollowedLog(MemoryLog):
    """A log in memory that can be waited at."""

    settings = SimpleNamespace(patience=0.0)

    async def follow(
        self, topic: str, partition: int, offset: int, limit: int, wait: float
    ) -> Page:
        for _ in range(20):
            found = await self.read(topic, partition, offset, limit)
            if found:
                return Page(found, found[-1].offset + 1, found[-1].offset + 1)
            await asyncio.sleep(0.001)
        return Page([], offset, offset)


class Reader:
    """Holds a partition, and fails when it is told to."""

    topic, partition = INPUTS, 0

    def __init__(self, seen: list[int], errors: list[Exception], taking: asyncio.Event) -> None:
        self.position = len(seen)
        self.failure: BaseException | None = None
        self.is_over = False
        self._seen = seen
        self._errors = errors
        self._taking = taking

    async def take_over(self) -> None:
        await self._taking.wait()

    async def handle(self, records: Sequence[Record]) -> list[Answer]:
        if records and self._errors:
            raise self._errors.pop()
        self._seen += [record.offset for record in records]
        return []

    def done(self, following: int) -> int:
        return following

    async def let_go(self) -> None:
        self.is_over = True


class Scene:
    """A loop over a log, with all readers that it has had."""

    def __init__(self, *errors: Exception, takes: bool = True) -> None:
        self.log = FollowedLog()
        self.seen: list[int] = []
        self.readers: list[Reader] = []
        self.taking = asyncio.Event()
        if takes:
            self.taking.set()
        self._errors = [*errors]
        begin = cast(Callable[[], Any], self._begin)
        self.loop: PartitionLoop[Any] = PartitionLoop(cast(Any, self.log), begin)

    def _begin(self) -> Reader:
        self.readers.append(Reader(self.seen, self._errors, self.taking))
        return self.readers[-1]


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.kafka.loop._PAUSE", 0.0)


async def test_it_reads_on_and_says_how_far_it_is() -> None:
    scene = Scene()
    assert scene.loop.position is None
    scene.loop.start()
    await scene.log.append([an_input()] * 3)

    await until(lambda: scene.loop.position == 3)
    await scene.loop.stop()

    assert scene.seen == [0, 1, 2]
    assert scene.readers[0].is_over


async def test_after_parking_the_same_holder_goes_on() -> None:
    scene = Scene()
    scene.loop.start()
    await scene.log.append([an_input()])
    await until(lambda: scene.seen == [0])

    await scene.loop.park()
    await scene.log.append([an_input()])
    assert scene.seen == [0]
    scene.loop.start()
    await until(lambda: scene.seen == [0, 1])

    assert len(scene.readers) == 1
    await scene.loop.stop()


@pytest.mark.parametrize("error", [Fenced(), LogUnavailable("away")])
async def test_what_may_pass_is_tried_again_by_a_new_holder(error: Exception) -> None:
    scene = Scene(error)
    scene.log.settings = SimpleNamespace(patience=30.0)
    scene.loop.start()
    await scene.log.append([an_input()])

    await until(lambda: scene.seen == [0])
    await scene.loop.stop()

    assert [reader.is_over for reader in scene.readers] == [True, True]
    assert scene.loop.failure is None


@pytest.mark.parametrize("error", [LogUnavailable("away"), ValueError("a bug")])
async def test_what_does_not_pass_is_told(error: Exception) -> None:
    scene = Scene(error)
    scene.loop.start()
    await scene.log.append([an_input()])

    await until(lambda: scene.loop.failure is not None)

    assert scene.loop.failure is error
    assert scene.readers[0].is_over
    await scene.loop.stop()


async def test_taking_over_does_not_hold_up_parking() -> None:
    scene = Scene(takes=False)
    scene.loop.start()
    await until(lambda: len(scene.readers) == 1)

    await scene.loop.park()
    assert scene.readers[0].is_over
    scene.taking.set()
    scene.loop.start()
    await scene.log.append([an_input()])
    await until(lambda: scene.seen == [0])

    await scene.loop.stop()


async def test_a_loop_that_is_cancelled_ends() -> None:
    scene = Scene(takes=False)
    scene.loop.start()
    await until(lambda: len(scene.readers) == 1)
    (running,) = [task for task in asyncio.all_tasks() if task.get_name() == "partition"]

    running.cancel()
    await asyncio.wait([running], timeout=5)

    assert running.cancelled()

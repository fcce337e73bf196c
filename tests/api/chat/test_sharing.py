"""Two servers on one log: no word of either is lost, and all agree on one order."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

from api.chat.book import Book
from api.chat.keys import ChatKeys
from api.security import Principal
from projections.store import Store
from streams.conversations.codec import Saying
from streams.conversations.events import AnswerEnded, Ending, MessageAsked, Mode, Way
from streams.memory import MemoryLog

ANN = Principal("ann", "operator")


class Reading:
    """The read models of one server."""

    def __init__(self, directory: Path) -> None:
        self.store = Store.open(directory)

    async def ask(self, question: Any) -> Any:
        """See `ReadModels.ask`."""
        return question(self.store)


def asked(name: str) -> list[Saying]:
    """A message with its answer."""
    ended = AnswerEnded(message_id=name, ending=Ending.COMPLETE, way=Way.BUILT_IN)
    return [
        Saying(MessageAsked(message_id=name, mode=Mode.CONVERSATION), {"text": name}),
        Saying(ended, {"text": f"yes {name}"}),
    ]


async def test_what_both_write_at_once_comes_into_one_order(tmp_path: Path) -> None:
    log, keys = MemoryLog(partitions=3), ChatKeys(tmp_path)
    reading = [Reading(tmp_path / name) for name in "ab"]
    first, second = (
        Book(log, read, keys, lambda: 1, is_shared=True)  # type: ignore[arg-type]
        for read in reading
    )
    known = await first.opened(ANN, "ours")
    seen = await second.known(ANN, "ours")

    writers = (first, second)
    await asyncio.gather(
        *(
            book.write(known.stream_id, asked(f"{n}-{turn}"))
            for turn in range(2)
            for n, book in enumerate(writers)
        )
    )

    assert seen.stream_id == known.stream_id
    told = [await book.get(known.stream_id) for book in writers]
    assert told[0] == told[1]
    assert {one.answer for one in told[0].exchanges} == {
        f"yes {n}-{turn}" for n in range(2) for turn in range(2)
    }
    assert [await book.alarms() for book in writers] == [[], []]
    for read in reading:
        read.store.close()


async def test_a_record_that_was_changed_on_the_log_is_an_alarm(tmp_path: Path) -> None:
    log, keys = MemoryLog(), ChatKeys(tmp_path)
    reading = Reading(tmp_path)
    book = Book(log, reading, keys, lambda: 1, is_shared=False)  # type: ignore[arg-type]
    known = await book.opened(ANN, "mine")
    await book.write(known.stream_id, asked("hello"))
    (records,) = (list(found) for (topic, _), found in log.records.items() if topic)
    changed = records[1].value.replace(b'"conversation"', b'"learning"')
    assert changed != records[1].value
    other = MemoryLog()
    await other.append(
        [replace(records[0], offset=-1), replace(records[1], offset=-1, value=changed)]
    )
    fresh = Reading(tmp_path / "other")

    alarms = await Book(other, fresh, keys, lambda: 1, is_shared=False).alarms()  # type: ignore[arg-type]

    assert len(alarms) == 1
    assert "was changed" in alarms[0]
    reading.store.close()
    fresh.store.close()

"""One answer on its way: what comes is put on disk first and then told, as fast as the disk takes
it; what comes meanwhile goes together in the next write."""

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass, field

from api.chat.book import Book
from api.chat.documents import clean, frame_of
from api.chat.live import Frame, Live
from api.chat.parts import Asked, End, Part, Phase, Plan, Text
from api.errors import ApiError
from streams.clock import Clock
from streams.conversations.codec import Saying
from streams.conversations.events import AnswerEnded, AnswerPart, Ending
from streams.domain.errors import LogError
from streams.domain.values import Json

MOST_LETTERS = 200_000  # of an answer, whatever its provider sends
MOST_WAITING = 32_000  # letters that may wait for the disk before whoever talks has to


class TooLong(Exception):
    """Whoever answers does not keep to the limit."""


_LOG = logging.getLogger("orchestrator.api.chat")


@dataclass(slots=True)
class Flow:
    """Carries one answer from whoever makes it to the log and to those who listen."""

    book: Book
    live: Live
    asked: Asked
    plan: Plan
    clock: Clock
    url: str
    is_closing: bool = False  # the server ends: what is there is kept as interrupted
    _waiting: list[Text | Phase] = field(default_factory=list)
    _end: End | None = None
    _text: str = ""
    _taken: int = 0
    _first: int | None = None
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _room: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until the answer has ended, in whichever way."""
        begun = self.clock()
        making = asyncio.create_task(self._make())
        stopping = asyncio.create_task(self.live.stopping())
        for each in (making, stopping):
            each.add_done_callback(lambda _: self._wake.set())
        try:
            await self._carry(making)
            await self._finish(self._ended(making), begun)
        except (ApiError, LogError) as error:
            self._tell_error(str(error))
        except Exception as error:  # a bug: its text could hold what was said
            _LOG.error("the answer %s failed: %s", self.live.message_id, type(error).__name__)
            self._tell_error("an unexpected error ended the answer")
        finally:
            making.cancel()
            stopping.cancel()
            await asyncio.gather(making, stopping, return_exceptions=True)
            self.live.end()

    async def _make(self) -> None:
        async with aclosing(self.plan.answer()) as parts:
            async for part in parts:
                await self._take(part)

    async def _take(self, part: Part) -> None:
        if isinstance(part, End):
            self._end = part
            return
        self._waiting.append(part)
        self._wake.set()
        self._taken += len(part.text) if isinstance(part, Text) else 0
        if self._taken > MOST_LETTERS:
            raise TooLong
        letters = sum(len(each.text) for each in self._waiting if isinstance(each, Text))
        if letters > MOST_WAITING:
            self._room.clear()
            await self._room.wait()

    async def _carry(self, making: "asyncio.Task[None]") -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            if self.live.is_stopped and not making.done():
                making.cancel()
                await asyncio.gather(making, return_exceptions=True)
            is_last = making.done()
            waiting, self._waiting = self._waiting, []
            await self._say(waiting)
            self._room.set()
            if is_last and not self._waiting:
                return

    async def _say(self, waiting: list[Text | Phase]) -> None:
        sayings = [self._saying(part) for part in _merged(waiting)]
        if sayings:
            await self._write(sayings)

    def _saying(self, part: Text | Phase) -> Saying:
        message_id = self.live.message_id
        if isinstance(part, Phase):
            return Saying(AnswerPart(message_id=message_id, kind="phase"), part.data)
        text = clean(part.text)
        self._text = text if part.begins_anew else self._text + text
        if text and self._first is None:
            self._first = self.clock()
        event = AnswerPart(message_id=message_id, begins_anew=part.begins_anew)
        return Saying(event, {"text": text})

    def _ended(self, making: "asyncio.Task[None]") -> End:
        if self._end is not None:
            return self._end
        stopped = self.plan.stopped(self._text)
        if making.cancelled():
            ending = Ending.INTERRUPTED if self.is_closing else Ending.STOPPED
            return End(stopped.model_copy(update={"ending": ending}))
        error = making.exception()
        if isinstance(error, LogError):
            raise error
        if isinstance(error, TooLong):
            return End(stopped.model_copy(update={"ending": Ending.CUT}))
        # The text of an error may hold what was said, so only its kind is logged.
        kind = type(error).__name__
        _LOG.error("the answer %s failed: %s", self.live.message_id, kind, extra={"action": "chat"})
        notes = ("An unexpected error ended the answer; the message can be sent again.",)
        return End(stopped.model_copy(update={"ending": Ending.FAILED}), notes)

    async def _finish(self, end: End, begun: int) -> None:
        times: Json = {"latency": end.ended.latency or max(0, self.clock() - begun)}
        if end.ended.first_token is None and self._first is not None:
            times["first_token"] = max(0, self._first - begun)
        ended: AnswerEnded = end.ended.model_copy(update=times)
        await self._write([Saying(ended, {"text": self._text, "notes": list(end.notes)})])

    async def _write(self, sayings: list[Saying]) -> None:
        written = await self.book.write(self.live.stream_id, sayings)
        known = await self.book.get(self.live.stream_id)
        for each, saying in zip(written, sayings, strict=True):
            frame = frame_of(known, each, saying.secret or {}, self.url)
            if frame is not None:
                self.live.tell(frame)

    def _tell_error(self, reason: str) -> None:
        number = self.live.frames[-1].number if self.live.frames else 0
        self.live.tell(Frame(number + 1, "error", {"detail": reason}))


def _merged(waiting: list[Text | Phase]) -> list[Text | Phase]:
    """Neighbouring pieces as one; what begins anew makes void what was not told yet."""
    found: list[Text | Phase] = []
    for part in waiting:
        last = found[-1] if found else None
        if isinstance(part, Text) and isinstance(last, Text):
            begins = part.begins_anew or last.begins_anew
            text = part.text if part.begins_anew else last.text + part.text
            found[-1] = Text(text, begins)
        else:
            found.append(part)
    return found

"""The chat of a server: takes messages in, has them answered, and lets people listen, stop and
delete."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid4, uuid5
from weakref import WeakValueDictionary

from agents.models.providers import BUILTIN, LOCAL, ready
from api.chat.book import Book
from api.chat.built_in import BuiltIn
from api.chat.by_model import ByModel
from api.chat.by_records import ByRecords
from api.chat.by_task import ByTask
from api.chat.choosing import Judged, judge
from api.chat.documents import frame_of
from api.chat.flow import Flow
from api.chat.live import GRACE, Frame, Live
from api.chat.models_list import chosen
from api.chat.parts import Asked, Plan, Wish
from api.errors import ApiError, Conflict, NotFound
from api.model_desk import known_providers, prices_of
from api.security import Principal
from api.settings import Settings
from streams.clock import Clock
from streams.conversations.codec import Saying
from streams.conversations.events import AnswerBegun, ChatAgent, MessageAsked, Mode
from streams.conversations.fold import Conversation, Exchange
from streams.domain.values import Json

AT_ONCE = 200  # answers under way in one server
_NAMESPACE = uuid5(NAMESPACE_URL, "intelligent-orchestrator/messages")


class Busy(ApiError):
    """Too many answers are under way: try again in a moment."""

    status = 503
    headers = {"Retry-After": "2"}  # noqa: RUF012


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was sent."""

    text: str
    conversation_id: str | None = None
    mode: Mode | None = None
    agent: ChatAgent | None = None
    model: str | None = None
    temperature: float = 0.7
    max_tokens: int = 1_000
    business_metrics: Json | None = None
    preferences: Json | None = None
    key: str | None = None  # the same key is the same message


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to answer that this server has."""

    model: ByModel
    built_in: BuiltIn
    task: ByTask
    records: ByRecords


class Chat:
    """Everything that it tells is on disk."""

    def __init__(self, settings: Settings, book: Book, ways: Ways, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.grace = GRACE
        self._book = book
        self._ways = ways
        self._lives: dict[tuple[str, str], Live] = {}
        self._flows: dict[tuple[str, str], Flow] = {}
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        book.is_live = lambda stream_id, message_id: (stream_id, message_id) in self._lives

    async def ask(self, who: Principal, sent: Message) -> tuple[str, str]:
        """Take a message in and begin to answer; the answer is (conversation_id, message_id).

        Raises:
            Conflict: an answer is under way there, or the key was used for another message.
            Busy: too many answers are under way.
        """
        name = sent.conversation_id
        if name is None and sent.key is not None:  # the same key finds the same new conversation
            name = str(uuid5(_NAMESPACE, f"{who.tenant}\n{who.name}\n{sent.key}"))
        known = await self._book.opened(who, name)
        stream_id = known.stream_id
        turn = self._asking.setdefault(stream_id, asyncio.Lock())
        async with turn:
            known = await self._book.get(stream_id)
            message_id = str(uuid5(_NAMESPACE, f"{stream_id}\n{sent.key}") if sent.key else uuid4())
            before = known.exchange(message_id)
            if before is not None:
                if before.question != sent.text:
                    raise Conflict("the Idempotency-Key was used for another message")
                return known.conversation_id, message_id
            if known.under_way is not None:
                raise Conflict(
                    "an answer is under way in this conversation: wait for its end, or stop it "
                    f"with POST /api/chat/{known.conversation_id}/stop"
                )
            if len(self._lives) >= AT_ONCE:
                raise Busy(f"{AT_ONCE} answers are under way: try again in a moment")
            await self._begin(who, known, message_id, sent)
        return known.conversation_id, message_id

    async def _begin(
        self, who: Principal, known: Conversation, message_id: str, sent: Message
    ) -> None:
        judged = judge(sent.text)
        otherwise = Mode.ORCHESTRATION if judged.is_task else Mode.CONVERSATION
        mode = sent.mode or otherwise
        event = MessageAsked(
            message_id=message_id,
            mode=mode,
            is_mode_chosen=sent.mode is not None,
            agent=sent.agent or known.agent,
            model=sent.model or known.model,
        )
        exchange = Exchange(
            message_id, mode, event.agent, event.model, sent.text, asked_at=self.clock()
        )
        asked = Asked(known, exchange, _wish(who, sent, event, judged.language))
        plan = self._plan(asked, judged)
        live = Live(known.stream_id, message_id, grace=self.grace)
        self._lives[known.stream_id, message_id] = live
        begun = AnswerBegun(message_id=message_id, way=plan.way, model=plan.model)
        sayings = [Saying(event, {"text": sent.text}), Saying(begun, {"reason": plan.reason})]
        try:
            written = await self._book.write(known.stream_id, sayings)
        except BaseException:
            del self._lives[known.stream_id, message_id]
            raise
        for each, saying in zip(written, sayings, strict=True):
            frame = frame_of(known, each, saying.secret or {}, self.settings.url)
            if frame is not None:
                live.tell(frame)
        flow = Flow(self._book, live, asked, plan, self.clock, self.settings.url)
        self._flows[known.stream_id, message_id] = flow
        live.task = asyncio.create_task(self._flow(flow), name=f"answer {message_id}")

    async def _flow(self, flow: Flow) -> None:
        try:
            await flow.run()
        finally:
            place = (flow.live.stream_id, flow.live.message_id)
            self._lives.pop(place, None)
            self._flows.pop(place, None)

    def _plan(self, asked: Asked, judged: Judged) -> Plan:
        """How a message is answered."""
        match asked.exchange.mode:
            case Mode.ORCHESTRATION:
                return self._ways.task.plan(
                    asked, judged.reason if not asked.wish.is_mode_chosen else ""
                )
            case Mode.LEARNING:
                return self._ways.records.plan(asked)
            case Mode.CONVERSATION:
                return self._talk(asked)

    def _talk(self, asked: Asked) -> Plan:
        wished = chosen(asked.wish.model, self.settings, self.clock)
        if wished.model is not None:
            return self._ways.model.plan(asked, wished.model, wished.note)
        if wished.is_anyone:
            able = frozenset(set(ready(known_providers(self.settings))) - {LOCAL})
            choice = self._ways.model.choice(asked, able)
            model = prices_of(self.settings).by_id.get(choice.model_id or "")
            if model is not None and model.model_id != BUILTIN:
                others = tuple(name for name in choice.fallbacks if name != BUILTIN)[:3]
                return self._ways.model.plan(asked, model, choice.note, others)
        return self._ways.built_in.plan(asked, (wished.note,) if wished.note else ())

    async def exchange(
        self, who: Principal, conversation_id: str, message_id: str
    ) -> tuple[Conversation, Exchange]:
        """A message and its answer.

        Raises:
            NotFound: there is none.
        """
        known = await self._book.known(who, conversation_id)
        found = known.exchange(message_id)
        if found is None:
            raise NotFound(f"there is no message {message_id!r} in {conversation_id!r}")
        return known, found

    async def listen(
        self, who: Principal, conversation_id: str, message_id: str, after: int, keep_alive: float
    ) -> AsyncGenerator[Frame | None, None]:
        """What is told of a message behind a number, from memory while it comes, else from disk.
        None comes where nothing else does for a while."""
        known, _ = await self.exchange(who, conversation_id, message_id)
        live = self._lives.get((known.stream_id, message_id))
        if live is not None:
            async with aclosing(live.after(after, keep_alive)) as told:
                async for frame in told:
                    yield frame
            return
        for written, secret in await self._book.message(known.stream_id, message_id):
            frame = frame_of(known, written, secret, self.settings.url)
            if frame is not None and frame.number > after:
                yield frame

    async def frames(
        self, who: Principal, conversation_id: str, message_id: str, after: int, wait: float
    ) -> list[Frame]:
        """What has been told behind a number; where nothing has, what comes first within so many
        seconds."""
        known, _ = await self.exchange(who, conversation_id, message_id)
        live = self._lives.get((known.stream_id, message_id))
        if live is None:
            told = self.listen(who, conversation_id, message_id, after, wait)
            return [frame async for frame in told if frame is not None]
        return await live.first_after(after, wait)

    async def wait(
        self, who: Principal, conversation_id: str, message_id: str, seconds: float
    ) -> None:
        """Listen until an answer has ended, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                told = self.listen(who, conversation_id, message_id, 0, seconds)
                async with aclosing(told):
                    async for _ in told:
                        pass
        except TimeoutError:
            return

    async def stop(
        self, who: Principal, conversation_id: str, message_id: str | None
    ) -> Conversation:
        """Stop an answer that is under way; otherwise nothing happens."""
        known = await self._book.known(who, conversation_id)
        for (stream_id, one), live in list(self._lives.items()):
            if stream_id == known.stream_id and message_id in (None, one):
                await self._stopped(live)
        return await self._book.get(known.stream_id)

    async def delete(self, who: Principal, conversation_id: str) -> Conversation:
        """Make a conversation unreadable for ever."""
        await self.stop(who, conversation_id, None)
        return await self._book.delete(who, conversation_id)

    async def known(self, who: Principal, conversation_id: str) -> Conversation:
        """See `Book.known`."""
        return await self._book.known(who, conversation_id)

    @property
    def book(self) -> Book:
        """Where the conversations are kept."""
        return self._book

    async def close(self) -> None:
        """End what is under way as interrupted; what was said of it is kept."""
        for flow in list(self._flows.values()):
            flow.is_closing = True
            flow.live.stop()
        tasks = [live.task for live in self._lives.values() if live.task is not None]
        await asyncio.gather(*tasks, return_exceptions=True)

    @staticmethod
    async def _stopped(live: Live) -> None:
        live.stop()
        if live.task is not None:
            await asyncio.gather(live.task, return_exceptions=True)


def _wish(who: Principal, sent: Message, event: MessageAsked, language: str) -> Wish:
    return Wish(
        mode=event.mode,
        is_mode_chosen=event.is_mode_chosen,
        model=event.model,
        temperature=sent.temperature,
        max_tokens=sent.max_tokens,
        business_metrics=sent.business_metrics or {},
        preferences=sent.preferences or {},
        tenant=who.tenant,
        principal=who.name,
        language=language,
    )

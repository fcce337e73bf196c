"""Where conversations are kept: one writer for each at a time, every word on disk before it is
told.

Several servers may write to one log. Whoever finds that another was quicker reads what that one
wrote and writes its own after it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4
from weakref import WeakValueDictionary

from api.chat.keys import ChatKeys
from api.errors import Conflict, NotFound
from api.read_models import ReadModels
from api.security import Principal
from streams.clock import Clock, new_salt
from streams.conversations.codec import Saying, Written, place_of, write
from streams.conversations.events import ConversationDeleted, ConversationOpened
from streams.conversations.fold import Conversation, evolve, interrupted
from streams.domain.values import Json, Milliseconds
from streams.log import Log

if TYPE_CHECKING:
    from projections.conversations import Begun, ConversationRows
    from projections.store import Store

KNOWN = 256  # conversations kept in memory
TRIES = 5  # when other servers write to the same conversation
ABANDONED: Milliseconds = 15 * 60_000  # after so long another server's answer counts as interrupted
Owner = tuple[str, str]  # tenant, principal
UNKNOWN = "there is no conversation {!r}: `GET /api/chat/conversations` lists yours"


@dataclass(slots=True)
class _Shelf:
    """One conversation in memory, with its turn to write."""

    conversation: Conversation
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Book:
    """The conversations of this server."""

    def __init__(
        self, log: Log, read_models: ReadModels, keys: ChatKeys, clock: Clock, *, is_shared: bool
    ) -> None:
        self._log = log
        self._read_models = read_models
        self._keys = keys
        self._clock = clock
        self._is_shared = is_shared
        self._shelves: OrderedDict[str, _Shelf] = OrderedDict()
        self._opening: WeakValueDictionary[Owner, asyncio.Lock] = WeakValueDictionary()
        self._rows: ConversationRows | None = None
        self._store: Store | None = None
        self.is_live: Callable[[str, str], bool] = lambda stream_id, message_id: False

    async def opened(self, who: Principal, conversation_id: str | None) -> Conversation:
        """The conversation of that name, which is begun if there is none."""
        owner = self._opening.setdefault((who.tenant, who.name), asyncio.Lock())
        async with owner:
            if conversation_id is not None:
                stream_id = await self._find(who, conversation_id)
                if stream_id is not None:
                    return await self.get(stream_id)
            stream_id = str(uuid4())
            await asyncio.to_thread(self._keys.make, stream_id)
            self._put(_Shelf(Conversation(stream_id)))
            event = ConversationOpened(tenant=who.tenant, principal=who.name)
            secret: Json = {"conversation_id": conversation_id or stream_id}
            await self.write(stream_id, [Saying(event, secret)])
            return await self.get(stream_id)

    async def known(self, who: Principal, conversation_id: str) -> Conversation:
        """The conversation of that name.

        Raises:
            NotFound: this principal has none, or has deleted it.
        """
        stream_id = await self._find(who, conversation_id)
        if stream_id is None:
            raise NotFound(UNKNOWN.format(conversation_id))
        return await self.get(stream_id)

    async def get(self, stream_id: str) -> Conversation:
        """A conversation as it is on disk. Answers that a server left in the middle are ended."""
        shelf = self._shelves.get(stream_id)
        if shelf is None or self._is_shared:
            shelf = await self._load(stream_id)
        self._shelves.move_to_end(stream_id)
        lost = shelf.conversation.under_way
        if lost is not None and not self.is_live(stream_id, lost.message_id):
            since = self._clock() - shelf.conversation.head.at
            if not self._is_shared or since > ABANDONED:
                await self.write(stream_id, [Saying(interrupted(lost), {"text": lost.answer})])
        return self._shelves[stream_id].conversation

    async def write(
        self, stream_id: str, sayings: Sequence[Saying], *, is_farewell: bool = False
    ) -> list[Written]:
        """Append to a conversation; on disk when this returns. A farewell needs no key.

        Raises:
            Conflict: it has been deleted.
            LogError: it could not be kept.
        """
        shelf = self._shelves.get(stream_id) or await self._load(stream_id)
        async with shelf.turn:
            for _ in range(TRIES):
                is_gone = not (is_farewell or self._keys.has(stream_id))
                if is_gone or shelf.conversation.is_deleted:
                    raise Conflict("the conversation has been deleted")
                _, records, written = write(
                    shelf.conversation.head,
                    sayings,
                    stream_id=stream_id,
                    at=self._clock(),
                    salt=new_salt(),
                    partitions=self._log.partitions,
                    seal=lambda place, secret: self._keys.seal(stream_id, place, secret),
                )
                await self._log.append(records)
                if not self._is_shared:
                    secrets = [saying.secret for saying in sayings]
                    self._take(shelf, written, secrets)
                    return written
                if await self._was_first(shelf, written):
                    return written
        raise Conflict("others write to this conversation all the time: try again")

    async def delete(self, who: Principal, conversation_id: str) -> Conversation:
        """Destroy the key of a conversation, and say so on the log. The answer is what it was.

        Raises:
            NotFound: this principal has none of that name.
        """
        before = await self.known(who, conversation_id)
        # The key first: whatever happens then, nothing can be read any more.
        await asyncio.to_thread(self._keys.destroy, before.stream_id)
        farewell = Saying(ConversationDeleted(principal=who.name))
        await self.write(before.stream_id, [farewell], is_farewell=True)
        self._shelves.pop(before.stream_id, None)
        return before

    async def listed(self, who: Principal) -> list[tuple[str, "Begun"]]:
        """The names of what somebody has begun, newest first, without what was deleted."""
        from projections.conversations import conversations_of

        store = await self._up_to_date()
        found = await asyncio.to_thread(conversations_of, store, who.tenant, who.name)
        named = [(self._name(each), each) for each in reversed(found) if not each.is_deleted]
        return [(name, each) for name, each in named if name is not None]

    async def message(self, stream_id: str, message_id: str) -> list[tuple[Written, Json]]:
        """All events of a message with their secrets, as they were told."""
        from projections.conversations import message

        store = await self._up_to_date()
        found = await asyncio.to_thread(message, store, stream_id, message_id)
        return [(each, self._secret(each) or {}) for each in found]

    async def store(self) -> "Store":
        """The read models, with all that is on disk now."""
        return await self._read_models.ask(lambda store: store)

    async def alarms(self) -> list[str]:
        """What is wrong with the topic, after reading all of it."""
        await self._up_to_date()
        return list(self._rows.alarms) if self._rows else []

    async def _find(self, who: Principal, conversation_id: str) -> str | None:
        for shelf in reversed(self._shelves.values()):
            one = shelf.conversation
            if (one.tenant, one.principal, one.conversation_id) == (
                who.tenant,
                who.name,
                conversation_id,
            ) and not (one.is_deleted or self._is_shared):
                return one.stream_id
        found = await self.listed(who)
        return next((each.stream_id for name, each in found if name == conversation_id), None)

    def _name(self, begun: "Begun") -> str | None:
        if begun.sealed is None:
            return None
        place = place_of(begun.stream_id, 1, "conversation_opened.v1")
        secret = self._keys.open(begun.stream_id, place, begun.sealed)
        return str(secret["conversation_id"]) if secret else None

    async def _load(self, stream_id: str) -> _Shelf:
        from projections.conversations import conversation

        store = await self._up_to_date()
        found = await asyncio.to_thread(conversation, store, stream_id)
        known = Conversation(stream_id)
        for written in found:
            known = evolve(known, written, self._secret(written))
        shelf = self._shelves.get(stream_id)
        if shelf is None:
            shelf = _Shelf(known)
            self._put(shelf)
        elif self._is_shared:
            shelf.conversation = known  # without others, what is in memory is never older
        return shelf

    async def _was_first(self, shelf: _Shelf, written: Sequence[Written]) -> bool:
        """Whether our records count; otherwise the conversation is what others made of it."""
        await self._load(shelf.conversation.stream_id)
        return shelf.conversation.head.hash == written[-1].hash

    def _take(
        self, shelf: _Shelf, written: Sequence[Written], secrets: Sequence[Json | None]
    ) -> None:
        for each, secret in zip(written, secrets, strict=True):
            shelf.conversation = evolve(shelf.conversation, each, secret)

    def _secret(self, written: Written) -> Json | None:
        if written.sealed is None:
            return None
        place = place_of(written.stream_id, written.sequence, written.event.type)
        return self._keys.open(written.stream_id, place, written.sealed)

    def _put(self, shelf: _Shelf) -> None:
        self._shelves[shelf.conversation.stream_id] = shelf
        if len(self._shelves) > KNOWN:
            idle = next((n for n, s in self._shelves.items() if not s.turn.locked()), None)
            if idle is not None and idle != shelf.conversation.stream_id:
                del self._shelves[idle]

    async def _up_to_date(self) -> "Store":
        from projections.conversations import ConversationRows

        if self._rows is None or self._store is None:
            self._store = await self.store()
            self._rows = ConversationRows(self._store, self._log, await self._partitions())
        await self._rows.catch_up()
        return self._store

    async def _partitions(self) -> int:
        """A topic on a broker may have another number of partitions than the log."""
        count = getattr(self._log, "count", None)
        return self._log.partitions if count is None else await count("conversations")

"""A conversation as it stands after its events. Folding never fails; what cannot be read is
empty."""

from dataclasses import dataclass, field, replace
from typing import assert_never

from streams.conversations.codec import ChatHead, Written, after
from streams.conversations.events import (
    AnswerBegun,
    AnswerEnded,
    AnswerPart,
    ChatAgent,
    ConversationDeleted,
    ConversationOpened,
    Ending,
    MessageAsked,
    Mode,
    Way,
)
from streams.domain.values import Json, Milliseconds


@dataclass(frozen=True, slots=True)
class Exchange:
    """A message, and what was answered to it so far."""

    message_id: str
    mode: Mode
    agent: ChatAgent | None
    wished_model: str
    question: str
    asked_at: Milliseconds
    way: Way | None = None
    model: str = ""
    reason: str = ""
    answer: str = ""
    notes: tuple[str, ...] = ()
    ended: AnswerEnded | None = None
    ended_at: Milliseconds | None = None

    @property
    def is_open(self) -> bool:
        """Whether its answer is under way, as far as the log tells."""
        return self.ended is None


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that was said. `conversation_id` is the user's name for it, `stream_id` ours."""

    stream_id: str
    head: ChatHead = field(default_factory=ChatHead)
    conversation_id: str = ""
    tenant: str = ""
    principal: str = ""
    opened_at: Milliseconds = 0
    exchanges: tuple[Exchange, ...] = ()
    agent: ChatAgent | None = None  # remembered from the last message that named one
    model: str = ""
    is_deleted: bool = False

    @property
    def under_way(self) -> Exchange | None:
        """The message whose answer has not ended."""
        return next((one for one in self.exchanges if one.is_open), None)

    def exchange(self, message_id: str) -> Exchange | None:
        """A message by its id."""
        return next((one for one in self.exchanges if one.message_id == message_id), None)


def evolve(known: Conversation, written: Written, secret: Json | None) -> Conversation:
    """The conversation after one more event. `secret` is None where there is none, or no key."""
    event, said = written.event, secret or {}
    known = replace(known, head=after(written))
    match event:
        case ConversationOpened():
            return replace(
                known,
                conversation_id=str(said.get("conversation_id", "")),
                tenant=event.tenant,
                principal=event.principal,
                opened_at=written.at,
            )
        case MessageAsked():
            asked = Exchange(
                message_id=event.message_id,
                mode=event.mode,
                agent=event.agent,
                wished_model=event.model,
                question=str(said.get("text", "")),
                asked_at=written.at,
            )
            return replace(
                known,
                exchanges=(*known.exchanges, asked),
                agent=event.agent or known.agent,
                model=event.model or known.model,
            )
        case AnswerBegun():
            reason = str(said.get("reason", ""))
            return _changed(
                known, event.message_id, way=event.way, model=event.model, reason=reason
            )
        case AnswerPart():
            return _with_part(known, event, said)
        case AnswerEnded():
            return _ended(known, event, written.at, said)
        case ConversationDeleted():
            return replace(known, is_deleted=True)
        case _:
            assert_never(event)


def _with_part(known: Conversation, event: AnswerPart, said: Json) -> Conversation:
    if event.kind != "text":
        return known
    one = known.exchange(event.message_id)
    before = "" if one is None or event.begins_anew else one.answer
    return _changed(known, event.message_id, answer=before + str(said.get("text", "")))


def _ended(known: Conversation, event: AnswerEnded, at: Milliseconds, said: Json) -> Conversation:
    changes: Json = {"ended": event, "ended_at": at, "way": event.way, "model": event.model}
    if "text" in said:
        changes["answer"] = str(said["text"])
    changes["notes"] = tuple(map(str, said.get("notes", ())))
    return _changed(known, event.message_id, **changes)


def _changed(known: Conversation, message_id: str, **changes: object) -> Conversation:
    exchanges = tuple(
        replace(one, **changes) if one.message_id == message_id else one  # type: ignore[arg-type]
        for one in known.exchanges
    )
    return replace(known, exchanges=exchanges)


def interrupted(one: Exchange) -> AnswerEnded:
    """How an answer ends whose server is gone: what was said of it is kept."""
    return AnswerEnded(
        message_id=one.message_id,
        ending=Ending.INTERRUPTED,
        way=one.way or Way.BUILT_IN,
        model=one.model,
        is_estimated=True,
    )

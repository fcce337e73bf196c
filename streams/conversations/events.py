"""The events of a conversation: who, when, how much and at what cost, in the open.

What was said travels beside them as a secret, which is sealed with a key of the conversation's own
(see `codec`); when that key is destroyed, these events are all that remains.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from streams.domain.values import Id, Milliseconds, Money, Value, is_empty


class Mode(StrEnum):
    """What a message wants: talk, a task, or what was learned."""

    CONVERSATION = "conversation"
    ORCHESTRATION = "orchestration"
    LEARNING = "learning"


class ChatAgent(StrEnum):
    """Whose view the answer takes."""

    CONTENT = "content"
    FINANCIAL = "financial"
    MARKET_INSIGHT = "market_insight"
    COMPLIANCE = "compliance"
    CO_FOUNDER = "co_founder"


class Way(StrEnum):
    """Where an answer came from."""

    MODEL = "model"
    BUILT_IN = "built_in"  # rules of ours: deterministic, offline
    TASK = "task"
    RECORDS = "records"  # the read models


class Ending(StrEnum):
    """How an answer ended."""

    COMPLETE = "complete"
    CUT = "cut"  # the limit of tokens ended it
    STOPPED = "stopped"  # by the user, or because nobody listened any more
    INTERRUPTED = "interrupted"  # the server ended in the middle of it
    FAILED = "failed"


class ConversationOpened(Value):
    """Somebody began to talk. Secret: `conversation_id`, the name that the user gave."""

    type: Literal["conversation_opened.v1"] = "conversation_opened.v1"
    tenant: str
    principal: str


class MessageAsked(Value):
    """A message came. Secret: `text`."""

    type: Literal["message_asked.v1"] = "message_asked.v1"
    message_id: Id
    mode: Mode
    is_mode_chosen: bool = False  # by the user, and not by us
    agent: ChatAgent | None = None
    model: str = ""  # as it was wished; empty: whatever is there


class AnswerBegun(Value):
    """An answer is under way. Secret: `reason`, why it is made in this way."""

    type: Literal["answer_begun.v1"] = "answer_begun.v1"
    message_id: Id
    way: Way
    model: str = ""


class AnswerPart(Value):
    """A part of an answer. Secret: `text`, or for a phase what happened to the task."""

    type: Literal["answer_part.v1"] = "answer_part.v1"
    message_id: Id
    kind: Literal["text", "phase"] = "text"
    begins_anew: bool = Field(default=False, exclude_if=is_empty)  # what was said before is void


class AnswerEnded(Value):
    """An answer is there, or will not come. Secret: `text`, all of it, and `notes`."""

    type: Literal["answer_ended.v1"] = "answer_ended.v1"
    message_id: Id
    ending: Ending
    way: Way
    model: str = ""
    tokens_in: int = Field(default=0, ge=0)
    tokens_out: int = Field(default=0, ge=0)
    is_estimated: bool = False  # the tokens: nobody has counted them
    cost: Money = 0.0
    is_priced: bool = True  # false where no price is known
    latency: Milliseconds = 0
    first_token: Milliseconds | None = None
    context_messages: int = 0  # earlier messages that the model was shown
    context_left_out: int = 0  # earlier messages for which there was no room
    context_tokens: int = 0
    task_id: str | None = None


class ConversationDeleted(Value):
    """Its key was destroyed: nothing that was said can be read any more."""

    type: Literal["conversation_deleted.v1"] = "conversation_deleted.v1"
    principal: str


ChatEvent = Annotated[
    ConversationOpened
    | MessageAsked
    | AnswerBegun
    | AnswerPart
    | AnswerEnded
    | ConversationDeleted,
    Field(discriminator="type"),
]
CHAT_EVENT_TYPES: Mapping[str, type[Value]] = MappingProxyType(
    {
        kind.model_fields["type"].default: kind
        for kind in (
            ConversationOpened,
            MessageAsked,
            AnswerBegun,
            AnswerPart,
            AnswerEnded,
            ConversationDeleted,
        )
    }
)
CHAT_EVENT: TypeAdapter[ChatEvent] = TypeAdapter(ChatEvent)

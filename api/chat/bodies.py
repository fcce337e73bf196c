"""What chat takes and answers over HTTP."""

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, field_validator

from api.answers import example
from streams.conversations.events import ChatAgent, Mode
from streams.domain.values import Json

LONGEST = 40_000  # letters of a message
NAME = r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$"


class ChatBody(BaseModel):
    """A message. Without `mode`, a message that asks for a result becomes a task."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "example": {
                "message": "Create a LinkedIn post about our Q4 growth metrics",
                "model": "claude-opus",
                "conversationId": "default",
                "temperature": 0.7,
                "max_tokens": 1000,
            }
        },
    )

    message: str = Field(min_length=1, max_length=LONGEST)
    conversation_id: str | None = Field(
        default=None,
        pattern=NAME,
        alias="conversationId",
        validation_alias=AliasChoices("conversationId", "conversation_id"),
        description="where to go on; a new conversation unless stated",
    )
    model: str | None = Field(
        default=None, max_length=200, description="any name of GET /api/chat/models; remembered"
    )
    mode: Mode | None = None
    agent: ChatAgent | None = Field(default=None, description="whose view is taken; remembered")
    temperature: float = Field(default=0.7, ge=0, le=2)
    max_tokens: int = Field(default=1_000, ge=1, le=8_000)
    stream: bool = Field(default=False, description="as text/event-stream")
    business_metrics: Json | None = Field(default=None, description="for a task, as in process")
    preferences: Json | None = Field(default=None, description="for a task, as in process")

    @field_validator("message")
    @classmethod
    def _says_something(cls, message: str) -> str:
        if not message.strip():
            raise ValueError("is empty: say something")
        return message.strip()


class ChatAnswer(BaseModel):
    """An answer, as far as it has come."""

    model_config = example(
        conversation_id="default",
        message_id="0198c2de-7f00",
        status="complete",
        response="I have made a task of it.",
        mode="orchestration",
        way="task",
        model=None,
        is_offline=False,
        reason="The message asks for a result.",
        tokens={"input": 0, "output": 0, "is_estimated": False},
        cost=0.0,
    )

    conversation_id: str
    message_id: str
    status: str = Field(
        description="under_way, complete, cut (max_tokens), stopped, interrupted or failed"
    )
    response: str
    mode: str
    way: str = Field(description="who answered: model, built_in, task or records")
    model: str | None
    is_offline: bool = Field(description="rules answered, not a model")
    reason: str | None = Field(description="why it was answered in this way")
    tokens: Json
    cost: float = Field(description="US dollars")


class ChatHistory(BaseModel):
    """A page of a conversation, oldest first."""

    model_config = example(
        conversation_id="default", message_count=1, messages=[{"role": "user"}], next_cursor=None
    )

    conversation_id: str
    message_count: int
    messages: list[Json]
    next_cursor: str | None = Field(description="leads to older messages")


class ChatModels(BaseModel):
    """The models that can be chosen."""

    model_config = example(
        models=[{"id": "builtin", "is_available": True}], default="builtin", price_table="2026-11"
    )

    models: list[Json]
    default: str


class Conversations(BaseModel):
    """A principal's own conversations, newest first."""

    model_config = example(items=[{"conversation_id": "default", "message_count": 2}])

    items: list[Json]
    next_cursor: str | None = None


class DeletedConversation(BaseModel):
    """What became of a conversation."""

    model_config = example(conversation_id="default", deleted=True, messages=2, tasks_kept=[])

    conversation_id: str
    deleted: bool
    messages: int
    tasks_kept: list[str]


class ChatFrames(BaseModel):
    """What has been told of an answer."""

    model_config = example(
        frames=[{"id": 4, "event": "token", "data": {"text": "Hello"}}], is_over=False
    )

    frames: list[Json]
    is_over: bool = Field(description="nothing more comes")

"""What is asked of a model and what comes back: the call, its pieces, the answer, the account."""

from collections.abc import AsyncGenerator
from enum import StrEnum
from typing import Protocol

from pydantic import Field

from agents.models.errors import ModelError
from streams.domain.values import Json, Milliseconds, Money, Value, is_empty


class Fault(StrEnum):
    """What can go wrong with one attempt."""

    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    CUT_OFF = "cut_off"  # the stream ended in the middle
    BAD_ANSWER = "bad_answer"  # no JSON, not the schema, or nothing at all
    BAD_KEY = "bad_key"
    BAD_REQUEST = "bad_request"  # too long, or a model that is not there
    CANCELLED = "cancelled"
    NOT_SET_UP = "not_set_up"


class UsageTrust(StrEnum):
    """Whether the provider's count of tokens was taken as it came."""

    REPORTED = "reported"
    RECOUNTED = "recounted"  # it was missing or cannot be true


class Message(Value):
    """One message of a conversation with a model."""

    role: str = Field(pattern="^(system|user|assistant)$")
    content: str


class PromptName(Value):
    """Which text of ours asked: its name, version, and the sha256 of the file."""

    name: str
    version: int = Field(ge=1)
    sha256: str


class ModelCall(Value):
    """One question to a model, and whom to ask when its provider fails.

    The call id names the question: the same id with the same content is answered from what was
    kept. `seconds` is for everything: all attempts, pauses and fallbacks together.
    """

    call_id: str = Field(min_length=1, max_length=300)
    messages: tuple[Message, ...] = Field(min_length=1)
    model: str
    fallbacks: tuple[str, ...] = ()
    max_tokens: int = Field(default=500, ge=1)
    temperature: float = Field(default=0.3, ge=0, le=2)
    json_schema: Json | None = Field(default=None, exclude_if=is_empty)
    seconds: float = Field(default=60.0, gt=0, le=3_600)
    prompt: PromptName | None = None


class Attempt(Value):
    """One request that was sent to one provider."""

    model: str
    provider: str
    fault: Fault | None = None
    reason: str = ""
    latency: Milliseconds = 0
    first_token: Milliseconds | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost: Money = 0.0
    usage: UsageTrust = UsageTrust.REPORTED


class CallAccount(Value):
    """What one call has cost, and how it went: the sum over its attempts. Milliseconds, dollars."""

    model: str = ""  # that answered; empty when none did
    provider: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cost: Money = 0.0
    is_priced: bool = True  # false where no price is known, so that cost is 0 for want of one
    latency: Milliseconds = 0
    first_token: Milliseconds | None = None
    is_cached: bool = False
    usage: UsageTrust = UsageTrust.REPORTED
    prompt: PromptName | None = None
    price_table: str = ""
    attempts: tuple[Attempt, ...] = ()


class ModelAnswer(Value):
    """What a model said: the text, and the object in it where a schema was asked for."""

    text: str
    data: Json | None = None
    is_complete: bool = True  # false when the limit of tokens ended it
    account: CallAccount


class Piece(Value):
    """A few letters of an answer under way. After a fallback the text begins again."""

    text: str
    begins_anew: bool = False


class ModelFailed(ModelError):
    """No model answered in time. What was spent all the same stands in the account."""

    def __init__(self, reason: str, account: CallAccount, *, is_passing: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.account = account
        self.is_passing = is_passing  # whether it may work later without anybody's doing


class Models(Protocol):
    """Whoever can ask models."""

    async def complete(self, call: ModelCall) -> ModelAnswer:
        """The answer to a call. Raises ModelFailed."""

    def stream(self, call: ModelCall) -> AsyncGenerator[Piece | ModelAnswer, None]:
        """The pieces of an answer as they come, and the answer at the end. Closing it stops the
        model. Raises ModelFailed."""

    def cooling(self) -> frozenset[str]:
        """The models that are let rest after errors."""

"""What all wire values share: the frozen base class, constrained scalars and the words for phase,
source and outcome.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

Json = dict[str, Any]
Milliseconds = int  # since the Unix epoch, UTC, where it names a moment; a length of time elsewhere
Score = Annotated[float, Field(ge=0, le=1)]
Money = Annotated[float, Field(ge=0, allow_inf_nan=False)]  # US dollars

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,191}$"
Id = Annotated[str, Field(pattern=ID_PATTERN)]


def is_empty(value: object) -> bool:
    """Whether a field need not be written: a reader fills in that it holds nothing. So what came to
    a type later changes no byte of what is decided without it.
    """
    return value is None or value is False or value in ("", {})


class Value(BaseModel):
    """A frozen value that crosses a wire; unknown fields of a newer writer are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    @cached_property
    def as_json(self) -> Json:
        """The value as JSON types; made once, since a frozen value is asked for it again and again.
        Not to be changed.
        """
        return self.model_dump(mode="json")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A changed copy, which makes its own JSON: that of the original would be wrong."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("as_json", None)
        return copied


class ExecutionPhase(StrEnum):
    """The nine phases, in the order in which a task passes them."""

    PLANNING = "PLANNING"
    TOOL_DISCOVERY = "TOOL_DISCOVERY"
    DELEGATION = "DELEGATION"
    EXECUTION = "EXECUTION"
    QUALITY_CHECK = "QUALITY_CHECK"
    REFINEMENT = "REFINEMENT"
    FORMATTING = "FORMATTING"
    APPROVAL = "APPROVAL"
    LEARNING = "LEARNING"


class WorkflowSource(StrEnum):
    """Where a task came from."""

    USER_REQUEST = "user_request"
    CHAT = "chat"
    TOPIC = "topic"
    FORK = "fork"
    COMMAND = "command"


class DecisionOutcome(StrEnum):
    """How a task, or a round of approval, ended."""

    APPROVED = "approved"
    REJECTED = "rejected"
    REVISED = "revised"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Permission(StrEnum):
    """Whether a tool may be used: at once, after a human has said yes, or not at all."""

    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


class Channel(StrEnum):
    """Where a deliverable can be published; `twitter` is shown to people as X."""

    LINKEDIN = "linkedin"
    TWITTER = "twitter"
    EMAIL = "email"

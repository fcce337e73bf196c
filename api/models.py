"""What HTTP takes and answers, where it is not a document of the core itself."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from streams.domain.deliverable import Deliverable
from streams.domain.request import Text
from streams.domain.values import Channel


class Body(BaseModel):
    """A request body; a field that is not known is an error, since it would be silently without
    effect."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class ApproveBody(Body):
    """A decision about what was shown in a round of approval."""

    task_id: str = Field(examples=["0b4c6a52-6f0e-4b43-9f6f-0d7c1c1f7a11"])
    approved: bool
    publish_to_channels: list[Channel] | None = Field(
        default=None, description="all that were asked for, if absent"
    )
    feedback: Text = Field(default="", max_length=20_000)
    round: int | None = Field(
        default=None, ge=1, description="the round you looked at; the open one, if absent"
    )
    edits: Deliverable | None = Field(default=None, description="replaces the deliverable in full")


class ReviseBody(Body):
    """What should change."""

    feedback: Text = Field(min_length=1, max_length=20_000)
    round: int | None = Field(default=None, ge=1)


class AnswerBody(Body):
    """The answer to an open question."""

    answer: Text = Field(min_length=1, max_length=20_000)
    question_id: str | None = None


class CancelBody(Body):
    """Why it is stopped."""

    reason: Text = Field(default="", max_length=2_000)


class EngagementBody(Body):
    """What the world did with a publication."""

    engagement_id: str = Field(min_length=1, max_length=200)
    channel: Channel | None = None
    metrics: dict[str, float] = Field(examples=[{"impressions": 3421, "clicks": 87, "shares": 12}])


class ReplayBody(Body):
    """Which read model is made anew; all, if absent."""

    projection: str | None = None


class Accepted(BaseModel):
    """A request was taken in and is on disk."""

    task_id: str
    status: str = "accepted"
    is_repeat: bool = Field(
        description="the same task was asked for before; nothing was started again"
    )
    status_url: str
    approval_url: str


class Changed(BaseModel):
    """An input was taken in and is on disk."""

    task_id: str
    verdict: str
    sequence: int = Field(description="the task's newest event")


class Task(BaseModel):
    """A task's status; documents carry more fields than the fixed ones."""

    model_config = ConfigDict(extra="allow")

    task_id: str
    status: str
    phase: str | None
    progress: float
    cost: float
    quality_score: float | None
    duration: float
    outcome: str | None
    error: str | None


class ApprovalDocument(BaseModel):
    """What is shown to whoever approves."""

    model_config = ConfigDict(extra="allow")

    task_id: str
    status: str
    quality_score: float | None
    quality_passed: bool
    main_content: dict[str, Any] | None
    channel_variants: dict[str, Any]
    metadata: dict[str, Any]
    supporting_materials: dict[str, Any]
    approval_url: str


class Problem(BaseModel):
    """An error, by RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] = []

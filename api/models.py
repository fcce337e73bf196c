"""What HTTP takes: the bodies of requests. What it answers is in `api.answers`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from streams.domain.request import Text
from streams.domain.values import ID_PATTERN, Channel, Permission

TASK_ID = "0b4c6a52-6f0e-4b43-9f6f-0d7c1c1f7a11"
TaskId = Annotated[StrictStr, Field(pattern=ID_PATTERN)]
Round = Annotated[StrictInt, Field(ge=1, le=1_000_000)]
MAX_CONTENT = 200_000  # characters of an edited text


class Body(BaseModel):
    """A request body; a field that is not known is an error, since it would be silently without
    effect."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class VariantEdit(Body):
    """What changes in one channel's variant; what is absent stays."""

    content: Text | None = Field(default=None, min_length=1, max_length=MAX_CONTENT)
    parts: list[Text] | None = Field(default=None, max_length=100)
    subject: Text | None = Field(default=None, max_length=300)
    html: Text | None = Field(default=None, max_length=MAX_CONTENT)
    hashtags: list[Text] | None = Field(default=None, max_length=50)


class Edits(Body):
    """What changes in the deliverable before it is published; what is absent stays. A variant may
    be given as its text alone."""

    title: Text | None = Field(default=None, min_length=1, max_length=300)
    content: Text | None = Field(default=None, min_length=1, max_length=MAX_CONTENT)
    hashtags: list[Text] | None = Field(default=None, max_length=50)
    call_to_action: Text | None = Field(default=None, max_length=1_000)
    channel_variants: dict[Channel, VariantEdit | Text] = Field(default_factory=dict)


class ApproveBody(Body):
    """A decision about what was shown in a round of approval."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "task_id": TASK_ID,
                "approved": True,
                "publish_to_channels": ["linkedin"],
                "feedback": "Great analysis! Perfect tone.",
            }
        }
    )

    task_id: TaskId
    approved: StrictBool
    publish_to_channels: list[Channel] | None = Field(
        default=None, max_length=8, description="all that were asked for, if absent"
    )
    feedback: Text = Field(default="", max_length=20_000)
    round: Round | None = Field(
        default=None, description="the round you looked at; the open one, if absent"
    )
    edits: Edits | None = Field(default=None, description="what to change before it is published")


class ReviseBody(Body):
    """What should change."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"feedback": "shorter, and name the churn rate"}}
    )

    feedback: Text = Field(min_length=1, max_length=20_000)
    round: Round | None = None


class AnswerBody(Body):
    """The answer to an open question."""

    model_config = ConfigDict(json_schema_extra={"example": {"answer": "Q4 2024"}})

    answer: Text = Field(min_length=1, max_length=20_000)
    question_id: Annotated[Text, Field(max_length=200)] | None = Field(
        default=None, description="which one; the only one that is open, if absent"
    )


class CancelBody(Body):
    """Why it is stopped."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "the quarter was restated"}})

    reason: Text = Field(default="", max_length=2_000)


class EngagementBody(Body):
    """What the world did with a publication."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "engagement_id": "linkedin-2025-01-31",
                "channel": "linkedin",
                "metrics": {"impressions": 3421, "clicks": 87, "shares": 12},
            }
        }
    )

    engagement_id: Text = Field(min_length=1, max_length=200)
    channel: Channel | None = None
    metrics: dict[Annotated[Text, Field(min_length=1, max_length=64)], StrictInt | StrictFloat] = (
        Field(min_length=1, max_length=100)
    )


class ReplayBody(Body):
    """Which read model is made anew; all, if absent."""

    model_config = ConfigDict(json_schema_extra={"example": {"projection": "tasks"}})

    projection: Annotated[Text, Field(max_length=100)] | None = None


class PermissionBody(Body):
    """Whether a tool may be used: at once, after a human has said yes, or not at all."""

    model_config = ConfigDict(json_schema_extra={"example": {"permission": "allow"}})

    permission: Permission

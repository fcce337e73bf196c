"""Approval by a human, and publication."""

from typing import Literal

from pydantic import Field

from streams.domain.deliverable import Deliverable, Receipt
from streams.domain.values import Channel, DecisionOutcome, Json, Milliseconds, Value, is_empty


class ApprovalRequested(Value):
    """A human is asked; the decision must name this round."""

    type: Literal["approval_requested.v1"] = "approval_requested.v1"
    round: int
    reason: str
    expires_at: Milliseconds


class ApprovalDecided(Value):
    """A round of approval ended. `edits` replaces the deliverable, `channels` are published to."""

    type: Literal["approval_decided.v1"] = "approval_decided.v1"
    round: int
    decision: DecisionOutcome
    by: str
    channels: tuple[Channel, ...] = ()
    feedback: str = ""
    edits: Deliverable | None = None


class PublicationCompleted(Value):
    """A platform took the content."""

    type: Literal["publication_completed.v1"] = "publication_completed.v1"
    channel: Channel
    command_id: str
    receipt: Receipt


class PublicationFailed(Value):
    """Nothing was published on this channel."""

    type: Literal["publication_failed.v1"] = "publication_failed.v1"
    channel: Channel
    command_id: str
    reason: str


class EffectUncertain(Value):
    """It may or may not have happened: a human looks and answers; nothing is done twice by itself.
    `progress` is what surely happened before.
    """

    type: Literal["effect_uncertain.v1"] = "effect_uncertain.v1"
    channel: Channel | None = None
    command_id: str
    reason: str
    question_id: str
    expires_at: Milliseconds
    progress: Json = Field(default_factory=dict, exclude_if=is_empty)

"""How a history begins, moves through its phases, and ends."""

from typing import Literal

from pydantic import Field

from streams.domain.settings import TaskSettings
from streams.domain.values import (
    Channel,
    DecisionOutcome,
    ExecutionPhase,
    Json,
    Milliseconds,
    Value,
    WorkflowSource,
    is_empty,
)


class RequestSubmitted(Value):
    """A request was taken in, with all settings that later decisions use."""

    type: Literal["request_submitted.v1"] = "request_submitted.v1"
    tenant: str
    principal: str
    request: str
    business_metrics: Json = Field(default_factory=dict)
    preferences: Json = Field(default_factory=dict)
    context: Json = Field(default_factory=dict)
    extra: Json = Field(default_factory=dict)
    source: WorkflowSource
    settings: TaskSettings


class CommandDispatched(Value):
    """One command was asked for without a request: a one-step task."""

    type: Literal["command_dispatched.v1"] = "command_dispatched.v1"
    tenant: str
    principal: str
    agent_type: str
    action: str
    tool_id: str | None = None
    payload: Json = Field(default_factory=dict)
    channel: Channel | None = None
    is_repeatable: bool = False
    priority: int = 0
    max_attempts: int | None = Field(default=None, exclude_if=is_empty)
    timeout: Milliseconds | None = Field(default=None, exclude_if=is_empty)
    settings: TaskSettings


class TaskForked(Value):
    """The task goes on from another one's history: `history` holds that one's events, with the
    edits made.
    """

    type: Literal["task_forked.v1"] = "task_forked.v1"
    principal: str
    parent_task_id: str
    parent_sequence: int
    parent_hash: str
    history: tuple[tuple[Milliseconds, Json], ...]
    request: Json = Field(default_factory=dict)
    outputs: dict[str, Json] = Field(default_factory=dict)


class SettingsChanged(Value):
    """Settings of this task, or of the tenant or principal whose history this is."""

    type: Literal["settings_changed.v1"] = "settings_changed.v1"
    by: str
    values: Json


class PhaseStarted(Value):
    """The task entered a phase."""

    type: Literal["phase_started.v1"] = "phase_started.v1"
    phase: ExecutionPhase


class PhaseSkipped(Value):
    """The task passed a phase without work in it."""

    type: Literal["phase_skipped.v1"] = "phase_skipped.v1"
    phase: ExecutionPhase
    reason: str


class TaskFailed(Value):
    """The work cannot go on; it can be tried again from this phase."""

    type: Literal["task_failed.v1"] = "task_failed.v1"
    phase: ExecutionPhase
    reason: str


class CancellationRequested(Value):
    """The task stops; effects that are already out are waited for."""

    type: Literal["cancellation_requested.v1"] = "cancellation_requested.v1"
    by: str
    reason: str


class TaskClosed(Value):
    """The task ended."""

    type: Literal["task_closed.v1"] = "task_closed.v1"
    outcome: DecisionOutcome
    decided_by: str
    cost: float = 0.0


class TaskReopened(Value):
    """A closed task goes on, in the phase named."""

    type: Literal["task_reopened.v1"] = "task_reopened.v1"
    by: str
    reason: str
    phase: ExecutionPhase


class EngagementRecorded(Value):
    """What the world did with a publication."""

    type: Literal["engagement_recorded.v1"] = "engagement_recorded.v1"
    engagement_id: str
    channel: Channel | None = None
    metrics: Json


class FeedbackRecorded(Value):
    """A remark about the task."""

    type: Literal["feedback_recorded.v1"] = "feedback_recorded.v1"
    feedback_id: str
    by: str
    rating: int | None = None
    text: str = ""


class InputRefused(Value):
    """An input came too late or did not match what is open: it changed nothing but is remembered
    here.
    """

    type: Literal["input_refused.v1"] = "input_refused.v1"
    input_type: str
    by: str
    code: Literal["conflict", "closed", "lost_lease", "expired", "duplicate"]
    reason: str
    subject: str = ""


class InputFailed(Value):
    """An input could not be decided; its bytes are in the dead letters."""

    type: Literal["input_failed.v1"] = "input_failed.v1"
    input_type: str
    input_id: str
    reason: str

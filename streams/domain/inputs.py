"""Everything that can reach a task. Time, salt and ids are fields: the core has no clock and no
randomness.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from streams.domain.budget import DAY_PATTERN, BudgetLimits, BudgetMode, BudgetNeed, Micros
from streams.domain.deliverable import Deliverable
from streams.domain.facts.budget import LedgerPart
from streams.domain.settings import DAY
from streams.domain.values import (
    Channel,
    Id,
    Json,
    Milliseconds,
    Money,
    Value,
    WorkflowSource,
    is_empty,
)


class _Input(Value):
    input_id: Id
    task_id: Id
    at: Milliseconds  # when it was recorded at the edge
    salt: str = Field(pattern=r"^[0-9a-f]{32}$")  # from which the salts of its events are derived
    principal: str = "local"
    correlation_id: str | None = None
    traceparent: str | None = None


class SubmitRequest(_Input):
    """A new task. The edge has validated the request and completed the settings."""

    type: Literal["submit_request.v1"] = "submit_request.v1"
    tenant: str = "default"
    request: str = Field(min_length=1)
    business_metrics: Json = Field(default_factory=dict)
    preferences: Json = Field(default_factory=dict)
    context: Json = Field(default_factory=dict)
    extra: Json = Field(default_factory=dict)
    source: WorkflowSource = WorkflowSource.USER_REQUEST
    settings: Json = Field(default_factory=dict)


class DispatchCommand(_Input):
    """One command without a request: a one-step task. With `channel` it is a publication."""

    type: Literal["dispatch_command.v1"] = "dispatch_command.v1"
    tenant: str = "default"
    agent_type: Id
    action: str
    tool_id: Id | None = None
    payload: Json = Field(default_factory=dict)
    channel: Channel | None = None
    is_repeatable: bool = True
    priority: int = Field(default=0, ge=-100, le=100)
    max_attempts: int | None = Field(default=None, ge=1, le=20)  # None: as the settings say
    timeout: Milliseconds | None = Field(default=None, ge=1, le=DAY)
    settings: Json = Field(default_factory=dict)


class ReportResult(_Input):
    """A command's result. Without `attempt` it counts for the current one, as long as nobody holds
    the lease.
    """

    type: Literal["report_result.v1"] = "report_result.v1"
    command_id: Id
    attempt: int | None = None
    runner: str = ""
    output: Json
    cost: Money = 0.0
    duration: Milliseconds = 0
    usage: Json = Field(default_factory=dict)


class ReportFailure(_Input):
    """An attempt that failed. `is_uncertain`: an effect may have happened and cannot be looked
    up. `budget`: it ended before a call for which there is no money, and nothing happened.
    """

    type: Literal["report_failure.v1"] = "report_failure.v1"
    command_id: Id
    attempt: int | None = None
    runner: str = ""
    reason: str
    is_retryable: bool = True
    is_uncertain: bool = False
    retry_after: Milliseconds | None = None
    progress: Json = Field(default_factory=dict)  # what is done already, for the next attempt
    budget: BudgetNeed | None = Field(default=None, exclude_if=is_empty)
    cost: Money = 0.0
    duration: Milliseconds = 0
    usage: Json = Field(default_factory=dict)


class ClaimCommand(_Input):
    """A runner takes a command for a time; from the same runner again, it asks for more time."""

    type: Literal["claim_command.v1"] = "claim_command.v1"
    command_id: Id
    runner: str = Field(min_length=1)
    lease: Milliseconds = Field(ge=1)


class RequestEffect(_Input):
    """A runner asks at the door: may this attempt do what cannot be taken back?"""

    type: Literal["request_effect.v1"] = "request_effect.v1"
    command_id: Id
    attempt: int
    runner: str = Field(min_length=1)
    is_key_enforced: bool = False  # the platform itself refuses a second use of the idempotency key


class DecideApproval(_Input):
    """A human's decision about what was shown in `round`."""

    type: Literal["decide_approval.v1"] = "decide_approval.v1"
    round: int
    is_approved: bool
    channels: tuple[Channel, ...] | None = None  # None: all that were asked for
    feedback: str = ""
    edits: Deliverable | None = None


class ReviseRequest(_Input):
    """A human asks for another version, with what should change."""

    type: Literal["revise_request.v1"] = "revise_request.v1"
    feedback: str = Field(min_length=1)
    round: int | None = None


class AnswerQuestion(_Input):
    """The answer to the question that the task waits for."""

    type: Literal["answer_question.v1"] = "answer_question.v1"
    question_id: str
    answer: str = Field(min_length=1)


class CancelTask(_Input):
    """Stop this task; what is already out in the world is waited for."""

    type: Literal["cancel_task.v1"] = "cancel_task.v1"
    reason: str = ""


class RetryTask(_Input):
    """Try a failed task again from where it failed."""

    type: Literal["retry_task.v1"] = "retry_task.v1"


class CancelCommand(_Input):
    """End one command as if its last attempt had failed; not while its effect may be under way."""

    type: Literal["cancel_command.v1"] = "cancel_command.v1"
    command_id: Id
    reason: str = ""


class RetryCommand(_Input):
    """Begin the next attempt now, not after the pause; of a command that a failed task ended with,
    try the task again.
    """

    type: Literal["retry_command.v1"] = "retry_command.v1"
    command_id: Id


class ForkTask(_Input):
    """A new task from another one's history up to an event, with an edited request or edited step
    outputs.
    """

    type: Literal["fork_task.v1"] = "fork_task.v1"
    parent_task_id: Id
    parent_sequence: int = Field(ge=1)
    parent_hash: str
    history: tuple[tuple[Milliseconds, Json], ...]  # (time, event) of the parent, oldest first
    request: Json = Field(default_factory=dict)  # fields of SubmitRequest to replace
    outputs: dict[str, Json] = Field(default_factory=dict)  # step_id to the output to replace


class RecordEngagement(_Input):
    """What the world did with a publication; `engagement_id` makes a repeat harmless."""

    type: Literal["record_engagement.v1"] = "record_engagement.v1"
    engagement_id: str
    channel: Channel | None = None
    metrics: Json


class RecordFeedback(_Input):
    """A remark about a task that decides nothing."""

    type: Literal["record_feedback.v1"] = "record_feedback.v1"
    feedback_id: str
    rating: int | None = Field(default=None, ge=1, le=5)
    text: str = ""


class ChangeSettings(_Input):
    """Settings of one task, or, for an id that is no task, of a tenant or principal."""

    type: Literal["change_settings.v1"] = "change_settings.v1"
    values: Json


class ReserveBudget(_Input):
    """A runner asks a ledger for money before a call. `approved` is what people have allowed for
    the command beyond the limits; the money is held for `holds_for`. `can_wait`: where only money
    that is held for others is in the way, it is told so.
    """

    type: Literal["reserve_budget.v1"] = "reserve_budget.v1"
    tenant: str = "default"
    day: str = Field(pattern=DAY_PATTERN)
    part: LedgerPart = "whole"
    reservation_id: Id
    command_id: Id
    for_task: Id
    for_principal: str
    amount: Micros
    approved: Micros = 0
    limits: BudgetLimits = BudgetLimits()
    mode: BudgetMode = BudgetMode.STOP
    holds_for: Milliseconds = Field(ge=1)
    can_wait: bool = False


class SettleBudget(_Input):
    """What a call has really cost, which may be nothing."""

    type: Literal["settle_budget.v1"] = "settle_budget.v1"
    reservation_id: Id
    actual: Micros


class TimerFired(_Input):
    """A moment that the task waited for has come."""

    type: Literal["timer_fired.v1"] = "timer_fired.v1"
    timer_id: str


Input = (
    SubmitRequest | DispatchCommand | ReportResult | ReportFailure | ClaimCommand | RequestEffect
    | DecideApproval | ReviseRequest | AnswerQuestion | CancelTask | RetryTask | CancelCommand
    | RetryCommand | ForkTask | RecordEngagement | RecordFeedback | ChangeSettings | TimerFired
    | ReserveBudget | SettleBudget
)  # fmt: skip
INPUT: TypeAdapter[Input] = TypeAdapter(Annotated[Input, Field(discriminator="type")])

"""All events as one closed union, with its codec. Types are explicit and versioned; a stored event
is never changed.
"""

from typing import Annotated, get_args

from pydantic import Field, TypeAdapter

from streams.domain.facts.approval import (
    ApprovalDecided,
    ApprovalRequested,
    EffectUncertain,
    PublicationCompleted,
    PublicationFailed,
)
from streams.domain.facts.budget import (
    BudgetExpired,
    BudgetRefused,
    BudgetReserved,
    BudgetSettled,
    CostQuestioned,
    LedgerClosed,
)
from streams.domain.facts.findings import (
    DeliverableFormatted,
    IntentParsed,
    LearningExtracted,
    OutputRefined,
    PlanDrafted,
    PlanRejected,
    QualityAssessed,
    QuestionAnswered,
    QuestionAsked,
    RequestDeclined,
    StepCompleted,
    StepFailed,
    StepRerouted,
    ToolsDiscovered,
)
from streams.domain.facts.lifecycle import (
    CancellationRequested,
    CommandDispatched,
    EngagementRecorded,
    FeedbackRecorded,
    InputFailed,
    InputRefused,
    PhaseSkipped,
    PhaseStarted,
    RequestSubmitted,
    SettingsChanged,
    TaskClosed,
    TaskFailed,
    TaskForked,
    TaskReopened,
)
from streams.domain.facts.queue import (
    CommandCancelled,
    CommandClaimed,
    CommandCompleted,
    CommandFailed,
    CommandIssued,
    EffectGranted,
    LeaseExtended,
)
from streams.domain.values import Value

Event = (
    RequestSubmitted | CommandDispatched | TaskForked | SettingsChanged | PhaseStarted
    | PhaseSkipped | CommandIssued | CommandClaimed | LeaseExtended | CommandCompleted
    | CommandFailed | CommandCancelled | EffectGranted | IntentParsed | QuestionAsked
    | QuestionAnswered | RequestDeclined | ToolsDiscovered | PlanDrafted | PlanRejected
    | StepCompleted | StepRerouted | StepFailed | QualityAssessed | OutputRefined
    | DeliverableFormatted | LearningExtracted | ApprovalRequested | ApprovalDecided
    | PublicationCompleted | PublicationFailed | EffectUncertain | TaskFailed
    | CancellationRequested | TaskClosed | TaskReopened | EngagementRecorded | FeedbackRecorded
    | InputRefused | InputFailed | BudgetReserved | BudgetRefused | BudgetSettled | BudgetExpired
    | LedgerClosed | CostQuestioned
)  # fmt: skip
EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="type")])
EVENT_TYPES: dict[str, type[Value]] = {c.model_fields["type"].default: c for c in get_args(Event)}

__all__ = [
    "EVENT",
    "EVENT_TYPES",
    "ApprovalDecided",
    "ApprovalRequested",
    "BudgetExpired",
    "BudgetRefused",
    "BudgetReserved",
    "BudgetSettled",
    "CancellationRequested",
    "CommandCancelled",
    "CommandClaimed",
    "CommandCompleted",
    "CommandDispatched",
    "CommandFailed",
    "CommandIssued",
    "CostQuestioned",
    "DeliverableFormatted",
    "EffectGranted",
    "EffectUncertain",
    "EngagementRecorded",
    "Event",
    "FeedbackRecorded",
    "InputFailed",
    "InputRefused",
    "IntentParsed",
    "LearningExtracted",
    "LeaseExtended",
    "LedgerClosed",
    "OutputRefined",
    "PhaseSkipped",
    "PhaseStarted",
    "PlanDrafted",
    "PlanRejected",
    "PublicationCompleted",
    "PublicationFailed",
    "QualityAssessed",
    "QuestionAnswered",
    "QuestionAsked",
    "RequestDeclined",
    "RequestSubmitted",
    "SettingsChanged",
    "StepCompleted",
    "StepFailed",
    "StepRerouted",
    "TaskClosed",
    "TaskFailed",
    "TaskForked",
    "TaskReopened",
    "ToolsDiscovered",
]

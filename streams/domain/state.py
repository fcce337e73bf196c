"""The state of one task: what `evolve` folds its history into. It lives in memory and in snapshots,
never on a wire.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from streams.domain.deliverable import Deliverable, Receipt
from streams.domain.events import CommandIssued, EffectGranted
from streams.domain.intent import Intent, Question
from streams.domain.ledger import Ledger
from streams.domain.plan import RESERVED, ExecutionPlan, PlanProblem, ToolSpecification
from streams.domain.quality import QualityAssessment, Verdict
from streams.domain.settings import TaskSettings
from streams.domain.values import (
    Channel,
    DecisionOutcome,
    ExecutionPhase,
    Json,
    Milliseconds,
    Permission,
    WorkflowSource,
)

EVOLVE_VERSION = (
    3  # raise it whenever `evolve` or `TaskState` changes: older snapshots are then refolded
)
DELIVERABLE = RESERVED  # the subject of the final output; other subjects are step ids
ONE_STEP = "command"  # the step id of a one-step task
EFFECT_ANSWERS = ("done", "not done")  # what a human can say of an uncertain effect
TOOL_ANSWERS = (Permission.ALLOW.value, Permission.DENY.value)  # and of a tool that asks first
REMEMBERED = 256  # ids of engagement and feedback that are kept to recognise repeats


class Life(StrEnum):
    """Whether a task exists, runs, or has ended."""

    ABSENT = "absent"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class OpenCommand:
    """A command without an accepted result. With `retry_at` it waits for its next attempt.

    `progress` is what its attempts have done so far, `granted` who was let through at the door and
    in which attempt. `is_unheard`: it is in doubt since that runner fell silent, so its own late
    word still counts. `is_doubtful`: of an earlier attempt nobody knows what came of it.
    """

    issued: CommandIssued
    runner: str | None = None
    lease_until: Milliseconds | None = None
    retry_at: Milliseconds | None = None
    grant: EffectGranted | None = None
    is_uncertain: bool = False
    progress: Json = field(default_factory=dict)
    granted: tuple[tuple[int, str], ...] = ()
    is_unheard: bool = False
    is_doubtful: bool = False
    is_parked: bool = False  # until a human has said yes or no to what it may cost
    approved: int = 0  # millionths of a dollar that people have allowed beyond the limits

    @property
    def has_effect(self) -> bool:
        """Something of it may be out in the world of which nobody has told yet."""
        return self.grant is not None or self.is_uncertain or self.is_doubtful

    def was_let_through(self, runner: str, attempt: int | None) -> bool:
        """Whether this runner was let through in this attempt, or in any if none is named."""
        return any(runner == who and attempt in (None, when) for when, who in self.granted)


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended: in which attempt, by whom, and as what it stood if it has no result."""

    attempt: int  # 0: it was cancelled
    runner: str
    lost: OpenCommand | None = None


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """Something a human must say; `command_id` names the publication it is about, if it is, and
    `cost_of` the command that may cost `estimate` millionths of a dollar.
    """

    question: Question
    expires_at: Milliseconds
    command_id: str | None = None
    cost_of: str | None = None
    estimate: int = 0

    @property
    def needs_approver(self) -> bool:
        """Whether the answer lets something out into the world, or money: then not everyone may
        give it.
        """
        about = (self.command_id, self.cost_of, self.question.tool_id)
        return any(each is not None for each in about)


@dataclass(frozen=True, slots=True)
class Work:
    """An output on its way through scoring and refinement."""

    output: Json
    refinements: int = 0
    assessment: QualityAssessment | None = None
    verdict: Verdict | None = None
    best_output: Json | None = None
    best_assessment: QualityAssessment | None = None

    @property
    def accepted(self) -> Json:
        """The version to go on with: the best one seen when refinement ended without passing."""
        return (
            self.best_output
            if self.verdict is Verdict.ASK_HUMAN and self.best_output is not None
            else self.output
        )

    @property
    def accepted_assessment(self) -> QualityAssessment | None:
        """The scores of the accepted version."""
        return self.best_assessment if self.verdict is Verdict.ASK_HUMAN else self.assessment


@dataclass(frozen=True, slots=True)
class Approval:
    """The latest round of approval; open while `decision` is None."""

    round: int
    reason: str
    expires_at: Milliseconds
    decision: DecisionOutcome | None = None
    by: str = ""
    channels: tuple[Channel, ...] = ()
    feedback: str = ""


class PublicationStatus(StrEnum):
    """How far a publication has come."""

    PENDING = "pending"
    GRANTED = "granted"
    PUBLISHED = "published"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Publication:
    """One channel's publication in the latest approved round."""

    command_id: str
    status: PublicationStatus
    receipt: Receipt | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Parent:
    """The event of another task that this one was forked from."""

    task_id: str
    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What a one-step task was asked to do."""

    agent_type: str
    action: str
    tool_id: str | None
    payload: Json
    channel: Channel | None
    is_repeatable: bool
    priority: int
    max_attempts: int | None = None
    timeout: Milliseconds | None = None


@dataclass(frozen=True)
class TaskState:
    """All that later decisions and the status pages need to know about one task."""

    task_id: str = ""
    life: Life = Life.ABSENT
    tenant: str = "default"
    principal: str = ""
    source: WorkflowSource = WorkflowSource.USER_REQUEST
    request: str = ""
    business_metrics: Json = field(default_factory=dict)
    preferences: Json = field(default_factory=dict)
    context: Json = field(default_factory=dict)
    extra: Json = field(default_factory=dict)
    settings: TaskSettings = field(default_factory=TaskSettings)
    own_settings: Json = field(default_factory=dict)
    dispatched: Dispatched | None = None
    parent: Parent | None = None
    submitted_at: Milliseconds = 0
    closed_at: Milliseconds | None = None
    phase: ExecutionPhase | None = None
    phases: tuple[ExecutionPhase, ...] = ()  # in the order of their first start or skip
    commands: Mapping[str, OpenCommand] = field(default_factory=dict)
    finished: Mapping[str, Finished] = field(default_factory=dict)
    issued: int = 0
    refused: frozenset[str] = frozenset()
    intent: Intent | None = None
    questions: Mapping[str, OpenQuestion] = field(default_factory=dict)
    asked: int = 0
    answers: tuple[tuple[str, str], ...] = ()
    answered: Mapping[str, str] = field(default_factory=dict)  # question_id: what was answered
    catalogue_version: str = ""
    tools: tuple[ToolSpecification, ...] = ()
    permissions: Mapping[str, Permission] = field(default_factory=dict)  # as people said here
    asked_tools: int = 0
    plan: ExecutionPlan | None = None
    rejected_plans: int = 0
    plan_problems: tuple[PlanProblem, ...] = ()
    works: Mapping[str, Work] = field(default_factory=dict)
    failed_steps: Mapping[str, str] = field(default_factory=dict)
    routes: Mapping[str, int] = field(
        default_factory=dict
    )  # step_id: how many alternatives were taken
    deliverable: Deliverable | None = None
    approval: Approval | None = None
    feedback: tuple[str, ...] = ()
    publications: Mapping[Channel, Publication] = field(default_factory=dict)
    record: Json | None = None
    outcome: DecisionOutcome | None = None
    decided_by: str = ""
    error: str | None = None
    failed_phase: ExecutionPhase | None = None
    is_cancelling: bool = False
    cost: float = 0.0
    engagement_ids: tuple[str, ...] = ()
    feedback_ids: tuple[str, ...] = ()
    failed_inputs: int = 0
    ledger: Ledger | None = None  # then it is no task

    def work(self, subject: str) -> Work | None:
        """The output being scored; the deliverable begins as the accepted output of the plan's
        deliverable step.
        """
        known = self.works.get(subject)
        if known is None and subject == DELIVERABLE and self.plan is not None:
            step = self.works.get(self.plan.deliverable_step)
            return None if step is None else Work(output=step.accepted)
        return known

    def open_command(self, phase: ExecutionPhase, step_id: str | None = None) -> OpenCommand | None:
        """The open command of a phase, or of one step in it."""
        for command in self.commands.values():
            if command.issued.phase is phase and command.issued.step_id == step_id:
                return command
        return None

    @property
    def is_stopping(self) -> bool:
        """Cancelled, or failed: only effects that are out already are waited for."""
        has_failed = self.failed_phase is not None and self.phase is not ExecutionPhase.LEARNING
        return self.is_cancelling or has_failed

    @property
    def has_effects(self) -> bool:
        """Something may be out in the world of which nobody has told yet what came of it."""
        return any(command.has_effect for command in self.commands.values())

    @property
    def is_settled(self) -> bool:
        """Nothing is under way: no command and no question."""
        return not self.commands and not self.questions


if TYPE_CHECKING:
    change = replace
else:

    def change(state, **changes):
        """`dataclasses.replace` for the state, by copying its dictionary: seven times faster for
        fifty fields.
        """
        changed = object.__new__(TaskState)
        fields = changed.__dict__
        fields.update(state.__dict__)
        fields.update(changes)
        return changed


STATE: TypeAdapter[TaskState] = TypeAdapter(TaskState)

"""What the phases found out."""

from typing import Literal

from pydantic import Field, field_serializer

from streams.domain.deliverable import Deliverable
from streams.domain.intent import Intent, Question
from streams.domain.plan import ExecutionPlan, PlanProblem, ToolSpecification
from streams.domain.quality import QualityAssessment, Verdict
from streams.domain.values import Json, Milliseconds, Value, is_empty


class IntentParsed(Value):
    """The request was understood."""

    type: Literal["intent_parsed.v1"] = "intent_parsed.v1"
    intent: Intent


class QuestionAsked(Value):
    """The task waits for a human's answer."""

    type: Literal["question_asked.v1"] = "question_asked.v1"
    question_id: str
    question: Question
    expires_at: Milliseconds


class QuestionAnswered(Value):
    """A human answered."""

    type: Literal["question_answered.v1"] = "question_answered.v1"
    question_id: str
    answer: str
    by: str


class RequestDeclined(Value):
    """The request cannot or must not be served; the reason is for the user."""

    type: Literal["request_declined.v1"] = "request_declined.v1"
    reason: str


class ToolsDiscovered(Value):
    """The catalogue as this task sees it."""

    type: Literal["tools_discovered.v1"] = "tools_discovered.v1"
    catalogue_version: str
    tools: tuple[ToolSpecification, ...]
    notes: tuple[str, ...] = ()

    @field_serializer("tools")
    def _without_defaults(self, tools: tuple[ToolSpecification, ...]) -> list[Json]:
        # Each task keeps the whole catalogue: a reader fills in what a tool does not say.
        return [tool.model_dump(mode="json", exclude_defaults=True) for tool in tools]


class PlanDrafted(Value):
    """A plan passed all checks and will run, once people have said yes to the tools that ask
    first.
    """

    type: Literal["plan_drafted.v1"] = "plan_drafted.v1"
    plan: ExecutionPlan


class PlanRejected(Value):
    """A plan may not run: the checks say so, or a person (`by`) has said no to a tool of it."""

    type: Literal["plan_rejected.v1"] = "plan_rejected.v1"
    problems: tuple[PlanProblem, ...]
    by: str = Field(default="", exclude_if=is_empty)


class StepCompleted(Value):
    """A step of the plan has its output."""

    type: Literal["step_completed.v1"] = "step_completed.v1"
    step_id: str
    output: Json


class StepRerouted(Value):
    """A step failed with one tool and goes on with another."""

    type: Literal["step_rerouted.v1"] = "step_rerouted.v1"
    step_id: str
    tool_id: str
    agent_type: str
    reason: str


class StepFailed(Value):
    """A step has no output: the plan goes on without it if it is optional."""

    type: Literal["step_failed.v1"] = "step_failed.v1"
    step_id: str
    reason: str
    is_optional: bool


class QualityAssessed(Value):
    """An output was scored, and what follows from that."""

    type: Literal["quality_assessed.v1"] = "quality_assessed.v1"
    subject: str  # a step_id, or "deliverable"
    assessment: QualityAssessment
    threshold: float
    verdict: Verdict


class OutputRefined(Value):
    """A better version was made from the findings or from a human's feedback."""

    type: Literal["output_refined.v1"] = "output_refined.v1"
    subject: str
    output: Json
    refinement: int


class DeliverableFormatted(Value):
    """The deliverable with its variants by channel, ready to be shown to a human."""

    type: Literal["deliverable_formatted.v1"] = "deliverable_formatted.v1"
    deliverable: Deliverable


class LearningExtracted(Value):
    """The task's training record."""

    type: Literal["learning_extracted.v1"] = "learning_extracted.v1"
    record: Json

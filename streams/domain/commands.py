"""Work items of the agents' queue: what the core asks agents to do."""

from enum import StrEnum

from pydantic import Field

from streams.domain.budget import Account
from streams.domain.values import Channel, ExecutionPhase, Id, Json, Milliseconds, Value, is_empty


class CommandKind(StrEnum):
    """The nine kinds of work."""

    PARSE_INTENT = "ParseIntent"
    DISCOVER_TOOLS = "DiscoverTools"
    PLAN_WORKFLOW = "PlanWorkflow"
    RUN_STEP = "RunStep"
    ASSESS_QUALITY = "AssessQuality"
    REFINE = "Refine"
    FORMAT = "Format"
    PUBLISH = "Publish"
    EXTRACT_LEARNING = "ExtractLearning"


AGENT_OF_KIND: dict[CommandKind, str] = {
    CommandKind.PARSE_INTENT: "planner",
    CommandKind.DISCOVER_TOOLS: "planner",
    CommandKind.PLAN_WORKFLOW: "planner",
    CommandKind.ASSESS_QUALITY: "evaluator",
    CommandKind.REFINE: "content",
    CommandKind.FORMAT: "content",
    CommandKind.PUBLISH: "publisher",
    CommandKind.EXTRACT_LEARNING: "evaluator",
}


class Command(Value):
    """One work item. `payload` holds everything the agent needs: it never reads the history.

    What cannot be taken back is done only after asking at the door: a grant lasts `grant_time`. The
    runner that was let through sets `act_before`: after this moment of its own clock the agent must
    not begin any effect more.
    """

    command_id: Id
    task_id: Id
    kind: CommandKind
    phase: ExecutionPhase
    agent_type: Id
    action: str = ""
    tool_id: str | None = None
    step_id: str | None = None
    channel: Channel | None = None
    attempt: int = Field(default=1, ge=1)
    max_attempts: int = Field(default=1, ge=1)
    priority: int = 0
    timeout: Milliseconds
    is_repeatable: bool = True
    issued_at: Milliseconds
    traceparent: str | None = None
    progress: Json = Field(default_factory=dict, exclude_if=is_empty)  # done by earlier attempts
    grant_time: Milliseconds | None = Field(default=None, exclude_if=is_empty)
    act_before: Milliseconds | None = Field(default=None, exclude_if=is_empty)
    account: Account | None = Field(default=None, exclude_if=is_empty)
    payload: Json = Field(default_factory=dict)

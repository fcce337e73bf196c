"""The bodies that the command queue takes over HTTP, and what it answers. Durations are seconds,
money is US dollars."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr
from pydantic import model_validator as validates

from api.answers import example
from api.models import Body, TaskId
from streams.domain.request import Text
from streams.domain.values import ID_PATTERN, Json

COMMAND_ID = "0b4c6a52-6f0e-4b43-9f6f-0d7c1c1f7a11.1"
MOST_SECONDS = 86_400
Number = StrictInt | StrictFloat
Name = Annotated[StrictStr, Field(pattern=ID_PATTERN)]
Seconds = Annotated[Number, Field(ge=0, le=MOST_SECONDS)]
Dollars = Annotated[Number, Field(ge=0)]
Attempt = Annotated[StrictInt, Field(ge=1, le=1_000)]
Reason = Annotated[Text, Field(min_length=1, max_length=2_000)]


class DispatchBody(Body):
    """One command by itself: a one-step task, with the same history as any other."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "agent_type": "financial",
                "action": "analyze_q4_metrics",
                "payload": {"date_range": "2024-Q4"},
            }
        }
    )

    agent_type: Name
    action: Text = Field(default="", max_length=200)
    payload: Json = Field(default_factory=dict)
    tool_id: Name | None = Field(default=None, description="which tool; else the action says")
    priority: StrictInt = Field(default=0, ge=-100, le=100, description="the highest goes first")
    max_attempts: StrictInt | None = Field(default=None, ge=1, le=20)
    timeout: Annotated[Number, Field(gt=0, le=MOST_SECONDS)] | None = Field(
        default=None, description="seconds from claim to result"
    )
    is_repeatable: StrictBool | None = Field(
        default=None,
        description="whether it may be done twice without harm; a tool that is not declared so "
        "never may",
    )
    task_id: TaskId | None = Field(default=None, description="the id of the new task")

    @validates(mode="after")
    def _says_what(self) -> "DispatchBody":
        if not self.action and not self.tool_id:
            raise ValueError("name an action or a tool_id")
        return self


class _Report(Body):
    agent: Name | None = Field(default=None, description="who holds it; you, if absent")
    attempt: Attempt | None = Field(
        default=None, description="which attempt this is about; the current one, if absent"
    )


class _Spent(_Report):
    cost: Dollars = 0.0
    duration: Seconds = 0.0
    usage: Json = Field(default_factory=dict, description="on what: model, tokens, …")


class ResultBody(_Spent):
    """What came of a command."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "output": {"narrative": "Revenue grew by 8 %."},
                "agent": "analyst-1",
                "attempt": 1,
                "cost": 0.02,
                "duration": 1.4,
            }
        }
    )

    output: Json | None = None
    result: Json | None = Field(default=None, description="the same as `output`")

    @validates(mode="after")
    def _has_one(self) -> "ResultBody":
        if (self.output is None) == (self.result is None):
            raise ValueError("send the answer as a JSON object, in `output` or in `result`")
        return self

    @property
    def answer(self) -> Json:
        """The output, by whichever name it came."""
        return self.output if self.output is not None else self.result or {}


class FailureBody(_Spent):
    """Why an attempt failed."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "error": "the service is busy",
                "agent": "analyst-1",
                "attempt": 1,
                "retry_after": 30,
            }
        }
    )

    error: Reason
    is_retryable: StrictBool = True
    is_uncertain: StrictBool = Field(
        default=False, description="an effect may have happened all the same"
    )
    retry_after: Seconds | None = Field(default=None, description="the soonest next attempt")
    progress: Json = Field(default_factory=dict, description="done already, for the next attempt")


class HeartbeatBody(_Report):
    """More time for who works on a command."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"agent": "analyst-1", "attempt": 1, "lease_seconds": 60}}
    )

    lease_seconds: Annotated[Number, Field(ge=1, le=3_600)] = 60


class GrantBody(_Report):
    """May this agent now do what cannot be taken back?"""

    model_config = ConfigDict(json_schema_extra={"example": {"agent": "poster-1", "attempt": 1}})

    is_key_enforced: StrictBool = Field(
        default=False, description="the other side itself refuses a second use of the key"
    )


class ClaimBody(Body):
    """What an agent takes on."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"agent": "analyst-1", "agent_types": ["financial"], "lease_seconds": 60}
        }
    )

    agent: Name | None = Field(default=None, description="your name for this agent; you, if absent")
    agent_types: list[Name] = Field(
        default_factory=list, max_length=50, description="those it registered, if absent"
    )
    lease_seconds: Annotated[Number, Field(ge=1, le=3_600)] = 60
    limit: StrictInt = Field(default=1, ge=1, le=100)


class EndBody(Body):
    """Why a command is ended."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "not needed any more"}})

    reason: Text = Field(default="", max_length=2_000)


class Dispatched(BaseModel):
    """A command is on disk and waits for an agent."""

    model_config = example(
        command_id=COMMAND_ID,
        task_id=COMMAND_ID[:-2],
        status="pending",
        is_repeat=False,
        sequence=3,
    )

    command_id: str
    task_id: str
    status: str
    is_repeat: bool
    sequence: int


class CommandView(BaseModel):
    """A command: how it stands, what it was given, each attempt, and what came of it."""

    model_config = example(
        command_id=COMMAND_ID,
        task_id=COMMAND_ID[:-2],
        status="completed",
        phase="EXECUTION",
        agent_type="financial",
        action="analyze_q4_metrics",
        payload={"date_range": "2024-Q4"},
        result={"narrative": "Revenue grew by 8 %."},
        error=None,
        attempt=1,
        max_attempts=3,
        attempts=[
            {
                "attempt": 1,
                "runner": "analyst-1",
                "issued_at": "2025-01-31T09:00:00.000Z",
                "started_at": "2025-01-31T09:00:00.020Z",
                "ended_at": "2025-01-31T09:00:01.420Z",
                "outcome": "completed",
                "cost": 0.02,
                "duration": 1.4,
            }
        ],
        cost=0.02,
        sequence=6,
    )

    command_id: str
    task_id: str
    status: str = Field(description="pending, processing, completed, failed or cancelled")
    agent_type: str
    action: str
    tool_id: str | None = None
    attempt: int
    max_attempts: int


class CommandPage(BaseModel):
    """Some commands, newest first; or, with `claim`, those that are yours now."""

    model_config = example(
        items=[
            {
                "command_id": COMMAND_ID,
                "status": "processing",
                "agent_type": "financial",
                "payload": {"date_range": "2024-Q4"},
                "lease": {"runner": "analyst-1", "until": "2025-01-31T09:01:00.000Z"},
            }
        ],
        next_cursor=None,
    )

    items: list[Json]
    next_cursor: str | None = None


class Reported(BaseModel):
    """A report was taken in and is on disk, with how the command stands after it."""

    model_config = example(
        command_id=COMMAND_ID,
        task_id=COMMAND_ID[:-2],
        verdict="accepted",
        status="completed",
        sequence=6,
    )

    command_id: str
    task_id: str
    verdict: str = Field(description="accepted, or repeated when nothing was left to change")
    status: str
    sequence: int


class Lease(BaseModel):
    """Until when a command is its runner's."""

    model_config = example(
        command_id=COMMAND_ID,
        runner="analyst-1",
        attempt=1,
        lease_until="2025-01-31T09:01:00.000Z",
        is_granted=False,
        sequence=5,
    )

    command_id: str
    runner: str
    attempt: int
    lease_until: str
    is_granted: bool = Field(description="it was let through the door: the time is not extended")
    sequence: int


class Grant(BaseModel):
    """The agent may act once, with this key, within so many seconds."""

    model_config = example(
        command_id=COMMAND_ID,
        runner="poster-1",
        attempt=1,
        key=COMMAND_ID,
        expires_at="2025-01-31T09:01:00.000Z",
        seconds=54.0,
        sequence=5,
    )

    command_id: str
    runner: str
    attempt: int
    key: str = Field(description="to be sent along, where the other side takes an idempotency key")
    expires_at: str
    seconds: float = Field(description="begin nothing later than this after you asked")
    sequence: int


class CommandEvents(BaseModel):
    """The events about a command."""

    model_config = example(
        command_id=COMMAND_ID,
        events=[{"sequence": 3, "type": "command_issued.v1", "data": {"attempt": 1}}],
    )

    command_id: str
    events: list[Json]


class Statistics(BaseModel):
    """By agent type and tool: how commands stand, how long attempts waited and ran, in seconds."""

    model_config = example(
        items=[
            {
                "agent_type": "financial",
                "tool_id": "metrics_analyzer",
                "commands": 12,
                "by_status": {"completed": 11, "failed": 1},
                "attempts": 14,
                "failures": 3,
                "waiting": {"p50": 0.02, "p95": 0.4},
                "running": {"p50": 1.4, "p95": 2.2},
                "cost": 0.24,
            }
        ]
    )

    items: list[Any]

"""What HTTP answers. Documents of the core may carry more fields than the fixed ones named here."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.models import TASK_ID
from streams.domain.values import Json


def example(**values: Any) -> ConfigDict:
    """A configuration with an example for the API's description."""
    return ConfigDict(extra="allow", json_schema_extra={"example": values})


class Accepted(BaseModel):
    """A request was taken in and is on disk."""

    model_config = example(
        task_id=TASK_ID,
        status="accepted",
        is_repeat=False,
        status_url=f"http://localhost:8000/api/orchestrator/status/{TASK_ID}",
        approval_url=f"http://localhost:8000/approve/{TASK_ID}",
    )

    task_id: str
    status: str = "accepted"
    is_repeat: bool = Field(
        description="the same task was asked for before; nothing was started again"
    )
    status_url: str
    approval_url: str


class Changed(BaseModel):
    """An input was taken in and is on disk."""

    model_config = example(task_id=TASK_ID, verdict="accepted", sequence=38)

    task_id: str
    verdict: str = Field(description="accepted, or repeated when nothing was left to change")
    sequence: int = Field(description="the task's newest event")


class Task(BaseModel):
    """How far a task has come, what it waits for, and what has been spent."""

    model_config = example(
        task_id=TASK_ID,
        status="pending_approval",
        phase="APPROVAL",
        progress=0.7778,
        cost=0.0,
        quality_score=0.906,
        duration=0.4,
        outcome=None,
        error=None,
        approval_round=1,
        approval_reason="ready for your decision",
        sequence=37,
    )

    task_id: str
    status: str
    phase: str | None
    progress: float = Field(description="the share of the nine phases that it has passed, 0 to 1")
    request: str = ""
    plan: Json | None = None
    steps: list[Json] = []
    cost: float = Field(description="US dollars")
    budget: Json = Field(
        default={}, description="limit, spent, reserved and left by the ledger, in US dollars"
    )
    quality_score: float | None
    duration: float = Field(description="seconds")
    outcome: str | None = Field(
        description="approved, rejected, failed, cancelled; null while open"
    )
    error: str | None
    questions: list[Json] = []
    waiting_for: list[Json] = []
    publications: Json = {}
    approval_round: int | None = None
    approval_reason: str | None = Field(default=None, description="why a human is asked, while so")
    sequence: int = 0


class ApprovalDocument(BaseModel):
    """The deliverable in full, as it is shown to whoever approves it."""

    model_config = example(
        task_id=TASK_ID,
        status="pending_approval",
        round=1,
        quality_score=0.906,
        quality_passed=True,
        main_content={
            "title": "Q4 Growth Story",
            "content": "Full LinkedIn post text",
            "preview_image": f"/api/orchestrator/approval/{TASK_ID}/preview/linkedin.svg",
        },
        channel_variants={"linkedin": {"channel": "linkedin", "content": "…"}},
        metadata={
            "metrics_used": {"revenue_monthly": "$150,000"},
            "execution_time": "0.4 seconds",
            "cost": "$0.00",
            "agents_involved": ["financial", "content", "publisher"],
        },
        supporting_materials={
            "metrics_summary": {},
            "narrative": "Story of Q4 growth",
            "research": {},
        },
        approval_url=f"http://localhost:8000/approve/{TASK_ID}",
        publishing={"linkedin": {"is_live": True, "where": "LinkedIn as urn:li:person:ann"}},
    )

    task_id: str
    status: str
    round: int | None = None
    quality_score: float | None
    quality_passed: bool
    quality: Json | None = None
    main_content: Json | None
    channel_variants: Json
    metadata: Json
    supporting_materials: Json
    approval_url: str
    publishing: Json = Field(
        default_factory=dict,
        description="by channel: whether approving really publishes there, and where",
    )


class Events(BaseModel):
    """The history of a task; with `at`, also its state then."""

    model_config = example(
        task_id=TASK_ID,
        events=[
            {
                "sequence": 1,
                "type": "request_submitted.v1",
                "at": "2025-01-31T09:00:00.000Z",
                "event_id": f"{TASK_ID}/1",
                "data": {"request": "Create a LinkedIn post about our Q4 growth metrics"},
            }
        ],
    )

    task_id: str
    events: list[Json]
    state: Json | None = None


class TaskPage(BaseModel):
    """Some tasks, newest first."""

    model_config = example(
        items=[{"task_id": TASK_ID, "status": "approved", "quality_score": 0.906}],
        next_cursor=None,
    )

    items: list[Json]
    next_cursor: str | None = Field(description="leads on to older tasks; null at the end")


class Tools(BaseModel):
    """The catalogue."""

    model_config = example(
        version="c19d027c3150826e",
        tools=[
            {
                "tool_id": "weather.forecast",
                "source": "mcp:weather",
                "permission": "ask",
                "success_rate": 0.93,
                "runs": 12,
                "measured": {"runs": 12, "successes": 11, "mean_seconds": 0.8},
            }
        ],
        servers=[{"name": "weather", "transport": "stdio", "state": "ready", "tools": 1}],
        notes=[],
        permissions={"file": ".orchestrator/permissions.json", "default": "ask", "problem": ""},
        servers_file=".orchestrator/mcp.json",
    )

    version: str
    tools: list[Json]
    servers: list[Json] = Field(description="the MCP servers; their state, and why it is so")
    notes: list[str] = Field(description="what a person should know about the tools of others")
    permissions: Json = Field(description="the file that holds them, and what is wrong with it")
    servers_file: str | None = Field(description="the file that names the servers, if there is one")


class ToolPermission(BaseModel):
    """What holds for some tools now."""

    model_config = example(
        tool_id="weather.*", permission="allow", tools=["weather.forecast"], notes=[]
    )

    tool_id: str = Field(description="the id that was given, perhaps with *")
    permission: str
    tools: list[str] = Field(description="the tools that there are for which this rule holds")
    notes: list[str]


class Rebuilt(BaseModel):
    """A read model was made anew."""

    model_config = example(projection="tasks", events=39, rows=1, seconds=0.11)

    projection: str
    events: int
    rows: int
    seconds: float


class Produced(BaseModel):
    """What became of each message, in order."""

    model_config = example(
        accepted=1,
        refused=1,
        outcomes=[
            {"offset": 0, "task_id": TASK_ID, "is_repeat": False, "errors": []},
            {
                "offset": 1,
                "task_id": None,
                "is_repeat": False,
                "errors": [{"pointer": "/request", "detail": "Input should be a valid string"}],
            },
        ],
    )

    accepted: int
    refused: int
    outcomes: list[Json]


class DeadLetter(BaseModel):
    """A message that could not become anything, with its original bytes."""

    model_config = example(
        offset=0,
        reason="/request: Input should be a valid string",
        pointer="/request",
        at="2025-01-31T09:00:00.000Z",
        origin={"topic": "requests", "partition": 0, "offset": 1},
        key="",
        body='{"request": 2}',
        encoding="utf-8",
    )

    offset: int
    reason: str
    pointer: str
    at: str | None
    origin: Json
    key: str
    body: str
    encoding: str = Field(description="utf-8, or base64 where the bytes are no text")


class DeadLetters(BaseModel):
    """Some dead letters, oldest first."""

    model_config = example(items=[], next_after=None)

    items: list[DeadLetter]
    next_after: int | None


class Alive(BaseModel):
    """The process answers."""

    model_config = example(status="alive")

    status: str


class Ready(BaseModel):
    """Whether the log can be written, and how the open tasks do."""

    model_config = example(
        status="ready",
        open_tasks={"advancing": 1, "waiting": 2, "dead_lettered": 0, "stranded": 0},
        is_stranding=False,
        backlog=0,
        error=None,
    )

    status: str
    open_tasks: dict[str, int]
    is_stranding: bool
    backlog: int
    error: str | None


class FieldError(BaseModel):
    """What is wrong with one field."""

    model_config = ConfigDict(extra="allow")

    pointer: str = Field(description="a JSON pointer; empty for the whole")
    detail: str


class Problem(BaseModel):
    """An error, by RFC 9457."""

    model_config = example(
        type="about:blank",
        title="Unprocessable Content",
        status=422,
        detail="/preferences/tone: is not one of: professional, friendly, …",
        errors=[{"pointer": "/preferences/tone", "detail": "is not one of: professional, …"}],
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []

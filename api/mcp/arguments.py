"""What the tools of `/mcp` take. The documents inside are checked by the endpoints that take them,
so their schemas are here and their rules are not."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr
from pydantic.json_schema import WithJsonSchema

from api.models import TASK_ID
from streams.domain.request import PRIORITIES, TONES
from streams.domain.status import TaskStatus
from streams.domain.values import ID_PATTERN, Channel, Json

WAIT_AT_MOST = 300.0  # seconds that one call may wait for a task
WAIT_USUALLY = 20.0
_NUMBERS: Json = {
    "description": "one number, several over time, or numbers by period: {'2024-Q4': 1}",
    "anyOf": [
        {"type": "number"},
        {"type": "array", "items": {"type": "number"}},
        {"type": "object", "additionalProperties": {"type": "number"}},
    ],
}
METRICS: Json = {
    "type": "object",
    "description": "the company's figures; any further name is a custom metric, and 'previous' "
    "holds last period's values by name",
    "properties": {
        "revenue_monthly": _NUMBERS,
        "traffic_monthly": _NUMBERS,
        "conversion_rate": _NUMBERS | {"description": "share of visits, 0 to 1"},
        "customer_count": _NUMBERS,
        "market_position": {"type": "string"},
    },
}
PREFERENCES: Json = {
    "type": "object",
    "description": "how the user wants it done",
    "properties": {
        "tone": {"type": "string", "enum": list(TONES)},
        "channels": {"type": "array", "items": {"enum": [c.value for c in Channel]}},
        "language": {"type": "string", "description": "en or de"},
        "priority": {"type": "string", "enum": list(PRIORITIES)},
        "budget": {"type": "number", "description": "US dollars at most"},
        "deadline": {"type": "integer", "description": "milliseconds since the Unix epoch"},
        "quality_threshold": {"type": "number", "minimum": 0, "maximum": 1},
    },
}
_EDITS: Json = {
    "type": "object",
    "description": "what to change before it is published; what is absent stays",
    "properties": {
        "title": {"type": "string"},
        "content": {"type": "string"},
        "hashtags": {"type": "array", "items": {"type": "string"}},
        "call_to_action": {"type": "string"},
        "channel_variants": {
            "type": "object",
            "description": "by channel: its new text, or an object with content, parts, subject, "
            "html, hashtags",
        },
    },
}
TaskId = Annotated[
    StrictStr, Field(pattern=ID_PATTERN, description="the task's id", examples=[TASK_ID])
]
Seconds = Annotated[StrictInt | StrictFloat, Field(ge=0, le=WAIT_AT_MOST)]
Round = Annotated[StrictInt, Field(ge=1, description="`round` of the deliverable you looked at")]


def _document(schema: Json) -> Any:
    return Annotated[dict[str, Any], WithJsonSchema(schema)]


class Arguments(BaseModel):
    """The arguments of a tool; one that is not known is an error, since it would have no effect."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class SubmitRequest(Arguments):
    """A request in plain language with its business context."""

    request: StrictStr = Field(description="what is needed, in plain language", min_length=1)
    business_metrics: _document(METRICS) = Field(default_factory=dict)  # type: ignore[valid-type]
    preferences: _document(PREFERENCES) = Field(default_factory=dict)  # type: ignore[valid-type]
    context: dict[str, Any] = Field(
        default_factory=dict, description="further data: 'text' to edit, 'competitors', 'market'"
    )
    idempotency_key: StrictStr | None = Field(
        default=None, max_length=200, description="the same key is the same task"
    )
    wait_seconds: Seconds = Field(
        default=WAIT_USUALLY, description="how long to wait for its end, or for a human's turn"
    )


class GetTask(Arguments):
    """Which task, and how long to wait for news."""

    task_id: TaskId
    wait_seconds: Seconds = Field(
        default=0, description="how long to wait for its end, or for a human's turn"
    )


class OfTask(Arguments):
    """Which task."""

    task_id: TaskId


class ApproveTask(Arguments):
    """What is approved: the round that was looked at, whole or for some channels."""

    task_id: TaskId
    round: Round
    publish_to_channels: list[Channel] | None = Field(
        default=None, max_length=8, description="all that were asked for, if absent"
    )
    feedback: StrictStr = ""
    edits: _document(_EDITS) | None = None  # type: ignore[valid-type]


class RejectTask(Arguments):
    """What is rejected, and why."""

    task_id: TaskId
    round: Round
    reason: StrictStr = ""


class ReviseTask(Arguments):
    """What should change."""

    task_id: TaskId
    feedback: StrictStr = Field(min_length=1, description="what should change")
    round: Round | None = None


class AnswerQuestion(Arguments):
    """The answer to an open question."""

    task_id: TaskId
    answer: StrictStr = Field(min_length=1)
    question_id: StrictStr | None = Field(
        default=None, description="the only one that is open, if absent"
    )


class CancelTask(Arguments):
    """Which task is stopped, and why."""

    task_id: TaskId
    reason: StrictStr = ""


class SearchHistory(Arguments):
    """Which tasks are looked for."""

    text: StrictStr | None = Field(
        default=None, max_length=200, description="in id, title or request"
    )
    status: TaskStatus | None = None
    is_waiting: StrictBool = Field(default=False, description="only those that wait for a human")
    limit: StrictInt = Field(default=20, ge=1, le=200)
    cursor: StrictStr | None = Field(
        default=None, max_length=400, description="`next_cursor` of the page before"
    )


class Nothing(Arguments):
    """No arguments."""

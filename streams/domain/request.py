"""What a user asks for: the request, the business context and the preferences, with the seed's
field names.
"""

import re
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    field_validator,
    model_validator,
)

from streams.domain.values import Channel, Json, WorkflowSource

MAX_REQUEST = 20_000  # characters
MAX_CHANNELS = 8
TONES = (
    "professional", "friendly", "casual", "formal", "enthusiastic", "confident", "conversational",
    "inspirational", "authoritative", "informative", "witty", "urgent", "empathetic", "neutral",
)  # fmt: skip
PRIORITIES = ("low", "medium", "high", "critical")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_METRIC_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_.% -]{0,63}$")


def _without_control_characters(text: str) -> str:
    found = _CONTROL.search(text)
    if found:
        raise ValueError(
            f"contains the control character U+{ord(found.group()):04X} at {found.start()}"
        )
    return text


def _each(value: Any) -> list[Any]:
    """The numbers of a metric that may be one, several over time, or several by period."""
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else [value]


def _not_negative(value: Any) -> Any:
    if any(number < 0 for number in _each(value)):
        raise ValueError("must not be negative")
    return value


def _share(value: Any) -> Any:
    if any(not 0 <= number <= 1 for number in _each(value)):
        raise ValueError("must be between 0 and 1: 0.045 is 4.5 %")
    return value


Text = Annotated[StrictStr, AfterValidator(_without_control_characters)]
Number = StrictInt | StrictFloat
Numbers = Number | list[Number] | dict[str, Number]  # one, over time, or by period
MetricValue = Numbers | Text | None
Positive = Annotated[Numbers, AfterValidator(_not_negative)]
Share = Annotated[Numbers, AfterValidator(_share)]


class BusinessMetrics(BaseModel):
    """The state of the company when it asks. Each metric is a number, a list over time, or numbers
    by period such as `{"2024-Q3": 1, "2024-Q4": 2}`; any further name is a custom metric, and
    `previous` holds last period's values by metric name."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)
    __pydantic_extra__: dict[str, MetricValue]

    revenue_monthly: Numbers | None = Field(default=None, description="US dollars a month")
    traffic_monthly: Positive | None = Field(default=None, description="visits a month")
    conversion_rate: Share | None = Field(default=None, description="share of visits, 0 to 1")
    customer_count: Positive | None = None
    market_position: Text | None = Field(default=None, max_length=200)

    @model_validator(mode="after")
    def _names_are_plain(self) -> "BusinessMetrics":
        for name in self.__pydantic_extra__ or {}:
            if not _METRIC_NAME.match(name):
                raise ValueError(
                    f"{name[:80]!r} is no metric name: letters, digits, spaces and _ . % - only"
                )
        return self

    def given(self) -> Json:
        """The metrics that were given, by name."""
        return {name: value for name, value in self.model_dump().items() if value is not None}


class UserPreferences(BaseModel):
    """How the user wants it done. Unknown fields are kept."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    tone: Annotated[Text, Field(max_length=40)] | None = None
    channels: Annotated[list[Channel], Field(max_length=MAX_CHANNELS)] | None = None
    language: Annotated[StrictStr, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] | None = None
    priority: StrictStr | None = None
    budget: Annotated[Number, Field(ge=0, description="US dollars")] | None = None
    deadline: (
        Annotated[StrictInt, Field(ge=0, description="milliseconds since the Unix epoch")] | None
    ) = None
    quality_threshold: Annotated[Number, Field(ge=0, le=1)] | None = None
    max_retries: Annotated[StrictInt, Field(ge=0, le=20)] | None = None
    auto_approve: StrictBool | None = None

    @field_validator("channels", mode="before")
    @classmethod
    def _x_is_twitter(cls, channels: Any) -> Any:
        if isinstance(channels, list):
            names = [c.strip().lower() if isinstance(c, str) else c for c in channels]
            return list(
                dict.fromkeys("twitter" if c == "x" else c for c in names if isinstance(c, str))
            ) + [c for c in names if not isinstance(c, str)]
        return channels

    @field_validator("tone")
    @classmethod
    def _tone_is_known(cls, tone: str | None) -> str | None:
        if tone is not None and tone.strip().lower() not in TONES:
            raise ValueError(f"is not one of: {', '.join(TONES)}")
        return None if tone is None else tone.strip().lower()

    @field_validator("priority")
    @classmethod
    def _priority_is_known(cls, priority: str | None) -> str | None:
        if priority is not None and priority not in PRIORITIES:
            raise ValueError(f"is not one of: {', '.join(PRIORITIES)}")
        return priority


class ProcessRequestBody(BaseModel):
    """A request in plain language, with its context. Unknown fields are kept."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    request: Annotated[Text, Field(min_length=1, max_length=MAX_REQUEST)]
    business_metrics: BusinessMetrics = Field(
        default_factory=lambda: BusinessMetrics.model_validate({})
    )
    preferences: UserPreferences = Field(default_factory=UserPreferences)
    context: Json = Field(default_factory=dict)
    workflow_source: WorkflowSource = WorkflowSource.USER_REQUEST
    task_id: Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")] | None = (
        None
    )

    @field_validator("request")
    @classmethod
    def _says_something(cls, request: str) -> str:
        if not request.strip():
            raise ValueError("is empty: say in plain language what you need")
        return request.strip()

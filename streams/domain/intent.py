"""What the user wants, as understood: the result of ParseIntent."""

from pydantic import Field

from streams.domain.values import Channel, Id, Json, Score, Value, is_empty


class DateRange(Value):
    """A span of calendar days, both inclusive, as ISO dates."""

    label: str
    start: str
    end: str


class Question(Value):
    """Something the user must say before the work can go on; `tool_id` names the tool that may be
    used or not.
    """

    text: str = Field(min_length=1)
    options: tuple[str, ...] = ()
    reason: str = ""
    tool_id: Id | None = Field(default=None, exclude_if=is_empty)


class Intent(Value):
    """An understood request. With `question` set the user is asked first; with `refusal` set the
    work ends honestly.
    """

    name: str  # "create_social_content", "financial_analysis", …
    action: str  # create, analyze, check, edit, publish, forecast, compare
    domain: str  # marketing, analytics, compliance, market
    summary: str = ""
    channels: tuple[Channel, ...] = ()
    tone: str = "professional"
    language: str = "en"
    date_range: DateRange | None = None
    metrics: tuple[str, ...] = ()
    constraints: Json = Field(default_factory=dict)
    requirements: tuple[str, ...] = ()
    implicit: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    confidence: Score = 1.0
    question: Question | None = None
    refusal: str | None = None

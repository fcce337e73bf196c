"""The settings that decisions depend on; a task's first event records them, so replay never reads a
configuration.
"""

from pydantic import Field

from streams.domain.values import Milliseconds, Money, Score, Value

SECOND: Milliseconds = 1_000
HOUR: Milliseconds = 3_600_000
DAY: Milliseconds = 24 * HOUR


class TaskSettings(Value):
    """Limits and thresholds of one task. Durations are milliseconds, money is US dollars."""

    quality_threshold: Score = 0.85
    step_threshold: Score = 0.75
    max_retries: int = Field(default=2, ge=0, le=20)  # refinements of one output
    max_attempts: int = Field(default=3, ge=1, le=20)  # tries of one command
    max_plans: int = Field(default=2, ge=1, le=10)
    max_questions: int = Field(default=3, ge=0, le=10)
    is_auto_approved: bool = False
    command_timeout: Milliseconds = Field(default=60 * SECOND, ge=1)  # from claim to result
    queue_timeout: Milliseconds = Field(default=HOUR, ge=1)  # from issue to claim
    retry_base: Milliseconds = Field(default=500, ge=0)
    retry_cap: Milliseconds = Field(default=60 * SECOND, ge=0)
    grant_time: Milliseconds = Field(default=60 * SECOND, ge=1)  # how long an effect may take
    approval_timeout: Milliseconds = Field(default=30 * DAY, ge=1)
    question_timeout: Milliseconds = Field(default=30 * DAY, ge=1)
    deadline: Milliseconds | None = Field(default=None, ge=0)  # a moment, not a duration
    budget: Money | None = None

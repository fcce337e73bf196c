"""What happens to a command in the queue."""

from typing import Literal

from pydantic import Field

from streams.domain.commands import CommandKind
from streams.domain.values import Channel, ExecutionPhase, Json, Milliseconds, Value, is_empty


class CommandIssued(Value):
    """An attempt at a command was put into the queue. `expires_at`: when it counts as failed if
    nobody claims it.
    """

    type: Literal["command_issued.v1"] = "command_issued.v1"
    command_id: str
    kind: CommandKind
    phase: ExecutionPhase
    agent_type: str
    action: str = ""
    tool_id: str | None = None
    step_id: str | None = None
    channel: Channel | None = None
    attempt: int = 1
    max_attempts: int
    priority: int = 0
    timeout: Milliseconds
    is_repeatable: bool = True
    issued_at: Milliseconds
    expires_at: Milliseconds


class CommandClaimed(Value):
    """A runner took the command until the lease ends."""

    type: Literal["command_claimed.v1"] = "command_claimed.v1"
    command_id: str
    attempt: int
    runner: str
    lease_until: Milliseconds


class LeaseExtended(Value):
    """The runner showed that it is alive and got more time."""

    type: Literal["lease_extended.v1"] = "lease_extended.v1"
    command_id: str
    runner: str
    lease_until: Milliseconds


class CommandCompleted(Value):
    """A result was accepted; what it means is said by the event after this one."""

    type: Literal["command_completed.v1"] = "command_completed.v1"
    command_id: str
    attempt: int
    runner: str = ""
    cost: float = 0.0
    duration: Milliseconds = 0
    usage: Json = Field(default_factory=dict)


class CommandFailed(Value):
    """An attempt failed. With `retry_at` there will be another one; without, this was the last.
    `progress` is what it had done already. `is_uncertain`: an effect may have happened, which is
    tried again only because the platform refuses a second one by its key. `is_unpaid`: there was no
    money for it, so it was not begun.
    """

    type: Literal["command_failed.v1"] = "command_failed.v1"
    command_id: str
    attempt: int
    runner: str = ""
    reason: str
    retry_at: Milliseconds | None = None
    progress: Json = Field(default_factory=dict, exclude_if=is_empty)
    is_uncertain: bool = Field(default=False, exclude_if=is_empty)
    is_unpaid: bool = Field(default=False, exclude_if=is_empty)
    cost: float = 0.0
    duration: Milliseconds = 0
    usage: Json = Field(default_factory=dict)


class CommandCancelled(Value):
    """The command is no longer wanted; a result that still comes is not used."""

    type: Literal["command_cancelled.v1"] = "command_cancelled.v1"
    command_id: str
    reason: str


class EffectGranted(Value):
    """The intent of an effect: this runner may act once, in this attempt, before `expires_at`, with
    this key.
    """

    type: Literal["effect_granted.v1"] = "effect_granted.v1"
    command_id: str
    attempt: int
    runner: str
    key: str
    is_key_enforced: bool
    expires_at: Milliseconds

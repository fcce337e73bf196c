"""The events decided so far for one input, and the state after them."""

import zlib
from typing import Literal

from streams.domain import events as e
from streams.domain.commands import AGENT_OF_KIND, CommandKind
from streams.domain.evolve import evolve, refusal_key
from streams.domain.state import OpenCommand, TaskState
from streams.domain.values import Channel, DecisionOutcome, ExecutionPhase, Json, Milliseconds

PRIORITY = {"low": -10, "medium": 0, "high": 10, "critical": 20}


class Decision:
    """Collects events; each is folded at once, so that the next one is decided on the state after
    it.
    """

    __slots__ = ("at", "by", "events", "state")

    def __init__(self, state: TaskState, at: Milliseconds, by: str) -> None:
        self.state = state
        self.at = at
        self.by = by
        self.events: list[e.Event] = []

    def emit(self, event: e.Event) -> None:
        """Add one event."""
        self.events.append(event)
        self.state = evolve(self.state, event, self.at)

    def issue(
        self,
        kind: CommandKind,
        phase: ExecutionPhase,
        *,
        agent_type: str | None = None,
        action: str = "",
        tool_id: str | None = None,
        step_id: str | None = None,
        channel: Channel | None = None,
        timeout: Milliseconds | None = None,
        max_attempts: int | None = None,
        priority: int | None = None,
        is_repeatable: bool = True,
    ) -> None:
        """Put a new command into the queue."""
        settings = self.state.settings
        wanted = self.state.preferences.get("priority")
        self.emit(
            e.CommandIssued(
                command_id=f"{self.state.task_id}.{self.state.issued + 1}",
                kind=kind,
                phase=phase,
                agent_type=agent_type or AGENT_OF_KIND[kind],
                action=action,
                tool_id=tool_id,
                step_id=step_id,
                channel=channel,
                max_attempts=max_attempts or settings.max_attempts,
                priority=PRIORITY.get(str(wanted), 0) if priority is None else priority,
                timeout=timeout or settings.command_timeout,
                is_repeatable=is_repeatable,
                issued_at=self.at,
                expires_at=self.at + settings.queue_timeout,
            )
        )

    def issue_again(self, command: OpenCommand, *, more: int = 0) -> None:
        """Put the next attempt at a command into the queue. `more`: attempts that did not count."""
        again = {
            "max_attempts": command.issued.max_attempts + more,
            "attempt": command.issued.attempt + 1,
            "issued_at": self.at,
            "expires_at": self.at + self.state.settings.queue_timeout,
        }
        self.emit(command.issued.model_copy(update=again))

    def cancel_commands(self, reason: str) -> None:
        """Withdraw all commands, except those whose effect may be out. Where an earlier attempt
        left that open there will be no other one: a human must look.
        """
        for command in list(self.state.commands.values()):
            if command.is_doubtful and command.grant is None and not command.is_uncertain:
                self.doubt(command, reason)
            elif not command.has_effect:
                self.emit(e.CommandCancelled(command_id=command.issued.command_id, reason=reason))

    def doubt(self, command: OpenCommand, reason: str, progress: Json | None = None) -> None:
        """An effect may have happened: only a human may say whether, or whether it is tried
        again.
        """
        issued = command.issued
        self.emit(
            e.EffectUncertain(
                channel=issued.channel,
                command_id=issued.command_id,
                reason=reason,
                question_id=f"effect-{issued.command_id}-{issued.attempt}",
                expires_at=self.at + self.state.settings.question_timeout,
                progress=progress or {},
            )
        )

    def fail(self, phase: ExecutionPhase, reason: str) -> ExecutionPhase | None:
        """Give up; what can be learned from it is learned, as soon as no effect is under way."""
        self.cancel_commands("the task failed")
        self.emit(e.TaskFailed(phase=phase, reason=reason))
        return ExecutionPhase.LEARNING if self.state.is_settled else None

    def close(self, outcome: DecisionOutcome, by: str) -> None:
        """End the task."""
        self.emit(e.TaskClosed(outcome=outcome, decided_by=by, cost=self.state.cost))

    def refuse(
        self,
        input_type: str,
        code: Literal["conflict", "closed", "lost_lease", "expired", "duplicate"],
        reason: str,
        *,
        subject: str = "",
        by: str | None = None,
    ) -> None:
        """Remember that an input was refused, once for each subject and party."""
        who = self.by if by is None else by
        if refusal_key(input_type, who, subject) not in self.state.refused:
            refused = e.InputRefused(
                input_type=input_type, by=who, code=code, reason=reason, subject=subject
            )
            self.emit(refused)


def backoff(base: Milliseconds, cap: Milliseconds, command_id: str, attempt: int) -> Milliseconds:
    """The pause before the next attempt: doubled each time up to `cap`, of which a half is jitter.

    The jitter comes from the command's id, not from chance, so that replay decides the same.
    """
    full = min(cap, base * 2 ** (attempt - 1))
    share = zlib.crc32(f"{command_id}:{attempt}".encode()) / 2**32
    return int(full * (0.5 + share / 2))

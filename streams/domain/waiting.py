"""What an open task waits for, for whom, and until when. Timers, the watchdog and the status pages
all read this.
"""

from dataclasses import dataclass
from enum import StrEnum

from streams.domain.ledger import Ledger
from streams.domain.state import Life, OpenCommand, TaskState
from streams.domain.values import ExecutionPhase, Milliseconds

HUMAN = "a human"


class WaitKind(StrEnum):
    """The kinds of waiting; each ends by an input or by its timer."""

    CLAIM = "claim"  # a command that nobody has taken yet
    LEASE = "lease"  # a command that a runner works on
    GRANT = "grant"  # an effect that a runner may be carrying out
    RETRY = "retry"  # the pause before the next attempt
    QUESTION = "question"
    APPROVAL = "approval"
    DEADLINE = "deadline"
    LEDGER = "ledger"  # money that is held, or the end of a ledger's day


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing waited for; `timer_id` names the timer that ends it at `until`."""

    kind: WaitKind
    subject: str
    whom: str
    until: Milliseconds
    timer_id: str


_BEFORE_APPROVAL = frozenset(ExecutionPhase) - {ExecutionPhase.APPROVAL, ExecutionPhase.LEARNING}


def waits(state: TaskState) -> list[Wait]:
    """All that the task waits for. For an open task the list is never empty: that is what "not
    stuck" means.
    """
    if state.ledger is not None:
        return _ledger_waits(state.ledger, state.life)
    if state.life is not Life.OPEN:
        return []
    found = [
        _command_wait(command)
        for command in state.commands.values()
        if not command.is_uncertain and not command.is_parked
    ]
    found += [
        Wait(WaitKind.QUESTION, question_id, HUMAN, asked.expires_at, f"question:{question_id}")
        for question_id, asked in state.questions.items()
    ]
    approval = state.approval
    is_asking = approval is not None and approval.decision is None and not state.is_cancelling
    if approval is not None and is_asking and state.phase is ExecutionPhase.APPROVAL:
        number = str(approval.round)
        found.append(
            Wait(WaitKind.APPROVAL, number, HUMAN, approval.expires_at, f"approval:{number}")
        )
    deadline = state.settings.deadline
    if (
        found
        and deadline is not None
        and state.phase in _BEFORE_APPROVAL
        and not state.is_stopping
        and not state.has_effects  # what is out in the world already is waited for
    ):
        found.append(
            Wait(WaitKind.DEADLINE, "deadline", "the clock", deadline, f"deadline:{deadline}")
        )
    return found


def _ledger_waits(ledger: Ledger, life: Life) -> list[Wait]:
    """The first reservation to end, of perhaps a thousand; without any, the day itself."""
    if ledger.held:
        until, name = min((held.expires_at, name) for name, held in ledger.held.items())
        return [Wait(WaitKind.LEDGER, name, "a runner", until, f"held:{name}:{until}")]
    if life is Life.CLOSED:
        return []
    until = ledger.closes_at
    return [Wait(WaitKind.LEDGER, ledger.day, "the clock", until, f"day:{ledger.day}")]


def next_timer(state: TaskState) -> Wait | None:
    """The wait that ends first."""
    return min(waits(state), key=lambda wait: wait.until, default=None)


def _command_wait(command: OpenCommand) -> Wait:
    issued = command.issued
    name = f"{issued.command_id}:{issued.attempt}"
    if command.grant is not None:
        until = command.grant.expires_at
        return Wait(WaitKind.GRANT, issued.command_id, command.grant.runner, until, f"grant:{name}")
    if command.retry_at is not None:
        return Wait(
            WaitKind.RETRY, issued.command_id, "the clock", command.retry_at, f"retry:{name}"
        )
    if command.lease_until is not None:
        until = command.lease_until
        return Wait(
            WaitKind.LEASE, issued.command_id, command.runner or "", until, f"lease:{name}:{until}"
        )
    return Wait(
        WaitKind.CLAIM,
        issued.command_id,
        f"agents.{issued.agent_type}",
        issued.expires_at,
        f"claim:{name}",
    )

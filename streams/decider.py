"""The three pure functions: `decide` what happens, `evolve` the state, `react` with commands."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import Command
from streams.domain.errors import UnknownTask
from streams.domain.evolve import evolve
from streams.domain.state import EVOLVE_VERSION, Life, TaskState
from streams.domain.values import Milliseconds
from streams.phases import costs
from streams.phases.decision import Decision
from streams.rules import (
    aftermath,
    clock,
    intake,
    ledger,
    operators,
    people,
    queue,
    routing,
)


def decide(given: i.Input, state: TaskState, at: Milliseconds | None = None) -> Decision:
    """The events that follow from an input, with the state after them; none for a repeat.

    `at` is the history's time: never before its newest event, even if the input was recorded
    earlier.

    Raises:
        Undecidable: the input makes no sense for this task; it belongs into the dead letters.
    """
    d = Decision(state, given.at if at is None else at, given.principal)
    ledger.keep_apart(given)
    match given:
        case i.SubmitRequest():
            intake.submit(d, given)
        case i.DispatchCommand():
            intake.dispatch(d, given)
        case i.ForkTask():
            intake.fork(d, given)
        case i.ChangeSettings():
            aftermath.change_settings(d, given)
        case i.ReserveBudget():
            ledger.reserve(d, given)
        case i.SettleBudget():
            ledger.settle(d, given)
        case i.TimerFired() if state.ledger is not None:
            clock.timer_fired(d, given)
        case _ if state.life is Life.ABSENT:
            raise UnknownTask(f"there is no task {given.task_id!r} for {given.type}")
        case i.ReportResult():
            queue.report_result(d, given)
        case i.ReportFailure():
            queue.report_failure(d, given)
        case i.ClaimCommand():
            queue.claim(d, given)
        case i.RequestEffect():
            queue.request_effect(d, given)
        case i.TimerFired():
            clock.timer_fired(d, given)
        case i.DecideApproval():
            people.decide_approval(d, given)
        case i.ReviseRequest():
            people.revise(d, given)
        case i.AnswerQuestion():
            people.answer(d, given)
        case i.CancelTask():
            people.cancel(d, given)
        case i.RetryTask():
            people.retry(d, given)
        case i.CancelCommand():
            operators.cancel_command(d, given)
        case i.RetryCommand():
            operators.retry_command(d, given)
        case i.RecordEngagement():
            aftermath.record_engagement(d, given)
        case i.RecordFeedback():
            aftermath.record_feedback(d, given)
        case _:  # pragma: no cover - a type error when an input is forgotten
            assert_never(given)
    return d


def react(event: e.Event, state: TaskState) -> Command | None:
    """The command that an event sends to the agents; `state` is the one after the event's
    decision."""
    if not isinstance(event, e.CommandIssued):
        return None
    command = state.commands.get(event.command_id)
    return Command(
        command_id=event.command_id,
        task_id=state.task_id,
        kind=event.kind,
        phase=event.phase,
        agent_type=event.agent_type,
        action=event.action,
        tool_id=event.tool_id,
        step_id=event.step_id,
        channel=event.channel,
        attempt=event.attempt,
        max_attempts=event.max_attempts,
        priority=event.priority,
        timeout=event.timeout,
        is_repeatable=event.is_repeatable,
        issued_at=event.issued_at,
        progress=command.progress if command else {},
        grant_time=None if event.is_repeatable else state.settings.grant_time,
        account=costs.account(state, event),
        payload=routing.module(state, event.phase).payload(state, event),
    )


def outstanding(state: TaskState) -> list[Command]:
    """The open commands that nobody holds: what a new owner of the task must hand out again."""
    free = [
        c
        for c in state.commands.values()
        if c.runner is None and c.retry_at is None and not c.is_uncertain and not c.is_parked
    ]
    commands = [react(c.issued, state) for c in free]
    return [command for command in commands if command is not None]


@dataclass(frozen=True, slots=True)
class Core:
    """One version of the pure core, as a value: tests run two versions side by side."""

    decide: Callable[[i.Input, TaskState, Milliseconds], Decision] = decide
    evolve: Callable[[TaskState, e.Event, Milliseconds], TaskState] = evolve
    react: Callable[[e.Event, TaskState], Command | None] = react
    evolve_version: int = EVOLVE_VERSION

"""What is told about single commands: signs of life, the question at the door, results, failures,
and the orders to try again or to end it."""

import asyncio
from typing import Any
from uuid import uuid4

from api.command_story import task_id_of
from api.commands import Commands, Reporter
from api.errors import Conflict
from api.orchestrator import Orchestrator
from api.queue import Claimed, held_by
from api.security import Principal
from api.tool_values import as_data
from streams.batch import Answer, Verdict
from streams.clock import new_salt
from streams.decider import react
from streams.domain.evolve import refusal_key
from streams.domain.inputs import (
    CancelCommand,
    ClaimCommand,
    ReportFailure,
    ReportResult,
    RequestEffect,
    RetryCommand,
)
from streams.domain.state import OpenCommand, TaskState
from streams.domain.values import Json, Milliseconds

LOST = "the lease was lost: this report was refused before"


class Reports:
    """Tells the core what agents elsewhere and people say of commands."""

    def __init__(self, here: Orchestrator, commands: Commands) -> None:
        self._here = here
        self._commands = commands

    async def extend(
        self, command_id: str, by: Reporter, lease: Milliseconds
    ) -> tuple[Claimed, OpenCommand]:
        """More time for the runner that holds the command.

        Raises:
            Conflict: it does not hold it any more.
        """
        await self._held(command_id, by)
        given = ClaimCommand(
            **self._header(command_id, "extend", by),
            command_id=command_id,
            runner=by.runner,
            lease=lease,
        )
        answer = await self._here.core.send(given)
        state, command = await self._held(command_id, by)
        held = held_by(state, command_id, by.runner, answer.sequence)
        assert held is not None  # noqa: S101 - it was looked at just now
        return held, command

    async def pass_door(
        self, command_id: str, by: Reporter, *, is_key_enforced: bool
    ) -> tuple[OpenCommand, Answer]:
        """Ask at the door before what cannot be taken back.

        Raises:
            Conflict: this runner may not act now.
        """
        state = await self._commands.task(command_id, by.who)
        command = state.commands.get(command_id)
        current = command.issued.attempt if command else 1
        given = RequestEffect(
            **self._header(command_id, "effect", by),
            command_id=command_id,
            attempt=by.attempt or current,
            runner=by.runner,
            is_key_enforced=is_key_enforced,
        )
        answer = await self._here.tell(given)
        now = (await self._here.look(given.task_id)).state.commands.get(command_id)
        grant = now.grant if now else None
        if now is None or grant is None or grant.runner != by.runner:
            raise Conflict("the door stays shut: it was refused before", code="conflict")
        return now, answer

    async def report_result(
        self, command_id: str, by: Reporter, output: Json, **more: Any
    ) -> tuple[Answer, TaskState]:
        """The result of a command; a repeat of an accepted one changes nothing.

        Raises:
            Conflict: it does not count (any more); the refusal is recorded.
        """
        state = await self._commands.task(command_id, by.who)
        command = state.commands.get(command_id)
        if command is not None and command.issued.tool_id and state.plan is not None:
            # As it was planned with: meanwhile its agent may offer it otherwise, or be gone.
            planned = (t for t in state.tools if t.tool_id == command.issued.tool_id)
            tool = next(planned, None)
            tool = tool or self._commands.tools.tool(command.issued.tool_id, state.tenant)
            language = state.intent.language if state.intent else "en"
            output = as_data(tool, command.issued, output, language)
        if self._commands.artifacts is not None:
            output = await asyncio.to_thread(self._commands.artifacts.shrink, output)
        header = self._header(command_id, "result", by)
        return await self._report(
            by,
            ReportResult(
                **header,
                command_id=command_id,
                attempt=by.attempt,
                runner=by.runner,
                output=output,
                **more,
            ),
        )

    async def report_failure(
        self, command_id: str, by: Reporter, reason: str, **more: Any
    ) -> tuple[Answer, TaskState]:
        """An attempt that failed.

        Raises:
            Conflict: it does not count (any more); the refusal is recorded.
        """
        header = self._header(command_id, "failure", by)
        return await self._report(
            by,
            ReportFailure(
                **header,
                command_id=command_id,
                attempt=by.attempt,
                runner=by.runner,
                reason=reason,
                **more,
            ),
        )

    async def retry(self, command_id: str, who: Principal) -> tuple[Answer, TaskState]:
        """Begin the next attempt now, or try again what failed for good.

        Raises:
            Conflict: there is nothing to try again.
        """
        return await self._tell(
            RetryCommand(**self._header(command_id, "retry", Reporter(who)), command_id=command_id),
            who,
        )

    async def cancel(
        self, command_id: str, who: Principal, reason: str
    ) -> tuple[Answer, TaskState]:
        """End a command, unless its effect may be under way.

        Raises:
            Conflict: it cannot be ended now.
        """
        return await self._tell(
            CancelCommand(
                **self._header(command_id, "cancel", Reporter(who)),
                command_id=command_id,
                reason=reason,
            ),
            who,
        )

    async def _tell(
        self, given: CancelCommand | RetryCommand, who: Principal
    ) -> tuple[Answer, TaskState]:
        await self._commands.task(given.command_id, who)
        answer = await self._here.tell(given)
        return answer, (await self._here.look(given.task_id)).state

    async def _report(
        self, by: Reporter, given: ReportResult | ReportFailure
    ) -> tuple[Answer, TaskState]:
        state = await self._commands.task(given.command_id, by.who)
        self._commands.presence.touch(by.who, by.runner)
        try:
            answer = await self._here.tell(given)
        except Conflict as error:
            raise _explained(error, state, given.command_id) from None
        await self._settle(state, given)
        state = (await self._here.look(given.task_id)).state
        if answer.verdict is Verdict.REPEATED and not _is_accepted(state, given):
            subject = f"{given.command_id} attempt {given.attempt}"
            if refusal_key(given.type, given.runner, subject) in state.refused:
                raise Conflict(LOST, code="lost_lease")
        return answer, state

    async def _settle(self, before: TaskState, given: ReportResult | ReportFailure) -> None:
        """Count what it has cost, as the task counts it; a repeat finds nothing open."""
        paying = self._commands.queue.paying
        open_one = before.commands.get(given.command_id)
        command = react(open_one.issued, before) if open_one else None
        if paying is not None and command is not None:
            is_sure = isinstance(given, ReportResult) or not given.is_uncertain
            await paying.settle(command, given.attempt, given.cost, is_sure=is_sure)

    async def _held(self, command_id: str, by: Reporter) -> tuple[TaskState, OpenCommand]:
        """The command, if this runner holds it."""
        state = await self._commands.task(command_id, by.who)
        self._commands.presence.touch(by.who, by.runner)
        command = state.commands.get(command_id)
        if command is None:
            reason = "it is not open any more"
        elif command.runner != by.runner:
            holder = "nobody" if command.runner is None else repr(command.runner)
            reason = f"{holder} holds attempt {command.issued.attempt}"
        elif by.attempt not in (None, command.issued.attempt):
            reason = f"attempt {command.issued.attempt} is the current one"
        else:
            return state, command
        raise Conflict(f"the lease of {command_id!r} was lost: {reason}", code="lost_lease")

    def _header(self, command_id: str, kind: str, by: Reporter) -> Json:
        return {
            "input_id": f"{kind}:{uuid4()}",
            "task_id": task_id_of(command_id),
            "at": self._here.now(),
            "salt": new_salt(),
            "principal": by.who.name,
        }


def standing(state: TaskState, command_id: str) -> str:
    """The status of a command by the state of its task."""
    command = state.commands.get(command_id)
    if command is not None:
        is_held = command.runner is not None or command.is_uncertain
        return "processing" if is_held else "pending"
    ended = state.finished.get(command_id)
    if ended is None or ended.attempt == 0:
        return "cancelled"
    return "completed" if ended.lost is None else "failed"


def _explained(error: Conflict, state: TaskState, command_id: str) -> Conflict:
    """What the core refuses, in the words of this way in."""
    said = str(error)
    if command_id not in state.commands:
        said = f"the command is {standing(state, command_id)} already"
    said = said.replace("ask with RequestEffect", f"POST /api/commands/{command_id}/grant")
    return Conflict(said, code=error.code)


def _is_accepted(state: TaskState, given: ReportResult | ReportFailure) -> bool:
    ended = state.finished.get(given.command_id)
    return (
        ended is not None
        and ended.runner == given.runner
        and given.attempt in (None, ended.attempt)
    )

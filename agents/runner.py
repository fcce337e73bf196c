"""Runs commands: finds the agent, keeps time, asks at the door before effects, and reports what
came of it."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json, to_json

from agents.artifacts import MARK, ArtifactMissing, ArtifactStore, is_large
from agents.contract import Agent, Compute, Done, Effect, GiveUp, Outcome, Retry, Uncertain
from agents.models.budget import Refused, Reserved
from agents.paying import Paying
from streams.batch import Answer, Verdict
from streams.clock import Clock, new_salt, wall_clock
from streams.domain.commands import Command
from streams.domain.errors import LogError
from streams.domain.inputs import Input, ReportFailure, ReportResult, RequestEffect
from streams.domain.values import Json, Milliseconds, Money

Send = Callable[[Input], Awaitable[Answer]]
_Money = Reserved | Refused | None
# The share of a grant's time that an effect may use: what it does later would be uncertain.
GRANT_MARGIN = 0.9
TOO_LATE = "the time for it had passed before it was begun: nothing was done"


class Runner:
    """The hands of one process. Its name appears in claims, grants and results."""

    def __init__(
        self,
        agents: Iterable[Agent],
        send: Send,
        *,
        artifacts: ArtifactStore | None = None,
        clock: Clock = wall_clock,
        name: str | None = None,
        paying: Paying | None = None,
    ) -> None:
        self.name = name or f"runner-{os.getpid()}-{os.urandom(4).hex()}"
        self._agents = {agent.agent_type: agent for agent in agents}
        self._slots = {
            a.agent_type: asyncio.Semaphore(a.concurrency) for a in self._agents.values()
        }
        self._send = send
        self._artifacts = artifacts
        self._clock = clock
        self._paying = paying
        self._running: dict[str, asyncio.Task[None]] = {}
        self._granted: dict[str, int] = {}  # command_id: the attempt that was let through

    @property
    def working(self) -> frozenset[str]:
        """The ids of the commands being worked on."""
        return frozenset(self._running)

    def knows(self, command: Command) -> bool:
        """Whether one of this runner's agents has a handler for the command."""
        agent = self._agents.get(command.agent_type)
        return agent is not None and (agent.compute(command) or agent.effect(command)) is not None

    def compute(self, command: Command) -> Input | None:
        """The report of a command that only computes and may be done before it is on disk, else
        None."""
        agent = self._agents.get(command.agent_type)
        handler = agent.compute(command) if agent else None
        if handler is None or not command.is_repeatable or self._needs_artifact(command):
            return None
        if self._paying is not None and agent is not None and self._paying.estimate(agent, command):
            return None  # money is asked for first
        started = self._clock()
        outcome = _call(handler, command)
        if (
            self._artifacts
            and isinstance(outcome, Done)
            and any(map(is_large, outcome.output.values()))
        ):
            return None  # an artifact may be written only when its command is on disk
        if self._paying is not None and outcome.cost:
            return None  # it is computed again where what it costs can be told
        return self._report(command, outcome, self._clock() - started)

    def begin(self, command: Command) -> None:
        """Work on a command that is on disk, unless it is nobody's here or its effect is on its
        way."""
        if not self.knows(command):
            return
        earlier = self._running.get(command.command_id)
        if earlier is not None:
            if self._granted.get(command.command_id) == command.attempt:
                return  # handed out again, as queues do
            earlier.cancel()
            self._granted.pop(command.command_id, None)
        task = asyncio.create_task(self._run(command), name=f"command {command.command_id}")
        self._running[command.command_id] = task
        task.add_done_callback(lambda done: self._ended(command.command_id, done))

    def withdraw(self, command_ids: Sequence[str]) -> None:
        """Stop working on commands that are not open any more; an effect on its way is not torn
        down."""
        for command_id in command_ids:
            task = self._running.get(command_id)
            if task is not None and command_id not in self._granted:
                task.cancel()

    async def stop(self, patience: float = 10.0) -> None:
        """Let effects on their way end for a while; everything else is done again by the next
        runner."""
        tasks = dict(self._running)
        for command_id, task in tasks.items():
            if command_id not in self._granted:
                task.cancel()
        if tasks:
            _, late = await asyncio.wait(tasks.values(), timeout=patience)
            for task in late:
                task.cancel()

    def _ended(self, command_id: str, task: asyncio.Task[None]) -> None:
        if self._running.get(command_id) is task:
            del self._running[command_id]
            self._granted.pop(command_id, None)
        if not task.cancelled():
            task.exception()  # it was reported or is about a log that has stopped: mark it as seen

    async def _run(self, command: Command) -> None:
        agent, held = self._agents[command.agent_type], None
        try:
            async with self._slots[agent.agent_type]:
                if self._paying is not None:
                    held = await self._paying.reserve(agent, command)
                done = await self._worked(agent, command, held)
            if done is not None:
                await self._tell(command, held, *done)
        except LogError:
            return  # the log has stopped; its next owner hands the command out again, or asks
        finally:
            if self._paying is not None:
                self._paying.forget(command)

    async def _worked(
        self, agent: Agent, command: Command, held: _Money
    ) -> tuple[Input, Money] | None:
        """The report of an attempt and what it has cost; None if this runner was not let
        through."""
        started = self._clock()
        if isinstance(held, Refused):
            return self._report(command, held.outcome(), 0), 0.0
        worst = held.estimate if held else 0.0
        admitted = command if command.is_repeatable else await self._admitted(command)
        if admitted is None:
            if held is not None and self._paying is not None:
                await self._paying.purse.settle(held.reservation_id, 0.0)
            return None
        outcome = _as_written(await self._act(agent, admitted, worst))
        if isinstance(outcome, Uncertain) and outcome.cost < worst:
            outcome = replace(outcome, cost=worst)  # all of it may be gone
        outcome = self._keep_large_values(outcome)
        return self._report(admitted, outcome, self._clock() - started), outcome.cost

    async def _tell(self, command: Command, held: _Money, report: Input, cost: Money) -> None:
        """Settle what it has cost, and report: at once, so that mostly one commit has both."""
        if self._paying is None:
            await self._send(report)
        elif isinstance(held, Reserved):
            settling = self._paying.purse.settle(held.reservation_id, cost)
            await asyncio.gather(settling, self._send(report))
        else:
            await self._paying.purse.record(command, cost)
            await self._send(report)

    async def _admitted(self, command: Command) -> Command | None:
        """Ask at the door; only the runner whose intent is on disk may act, and only in its
        time."""
        asked = self._clock()
        answer = await self._send(
            RequestEffect(
                input_id=f"{command.command_id}:{command.attempt}:effect:{self.name}"[:192],
                task_id=command.task_id,
                at=asked,
                salt=new_salt(),
                principal=self.name,
                command_id=command.command_id,
                attempt=command.attempt,
                runner=self.name,
            )
        )
        if answer.verdict is not Verdict.ACCEPTED:
            return None
        self._granted[command.command_id] = command.attempt
        lasts = int((command.grant_time or command.timeout) * GRANT_MARGIN)
        return command.model_copy(update={"act_before": asked + lasts})

    async def _act(self, agent: Agent, command: Command, worst: Money) -> Outcome:
        """Call the handler in its time, or not at all when that has passed. Of one that falls
        silent nobody knows what it has cost: then it is `worst`."""
        effect, compute = agent.effect(command), agent.compute(command)
        limit = command.timeout / 1000
        try:
            if self._artifacts is not None and self._needs_artifact(command):
                payload = await asyncio.to_thread(self._artifacts.resolve, command.payload)
                command = command.model_copy(update={"payload": payload})
            if command.act_before is not None:
                # By the wall clock: a process may have been stopped since it asked.
                limit = min(limit, (command.act_before - self._clock()) / 1000)
                if limit <= 0:
                    return Retry(TOO_LATE)
            async with asyncio.timeout(limit):
                return await _attempt(effect, compute, command, worst)
        except TimeoutError:
            reason = f"no answer within {limit:g} s"
            return _unheard(command, reason, worst)
        except ArtifactMissing as error:
            return GiveUp(str(error))

    def _needs_artifact(self, command: Command) -> bool:
        # Most systems never see a large value: then there is nothing to look for in each payload.
        return (
            self._artifacts is not None and self._artifacts.is_used and _mentions(command.payload)
        )

    def _keep_large_values(self, outcome: Outcome) -> Outcome:
        if self._artifacts is None or not isinstance(outcome, Done):
            return outcome
        return Done(self._artifacts.shrink(outcome.output), outcome.cost, outcome.usage)

    def _report(self, command: Command, outcome: Outcome, duration: Milliseconds) -> Input:
        common: Json = {
            "input_id": f"{command.command_id}:{command.attempt}:{self.name}"[:192],
            "task_id": command.task_id,
            "at": self._clock(),
            "salt": new_salt(),
            "principal": self.name,
            "traceparent": command.traceparent,
            "command_id": command.command_id,
            "attempt": command.attempt,
            "runner": self.name,
            "cost": outcome.cost,
            "duration": duration,
        }
        match outcome:
            case Done(output=output, usage=usage):
                try:
                    return ReportResult(**common, output=output, usage=usage)
                except ValidationError as error:  # names that are no text, a cost below nothing
                    first = error.errors(include_url=False, include_input=False)[0]
                    reason = f"the answer does not fit: {first['loc'][0]}: {first['msg']}"
                    return ReportFailure(
                        **common | {"cost": 0.0}, reason=reason, is_retryable=False
                    )
            case Retry(reason=reason, after=after, progress=progress):
                return _failed(common, reason, progress, retry_after=after)
            case GiveUp(reason=reason, budget=budget):
                return ReportFailure(**common, reason=reason, is_retryable=False, budget=budget)
            case Uncertain(reason=reason, progress=progress):
                return _failed(common, reason, progress, is_uncertain=True)


def _failed(common: Json, reason: str, progress: Json, **more: Any) -> ReportFailure:
    """A failed attempt with what it had done. If no JSON can hold that, nobody knows what it is."""
    try:
        written = from_json(to_json(progress, inf_nan_mode="null"))
    except ValueError as error:
        reason = f"{reason} (what was done cannot be written: {error})"[:2000]
        written, more = {}, more | {"is_uncertain": True}
    return ReportFailure(**common, reason=reason, progress=written, **more)


def _as_written(outcome: Outcome) -> Outcome:
    """A result as the log will give it back: a tuple becomes a list, and a number that is none
    becomes null, here as there.
    """
    if not isinstance(outcome, Done):
        return outcome
    try:
        return replace(outcome, output=from_json(to_json(outcome.output, inf_nan_mode="null")))
    except ValueError:  # whoever writes it says what is wrong with it
        return outcome


def _call(handler: Compute, command: Command) -> Outcome:
    try:
        return handler(command)
    except Exception as error:  # an agent's bug is a failed attempt, not the end of the process
        return Retry(f"the agent failed: {type(error).__name__}: {error}"[:2000])


def _unheard(command: Command, reason: str, worst: Money) -> Outcome:
    """What timed out or broke after the door may have happened all the same."""
    kind = Retry if command.is_repeatable else Uncertain
    return kind(reason, cost=worst)


async def _attempt(
    effect: Effect | None, compute: Compute | None, command: Command, worst: Money
) -> Outcome:
    if effect is None:
        assert compute is not None  # noqa: S101 - `begin` has looked
        return _call(compute, command)
    try:
        return await effect(command)
    except (asyncio.CancelledError, TimeoutError):
        raise
    except Exception as error:
        return _unheard(command, f"the agent failed: {type(error).__name__}: {error}"[:2000], worst)


def _mentions(value: object) -> bool:
    if isinstance(value, dict):
        return MARK in value or any(_mentions(v) for v in value.values())
    return isinstance(value, list) and any(_mentions(v) for v in value)

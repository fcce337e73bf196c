"""How the state of a command changes: issued, claimed, let through, failed, in doubt, ended."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from streams.domain import events as e
from streams.domain.intent import Question
from streams.domain.state import (
    EFFECT_ANSWERS,
    Finished,
    OpenCommand,
    OpenQuestion,
    Publication,
    PublicationStatus,
    TaskState,
    change,
)
from streams.domain.values import Channel, Json, Milliseconds, Permission

SHOWN = 300  # characters of progress that people are shown


def issued(state: TaskState, event: e.CommandIssued) -> TaskState:
    """An attempt is in the queue; what was done already comes along."""
    earlier = state.commands.get(event.command_id)
    if earlier is None:
        now = OpenCommand(issued=event, progress=_left_over(state, event))
    else:
        now = OpenCommand(
            issued=event,
            progress=earlier.progress,
            granted=earlier.granted,
            is_doubtful=earlier.is_doubtful,
            approved=earlier.approved,
        )
    waiting = change(
        state,
        commands={**state.commands, event.command_id: now},
        issued=state.issued + (earlier is None),
    )
    if event.channel is None:
        return waiting
    pending = Publication(command_id=event.command_id, status=PublicationStatus.PENDING)
    return change(waiting, publications={**waiting.publications, event.channel: pending})


def granted(state: TaskState, event: e.EffectGranted) -> TaskState:
    """One runner was let through."""
    command = state.commands.get(event.command_id)
    so_far = command.granted if command else ()
    through = touch(
        state,
        event.command_id,
        grant=event,
        runner=event.runner,
        lease_until=event.expires_at,
        granted=(*so_far, (event.attempt, event.runner)),
    )
    return _publication(through, event.command_id, PublicationStatus.GRANTED)


def failed(state: TaskState, event: e.CommandFailed) -> TaskState:
    """An attempt failed, perhaps the last one."""
    command = state.commands.get(event.command_id)
    if command is not None and event.progress:
        command = replace(command, progress=event.progress)
    if event.retry_at is None or command is None:
        ended = Finished(event.attempt, event.runner, command)
        over = finished(state, event.command_id, ended, event.cost)
        if command is None or command.is_uncertain:  # nobody has said what came of it
            return over
        return _publication(over, event.command_id, PublicationStatus.FAILED)
    waiting = OpenCommand(
        issued=command.issued,
        retry_at=event.retry_at,
        progress=command.progress,
        granted=command.granted,
        is_doubtful=command.is_doubtful or event.is_uncertain,
        approved=command.approved,
    )
    paused = change(
        state, commands={**state.commands, event.command_id: waiting}, cost=state.cost + event.cost
    )
    return _publication(paused, event.command_id, PublicationStatus.PENDING)


def cancelled(state: TaskState, command_id: str) -> TaskState:
    """Nobody wants it any more."""
    ended = Finished(0, "", state.commands.get(command_id))
    return _publication(finished(state, command_id, ended), command_id, PublicationStatus.CANCELLED)


def finished(state: TaskState, command_id: str, ended: Finished, cost: float = 0.0) -> TaskState:
    """It is over."""
    return change(
        state,
        commands={name: other for name, other in state.commands.items() if name != command_id},
        questions=_without_cost(state.questions, command_id),
        finished={**state.finished, command_id: ended},
        cost=state.cost + cost,
    )


def parked(state: TaskState, event: e.CostQuestioned) -> TaskState:
    """It waits for a human's yes to its cost."""
    command = state.commands.get(event.command_id)
    if command is None:
        return state
    waiting = OpenCommand(
        issued=command.issued,
        progress=event.progress or command.progress,
        granted=command.granted,
        is_doubtful=command.is_doubtful,
        is_parked=True,
        approved=command.approved,
    )
    asked = OpenQuestion(
        question=event.question,
        expires_at=event.expires_at,
        cost_of=event.command_id,
        estimate=event.need.estimate,
    )
    waits = change(
        state,
        commands={**state.commands, event.command_id: waiting},
        questions={**state.questions, event.question_id: asked},
        cost=state.cost + event.cost,
    )
    return _publication(waits, event.command_id, PublicationStatus.PENDING)


def priced(state: TaskState, asked: OpenQuestion, answer: str) -> TaskState:
    """A human has said yes or no to the cost of a command."""
    command = state.commands.get(asked.cost_of or "")
    if command is None or answer != Permission.ALLOW:
        return state
    allowed = command.approved + asked.estimate
    return touch(state, command.issued.command_id, approved=allowed)


def _without_cost(
    questions: Mapping[str, OpenQuestion], command_id: str
) -> Mapping[str, OpenQuestion]:
    """What is over costs nothing more: nobody needs to be asked about it."""
    if not any(asked.cost_of == command_id for asked in questions.values()):
        return questions
    return {name: asked for name, asked in questions.items() if asked.cost_of != command_id}


def touch(state: TaskState, command_id: str, **changes: Any) -> TaskState:
    """The open command, changed; what is not open stays as it is."""
    command = state.commands.get(command_id)
    if command is None:
        return state
    return change(state, commands={**state.commands, command_id: replace(command, **changes)})


def uncertain(state: TaskState, event: e.EffectUncertain, at: Milliseconds) -> TaskState:
    """Its effect is in doubt, and a human is asked."""
    command = state.commands.get(event.command_id)
    grant = command.grant if command else None
    progress = event.progress or (command.progress if command else {})
    asked = OpenQuestion(
        question=_question(event, progress),
        expires_at=event.expires_at,
        command_id=event.command_id,
    )
    state = touch(
        state,
        event.command_id,
        is_uncertain=True,
        is_parked=False,
        # Who reports that it does not know has said so in its time.
        is_unheard=grant is not None and at >= grant.expires_at,
        progress=progress,
        grant=None,
        runner=None,
        lease_until=None,
    )
    others = _without_cost(state.questions, event.command_id)
    state = change(state, questions={**others, event.question_id: asked})
    return _publication(state, event.command_id, PublicationStatus.UNCERTAIN)


def after(progress: Json) -> str:
    """What was done already, as the end of a sentence for people; empty if it is nothing."""
    if not progress:
        return ""
    text = json.dumps(progress, ensure_ascii=False)
    return f" (done before that: {text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'})"


def _question(event: e.EffectUncertain, progress: Mapping[str, Any]) -> Question:
    what = f"the post on {event.channel.value}" if event.channel else f"command {event.command_id}"
    text = f"Did {what} go out? {event.reason}{after(dict(progress))}"
    return Question(text=text, options=EFFECT_ANSWERS, reason=event.reason)


def _left_over(state: TaskState, event: e.CommandIssued) -> Json:
    """What the same work had done already when it failed, before the task was tried again.

    Publications begin anew: a human has approved another version.
    """
    if event.step_id is None:
        return {}
    wanted = (event.kind, event.step_id, event.tool_id)
    for ended in reversed(tuple(state.finished.values())):
        lost = ended.lost
        if lost and (lost.issued.kind, lost.issued.step_id, lost.issued.tool_id) == wanted:
            return lost.progress
    return {}


def _publication(state: TaskState, command_id: str, status: PublicationStatus) -> TaskState:
    changed: dict[Channel, Publication] = {
        channel: replace(p, status=status)
        for channel, p in state.publications.items()
        if p.command_id == command_id
    }
    return change(state, publications={**state.publications, **changed}) if changed else state

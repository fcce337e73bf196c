"""One word for where a task stands, and a number for how far it has come."""

from dataclasses import replace

import pytest

from streams.domain.intent import Question
from streams.domain.state import (
    Approval,
    Life,
    OpenQuestion,
    Publication,
    PublicationStatus,
    TaskState,
)
from streams.domain.status import CLOSED, TaskStatus, progress_of, status_of
from streams.domain.values import Channel, DecisionOutcome, ExecutionPhase

OPEN = TaskState(task_id="t", life=Life.OPEN, phase=ExecutionPhase.EXECUTION)
ASKED = Approval(round=1, reason="ready", expires_at=9)
SHOWN = replace(OPEN, phase=ExecutionPhase.APPROVAL, approval=ASKED)
APPROVED = replace(SHOWN, approval=replace(ASKED, decision=DecisionOutcome.APPROVED))
QUESTION = {"q1": OpenQuestion(Question(text="Which quarter?"), expires_at=9)}


def publishing(*statuses: PublicationStatus) -> TaskState:
    made = [Publication(command_id="c", status=status) for status in statuses]
    return replace(APPROVED, publications=dict(zip(Channel, made, strict=False)))


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (OPEN, "processing"),
        (TaskState(), "processing"),
        (replace(OPEN, questions=QUESTION), "waiting_for_answer"),
        (SHOWN, "pending_approval"),
        (replace(SHOWN, phase=ExecutionPhase.REFINEMENT), "processing"),
        (APPROVED, "processing"),
        (publishing(PublicationStatus.PENDING), "publishing"),
        (publishing(PublicationStatus.GRANTED, PublicationStatus.PUBLISHED), "publishing"),
        (publishing(PublicationStatus.PUBLISHED, PublicationStatus.FAILED), "processing"),
        (
            publishing(PublicationStatus.UNCERTAIN, PublicationStatus.PENDING),
            "publication_uncertain",
        ),
        (replace(OPEN, is_cancelling=True), "cancelling"),
        (replace(SHOWN, is_cancelling=True), "cancelling"),
        (
            replace(publishing(PublicationStatus.UNCERTAIN), is_cancelling=True),
            "publication_uncertain",
        ),
        (replace(OPEN, is_cancelling=True, questions=QUESTION), "waiting_for_answer"),
        (replace(publishing(PublicationStatus.GRANTED), is_cancelling=True), "cancelling"),
    ],
)
def test_an_open_task_shows_what_it_waits_for(state: TaskState, status: str) -> None:
    assert status_of(state) == status
    assert status_of(state) not in CLOSED


@pytest.mark.parametrize("outcome", ["approved", "rejected", "failed", "cancelled"])
def test_a_closed_task_shows_its_outcome(outcome: str) -> None:
    closed = replace(SHOWN, life=Life.CLOSED, outcome=DecisionOutcome(outcome))

    assert status_of(closed) == outcome
    assert status_of(closed) in CLOSED


def test_a_closed_task_without_an_outcome_has_failed() -> None:
    assert status_of(TaskState(life=Life.CLOSED)) is TaskStatus.FAILED


def test_progress_is_the_share_of_phases_passed_and_never_falls() -> None:
    passed: tuple[ExecutionPhase, ...] = ()
    seen = [progress_of(replace(OPEN, phase=None))]
    for phase in ExecutionPhase:
        passed = (*passed, phase)
        seen.append(progress_of(replace(OPEN, phase=phase, phases=passed)))
        back = replace(OPEN, phase=ExecutionPhase.PLANNING, phases=passed)
        assert progress_of(back) == seen[-1]

    assert seen == sorted(seen)
    assert (seen[0], seen[1], seen[-1]) == (0.0, 0.0, 0.8889)


def test_a_closed_task_is_all_done() -> None:
    assert progress_of(replace(OPEN, life=Life.CLOSED)) == 1.0

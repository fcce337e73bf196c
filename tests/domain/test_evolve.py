"""`evolve` is total: whatever happened, in whatever order, folds to a state."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain import events as e
from streams.domain.deliverable import Deliverable
from streams.domain.evolve import evolve
from streams.domain.plan import ExecutionPlan
from streams.domain.state import STATE, TaskState, Work, change
from streams.domain.status import progress_of, status_of
from streams.domain.values import DecisionOutcome, ExecutionPhase
from streams.domain.waiting import next_timer
from tests.domain.pool import all_events
from tests.domain.samples import NOW, scores

EVENTS = all_events()
EMPTY = TaskState(task_id="t")


@given(st.lists(st.sampled_from(EVENTS), max_size=25))
@settings(max_examples=50, deadline=None, database=None)
def test_no_event_in_any_state_is_refused(events: list[e.Event]) -> None:
    state = EMPTY
    for event in events:
        state = evolve(state, event, NOW)
        status_of(state), progress_of(state), next_timer(state)

    assert STATE.validate_json(STATE.dump_json(state)) == state


def test_every_event_can_be_the_first_one() -> None:
    for event in EVENTS:
        assert isinstance(evolve(EMPTY, event, NOW), TaskState)


def test_a_fold_changes_no_earlier_state() -> None:
    state = EMPTY
    for event in EVENTS[:60]:
        before = STATE.dump_json(state)
        following = evolve(state, event, NOW)
        assert STATE.dump_json(state) == before
        state = following


def test_a_copy_with_changes_is_what_the_standard_library_makes() -> None:
    changes = {"request": "Post our growth", "asked": 2}

    assert change(EMPTY, **changes) == replace(EMPTY, **changes)


def test_scores_of_an_output_that_is_not_there_are_passed_over() -> None:
    assessed = e.QualityAssessed(
        subject="post", assessment=scores(0.9), threshold=0.85, verdict="pass"
    )

    assert evolve(EMPTY, assessed, NOW) == EMPTY


def test_a_deliverable_needs_the_output_of_its_step() -> None:
    plan = ExecutionPlan(steps=(), deliverable_step="post")
    state = change(EMPTY, plan=plan)

    assert state.work("deliverable") is None
    begun = change(state, works={"post": Work(output={"text": "We grew"})})
    assert begun.work("deliverable") == Work(output={"text": "We grew"})


def test_a_refinement_of_nothing_is_a_first_version() -> None:
    refined = e.OutputRefined(subject="post", output={"text": "We grew"}, refinement=1)

    state = evolve(EMPTY, refined, NOW)

    assert state.works["post"] == Work(output={"text": "We grew"}, refinements=1)


def test_an_approval_without_a_question_is_a_round_of_its_own() -> None:
    edits = Deliverable(title="Growth", content="We grew")
    decided = e.ApprovalDecided(
        round=3, decision=DecisionOutcome.APPROVED, by="policy", edits=edits
    )

    state = evolve(EMPTY, decided, NOW)

    assert (state.approval.round, state.approval.by) == (3, "policy")
    assert (state.deliverable, state.outcome) == (edits, DecisionOutcome.APPROVED)


def test_an_answer_to_a_question_that_is_not_known_is_kept_under_its_id() -> None:
    answered = e.QuestionAnswered(question_id="question-1", answer="Q4", by="ann")

    assert evolve(EMPTY, answered, NOW).answers == (("question-1", "Q4"),)


def test_a_phase_is_listed_once_in_the_order_of_its_first_start() -> None:
    names = ("PLANNING", "DELEGATION", "PLANNING")
    state = EMPTY
    for name in names:
        state = evolve(state, e.PhaseStarted(phase=ExecutionPhase(name)), NOW)

    assert state.phases == (ExecutionPhase.PLANNING, ExecutionPhase.DELEGATION)

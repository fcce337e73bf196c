"""QUALITY_CHECK, REFINEMENT and FORMATTING: good enough, better, or a human decides."""

import pytest

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.quality import Verdict
from streams.domain.values import DecisionOutcome, ExecutionPhase
from tests.domain.samples import POST, plan, scores, step
from tests.domain.story import Like, Story

ASSESS, REFINE, FORMAT = CommandKind.ASSESS_QUALITY, CommandKind.REFINE, CommandKind.FORMAT


def checking(**settings: object) -> Story:
    return Story(channels=("linkedin",)).reached(ExecutionPhase.QUALITY_CHECK, **settings)


def test_a_good_deliverable_skips_refinement_and_is_formatted() -> None:
    story = checking()

    story.done(ASSESS, scores(0.9).as_json)

    story.then(
        Like(e.CommandCompleted),
        e.QualityAssessed(
            subject="deliverable", assessment=scores(0.9), threshold=0.85, verdict=Verdict.PASS
        ),
        e.PhaseSkipped(phase=ExecutionPhase.REFINEMENT, reason="good enough"),
        e.PhaseStarted(phase=ExecutionPhase.FORMATTING),
        Like(e.CommandIssued, kind=FORMAT),
    )
    assert story.payload(FORMAT)["draft"] == POST
    assert story.payload(FORMAT)["quality_score"] == 0.9
    assert story.payload(FORMAT)["scores"] == {"clarity": 0.9}


def test_a_plan_may_ask_for_more_than_the_settings() -> None:
    story = Story()
    story.answers[CommandKind.PLAN_WORKFLOW] = plan(step("post"), quality_threshold=0.95).as_json
    story.reached(ExecutionPhase.QUALITY_CHECK)
    assert story.payload(ASSESS)["threshold"] == 0.95

    story.done(ASSESS, scores(0.9).as_json)

    assert story.state.phase is ExecutionPhase.REFINEMENT


def test_a_poor_deliverable_is_refined_with_the_findings_and_judged_again() -> None:
    story = checking().done(ASSESS, scores(0.6).as_json)
    assert story.payload(REFINE)["output"] == POST
    assert story.payload(REFINE)["materials"] == {"facts": POST, "post": POST}

    story.done(REFINE, {"text": "better"})

    story.then(
        Like(e.CommandCompleted),
        e.OutputRefined(subject="deliverable", output={"text": "better"}, refinement=1),
        e.PhaseStarted(phase=ExecutionPhase.QUALITY_CHECK),
        Like(e.CommandIssued, kind=ASSESS),
    )
    story.done(ASSESS, scores(0.9).as_json)
    assert story.payload(FORMAT)["draft"] == {"text": "better"}
    assert not story.all(e.PhaseSkipped)


def test_after_so_many_refinements_a_human_gets_the_best_version() -> None:
    story = checking(max_retries=2).done(ASSESS, scores(0.5).as_json)
    story.done(REFINE, {"text": "best"}).done(ASSESS, scores(0.7).as_json)
    story.done(REFINE, {"text": "last"})

    story.done(ASSESS, scores(0.71, "accuracy").as_json)

    assert story.events[1].verdict is Verdict.ASK_HUMAN
    assert [refined.refinement for refined in story.all(e.OutputRefined)] == [1, 2]
    assert story.payload(FORMAT)["draft"] == {"text": "best"}
    assert story.payload(FORMAT)["quality_score"] == 0.7
    story.done(FORMAT)
    assert story.events[-1].reason == "below the quality threshold: please look closely"


def test_refining_ends_as_soon_as_it_does_not_help() -> None:
    story = checking(max_retries=9).done(ASSESS, scores(0.6).as_json)

    story.done(REFINE).done(ASSESS, scores(0.601).as_json)

    assert story.state.phase is ExecutionPhase.FORMATTING
    assert len(story.all(e.OutputRefined)) == 1


def test_where_no_refinement_is_allowed_a_human_decides_at_once() -> None:
    story = checking(max_retries=0)

    story.done(ASSESS, scores(0.6).as_json)

    assert story.all(e.PhaseSkipped)[0].reason == "no refinements allowed"
    assert story.state.phase is ExecutionPhase.FORMATTING


def test_what_nobody_can_refine_is_shown_as_it_is() -> None:
    story = checking().done(ASSESS, scores(0.6).as_json)

    story.gave_up(REFINE)

    story.then(
        Like(e.CommandFailed),
        Like(e.QualityAssessed, verdict=Verdict.ASK_HUMAN, assessment=scores(0.6)),
        e.PhaseStarted(phase=ExecutionPhase.FORMATTING),
        Like(e.CommandIssued, kind=FORMAT),
    )


def test_a_revision_that_nobody_can_make_fails_since_it_was_never_scored() -> None:
    story = checking().shown()
    story.when(i.ReviseRequest, feedback="shorter")

    story.gave_up(REFINE, "no words")

    assert story.state.failed_phase is ExecutionPhase.REFINEMENT
    assert story.payload(CommandKind.EXTRACT_LEARNING)["error"] == "no words"


@pytest.mark.parametrize(
    ("phase", "kind"),
    [(ExecutionPhase.QUALITY_CHECK, ASSESS), (ExecutionPhase.FORMATTING, FORMAT)],
)
def test_a_phase_that_fails_for_good_is_where_the_task_is_tried_again(
    phase: ExecutionPhase, kind: CommandKind
) -> None:
    story = Story().reached(phase).gave_up(kind, "gone").closed()
    assert story.state.outcome is DecisionOutcome.FAILED

    story.when(i.RetryTask)

    story.then(
        e.TaskReopened(by="ann", reason="retry", phase=phase),
        e.PhaseStarted(phase=phase),
        Like(e.CommandIssued, kind=kind),
    )
    assert story.shown().status == "pending_approval"

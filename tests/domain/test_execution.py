"""EXECUTION: steps run as soon as what they need is there; outputs are scored and refined."""

import pytest

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.fingerprint import AGREED, fingerprint
from streams.domain.plan import ExecutionPlan
from streams.domain.quality import Verdict
from streams.domain.values import DecisionOutcome, ExecutionPhase, Permission
from streams.domain.waiting import WaitKind
from tests.domain.samples import POST, TOOLS, plan, scores, step
from tests.domain.story import Like, Story

RUN = CommandKind.RUN_STEP
ASSESS = CommandKind.ASSESS_QUALITY
PLAINLY = [{"tool_id": "write_plainly", "agent_type": "content"}]


def running(made: ExecutionPlan, **settings: object) -> Story:
    story = Story()
    story.answers[CommandKind.PLAN_WORKFLOW] = made.as_json
    return story.reached(ExecutionPhase.EXECUTION, **settings)


def under_way(story: Story) -> list[str | None]:
    return [command.issued.step_id for command in story.state.commands.values()]


def test_steps_that_do_not_depend_on_each_other_run_side_by_side() -> None:
    diamond = plan(
        step("facts", "analyze"),
        step("story", "write", "facts"),
        step("news", "research", "facts"),
        step("post", "write", "story", "news"),
    )
    story = running(diamond)
    assert under_way(story) == ["facts"]

    assert under_way(story.done("facts")) == ["story", "news"]
    assert under_way(story.done("news")) == ["story"]
    assert under_way(story.done("story")) == ["post"]
    assert story.done("post").state.phase is ExecutionPhase.QUALITY_CHECK


def test_a_step_gets_its_own_inputs_and_the_outputs_it_needs() -> None:
    story = running(
        plan(step("facts", "analyze"), step("post", "write", "facts", inputs={"tone": "calm"}))
    )

    story.done("facts", {"growth": 0.12})

    assert story.payload("post")["inputs"] == {"tone": "calm", "facts": {"growth": 0.12}}


def test_a_step_brings_its_own_limits() -> None:
    story = running(plan(step("post", timeout=5_000, max_attempts=7, action="draft")))

    issued = story.open("post").issued

    assert (issued.timeout, issued.max_attempts, issued.action) == (5_000, 7, "draft")


def test_a_step_that_fails_goes_on_with_the_next_tool() -> None:
    story = running(plan(step("post", alternatives=PLAINLY)))

    story.gave_up("post", "too long")

    story.then(
        Like(e.CommandFailed, command_id="t.4"),
        e.StepRerouted(
            step_id="post", tool_id="write_plainly", agent_type="content", reason="too long"
        ),
        Like(e.CommandIssued, command_id="t.5", tool_id="write_plainly", attempt=1),
    )
    assert story.done("post").state.phase is ExecutionPhase.QUALITY_CHECK


def test_a_step_for_which_no_tool_is_left_fails_the_task() -> None:
    story = running(plan(step("facts", "analyze"), step("post", alternatives=PLAINLY)))
    story.gave_up("post", "too long")

    story.gave_up("post", "too short")

    story.then(
        Like(e.CommandFailed, command_id="t.6"),
        e.StepFailed(step_id="post", reason="too short", is_optional=False),
        e.CommandCancelled(command_id="t.4", reason="the task failed"),
        e.TaskFailed(phase=ExecutionPhase.EXECUTION, reason="step 'post' (post) failed: too short"),
        e.PhaseStarted(phase=ExecutionPhase.LEARNING),
        Like(e.CommandIssued, kind=CommandKind.EXTRACT_LEARNING),
    )
    assert story.closed().state.outcome is DecisionOutcome.FAILED


def test_a_failed_task_that_is_tried_again_keeps_what_was_done() -> None:
    story = running(plan(step("facts", "analyze"), step("post", alternatives=PLAINLY)))
    story.done("facts").gave_up("post").gave_up("post").closed()

    story.when(i.RetryTask)

    story.then(
        e.TaskReopened(by="ann", reason="retry", phase=ExecutionPhase.EXECUTION),
        e.PhaseStarted(phase=ExecutionPhase.EXECUTION),
        Like(e.CommandIssued, step_id="post", tool_id="write"),
    )
    assert story.done("post").state.phase is ExecutionPhase.QUALITY_CHECK


def test_the_plan_goes_on_without_an_optional_step_that_failed() -> None:
    story = running(plan(step("news", "research", is_optional=True), step("post", "write", "news")))

    story.gave_up("news", "offline")

    story.then(
        Like(e.CommandFailed),
        e.StepFailed(step_id="news", reason="offline", is_optional=True),
        Like(e.CommandIssued, step_id="post"),
    )
    assert story.payload("post")["inputs"] == {}
    assert story.done("post").state.phase is ExecutionPhase.QUALITY_CHECK


def test_without_a_deliverable_the_task_fails_even_if_the_step_was_optional() -> None:
    story = running(
        plan(step("post", is_optional=True), step("facts", "analyze"), deliverable="post")
    )
    story.gave_up("post")

    story.done("facts")

    assert story.state.error == "step 'post' gave no deliverable"


def test_an_output_that_asks_for_it_is_scored_before_others_use_it() -> None:
    story = running(
        plan(step("facts", "analyze", quality_threshold=0.7), step("post", "write", "facts"))
    )

    story.done("facts")

    story.then(
        Like(e.CommandCompleted),
        Like(e.StepCompleted, step_id="facts"),
        Like(e.CommandIssued, kind=ASSESS, step_id="facts", agent_type="evaluator"),
    )
    assert story.payload("facts")["step"]["step_id"] == "facts"
    assert story.payload("facts")["output"] == POST
    story.done(ASSESS, scores(0.7).as_json)
    assert story.events[1].threshold == 0.7
    assert under_way(story) == ["post"]


def test_a_poor_output_is_refined_by_the_agent_of_its_step_and_scored_again() -> None:
    story = running(plan(step("post", "analyze", quality_threshold=0.8)))
    story.done("post").done(ASSESS, scores(0.5).as_json)
    assert story.open(CommandKind.REFINE).issued.agent_type == "financial"
    assert story.payload(CommandKind.REFINE)["scores"] == {"clarity": 0.5}

    story.done(CommandKind.REFINE, {"text": "better"})

    story.then(
        Like(e.CommandCompleted),
        e.OutputRefined(subject="post", output={"text": "better"}, refinement=1),
        Like(e.CommandIssued, kind=ASSESS, step_id="post"),
    )
    story.done(ASSESS, scores(0.9).as_json)
    assert story.state.works["post"].accepted == {"text": "better"}
    assert story.state.phase is ExecutionPhase.QUALITY_CHECK


def test_an_output_that_stays_poor_goes_on_in_its_best_version() -> None:
    story = running(plan(step("post", quality_threshold=0.8)), max_retries=1)
    story.done("post").done(ASSESS, scores(0.6).as_json)
    story.done(CommandKind.REFINE, {"text": "worse"})

    story.done(ASSESS, scores(0.4).as_json)

    assert story.events[1].verdict is Verdict.ASK_HUMAN
    assert story.state.works["post"].accepted == POST
    assert story.state.phase is ExecutionPhase.QUALITY_CHECK


def test_an_output_that_nobody_can_refine_goes_on_as_it_is() -> None:
    story = running(plan(step("post", quality_threshold=0.8)))
    story.done("post").done(ASSESS, scores(0.6).as_json)

    story.gave_up(CommandKind.REFINE)

    assert story.events[1].verdict is Verdict.ASK_HUMAN
    assert story.state.phase is ExecutionPhase.QUALITY_CHECK


def test_an_output_that_nobody_can_score_fails_the_task() -> None:
    story = running(plan(step("post", quality_threshold=0.8))).done("post")

    story.gave_up(ASSESS, "no judge")

    assert story.state.error == "the output of step 'post' could not be scored: no judge"


class TestStepsWithAnEffect:
    """An effect of one step is under way while another step fails."""

    def sending(self, **of_post: object) -> Story:
        story = running(plan(step("mail", "send"), step("post", **of_post)))
        return story.let_through("mail", "r1")

    def test_the_task_waits_for_the_effect_before_it_fails_for_good(self) -> None:
        story = self.sending()

        story.gave_up("post")

        story.then_types("command_failed", "step_failed", "task_failed")
        assert under_way(story) == ["mail"]
        story.done("mail", {"sent": 1})
        story.then_types("command_completed", "step_completed", "phase_started", "command_issued")
        assert story.closed().state.outcome is DecisionOutcome.FAILED

    def test_nothing_is_sent_a_second_time_when_the_task_is_tried_again(self) -> None:
        story = self.sending().gave_up("post").done("mail", {"sent": 1}).closed()

        story.when(i.RetryTask)

        assert under_way(story) == ["post"]
        assert story.state.works["mail"].accepted == {"sent": 1}

    def test_a_failed_effect_is_not_tried_again_for_a_task_that_has_failed(self) -> None:
        story = self.sending().gave_up("post")

        story.failed("mail", "refused")

        story.then(
            Like(e.CommandFailed, reason="refused", retry_at=None),
            e.PhaseStarted(phase=ExecutionPhase.LEARNING),
            Like(e.CommandIssued, kind=CommandKind.EXTRACT_LEARNING),
        )

    def test_a_human_still_says_whether_an_effect_of_a_failed_task_happened(self) -> None:
        story = self.sending().gave_up("post").timer(WaitKind.GRANT)
        question_id = next(iter(story.state.questions))
        assert story.state.questions[question_id].question.text.startswith("Did command t.4")

        story.when(i.AnswerQuestion, question_id=question_id, answer="not done")

        story.then_types(
            "question_answered", "command_cancelled", "phase_started", "command_issued"
        )

    @pytest.mark.parametrize("answer", ["done", "not done"])
    def test_a_question_about_an_effect_outlives_the_failure_of_its_task(self, answer: str) -> None:
        story = self.sending().failed("mail", is_uncertain=True)
        question_id = next(iter(story.state.questions))

        story.gave_up("post")
        story.when(i.AnswerQuestion, question_id=question_id, answer=answer)

        assert story.closed().state.outcome is DecisionOutcome.FAILED
        assert ("mail" in story.state.works) is (answer == "done")

    def test_it_ends_when_nobody_says_what_came_of_the_effect(self) -> None:
        story = self.sending().gave_up("post").timer(WaitKind.GRANT)

        story.timer(WaitKind.QUESTION)

        story.then_types("question_answered", "command_failed", "phase_started", "command_issued")

    def test_a_task_that_waits_for_an_effect_takes_no_new_work(self) -> None:
        story = self.sending().gave_up("post")

        story.claimed("mail", "r2")

        story.then(Like(e.InputRefused, reason="the command is not waiting for a runner"))

    def test_a_step_of_unknown_end_is_not_done_by_another_tool(self) -> None:
        story = running(plan(step("post", "send", alternatives=PLAINLY)))
        story.let_through("post").timer(WaitKind.GRANT)

        story.timer(WaitKind.QUESTION)

        assert not story.all(e.StepRerouted)
        assert story.state.error is not None
        assert "nobody answered in time" in story.state.error

    def test_the_answer_done_is_the_output_of_the_step(self) -> None:
        story = running(plan(step("post", "send"))).let_through("post").timer(WaitKind.GRANT)

        story.when(i.AnswerQuestion, question_id="effect-t.4-1", answer="Done")

        assert story.state.works["post"].accepted == {"note": "confirmed by ann"}
        assert story.state.phase is ExecutionPhase.QUALITY_CHECK


def test_a_step_carries_the_fingerprint_of_the_tool_of_others_that_was_planned_with() -> None:
    found = next(tool for tool in TOOLS if tool.tool_id == "crm.find")
    allowed = found.model_copy(update={"permission": Permission.ALLOW})
    story = Story()
    story.answers[CommandKind.DISCOVER_TOOLS] = {
        "version": "1",
        "tools": [allowed.as_json, *(t.as_json for t in TOOLS if t is not found)],
    }
    made = plan(step("note", "crm.find"), step("post", "write", "note"))
    story.answers[CommandKind.PLAN_WORKFLOW] = made.as_json

    story.reached(ExecutionPhase.EXECUTION)

    assert story.payload("note")[AGREED] == fingerprint(allowed)
    assert [tool.tool_id for tool in story.state.tools] == ["crm.find"]
    assert AGREED not in story.done("note").payload("post")
    assert story.reached(ExecutionPhase.APPROVAL).state.tools == ()

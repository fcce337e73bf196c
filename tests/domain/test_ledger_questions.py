"""A task that has no money left for a call: it asks a human, goes another way, or ends."""

from typing import Any

import pytest

from streams.decider import outstanding, react
from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.state import STATE
from streams.domain.values import Channel, DecisionOutcome, ExecutionPhase
from streams.domain.waiting import HUMAN, WaitKind, waits
from tests.domain.money import NEED
from tests.domain.samples import intent, plan, step
from tests.domain.story import Like, Story

FREE = [{"tool_id": "write_plainly", "agent_type": "content", "estimated_cost": 0.25}]
POST = "post"
QUESTION = "cost-t.4-1"


def dear(need: Any = NEED, *, alternatives: Any = (), **understood: Any) -> Story:
    """A step for which there is no money."""
    story = Story()
    story.answers[CommandKind.PARSE_INTENT] = intent(**understood)
    made = step(POST, "write", alternatives=alternatives, estimated_cost=0.5)
    story.answers[CommandKind.PLAN_WORKFLOW] = plan(made).as_json
    story.reached(ExecutionPhase.EXECUTION, budget=2)
    return story.failed(POST, "too dear", is_retryable=False, budget=need, cost=0.01)


def said(story: Story, answer: str, **more: Any) -> Story:
    return story.when(i.AnswerQuestion, question_id=QUESTION, answer=answer, **more)


def stopped() -> Any:
    return NEED.model_copy(update={"action": "stop"})


class TestPaying:
    """A command says who pays for it."""

    def test_it_names_the_limit_of_the_task_and_the_estimate_of_its_tool(self) -> None:
        story = dear(stopped(), alternatives=FREE)

        first, second = (story.sent[f"t.{number}", 1].account for number in (4, 5))
        assert first is not None
        assert second is not None
        assert (first.budget, first.estimate, second.estimate) == (2_000_000, 500_000, 250_000)
        assert first.principal == "ann"
        assert first.submitted_at == story.state.submitted_at

    def test_work_that_is_no_step_has_no_estimate(self) -> None:
        story = Story().submitted()
        account = story.sent["t.1", 1].account

        assert account is not None
        assert (account.estimate, account.budget) == (0, None)

    def test_a_tool_that_the_plan_does_not_know_has_no_estimate(self) -> None:
        story = dear()
        issued = story.open(POST).issued.model_copy(update={"tool_id": "another"})

        command = react(issued, story.state)

        assert command is not None
        assert command.account is not None
        assert command.account.estimate == 0


class TestAsking:
    """A human is asked, and the command waits."""

    def test_the_question_says_what_it_may_cost_and_what_is_left(self) -> None:
        story = dear()

        story.then(Like(e.CostQuestioned, question_id=QUESTION, need=NEED, cost=0.01))
        asked = story.state.questions[QUESTION]
        assert asked.question.text == (
            "May the step 'post' cost about $0.00005 more? This task may cost "
            "$0.0001: $0.00006 is spent, $0.00 is held for calls under way, $0.00004 is left."
        )
        assert asked.question.options == ("allow", "deny")
        assert asked.needs_approver
        assert story.status == "waiting_for_answer"
        assert [(wait.kind, wait.whom) for wait in waits(story.state)] == [
            (WaitKind.QUESTION, HUMAN)
        ]
        assert outstanding(story.state) == []
        assert story.state.cost == pytest.approx(0.01)
        assert STATE.validate_json(STATE.dump_json(story.state)) == story.state

    @pytest.mark.parametrize(
        ("scope", "why"),
        [
            ("call", "Ein einzelner Aufruf über $0.0001 braucht das Ja eines Menschen."),
            ("principal", "'ann' darf $0.0001 am Tag ausgeben"),
            ("tenant", "Alle zusammen dürfen $0.0001 am Tag ausgeben"),
        ],
    )
    def test_it_is_asked_in_german_and_for_each_limit(self, scope: str, why: str) -> None:
        story = dear(NEED.model_copy(update={"scope": scope}), language="de")

        assert why in story.state.questions[QUESTION].question.text

    def test_in_another_language_it_is_asked_in_english_and_says_so(self) -> None:
        asked = dear(language="fr").state.questions[QUESTION].question

        assert asked.text.startswith("May the step")
        assert "no text for the language" in asked.reason

    def test_work_that_is_no_step_is_named_by_its_kind(self) -> None:
        story = Story().submitted().failed(CommandKind.PARSE_INTENT, budget=NEED)

        (asked,) = story.state.questions.values()
        assert "May the work 'ParseIntent' for this task cost" in asked.question.text

    def test_nobody_can_take_it_meanwhile_and_the_same_report_is_no_second_question(self) -> None:
        story = dear()
        name = story.open(POST).issued.command_id

        story.when(i.ClaimCommand, command_id=name, runner="r1", lease=10)
        story.then(Like(e.InputRefused, code="conflict"))
        story.when(i.RetryCommand, command_id=name)
        story.then(Like(e.InputRefused, reason=_waits_for_yes()))
        story.failed(POST, "too dear", budget=NEED).then_nothing()

    def test_it_is_not_let_through_the_door_meanwhile(self) -> None:
        story = Story().when(
            i.DispatchCommand, agent_type="publisher", action="publish", channel=Channel.LINKEDIN
        )
        story.failed(Channel.LINKEDIN, budget=NEED)

        story.let_through(Channel.LINKEDIN)

        story.then(Like(e.InputRefused, reason="the command waits for a human's yes to its cost"))


class TestAnswers:
    """Yes, no, and nothing."""

    def test_a_yes_lets_it_run_with_what_was_allowed_and_costs_no_attempt(self) -> None:
        story = dear()
        before = story.open(POST).issued.max_attempts

        said(story, "Allow").then(
            e.QuestionAnswered(question_id=QUESTION, answer="allow", by="ann"),
            Like(e.CommandIssued, attempt=2, max_attempts=before + 1),
        )

        command = story.sent["t.4", 2]
        assert command.account is not None
        assert command.account.approved == NEED.estimate
        assert story.state.answers == ()
        said(story, "allow").then_nothing()
        story.failed(POST, "broken").timer(WaitKind.RETRY)
        again = story.sent["t.4", 3].account
        assert again is not None
        assert again.approved == NEED.estimate

    def test_a_second_yes_adds_up(self) -> None:
        story = said(dear(), "allow").failed(POST, "still too dear", budget=NEED)

        story.when(i.AnswerQuestion, question_id="cost-t.4-2", answer="allow")

        assert story.open(POST).approved == 2 * NEED.estimate

    def test_a_no_goes_on_with_another_tool(self) -> None:
        story = dear(alternatives=FREE)

        said(story, "deny").then_types(
            "question_answered", "command_failed", "step_rerouted", "command_issued"
        )
        (failed,) = [event for event in story.events if isinstance(event, e.CommandFailed)]
        assert failed.reason == "ann did not allow its cost of about $0.00005"
        assert failed.runner == "ann"

    def test_a_no_without_another_tool_ends_the_task_and_says_why(self) -> None:
        story = said(dear(), "deny").closed()

        assert story.state.outcome is DecisionOutcome.FAILED
        assert story.state.error is not None
        assert "ann did not allow its cost" in story.state.error

    def test_silence_is_a_no(self) -> None:
        story = dear(language="de").timer(WaitKind.QUESTION)

        assert story.events[0] == e.QuestionAnswered(
            question_id=QUESTION, answer="deny", by="clock"
        )
        assert story.closed().state.error is not None
        assert "niemand hat die Kosten" in (story.state.error or "")

    def test_anything_else_is_refused(self) -> None:
        said(dear(), "perhaps").then(
            Like(e.InputRefused, code="conflict", reason="answer one of: allow, deny")
        )


class TestOtherEnds:
    """The question is over when its command is."""

    def test_what_is_stopped_goes_on_with_another_tool_at_once(self) -> None:
        story = dear(stopped(), alternatives=FREE)

        story.then_types("command_failed", "step_rerouted", "command_issued")

    def test_what_is_stopped_without_another_tool_fails_with_the_reason(self) -> None:
        story = dear(stopped()).closed()

        assert "too dear" in (story.state.error or "")

    def test_a_result_that_comes_after_all_ends_the_question(self) -> None:
        story = dear().done(POST)

        assert story.state.questions == {}
        assert story.state.phase is not ExecutionPhase.EXECUTION

    def test_cancelling_the_task_asks_nobody_any_more(self) -> None:
        story = dear().when(i.CancelTask)

        assert story.state.outcome is DecisionOutcome.CANCELLED
        assert story.state.questions == {}

    def test_a_task_that_is_ending_asks_nobody(self) -> None:
        story = _published_twice().when(i.CancelTask)

        story.failed(Channel.LINKEDIN, budget=NEED, is_retryable=False, attempt=1)

        assert not story.all(e.CostQuestioned)

    def test_where_an_earlier_attempt_may_have_acted_a_human_must_look(self) -> None:
        story = _doubtful().failed(Channel.LINKEDIN, budget=NEED)
        assert [asked.cost_of for asked in story.state.questions.values()] == ["t.1"]

        story.when(i.CancelTask)

        assert [asked.command_id for asked in story.state.questions.values()] == ["t.1"]
        assert story.status == "publication_uncertain"

    def test_two_commands_are_asked_about_one_by_one(self) -> None:
        story = Story()
        story.answers[CommandKind.PLAN_WORKFLOW] = plan(step("a"), step("b"), step(POST)).as_json
        story.reached(ExecutionPhase.EXECUTION)
        for name in ("a", "b"):
            story.failed(name, budget=NEED)

        story.when(i.AnswerQuestion, question_id="cost-t.4-1", answer="allow").done("a")

        assert list(story.state.questions) == ["cost-t.5-1"]

    def test_a_fold_survives_what_no_core_decides(self) -> None:
        story = dear()
        (asked,) = story.events
        assert isinstance(asked, e.CostQuestioned)
        gone = e.CommandCancelled(command_id="t.4", reason="")
        yes = e.QuestionAnswered(question_id=QUESTION, answer="allow", by="x")

        late = Story().submitted().given(asked)
        assert late.state.questions == {}
        story.given(gone, yes)
        assert story.state.commands == {}


def _doubtful() -> Story:
    """A publication whose first attempt may have posted, and whose second one has begun."""
    story = Story().when(
        i.DispatchCommand, agent_type="publisher", action="publish", channel=Channel.LINKEDIN
    )
    story.let_through(Channel.LINKEDIN, is_key_enforced=True)
    story.failed(Channel.LINKEDIN, "lost", is_uncertain=True)
    return story.timer(WaitKind.RETRY)


def _published_twice() -> Story:
    story = Story().when(
        i.DispatchCommand, agent_type="publisher", action="publish", channel=Channel.LINKEDIN
    )
    return story.let_through(Channel.LINKEDIN)


def _name(story: Story) -> str:
    assert story.state.plan is not None
    return story.state.plan.steps[0].name


def _waits_for_yes() -> str:
    return "it waits for a human's yes to its cost: answer the question about it"

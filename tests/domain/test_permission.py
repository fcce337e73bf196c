"""Permissions: no tool that asks first runs before a person said yes, and none that is denied."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.plan import PlanProblem, problems
from streams.domain.state import STATE
from streams.domain.values import DecisionOutcome, ExecutionPhase, Json, Permission
from streams.domain.waiting import HUMAN, WaitKind, waits
from streams.phases.permission import QUOTED, quotation
from tests.domain.samples import PLAN, TOOLS, intent, plan, step, tool
from tests.domain.story import Like, Story
from tests.domain.test_fork import fork

MAKE_PLAN = CommandKind.PLAN_WORKFLOW
NOTE = plan(step("post", "crm.note"))
BOTH = plan(
    step("found", "crm.find"),
    step("post", "write", "found", alternatives=[{"tool_id": "crm.note", "agent_type": "mcp"}]),
)
FORBIDDEN = {"code": "forbidden_tool", "message": "'crm.note' must not be used", "pointer": ""}


def proposed(made: object = NOTE, **settings: object) -> Story:
    """A plan that passed the checks."""
    story = Story().reached(ExecutionPhase.DELEGATION, **settings)
    return story.done(MAKE_PLAN, made.as_json)


def said(story: Story, answer: str, question_id: str = "tool-1", **more: object) -> Story:
    return story.when(i.AnswerQuestion, question_id=question_id, answer=answer, **more)


def catalogued(*specs: object, **understood: object) -> Story:
    """A plan of one step with the first of these tools, which are all that there are."""
    story = Story()
    story.answers[CommandKind.PARSE_INTENT] = intent(**understood)
    found = {"version": "1", "tools": [spec.as_json for spec in specs]}
    story.answers[CommandKind.DISCOVER_TOOLS] = found
    first = specs[0]
    made = plan(step("post", first.tool_id, agent_type=first.agent_type))
    return story.reached(ExecutionPhase.DELEGATION).done(MAKE_PLAN, made.as_json)


class TestChecks:
    """What is denied is in no plan that runs."""

    def test_a_plan_with_a_denied_tool_is_rejected(self) -> None:
        tools = {spec.tool_id: spec for spec in TOOLS}
        other = [{"tool_id": "crm.drop", "agent_type": "mcp"}]

        found = problems(plan(step("a", "crm.drop"), step("b", alternatives=other)), tools)

        message = "'crm.drop' must not be used"
        assert found == [
            PlanProblem(code="forbidden_tool", message=message, pointer="/steps/0"),
            PlanProblem(code="forbidden_tool", message=message, pointer="/steps/1"),
        ]

    def test_it_is_planned_again_without_asking_anybody(self) -> None:
        story = proposed(plan(step("post", "crm.drop")))

        story.then_types("command_completed", "plan_rejected", "command_issued")
        assert story.state.rejected_plans == 1


class TestQuestion:
    """A person sees what it is about before saying yes."""

    def test_the_plan_waits_for_a_person(self) -> None:
        story = proposed()

        story.then_types("command_completed", "plan_drafted", "question_asked")
        assert story.status == "waiting_for_answer"
        assert [(wait.kind, wait.whom) for wait in waits(story.state)] == [
            (WaitKind.QUESTION, HUMAN)
        ]
        assert story.state.phase is ExecutionPhase.DELEGATION
        assert not story.state.commands

    def test_it_says_which_tool_of_whom_does_what_for_which_step(self) -> None:
        asked = proposed().events[-1].question

        assert asked.text == (
            "May this task use the tool 'crm.note' of the MCP server 'crm'? "
            "What it does, in the words of whoever serves it, which nobody has checked: "
            "\"Writes a note\" It would do the step 'post'. It is marked as destructive "
            "(it may overwrite or delete) and must not run twice."
        )
        assert asked.options == ("allow", "deny")
        assert asked.tool_id == "crm.note"
        assert asked.reason == "This tool may be used only after a person has said yes."

    def test_there_is_one_for_each_tool_also_for_alternatives(self) -> None:
        story = proposed(BOTH)

        story.then(
            Like(e.CommandCompleted),
            Like(e.PlanDrafted),
            Like(e.QuestionAsked, question_id="tool-1"),
            Like(e.QuestionAsked, question_id="tool-2"),
        )
        assert [q.question.tool_id for q in story.state.questions.values()] == [
            "crm.find",
            "crm.note",
        ]

    def test_one_tool_of_several_steps_is_asked_about_once(self) -> None:
        story = proposed(plan(step("a", "crm.note"), step("b", "crm.note")))

        (asked,) = story.state.questions.values()
        assert "It would do the steps 'a', 'b'." in asked.question.text

    def test_a_tool_that_requires_approval_asks_too(self) -> None:
        story = catalogued(tool("post_it", requires_approval=True))

        (asked,) = story.state.questions.values()
        assert "of the orchestrator itself" in asked.question.text
        assert "does not say what it does" in asked.question.text
        assert "may run twice without harm" in asked.question.text

    def test_what_our_own_tools_say_is_no_claim_of_others(self) -> None:
        story = catalogued(tool("x", permission="ask", description="Adds up"))

        asked = story.state.questions["tool-1"].question
        assert 'of the orchestrator itself? What it does: "Adds up" It would' in asked.text

    @pytest.mark.parametrize(
        ("source", "named"),
        [
            ("agent:ticker", "the tool 'x' of the agent 'ticker'?"),
            ("somewhere else", "the tool 'x' somewhere else?"),
        ],
    )
    def test_the_source_is_named(self, source: str, named: str) -> None:
        story = catalogued(tool("x", permission="ask", source=source))

        assert named in story.state.questions["tool-1"].question.text

    def test_it_is_asked_in_german_where_the_request_is(self) -> None:
        spec = tool("x", permission="ask", source="mcp:crm", description="Sucht „alles“")

        asked = catalogued(spec, language="de").state.questions["tool-1"].question

        assert asked.text == (
            "Darf diese Aufgabe das Werkzeug 'x' des MCP-Servers 'crm' benutzen? Was es tut, in "
            "den Worten dessen, der es anbietet, von niemandem geprüft: \"Sucht 'alles'\" "
            "Es erledigt den Schritt 'post'. Es ist nicht als zerstörend gekennzeichnet und "
            "darf ohne Schaden zweimal laufen."
        )

    def test_any_other_language_falls_back_to_english_with_a_note(self) -> None:
        asked = catalogued(tool("x", permission="ask"), language="fr").state.questions["tool-1"]

        assert asked.question.text.startswith("May this task use")
        assert asked.question.reason.endswith("'fr': this one is in English.)")

    @given(st.text(max_size=60) | st.text('"“”\n\u202e a', max_size=900))
    @settings(max_examples=60, deadline=None, database=None)
    def test_a_tools_own_words_cannot_leave_their_quotation(self, words: str) -> None:
        shown = quotation(words)

        assert len(shown) <= QUOTED
        assert not set(shown) & set('"“”„«»\n\r\u2028\u202e\u200b')
        assert quotation(shown) == shown


class TestAnswer:
    """Only what a person says opens or closes the way."""

    def test_the_last_yes_lets_the_plan_run(self) -> None:
        story = proposed(BOTH)

        said(story, " Allow ").then_types("question_answered")
        said(story, "allow", "tool-2")

        story.then(
            e.QuestionAnswered(question_id="tool-2", answer="allow", by="ann"),
            e.PhaseStarted(phase=ExecutionPhase.EXECUTION),
            Like(e.CommandIssued, tool_id="crm.find"),
        )
        said(story, "Allow", "tool-2").then_nothing()

    def test_a_no_takes_the_plan_away_and_another_one_is_made(self) -> None:
        story = said(proposed(BOTH), "deny", "tool-2")

        story.then(
            e.QuestionAnswered(question_id="tool-2", answer="deny", by="ann"),
            e.PlanRejected(problems=(PlanProblem(**FORBIDDEN),), by="ann"),
            Like(e.CommandIssued, kind=MAKE_PLAN),
        )
        assert story.state.plan is None
        assert not story.state.questions
        assert story.payload(MAKE_PLAN)["problems"] == [FORBIDDEN]
        told = {spec["tool_id"]: spec["permission"] for spec in story.payload(MAKE_PLAN)["tools"]}
        assert told["crm.note"] == "deny"
        assert told["crm.find"] == "ask"

    def test_a_planner_that_insists_is_rejected_by_the_checks(self) -> None:
        story = said(proposed(), "deny").done(MAKE_PLAN, NOTE.as_json)

        story.then(
            Like(e.CommandCompleted),
            Like(e.PlanRejected, by=""),
            Like(e.CommandIssued, kind=MAKE_PLAN),
        )

    def test_what_was_denied_stays_told_when_the_next_plan_has_other_faults(self) -> None:
        story = said(proposed(), "deny").done(MAKE_PLAN, plan(step("post", "teleport")).as_json)

        codes = [problem["code"] for problem in story.payload(MAKE_PLAN)["problems"]]
        assert codes == ["unknown_tool", "forbidden_tool"]

    def test_a_persons_no_is_no_fault_of_the_planner(self) -> None:
        story = said(proposed(max_plans=1), "deny")

        assert story.state.rejected_plans == 0
        assert story.done(MAKE_PLAN, PLAN.as_json).state.phase is ExecutionPhase.EXECUTION

    def test_what_was_allowed_here_is_not_asked_again_for_a_second_plan(self) -> None:
        story = said(said(proposed(BOTH), "allow"), "deny", "tool-2")

        story.done(MAKE_PLAN, plan(step("post", "crm.find")).as_json)

        story.then_types("command_completed", "plan_drafted", "phase_started", "command_issued")

    def test_what_was_left_open_is_asked_again_under_a_name_of_its_own(self) -> None:
        story = said(proposed(BOTH), "deny", "tool-2")

        story.done(MAKE_PLAN, plan(step("post", "crm.find")).as_json)

        assert list(story.state.questions) == ["tool-3"]
        said(story, "allow", "tool-1").then(
            Like(e.InputRefused, reason="that question is not open")
        )

    @pytest.mark.parametrize("answer", ["yes", "done", "allowed", "allow crm.note"])
    def test_anything_else_is_refused(self, answer: str) -> None:
        story = said(proposed(), answer)

        story.then(Like(e.InputRefused, reason="answer one of: allow, deny", code="conflict"))
        assert story.status == "waiting_for_answer"

    def test_what_is_denied_to_all_cannot_be_allowed_here(self) -> None:
        story = Story().reached(ExecutionPhase.DELEGATION)
        asked = tool("crm.drop", "mcp", permission="ask")
        story.given(
            e.ToolsDiscovered(catalogue_version="0", tools=(asked,)),
            e.PlanDrafted(plan=plan(step("post", "crm.drop"))),
        )
        question = story.state.plan and e.QuestionAsked(
            question_id="tool-1",
            question={"text": "May it?", "tool_id": "crm.drop"},
            expires_at=story.now + 9,
        )
        story.given(question, e.QuestionAnswered(question_id="tool-1", answer="allow", by="ann"))
        story.given(e.ToolsDiscovered(catalogue_version="1", tools=TOOLS))

        story.done(MAKE_PLAN, plan(step("post", "crm.drop")).as_json)

        story.then_types("command_completed", "plan_rejected", "command_issued")

    def test_saying_yes_is_for_approvers(self) -> None:
        about_tool = proposed().state.questions["tool-1"]
        about_request = Story().submitted()
        unclear = intent(question={"text": "Which quarter?"})
        about_request.done(CommandKind.PARSE_INTENT, unclear)

        assert about_tool.needs_approver
        assert not about_request.state.questions["question-1"].needs_approver

    def test_no_policy_answers(self) -> None:
        story = proposed(is_auto_approved=True)

        assert story.status == "waiting_for_answer"

    def test_answers_about_tools_are_no_answers_about_the_request(self) -> None:
        assert said(proposed(), "allow").state.answers == ()


class TestLife:
    """Whatever else happens while a person is asked."""

    def test_nobody_answers_in_time(self) -> None:
        story = proposed(question_timeout=900).timer()

        story.then_types("cancellation_requested", "task_closed")
        assert story.state.outcome is DecisionOutcome.CANCELLED

    def test_the_task_is_cancelled(self) -> None:
        story = proposed().when(i.CancelTask)

        story.then_types("cancellation_requested", "task_closed")

    def test_the_deadline_passes_and_a_retry_asks_about_the_same_plan(self) -> None:
        story = proposed(deadline=1_790_000_009_000).timer(WaitKind.DEADLINE).closed()

        story.when(i.RetryTask)

        story.then(
            Like(e.TaskReopened, phase=ExecutionPhase.DELEGATION),
            Like(e.PhaseStarted, phase=ExecutionPhase.DELEGATION),
            Like(e.QuestionAsked, question_id="tool-2"),
        )
        assert said(story, "allow", "tool-2").state.phase is ExecutionPhase.EXECUTION

    def test_a_retry_after_the_plan_ran_does_not_ask_again(self) -> None:
        story = said(proposed(), "allow").gave_up("post").closed()

        story.when(i.RetryTask)

        story.then_types("task_reopened", "phase_started", "command_issued")

    def test_a_failed_planning_that_followed_a_no_can_be_retried(self) -> None:
        story = said(proposed(), "deny").gave_up(MAKE_PLAN, "no other way").closed()

        story.when(i.RetryTask)

        story.then_types("task_reopened", "phase_started", "command_issued")
        assert story.payload(MAKE_PLAN)["problems"] == [FORBIDDEN]
        assert story.done(MAKE_PLAN, PLAN.as_json).state.phase is ExecutionPhase.EXECUTION

    def test_a_fork_asks_anew_wherever_its_parent_was_between_plan_and_result(self) -> None:
        parent = said(said(proposed(BOTH), "allow"), "allow", "tool-2").done("found")
        drafted = next(
            n for n, (_, event) in enumerate(parent.history, 1) if event.type == "plan_drafted.v1"
        )

        for upto in range(drafted, len(parent.history) + 1):
            story = fork(parent, upto)

            assert story.state.phase is ExecutionPhase.DELEGATION
            asked = {q.question.tool_id for q in story.state.questions.values()}
            assert asked == {"crm.find", "crm.note"}
            assert not story.state.commands
            for question_id in list(story.state.questions):
                said(story, "allow", question_id)
            assert story.state.phase is ExecutionPhase.EXECUTION

    def test_a_fork_can_be_planned_anew_after_a_no(self) -> None:
        parent = said(proposed(), "allow")

        story = said(fork(parent), "deny", "tool-2")

        told = [spec["tool_id"] for spec in story.payload(MAKE_PLAN)["tools"]]
        assert told == [spec.tool_id for spec in TOOLS]
        assert story.done(MAKE_PLAN, PLAN.as_json).state.phase is ExecutionPhase.EXECUTION

    def test_a_fork_of_a_no_plans_without_the_tool(self) -> None:
        story = fork(said(proposed(), "deny"))

        assert story.payload(MAKE_PLAN)["problems"] == [FORBIDDEN]

    def test_a_fork_that_is_planned_anew_does_not_take_its_parents_plan(self) -> None:
        parent = said(proposed(), "allow").gave_up("post").closed()

        story = fork(parent).reached(ExecutionPhase.DELEGATION)

        assert list(story.state.commands) == [story.open(MAKE_PLAN).issued.command_id]

    def test_a_snapshot_keeps_what_was_asked_and_said(self) -> None:
        state = said(proposed(BOTH), "allow").state

        again = STATE.validate_json(STATE.dump_json(state))

        assert again == state
        assert again.permissions == {"crm.find": Permission.ALLOW}

    def test_when_the_draft_is_done_the_catalogue_is_forgotten(self) -> None:
        story = said(proposed(), "allow").done("post")

        assert story.state.phase is ExecutionPhase.QUALITY_CHECK
        assert story.state.tools == ()

    def test_questions_about_the_request_and_about_tools_are_counted_apart(self) -> None:
        parent = said(proposed(max_questions=1), "allow").gave_up("post").closed()
        story = fork(parent)
        unclear: Json = intent(question={"text": "Which quarter?"})

        story.done(CommandKind.PARSE_INTENT, unclear)

        assert list(story.state.questions) == ["question-1"]

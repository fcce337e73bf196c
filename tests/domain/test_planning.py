"""PLANNING: understand the request, ask rather than guess, and decline honestly."""

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.intent import Intent, Question
from streams.domain.values import DecisionOutcome, ExecutionPhase
from tests.domain.samples import intent
from tests.domain.story import Like, Story

PARSE = CommandKind.PARSE_INTENT
UNCLEAR = intent(question={"text": "Which quarter?", "options": ["Q3", "Q4"]})


def test_an_understood_request_goes_on_to_the_tools() -> None:
    story = Story().submitted()

    story.done(PARSE, intent("linkedin"))

    story.then(
        Like(e.CommandCompleted, command_id="t.1", attempt=1),
        e.IntentParsed(intent=Intent.model_validate(intent("linkedin"))),
        e.PhaseStarted(phase=ExecutionPhase.TOOL_DISCOVERY),
        Like(e.CommandIssued, command_id="t.2", kind=CommandKind.DISCOVER_TOOLS),
    )


def test_an_unclear_request_asks_the_user_and_waits() -> None:
    story = Story().submitted(settings={"question_timeout": 900})

    story.done(PARSE, UNCLEAR)

    story.then(
        Like(e.CommandCompleted),
        Like(e.IntentParsed),
        e.QuestionAsked(
            question_id="question-1",
            question=Question(text="Which quarter?", options=("Q3", "Q4")),
            expires_at=story.now + 900,
        ),
    )
    assert story.status == "waiting_for_answer"


def test_the_answer_reaches_the_agent_with_its_question() -> None:
    story = Story().submitted().done(PARSE, UNCLEAR)

    story.when(i.AnswerQuestion, question_id="question-1", answer="Q4")

    story.then(
        e.QuestionAnswered(question_id="question-1", answer="Q4", by="ann"),
        Like(e.CommandIssued, kind=PARSE, command_id="t.2"),
    )
    assert story.payload(PARSE)["answers"] == [{"question": "Which quarter?", "answer": "Q4"}]
    assert story.done(PARSE).state.phase is ExecutionPhase.TOOL_DISCOVERY


def test_a_request_that_stays_unclear_is_declined_after_so_many_questions() -> None:
    story = Story().submitted(settings={"max_questions": 2})
    for number in (1, 2):
        story.done(PARSE, UNCLEAR)
        story.when(i.AnswerQuestion, question_id=f"question-{number}", answer="hm")

    story.done(PARSE, UNCLEAR)

    assert story.events[2] == e.RequestDeclined(
        reason="It is still unclear after 2 questions: Which quarter?"
    )
    assert story.closed().state.outcome is DecisionOutcome.REJECTED


def test_no_question_is_asked_where_none_is_allowed() -> None:
    story = Story().submitted(settings={"max_questions": 0})

    story.done(PARSE, UNCLEAR)

    assert not story.state.questions
    assert story.state.phase is ExecutionPhase.LEARNING


def test_a_request_that_must_not_be_served_is_declined_with_the_reason() -> None:
    story = Story().submitted()

    story.done(PARSE, intent(refusal="We do not promise returns."))

    story.then_types(
        "command_completed",
        "intent_parsed",
        "request_declined",
        "phase_started",
        "command_issued",
    )
    assert story.payload(CommandKind.EXTRACT_LEARNING)["decided_by"] == "policy"
    story.done(CommandKind.EXTRACT_LEARNING)
    assert story.state.outcome is DecisionOutcome.REJECTED
    assert story.state.error == "We do not promise returns."


def test_an_answer_of_the_wrong_shape_is_a_failed_attempt_that_names_the_field() -> None:
    story = Story().submitted()

    story.done(PARSE, {"name": "post", "action": "create", "domain": 7}, cost=0.5)

    story.then(
        Like(
            e.CommandFailed,
            attempt=1,
            cost=0.5,
            reason="the answer to ParseIntent does not fit at /domain: Input should be a valid "
            "string",
        )
    )
    assert story.open(PARSE).retry_at is not None


def test_a_request_that_nobody_could_parse_fails() -> None:
    story = Story().submitted()

    story.gave_up(PARSE, "the model is gone")

    assert story.events[1] == e.TaskFailed(
        phase=ExecutionPhase.PLANNING, reason="the model is gone"
    )
    assert story.closed().state.outcome is DecisionOutcome.FAILED

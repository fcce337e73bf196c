"""Every kind of event and input, from stories in which all of them come up."""

from functools import cache

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.values import Channel, ExecutionPhase
from streams.domain.waiting import WaitKind
from tests.domain.money import LEDGER, NEED, reserve
from tests.domain.samples import intent, plan, scores, step
from tests.domain.story import Story

LINKEDIN = Channel.LINKEDIN


def published() -> Story:
    """Asked, refined, revised, published, liked: nearly everything that can go well."""
    story = Story(channels=("linkedin", "twitter")).submitted()
    asking = intent("linkedin", "twitter", question={"text": "Which quarter?"})
    story.claimed(CommandKind.PARSE_INTENT).claimed(CommandKind.PARSE_INTENT, lease=9_000)
    story.done(CommandKind.PARSE_INTENT, asking, attempt=1)
    story.when(i.AnswerQuestion, question_id="question-1", answer="Q4")
    story.reached(ExecutionPhase.DELEGATION)
    story.done(CommandKind.PLAN_WORKFLOW, plan(step("post", "teleport")).as_json)
    story.reached(ExecutionPhase.QUALITY_CHECK)
    story.done(CommandKind.ASSESS_QUALITY, scores(0.6).as_json).shown()
    story.when(i.ReviseRequest, feedback="shorter", round=1).shown().approved()
    story.let_through(LINKEDIN).failed(LINKEDIN, "lost", is_uncertain=True, attempt=1)
    story.when(i.AnswerQuestion, question_id=next(iter(story.state.questions)), answer="done")
    story.let_through(Channel.TWITTER).gave_up(Channel.TWITTER, "too long").closed()
    story.when(i.RecordEngagement, engagement_id="e1", metrics={"clicks": 87})
    return story.when(i.RecordFeedback, feedback_id="f1", rating=5)


def misfortunes() -> list[Story]:
    """Stories of what goes wrong."""
    other = [{"tool_id": "write_plainly", "agent_type": "content"}]
    failed = Story("failed")
    failed.answers[CommandKind.PLAN_WORKFLOW] = plan(step("post", alternatives=other)).as_json
    failed.reached(ExecutionPhase.EXECUTION).gave_up("post").gave_up("post").closed()
    failed.when(i.RetryTask)
    refused = Story("refused").submitted().when(i.ChangeSettings, values={"max_retries": 1})
    refused.done(CommandKind.PARSE_INTENT, intent(refusal="no")).closed().when(i.CancelTask)
    refused.given(e.InputFailed(input_type="cancel_task.v1", input_id="x", reason="broken"))
    skipped = Story("skipped").shown().approved().closed()
    cancelled = Story("cancelled").submitted().failed(CommandKind.PARSE_INTENT)
    cancelled.timer(WaitKind.RETRY).when(i.CancelTask)
    one = Story("one").when(i.DispatchCommand, agent_type="content", action="write").closed()
    history = [(at, event.as_json) for at, event in failed.history]
    origin = {"parent_task_id": "failed", "parent_sequence": 1, "parent_hash": ""}
    fork = Story("fork").when(i.ForkTask, **origin, history=history)
    return [failed, refused, skipped, cancelled, one, fork, asked(), operated(), *paid()]


def asked() -> Story:
    """A tool asks first: a person says no to one plan and yes to another."""
    story = Story("asked").reached(ExecutionPhase.DELEGATION)
    story.done(CommandKind.PLAN_WORKFLOW, plan(step("post", "crm.note")).as_json)
    story.when(i.AnswerQuestion, question_id="tool-1", answer="deny")
    story.done(CommandKind.PLAN_WORKFLOW, plan(step("post", "crm.find")).as_json)
    return story.when(i.AnswerQuestion, question_id="tool-2", answer="allow")


def operated() -> Story:
    """An operator ends one command, and lets another one be tried again at once."""
    story = Story("operated").reached(ExecutionPhase.EXECUTION)
    story.failed("facts", "broken", progress={"read": 3}).when(
        i.RetryCommand, command_id="operated.4"
    )
    return story.when(i.CancelCommand, command_id="operated.4", reason="wrong quarter")


def paid() -> list[Story]:
    """A day's ledger, and a task that asks a human for money."""
    book = Story(LEDGER)
    for name, mode in (("a", "stop"), ("b", "stop"), ("c", "audit")):
        reserve(book, name, 60, limits={"principal": 100}, mode=mode)
    book.when(i.SettleBudget, reservation_id="a", actual=70).only_timers()
    task = Story("dear").reached(ExecutionPhase.EXECUTION)
    return [book, task.failed("facts", "too dear", budget=NEED)]


@cache
def stories() -> tuple[Story, ...]:
    """All of them; nobody may tell them further."""
    return (published(), *misfortunes())


@cache
def all_events() -> tuple[e.Event, ...]:
    """Every kind of event, most of them in many forms."""
    return tuple(event for story in stories() for _, event in story.history)


@cache
def all_inputs() -> tuple[i.Input, ...]:
    """Every kind of input."""
    return tuple(given for story in stories() for given in story.inputs)

"""What happens in each recorded history of a request; the docstring of a story is what its file
says about it."""

from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.values import Channel
from streams.log import INPUTS, Record
from tests.histories import answers
from tests.histories.budget_stories import BUDGET_STORIES
from tests.histories.command_stories import COMMAND_STORIES
from tests.histories.tale import RUNNER, TASK, Tale


def approved(tale: Tale) -> None:
    """A human approves the first version; it is published once, and the task closes."""
    tale.submit()
    tale.work()
    tale.decide(True, channels=(Channel.LINKEDIN,), feedback="Great analysis!")
    tale.work()


def approved_by_policy(tale: Tale) -> None:
    """The plan needs nobody's approval and no channel: nine phases without a human."""
    tale.answers[CommandKind.PARSE_INTENT] = lambda command: answers.intent(channels=[])
    tale.answers[CommandKind.PLAN_WORKFLOW] = lambda c: answers.plan(requires_approval=False)
    tale.submit()
    tale.work()


def approved_with_edits(tale: Tale) -> None:
    """A human changes the text, names no channel, and approves; nothing is published."""
    tale.submit()
    tale.work()
    edits = answers.deliverable() | {"content": "We grew by 35 % in Q4."}
    tale.decide(True, channels=(), edits=edits)
    tale.work()


def rejected(tale: Tale) -> None:
    """A human rejects the version; what can be learned is learned."""
    tale.submit()
    tale.work()
    tale.decide(False, feedback="Off brand.")
    tale.work()


def revised_twice(tale: Tale) -> None:
    """Two rounds of revision with feedback, the second after the end; the third is approved."""
    tale.submit()
    tale.work()
    tale.say(i.ReviseRequest, principal="ann", feedback="Shorter, please.", round=1)
    tale.work()
    tale.decide(True, channels=())
    tale.work()
    tale.say(i.ReviseRequest, principal="ann", feedback="And with a question.")
    tale.work()
    tale.decide(True)
    tale.work()


def cancelled_in_execution(tale: Tale) -> None:
    """The user cancels while two steps run; their late results change nothing."""
    tale.submit()
    tale.work(until=CommandKind.RUN_STEP)
    figures, trends = tale.take(), tale.take()
    tale.say(i.CancelTask, principal="ann", reason="not needed any more")
    tale.report(figures)
    tale.report(trends)


def cancelled_while_publishing(tale: Tale) -> None:
    """The user cancels while a post is on its way: the receipt is waited for and kept."""
    tale.submit()
    tale.work()
    tale.decide(True)
    post = tale.take()
    tale.enter(post)
    tale.say(i.CancelTask, principal="ann")
    tale.report(post)


def publication_uncertain_then_done(tale: Tale) -> None:
    """The runner does not report back after the door; a human looks and says: done."""
    tale.submit()
    tale.work()
    tale.decide(True)
    tale.enter(tale.take())
    tale.ring()
    question = next(iter(tale.state().questions))
    tale.say(i.AnswerQuestion, principal="ann", question_id=question, answer="perhaps")
    tale.say(i.AnswerQuestion, principal="ann", question_id=question, answer="Done")
    tale.work()


def publication_uncertain_then_not_done(tale: Tale) -> None:
    """The line breaks while posting; a human says that nothing went out, and it is tried again."""
    tale.submit()
    tale.work()
    tale.decide(True)
    post = tale.take()
    tale.enter(post)
    tale.fail(post, "the line went dead", is_uncertain=True)
    question = next(iter(tale.state().questions))
    tale.say(i.AnswerQuestion, principal="ann", question_id=question, answer="not done")
    tale.work()


def publication_uncertain_then_receipt(tale: Tale) -> None:
    """The receipt comes after all, and answers the question to the human."""
    tale.submit()
    tale.work()
    tale.decide(True)
    post = tale.take()
    tale.enter(post)
    tale.ring()
    tale.report(post)
    tale.work()


def publication_failed(tale: Tale) -> None:
    """The platform refuses the post for good: the task fails."""
    tale.submit()
    tale.work()
    tale.decide(True)
    post = tale.take()
    tale.enter(post)
    tale.fail(post, "the account is suspended", is_retryable=False)
    tale.work()


def retried_after_failure(tale: Tale) -> None:
    """No planner answers: the task fails, is tried again later, and ends well."""
    tale.submit()
    tale.work(until=CommandKind.PLAN_WORKFLOW)
    tale.fail(tale.take(), "no planner", is_retryable=False)
    tale.work()
    tale.say(i.RetryTask, principal="ann")
    tale.work()
    tale.decide(True, channels=())
    tale.work()


def retried_after_a_pause(tale: Tale) -> None:
    """A step fails twice and is tried again after a growing pause."""
    tale.submit()
    tale.work(until=CommandKind.RUN_STEP)
    tale.fail(tale.take(), "the table is locked")
    tale.complete(tale.take())
    tale.ring()
    tale.fail(tale.take(), "the table is locked")
    tale.ring()
    tale.work()
    tale.decide(True, channels=())
    tale.work()


def rerouted_to_another_tool(tale: Tale) -> None:
    """One tool gives up; the step goes on with its alternative."""
    tale.submit()
    tale.work(until=CommandKind.RUN_STEP)
    tale.complete(tale.take())
    tale.complete(tale.take())
    tale.fail(tale.take(), "the model is gone", is_retryable=False)
    tale.work()
    tale.decide(True, channels=())
    tale.work()


def optional_step_failed(tale: Tale) -> None:
    """The market cannot be read: the plan goes on without it."""
    tale.submit()
    tale.work(until=CommandKind.RUN_STEP)
    tale.complete(tale.take())
    tale.fail(tale.take(), "no such market", is_retryable=False)
    tale.work()
    tale.decide(True, channels=())
    tale.work()


def step_failed(tale: Tale) -> None:
    """The figures cannot be read: without them there is no post, and the task fails."""
    tale.submit()
    tale.work(until=CommandKind.RUN_STEP)
    tale.fail(tale.take(), "no access", is_retryable=False)
    tale.work()


def question_answered(tale: Tale) -> None:
    """The request is unclear: the user is asked, answers, and the work goes on."""
    question = {"text": "Which quarter?", "options": ["Q3", "Q4"]}
    tale.submit()
    tale.complete(tale.take(), answers.intent(question=question))
    tale.say(i.AnswerQuestion, principal="ann", question_id="question-1", answer="Q4")
    tale.work()
    tale.decide(True, channels=())
    tale.work()


def declined(tale: Tale) -> None:
    """The request asks for something that must not be done: it is declined with the reason."""
    tale.submit(request="Guarantee our customers 20 % a year")
    tale.complete(tale.take(), answers.intent(refusal="Returns must not be guaranteed."))
    tale.work()


def forked(tale: Tale) -> None:
    """From the middle of a finished task a second one goes on with another figure."""
    approved_with_edits(tale)
    parent = tale.desk.stored(TASK)
    cut = next(s for s in parent if s.header.type == "quality_assessed.v1").header.sequence
    history = [(s.header.at, s.event.as_json) for s in parent[: cut - 1] if s.event is not None]
    tale.say(
        i.ForkTask,
        "growth-post-2",
        principal="ann",
        parent_task_id=TASK,
        parent_sequence=cut - 1,
        parent_hash=parent[cut - 2].hash.hex(),
        history=history,
        request={"request": "Create a LinkedIn post about our growth in Europe"},
        outputs={"post": {"text": "Revenue in Europe grew by 20 %."}},
    )
    tale.work()


def one_step_command(tale: Tale) -> None:
    """One command without a request: claimed, held longer, done."""
    tale.say(
        i.DispatchCommand,
        "analysis",
        agent_type="financial",
        action="analyze_q4_metrics",
        tool_id="metrics_analyzer",
        payload={"date_range": "2024-Q4"},
    )
    command = tale.take()
    lease = {"command_id": command.command_id, "runner": RUNNER, "lease": 30_000}
    tale.say(i.ClaimCommand, "analysis", principal=RUNNER, **lease)
    tale.say(i.ClaimCommand, "analysis", principal=RUNNER, **(lease | {"lease": 60_000}))
    tale.say(i.ClaimCommand, "analysis", principal="two", **(lease | {"runner": "two"}))
    tale.report(command, {"growth": 0.35})


def one_step_publication(tale: Tale) -> None:
    """One publication without a request; the platform refuses it."""
    tale.say(
        i.DispatchCommand,
        "post-it",
        agent_type="publisher",
        action="publish",
        tool_id="linkedin_publisher",
        channel=Channel.LINKEDIN,
        payload={"content": answers.TEXT},
    )
    post = tale.take()
    tale.enter(post)
    tale.fail(post, "not allowed", is_retryable=False)


def engagement_after_close(tale: Tale) -> None:
    """After the end come engagement, twice the same, and a remark."""
    approved(tale)
    seen = {"engagement_id": "week-1", "metrics": {"impressions": 3421, "clicks": 87}}
    tale.say(i.RecordEngagement, channel=Channel.LINKEDIN, **seen)
    tale.say(i.RecordEngagement, channel=Channel.LINKEDIN, **seen)
    tale.say(i.RecordFeedback, principal="ann", feedback_id="f-1", rating=5, text="More of it")


def plan_rejected_once(tale: Tale) -> None:
    """The first plan names a tool that is not there; the second one runs."""
    tale.submit()
    tale.work(until=CommandKind.PLAN_WORKFLOW)
    steps = answers.plan()["steps"]
    wrong = [*steps[:2], steps[2] | {"tool_id": "crystal_ball"}]
    tale.complete(tale.take(), answers.plan(steps=wrong))
    tale.work()
    tale.decide(True, channels=())
    tale.work()


def refined_to_the_limit(tale: Tale) -> None:
    """Two refinements help, but not enough: a human decides about the best version."""
    better = iter((0.6, 0.7, 0.78))
    tale.answers[CommandKind.ASSESS_QUALITY] = lambda command: answers.scores(next(better))
    tale.submit()
    tale.work()
    tale.decide(True, channels=())
    tale.work()


def refused_when_late(tale: Tale) -> None:
    """Approved in an old round, cancelled after the end, retried though approved: all refused."""
    tale.submit()
    tale.work()
    tale.say(i.ReviseRequest, principal="ann", feedback="Shorter", round=1)
    tale.work()
    tale.say(i.DecideApproval, principal="bob", round=1, is_approved=True)
    tale.decide(True, channels=())
    tale.work()
    tale.say(i.CancelTask, principal="bob")
    tale.say(i.RetryTask, principal="bob")


def lease_lost(tale: Tale) -> None:
    """A runner claims a step and falls silent; another one does it, and the late result of the
    first is refused."""
    tale.submit()
    tale.work(until=CommandKind.RUN_STEP)
    figures = tale.take()
    held = {"command_id": figures.command_id, "runner": "silent", "lease": 10_000}
    tale.say(i.ClaimCommand, principal="silent", **held)
    tale.ring()
    tale.ring()
    tale.work()
    late = {"command_id": figures.command_id, "attempt": 1, "runner": "silent"}
    tale.say(i.ReportResult, principal="silent", **late, output={"growth": 0.1})
    tale.decide(True, channels=())
    tale.work()


def nobody_decided(tale: Tale) -> None:
    """Nobody looks at the version for thirty days: the clock cancels the task."""
    tale.submit()
    tale.work()
    tale.ring()


def deadline_passed(tale: Tale) -> None:
    """The deadline passes while the steps run: they are withdrawn, and the task fails."""
    tale.submit(settings={"deadline": tale.now + 60_000})
    tale.work(until=CommandKind.RUN_STEP)
    tale.ring()
    tale.work()


def settings_changed(tale: Tale) -> None:
    """A tenant's preferences, and the settings of an open task: kept, refused, repeated."""
    tale.say(i.ChangeSettings, "tenant:acme", principal="ann", values={"tone": "friendly"})
    tale.say(i.ChangeSettings, "tenant:acme", principal="ann", values={"tone": "friendly"})
    tale.submit()
    tale.say(i.ChangeSettings, principal="ann", values={"quality_threshold": 0.95})
    tale.say(i.ChangeSettings, principal="ann", values={"max_retries": "many"})
    tale.work()


def input_failed(tale: Tale) -> None:
    """Bytes that are no input come for an open task: it is told, and goes on."""
    tale.submit()
    headers = {"id": "noise", "type": "cancel_task.v1", "time": str(tale.now)}
    tale.throw(Record(INPUTS, 0, TASK, b'{"type": "cancel_task.v1", "reason": "\xff"}', headers))
    tale.work()
    tale.decide(True, channels=())
    tale.work()


STORIES = {
    story.__name__: story
    for story in (
        approved,
        approved_by_policy,
        approved_with_edits,
        rejected,
        revised_twice,
        cancelled_in_execution,
        cancelled_while_publishing,
        publication_uncertain_then_done,
        publication_uncertain_then_not_done,
        publication_uncertain_then_receipt,
        publication_failed,
        retried_after_failure,
        retried_after_a_pause,
        rerouted_to_another_tool,
        optional_step_failed,
        step_failed,
        question_answered,
        declined,
        forked,
        one_step_command,
        one_step_publication,
        engagement_after_close,
        plan_rejected_once,
        refined_to_the_limit,
        refused_when_late,
        lease_lost,
        nobody_decided,
        deadline_passed,
        settings_changed,
        input_failed,
        *COMMAND_STORIES,
        *BUDGET_STORIES,
    )
}

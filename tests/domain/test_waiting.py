"""What an open task waits for, for whom, and until when."""

from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.state import TaskState
from streams.domain.values import Channel
from streams.domain.waiting import Wait, WaitKind, next_timer, waits
from tests.domain.samples import NOW, intent
from tests.domain.story import Story

PARSE = CommandKind.PARSE_INTENT
LINKEDIN = Channel.LINKEDIN


def test_a_task_that_is_not_there_or_over_waits_for_nothing() -> None:
    closed = Story().submitted().when(i.CancelTask).state

    for state in (TaskState(), closed):
        assert waits(state) == []
        assert next_timer(state) is None


def test_a_new_command_waits_for_a_taker() -> None:
    story = Story().submitted(settings={"queue_timeout": 300})

    until = NOW + 301
    assert waits(story.state) == [
        Wait(WaitKind.CLAIM, "t.1", "agents.planner", until, "claim:t.1:1")
    ]


def test_a_command_at_work_waits_for_its_runner() -> None:
    story = Story().submitted().claimed(PARSE, "r1", lease=300)

    until = story.now + 300
    assert waits(story.state) == [Wait(WaitKind.LEASE, "t.1", "r1", until, f"lease:t.1:1:{until}")]


def test_a_failed_attempt_waits_for_the_clock() -> None:
    story = Story().submitted().failed(PARSE, retry_after=300)

    assert waits(story.state) == [
        Wait(WaitKind.RETRY, "t.1", "the clock", story.now + 300, "retry:t.1:1")
    ]


def test_an_effect_waits_for_whoever_was_let_through() -> None:
    story = Story(channels=("linkedin",)).shown().approved().let_through(LINKEDIN, "r1")

    assert waits(story.state) == [
        Wait(WaitKind.GRANT, "t.8", "r1", story.now + 60_000, "grant:t.8:1")
    ]


def test_a_doubt_waits_for_a_human() -> None:
    story = Story(channels=("linkedin",)).shown().approved().let_through(LINKEDIN)

    story.failed(LINKEDIN, is_uncertain=True)

    until = story.now + story.state.settings.question_timeout
    name = "effect-t.8-1"
    assert waits(story.state) == [
        Wait(WaitKind.QUESTION, name, "a human", until, f"question:{name}")
    ]


def test_a_round_of_approval_waits_for_a_human() -> None:
    story = Story().shown(approval_timeout=300)

    assert waits(story.state) == [
        Wait(WaitKind.APPROVAL, "1", "a human", story.now + 300, "approval:1")
    ]


def test_the_work_waits_for_its_deadline_besides() -> None:
    story = Story().submitted(settings={"deadline": NOW + 500})
    story.done(PARSE, intent(question={"text": "Which quarter?"}))

    assert [wait.kind for wait in waits(story.state)] == [WaitKind.QUESTION, WaitKind.DEADLINE]


def test_the_next_timer_is_the_one_that_ends_first() -> None:
    story = Story().submitted(settings={"deadline": NOW + 500, "queue_timeout": 300})
    assert next_timer(story.state).kind is WaitKind.CLAIM

    story.claimed(PARSE, lease=9_000)

    assert next_timer(story.state).kind is WaitKind.DEADLINE

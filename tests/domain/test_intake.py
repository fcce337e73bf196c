"""How a task begins: a request, or a single command."""

import pytest

from streams.decider import decide
from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.commands import CommandKind
from streams.domain.errors import Undecidable, UnknownTask
from streams.domain.settings import TaskSettings
from streams.domain.state import Life, TaskState
from streams.domain.values import ExecutionPhase, WorkflowSource
from tests.domain.samples import NOW
from tests.domain.story import Like, Story

DISPATCH = {"agent_type": "financial", "action": "analyze"}


def test_a_request_starts_planning_with_the_settings_it_came_with() -> None:
    story = Story()

    story.submitted(
        request="Post our growth",
        tenant="acme",
        business_metrics={"revenue_monthly": 150_000},
        preferences={"priority": "high"},
        settings={"max_retries": 1, "queue_timeout": 500},
    )

    story.then(
        e.RequestSubmitted(
            tenant="acme",
            principal="ann",
            request="Post our growth",
            business_metrics={"revenue_monthly": 150_000},
            preferences={"priority": "high"},
            source=WorkflowSource.USER_REQUEST,
            settings=TaskSettings(max_retries=1, queue_timeout=500),
        ),
        e.PhaseStarted(phase=ExecutionPhase.PLANNING),
        e.CommandIssued(
            command_id="t.1",
            kind=CommandKind.PARSE_INTENT,
            phase=ExecutionPhase.PLANNING,
            agent_type="planner",
            max_attempts=3,
            priority=10,
            timeout=60_000,
            issued_at=NOW + 1,
            expires_at=NOW + 501,
        ),
    )
    assert story.state.life is Life.OPEN
    assert story.state.submitted_at == NOW + 1


@pytest.mark.parametrize(
    ("wanted", "priority"), [("critical", 20), ("low", -10), (None, 0), ("at once", 0), (7, 0)]
)
def test_the_priority_of_a_request_is_that_of_its_commands(wanted: object, priority: int) -> None:
    story = Story()

    story.submitted(preferences={"priority": wanted})

    assert story.open(CommandKind.PARSE_INTENT).issued.priority == priority


def test_the_same_task_is_taken_in_only_once_whatever_asks_for_it() -> None:
    story = Story().submitted()

    story.submitted(request="something else").then_nothing()
    story.when(i.DispatchCommand, **DISPATCH).then_nothing()
    story.when(
        i.ForkTask, parent_task_id="p", parent_sequence=1, parent_hash="", history=()
    ).then_nothing()


def test_settings_that_make_no_sense_cannot_be_decided() -> None:
    with pytest.raises(Undecidable, match="settings: /max_attempts: Input should be greater"):
        Story().submitted(settings={"max_attempts": 0})
    with pytest.raises(Undecidable, match="settings: /deadline"):
        Story().when(i.DispatchCommand, settings={"deadline": "soon"}, **DISPATCH)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (i.ReportResult, {"command_id": "t.1", "output": {}}),
        (i.CancelTask, {}),
        (i.RecordFeedback, {"feedback_id": "f"}),
        (i.TimerFired, {"timer_id": "claim:t.1:1"}),
    ],
)
def test_what_is_meant_for_no_task_cannot_be_decided(kind: type, fields: dict) -> None:
    with pytest.raises(UnknownTask, match="there is no task 't'"):
        Story().when(kind, **fields)


def test_the_first_agent_gets_the_request_and_what_is_known_about_the_company() -> None:
    story = Story()

    story.submitted(business_metrics={"customer_count": 320}, context={"quarter": "Q4"})

    payload = story.payload(CommandKind.PARSE_INTENT)
    assert payload["request"] == "Post our growth"
    assert payload["business_metrics"] == {"customer_count": 320}
    assert payload["context"] == {"quarter": "Q4"}
    assert payload["answers"] == []


def test_the_time_of_the_history_counts_where_an_input_was_recorded_before_it() -> None:
    story = Story().submitted()
    header = {"input_id": "early", "task_id": "t", "at": 5, "salt": "0" * 32}
    early = i.ClaimCommand(**header, command_id="t.1", runner="r1", lease=100)

    story.hear(early)

    story.then(Like(e.CommandClaimed, lease_until=story.now + 100))


def test_an_input_brings_its_own_time_where_no_history_has_a_later_one() -> None:
    submitted = Story().submitted().inputs[0]

    decision = decide(submitted.model_copy(update={"at": 5}), TaskState(task_id="t"))

    assert decision.state.submitted_at == 5

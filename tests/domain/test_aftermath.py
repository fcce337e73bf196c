"""Engagement, feedback and settings: what reaches a task at any time."""

import pytest

from streams.domain import events as e
from streams.domain import inputs as i
from streams.domain.state import REMEMBERED, Life
from streams.domain.values import Channel
from tests.domain.story import Like, Story


@pytest.fixture
def closed() -> Story:
    return Story().shown().approved().closed()


def test_engagement_is_recorded_after_the_end_and_once(closed: Story) -> None:
    seen = {"engagement_id": "e1", "channel": Channel.LINKEDIN, "metrics": {"clicks": 87}}

    closed.when(i.RecordEngagement, **seen)

    closed.then(
        e.EngagementRecorded(engagement_id="e1", channel=Channel.LINKEDIN, metrics={"clicks": 87})
    )
    closed.when(i.RecordEngagement, **seen).then_nothing()


def test_feedback_is_recorded_once(closed: Story) -> None:
    closed.when(i.RecordFeedback, feedback_id="f1", rating=5, text="Perfect tone")

    closed.then(e.FeedbackRecorded(feedback_id="f1", by="ann", rating=5, text="Perfect tone"))
    closed.when(i.RecordFeedback, feedback_id="f1", rating=1).then_nothing()


def test_only_the_latest_ids_are_remembered(closed: Story) -> None:
    for number in range(REMEMBERED + 1):
        closed.given(
            e.EngagementRecorded(engagement_id=f"e{number}", metrics={}),
            e.FeedbackRecorded(feedback_id=f"f{number}", by="ann"),
        )

    closed.when(i.RecordEngagement, engagement_id="e1", metrics={}).then_nothing()
    closed.when(i.RecordFeedback, feedback_id="f1").then_nothing()

    assert len(closed.state.engagement_ids) == len(closed.state.feedback_ids) == REMEMBERED
    closed.when(i.RecordEngagement, engagement_id="e0", metrics={}).then_types(
        "engagement_recorded"
    )
    closed.when(i.RecordFeedback, feedback_id="f0").then_types("feedback_recorded")


def test_settings_of_an_open_task_count_from_then_on() -> None:
    story = Story().submitted()

    story.when(i.ChangeSettings, values={"max_retries": 5})

    story.then(e.SettingsChanged(by="ann", values={"max_retries": 5}))
    assert story.state.settings.max_retries == 5
    story.when(i.ChangeSettings, values={"max_retries": 5}).then_nothing()


def test_settings_that_make_no_sense_are_refused_with_the_place() -> None:
    story = Story().submitted()

    story.when(i.ChangeSettings, values={"max_retries": -1})

    story.then(
        Like(
            e.InputRefused,
            code="conflict",
            reason="/max_retries: Input should be greater than or equal to 0",
        )
    )
    assert story.state.settings.max_retries == 2


def test_settings_of_a_closed_task_cannot_be_changed(closed: Story) -> None:
    closed.when(i.ChangeSettings, values={"max_retries": 5})

    closed.then(Like(e.InputRefused, code="closed", reason="the task has ended"))


def test_what_a_principal_prefers_is_kept_under_an_id_that_is_no_task() -> None:
    story = Story("principal-ann")

    story.when(i.ChangeSettings, values={"theme": "dark"})
    story.when(i.ChangeSettings, values={"max_retries": 1})

    assert story.state.life is Life.ABSENT
    assert story.state.own_settings == {"theme": "dark", "max_retries": 1}
    assert story.state.settings.max_retries == 1


def test_a_fold_survives_settings_that_no_decision_would_have_made() -> None:
    story = Story().submitted()

    story.given(e.SettingsChanged(by="old", values={"max_retries": "many"}))

    assert story.state.settings.max_retries == 2
    assert story.state.own_settings == {"max_retries": "many"}

"""What reaches a task at any time, also after its end: engagement, feedback, settings."""

from pydantic import ValidationError

from streams.domain import events as e
from streams.domain.inputs import ChangeSettings, RecordEngagement, RecordFeedback
from streams.domain.settings import TaskSettings
from streams.domain.state import Life
from streams.phases.decision import Decision


def record_engagement(d: Decision, seen: RecordEngagement) -> None:
    """What the world did with a publication; the same engagement_id again changes nothing."""
    if seen.engagement_id not in d.state.engagement_ids:
        d.emit(
            e.EngagementRecorded(
                engagement_id=seen.engagement_id, channel=seen.channel, metrics=seen.metrics
            )
        )


def record_feedback(d: Decision, said: RecordFeedback) -> None:
    """A remark; the same feedback_id again changes nothing."""
    if said.feedback_id not in d.state.feedback_ids:
        d.emit(
            e.FeedbackRecorded(
                feedback_id=said.feedback_id, by=d.by, rating=said.rating, text=said.text
            )
        )


def change_settings(d: Decision, wanted: ChangeSettings) -> None:
    """New settings of an open task; of an id that is no task, any values are kept as a tenant's
    preferences.
    """
    if d.state.life is Life.CLOSED:
        d.refuse(wanted.type, "closed", "the task has ended", subject=wanted.input_id)
        return
    if d.state.life is Life.OPEN:
        try:
            TaskSettings.model_validate({**d.state.settings.model_dump(), **wanted.values})
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            reason = f"/{'/'.join(map(str, first['loc']))}: {first['msg']}"
            d.refuse(wanted.type, "conflict", reason, subject=wanted.input_id)
            return
    if all(d.state.own_settings.get(k, ...) == v for k, v in wanted.values.items()):
        return
    d.emit(e.SettingsChanged(by=d.by, values=wanted.values))

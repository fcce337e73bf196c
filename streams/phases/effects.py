"""What came of a command that acts in the world, as a fact of its task."""

from typing import Any

from streams.domain import events as e
from streams.domain.deliverable import Receipt
from streams.phases.decision import Decision


def happened(d: Decision, issued: e.CommandIssued, result: Any) -> None:
    """Keep the receipt of a publication, or the output of a step."""
    command_id = issued.command_id
    if isinstance(result, Receipt) and issued.channel is not None:
        channel = issued.channel
        d.emit(e.PublicationCompleted(channel=channel, command_id=command_id, receipt=result))
    else:
        d.emit(e.StepCompleted(step_id=issued.step_id or "", output=result))


def not_published(d: Decision, command_id: str, reason: str) -> None:
    """Say of the channel that the command was for that nothing went out."""
    for channel, asked in d.state.publications.items():
        if asked.command_id == command_id:
            d.emit(e.PublicationFailed(channel=channel, command_id=command_id, reason=reason))

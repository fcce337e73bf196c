"""The read models `publications` and `engagements`: what was published where, and what people did
with it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from projections.model import MOMENT, TEXT, TRUTH, ReadModel, Row, Step
from projections.store import Store
from streams.domain import events as e
from streams.domain.values import Json, Milliseconds

PUBLICATION_COLUMNS = {
    "command_id": TEXT,
    "task_id": TEXT,
    "tenant": TEXT,
    "channel": TEXT,
    "reference": TEXT,
    "url": TEXT,
    "is_dry_run": TRUTH,
    "published_at": MOMENT,
}
ENGAGEMENT_COLUMNS = {
    "task_id": TEXT,
    "engagement_id": TEXT,
    "tenant": TEXT,
    "channel": TEXT,
    "metrics": TEXT,  # JSON
    "recorded_at": MOMENT,
}


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """A publication that left the house, and the ids under which its engagement was recorded."""

    command_id: str
    task_id: str
    channel: str
    reference: str
    published_at: Milliseconds
    engagement_ids: tuple[str, ...]


def publication_rows(steps: Sequence[Step]) -> list[Row]:
    """The publications of a batch, dry runs among them."""
    found = []
    for step in steps:
        if step.type != "publication_completed.v1":
            continue
        match step.event:
            case e.PublicationCompleted(channel=channel, command_id=command_id, receipt=receipt):
                reference, is_dry_run = receipt.reference, receipt.is_dry_run
                place: tuple[Any, ...] = (command_id, step.task_id, step.state.tenant)
                what = (channel.value, reference, receipt.url, is_dry_run, step.at)
                found.append((*place, *what))
            case _:
                pass
    return found


def engagement_rows(steps: Sequence[Step]) -> list[Row]:
    """What was recorded in a batch."""
    found = []
    for step in steps:
        if step.type != "engagement_recorded.v1":
            continue
        match step.event:
            case e.EngagementRecorded(engagement_id=name, channel=channel, metrics=metrics):
                text = json.dumps(metrics, sort_keys=True)
                where = channel.value if channel else None
                found.append((step.task_id, name, step.state.tenant, where, text, step.at))
            case _:
                pass
    return found


PUBLICATIONS = ReadModel("publications", PUBLICATION_COLUMNS, publication_rows)
ENGAGEMENTS = ReadModel("engagements", ENGAGEMENT_COLUMNS, engagement_rows)


def published_since(store: Store, since: Milliseconds) -> list[PublicationRow]:
    """What has really been published since a moment, oldest first."""
    rows = store.read("published_since", {"since": since})
    return [
        PublicationRow(command_id, task_id, channel, reference, at, tuple(names or ()))
        for command_id, task_id, channel, reference, at, names in rows
    ]


def last_fetches(store: Store) -> Json:
    """When engagement was fetched last, by channel; milliseconds since the Unix epoch."""
    return dict(store.read("last_fetches"))

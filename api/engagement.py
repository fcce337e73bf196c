"""Fetches on a schedule what people did with publications, and records it with their tasks.

What is due follows from the read models alone, so a restart forgets nothing, and an id for each
publication and moment makes a repeat harmless.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agents.publishers.accounts import Account
from agents.publishers.engagement import AT_ONCE, can_be_asked, fetch
from agents.publishers.guide import GUIDES
from api.channels import standings
from api.documents import iso
from api.errors import ApiError
from projections.errors import ProjectionsError
from streams.clock import Clock
from streams.domain.errors import StreamsError
from streams.domain.values import Channel, Json, Milliseconds

if TYPE_CHECKING:
    from api.bootstrap import Parts
    from projections.publications import PublicationRow

HOUR: Milliseconds = 3_600_000
GRACE: Milliseconds = 48 * HOUR  # after the last moment, within which it is still caught up on
PASS = 60.0  # seconds between two looks
LONGEST = 3_600.0  # seconds between two tries of a platform that fails
PRINCIPAL = "engagement"
_log = logging.getLogger("orchestrator.engagement")


@dataclass(frozen=True, slots=True)
class Due:
    """A publication that is to be asked about, and the id of what will be recorded."""

    task_id: str
    channel: Channel
    reference: str
    engagement_id: str


@dataclass(slots=True)
class _Trouble:
    """A platform that failed, and when it is asked again."""

    error: str = ""
    failures: int = 0
    not_before: Milliseconds = 0


@dataclass
class Engagement:
    """The schedule of one process. Two of them record the same under the same ids."""

    parts: "Parts"
    clock: Clock
    _trouble: dict[Channel, _Trouble] = field(default_factory=dict)
    _absent: set[str] = field(default_factory=set)  # asked for, and not known to the platform

    @property
    def hours(self) -> tuple[float, ...]:
        """The moments after a publication, in hours, the first one first."""
        named = self.parts.settings.engagement_hours
        return tuple(sorted({float(part) for part in named.split(",") if part}))

    async def follow(self) -> None:
        """Go on until cancelled; what goes wrong is tried again."""
        accounts = self._accounts()
        while accounts and self.hours:
            try:
                await self.once()
            except Exception:
                _log.exception("engagement could not be looked after; it is tried again")
            await asyncio.sleep(PASS)

    async def once(self) -> int:
        """Fetch and record what is due now; the answer is how many were recorded."""
        hours, now = self.hours, self.clock()
        if not hours:
            return 0
        since = now - int(hours[-1] * HOUR) - GRACE
        rows = await self.parts.read_models.published_since(since)
        recorded = 0
        for channel, account in self._accounts().items():
            trouble = self._trouble.setdefault(channel, _Trouble())
            asked = due(rows, hours, now, channel)
            wanted = [each for each in asked if each.engagement_id not in self._absent]
            size = AT_ONCE.get(channel, 1)
            for start in range(0, len(wanted), size):
                if trouble.not_before > now:
                    break
                recorded += await self._record(account, wanted[start : start + size], trouble)
        return recorded

    async def status(self) -> dict[Channel, Json]:
        """For each channel: what is fetched, when it was fetched last, and what is wrong."""
        try:
            last = await self.parts.read_models.last_fetches()
        except ProjectionsError:  # how the channels stand does not depend on it
            last = {}
        return {
            channel: {
                "what": GUIDES[channel].engagement,
                "hours": list(self.hours) if channel in AT_ONCE else [],
                "last_at": iso(last.get(channel.value)),
                "error": self._trouble.get(channel, _Trouble()).error or None,
            }
            for channel in Channel
        }

    def _accounts(self) -> Mapping[Channel, Account]:
        return {
            channel: standing.account
            for channel, standing in standings(self.parts.settings).items()
            if standing.account is not None and channel in AT_ONCE
        }

    async def _record(self, account: Account, wanted: Sequence[Due], trouble: _Trouble) -> int:
        found = await fetch(account, [each.reference for each in wanted], self.clock)
        recorded = 0
        for each in wanted:
            metrics = found.metrics.get(each.reference)
            if metrics:
                recorded += await self._tell(each, metrics)
            elif not found.error:
                self._absent.add(each.engagement_id)
        self._note(trouble, found.error)
        return recorded

    async def _tell(self, each: Due, metrics: Json) -> int:
        try:
            await self.parts.orchestrator.record_engagement(
                each.task_id, each.engagement_id, metrics, each.channel, principal=PRINCIPAL
            )
        except (ApiError, StreamsError) as error:
            _log.warning("engagement of %s could not be recorded: %s", each.task_id, error)
            return 0
        return 1

    def _note(self, trouble: _Trouble, error: str) -> None:
        trouble.error = error
        trouble.failures = trouble.failures + 1 if error else 0
        pause = min(LONGEST, PASS * 2**trouble.failures) if error else 0.0
        trouble.not_before = self.clock() + int(pause * 1000) if error else 0
        if error:
            _log.warning("engagement: %s; asked again in %g s", error, pause)


def due(
    rows: Iterable["PublicationRow"],
    hours: Sequence[float],
    now: Milliseconds,
    channel: Channel,
) -> list[Due]:
    """What is to be asked now. Of moments that passed unused only the last one is made up for: what
    was to be seen then cannot be seen any more."""
    found = []
    for row in rows:
        if row.channel != channel.value or not can_be_asked(channel, row.reference):
            continue
        passed = [hour for hour in hours if row.published_at + int(hour * HOUR) <= now]
        if not passed:
            continue
        engagement_id = f"fetched:{row.command_id}:{passed[-1]:g}h"
        if engagement_id not in row.engagement_ids:
            found.append(Due(row.task_id, channel, row.reference, engagement_id))
    return found

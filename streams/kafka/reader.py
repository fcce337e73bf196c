"""Reads a broker at any offset, one request at a time: committed records, ends, and where groups
stand.

aiokafka's consumer fetches ahead in the background and waits at the end of a topic; the port reads
here and there and must know where the end is. So this speaks the protocol's requests through
aiokafka's client, and leaves decoding and the skipping of aborted records to aiokafka.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from aiokafka.client import AIOKafkaClient, CoordinationType
from aiokafka.consumer.fetcher import READ_COMMITTED, PartitionRecords
from aiokafka.errors import KafkaError, OffsetOutOfRangeError, for_code
from aiokafka.protocol.commit import OffsetCommitRequest, OffsetFetchRequest
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.protocol.offset import OffsetRequest
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.structs import TopicPartition

from streams.kafka.connection import PERMANENT, KafkaSettings, errors_of, reached
from streams.kafka.wire import decode
from streams.log import Record

T = TypeVar("T")

_LATEST, _EARLIEST = -1, -2
_PAUSE = 0.05  # seconds before a request is tried again
_MOMENT = 0.002  # seconds that a broker takes to show a transaction that it has committed
_AT_LEAST, _AT_MOST = 64 << 10, 4 << 20  # bytes asked for; one record always comes whole
_EACH = 2048  # bytes that a record is expected to have


@dataclass(frozen=True, slots=True)
class Page:
    """What one request has brought: records, where to go on, and the end of what is committed."""

    records: list[Record]
    following: int
    end: int


class Reader:
    """One connection for reading; requests on it are answered one after the other."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._client: Any = None
        self._coordinators: dict[str, int] = {}

    async def start(self) -> None:
        """Connect."""
        self._client = AIOKafkaClient(**self._settings.arguments())
        await reached(self._settings, "to read", self._client.bootstrap)

    async def close(self) -> None:
        """Let go of the connection."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def read(
        self, topic: str, partition: int, offset: int, limit: int, *, at_least: int = 0
    ) -> list[Record]:
        """Committed records from an offset on. `at_least`: what was committed up to this offset
        is waited for, since a broker shows a transaction a moment after it is done."""
        records: list[Record] = []
        following = max(offset, 0)
        while len(records) < limit:
            page = await self.fetch(topic, partition, following, limit - len(records))
            records += page.records
            following = page.following
            if following >= page.end:
                if page.end >= at_least:
                    break
                await self.end(topic, partition, at_least=at_least)
        return records[:limit]

    async def fetch(
        self, topic: str, partition: int, offset: int, limit: int, wait: float = 0.0
    ) -> Page:
        """One request; with `wait` it is answered when there is something, at most so many
        seconds later."""
        size = min(max(limit * _EACH, _AT_LEAST), _AT_MOST)
        place = TopicPartition(self._settings.named(topic), partition)

        async def ask() -> Page:
            try:
                return await self._fetch(place, topic, offset, size, wait)
            except OffsetOutOfRangeError:
                first = await self._offset_at(place, _EARLIEST)
                if offset >= first:
                    await asyncio.sleep(wait)
                    return Page([], offset, offset)
                return await self._fetch(place, topic, first, size, wait)

        return await self._insist(ask, f"to read {place.topic}")

    async def end(self, topic: str, partition: int, *, at_least: int = 0) -> int:
        """The offset after the last committed record and its transaction's marker, once it is at
        least so much."""
        place = TopicPartition(self._settings.named(topic), partition)

        async def ask() -> int:
            found = await self._offset_at(place, _LATEST)
            while found < at_least:
                await asyncio.sleep(_MOMENT)
                found = await self._offset_at(place, _LATEST)
            return found

        return await self._insist(ask, f"for the end of {place.topic}")

    async def beginning(self, topic: str, partition: int) -> int:
        """The offset of the oldest record that is still kept."""
        place = TopicPartition(self._settings.named(topic), partition)
        return await self._insist(
            lambda: self._offset_at(place, _EARLIEST), f"for the beginning of {place.topic}"
        )

    async def position(self, group: str, topic: str, partition: int) -> int:
        """Where a consumer group stands; 0 if it has never said."""
        group, name = self._settings.named(group), self._settings.named(topic)

        async def ask() -> int:
            request = OffsetFetchRequest(group, [(name, [partition])])
            answer = await self._client.send(await self._coordinator(group), request)
            # A coordinator that is loading answers for the whole group, without topics.
            self._check(getattr(answer, "error_code", 0), group)
            ((_, ((_, offset, _, code),)),) = answer.topics
            self._check(code, group)
            return max(0, int(offset))

        return await self._insist(ask, f"for the position of {group}")

    async def save_position(self, group: str, topic: str, partition: int, offset: int) -> None:
        """Remember where a consumer group stands."""
        group, name = self._settings.named(group), self._settings.named(topic)

        async def ask() -> None:
            topics = [(name, [(partition, offset, "")])]
            request = OffsetCommitRequest(group, -1, "", -1, topics)
            answer = await self._client.send(await self._coordinator(group), request)
            ((_, ((_, code),)),) = answer.topics
            self._check(code, group)

        await self._insist(ask, f"to save the position of {group}")

    async def _fetch(
        self, place: TopicPartition, topic: str, offset: int, size: int, wait: float
    ) -> Page:
        asked = [(place.topic, [(place.partition, offset, size)])]
        request = FetchRequest(int(wait * 1000), 1, 2 * size, READ_COMMITTED, asked)
        answer = await self._client.send(await self._leader(place), request)
        ((_, (found,)),) = answer.topics
        _, code, _, end, *rest = found
        self._check(code)
        # From version 11 on the last but one field is another one.
        aborted = rest[-3] if answer.API_VERSION >= 11 else rest[-2]
        batches = MemoryRecords(rest[-1])
        unpacked = PartitionRecords(
            place, batches, aborted, offset, None, None, True, READ_COMMITTED
        )
        prefix = self._settings.prefix
        records = [
            decode(topic, r.partition, r.offset, (r.key, r.value, r.headers), prefix)
            for r in unpacked
        ]
        return Page(records, unpacked.next_fetch_offset, end)

    async def _offset_at(self, place: TopicPartition, moment: int) -> int:
        asked = [(place.topic, [(place.partition, moment)])]
        request = OffsetRequest(-1, READ_COMMITTED, asked)
        answer = await self._client.send(await self._leader(place), request)
        ((_, ((_, code, *_, offset),)),) = answer.topics
        self._check(code)
        return int(offset)

    async def _leader(self, place: TopicPartition) -> int:
        await self._client._wait_on_metadata(place.topic)
        leader = self._client.cluster.leader_for_partition(place)
        if leader is None or leader == -1:
            raise KafkaError(f"{place.topic}/{place.partition} has no leader")
        return int(leader)

    async def _coordinator(self, group: str) -> int:
        known = self._coordinators.get(group)
        if known is None:
            known = await self._client.coordinator_lookup(CoordinationType.GROUP, group)
            self._coordinators[group] = known
        return known

    def _check(self, code: int, group: str = "") -> None:
        error = for_code(code)
        if code:
            self._coordinators.pop(group, None)
            raise error()

    async def _insist(self, ask: Callable[[], Awaitable[T]], doing: str) -> T:
        """Ask until there is an answer: leaders move, and nodes restart."""
        with errors_of(self._settings, doing):
            async with asyncio.timeout(self._settings.patience):
                deadline = time.monotonic() + self._settings.patience
                # The client may swallow the cancellation that a timeout is, so the clock is asked.
                while time.monotonic() < deadline:
                    try:
                        return await ask()
                    except (KafkaError, OSError) as error:
                        if isinstance(error, PERMANENT):
                            raise
                    self._coordinators.clear()
                    self._client.force_metadata_update()
                    await asyncio.sleep(_PAUSE)
                raise TimeoutError

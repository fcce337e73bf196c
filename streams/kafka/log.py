"""The log on Apache Kafka: the port of `streams.log` with one transaction a commit.

A partition's owner holds a transactional id. Events, commands, snapshots, dead letters, reports
and how far the owner is become visible together, when its transaction is committed; a later owner
ends the former one at the broker. Offsets have gaps: each transaction leaves a marker in every
partition that it wrote to.

A commit that raised `LogUnavailable` may have been kept all the same: acquire the partition again,
which settles it, and fold. The lease of such a commit writes no more, so nothing is kept twice.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from aiokafka.structs import TopicPartition

from streams.domain.errors import Fenced, LogError
from streams.kafka.admin import administering
from streams.kafka.connection import KafkaSettings
from streams.kafka.histories import find
from streams.kafka.places import Places
from streams.kafka.reader import Page, Reader
from streams.kafka.snapshots import Kept, mark_record, snapshot_record
from streams.kafka.wire import Wire, encode
from streams.kafka.writer import Offsets, Producer, Writer
from streams.log import EVENTS, INPUTS, Commit, Lease, Record, Recovery, Snapshot
from streams.offsets import assign, check_partition, check_places
from streams.topics import SNAPSHOTS, partition_of, topic

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Owned:
    """A partition that this process writes."""

    lease: Lease
    writer: Writer
    events_end: int
    places: Places = field(default_factory=Places)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    is_read: bool = False  # what the former owner left in `snapshots` is known


class KafkaLog:
    """The port to a log, over the topics of one prefix; make it with `open`."""

    def __init__(self, settings: KafkaSettings, log_id: str, counts: dict[str, int]) -> None:
        self._settings = settings
        self._log_id = log_id
        self._counts = counts
        self._reader = Reader(settings)
        self._tails: dict[tuple[str, int], asyncio.Future[Reader]] = {}
        self._appender: Producer | None = None
        self._opening = asyncio.Lock()
        self._owned: dict[int, _Owned] = {}
        self._kept: dict[int, Kept] = {}
        self._written: dict[tuple[str, int], int] = {}

    @classmethod
    async def open(cls, settings: KafkaSettings) -> "KafkaLog":
        """Connect, and make the topics that are missing.

        Raises:
            LogUnavailable: the broker cannot be reached; the message names it.
            SchemaMismatch: the topics have other numbers of partitions than they must have.
        """
        async with administering(settings) as admin:
            counts = await admin.prepare()
            for difference in await admin.differences(counts):
                _log.warning(difference)
            log_id = f"kafka:{await admin.cluster_id()}:{settings.prefix}"
        log = cls(settings, log_id, counts)
        try:
            await log._reader.start()
        except BaseException:
            await log.close()
            raise
        return log

    @property
    def log_id(self) -> str:
        """The cluster's own id, and the prefix in it."""
        return self._log_id

    @property
    def partitions(self) -> int:
        """The number with which the topics were made."""
        return self._counts[INPUTS]

    @property
    def settings(self) -> KafkaSettings:
        """How the broker is reached."""
        return self._settings

    async def append(self, records: Sequence[Record]) -> list[int]:
        """See `Log.append`. The records of one call lie beside each other in their partition."""
        if not records:
            return []
        check_places(records, self.partitions, None)
        if any(record.offset != -1 for record in records):
            raise LogError("A broker gives the offsets: append records without.")
        await self.make_queues(record.topic for record in records)
        batches, order = self.arranged(records)
        offsets = await (await self._open_appender()).append(batches)
        self._remember(offsets)
        return [offsets[place][index] for place, index in order]

    async def acquire(self, partition: int, owner: str) -> Lease:
        """See `Log.acquire`. It is the broker that ends the former owner."""
        check_partition(partition, self.partitions)
        former = self._owned.pop(partition, None)
        if former is not None:
            await former.writer.close()
        writer = Writer(self._settings, self._settings.named(f"owner-{partition}"))
        await writer.start()
        lease = Lease(partition, owner, writer.epoch)
        try:
            end = await self._reader.end(EVENTS, partition)
        except BaseException:
            await writer.close()
            raise
        self._owned[partition] = _Owned(lease, writer, end)
        return lease

    async def release(self, lease: Lease) -> None:
        """Let go of a partition that another process may own by now."""
        owned = self._owned.get(lease.partition)
        if owned is not None and owned.lease == lease:
            del self._owned[lease.partition]
            await owned.writer.close()

    async def commit(self, lease: Lease, commit: Commit) -> dict[str, int]:
        """See `Log.commit`. A cancelled caller does not stop a commit that has begun."""
        owned = self._owned.get(lease.partition)
        if owned is None or owned.lease != lease:
            raise Fenced
        check_places(commit.records, self.partitions, lease)
        await self.make_queues(record.topic for record in commit.records)
        work = asyncio.ensure_future(self._commit(owned, commit))
        work.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(work)

    async def transfer(
        self,
        writer: Writer,
        records: Sequence[Record],
        group: str,
        place: tuple[str, int],
        following: int,
    ) -> None:
        """Write what came of another topic, together with how far a group has read that one.

        Raises:
            Fenced: a later writer of the same id exists; nothing was written.
        """
        batches, _ = self.arranged(records)
        topic, partition = place
        read = {TopicPartition(self._settings.named(topic), partition): following}
        offsets = await writer.commit(batches, read=(self._settings.named(group), read))
        self._remember(offsets)

    async def read(self, topic: str, partition: int, offset: int, limit: int) -> list[Record]:
        """See `Log.read`."""
        if limit <= 0 or not await self._is_there(topic, partition):
            return []
        known = self._written.get((topic, partition), 0)
        records = await self._reader.read(topic, partition, offset, limit, at_least=known)
        owned = self._owned.get(partition) if topic == EVENTS else None
        if owned is not None:
            for record in records:
                owned.places.note(record, record.offset)
        return records

    async def follow(
        self, topic: str, partition: int, offset: int, limit: int, wait: float
    ) -> Page:
        """As `read`, about so many records, but at the end it waits so many seconds for something
        to come. The answer tells where to go on, behind markers and what was given up."""
        if not await self._is_there(topic, partition):
            await asyncio.sleep(wait)
            return Page([], offset, offset)
        # A request that waits holds up those behind it on its connection.
        tail = self._tails.get((topic, partition))
        if tail is None or (tail.done() and tail.exception() is not None):
            tail = self._tails[topic, partition] = asyncio.ensure_future(self._open_tail())
        reader = await asyncio.shield(tail)
        return await reader.fetch(topic, partition, offset, limit, wait)

    async def end(self, topic: str, partition: int) -> int:
        """See `Log.end`."""
        if not await self._is_there(topic, partition):
            return 0
        known = self._written.get((topic, partition), 0)
        return await self._reader.end(topic, partition, at_least=known)

    async def history(self, partition: int, task_id: str) -> list[Record]:
        """See `Log.history`; how it is found is told in `streams.kafka.histories`."""
        return await find(self, await self._up_to_date(partition), task_id)

    async def recover(self, partition: int) -> Recovery:
        """See `Log.recover`."""
        kept = await self._up_to_date(partition)
        owned = self._owned.get(partition)
        if owned is not None:
            for task_id, snapshot in kept.snapshots.items():
                if snapshot.is_open:
                    owned.places.learn(task_id, kept.places.get(task_id, ""))
        return kept.recovery()

    async def snapshots(self, partition: int, task_ids: Iterable[str]) -> dict[str, Snapshot]:
        """See `Log.snapshots`."""
        kept = await self._up_to_date(partition)
        return {each: kept.snapshots[each] for each in task_ids if each in kept.snapshots}

    async def position(self, consumer: str, topic: str, partition: int) -> int:
        """See `Log.position`: a consumer is a group."""
        return await self._reader.position(consumer, topic, partition)

    async def save_position(self, consumer: str, topic: str, partition: int, offset: int) -> None:
        """See `Log.save_position`."""
        await self._reader.save_position(consumer, topic, partition, offset)

    async def count(self, topic: str) -> int:
        """How many partitions a topic has; 0 if there is none of that name."""
        return self._counts.get(topic, 0) if await self._is_there(topic, 0) else 0

    async def decided(self, partition: int) -> int:
        """The offset of the first input that the owner of a partition has not decided, as far as
        the log tells."""
        return (await self._up_to_date(partition)).mark.position

    async def make_queues(self, names: Iterable[str]) -> None:
        """Make topics that there are not yet: one of commands begins with its first record."""
        unknown = {*names} - self._counts.keys()
        if not unknown:
            return
        try:
            rows = [topic(name) for name in sorted(unknown)]
        except KeyError as error:
            raise LogError(f"There is no topic {error}: the table has none of that name.") from None
        async with administering(self._settings) as admin:
            self._counts |= await admin.prepare(rows)

    def arranged(
        self, records: Sequence[Record]
    ) -> tuple[dict[TopicPartition, list[Wire]], list[tuple[TopicPartition, int]]]:
        """Messages by place, and for each record its place and its index there."""
        batches: dict[TopicPartition, list[Wire]] = {}
        order: list[tuple[TopicPartition, int]] = []
        for record in records:
            place = self._place(record)
            messages = batches.setdefault(place, [])
            order.append((place, len(messages)))
            messages.append(encode(record, self._settings.prefix))
        return batches, order

    async def close(self) -> None:
        """See `Log.close`. What was committed is shown to the next reader at once."""
        for owned in self._owned.values():
            await owned.writer.close()
        self._owned.clear()
        if self._appender is not None:
            await self._appender.close()
        tails = await asyncio.gather(*self._tails.values(), return_exceptions=True)
        for reader in (self._reader, *tails):
            if isinstance(reader, Reader):
                await reader.close()

    async def _commit(self, owned: _Owned, commit: Commit) -> dict[str, int]:
        async with owned.turn:
            await self._compare_events(owned, commit.records)
            kept = await self._up_to_date(owned.lease.partition)
            mark = kept.mark.moved(commit.position, commit.watermark)
            notes = self._notes(owned, kept, commit)
            if mark != kept.mark:
                notes.append(mark_record(mark, owned.lease.partition))
            records = [*commit.records, *notes]
            batches, order = self.arranged(records)
            try:
                offsets = await owned.writer.commit(batches, _stated(records, order))
            except BaseException:
                for record in commit.records:
                    owned.places.forget(record.key)
                if owned.writer.is_over:
                    await self.release(owned.lease)
                raise
            self._remember(offsets)
            for note in notes:
                kept.take(note)
            return self._ends(owned, offsets, commit)

    async def _compare_events(self, owned: _Owned, records: Sequence[Record]) -> None:
        """Only the owner writes events, so a wrong offset is seen before anything is written."""
        events = [record for record in records if record.topic == EVENTS]
        if all(record.offset == -1 for record in events):
            return
        end = await self.end(EVENTS, owned.lease.partition)
        assign(events, lambda _: end)

    def _notes(self, owned: _Owned, kept: Kept, commit: Commit) -> list[Record]:
        """The snapshots of a commit as records, with the places of the events so far."""
        for record in commit.records:
            if record.topic == EVENTS:
                if not owned.places.of(record.key):
                    owned.places.learn(record.key, kept.places.get(record.key, ""))
                owned.places.note(record, owned.events_end)
        notes = []
        for snapshot in commit.snapshots:
            text = owned.places.as_text(snapshot.task_id, snapshot.sequence)
            notes.append(snapshot_record(snapshot, owned.lease.partition, text))
            if not snapshot.is_open:
                owned.places.forget(snapshot.task_id)
        return notes

    def _ends(self, owned: _Owned, offsets: Offsets, commit: Commit) -> dict[str, int]:
        ends: dict[str, int] = {}
        named = {self._settings.named(name): name for name in {r.topic for r in commit.records}}
        for place, found in offsets.items():
            name = named.get(place.topic)
            if name is not None and place.partition == owned.lease.partition:
                ends[name] = found[-1] + 1
        owned.events_end = ends.get(EVENTS, owned.events_end)
        return ends

    def _place(self, record: Record) -> TopicPartition:
        count = self._counts[record.topic]
        partition = record.partition
        if count != self.partitions:
            partition = partition_of(record.key, count)
        elif partition >= count:
            raise LogError(f"There is no {record.topic}/{partition}: it has {count} partitions.")
        return TopicPartition(self._settings.named(record.topic), partition)

    def _remember(self, offsets: Offsets) -> None:
        """So that what was written here is read here, however late the broker shows it."""
        for place, found in offsets.items():
            name = self._settings.own_name(place.topic)
            self._written[name, place.partition] = found[-1] + 1

    async def _up_to_date(self, partition: int) -> Kept:
        kept = self._kept.setdefault(partition, Kept(partition))
        owned = self._owned.get(partition)
        if owned is None or not owned.is_read:
            await kept.catch_up(self._reader, self._written.get((SNAPSHOTS, partition), 0))
            if owned is not None:
                owned.is_read = True
        return kept

    async def _open_tail(self) -> Reader:
        reader = Reader(self._settings)
        await reader.start()
        return reader

    async def _open_appender(self) -> Producer:
        async with self._opening:
            if self._appender is not None and self._appender.is_over:
                await self._appender.close()
                self._appender = None
            if self._appender is None:
                appender = Producer(self._settings)
                await appender.start()
                self._appender = appender
        return self._appender

    async def _is_there(self, name: str, partition: int) -> bool:
        if name not in self._counts:
            async with administering(self._settings) as admin:
                self._counts |= await admin.partitions()
        return partition < self._counts.get(name, 0)


def _stated(
    records: Sequence[Record], order: Sequence[tuple[TopicPartition, int]]
) -> dict[TopicPartition, dict[int, int]]:
    stated: dict[TopicPartition, dict[int, int]] = {}
    for record, (place, index) in zip(records, order, strict=True):
        if record.offset != -1:
            stated.setdefault(place, {})[index] = record.offset
    return stated

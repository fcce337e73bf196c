"""Writes to a broker: whole transactions of one partition's owner, and plain appends of anyone.

An owner's transactional id names its partition, so the broker itself ends the former owner when a
new one begins: what that one still tries is refused, and stays invisible.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.producer import sender
from aiokafka.structs import TopicPartition

from streams.domain.errors import Fenced, LogError
from streams.kafka.connection import KafkaSettings, errors_of, reached
from streams.kafka.wire import Wire
from streams.topics import LARGEST

Batches = Mapping[TopicPartition, Sequence[Wire]]
Offsets = dict[TopicPartition, list[int]]

_BATCH = 512 << 10  # bytes of one batch on the wire; a larger record is a batch of its own
_OVERHEAD = 64 << 10  # bytes left for what the protocol adds to a message
_FAREWELL = 5.0  # seconds that a producer may take to let go
_EPOCH_BITS = 16
# After a transaction the coordinator is busy for some milliseconds. aiokafka then waits 20 ms,
# which was most of the time of a commit under load.
_BUSY = 0.003


class _Misplaced(LogError):
    """A record would not get the offset that it states."""


class Producer:
    """Appends records without a lease, each exactly once."""

    def __init__(self, settings: KafkaSettings, transactional_id: str | None = None) -> None:
        self._settings = settings
        self._producer: Any = None
        self._transactional_id = transactional_id
        self._turn = asyncio.Lock()
        self.is_over = False  # it was fenced, or has failed: it writes no more

    async def start(self) -> None:
        """Connect; with a transactional id, end the former holder and what it left open."""
        self._producer = AIOKafkaProducer(
            **self._settings.arguments(),
            acks="all",
            enable_idempotence=True,
            transactional_id=self._transactional_id,
            transaction_timeout_ms=int(self._settings.patience * 1000),
            compression_type=self._settings.compression,
            max_batch_size=_BATCH,
            max_request_size=2 * LARGEST,
        )
        sender.BACKOFF_OVERRIDE = _BUSY
        try:
            await reached(self._settings, "to write", self._producer.start)
        except BaseException:
            await self.close()
            raise

    async def append(self, batches: Batches) -> Offsets:
        """Write; the offsets when it is durable."""
        _check_sizes(batches)
        try:
            with errors_of(self._settings, "to write"):
                async with asyncio.timeout(self._settings.patience):
                    async with self._turn:
                        written = await self._send(batches)
                    return await _offsets(written)
        except LogError:
            # It has counted messages that the broker did not take: it would be refused for ever.
            self.is_over = True
            raise

    async def close(self) -> None:
        """Let go, even if the broker is not there."""
        producer, self._producer = self._producer, None
        if producer is None:
            return
        with suppress(TimeoutError, KafkaError, OSError):
            async with asyncio.timeout(_FAREWELL):
                await producer.stop()
        await producer.client.close()
        _mark_as_seen(producer)

    async def _send(self, batches: Batches) -> list[tuple[TopicPartition, int, Any]]:
        """Hand over; each answer is a place, a number of records, and a future of their first
        offset."""
        written = []
        for place, messages in batches.items():
            # The client knows all topics when it connects, and with its next look forgets those
            # that it was not told to keep: then a batch would wait for a leader for ever.
            await self._producer.client.add_topic(place.topic)
            for builder, count in self._packed(messages):
                future = await self._producer.send_batch(
                    builder, place.topic, partition=place.partition
                )
                future.add_done_callback(_seen)
                written.append((place, count, future))
        return written

    def _packed(self, messages: Iterable[Wire]) -> Iterable[tuple[Any, int]]:
        builder, count = self._producer.create_batch(), 0
        for key, value, headers in messages:
            while builder.append(timestamp=None, key=key, value=value, headers=headers) is None:
                yield builder, count
                builder, count = self._producer.create_batch(), 0
            count += 1
        builder.close()
        yield builder, count


class Writer(Producer):
    """The writer of one partition, as long as no later one exists."""

    @property
    def epoch(self) -> int:
        """Higher than that of every earlier writer of the same id.

        The broker counts epochs of 16 bits for a producer id, and gives a higher producer id when
        they are used up."""
        producer_id, epoch = self._producer._txn_manager._pid_and_epoch
        return int(producer_id) << _EPOCH_BITS | int(epoch)

    async def commit(
        self,
        batches: Batches,
        expected: Mapping[TopicPartition, Mapping[int, int]] | None = None,
        read: tuple[str, Mapping[TopicPartition, int]] | None = None,
    ) -> Offsets:
        """Write all of it or nothing.

        Args:
            expected: by place, the index of a record and the offset that it must get.
            read: a group, and how far it has read now.

        Raises:
            Fenced: there is a later writer, or this one has failed before: nothing was written.
            LogUnavailable: the broker did not answer. Whether it was written is known when the
                partition is acquired again; this writer writes no more.
        """
        _check_sizes(batches)
        async with self._turn:
            if self.is_over:
                raise Fenced
            try:
                with errors_of(self._settings, "to commit"):
                    async with asyncio.timeout(self._settings.patience):
                        return await self._transact(batches, expected or {}, read)
            except BaseException as error:
                # What was found wrong here left the counting whole; the next one may be better.
                self.is_over = not isinstance(error, _Misplaced)
                raise

    async def _transact(
        self,
        batches: Batches,
        expected: Mapping[TopicPartition, Mapping[int, int]],
        read: tuple[str, Mapping[TopicPartition, int]] | None,
    ) -> Offsets:
        producer = self._producer
        await producer.begin_transaction()
        try:
            offsets = await _offsets(await self._send(batches))
            _compare(offsets, expected)
            if read is not None:
                group, positions = read
                await producer.send_offsets_to_transaction(positions, group)
        except Exception as error:
            self._raise_what_is_fatal(error)
            await producer.abort_transaction()
            raise
        try:
            await producer.commit_transaction()
        except Exception as error:
            self._raise_what_is_fatal(error)
            raise
        return offsets

    def _raise_what_is_fatal(self, symptom: Exception) -> None:
        """When its sender has ended, aiokafka complains about whatever is tried next; the reason
        is with the sender."""
        if not self._producer._txn_manager.is_fatal_error():
            return
        ended = self._producer._sender.sender_task
        reason = ended.exception() if ended.done() and not ended.cancelled() else None
        raise (reason or KafkaError("the producer has failed")) from symptom


def _check_sizes(batches: Batches) -> None:
    """A message that the broker refuses would spoil the producer, so it is refused here.

    Raises:
        LogError: a message is too large; nothing was sent.
    """
    for place, messages in batches.items():
        for key, value, headers in messages:
            size = len(key) + len(value) + sum(len(n) + len(c) for n, c in headers)
            if size > LARGEST - _OVERHEAD:
                raise LogError(
                    f"A message for {place.topic} has a size of {size:,} bytes; at most "
                    f"{LARGEST - _OVERHEAD:,} are taken: keep the value elsewhere and name it."
                )


async def _offsets(written: Sequence[tuple[TopicPartition, int, Any]]) -> Offsets:
    """Wait for all, also if one fails: a transaction must not be committed before."""
    futures = (future for _, _, future in written)
    answers: list[Any] = await asyncio.gather(*futures, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    offsets: Offsets = {}
    for (place, count, _), answer in zip(written, answers, strict=True):
        offsets.setdefault(place, []).extend(range(answer.offset, answer.offset + count))
    return offsets


def _compare(offsets: Offsets, expected: Mapping[TopicPartition, Mapping[int, int]]) -> None:
    for place, stated in expected.items():
        for index, offset in stated.items():
            found = offsets[place][index]
            if found != offset:
                name = f"{place.topic}/{place.partition}"
                raise _Misplaced(f"The next offset of {name} is {found}, not {offset}.")


def _mark_as_seen(producer: Any) -> None:
    """A fenced producer keeps its error in futures that nobody asks; asyncio would complain."""
    transactions = producer._txn_manager
    waiting = [producer._sender.sender_task, transactions._transaction_waiter]
    batches = producer._message_accumulator._batches.values()
    waiting += [batch._drain_waiter for queue in batches for batch in queue]
    for future in waiting:
        if future is not None and future.done():
            _seen(future)


def _seen(future: Any) -> None:
    """Whoever waits for it is told; if nobody does any more, asyncio need not complain."""
    if not future.cancelled():
        future.exception()

"""What the log does only on a broker: fencing by it, histories by their places, honest errors."""

from dataclasses import replace

import pytest
from aiokafka.structs import TopicPartition

from streams.domain.errors import Fenced, LogError, LogUnavailable, SchemaMismatch
from streams.kafka.admin import administering
from streams.kafka.connection import KafkaSettings
from streams.kafka.log import KafkaLog
from streams.log import DEAD_LETTERS, EVENTS, INPUTS, REQUESTS, Commit, Record
from streams.topics import TOPICS
from tests.kafka.cluster import Cluster, fresh
from tests.streams.log_model import an_input, event, snapshot

pytestmark = pytest.mark.kafka


async def test_the_broker_itself_fences_a_former_owner(kafka: str) -> None:
    async with Cluster(fresh(kafka)) as cluster:
        former_log, owner_log = await cluster.open(), await cluster.open()
        former = await former_log.acquire(0, "former")
        await former_log.commit(former, Commit([event()], position=1))
        owner = await owner_log.acquire(0, "owner")

        with pytest.raises(Fenced):
            await former_log.commit(former, Commit([event(), an_input()], [snapshot()], 9, 9))
        with pytest.raises(Fenced):
            await former_log.commit(former, Commit([event()]))

        assert owner.epoch > former.epoch
        await owner_log.commit(owner, Commit([event(value=b"mine")]))
        values = [record.value for record in await owner_log.read(EVENTS, 0, 0, 10)]
        assert values == [b"{}", b"mine"]
        assert await owner_log.read(INPUTS, 0, 0, 10) == []
        recovery = await owner_log.recover(0)
        assert (recovery.position, recovery.snapshots) == (1, [])


async def test_the_next_owner_knows_all_that_was_committed(kafka: str) -> None:
    async with Cluster(fresh(kafka)) as cluster:
        for number in range(1, 6):
            log = await cluster.open()
            lease = await log.acquire(0, "me")
            assert len(await log.read(EVENTS, 0, 0, 99)) == number - 1
            assert (await log.recover(0)).position == number - 1
            await log.commit(lease, Commit([event()], position=number))


async def test_a_history_is_read_from_its_places_alone(
    kafka: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Cluster(fresh(kafka, partitions=1)) as cluster:
        log = await cluster.open()
        lease = await log.acquire(0, "me")

        def numbered(key: str, sequence: int) -> Record:
            return replace(event(key), headers={"type": "x", "sequence": str(sequence)})

        await log.commit(lease, Commit([numbered("old", 1), numbered("old", 2)]))
        for n in range(6):
            others = [numbered(f"{n}-{m}", 1) for m in range(500)]
            await log.commit(lease, Commit(others))
        closing = Commit([numbered("old", 3)], [snapshot("old", 3, None)], watermark=3000)
        await log.commit(lease, closing)
        await log.commit(lease, Commit(watermark=await log.end(EVENTS, 0)))
        asked: list[int] = []
        read = KafkaLog.read

        async def counted(
            self: KafkaLog, topic: str, partition: int, offset: int, limit: int
        ) -> list[Record]:
            found = await read(self, topic, partition, offset, limit)
            asked.append(len(found))
            return found

        monkeypatch.setattr(KafkaLog, "read", counted)
        reader = await cluster.open()
        for found in (await log.history(0, "old"), await reader.history(0, "old")):
            assert [record.headers["sequence"] for record in found] == ["1", "2", "3"]

        assert sum(asked) < 600  # of 3,003 events twice


async def test_a_broker_that_is_not_there_is_named(unused_tcp_port: int) -> None:
    address = f"127.0.0.1:{unused_tcp_port}"

    with pytest.raises(LogUnavailable, match=address):
        await KafkaLog.open(KafkaSettings(address, patience=2.0))


async def test_a_number_of_partitions_never_changes(kafka: str) -> None:
    settings = fresh(kafka, partitions=2)
    async with Cluster(settings):
        with pytest.raises(SchemaMismatch, match="2 partitions, which never changes, not 3"):
            await KafkaLog.open(replace(settings, partitions=3))
        log = await KafkaLog.open(replace(settings, partitions=None))
        assert log.partitions == 2
        await log.close()


async def test_topics_that_belong_together_must_fit(kafka: str) -> None:
    settings = fresh(kafka, partitions=2)
    async with administering(settings) as admin:
        await admin.create([row for row in TOPICS if row.name == INPUTS], 2)
        await admin.create([row for row in TOPICS if row.name == EVENTS], 3)

    with pytest.raises(SchemaMismatch, match=r"events' has 3 partitions and .*inputs' has 2"):
        await KafkaLog.open(settings)


async def test_a_setting_that_loses_history_is_told(kafka: str) -> None:
    settings = fresh(kafka)
    async with administering(settings) as admin:
        (events,) = [row for row in TOPICS if row.name == EVENTS]
        await admin.create([replace(events, retention=1000)], 2)
        await admin.prepare()

        found = await admin.differences(row.name for row in TOPICS)

    assert len(found) == 1
    assert "retention.ms=1000, which should be -1" in found[0]


async def test_topics_as_they_were_made_differ_in_nothing(kafka: str) -> None:
    async with Cluster(fresh(kafka)) as cluster, administering(cluster.settings) as admin:
        assert await admin.differences(row.name for row in TOPICS) == []


async def test_a_topic_with_partitions_of_its_own_is_filled_by_key(kafka: str) -> None:
    settings = fresh(kafka, partitions=2)
    async with administering(settings) as admin:
        await admin.create([row for row in TOPICS if row.name == DEAD_LETTERS], 1)
        await admin.prepare()
    async with Cluster(settings) as cluster:
        letters = [Record(DEAD_LETTERS, n, f"k{n}", b"x") for n in (0, 1, 7)]

        assert await cluster.log.append(letters) == [0, 1, 2]
        found = await cluster.log.read(DEAD_LETTERS, 0, 0, 10)
        assert [record.key for record in found] == ["k0", "k1", "k7"]


async def test_a_message_that_is_too_large_leaves_nothing_and_the_next_commit_works(
    kafka: str,
) -> None:
    async with Cluster(fresh(kafka)) as cluster:
        lease = await cluster.log.acquire(0, "me")
        huge = event(value=b"x" * (9 << 20))

        with pytest.raises(LogError, match="size"):
            await cluster.log.commit(lease, Commit([an_input(), huge]))

        await cluster.log.commit(lease, Commit([event(value=b"small")]))
        found = await cluster.log.read(EVENTS, 0, 0, 10)
        assert [record.value for record in found] == [b"small"]
        assert await cluster.log.read(INPUTS, 0, 0, 10) == []


async def test_a_record_of_an_unknown_topic_is_refused(kafka: str) -> None:
    async with Cluster(fresh(kafka)) as cluster:
        with pytest.raises(LogError, match="nonsense"):
            await cluster.log.append([Record("nonsense", 0, "k", b"v")])


async def test_appended_records_lie_on_the_wire_as_everybody_reads_them(kafka: str) -> None:
    from aiokafka import AIOKafkaConsumer

    async with Cluster(fresh(kafka)) as cluster:
        headers = {"id": "1", "type": "t.v1", "time": "0", "traceparent": "00-x"}
        await cluster.log.append([Record(REQUESTS, 1, "k", b"{}", headers)])

        consumer = AIOKafkaConsumer(bootstrap_servers=kafka)
        await consumer.start()
        place = TopicPartition(cluster.settings.named(REQUESTS), 1)
        consumer.assign([place])
        await consumer.seek_to_beginning(place)
        message = await consumer.getone()
        await consumer.stop()

    assert message.key == b"k"
    assert dict(message.headers)["ce_time"] == b"1970-01-01T00:00:00.000Z"
    assert dict(message.headers)["traceparent"] == b"00-x"

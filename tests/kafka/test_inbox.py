"""The public inbox on a real Kafka: what fits becomes a task, what does not is kept with its
reason."""

import json

import pytest
from aiokafka import AIOKafkaProducer

from streams.clock import wall_clock
from streams.kafka.inbox import Inbox, InboxHolder, task_id_of
from streams.log import DEAD_LETTERS, INPUTS, REQUESTS, Record
from tests.kafka.cluster import SESSION, Cluster, fresh
from tests.kafka.reading import read
from tests.streams.waiting import until

pytestmark = pytest.mark.kafka


async def produce(cluster: Cluster, *bodies: bytes, **more: object) -> None:
    """As an outside client does."""
    producer = AIOKafkaProducer(
        bootstrap_servers=cluster.settings.bootstrap, max_request_size=16_000_000
    )
    await producer.start()
    try:
        for body in bodies:
            await producer.send_and_wait(cluster.settings.named(REQUESTS), body, **more)
    finally:
        await producer.stop()


async def everything(cluster: Cluster, topic: str) -> list[Record]:
    return [
        record
        for partition in range(cluster.log.partitions)
        for record in await cluster.log.read(topic, partition, 0, 10_000)
    ]


async def test_bare_json_from_any_client_becomes_a_task(kafka: str) -> None:
    async with Cluster(fresh(kafka)) as cluster:
        await cluster.work()
        inbox = Inbox(await cluster.open(), read, session=SESSION)
        await inbox.start()

        await produce(cluster, b'{"request": "echo", "task_id": "mine"}')
        await cluster.closed("mine")

        await inbox.stop()
        assert inbox.failure is None


async def test_a_request_without_an_id_gets_one_from_its_place(kafka: str) -> None:
    async with Cluster(fresh(kafka)) as cluster:
        await produce(cluster, b'{"request": "echo"}', partition=1)
        place = Record(REQUESTS, 1, "", b"", offset=0)
        expected = task_id_of(cluster.log.log_id, place)

        for _ in range(2):
            holder = InboxHolder(cluster.log, 1, read, wall_clock)
            await holder.take_over()
            records = await cluster.log.read(REQUESTS, 1, 0, 10)
            holder.position = 0  # as if the group had forgotten where it was
            await holder.handle(records)
            await holder.let_go()

        found = await everything(cluster, INPUTS)
        assert [record.key for record in found] == [expected, expected]


POISON = {
    "is not JSON": b"{not json",
    "/request": b'{"request": 7}',
    "/preferences/channels": b'{"request": "x", "preferences": {"channels": 5}}',
    "is not UTF-8": b'{"request": "\xff\xfe"}',
    "at most": json.dumps({"request": "x" * 5_000_000}).encode(),
    "must be a JSON object": b"[]",
}


async def test_what_does_not_fit_is_kept_byte_for_byte_with_its_reason(kafka: str) -> None:
    async with Cluster(fresh(kafka)) as cluster:
        inbox = Inbox(await cluster.open(), read, session=SESSION)
        await inbox.start()

        headers = [("who", b"me"), ("odd", b"\xff")]
        await produce(cluster, *POISON.values(), key=b"k\xff", headers=headers)

        async def are_kept() -> bool:
            return len(await everything(cluster, DEAD_LETTERS)) == len(POISON)

        await until(are_kept)
        await inbox.stop()
        letters = {record.value: record for record in await everything(cluster, DEAD_LETTERS)}
        for reason, body in POISON.items():
            letter = letters[body]
            assert reason in letter.headers["reason"]
            assert letter.headers["origintopic"] == REQUESTS
            assert letter.headers["original-who"] == "me"
            assert letter.headers["original-odd"] == "\\xff"
            assert letter.key == "k\\xff"
        assert letters[POISON["/request"]].headers["pointer"] == "/request"
        assert await everything(cluster, INPUTS) == []


async def test_a_message_leads_to_one_input_though_its_reader_is_followed_by_another(
    kafka: str,
) -> None:
    async with Cluster(fresh(kafka, partitions=1)) as cluster:
        bodies = [json.dumps({"request": "echo", "task_id": f"t-{n}"}).encode() for n in range(4)]
        await produce(cluster, *bodies)
        records = await cluster.log.read(REQUESTS, 0, 0, 10)
        former = InboxHolder(await cluster.open(), 0, read, wall_clock)
        await former.take_over()
        await former.handle(records[:2])
        follower = InboxHolder(cluster.log, 0, read, wall_clock)
        await follower.take_over()

        with pytest.raises(Exception, match="Another writer"):
            await former.handle(records)
        await follower.handle(records)

        assert follower.position == 4
        found = [record.key for record in await everything(cluster, INPUTS)]
        assert found == ["t-0", "t-1", "t-2", "t-3"]
        await former.let_go()
        await follower.let_go()

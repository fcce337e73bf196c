"""What lies on a real broker after some tasks is what the AsyncAPI document says of each topic."""

import json
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.structs import TopicPartition
from jsonschema import Draft7Validator

from streams.asyncapi import describe
from streams.domain.values import Json
from streams.kafka.inbox import Inbox
from streams.log import COMMANDS, REQUESTS
from streams.topics import TOPICS
from tests.kafka.cluster import SESSION, Cluster, fresh
from tests.kafka.reading import read

pytestmark = pytest.mark.kafka

BAD = b"no JSON"


def fits(document: Json, channel: str, message: Any) -> bool:
    """Whether a message is one of those that are described for the channel."""
    headers = {name: content.decode() for name, content in message.headers}
    found = document["channels"][channel]["messages"]
    described = [document["components"]["messages"][name] for name in found]
    return any(
        _is_valid(document, each.get("headers", {}), headers)
        and (not each["payload"] or _is_valid(document, each["payload"], json.loads(message.value)))
        for each in described
    )


def _is_valid(document: Json, schema: Json, found: Any) -> bool:
    whole = {"allOf": [schema], "components": document["components"]}
    return Draft7Validator(whole).is_valid(found)


async def everything(consumer: AIOKafkaConsumer, address: str, partitions: int) -> list[Any]:
    """All messages of a topic."""
    places = [TopicPartition(address, n) for n in range(partitions)]
    consumer.assign(places)
    await consumer.seek_to_beginning(*places)
    ends = await consumer.end_offsets(places)
    found: list[Any] = []
    while any([await consumer.position(place) < ends[place] for place in places]):
        for messages in (await consumer.getmany(timeout_ms=200)).values():
            found += messages
    return found


async def two_requests(cluster: Cluster) -> None:
    """One that cannot be read, and one that goes its whole way."""
    producer = AIOKafkaProducer(bootstrap_servers=cluster.settings.bootstrap)
    inbox = Inbox(cluster.log, read, session=SESSION)
    await producer.start()
    await inbox.start()
    await cluster.work()
    good = json.dumps({"request": "echo", "task_id": "task-1"}).encode()
    for body in (BAD, good):  # read in order: with the task's end both were read
        await producer.send_and_wait(cluster.settings.named(REQUESTS), body, partition=0)
    await cluster.closed("task-1")
    await producer.stop()
    await inbox.stop()


async def all_topics(cluster: Cluster) -> list[tuple[str, Any]]:
    """All messages with the channels that they are on."""
    settings = cluster.settings
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.bootstrap, isolation_level="read_committed"
    )
    await consumer.start()
    try:
        queues = settings.named(COMMANDS)
        there = {name: "commands" for name in await consumer.topics() if name.startswith(queues)}
        there |= {settings.named(row.name): row.name for row in TOPICS}
        return [
            (channel, message)
            for address, channel in there.items()
            for message in await everything(consumer, address, cluster.log.partitions)
        ]
    finally:
        await consumer.stop()


async def test_every_message_that_a_cluster_leaves_is_described(kafka: str) -> None:
    async with Cluster(fresh(kafka)) as cluster:
        document = describe(cluster.settings, "1")
        await two_requests(cluster)
        found = await all_topics(cluster)

    written = [(on, each) for on, each in found if (on, each.value) != (REQUESTS, BAD)]
    assert [each for on, each in written if not fits(document, on, each)] == []
    filled = {channel for channel, _ in written}
    assert filled >= {"requests", "inputs", "events", "snapshots", "dead-letters", "commands"}

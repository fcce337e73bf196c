"""The cluster form on one command: a broker, its topics, a Faust worker with the built-in agents,
one request from a plain Kafka client, a decision, and what then lies on each topic.

`python -m tests.kafka.demo`; a broker given by ORCHESTRATOR_TEST_KAFKA is used instead of one of
its own. Everything is stopped and removed at the end, but for topics on a broker that was given.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaProducer

from api.app import create_app
from api.bootstrap import Parts
from api.cluster.health import until_ready
from api.cluster.parts import opened, serving, working
from api.settings import Settings
from api.verbs.common import counted, quiet
from streams.domain.state import TaskState
from streams.kafka.log import KafkaLog
from streams.log import COMMANDS, REQUESTS, Record
from streams.topics import TOPICS
from tests.kafka.broker import GIVEN, bootstrap
from tests.kafka.install import Missing

REQUEST = {
    "request": "Create a LinkedIn post about our Q4 growth metrics",
    "task_id": "demo",
    "business_metrics": {
        "revenue_monthly": 150_000,
        "traffic_monthly": 25_000,
        "conversion_rate": 0.034,
        "customer_count": 320,
    },
    "preferences": {"tone": "professional", "channels": ["linkedin"]},
}
TASK = "/api/orchestrator/status/demo"
PATIENCE = 60.0  # seconds that the task may take
MOST = 100_000  # records counted in one partition
WIDTH = 100
TOLD = {
    "request_submitted.v1": "taken in",
    "phase_started.v1": "begins",
    "phase_skipped.v1": "is not needed",
    "approval_requested.v1": "waits for a human",
    "approval_decided.v1": "decided",
    "publication_completed.v1": "published (dry run: nothing leaves this machine)",
    "task_closed.v1": "closed",
}


def say(text: str = "") -> None:
    """Print at once, so that whoever watches sees it happen."""
    print(text, flush=True)


async def produce(settings: Settings, topic: str) -> None:
    """As any Kafka client does: bare JSON onto the topic, without a library of ours."""
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka)
    await producer.start()
    try:
        await producer.send_and_wait(topic, json.dumps(REQUEST).encode())
    finally:
        await producer.stop()


def follow(parts: Parts) -> None:
    """Print what happens to the task, as the events become visible."""
    begun = time.monotonic()

    def tell(records: Sequence[Record], _: Mapping[str, TaskState]) -> None:
        for record in records:
            words = TOLD.get(record.headers["type"])
            if words is not None:
                name = json.loads(record.value).get("phase", "")
                say(f"  {time.monotonic() - begun:6.2f} s  {name + ' ' if name else ''}{words}")

    parts.core.listen(tell)


async def until(http: httpx.AsyncClient, is_there: Any) -> dict[str, Any]:
    """The status of the task, once it is as wanted."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await http.get(TASK, params={"wait": 5})
            if answer.status_code == 200 and is_there(answer.json()):
                return dict(answer.json())
            await asyncio.sleep(0.05)


async def decide(http: httpx.AsyncClient) -> None:
    """From the request to the published deliverable."""
    waiting = await until(http, lambda status: status["status"] == "pending_approval")
    document = (await http.get("/api/orchestrator/approval/demo")).json()
    say(f"\nWhat is shown for approval, quality {waiting['quality_score']:.3f}:\n")
    say(
        "\n".join(
            f"    {line}".rstrip() for line in document["main_content"]["content"].splitlines()
        )
    )
    say("\nApproved by POST /api/orchestrator/approve:")
    decision = {"task_id": "demo", "approved": True, "round": waiting["approval_round"]}
    answer = await http.post("/api/orchestrator/approve", json=decision)
    answer.raise_for_status()
    ended = await until(http, lambda status: status["outcome"] is not None)
    say(f"\nOutcome {ended['outcome']}, {ended['duration']:.1f} s from request to end.")


async def show_topics(log: KafkaLog) -> None:
    """What lies on each topic: how much, and the oldest of it."""
    async with asyncio.timeout(PATIENCE):
        names = sorted(await known(log))
        say(f"\nWhat lies on the broker now, in {log.partitions} partitions each:\n")
        for name in names:
            records = [
                record
                for number in range(await log.count(name))
                for record in await log.read(name, number, 0, MOST)
            ]
            say(f"  {log.settings.named(name):<36} {counted(len(records), 'record'):>10}")
            if records:
                first = next((r for r in records if "type" in r.headers), records[0])
                kind = first.headers.get("type", "bare JSON")
                value = " ".join(first.value.decode(errors="replace").split())
                say(f"    {first.key or '(no key)'}  {kind}  {value}"[:WIDTH])


async def known(log: KafkaLog) -> set[str]:
    """The topics of the table and the queues that there are."""
    from streams.kafka.admin import administering

    async with administering(log.settings) as admin:
        there = await admin.partitions()
    return {row.name for row in TOPICS} | {name for name in there if name.startswith(COMMANDS)}


@asynccontextmanager
async def client(parts: Parts) -> AsyncIterator[httpx.AsyncClient]:
    """The API, asked in this process."""
    transport = httpx.ASGITransport(create_app(parts))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://localhost", timeout=PATIENCE
    ) as http:
        yield http


async def demonstrate(settings: Settings) -> None:
    """The whole story on a broker that is there."""
    quiet(settings)
    async with opened(settings) as log:
        topic = log.settings.named(REQUESTS)
        say(f"Topics with the prefix {settings.kafka_prefix!r} are there; a Faust worker joins.")
        async with working(settings) as crew, serving(settings) as parts, client(parts) as http:
            await until_ready(crew)
            follow(parts)
            say(f"A plain Kafka client produces bare JSON onto {topic}:\n")
            say(f"  {json.dumps(REQUEST)[: WIDTH - 3]}…\n")
            await produce(settings, topic)
            await decide(http)
            if crew.failure is not None:
                raise crew.failure
        await show_topics(log)


def main() -> int:
    """Run the demonstration; the answer is the exit code."""
    prefix = f"orchestrator-demo-{os.getpid()}." if os.environ.get(GIVEN) else "orchestrator."
    try:
        say("Starting Apache Kafka …")
        with bootstrap() as address, tempfile.TemporaryDirectory() as directory:
            say(f"Apache Kafka answers at {address}.")
            data = Path(directory)
            asyncio.run(demonstrate(Settings(data=data, kafka=address, kafka_prefix=prefix)))
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    say("\nEverything is stopped again. The same by hand: orchestrator up --kafka HOST:PORT")
    return 0


if __name__ == "__main__":
    sys.exit(main())

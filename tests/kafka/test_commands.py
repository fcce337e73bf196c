"""The command queue of a cluster: claims at several servers, and agents that use a Kafka client."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from agents.echo import echo_agents
from streams.clock import wall_clock
from streams.kafka.connection import KafkaSettings
from tests.kafka.cluster import fresh
from tests.kafka.serving import served, worked
from tests.streams.waiting import until

pytestmark = pytest.mark.kafka
QUEUE = "/api/commands/"
LOOK = {"agent_type": "weather", "action": "look", "payload": {"city": "Rome"}}


async def test_a_command_is_handed_out_once_whichever_server_is_asked(
    kafka: str, tmp_path: Path
) -> None:
    broker = fresh(kafka, partitions=2)
    async with (
        worked(broker, tmp_path / "w", echo_agents()),
        served(broker, tmp_path / "a") as one,
        served(broker, tmp_path / "b") as other,
    ):
        made = [(await one.post(QUEUE, json=LOOK)).json()["command_id"] for _ in range(8)]
        held: list[Any] = []
        while len(held) < len(made):
            # Each server offers the best first, so they try to hand out the same.
            answers = await asyncio.gather(
                *(claim(http, f"p{n}") for n, http in enumerate((one, other, one, other)))
            )
            held += [item for items in answers for item in items]
        reports = [
            await other.patch(
                f"{QUEUE}{item['command_id']}/result",
                json={"agent": item["lease"]["runner"], "attempt": 1, "output": {"sky": "blue"}},
            )
            for item in held
        ]
        late = await one.patch(
            f"{QUEUE}{made[0]}/result", json={"agent": "stranger", "output": {"sky": "red"}}
        )
        shown = (await one.get(QUEUE + made[0])).json()

    assert sorted(item["command_id"] for item in held) == sorted(made)
    assert {report.status_code for report in reports} == {200}
    assert late.status_code == 409
    assert shown["result"] == {"sky": "blue"}


async def claim(http: httpx.AsyncClient, agent: str) -> list[Any]:
    """What a server hands to an agent, which waits a little for it."""
    body = {"agent": agent, "agent_types": ["weather"], "limit": 2}
    answer = await http.post(f"{QUEUE}claim", json=body, headers={"Prefer": "wait=1"})
    items: list[Any] = answer.json()["items"]
    return items


@pytest.mark.skipif(shutil.which("kcat") is None, reason="there is no kcat here")
async def test_an_agent_may_consume_its_topic_and_report_by_http_or_by_a_message(
    kafka: str, tmp_path: Path
) -> None:
    broker = fresh(kafka, partitions=2)
    async with (
        worked(broker, tmp_path / "w", echo_agents()),
        served(broker, tmp_path / "a") as http,
    ):
        by_http = (await http.post(QUEUE, json=LOOK)).json()["command_id"]
        by_message = (await http.post(QUEUE, json=LOOK)).json()["command_id"]

        commands = await asyncio.to_thread(consume, broker, 2)
        told = await http.patch(f"{QUEUE}{by_http}/result", json={"output": {"sky": "blue"}})
        await asyncio.to_thread(produce, broker, commands[by_message])

        async def is_done() -> bool:
            return bool((await http.get(QUEUE + by_message)).json()["status"] == "completed")

        await until(is_done)
        shown = (await http.get(QUEUE + by_message)).json()

    assert set(commands) == {by_http, by_message}
    assert commands[by_http]["payload"] == {"city": "Rome"}
    assert told.json()["status"] == "completed"
    assert shown["result"] == {"sky": "grey"}
    assert shown["attempts"][0]["runner"] == "weather-1"


def consume(broker: KafkaSettings, number: int) -> dict[str, Any]:
    """So many commands, read as the page about agents shows it."""
    ran = subprocess.run(
        [
            "kcat", "-b", broker.bootstrap, "-X", "isolation.level=read_committed",
            "-C", "-t", f"{broker.prefix}commands.weather", "-o", "beginning", "-e", "-q",
        ],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(found) == number
    return {command["command_id"]: command for command in found}


def produce(broker: KafkaSettings, command: Any) -> None:
    """A report, as the page about agents shows it."""
    report = {
        "type": "report_result.v1",
        "input_id": f"weather-1-{command['command_id']}-1",
        "task_id": command["task_id"],
        "at": wall_clock(),
        "salt": "0123456789abcdef0123456789abcdef",
        "principal": "weather-1",
        "command_id": command["command_id"],
        "attempt": command["attempt"],
        "runner": "weather-1",
        "output": {"sky": "grey"},
    }
    subprocess.run(
        [
            "kcat", "-P", "-b", broker.bootstrap, "-t", f"{broker.prefix}inputs",
            "-k", command["task_id"], "-X", "topic.partitioner=murmur2_random",
        ],
        input=json.dumps(report), text=True, check=True, timeout=60,
    )  # fmt: skip

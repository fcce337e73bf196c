"""`topics`: what lies on a broker, and making what is missing."""

from typing import Any

import click

from api.settings import Settings
from api.verbs import common


@click.group(epilog=common.examples("orchestrator topics list --kafka localhost:9092"))
def topics() -> None:
    """The topics on Apache Kafka."""


@topics.command("list", epilog=common.examples("orchestrator topics list --json"))
@common.as_json
@common.where
def list_topics(is_json: bool, settings: Settings) -> int:
    """The topics, what each is for, and what is not as it should be. Exit code 1 then."""
    return common.wait_for(_topics(settings, is_json, is_created=False))


@topics.command(
    "create",
    epilog=common.examples(
        "ORCHESTRATOR_KAFKA_PARTITIONS=32 orchestrator topics create --kafka localhost:9092"
    ),
)
@common.as_json
@common.where
def create(is_json: bool, settings: Settings) -> int:
    """Make the topics that are missing, also the queues of the built-in agents; those that are
    there stay as they are."""
    return common.wait_for(_topics(settings, is_json, is_created=True))


async def _topics(settings: Settings, is_json: bool, *, is_created: bool) -> int:
    from api.bootstrap import own_agents
    from api.cluster.broker import SHORT, broker_of
    from streams.kafka.admin import administering
    from streams.log import COMMANDS
    from streams.topics import TOPICS, commands_topic, topic

    broker = broker_of(settings, SHORT)
    async with administering(broker) as admin:
        rows = [*TOPICS, *(commands_topic(each.agent_type) for each in own_agents(settings))]
        there = await admin.prepare(rows) if is_created else await admin.partitions()
        known = {row.name for row in TOPICS}
        ours = {n: c for n, c in there.items() if n in known or n.startswith(COMMANDS)}
        wrong = await admin.differences(ours)
    missing = sorted(known - ours.keys())
    shown = [
        {
            "topic": broker.named(name),
            "partitions": count,
            "cleanup": topic(name).cleanup,
            "retention_ms": topic(name).retention,
            "key": topic(name).key,
            "purpose": topic(name).purpose,
        }
        for name, count in sorted(ours.items())
    ]
    found = {"topics": shown, "missing": [broker.named(n) for n in missing], "differences": wrong}
    if is_json:
        common.show_json(found)
    else:
        _tell(found)
    return 1 if missing or wrong else 0


def _tell(found: dict[str, Any]) -> None:
    for row in found["topics"]:
        kept = (
            "for ever" if row["retention_ms"] < 0 else f"{row['retention_ms'] // 86_400_000} days"
        )
        count = common.counted(row["partitions"], "partition")
        kind = f"{row['cleanup']}, {kept}"
        click.echo(f"{row['topic']:<36} {count:>14}  {kind:<18}")
        click.echo(click.style(f"    {row['purpose']} Key: {row['key']}.", dim=True))
    for name in found["missing"]:
        click.echo(click.style(f"{name} is missing: `orchestrator topics create`", fg="red"))
    for difference in found["differences"]:
        click.echo(click.style(difference, fg="yellow"))

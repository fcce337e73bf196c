"""The interface on a broker as an AsyncAPI 3.0 document: topics, what lies on them, who reads and
who writes.

It is made from the table of topics and the models of the messages; nothing in it is kept by hand
but the sentences.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from streams.domain.commands import AGENT_OF_KIND
from streams.domain.values import Json
from streams.kafka.connection import KafkaSettings
from streams.kafka.inbox import GROUP as INBOX
from streams.kafka.queues import group_of
from streams.log import COMMANDS, DEAD_LETTERS, EVENTS, INPUTS, REQUESTS
from streams.messages import Message, messages
from streams.shell import GROUP as WORKERS
from streams.topics import CONVERSATIONS, SNAPSHOTS, TOPICS, Spread, Topic, commands_topic
from streams.worker import GROUP as FAUST_WORKERS

VERSION = "3.0.0"  # of AsyncAPI
_BINDING = "0.5.0"  # of its words for Kafka
_AGENT = "agent"  # the variable part of a queue's name
_QUEUES = "commands"
_MEDIA_TYPE = "application/json"

DESCRIPTION = """Requests in plain language go through nine phases to an approved deliverable.

**Anyone with a Kafka client** produces bare JSON onto `requests` and reads `events`; all other
topics belong to the parts of the system. Messages that the system writes are CloudEvents 1.0 in
Kafka's binary mode: attributes as `ce_*` headers, the data alone as the value. Read with
`isolation.level=read_committed`: what a transaction has left open or taken back is not there.
Events of one task have one key, so they lie in one partition, in order."""


@dataclass(frozen=True, slots=True)
class _Operation:
    """What the system does with a topic; `groups` are the consumer groups that do it."""

    channel: str
    action: str
    summary: str
    groups: tuple[str, ...] = ()


_OPERATIONS: Mapping[str, _Operation] = MappingProxyType(
    {
        "takeRequest": _Operation(
            REQUESTS, "receive", "The inbox reads what anyone asks for.", (INBOX,)
        ),
        "takeInput": _Operation(
            INPUTS,
            "receive",
            "Workers decide; a partition has one owner at a time.",
            (FAUST_WORKERS, WORKERS),
        ),
        "handInputIn": _Operation(
            INPUTS, "send", "The inbox, the API, agents and timers tell a task something."
        ),
        "keepEvent": _Operation(
            EVENTS, "send", "What was decided, in one transaction with the commands it leads to."
        ),
        "keepSnapshot": _Operation(SNAPSHOTS, "send", "In the transaction of the events."),
        "recallSnapshot": _Operation(
            SNAPSHOTS, "receive", "By the new owner of a partition, without a group."
        ),
        "askAgent": _Operation(_QUEUES, "send", "Work for an agent, in the transaction it is due."),
        "workOnCommand": _Operation(
            _QUEUES, "receive", "Agents of a type share its queue.", (group_of(f"{{{_AGENT}}}"),)
        ),
        "keepSaying": _Operation(
            CONVERSATIONS, "send", "Each word of a chat, sealed, before anyone is told."
        ),
        "recallSayings": _Operation(
            CONVERSATIONS, "receive", "By each server of the API for itself, without a group."
        ),
        "setAside": _Operation(DEAD_LETTERS, "send", "What cannot be read is kept, never dropped."),
    }
)

_EXAMPLES: Mapping[str, Sequence[Json]] = MappingProxyType(
    {
        "Request": (
            {"name": "smallest", "payload": {"request": "Write a post about our new office"}},
            {
                "name": "post",
                "headers": {"idempotency-key": "q4-post"},
                "payload": {
                    "request": "Create a LinkedIn post about our Q4 growth metrics",
                    "business_metrics": {"revenue_monthly": 150000, "conversion_rate": 0.045},
                    "preferences": {"tone": "professional", "channels": ["linkedin"]},
                },
            },
        ),
        "DecideApproval": (
            {
                "name": "yes",
                "payload": {
                    "type": "decide_approval.v1",
                    "input_id": "018f2e9a",
                    "task_id": "q4-post",
                    "at": 1767225600000,
                    "salt": "0123456789abcdef0123456789abcdef",
                    "principal": "ann",
                    "round": 1,
                    "is_approved": True,
                    "channels": ["linkedin"],
                },
            },
        ),
        "Command": (
            {
                "name": "format",
                "payload": {
                    "command_id": "q4-post.7",
                    "task_id": "q4-post",
                    "kind": "Format",
                    "phase": "FORMATTING",
                    "agent_type": "content",
                    "timeout": 60000,
                    "issued_at": 1767225600000,
                },
            },
        ),
    }
)


def describe(settings: KafkaSettings, version: str) -> Json:
    """The document for one broker and prefix.

    Args:
        settings: addresses, prefix, encryption, and the number of partitions if it is known.
        version: of the application.
    """
    lying, schemas = messages()
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "Intelligent Orchestrator",
            "version": version,
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": _MEDIA_TYPE,
        "servers": _servers(settings),
        "channels": _channels(settings, lying),
        "operations": {name: _operation(settings, each) for name, each in _OPERATIONS.items()},
        "components": {
            "messages": {
                each.name: _message(each, row.key)
                for row in _rows()
                for each in lying.get(row.name, ())
            },
            "schemas": schemas,
        },
    }


def _rows() -> tuple[Topic, ...]:
    """All topics; one row stands for the queues of all agents."""
    return (*TOPICS, commands_topic(""))


def _channel_of(row: Topic) -> str:
    return _QUEUES if row.name == COMMANDS else row.name


def _servers(settings: KafkaSettings) -> Json:
    protocol = "kafka-secure" if settings.security.endswith("SSL") else "kafka"
    brokers = enumerate(settings.bootstrap.split(","), 1)
    return {f"kafka{n}": {"host": address, "protocol": protocol} for n, address in brokers}


def _channels(settings: KafkaSettings, lying: Mapping[str, Sequence[Message]]) -> Json:
    found: Json = {}
    for row in _rows():
        is_queue = row.name == COMMANDS
        name = settings.named(row.name) + (f"{{{_AGENT}}}" if is_queue else "")
        channel: Json = {
            "address": name,
            "description": row.purpose if not is_queue else "The work queue of one type of agents.",
            "messages": {
                each.name: {"$ref": f"#/components/messages/{each.name}"}
                for each in lying.get(row.name, ())
            },
            "bindings": {"kafka": _topic(settings, row, name)},
        }
        if is_queue:
            agents = sorted(set(AGENT_OF_KIND.values()))
            channel["parameters"] = {_AGENT: {"description": "the type", "examples": agents}}
        found[_channel_of(row)] = channel
    return found


def _topic(settings: KafkaSettings, row: Topic, name: str) -> Json:
    """How Kafka keeps it."""
    configuration = row.configuration
    kept: dict[str, Any] = {"cleanup.policy": configuration["cleanup.policy"].split(",")}
    kept |= {
        setting: int(configuration[setting])
        for setting in ("retention.ms", "retention.bytes", "max.message.bytes")
    }
    binding: Json = {"topic": name, "replicas": settings.replication, "topicConfiguration": kept}
    if settings.partitions is not None and row.spread is Spread.FIXED:
        binding["partitions"] = settings.partitions
    return binding | {"bindingVersion": _BINDING}


def _operation(settings: KafkaSettings, operation: _Operation) -> Json:
    described: Json = {
        "action": operation.action,
        "channel": {"$ref": f"#/channels/{operation.channel}"},
        "summary": operation.summary,
    }
    if operation.groups:
        groups = [settings.prefix + group for group in operation.groups]
        is_varying = any("{" in group for group in groups)
        group: Json = {"type": "string", "examples" if is_varying else "enum": groups}
        described["bindings"] = {"kafka": {"groupId": group, "bindingVersion": _BINDING}}
    return described


def _message(message: Message, key: str) -> Json:
    described: Json = {
        "name": message.name,
        "summary": message.summary,
        "payload": message.payload,
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": key},
                "bindingVersion": _BINDING,
            }
        },
    }
    if message.headers:
        described["headers"] = message.headers
    if message.content_type:
        described["contentType"] = message.content_type
    if message.correlation:
        location = f"$message.header#/{message.correlation}"
        described["correlationId"] = {"location": location}
    if examples := _EXAMPLES.get(message.name):
        described["examples"] = [*examples]
    return described

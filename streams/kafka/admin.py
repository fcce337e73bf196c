"""Topics on the broker: makes those that are missing, and tells how the others differ from the
table."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code

from streams.domain.errors import LogError, LogUnavailable, SchemaMismatch
from streams.kafka.connection import KafkaSettings, errors_of, reached
from streams.log import INPUTS
from streams.topics import TOPICS, Spread, Topic

NEW_PARTITIONS = 4  # of a log for which nobody has said how many
_PAUSE = 0.05  # seconds between looks for a topic that was just made
# A topic that only keeps more than it must is no trouble; these decide what is lost.
_CHECKED = ("cleanup.policy", "retention.ms", "retention.bytes", "max.message.bytes")


class Admin:
    """The broker's topics; get one with `administering`."""

    def __init__(self, settings: KafkaSettings, client: Any) -> None:
        self._settings = settings
        self._client = client

    async def cluster_id(self) -> str:
        """The name that the cluster gave itself when it was made."""
        with errors_of(self._settings, "to ask for its id"):
            return str((await self._client.describe_cluster())["cluster_id"])

    async def partitions(self) -> dict[str, int]:
        """How many partitions each of our topics has, by its name without the prefix."""
        prefix = self._settings.prefix
        with errors_of(self._settings, "to list topics"):
            found = await self._client.describe_topics()
        return {
            self._settings.own_name(each["topic"]): len(each["partitions"])
            for each in found
            if each["topic"].startswith(prefix) and not each["error_code"]
        }

    async def prepare(self, rows: Sequence[Topic] = TOPICS) -> dict[str, int]:
        """Make the topics that are missing; the answer is how many partitions each has.

        Raises:
            SchemaMismatch: topics that must have the same number of partitions have not.
        """
        there = await self.partitions()
        wanted = there.get(INPUTS) or self._settings.partitions or NEW_PARTITIONS
        missing = [row for row in rows if row.name not in there]
        if missing:
            await self.create(missing, wanted)
            there = await self._seen({row.name for row in missing})
        self._compare_partitions(there, wanted)
        return there

    async def create(self, rows: Iterable[Topic], partitions: int) -> None:
        """Make topics; one that another process makes at the same moment is as good."""
        replication = self._settings.replication
        in_sync = {"min.insync.replicas": str(self._settings.in_sync)}
        new = [
            NewTopic(
                self._settings.named(row.name),
                partitions,
                replication,
                topic_configs={**row.configuration, **in_sync},
            )
            for row in rows
        ]
        with errors_of(self._settings, "to create topics"):
            answer = await self._client.create_topics(new)
        for name, code, *said in answer.topic_errors:
            error = for_code(code)
            if code and error is not TopicAlreadyExistsError:
                reason = (said[0] if said else None) or error.description
                raise LogError(f"Kafka did not make the topic {name!r}: {reason}")

    async def delete(self, names: Iterable[str]) -> None:
        """Take topics away with all that is in them."""
        with errors_of(self._settings, "to delete topics"):
            await self._client.delete_topics([self._settings.named(name) for name in names])

    async def differences(self, names: Iterable[str]) -> list[str]:
        """One sentence for each setting of a topic that is not as the table says."""
        wanted = set(names)
        rows = {self._settings.named(row.name): row for row in TOPICS if row.name in wanted}
        asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in rows]
        with errors_of(self._settings, "to look at its topics"):
            answers = await self._client.describe_configs(asked)
        found: list[str] = []
        for answer in answers:
            for _, _, _, name, entries in answer.resources:
                there = {entry[0]: entry[1] for entry in entries}
                found += _different(name, rows[name].configuration, there)
        return found

    async def _seen(self, names: set[str]) -> dict[str, int]:
        """A topic that was just made takes a moment to be known."""
        try:
            async with asyncio.timeout(self._settings.patience):
                there = await self.partitions()
                while not names <= there.keys():
                    await asyncio.sleep(_PAUSE)
                    there = await self.partitions()
                return there
        except TimeoutError:
            raise LogUnavailable(f"Kafka does not show the topics {sorted(names)}") from None

    def _compare_partitions(self, there: Mapping[str, int], wanted: int) -> None:
        asked = self._settings.partitions
        if asked is not None and asked != wanted:
            raise SchemaMismatch(
                f"{self._settings.named(INPUTS)!r} has {wanted} partitions, which never changes, "
                f"not {asked}: leave the number out, or choose another prefix"
            )
        for row in TOPICS:
            if row.spread is Spread.FIXED and there.get(row.name, wanted) != wanted:
                raise SchemaMismatch(
                    f"{self._settings.named(row.name)!r} has {there[row.name]} partitions and "
                    f"{self._settings.named(INPUTS)!r} has {wanted}: they must have the same "
                    "number for ever; copy them to topics that have"
                )


@asynccontextmanager
async def administering(settings: KafkaSettings) -> AsyncIterator[Admin]:
    """Connect for a while.

    Raises:
        LogUnavailable: the broker cannot be reached.
    """
    client = AIOKafkaAdminClient(**settings.arguments())
    try:
        await reached(settings, "to look at its topics", client.start)
        yield Admin(settings, client)
    finally:
        await client.close()


def _different(name: str, wanted: Mapping[str, str], there: Mapping[str, str]) -> list[str]:
    return [
        f"{name!r} has {setting}={there.get(setting)}, which should be {wanted[setting]}: change "
        "it with kafka-configs --alter, or what is promised about this topic does not hold"
        for setting in _CHECKED
        if there.get(setting) != wanted[setting]
    ]
